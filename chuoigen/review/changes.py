"""Two services into changes: each difference of the specs that does something, with all that it does."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from chuoigen.record import Record
from chuoigen.review.apart import differences
from chuoigen.review.classes import RANK, Both, Class, classes
from chuoigen.review.domain import Domain
from chuoigen.review.facts import LINES, MAY, OPENS, facts
from chuoigen.review.moves import Causes, Move, moves
from chuoigen.review.running import charged, running
from chuoigen.review.transitions import followed
from chuoigen.review.values import Value, value_at, written_path
from chuoigen.review.written import Unit, units

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from chuoigen.review.cost import Bill
    from chuoigen.review.side import Side
    from chuoigen.yaml.document import KeyPath

_MEANT = {OPENS: "network", MAY: "permissions", LINES: "logs"}
_NAMES: frozenset[KeyPath] = frozenset({("name",), ("stage",), ("aws", "account"), ("aws", "region")})
"""What tells two services apart that stand beside each other."""


class Change(Record):
    """One difference of two specs that does something. `kind` is changed, new, gone or renamed.

    `path` are keys of the spec, or of the plan where the spec is the same and a file beside it is not. `before` and
    `after` are what is written on both sides; None where there is no such thing. `moved` are all facts that differ.
    """

    kind: str
    path: KeyPath
    before: Value | None
    after: Value | None
    classes: tuple[Class, ...]
    moved: tuple[Move, ...]


class Comparison(Record):
    """The changes, those that open, permit or lose something first; the sides that they lie between, and the bill.

    `beside`: the sides stand beside each other, and one does not become the other.
    """

    changes: tuple[Change, ...]
    both: Both
    bill: Bill | None = None
    beside: bool = False


def compare(before: Side | None, after: Side | None, *, beside: bool = False, runs: bool | None = None) -> Comparison:
    """Compare two services; None where there is none. `beside`: they are two stages, and one does not become the other.

    `runs` says whether tasks run before and after, where the sides do not. What has no effect on AWS or on the files is
    no change.
    """
    domain = Domain(before, after)
    found, renamed = units(before.spec if before else None, after.spec if after else None)
    found = domain.units(found)
    sides = running(before, after)
    if runs is None:
        runs = all(side is not None and side.plan.service is not None for side in sides)
    old, new = (domain.facts(facts(side)) if side else {} for side in (before, after))
    both = Both(*sides, old, new, renamed, runs)
    causes, part_of = Causes(found, before, after), followed(found)
    caused: dict[Unit, list[Move]] = {}
    alone: list[Move] = []
    for move in domain.moves(moves(both.old, both.new, renamed)):
        behind = tuple(dict.fromkeys(part_of.get(unit, unit) for unit in causes.of(move)))
        for unit in behind:
            caused.setdefault(_as_written(unit, both), []).append(move)
        if not behind:
            alone.append(move)
    by_themselves = _settled(alone, caused)
    changes = [_change(unit, moved, both, beside=beside) for unit, moved in caused.items()]
    changes += [
        Change("changed", plain(path), None, None, classes(moved, both), tuple(moved))
        for path, moved in by_themselves.items()
    ]
    changes += _apart(before, after, both)
    return Comparison(in_order(changes), both, charged(*sides), beside)


def _apart(before: Side | None, after: Side | None, both: Both) -> Iterator[Change]:
    """Give the differences of groups and tags, where a side is a file of another format; specs say them by keys."""
    if before is None or after is None or not (before.foreign or after.foreign):
        return
    for path, old, new, moved in differences(before, after):
        yield Change("changed", path, old, new, classes(moved, both), moved)


def in_order(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Return changes as they are shown: by their classes, then by their keys."""
    return tuple(sorted(changes, key=_order))


def _as_written(unit: Unit, both: Both) -> Unit:
    """Return a difference by the keys that are written: two that one short form says are one (`nofile: 65536`)."""
    before = None if unit.before is None else written_path(both.before, unit.before)
    after = None if unit.after is None else written_path(both.after, unit.after)
    return Unit(unit.kind, before, after)


def plain(path: KeyPath) -> KeyPath:
    """Return the keys of facts as a reader knows them, where no key of a spec stands behind them."""
    return (_MEANT.get(str(path[0]), path[0]), *path[1:])


def _settled(alone: list[Move], caused: dict[Unit, list[Move]]) -> dict[KeyPath, list[Move]]:
    """Give facts without a cause to what causes others of the same thing; return those for which there is none.

    Such a fact is a constant of a thing that is new or gone, or comes from a file beside the spec.
    """
    known: dict[KeyPath, Unit] = {}
    for unit, moved in caused.items():
        for move in moved:
            for end in range(1, len(move.path)):
                known.setdefault(move.path[:end], unit)
    left: dict[KeyPath, list[Move]] = {}
    for move in alone:
        whole = (move.path[:end] for end in range(len(move.path) - 1, 0, -1))
        near = next((path for path in whole if path in known), ()) if None in (move.old, move.new) else ()
        if near and near not in (("containers",), ("volumes",), ("opens",), ("may",), ("lines",), ("flow",)):
            caused[known[near]].append(move)
        else:
            left.setdefault(move.path[:2], []).append(move)
    return left


def _change(unit: Unit, moved: list[Move], both: Both, *, beside: bool) -> Change:
    path = unit.after if unit.after is not None else unit.before or ()
    named = beside and (unit.after or unit.before) in _NAMES
    before, after = value_at(both.before, unit.before), value_at(both.after, unit.after)
    if unit.kind == "renamed":
        before, after = (
            one.replaced(data=str(at[1])) if one and at else None
            for one, at in ((before, unit.before), (after, unit.after))
        )
    of = (Class.NOTHING,) if named else classes(moved, both)
    kind = unit.kind
    if kind in ("new", "gone") and (derived := _derived(moved)):
        # What is written on one side stands in place of what was decided on the other.
        kind, before, after = "changed", before or Value(derived[0], None), after or Value(derived[1], None)
    return Change(kind, path, before, after, of, tuple(moved))


def _derived(moved: list[Move]) -> tuple[Any, Any] | None:
    """Return the two values of all facts that are sent to AWS, where these are the same for each of them."""
    sent = {(move.old and move.old.value, move.new and move.new.value) for move in moved if move.sent}
    pair = next(iter(sent), (None, None))
    return pair if len(sent) == 1 and None not in pair and not isinstance(pair[0], tuple) else None


def _order(change: Change) -> tuple[Any, ...]:
    return [RANK[one] for one in change.classes], tuple(map(str, change.path))


def counted(changes: tuple[Change, ...]) -> Counter[Class]:
    """Return how many changes have each class."""
    return Counter(one for change in changes for one in change.classes)
