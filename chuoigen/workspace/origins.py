"""Which lines of generated files a key of a spec decides: the spec is changed there in memory and built again.

Nothing is told from the code that writes a file. A key decides a line when another value, another name or the absence
of the key gives another line, so what is said here is what a person would see who made that change.
"""

from __future__ import annotations

import copy
import difflib
import pathlib
from typing import TYPE_CHECKING, Any

from chuoigen import artifacts
from chuoigen.aws import defaults
from chuoigen.compiler import render
from chuoigen.inputs.project import survey
from chuoigen.inputs.validation import validate
from chuoigen.plan import plan, traced
from chuoigen.plan.leaves import leaves
from chuoigen.record import Record
from chuoigen.yaml.document import Integer, KeyPath, Real

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from chuoigen.inputs.load import Loaded
    from chuoigen.plan import Plan

Texts = dict[str, str]
"""The texts of generated files by their paths."""

_MOST = 4
"""Other values of one key that are tried, at most, of those that have a valid shape."""
_WORDS = ("7", "10.1.2.0/24", "https://other.example", "arn:aws:iam::123456789012:role/other", "linux/arm64")
_UNITS = ("s", " MiB", " GiB", "m")


class Origin(Record):
    """A key that decides a line: what it says (`value`), that it is there (`presence`), or by its default."""

    path: KeyPath
    kind: str


class Rebuild:
    """Builds a loaded spec again with other data."""

    def __init__(self, loaded: Loaded, decided: Plan, file: str = "") -> None:
        """Take a spec that has a plan. With a `file`, only the family of files that holds it is made."""
        assert loaded.document is not None  # noqa: S101  it has a plan
        self.loaded, self.document, self.plan = loaded, loaded.document, decided
        self._render = _renderer(decided, file)
        self.texts = self._render(decided)

    def moved(self, path: KeyPath, kind: str = "value") -> Iterator[Mapping[str, frozenset[int]]]:
        """Give, for each change at a path, the lines of the files that are not there any more (counted from 1)."""
        number = 0
        for data in _removals(self.document.data, path) if kind == "presence" else _changes(self.document.data, path):
            texts = self._built(data, path)
            if texts is None:
                continue
            yield {file: lines for file, text in self.texts.items() if (lines := gone(text, texts.get(file, "")))}
            number += 1
            if number == _MOST:
                return

    def origins(self, file: str, wanted: range) -> tuple[Origin, ...]:
        """Return the keys that decide these lines of a file, in the order of the spec; unwritten ones come last."""
        found = []
        for path in filter(None, self.document.places):
            kind = next((kind for kind in ("value", "presence") if self._decides(path, kind, file, wanted)), "")
            if kind:
                found.append(Origin(path, kind))
        ends = [one.path for one in found]
        # Whatever holds such a key is there with it: that need not be said.
        found = [
            one
            for one in found
            if not any(len(end) > len(one.path) and end[: len(one.path)] == one.path for end in ends)
            or one.kind == "value"
        ]
        found += [Origin(path, "default") for path in self._unwritten() if self._decides(path, "value", file, wanted)]
        return tuple(found)

    def _decides(self, path: KeyPath, kind: str, file: str, wanted: range) -> bool:
        return any(not lines.get(file, frozenset()).isdisjoint(wanted) for lines in self.moved(path, kind))

    def _built(self, data: dict[str, Any], path: KeyPath) -> Texts | None:
        """Return what other data give; None for a shape that is refused, and for what no plan can be written of."""
        document = self.document.replaced(data=data)
        found = validate(document, partial=False)
        if found.spec is None or found.diagnostics:
            return None
        around = path[0] == "containers" and (len(path) <= len(("containers", "")) or path[2] == "build")
        project = survey(pathlib.Path(self.loaded.file), document) if around else self.loaded.project
        try:
            decided = plan(found.spec, project)
            return self.texts if decided == self.plan else self._render(decided)
        except Exception:  # noqa: BLE001  no rule has judged it: a name that leads nowhere has no files
            return None

    def _unwritten(self) -> tuple[KeyPath, ...]:
        """Return the keys with a default that the plan asked for and that are not written."""
        assert self.loaded.spec is not None  # noqa: S101  it has a plan
        decided = leaves(*traced(self.loaded.spec, self.loaded.project))
        asked = dict.fromkeys(path for leaf in decided for path in sorted(leaf.own, key=str))
        return tuple(path for path in asked if path not in self.document.places and defaults.of(path) is not None)


def gone(before: str, after: str) -> frozenset[int]:
    """Return the numbers of the lines, from 1, that one text has and the other has not at that place."""
    if before == after:
        return frozenset()
    old, new = before.splitlines(), after.splitlines()
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    kept = {number for block in matcher.get_matching_blocks() for number in range(block.a, block.a + block.size)}
    return frozenset(number + 1 for number in range(len(old)) if number not in kept)


def _renderer(decided: Plan, file: str) -> Callable[[Plan], Texts]:
    for family in artifacts.FAMILIES if file else ():
        if any(made.path == file for made in family.render(decided)):
            return lambda other: {made.path: made.text for made in family.render(other)}
    return lambda other: {path: made.text for path, made in render(other).items()}


def _changes(data: dict[str, Any], path: KeyPath) -> Iterator[dict[str, Any]]:
    """Give data with another value at a path, or with another name for the key there."""
    holder, last = _at(data, path[:-1]), path[-1]
    written = last in holder if isinstance(holder, dict) else isinstance(holder, list)
    if not written:
        fact = defaults.of(path)
        for value in _others(fact.value, data) if fact is not None else ():
            yield _put(data, path, value)
        return
    if isinstance(holder, dict):
        renamed = {f"{key}x" if key == last else key: child for key, child in holder.items()}
        yield _put(data, path[:-1], renamed)
    if not isinstance(holder[last], dict | list):
        for value in _others(holder[last], data):
            yield _put(data, path, value)


def _removals(data: dict[str, Any], path: KeyPath) -> Iterator[dict[str, Any]]:
    holder = copy.copy(_at(data, path[:-1]))
    del holder[path[-1]]
    yield _put(data, path[:-1], holder)


def _others(value: Any, data: dict[str, Any]) -> Iterator[Any]:
    """Give other values of the same kind, the likeliest first."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        for number in (value * 2 + 1, value + 1, max(0, value - 7)):
            yield Integer(number)
            yield from (f"{number}{unit}" for unit in _UNITS)
    elif isinstance(value, float):
        yield Real(value * 2)
    elif isinstance(value, str):
        digits = value[: len(value) - len(value.lstrip("0123456789"))]
        if digits:
            yield from (f"{number}{value[len(digits) :]}" for number in (int(digits) * 2, int(digits) + 1))
        yield f"{value}x"
        for section in ("containers", "backends", "volumes"):
            yield from (name for name in data.get(section) or () if name != value)
        yield from (word for word in (*_WORDS, *_words()) if word != value)


def _words() -> tuple[str, ...]:
    """Return the words that the defaults of the language are made of."""
    return ("tcp", "udp", "disabled", "blocking", "non-blocking", "HEALTHY", "START", "internet", "alb")


def _at(data: Any, path: KeyPath) -> Any:
    for part in path:
        if isinstance(data, list):
            data = data[part] if isinstance(part, int) and part < len(data) else None
        else:
            data = data.get(part) if isinstance(data, dict) else None
    return data


def _put(data: Any, path: KeyPath, value: Any) -> Any:
    """Return data with another value at a path, with mappings on the way where nothing is; the rest is shared."""
    if not path:
        return value
    made: Any = copy.copy(data) if isinstance(data, dict | list) else {}
    below = _at(made, path[:1])
    made[path[0]] = _put(below, path[1:], value)
    return made
