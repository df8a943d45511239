"""What a change opens, permits, loses and makes anew, as sentences: one for each thing, however many facts say it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuoigen.messages import Argument, Message, Texts
from chuoigen.resources.network import SecurityGroup
from chuoigen.review.classes import Both, data, kind_of, name_before, permission, replacement
from chuoigen.review.facts import LINES, OPENS, ROUTES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from chuoigen.review.moves import Move

_say = Texts(__name__)
_MANY = 4
"""How many actions a sentence names before it counts the others."""


def effects(moved: Sequence[Move], both: Both) -> tuple[Message, ...]:
    """Return the sentences about a change, each once."""
    found = (
        message
        for speak in (_strategies, _openings, _permissions, _routes, _losses, _replacements)
        for message in speak(moved, both)
    )
    return tuple(dict.fromkeys(found))


def _strategies(moved: Sequence[Move], both: Both) -> Iterator[Message]:
    """Say how deployments go from now on, where that is another way."""
    for move in moved:
        if move.path == ("service", "deployment_configuration", "strategy"):
            tasks = both.after.plan.service.desired_count if both.after and both.after.plan.service else 0
            yield _say("strategy.rolling" if move.new is None else "strategy.shifts", count=2 * tasks)


def _openings(moved: Sequence[Move], both: Both) -> Iterator[Message]:
    ways = {(move.new is None, move.path[-1]) for move in moved if move.path[:2] == (OPENS, "way")}
    for move in moved:
        if move.path[0] != OPENS:
            continue
        variant, rest = ("closes" if move.new is None else "opens"), move.path[2:]
        if move.path[1] == "way":
            source, target = party(str(rest[0]), str(rest[1])), party(str(rest[2]), str(rest[3]))
            yield _say(f"way.{variant}", source=source, target=target, port=rest[4])
        elif move.path[1] == "rule" and (move.new is None, rest[-1]) not in ways:
            group = _group(str(rest[0]), both)
            yield _say(f"rule.{variant}", group=group, source=_source(str(rest[1]), group), port=rest[2])
        elif move.path[1] == "member":
            yield _say(f"member.{variant}", group=_group(str(rest[0]), both), member=_member(str(rest[1])))
        elif move.path[1] == "listener":
            yield _say(f"listener.{variant}", port=rest[0])
        elif move.path[1] == "address":
            yield _say(f"address.{rest[0]}.{variant}")


def _routes(moved: Sequence[Move], _: Both) -> Iterator[Message]:
    for move in moved:
        if move.path[:2] == (ROUTES, "hidden"):
            variant = "hidden.gone" if move.new is None else "hidden.new"
            yield _say(variant, name=str(move.path[2]), first=str(move.path[3]))


def _group(known_as: str, both: Both) -> str:
    """Return the name of a group that is known by what it is for."""
    for side in (both.after, both.before):
        found = side.plan.resources.get(f"security-group:{known_as}") if side else None
        if isinstance(found, SecurityGroup):
            return found.name
    return known_as


def party(kind: str, name: str) -> Message:
    """Return who takes part in a connection, in words."""
    return _say(f"party.{kind}", name=name)


def _member(member: str) -> Message:
    return _say(f"member-name.{member}") if member in ("task", "alb") else _say("party.backend", name=member)


def _source(source: str, group: str) -> Message:
    own = source.startswith("security-group:")
    return _say("source.own" if own else "source.other", source=source, group=group)


def _permissions(moved: Sequence[Move], both: Both) -> Iterator[Message]:
    granted: dict[tuple[str, str, Argument], list[str]] = {}
    for move in moved:
        if not permission(move, both):
            continue
        variant = "lost" if move.new is None else "granted"
        role, kind, *rest = (str(part) for part in move.path[1:])
        if kind in ("policy", "role"):
            yield _say(f"may.{kind}.{variant}", role=role, name=rest[0])
        else:
            granted.setdefault((variant, role, rest[1]), []).append(rest[0])
    for (variant, role, resource), actions in granted.items():
        named = tuple(actions[:_MANY])
        many = ".many" if len(actions) > _MANY else ".few"
        yield _say(
            f"may.action.{variant}{many}", role=role, actions=named, more=len(actions) - _MANY, resource=resource
        )


def _losses(moved: Sequence[Move], both: Both) -> Iterator[Message]:
    for move in moved:
        speak = _LOSSES.get(kind_of(move.path))
        if speak is not None and data(move, both):
            yield speak(move)


def _log_group(move: Move) -> Message:
    name = str(move.path[0]).partition(":")[2]
    if move.path[1] == "log_group_name":
        return _say("data.log-group", name=name)
    return _say("data.retention", name=name, days=move.new.value if move.new else 0)


def _volume(move: Move) -> Message:
    return _say("data.volume-gone" if move.path[2] == "name" else "data.volume-moves", name=move.path[1])


def _container(move: Move) -> Message:
    name, member = str(move.path[1]), move.path[2]
    if member == "logs":
        return _say("data.lines-move", container=name)
    variant = "data.mount-gone" if move.new is None else "data.mount-moves"
    after = str(move.new.value) if move.new else ""
    return _say(variant, container=name, volume=move.path[3], path=str(move.old.value if move.old else ""), other=after)


def _line(move: Move) -> Message:
    name, kind = str(move.path[1]), move.path[2]
    if kind == "kept":
        return _say("data.file", container=name, variable=move.path[3], volume=move.path[4])
    return _say(f"data.{kind}", container=name, name=move.path[3])


_LOSSES: dict[str, Callable[[Move], Message]] = {
    "log-group": _log_group,
    "volumes": _volume,
    "containers": _container,
    LINES: _line,
}


def _replacements(moved: Sequence[Move], both: Both) -> Iterator[Message]:
    for move in moved:
        if replacement(move, both) and move.old is not None and move.new is not None:
            kind = _say(f"kind.{kind_of(move.path)}")
            name = name_before(move, both)
            variant = "name" if name == str(move.old.value) else "member"
            told = _say(
                f"replaced.{variant}", kind=kind, name=name, before=str(move.old.value), after=str(move.new.value)
            )
            yield told
