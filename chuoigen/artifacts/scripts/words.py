"""Keeps what is written into a script on its line."""

import re


def comment(text: str) -> str:
    """Keep a comment on its line."""
    return re.sub(r"[\x00-\x1f\x7f]+", " ", text)
