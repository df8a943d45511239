"""What a command comes to: text for standard output, diagnostics, notes, and the exit status that they mean."""

import enum
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from chuoigen.diagnostics import ChuoigenError, Diagnostic
from chuoigen.inputs.load import Loaded, Source
from chuoigen.messages import Message
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
    """A command's outcome. `failures` are inputs or outputs that could not be used: their status goes before others.

    `notes` say what a person should know beside the text; `sources` are the files that were read, by name: what is
    shown of them comes from there, and what may be a secret in them is masked in all that is said.
    """

    text: str = ""
    diagnostics: tuple[Diagnostic, ...] = ()
    found: bool = False
    failures: tuple[ChuoigenError, ...] = ()
    checked: int = 0
    """How many specs were looked at, for the summary line."""
    fixed: int = 0
    """How many fixes were made."""
    notes: tuple[Message, ...] = ()
    sources: Mapping[str, Source] = MappingProxyType({})

    @property
    def status(self) -> Status:
        """The exit status."""
        if self.failures:
            return Status.UNUSABLE
        return Status.FOUND if self.found else Status.CLEAN


def sources_of(loaded: Iterable[Loaded]) -> dict[str, Source]:
    """Return all files that make up specs, by name."""
    return {source.file: source for one in loaded for source in one.sources}
