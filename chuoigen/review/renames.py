"""Recognises what is there under another name: a container, volume or backend that is nearly as one that is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chuoigen.record import Record
from chuoigen.review.nodes import Node, scalars

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    from chuoigen.yaml.document import KeyPath

_SECTIONS = ("containers", "volumes", "backends")
_ALIKE = 0.5
"""The share of equal values from which two things are one under two names."""


class Renames(Record):
    """New names by section and old name."""

    names: Mapping[tuple[str, str], str]

    def key(self, above: KeyPath, key: Any, there: Container[Any]) -> Any:
        """Return the key that stands for one of the other side: the new name where only that one is there."""
        if len(above) == 1 and isinstance(key, str) and (str(above[0]), key) in self.names:
            return self.names[str(above[0]), key]
        if key in there:
            return key
        return self._elsewhere(key, there)

    def _elsewhere(self, key: Any, there: Container[Any]) -> Any:
        new = {old: name for (_, old), name in self.names.items()}
        if isinstance(key, tuple):  # an item of a list, known by several values
            other: Any = tuple(
                tuple(new.get(word, word) for word in part) if isinstance(part, tuple) else part for part in key
            )
        else:
            other = new.get(key, key)
        return other if other in there else key

    def follows(self, old: Any, new: Any) -> str | None:
        """Return the old name where two values differ by nothing but a name."""
        for (_, name), other in self.names.items():
            if isinstance(old, str) and isinstance(new, str) and _replaced(old, name, other) == new:
                return name
        return None

    def path(self, path: KeyPath, there: Container[KeyPath]) -> KeyPath:
        """Return the keys of a fact of the old side as the new side has it."""
        if not self.names or path in there:
            return path
        new = {old: name for (_, old), name in self.names.items()}

        def renamed(part: str | int) -> str | int:
            kind, colon, name = str(part).partition(":")  # `security-group:db` is known by a name, too
            return f"{kind}:{new.get(name, name)}" if colon else new.get(kind, part)

        other = tuple(map(renamed, path))
        return other if other in there else path


def _replaced(text: str, old: str, new: str) -> str:
    """Put one name in the place of another where it is the whole text, or the second word of a reference."""
    head, dot, tail = text.partition(".")
    if dot and tail.partition(".")[0] == old:
        return ".".join((head, new, *tail.split(".")[1:]))
    return new if text == old else text


def renames(old: Node, new: Node) -> Renames:
    """Pair what is gone with what is new in each section, the most alike first."""
    found: dict[tuple[str, str], str] = {}
    for section in _SECTIONS:
        before, after = _section(old, section), _section(new, section)
        gone, fresh = [n for n in before if n not in after], [n for n in after if n not in before]
        pairs = sorted(
            (
                (_alike(_values(old, section, one), _values(new, section, two)), one, two)
                for one in gone
                for two in fresh
            ),
            key=lambda pair: -pair[0],
        )
        for share, one, two in pairs:
            if share >= _ALIKE and (section, one) not in found and two not in found.values():
                found[section, one] = two
    return Renames(found)


def _section(root: Node, section: str) -> Mapping[str, Node]:
    holder = (root.children or {}).get(section)
    return (holder.children or {}) if holder is not None else {}


def _values(root: Node, section: str, name: str) -> set[tuple[Any, ...]]:
    """Return what tells a thing from others: its values and, of a volume, where it is mounted."""
    found = set(scalars(_section(root, section)[name]))
    if section == "volumes":
        for container, node in _section(root, "containers").items():
            mounts = (node.children or {}).get("mounts")
            mounted = (mounts.children or {}).get(name) if mounts is not None else None
            found |= {((container, *path), value) for path, value in scalars(mounted)} if mounted else set()
    return {(path, str(value)) for path, value in found if value != ()}


def _alike(one: set[tuple[Any, ...]], two: set[tuple[Any, ...]]) -> float:
    return len(one & two) / max(len(one), len(two), 1)
