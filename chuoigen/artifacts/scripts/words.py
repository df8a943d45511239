"""Keeps what is written into a script on its line, and each thing once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def comment(text: str) -> str:
    """Keep a comment on its line."""
    return re.sub(r"[\x00-\x1f\x7f]+", " ", text)


def unique(items: Iterable[str | None]) -> list[str]:
    """Return what is there, each item where it comes first."""
    return [item for item in dict.fromkeys(items) if item]
