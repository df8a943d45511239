"""What differs between the facts of two plans, and which differences of the specs made it so."""

from __future__ import annotations

from itertools import chain, zip_longest
from typing import TYPE_CHECKING

from chuoigen.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from chuoigen.provenance import Trace
    from chuoigen.review.facts import Fact, Facts
    from chuoigen.review.renames import Renames
    from chuoigen.review.side import Side
    from chuoigen.review.written import Unit
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
        for fact, path, (side, index) in zip((move.old, move.new), (move.before, move.after), self._sides, strict=True):
            if fact is not None and path is not None and side is not None:
                found += _nearest(fact, path, side.trace, index)
        exact = [unit for unit in found if unit.kind != "renamed"]
        return tuple(dict.fromkeys(exact or found))


class _Index(Record):
    """The differences by their keys on one side: those that are there, and those that only the other side has.

    What is not written there was asked for all the same, and may be the cause that something is as it is.
    """

    there: Mapping[KeyPath, Unit]
    absent: Mapping[KeyPath, Unit]

    def at(self, sources: Iterable[KeyPath]) -> list[Unit]:
        """Return the units that hold one of the keys, of several the innermost; what is there comes first."""
        sources = tuple(sources)
        return [*_at(sources, self.there)] or [*_at(sources, self.absent)]


def _nearest(fact: Fact, path: KeyPath, trace: Trace, index: _Index) -> list[Unit]:
    levels = [trace.levels(*field) for field in fact.fields]
    own = [source for level in levels for source in next(level, ())]
    around = (frozenset().union(*parts) for parts in zip_longest(*levels, fillvalue=frozenset()))
    ways = chain(([*fact.named, *own], [path]), around)
    found = next(filter(None, map(index.at, ways)), [])
    return [*_under(fact.named, index.there)] or found


def _index(units: Sequence[Unit], side: int) -> _Index:
    there: dict[KeyPath, Unit] = {}
    absent: dict[KeyPath, Unit] = {}
    for unit in units:
        own, other = (unit.before, unit.after) if side == 0 else (unit.after, unit.before)
        if own is not None:
            there[own] = unit
        elif other is not None and not any(isinstance(part, int) for part in other):
            absent[other] = unit
        for pair in unit.also:
            there.setdefault(pair[side], unit)
    return _Index(there, absent)


def _at(sources: Iterable[KeyPath], index: Mapping[KeyPath, Unit]) -> Iterator[Unit]:
    """Give the units that hold one of the keys, of several the innermost."""
    for source in sources:
        inner = (source[:end] for end in range(len(source), 0, -1))
        yield from (index[path] for path in (next((path for path in inner if path in index), None),) if path)


def _under(sources: Iterable[KeyPath], index: Mapping[KeyPath, Unit]) -> Iterator[Unit]:
    """Give the units below one of the keys."""
    for source in sources:
        yield from (unit for path, unit in index.items() if path[: len(source)] == source)
