"""What a task definition says and the language has no key for: laid over what is generated, as ECS has it.

So each member of the file is in the data of the language, equals a default, or is among what is not carried over: a
name that is used twice in a list, or a member of what has no name.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from chuoigen.inputs.translating import Raw, leaves
from chuoigen.yaml.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Collection

    from chuoigen.inputs.translating import Absent, Target
    from chuoigen.yaml.document import KeyPath

_CONTAINERS = "containerDefinitions"
_NAMED = frozenset(
    {"environment", "secrets", "ulimits", "systemControls", "dependsOn", "tags", "volumes", "logConfiguration", "name"}
)
"""Members whose items have names: what is left of one is a name that is used twice, or none."""


def lay_over(root: Raw, target: Target, known: Collection[str]) -> None:
    """Put what was not put anywhere into `overrides`; members that are `known` say nothing."""
    names = _names(root.get(_CONTAINERS))
    for leaf in leaves(root):
        path = leaf.path[len(root.path) :]
        if target.is_said(leaf) or not path or path[0] in known:
            continue
        holder, members = _holder(path, names)
        if holder is None or members[0] in _NAMED:
            continue
        # A mapping is laid over what is generated, a list replaces it: so a list is there as a whole.
        single = tuple(itertools.takewhile(lambda part: isinstance(part, str), members))
        at = (*holder, "overrides", *single)
        target.copy(_below(root, path[: len(path) - len(members) + len(single)]), at)
        target.void((*holder, "overrides"))


def _names(listed: Raw | Absent) -> dict[int, str]:
    """Return the name of each container by its place in the list, where it has one of its own."""
    found: dict[int, str] = {}
    for item in listed.items():
        name = item.get("name").value
        if isinstance(name, str) and not isinstance(name, Unknown) and name not in found.values():
            found[int(item.path[-1])] = name
    return found


def _holder(path: KeyPath, names: dict[int, str]) -> tuple[KeyPath | None, KeyPath]:
    """Return the path in the language of what has a member of ECS, and the path of the member in it."""
    if path[0] != _CONTAINERS:
        return ("task",), path
    if len(path) < 3 or path[1] not in names:  # noqa: PLR2004  the list, an index, a member
        return None, ()
    return ("containers", names[int(path[1])]), path[2:]


def _below(root: Raw, path: KeyPath) -> Raw | Absent:
    found: Raw | Absent = root
    for part in path:
        found = found.get(part) if isinstance(part, str) else next(one for one in found.items() if one.path[-1] == part)
    return found
