"""Several stages of one service into what they share and what each says alone, as `extends` lays them together."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from chuoigen.record import Record

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

BASE = "base"
_NOTHING: Any = object()
_ATOMS = frozenset({"ssm", "secrets_manager", "ref"})
"""Keys of a mapping that is one value: where a secret is, or another value of the spec."""
_STAGE = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")


class Split(Record):
    """What all stages share, and what each says alone."""

    base: dict[str, Any]
    stages: dict[str, dict[str, Any]]


def split(specs: Mapping[str, dict[str, Any]]) -> Split:
    """Return the data of specs by their stages in two parts; laid one over the other they are the whole again."""
    shared = _shared(list(specs.values()))
    base = shared if isinstance(shared, dict) else {}
    head = {key: base.pop(key) for key in ("chuoigen",) if key in base}
    rests = {stage: _rest(data, {**head, **base}) for stage, data in specs.items()}
    stages = {
        stage: {"extends": f"{BASE}.yaml", **(rest if isinstance(rest, dict) else {})} for stage, rest in rests.items()
    }
    return Split({**head, "partial": True, **base}, stages)


def _shared(values: Sequence[Any]) -> Any:
    """Return what several values have in common; _NOTHING where that is nothing."""
    first, others = values[0], values[1:]
    if all(_same(first, other) for other in others):
        return first
    if not all(isinstance(value, dict) and _ATOMS.isdisjoint(value) for value in values):
        return _NOTHING
    found = {key: _shared([value[key] for value in values]) for key in first if all(key in other for other in others)}
    kept = {key: value for key, value in found.items() if value is not _NOTHING}
    return kept or _NOTHING


def _rest(value: Any, base: Any) -> Any:
    """Return what a value says beside what its base says; _NOTHING where that is nothing."""
    if _same(value, base):
        return _NOTHING
    if not isinstance(value, dict) or not isinstance(base, dict) or not _ATOMS.isdisjoint(value):
        return value
    found = {key: _rest(child, base[key]) if key in base else child for key, child in value.items()}
    return {key: child for key, child in found.items() if child is not _NOTHING}


def _same(one: Any, other: Any) -> bool:
    """Say whether two values are the same; a number is no truth value, and what is unknown is no text."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return type(one) is type(other) and bool(one == other)


def is_stage(text: str) -> bool:
    """Say whether a text can be the name of a stage."""
    return _STAGE.fullmatch(text) is not None and text != BASE


def stages_of(files: Sequence[str]) -> tuple[str, ...] | None:
    """Return the stage of each file by the words in which their names differ; None where these say none."""
    words = [
        [word for word in re.split(r"[^a-z0-9]+", PurePath(file).with_suffix("").as_posix().lower()) if word]
        for file in files
    ]
    common = set.intersection(*map(set, words))
    found = tuple("-".join(word for word in own if word not in common) for own in words)
    return found if all(map(is_stage, found)) and len(set(found)) == len(found) else None
