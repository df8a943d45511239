"""Single values as docker compose writes them: durations, amounts of bytes, command lines, variables.

compose-spec, "Specifying durations", "Specifying byte values" and "Interpolation", checked 2026-11-28.
"""

from __future__ import annotations

import math
import re
import shlex
from typing import Any

from chuoigen.yaml.scalars import Integer
from chuoigen.yaml.unknown import Unknown, hidden, placeholders, restored

KINDS = ("compose",)
"""The placeholders of the format: `$NAME` and `${NAME:-default}`."""

_DURATION = re.compile(r"(?:[0-9]+(?:\.[0-9]+)?(?:us|ms|s|m|h))+")
_SECONDS = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
_BYTES = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?([kmgt]?)(?:i?b)?", re.IGNORECASE)
_POWERS = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4}
_TRUTH = {
    **dict.fromkeys(("true", "yes", "y", "on", "1"), True),
    **dict.fromkeys(("false", "no", "n", "off", "0"), False),
}
_LONGEST = 40
"""Characters of a number."""


def variable(text: str) -> Unknown:
    """Return a text that compose fills in, whose hint is the name of its first variable."""
    found = placeholders(text, KINDS)
    name = re.search(r"[A-Za-z_][A-Za-z0-9_]*", found[0].text) if found else None
    return Unknown(text, name[0] if name else "")


def settled(value: Any) -> Any:
    """Return data as compose takes it once variables are filled in: `$$` is a dollar sign, a variable is unknown."""
    if isinstance(value, Unknown):
        return variable(value)
    if isinstance(value, str):
        return value.replace("$$", "$")
    if isinstance(value, dict):
        return {key: settled(child) for key, child in value.items()}
    return [settled(child) for child in value] if isinstance(value, list) else value


def piece(text: str) -> str:
    """Return a part of a text: unknown where it still holds a variable."""
    return variable(text) if placeholders(text, KINDS) else text


def parted(value: str, separator: str) -> list[str]:
    """Split a text at a character that stands outside of variables; a part with a variable is unknown."""
    if not isinstance(value, Unknown):
        return value.split(separator)
    found = list(placeholders(value, KINDS))
    parts = []
    for part in hidden(value, found).split(separator):
        inside = [found.pop(0) for _ in range(_number_of_hidden(part, found))]
        parts.append(piece(restored(part, inside)))
    return parts


def _number_of_hidden(part: str, found: list[Any]) -> int:
    """Say how many of the next placeholders stand in a part of the text in which they are hidden."""
    length, number = part.count("\ue000"), 0
    while length > 0 and number < len(found):
        length -= found[number].end - found[number].start
        number += 1
    return number


def words(line: str) -> list[str] | None:
    """Split a command line as a shell does, without running anything; None where a quote is not closed."""
    found = list(placeholders(line, KINDS)) if isinstance(line, Unknown) else []
    try:
        split = shlex.split(hidden(line, found))
    except ValueError:
        return None
    return [piece(restored(word, [found.pop(0) for _ in range(_number_of_hidden(word, found))])) for word in split]


def seconds(value: Any) -> float | None:
    """Return the seconds of a duration, `1m30s` or `500ms`; None where it is none."""
    text = str(value)
    if len(text) > _LONGEST or not _DURATION.fullmatch(text):
        return None
    return sum(float(amount) * _SECONDS[unit] for amount, unit in re.findall(r"([0-9.]+)(us|ms|s|m|h)", text))


def mebibytes(value: Any) -> float | None:
    """Return the MiB of an amount of bytes, `512m`, `1gb` or a plain number; None where it is none."""
    text = str(getattr(value, "written", value))
    match = _BYTES.fullmatch(text) if len(text) <= _LONGEST else None
    return float(match[1]) * 1024 ** (_POWERS[match[2].lower()] - 2) if match else None


def number(value: Any) -> float | None:
    """Return a number that may be in quotes; None where it is none."""
    text = str(getattr(value, "written", value))
    known = len(text) <= _LONGEST and re.fullmatch(r"[0-9]+(?:\.[0-9]+)?|\.[0-9]+", text)
    return float(text) if known and not isinstance(value, bool) else None


def truth(value: Any) -> bool | None:
    """Return a truth value that may be a word; None where it is none."""
    return value if isinstance(value, bool) else _TRUTH.get(str(value).lower())


def whole(amount: float) -> Integer:
    """Return the next whole number that is not less."""
    return Integer(math.ceil(amount))


def text(value: Any) -> str:
    """Return a scalar as the text that compose makes of it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else str(int(value) if isinstance(value, int) else float(value))
