"""A YAML text with several documents into texts with one, in which everything stays where it is."""

from __future__ import annotations

import itertools
import re

# YAML 1.2, 9.1.2: three hyphens at the start of a line begin a document, also inside of a quoted or a block scalar.
_START = re.compile(r"(?m)^---(?=[ \t\r\n]|\Z)")
_OTHER = re.compile(r"[^\r\n]")


def single(text: str) -> list[str]:
    """Return a text for each document that says something, with blanks in place of those before.

    A text with one document, or none, is returned as it is.
    """
    starts = [0, *(match.start() for match in _START.finditer(text)), len(text)]
    said = [(start, end) for start, end in itertools.pairwise(starts) if _says(text[start:end])]
    if len(said) < 2:  # noqa: PLR2004  several
        return [text]
    return [_OTHER.sub(" ", text[:start]) + text[start:end] for start, end in said]


def documents(content: bytes) -> list[bytes]:
    """Return the same of what is not decoded yet."""
    try:
        return [text.encode() for text in single(content.decode("utf-8-sig"))] if b"\n---" in content else [content]
    except UnicodeDecodeError:
        return [content]


def _says(text: str) -> bool:
    """Say whether a document is more than its marks, directives and comments."""
    lines = (line.removeprefix("---").strip() for line in text.splitlines())
    return any(line and not line.startswith(("#", "%", "...")) for line in lines)
