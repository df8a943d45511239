"""What an unquoted scalar means in YAML 1.2, and what a syntax error means to a person."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, NamedTuple, Self

if TYPE_CHECKING:
    from collections.abc import Callable

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


class Explanation(NamedTuple):
    """A syntax error in plain words; `at_opening`: look where the parser's context began."""

    message: str
    help: str
    at_opening: bool = False


_ALIGN = "start all keys of one mapping in the same column; indent with spaces what belongs to a key"
_QUOTE = "put the whole value in quotes if it is text"
_QUOTES = 'put the whole value in quotes; inside \'…\' write a quote as two, inside "…" as \\"'
_BRACKETS = "close every [ with ] and every { with }, and put a comma between the items"
_COLON = 'write "key: value", with a space after the colon'


def explain(problem: str, text: str, index: int) -> Explanation:
    """Say in plain words what the parser's `problem` (its context and its problem) at text[index] is."""
    if text[index : index + 1] == "\t":
        return Explanation("a tab cannot indent YAML", "indent with spaces")
    for pattern, answer in _KNOWN:
        if re.search(pattern, problem):
            return answer if isinstance(answer, Explanation) else answer(text, index)
    return Explanation(f"this is not valid YAML ({problem})", "check the indentation, quotes and brackets")


def _before(text: str, index: int) -> str:
    return re.split(r"[\r\n]", text[:index])[-1]


def _explain_flow(text: str, index: int) -> Explanation:
    if not text[index:].strip():
        return Explanation("this list or mapping in brackets is never closed", _BRACKETS, at_opening=True)
    return Explanation(f'"{text[index]}" does not fit into this list or mapping in brackets', _BRACKETS)


def _explain_start(text: str, index: int) -> Explanation:
    return Explanation(f'a value cannot start with "{text[index : index + 1]}"', _QUOTE)


def _explain_colon(text: str, index: int) -> Explanation:
    if re.search(r":\s", _before(text, index)):
        return Explanation('a second ": " in one line', "quote a value that contains a colon and a space")
    return Explanation("a key cannot stand here: the value above has not ended", f"{_COLON}; {_ALIGN}")


def _explain_key(text: str, index: int) -> Explanation:
    if _before(text, index).strip(" -"):
        return Explanation("unexpected text after the end of a value", _QUOTES)
    if text.startswith(":", index):
        return Explanation("there is no key before this colon", _COLON)
    if text.startswith("-", index):
        return Explanation("a list item stands here among keys", "indent the list below the key that it belongs to")
    return Explanation("the indentation of this line matches none of the lines above", _ALIGN)


def _explain_item(text: str, index: int) -> Explanation:
    if _before(text, index).strip(" -"):
        return Explanation("unexpected text after the end of a value", _QUOTES)
    return Explanation('a list item ("- …") was expected here', "start all items of one list in the same column")


def _sign(sign: str, what: str) -> Explanation:
    return Explanation(f'"{sign}" starts {what} in YAML, and what follows does not fit', _QUOTE, at_opening=True)


# What the parser complains about, in the words of libyaml and of PyYAML's own parser; the first that fits.
_KNOWN: tuple[tuple[str, Explanation | Callable[[str, int], Explanation]], ...] = (
    (r"\balias\b", _sign("*", "an alias")),
    (r"\banchor\b", _sign("&", "an anchor")),
    (r"\btag\b", _sign("!", "a tag")),
    (
        r"quoted scalar: found unexpected",
        Explanation("this quoted text is never closed", "close it with the quote that opens it", at_opening=True),
    ),
    (
        r"escape|hexdecimal|chr\(\)",
        Explanation("double quotes know no such escape", "write \\\\ for a backslash, or use single quotes"),
    ),
    (
        r"could not find expected ':'",
        Explanation("this line is no key and no value", _COLON, at_opening=True),
    ),
    (
        r"sequence entries are not allowed",
        Explanation("a list item cannot start here", 'write each "- item" on its own line, below the key'),
    ),
    (r"mapping keys are not allowed", Explanation('"?" cannot start a value', _QUOTE)),
    (r"mapping values are not allowed", _explain_colon),
    (
        r"block scalar",
        Explanation("unexpected text after | or >", "start the text on the next line, indented below its key"),
    ),
    (
        r"incompatible|directive",
        Explanation("this YAML directive is not understood", "remove the line that starts with %"),
    ),
    (r"document start", Explanation("this line does not belong to what stands above it", _ALIGN)),
    (r"unexpected ':'", Explanation("this colon lacks a space behind it", _COLON)),
    (r"flow", _explain_flow),
    (r"cannot start|node content", _explain_start),
    (r"block collection", _explain_item),
    (r"block mapping", _explain_key),
)
