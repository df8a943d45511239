"""The worlds in which a template may be deployed: which of its conditions hold together.

A condition compares parameters with texts. Each parameter has one of the texts that it is compared with, or another
one, so that conditions that exclude each other never hold in one world.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping
from typing import Any

World = Mapping[str, bool]
"""Which conditions hold, by name."""

_WORLDS_MOST = 16
"""How many worlds are judged at most: each branch of each condition stands in one of the first of them."""
_CASES_MOST = 512
_OTHER = "\0other"


def used(value: Any) -> Iterator[str]:
    """Yield the names of the conditions that a value depends on."""
    if isinstance(value, dict):
        chosen = value.get("Fn::If")
        if isinstance(chosen, list) and chosen and isinstance(chosen[0], str):
            yield str(chosen[0])
        for child in value.values():
            yield from used(child)
    elif isinstance(value, list):
        for child in value:
            yield from used(child)


def worlds(template: Mapping[str, Any], names: set[str]) -> list[World]:
    """Return the worlds in which some conditions hold or not; one that says nothing where there is no condition."""
    if not names:
        return [{}]
    conditions = _Conditions(template)
    found: dict[tuple[bool, ...], World] = {}
    for case in itertools.islice(conditions.cases(names), _CASES_MOST):
        world = {name: conditions.holds(name, case) for name in sorted(names)}
        found.setdefault(tuple(world.values()), world)
    return _covering(list(found.values()))[:_WORLDS_MOST]


def said(world: World) -> str:
    """Return a world as text, "" for one without conditions."""
    return ", ".join(f"{name}={str(holds).lower()}" for name, holds in world.items())


def _covering(found: list[World]) -> list[World]:
    """Put those first in which a condition has a value, or two have values together, that no other before has."""
    seen: set[tuple[tuple[str, bool], ...]] = set()
    first: list[World] = []
    rest: list[World] = []
    for world in found:
        pairs = {*itertools.combinations(world.items(), 2), *((item,) for item in world.items())}
        (rest if pairs <= seen else first).append(world)
        seen |= pairs
    return [*first, *rest]


class _Conditions:
    """The conditions of a template, which hold or not once each thing that they compare has a value."""

    def __init__(self, template: Mapping[str, Any]) -> None:
        written = template.get("Conditions")
        self.written: Mapping[str, Any] = written if isinstance(written, dict) else {}
        parameters = template.get("Parameters")
        self.parameters: Mapping[str, Any] = parameters if isinstance(parameters, dict) else {}

    def cases(self, names: set[str]) -> Iterator[Mapping[str, Any]]:
        """Yield the values that the compared things may have together, by what names each of them."""
        compared: dict[str, dict[str, None]] = {}
        for name in sorted(names):
            self._compared({"Condition": name}, compared, set())
        choices = [self._choices(key, values) for key, values in compared.items()]
        for combination in itertools.product(*choices):
            yield dict(zip(compared, combination, strict=True))

    def holds(self, name: str, case: Mapping[str, Any]) -> bool:
        """Say whether a condition holds in a case."""
        return self._truth({"Condition": name}, case, {})

    def _choices(self, key: str, values: Mapping[str, None]) -> list[str]:
        """Return the values that something compared may have; a parameter may only have those that it allows."""
        name = json.loads(key)
        reference = name.get("Ref") if isinstance(name, dict) else None
        parameter = self.parameters.get(reference) if isinstance(reference, str) else None
        allowed = parameter.get("AllowedValues") if isinstance(parameter, dict) else None
        if isinstance(allowed, list) and allowed:
            known = [_text(value) for value in allowed]
            others = [value for value in known if value not in values][:1]
            return [value for value in known if value in values] + others
        return [*values, _OTHER]

    def _compared(self, value: Any, found: dict[str, dict[str, None]], seen: set[str]) -> None:
        """Note what a condition compares, with the texts that it is compared with."""
        name, arguments = _function(value)
        if name == "Condition" and isinstance(arguments, str):
            if arguments not in self.written:
                found.setdefault(_key(value), {}).setdefault("true")
            elif arguments not in seen:
                seen.add(arguments)
                self._compared(self.written[arguments], found, seen)
        elif name == "Fn::Equals" and isinstance(arguments, list) and len(arguments) == 2:  # noqa: PLR2004  two sides
            texts = [_text(one) for one in arguments if not isinstance(one, dict | list)]
            for one in arguments:
                if isinstance(one, dict | list):
                    found.setdefault(_key(one), {}).update(dict.fromkeys(texts))
        elif isinstance(arguments, list):
            for one in arguments:
                self._compared(one, found, seen)

    def _truth(self, value: Any, case: Mapping[str, Any], known: dict[str, bool]) -> bool:
        """Say whether a condition holds; `known` are those that were asked before, false while they are asked."""
        name, arguments = _function(value)
        if name == "Condition" and isinstance(arguments, str):
            if arguments not in self.written:
                return bool(case.get(_key(value)) == "true")
            if arguments not in known:
                known[arguments] = False
                known[arguments] = self._truth(self.written[arguments], case, known)
            return known[arguments]
        if not isinstance(arguments, list):
            return False
        if name == "Fn::Equals" and len(arguments) == 2:  # noqa: PLR2004  two sides
            one, other = (case.get(_key(side)) if isinstance(side, dict | list) else _text(side) for side in arguments)
            return bool(one == other)
        truths = [self._truth(one, case, known) for one in arguments]
        if name == "Fn::Not":
            return not any(truths)
        return any(truths) if name == "Fn::Or" else all(truths)


def _function(value: Any) -> tuple[str, Any]:
    """Return the name and the arguments of an intrinsic function; empty text for what is none."""
    return next(iter(value.items())) if isinstance(value, dict) and len(value) == 1 else ("", None)


def _key(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=str)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(getattr(value, "written", value))
