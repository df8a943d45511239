"""What a command comes to: text for standard output, diagnostics, notes, and the exit status that they mean."""

import enum

from chuoigen.diagnostics import ChuoigenError, Diagnostic
from chuoigen.record import Record


class Status(enum.IntEnum):
    """Exit statuses."""

    CLEAN = 0
    FOUND = 1
    """Findings, or a difference."""
    UNUSABLE = 2
    """Wrong usage, or input that cannot be read."""
    BUG = 3
    INTERRUPTED = 130
    """By Ctrl-C: 128 and the number of SIGINT, as shells count."""


class Outcome(Record):
    """A command's outcome. `failures` are inputs or outputs that could not be used: their status goes before others."""

    text: str = ""
    diagnostics: tuple[Diagnostic, ...] = ()
    found: bool = False
    failures: tuple[ChuoigenError, ...] = ()
    checked: int = 0
    """How many specs were looked at, for the summary line."""

    @property
    def status(self) -> Status:
        """The exit status."""
        if self.failures:
            return Status.UNUSABLE
        return Status.FOUND if self.found else Status.CLEAN
