"""What differs between the facts of two plans, and which differences of the specs made it so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

from chuoigen.record import Record
from chuoigen.review.written import Unit

if TYPE_CHECKING:
    from chuoigen.provenance import Trace
    from chuoigen.review.facts import Fact, Facts
    from chuoigen.review.renames import Renames
    from chuoigen.review.side import Side
    from chuoigen.yaml.document import KeyPath


class Move(Record):
    """A fact that is another, new or gone. `before` and `after` are its keys; None where it is not there."""

    before: KeyPath | None
    after: KeyPath | None
    old: Fact | None
    new: Fact | None

    @property
    def path(self) -> KeyPath:
        """Its keys, those of today where it is still there."""
        return self.after if self.after is not None else self.before or ()

    @property
    def sent(self) -> bool:
        """Whether it is part of a request to AWS."""
        return any(fact is not None and fact.sent for fact in (self.old, self.new))


def moves(before: Facts, after: Facts, renamed: Renames) -> Iterator[Move]:
    """Give every fact that differs."""
    there = {}
    for path, old in before.items():
        other = renamed.path(path, after)
        there[other] = True
        new = after.get(other)
        if new is None:
            yield Move(path, None, old, None)
        elif new.value != old.value:
            yield Move(path, other, old, new)
    for path, new in after.items():
        if path not in there:
            yield Move(None, path, None, new)


class Causes:
    """Finds the differences of the specs behind a difference of the plans."""

    def __init__(self, units: Sequence[Unit], before: Side | None, after: Side | None) -> None:
        """Take the differences of the specs, and the sides with their traces."""
        self._sides = ((before, _index(units, 0)), (after, _index(units, 1)))
        self._whole = tuple(unit for unit in units if () in (unit.before, unit.after))

    def of(self, move: Move) -> tuple[Unit, ...]:
        """Return the differences that made it so; none where nothing that is written differs.

        The nearest of its sources that differ count: a value may be put down to too much, and never to too little.
        """
        if self._whole:
            return self._whole
        found: list[Unit] = []
        for fact, path, (side, index) in zip(
            (move.old, move.new), (move.before, move.after), self._sides, strict=True
        ):
            if fact is not None and path is not None and side is not None:
                found += _nearest(fact, path, side.trace, index)
        exact = [unit for unit in found if unit.kind != "renamed"]
        return tuple(dict.fromkeys(exact or found))


def _nearest(fact: Fact, path: KeyPath, trace: Trace, index: Mapping[KeyPath, Unit]) -> list[Unit]:
    own = [*_at(fact.named, index), *_under(fact.named, index)]
    levels = [trace.levels(*field) for field in fact.fields]
    if found := own or [unit for level in levels for unit in _at(next(level, ()), index)]:
        return found
    if found := list(_at([path], index)):
        return found
    for around in zip_longest(*levels, fillvalue=frozenset()):
        if found := [unit for sources in around for unit in _at(sources, index)]:
            return found
    return []


def _index(units: Sequence[Unit], side: int) -> Mapping[KeyPath, Unit]:
    found: dict[KeyPath, Unit] = {}
    for unit in units:
        own, other = (unit.before, unit.after) if side == 0 else (unit.after, unit.before)
        if own is not None:
            found[own] = unit
        elif other is not None and not any(isinstance(part, int) for part in other):
            found.setdefault(other, unit)  # what is not written there was asked for all the same
        for pair in unit.also:
            found.setdefault(pair[side], unit)
    return found


def _at(sources: Iterable[KeyPath], index: Mapping[KeyPath, Unit]) -> Iterator[Unit]:
    """Give the units that hold one of the keys, of several the innermost."""
    for source in sources:
        inner = (source[:end] for end in range(len(source), 0, -1))
        yield from (index[path] for path in (next((path for path in inner if path in index), None),) if path)


def _under(sources: Iterable[KeyPath], index: Mapping[KeyPath, Unit]) -> Iterator[Unit]:
    """Give the units below one of the keys."""
    for source in sources:
        yield from (unit for path, unit in index.items() if path[: len(source)] == source)
