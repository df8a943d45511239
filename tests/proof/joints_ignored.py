"""What a .dockerignore keeps out of a context, as Docker reads it."""

from __future__ import annotations

import fnmatch
import re

# What must not get into any image.
UNWANTED = (
    ".git/config",
    ".github/w.yml",
    ".gitignore",
    ".env",
    "a/.env.prod",
    "a/key.pem",
    "x.key",
)


def refused(path: str, patterns: list[str]) -> bool:
    out = False
    for pattern in patterns:
        if matches(path, pattern.removeprefix("!")):
            out = not pattern.startswith("!")
    return out


def matches(path: str, pattern: str) -> bool:
    """Say whether a pattern of .dockerignore matches the path or a folder that it is in; **/ is any depth."""
    parts = path.split("/")
    heads = ["/".join(parts[: number + 1]) for number in range(len(parts))]
    plain = re.sub(r"^\*\*/", "", pattern)
    if plain == pattern:
        return any(fnmatch.fnmatchcase(head, pattern) for head in heads)
    return any(
        fnmatch.fnmatchcase("/".join(head.split("/")[skip:]), plain)
        for head in heads
        for skip in range(head.count("/") + 1)
    )
