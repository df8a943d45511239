"""A YAML text with several documents into texts with one, whose lines stay where they are."""

from __future__ import annotations

import itertools
import re

# YAML 1.2, 9.1.2: three hyphens at the start of a line begin a document, also inside of a quoted or a block scalar.
_START = re.compile(rb"(?m)^---(?=[ \t\r\n]|\Z)")
_OTHER = re.compile(rb"[^\r\n]+")


def documents(content: bytes) -> list[bytes]:
    """Return a text for each document that says something, in which the lines of those before are empty.

    A text with one document, or none, is returned as it is.
    """
    starts = [0, *(match.start() for match in _START.finditer(content)), len(content)]
    said = [(start, end) for start, end in itertools.pairwise(starts) if _says(content[start:end])]
    if len(said) < 2:  # noqa: PLR2004  several
        return [content]
    return [_OTHER.sub(b"", content[:start]) + content[start:end] for start, end in said]


def _says(text: bytes) -> bool:
    """Say whether a document is more than its marks, directives and comments."""
    lines = (line.removeprefix(b"---").strip() for line in text.splitlines())
    return any(line and not line.startswith((b"#", b"%", b"...")) for line in lines)
