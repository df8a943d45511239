"""What an unquoted scalar means in YAML 1.2."""

import math
import re
from typing import Self

# No cloud API takes a longer number, and int() of a million digits would take seconds.
MAX_DIGITS = 40

# The core schema: https://yaml.org/spec/1.2.2/#1032-tag-resolution (checked 2026-11-23); \d is wider.
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_NUMBER = re.compile(
    r"(?P<decimal>[-+]?[0-9]+)|0o(?P<octal>[0-7]+)|0x(?P<hexadecimal>[0-9a-fA-F]+)"
    r"|(?P<real>[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)"
    r"|(?P<special>[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))"
)
_RADIX = {"decimal": 10, "octal": 8, "hexadecimal": 16}


class Integer(int):
    """A whole number that remembers how it was typed, so that 010 stays 010."""

    written: str

    def __new__(cls, value: int, written: str = "") -> Self:
        """Make the number; without `written`, it is as Python writes it."""
        made = super().__new__(cls, value)
        made.written = written or str(int(value))
        return made


class Real(float):
    """A number with a fraction or an exponent that remembers how it was typed, so that 1.10 stays 1.10."""

    written: str

    def __new__(cls, value: float, written: str = "") -> Self:
        """Make the number; without `written`, it is as Python writes it."""
        made = super().__new__(cls, value)
        made.written = written or str(float(value))
        return made


Scalar = None | bool | Integer | Real | str


def read_plain(text: str) -> Scalar:
    """Give an unquoted scalar its meaning; OverflowError for more than MAX_DIGITS or beyond a double."""
    if text in _WORDS:
        return _WORDS[text]
    match = _NUMBER.fullmatch(text)
    if match is None or match.lastgroup is None:
        return text
    digits = match[match.lastgroup]
    if len(digits.lstrip("+-").replace(".", "", 1)) > MAX_DIGITS:
        raise OverflowError(text)
    if match.lastgroup in _RADIX:
        return Integer(int(digits, _RADIX[match.lastgroup]), text)
    if match.lastgroup == "special":
        return Real(float(digits.replace(".", "")), text)
    if math.isinf(value := float(digits)):
        raise OverflowError(text)
    return Real(value, text)


def kind_of(value: Scalar) -> str:
    """Name the YAML type of a value as its tag names it: null, bool, int, float or str."""
    if value is None:
        return "null"
    kinds: tuple[tuple[type, str], ...] = ((bool, "bool"), (int, "int"), (float, "float"))
    return next((name for kind, name in kinds if isinstance(value, kind)), "str")
