"""Where a YAML parser stopped, and the text around that place, into what is wrong there in plain words.

The parser's own sentences are never read: libyaml and PyYAML reword them from release to release (libyaml of PyYAML
6.0.4 did so for its depth limit, seen 2026-11-27), and the parser written in Python has sentences of its own. What is
used are the class of the error, its two marks, what the events before it left open, and the text itself. Where those
do not tell two faults apart, the message says what holds for both.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chuoigen.messages import Message, Texts
from chuoigen.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chuoigen.yaml.nodes import Node


class Stop(Record):
    """The parser's failure without its words; indices are None where the error has no such mark."""

    scanner: bool  # among characters, before the order of tokens was looked at
    at: int | None  # where it did not go on
    opening: int | None  # of the token or collection that was being read
    since: int  # where the last event ended
    nodes: Sequence[Node]  # that are open, innermost last


class Explanation(Record):
    """A fault, where it is in the text, and where the bracket around it is, if that helps."""

    start: int
    words: Message
    bracket: int | None = None


_say = Texts(__name__)

BRACKET_OPENED = _say("invalid-yaml.note.bracket")

_TAB = _say("invalid-yaml.tab")
_TAB_BETWEEN = _say("invalid-yaml.tab-between")
_UNCLOSED_QUOTE = _say("invalid-yaml.unclosed-quote")
_ESCAPE = _say("invalid-yaml.escape")
_NO_KEY = _say("invalid-yaml.no-key")
_ITEM_START = _say("invalid-yaml.item-start")
_KEY_SIGN = _say("invalid-yaml.key-sign")
_SECOND_COLON = _say("invalid-yaml.second-colon")
_KEY_IN_VALUE = _say("invalid-yaml.key-in-value")
_TIGHT_COLON = _say("invalid-yaml.tight-colon")
_BLOCK_HEADER = _say("invalid-yaml.block-header")
_DIRECTIVE = _say("invalid-yaml.directive")
_LONE_DIRECTIVE = _say("invalid-yaml.lone-directive")
_STRAY_LINE = _say("invalid-yaml.stray-line")
_UNCLOSED_BRACKET = _say("invalid-yaml.unclosed-bracket")
_MISFIT = _say("invalid-yaml.misfit", character="")  # which is known where it is said
_START = _say("invalid-yaml.start", character="")
_TRAILING = _say("invalid-yaml.trailing")
_KEYLESS_COLON = _say("invalid-yaml.keyless-colon")
_ITEM_AMONG_KEYS = _say("invalid-yaml.item-among-keys")
_INDENTATION = _say("invalid-yaml.indentation")
_ITEM_EXPECTED = _say("invalid-yaml.item-expected")
_UNKNOWN = _say("invalid-yaml.unknown")

_SIGNS = {"*": _say("invalid-yaml.alias"), "&": _say("invalid-yaml.anchor"), "!": _say("invalid-yaml.tag")}

# Escapes that both parsers take: https://yaml.org/spec/1.2.2/#57-escaped-characters (checked 2026-11-27).
_GOOD_ESCAPE = (
    r'\\(?:[0abt\tnvfre "/\\N_LP]|\r\n|[\r\n]|x[0-9A-Fa-f]{2}|u(?![Dd][89A-Fa-f])[0-9A-Fa-f]{4}'
    r"|U00(?:0[0-9A-Fa-f]|10)(?!(?<=00)[Dd][89A-Fa-f])[0-9A-Fa-f]{4})"
)
_HEADER = r"[|>](?:[+-][1-9]?|[1-9][+-]?)?[ \t]*"
_DIRECTIVE_LINE = r"(?:\A|(?<=[\r\n]))%"
# An anchor and a tag may stand before a bracket.
_BRACKET = r"(?:[&!]\S*\s+)*[\[{]"
# An alias, an anchor or a tag that is complete, and closed quotes.
_WHOLE_SIGN = r"[&*][\w-]+|!(?:!?[\w:/.-]+)?"
_CLOSED = r'"(?:\\[\s\S]|[^"\\])*+"|\'(?:\'\'|[^\'])*+\''
# The pieces of a text as far as they matter here: quoted text, a comment, a bracket, a run of plain text.
_PIECE = (
    r'"(?:\\(?:\r\n|[\s\S])|[^"\\])*"?'
    r"|'(?:''|[^'])*'?"
    r"|(?:\A|(?<=\s))#[^\r\n]*"
    r"|[\[\]{}]"
    r"|[,:](?=[\s\"'\[{])"
    r"|[^\s\[\]{},](?:(?!:\s|\s#)[^\r\n\[\]{},])*"
)


def explain(text: str, stop: Stop) -> Explanation:
    """Say in plain words what is wrong where the parser stopped."""
    index, words = _find(text, stop)
    bracket = _open_bracket(text, stop.nodes) if words is _MISFIT else None
    if words in (_MISFIT, _START):
        character = text[index : index + 1]
        words = words.replaced(arguments=(("character", character),)) if character.strip() else _UNKNOWN
    return Explanation(min(index, len(text.rstrip())), words, bracket)


def bracket_beyond(text: str, stop: Stop, depth: int) -> int | None:
    """Find the first bracket that lies more than `depth` deep, between the last event and where the parser stopped.

    A parser may give up on a depth before it has told of all that is open.
    """
    end = len(text) if stop.at is None else stop.at + 1
    count = len(stop.nodes)
    for piece in _pieces(text, stop.since, end):
        count += {"[": 1, "{": 1, "]": -1, "}": -1}.get(piece[0], 0)
        if count > depth:
            return piece.start()
    return None


def _find(text: str, stop: Stop) -> tuple[int, Message]:
    if stop.at is None:
        return _find_unmarked(text, stop.since)
    if text.startswith("\t", stop.at):
        return stop.at, _TAB_BETWEEN if _before(text, stop.at).strip(" -") else _TAB
    if not stop.scanner:
        return _find_misplaced(text, stop.at, stop)
    if stop.opening is None or stop.opening >= stop.at:
        return stop.at, _misplaced_sign(text, stop.at)
    return _find_unfinished(text, stop.at, stop.opening)


def _find_unmarked(text: str, since: int) -> tuple[int, Message]:
    """Look for what Python itself refuses in the parser written in Python: a code beyond Unicode, an endless number."""
    for piece in _pieces(text, since, len(text)):
        escape = _bad_escape(text, *piece.span()) if piece[0].startswith('"') else None
        if escape is not None:
            return escape, _ESCAPE
    directive = re.compile(_DIRECTIVE_LINE).search(text, since)
    if directive is not None:
        return directive.start(), _DIRECTIVE
    return since, _UNKNOWN


def _misplaced_sign(text: str, index: int) -> Message:
    """Say what a token does where none such can start."""
    match text[index : index + 1]:
        case "-":
            return _ITEM_START
        case "?":
            return _KEY_SIGN
        case ":":
            return _SECOND_COLON if re.search(r":\s", _before(text, index)) else _KEY_IN_VALUE
        case _:
            return _START


def _find_unfinished(text: str, index: int, opening: int) -> tuple[int, Message]:
    """Say what is wrong with the token that starts at `opening`: itself, or that no colon makes it a key."""
    sign, read = text[opening], text[opening:index]
    if sign in "\"'":
        return _find_quoted(text, index, opening)
    if sign in _SIGNS and not re.search(r"\s", read) and not (index == len(text) and re.fullmatch(_WHOLE_SIGN, read)):
        return opening, _SIGNS[sign]
    if sign in "|>" and not re.search(r"[\r\n]", read):
        header = re.compile(_HEADER).match(text, opening)
        return header.end() if header else index, _BLOCK_HEADER
    if sign == "%" and not _before(text, opening):
        return opening, _DIRECTIVE
    if text.startswith(":", index) and not re.search(r"[\r\n]", read) and not text[index + 1 : index + 2].isspace():
        return index, _TIGHT_COLON
    return opening, _NO_KEY


def _find_quoted(text: str, index: int, opening: int) -> tuple[int, Message]:
    closed = re.compile(_CLOSED).match(text, opening, index)
    end = closed.end() if closed else index + 1
    escape = _bad_escape(text, opening, end) if text[opening] == '"' else None
    if escape is not None:
        return escape, _ESCAPE
    return opening, _NO_KEY if closed else _UNCLOSED_QUOTE


def _bad_escape(text: str, start: int, end: int) -> int | None:
    """Find the first backslash in double quotes that starts no escape."""
    good = re.compile(_GOOD_ESCAPE)
    index = text.find("\\", start, end)
    while index >= 0:
        match = good.match(text, index)
        if match is None:
            return index if index + 1 < len(text) else None  # at the end of the text, what is missing is the quote
        index = text.find("\\", match.end(), end)
    return None


def _find_misplaced(text: str, index: int, stop: Stop) -> tuple[int, Message]:
    """Say what a token does among those before it."""
    if text.startswith("%", index) and not _before(text, index):
        return index, _DIRECTIVE
    if stop.opening is None:
        directive = re.compile(_DIRECTIVE_LINE).search(text, stop.since, index)
        return (directive.start(), _LONE_DIRECTIVE) if directive else (index, _STRAY_LINE)
    begun = stop.opening >= stop.since  # a value that has only begun; a collection was begun by an earlier event
    if begun and text.startswith("!", index):
        return index, _SIGNS["!"]
    bracket = _open_bracket(text, stop.nodes)
    if bracket is not None:
        return (index, _MISFIT) if text[index:].strip() else (bracket, _UNCLOSED_BRACKET)
    if begun and not text.startswith(":", index):
        return index, _START
    return index, _misplaced_in_block(text, index, stop)


def _misplaced_in_block(text: str, index: int, stop: Stop) -> Message:
    """Say what a token does that is no next item or key of the innermost collection."""
    if not stop.nodes or stop.opening is None:
        return _STRAY_LINE
    before = _before(text, index)
    if before.strip(" -"):
        return _TRAILING
    if stop.nodes[-1].kind == "list" and len(before) <= len(_before(text, stop.opening)):
        return _ITEM_EXPECTED
    return {":": _KEYLESS_COLON, "-": _ITEM_AMONG_KEYS}.get(text[index : index + 1], _INDENTATION)


def _open_bracket(text: str, nodes: Sequence[Node]) -> int | None:
    """Find the bracket around what comes next; `a: b` within [ ] is a mapping in flow style without one."""
    if not nodes or not nodes[-1].flow:
        return None
    bracket = re.compile(_BRACKET)
    matches = (bracket.match(text, node.start) for node in reversed(nodes))
    return next((match.end() - 1 for match in matches if match), None)


def _before(text: str, index: int) -> str:
    """Return what stands before `index` in its line."""
    return re.split(r"[\r\n]", text[:index])[-1]


def _pieces(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    return re.compile(_PIECE).finditer(text, start, end)
