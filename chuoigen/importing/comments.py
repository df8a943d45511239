"""The comments of a file that is imported, at the keys of the spec that they belong to.

A comment on lines of its own belongs to what stands below it, one behind a value to that value. What belongs to
something that is not carried over goes with it; what may be secret, or suppresses a finding, stays behind.
"""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, Any

from chuoigen.inputs.secret_forms import forms, names_secret

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chuoigen.yaml.document import Document, KeyPath
    from chuoigen.yaml.text import Comment

_OWN = "chuoigen:"


def comments_of(document: Document, data: Mapping[str, Any]) -> dict[KeyPath, str]:
    """Return the comments by their paths in the data of a spec, each a line; those at () belong to the whole file."""
    lines = _lines(document)
    content = _content(document)
    found: dict[KeyPath, list[str]] = {}
    for comment in document.comments:
        if not comment.text or comment.text.startswith(_OWN) or names_secret(comment.text) or any(forms(comment.text)):
            continue
        line = _next(comment, content) if comment.own_line else comment.line
        if not any(content[: line - 1]):
            found.setdefault((), []).append(comment.text)  # above the first line: about the whole file
        elif line in lines:
            found.setdefault(_known(lines[line], data), []).append(comment.text)
    return {path: "\n".join(texts) for path, texts in found.items()}


def leads(path: KeyPath, data: Mapping[str, Any]) -> bool:
    """Say whether a path leads to a key of the data, or to the whole."""
    return _known(path, data) == path


def _lines(document: Document) -> dict[int, KeyPath]:
    """Return the outermost path that begins on a line of the file, by the lines."""
    found: dict[int, KeyPath] = {}
    for path, place in document.places.items():
        span = place.key or place.value
        if span.file == document.file and path and len(path) < len(found.get(span.line, (*path, ""))):
            found[span.line] = path
    return found


def _content(document: Document) -> list[bool]:
    """Return for each line of the file whether it is more than blanks and a comment."""
    own = {comment.line for comment in document.comments if comment.own_line}
    return [bool(line.strip()) and number not in own for number, line in enumerate(document.text.splitlines(), 1)]


def _next(comment: Comment, content: list[bool]) -> int:
    return comment.line + 1 + sum(1 for _ in takewhile(lambda said: not said, content[comment.line :]))


def _known(path: KeyPath, data: Mapping[str, Any]) -> KeyPath:
    """Return a path, or what it lies in, that leads to a key of the data."""
    value: Any = data
    for length, part in enumerate(path):
        if not isinstance(value, dict) or part not in value:
            return path[:length]
        value = value[part]
    return path
