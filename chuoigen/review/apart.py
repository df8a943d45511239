"""What a service says by ids, or beside it, where one side is a file of another format: its groups and its tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuoigen.plan.naming import DEFINITION_TAG, SETTINGS_TAG
from chuoigen.review.facts import OPENS, Fact
from chuoigen.review.moves import Move
from chuoigen.review.values import Place, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chuoigen.review.side import Side
    from chuoigen.yaml.document import KeyPath

_GROUPS: KeyPath = ("service", "network_configuration", "awsvpc_configuration", "security_groups")
_TAGS: KeyPath = ("service", "tags")
_OF_AWS = "aws:"
_MARKS = (DEFINITION_TAG, SETTINGS_TAG)
_THERE = Fact(True, ())  # noqa: FBT003  a value


def differences(before: Side, after: Side) -> Iterator[tuple[KeyPath, Value, Value, tuple[Move, ...]]]:
    """Give the keys, both values and the facts of each that both sides know, and that differs."""
    old, new = _groups(before), _groups(after)
    if old is not None and new is not None and old.data != new.data:
        moved = [Move(_member(one), None, _THERE, None) for one in old.data if one not in new.data]
        moved += [Move(None, _member(one), None, _THERE) for one in new.data if one not in old.data]
        yield ("network", "security_groups"), old, new, (*moved, _move(_GROUPS, old, new))
    old, new = _tags(before), _tags(after)
    if old is not None and new is not None and old.data != new.data:
        yield _TAGS, old, new, (_move(_TAGS, old, new),)


def _member(group: str) -> KeyPath:
    return (OPENS, "member", group, "task")


def _move(path: KeyPath, old: Value, new: Value) -> Move:
    return Move(path, path, Fact(old.data, ()), Fact(new.data, ()))


def _groups(side: Side) -> Value | None:
    """Return the ids of the groups of the tasks; None where a group has no id yet."""
    if side.foreign:
        return _said(side, "security_groups")
    ids = [group.id for group in side.plan.groups if "task" in group.members]
    return None if None in ids or side.plan.service is None else Value(sorted(filter(None, ids)), None)


def _tags(side: Side) -> Value | None:
    """Return the tags that somebody chose; AWS's own, and marks of what was applied, are nobody's."""
    service = side.plan.service
    found = _said(side, "tags") if side.foreign else None if service is None else Value(dict(service.tags), None)
    if found is None:
        return None
    chosen = {key: value for key, value in sorted(found.data.items()) if not key.startswith(_OF_AWS)}
    return found.replaced(data={key: value for key, value in chosen.items() if key not in _MARKS})


def _said(side: Side, name: str) -> Value | None:
    data, span = side.apart.get(name, (None, None))
    return None if span is None else Value(data, Place(span.file, span.line))
