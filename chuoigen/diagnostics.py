"""What the tool says about a spec: diagnostics with spans, and the one exception for everything else."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from chuoigen.record import Record


class Severity(enum.StrEnum):
    """How much a diagnostic matters; only errors stop a build."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of source text: lines and columns from 1, columns in characters, the end exclusive."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int


class Related(Record):
    """A second place that explains a diagnostic, such as the first of two equal keys."""

    span: Span
    message: str


class Diagnostic(Record):
    """One finding of one rule: where it is, what is wrong and, in `help`, what to do about it."""

    rule: str
    code: str
    severity: Severity
    span: Span
    message: str
    help: str = ""
    related: tuple[Related, ...] = ()

    @property
    def sort_key(self) -> tuple[str, int, int, str, str]:
        """Order for reports: by place first, then by code and message, so that output is stable."""
        return (self.span.file, self.span.line, self.span.column, self.code, self.message)


class ChuoigenError(Exception):
    """Something is wrong outside the spec (a file, a folder, an argument); caught once, in the CLI."""

    def __init__(self, message: str, help: str = "") -> None:  # noqa: A002 - the same word as in Diagnostic
        """Keep the one-sentence message and what to do about it."""
        super().__init__(message)
        self.message = message
        self.help = help
