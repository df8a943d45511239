"""Two specs compared as they are meant: short forms spelled out, defaults filled in, lists by what is in them.

Each difference is a Unit: one key that has another value, or one part that is new or gone. A container, volume or
backend that is there under another name is one Unit as well, together with all that speaks of it by its name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chuoigen.record import Record
from chuoigen.review.nodes import Node, tree
from chuoigen.review.renames import Renames, renames

if TYPE_CHECKING:
    from chuoigen.spec import Spec
    from chuoigen.yaml.document import KeyPath


class Unit(Record):
    """One difference. `before` and `after` are its keys on both sides; None where there is no such thing.

    `also` are further keys, of both sides, that only follow from it. `kind` is changed, new, gone or renamed.
    """

    kind: str
    before: KeyPath | None
    after: KeyPath | None
    also: tuple[tuple[KeyPath, KeyPath], ...] = ()


def units(before: Spec | None, after: Spec | None) -> tuple[tuple[Unit, ...], Renames]:
    """Return what differs, and which names are others now. Without one of the specs all of it is one Unit."""
    if before is None or after is None:
        kind = "new" if before is None else "gone"
        whole = Unit(kind, None if before is None else (), None if after is None else ())
        return (whole,), Renames({})
    old, new = tree(before), tree(after)
    found = renames(old, new)
    comparison = _Comparison(found)
    comparison.compare(old, new)
    return comparison.units(), found


class _Comparison:
    def __init__(self, found: Renames) -> None:
        self._renames = found
        self._found: list[Unit] = []
        self._also: dict[str, list[tuple[KeyPath, KeyPath]]] = {}

    def units(self) -> tuple[Unit, ...]:
        renamed = [
            Unit("renamed", (section, old), (section, new), tuple(self._also.get(old, ())))
            for (section, old), new in self._renames.names.items()
        ]
        return (*renamed, *self._found)

    def compare(self, old: Node, new: Node) -> None:
        if old.children is None or new.children is None:
            self._values(old, new)
            return
        pairs = {key: self._renames.key(old.path, key, new.children) for key in old.children}
        if _is_another(old, new) and not set(pairs.values()) & new.children.keys():
            self._found.append(Unit("changed", old.path, new.path))
            return
        gone = [child for key, child in old.children.items() if pairs[key] not in new.children]
        fresh = [child for key, child in new.children.items() if key not in pairs.values()]
        for key, child in old.children.items():
            other = pairs[key]
            if other in new.children:
                if other != key and (*old.path, key) not in self._renames.names:
                    self._follows(key, child, new.children[other])
                self.compare(child, new.children[other])
        if any(isinstance(key, tuple) for key in (*old.children, *new.children)):
            # Items of a list have no names: what is gone became what is new, in their order.
            for child, other in zip(gone, fresh, strict=False):
                self.compare(child, other)
            gone, fresh = gone[len(fresh) :], fresh[len(gone) :]
        self._found += [Unit("gone", child.path, None) for child in gone]
        self._found += [Unit("new", None, child.path) for child in fresh]

    def _values(self, old: Node, new: Node) -> None:
        if old.children is None and new.children is None:
            if old.value == new.value:
                return
            name = self._renames.follows(old.value, new.value)
            if name is not None:
                self._follows(name, old, new)
                return
        self._found.append(Unit("changed", old.path, new.path))

    def _follows(self, key: Any, old: Node, new: Node) -> None:
        """Put a difference down to a name: one key, or words of an item that is known by several."""
        words = set(key[0]) if isinstance(key, tuple) else {key}
        for _, name in self._renames.names:
            if name in words:
                self._also.setdefault(name, []).append((old.path, new.path))


def _is_another(old: Node, new: Node) -> bool:
    """Say whether one thing may be said in two ways, `value` here and `ref` there: nothing but single values."""
    return all(node.children and all(child.children is None for child in node.children.values()) for node in (old, new))
