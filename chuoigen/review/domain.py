"""What can be compared where a side is a file of another format: what that format says, and what the file wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuoigen.plan.leaves import written
from chuoigen.review.side import is_below
from chuoigen.yaml.document import KeyPath

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from chuoigen.review.facts import Fact, Facts
    from chuoigen.review.moves import Move
    from chuoigen.review.side import Side
    from chuoigen.review.written import Unit

_ROOTS = frozenset({"task", "containers", "volumes", "service"})
"""Parts of a plan of which a file of another format may say all that is sent to AWS."""

_NOT_CARRIED: tuple[KeyPath, ...] = (
    ("service", "network_configuration", "awsvpc_configuration", "security_groups"),
    ("service", "tags"),
)
"""A service has the ids of its groups, and a spec mostly their names; its tags are not translated."""


class Domain:
    """The facts and keys that both sides of a comparison can say something about; all of them for two specs."""

    def __init__(self, before: Side | None, after: Side | None) -> None:
        """Take the sides."""
        self._sides = (before, after)
        self._foreign = [side for side in (before, after) if side is not None and side.foreign]
        said = [{str(path[0]) for path in side.says if len(path) == 1} for side in self._foreign]
        self._roots = _ROOTS.intersection(*said)

    def facts(self, found: Facts) -> Facts:
        """Leave out what a side cannot say."""
        if not self._foreign:
            return found
        return {
            path: fact
            for path, fact in found.items()
            if path[0] in self._roots and fact.sent and not is_below(path, _NOT_CARRIED)
        }

    def units(self, found: Iterable[Unit]) -> tuple[Unit, ...]:
        """Leave out differences of keys that a side cannot say, or left open."""
        return tuple(unit for unit in found if all(self._says(path) for path in (unit.before, unit.after) if path))

    def moves(self, found: Iterable[Move]) -> Iterator[Move]:
        """Leave out what a side has only because something had to stand there."""
        for move in found:
            guessed = (
                side is not None and side.foreign and (is_below(move.path, side.unwritten) or _is_guess(fact, side))
                for side, fact in zip(self._sides, (move.old, move.new), strict=True)
            )
            if not any(guessed):
                yield move

    def _says(self, path: KeyPath) -> bool:
        return all(side.knows(path) for side in self._foreign)


def _is_guess(fact: Fact | None, side: Side) -> bool:
    """Say whether a value was computed from what the file does not say, and from nothing that it says."""
    if fact is None:
        return False
    levels = (next((near for near in side.trace.levels(*field) if near), frozenset()) for field in fact.fields)
    near = frozenset[KeyPath]().union(*levels)
    guessed = {path for path in near if is_below(path, side.unwritten)}
    return bool(guessed) and not any(path in side.document.places for path in written(near - guessed, side.document))
