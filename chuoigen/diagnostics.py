"""What the tool says about a spec: diagnostics with spans, and the one exception for everything else."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from chuoigen.messages import ENGLISH, Message
from chuoigen.record import Record

if TYPE_CHECKING:
    from chuoigen.fix import Fix


class Severity(enum.StrEnum):
    """How much a diagnostic matters; only errors stop a build."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Span(Record):
    """A stretch of source text: lines and columns from 1, columns in characters, the end exclusive."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int


class Related(Record):
    """A second place that explains a diagnostic, such as the first of two equal keys."""

    span: Span
    words: Message

    @property
    def message(self) -> str:
        """What is said about the place, in English."""
        return ENGLISH.text(self.words)


class Diagnostic(Record):
    """One finding of one rule: where it is, and what is said about it: what is wrong and what to do.

    `path` is that of the value in the data, of which no line is a part; `form` the format of the file, "" for a spec.
    """

    rule: str
    code: str
    severity: Severity
    span: Span
    words: Message
    related: tuple[Related, ...] = ()
    fix: Fix | None = None
    path: tuple[str | int, ...] = ()
    form: str = ""

    @property
    def message(self) -> str:
        """What is wrong, in English."""
        return ENGLISH.text(self.words)

    @property
    def help(self) -> str:
        """What to do about it, in English; "" where nothing is said."""
        return ENGLISH.help(self.words)

    @property
    def sort_key(self) -> tuple[str, int, int, str, str, str]:
        """Order for reports: by place first, then by code and what is said, so that output is stable."""
        return (self.span.file, self.span.line, self.span.column, self.code, self.words.id, repr(self.words.arguments))


class ChuoigenError(Exception):
    """Something is wrong outside the spec (a file, a folder, an argument); caught once, in the CLI."""

    def __init__(self, words: Message) -> None:
        """Keep what is said: what is wrong, and what to do about it."""
        super().__init__(words)
        self.words = words

    @property
    def message(self) -> str:
        """What is wrong, in English."""
        return ENGLISH.text(self.words)

    @property
    def help(self) -> str:
        """What to do about it, in English; "" where nothing is said."""
        return ENGLISH.help(self.words)

    def __str__(self) -> str:
        return self.message
