"""Text or bytes of a spec into checked text with lines, columns and comments, and the faults found in it."""

from __future__ import annotations

import codecs
import re
from bisect import bisect_right
from typing import NoReturn

from chuoigen.diagnostics import Diagnostic, Related, Severity, Span
from chuoigen.messages import Message, Texts
from chuoigen.record import Record
from chuoigen.yaml.unknown import Placeholder, hidden, placeholders

# A large spec has some 500 lines; the bound leaves room for generated ones and answers a bomb at once.
MAX_BYTES = 1 << 20

_say = Texts(__name__)

_CODES = {
    "invalid-yaml": "CG001",
    "duplicate-key": "CG002",
    "excessive-input": "CG003",
    "unusable-key": "CG004",
}
# YAML's printable characters (https://yaml.org/spec/1.2.2/#51-character-set, checked 2026-11-23), less a byte
# order mark in the middle and U+0085, U+2028 and U+2029, which a parser of YAML 1.1 takes for line breaks.
# Patterns stay text: compiling this one takes 5 ms, which only a file with other than plain characters is asked for.
_UNPRINTABLE = "[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
_UNPRINTABLE_ASCII = r"[^\t\n\r -~]"
_LINE_BREAK = r"\r\n|\r|\n"


class RefusedError(Exception):
    """The text cannot be read any further; the reason is among what was found in it."""


class Comment(Record):
    """A comment: its place from the number sign on, and its stripped text without that sign."""

    line: int
    column: int
    end_column: int
    text: str
    own_line: bool


class SourceText:
    """The text of one file with its line starts, and the diagnostics found so far, each once.

    `marked`: it began with a byte order mark, which is not in `text`. `kinds` are the placeholders that its format has;
    `unknown` are those in it, and `parsed` is the text without them, of the same length, for the parser.
    """

    def __init__(self, file: str, kinds: tuple[str, ...] = ()) -> None:
        self.file = file
        self.kinds = kinds
        self.text = self.parsed = ""
        self.marked = False
        self.unknown: tuple[Placeholder, ...] = ()
        self.starts = [0]
        self.found: dict[Diagnostic, None] = {}

    def read(self, source: str | bytes) -> None:
        """Take text or UTF-8 bytes of printable characters within the size limit; refuse all else."""
        size = len(source if isinstance(source, bytes) else source.encode("utf-8", "surrogatepass"))
        if size > MAX_BYTES:
            self.refuse(0, 0, _say("excessive-input", size=size, most=MAX_BYTES))
        self._take(source if isinstance(source, str) else self._decode(source))
        match = re.search(_UNPRINTABLE_ASCII if self.text.isascii() else _UNPRINTABLE, self.text)
        if match is not None:
            self.refuse(*match.span(), _say("invalid-yaml.character", code=f"{ord(match[0]):04X}"))

    def _take(self, text: str) -> None:
        self.text = text.removeprefix("\ufeff")  # editors do not count a byte order mark as a column
        self.marked = len(self.text) < len(text)
        self.unknown = placeholders(self.text, self.kinds)
        self.parsed = hidden(self.text, self.unknown) if self.unknown else self.text
        self.starts = [0, *(match.end() for match in re.finditer(_LINE_BREAK, self.text))]

    def _decode(self, data: bytes) -> str:
        marks = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)
        if data.startswith(marks) or b"\0\0" in (data[:4:2], data[1:4:2]):
            self.refuse(0, 0, _say("invalid-yaml.encoding"))
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError as error:
            self._take(data[: error.start].decode("utf-8"))
            index = len(self.text)
            self.refuse(index, index, _say("invalid-yaml.byte", byte=f"{data[error.start]:02X}"))

    def span(self, start: int, end: int) -> Span:
        """Turn two indices of the text into lines and columns."""
        line, end_line = bisect_right(self.starts, start), bisect_right(self.starts, end)
        column, end_column = start - self.starts[line - 1] + 1, end - self.starts[end_line - 1] + 1
        return Span(self.file, line, column, end_line, end_column)

    def report(self, start: int, end: int, words: Message, *, related: tuple[Related, ...] = ()) -> None:
        """Remember an error between two indices, once, however many aliases lead to it; its id begins with the rule."""
        rule = words.id.partition(".")[0]
        self.found[Diagnostic(rule, _CODES[rule], Severity.ERROR, self.span(start, end), words, related)] = None

    def refuse(self, start: int, end: int, words: Message) -> NoReturn:
        """Remember an error and read no further."""
        self.report(start, end, words)
        raise RefusedError

    def unknown_in(self, start: int, end: int) -> tuple[Placeholder, ...]:
        """Return the placeholders between two indices."""
        return tuple(one for one in self.unknown if start <= one.start < end)

    def comments(self, scalars: list[tuple[int, int]]) -> tuple[Comment, ...]:
        """List the comments; `scalars` holds the indices of where a number sign is text, in order."""
        found, index, skipped = [], 0, iter([*scalars, (len(self.text), len(self.text))])
        start, end = next(skipped)
        while (index := self.parsed.find("#", index)) >= 0:
            while end <= index:
                start, end = next(skipped)
            if start < index:
                index = end
            else:
                found.append(self._comment(index))
                index += found[-1].end_column - found[-1].column
        return tuple(found)

    def _comment(self, index: int) -> Comment:
        line = bisect_right(self.starts, index)
        end = self.starts[line] if line < len(self.starts) else len(self.text)
        written, column = self.text[index:end].rstrip(), index - self.starts[line - 1] + 1
        own_line = not self.text[self.starts[line - 1] : index].strip()
        return Comment(line, column, column + len(written), written[1:].strip(), own_line)
