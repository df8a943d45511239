"""Plain data into the text of a YAML file as a person lays one out: what is small on one line, the rest in blocks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from chuoigen.yaml.unknown import Unknown
from chuoigen.yaml.writing import written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from chuoigen.yaml.document import KeyPath

_WIDTH = 110
"""Columns of a line on which a mapping or a list may stand."""
_LEAVES = 6
"""Values of a mapping that stands on one line."""
_DEPTH = 2
"""Mappings in one another on one line."""
_NOT_LITERAL = re.compile("[^ -~\n\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]|[ \t](?:\n|\\Z)|\\A[ \n]|\n\n\\Z")
"""What a block of literal text cannot hold, or not so that it can be seen."""


def laid_out(data: Mapping[str, Any], *, comments: Mapping[KeyPath, str], tall: Callable[[KeyPath, Any], bool]) -> str:
    """Return the text of a file with these keys in this order; a blank line parts what takes several lines.

    `comments` stand above the keys at their paths, a line for each of theirs. What is `tall`, by its path and itself,
    never stands on one line.
    """
    layout = _Layout(comments, tall)
    blocks = [list(layout.entry(key, value, (key,), "")) for key, value in data.items()]
    lines: list[str] = []
    for index, block in enumerate(blocks):
        if index and (len(block) > 1 or len(blocks[index - 1]) > 1):
            lines.append("")
        lines += block
    return "".join(f"{line}\n" for line in lines)


class _Layout:
    def __init__(self, comments: Mapping[KeyPath, str], tall: Callable[[KeyPath, Any], bool]) -> None:
        self._comments = comments
        self._tall = tall

    def entry(self, key: str, value: Any, path: KeyPath, indent: str) -> Iterator[str]:
        """Yield the lines of a key and its value."""
        for line in self._comments.get(path, "").splitlines():
            yield f"{indent}# {line}".rstrip()
        head = f"{indent}{written(key)}:"
        if self._is_flat(value, path, head):
            yield f"{head} {written(value)}"
        elif isinstance(value, str):
            yield f"{head} {'|' if value.endswith(chr(10)) else '|-'}"
            yield from _literal(value, f"{indent}  ")
        elif isinstance(value, dict):
            yield head
            for name, child in value.items():
                yield from self.entry(name, child, (*path, name), f"{indent}  ")
        else:
            yield head
            for index, item in enumerate(value):
                yield from self._item(item, (*path, index), f"{indent}  ")

    def _item(self, value: Any, path: KeyPath, indent: str) -> Iterator[str]:
        if self._is_flat(value, path, f"{indent}-"):
            yield f"{indent}- {written(value)}"
        elif isinstance(value, str):
            yield f"{indent}- {'|' if value.endswith(chr(10)) else '|-'}"
            yield from _literal(value, f"{indent}  ")
        elif isinstance(value, dict):
            lines = (
                line for key, child in value.items() for line in self.entry(key, child, (*path, key), f"{indent}  ")
            )
            for index, line in enumerate(lines):
                yield line if index else f"{indent}- {line.lstrip()}"
        else:  # no key of the language takes a list in a list; ECS's own members may
            yield f"{indent}- {written(value)}"

    def _is_flat(self, value: Any, path: KeyPath, head: str) -> bool:
        """Say whether a value stands behind its key on one line."""
        if isinstance(value, str) and not isinstance(value, Unknown):
            return "\n" not in value or _NOT_LITERAL.search(value) is not None
        if not isinstance(value, dict | list) or not value:
            return True
        if isinstance(value, dict) and (self._tall(path, value) or _leaves(value) > _LEAVES or _depth(value) > _DEPTH):
            return False
        if any(self._comments.get(below) for below in self._comments if below[: len(path)] == path and below != path):
            return False
        return not _has_lines(value) and len(head) + 1 + len(written(value)) <= _WIDTH


def _literal(text: str, indent: str) -> Iterator[str]:
    return (f"{indent}{line}" if line else "" for line in text.removesuffix("\n").split("\n"))


def _leaves(value: Any) -> int:
    return sum(map(_leaves, value.values())) if isinstance(value, dict) else 1


def _depth(value: Any) -> int:
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return max(map(_depth, children), default=0) + isinstance(value, dict)


def _has_lines(value: Any) -> bool:
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return (isinstance(value, str) and "\n" in value) or any(map(_has_lines, children))
