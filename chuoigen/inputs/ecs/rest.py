"""What a task definition says and the language has no key for: laid over the rest as it is, or left and named.

So every member of the file is in the data of the language, equals a default, or is among what is not carried over.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from chuoigen.inputs.translating import Raw, leaves
from chuoigen.messages import Texts
from chuoigen.yaml.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from chuoigen.inputs.translating import Absent, Target
    from chuoigen.yaml.document import KeyPath

_CONTAINERS = "containerDefinitions"
_NAMED = frozenset(
    {"environment", "secrets", "ulimits", "systemControls", "dependsOn", "tags", "volumes", "logConfiguration", "name"}
)
"""Members whose items have names: what is left of one is a name that is used twice, or none."""
_say = Texts(__name__)


def rest(root: Raw, target: Target, known: Collection[str]) -> None:
    """Put what was not carried over into `overrides`, or among what is left; members that are `known` say nothing."""
    names = _names(root.get(_CONTAINERS))
    taken: set[KeyPath] = set()
    for leaf in leaves(root):
        path = leaf.path
        if path in target.carried or not path or path[0] in known or isinstance(leaf.value, dict):
            continue
        holder, members = _holder(path, names)
        if holder is None or members[0] in _NAMED:
            target.leave(leaf, _say("no-name" if holder is None else "twice"))
            continue
        # A mapping is laid over what is generated, a list replaces it: so a list is there as a whole.
        single = tuple(itertools.takewhile(lambda part: isinstance(part, str), members))
        raw: Raw | Absent = root
        for part in path[: len(path) - len(members) + len(single)]:
            raw = raw.get(part) if isinstance(part, str) else next(one for one in raw.items() if one.path[-1] == part)
        at = (*holder, "overrides", *single)
        if at not in taken:
            taken.add(at)
            target.copy(raw, at)
            target.void(at)
    for path in _template_lines(root.value, ()):
        target.leave(Raw(root.document, path, None, frozenset()), _say("template"))


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


def _template_lines(value: Any, path: KeyPath) -> Iterator[KeyPath]:
    """Yield the paths of lines that a template has in place of a member."""
    if isinstance(value, dict | list):
        for key, child in value.items() if isinstance(value, dict) else enumerate(value):
            if isinstance(key, Unknown):
                yield (*path, key)
            else:
                yield from _template_lines(child, (*path, key))
