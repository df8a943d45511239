"""What a command comes to, for a report of it: text, messages, diagnostics, and the exit status that they mean."""

import enum
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from chuoigen.diagnostics import ChuoigenError, Diagnostic
from chuoigen.inputs.load import Loaded, Source
from chuoigen.messages import Message
from chuoigen.record import Record

if TYPE_CHECKING:
    from chuoigen.report.reviews import Review


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
    """What a command comes to, for one spec or for all of a run.

    `failures` are inputs or outputs that could not be used: their status goes before others. `sources` are the files
    that were read, by name: what is shown of them comes from there, and what may be a secret in them is masked in all
    that is said.
    """

    file: str = ""
    """The spec that this is about; "" for all of a run, and where it is about none."""
    text: str = ""
    """For standard output, as it is."""
    difference: str = ""
    """The same, a unified diff."""
    reviews: "tuple[Review, ...]" = ()
    """What comparisons found, to be put into a form for standard output."""
    said: tuple[Message, ...] = ()
    """For standard output, a line each, in the reader's language."""
    notes: tuple[Message, ...] = ()
    """What a person should know beside the output."""
    diagnostics: tuple[Diagnostic, ...] = ()
    found: bool = False
    failures: tuple[ChuoigenError, ...] = ()
    checked: int = 0
    """How many specs were looked at."""
    fixed: int = 0
    """How many fixes were made."""
    others: int = 0
    """How many YAML files were passed over, since they are no specs."""
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


Tell = Callable[[Outcome, int, int], None]
"""Is told what one spec came to, its number from 1, and how many specs there are."""


_LISTS = ("reviews", "said", "notes", "diagnostics", "failures")


def together(outcomes: Iterable[Outcome]) -> Outcome:
    """Return what all specs of a run came to. What the parts do not hold takes no memory, however many there are."""
    lists: dict[str, list[Any]] = {name: [] for name in _LISTS}
    texts: dict[str, list[str]] = {"text": [], "difference": []}
    sources: dict[str, Source] = {}
    found, checked, others = False, 0, 0
    for one in outcomes:
        for name, whole in lists.items():
            whole.extend(getattr(one, name))
        for name, parts in texts.items():
            if part := getattr(one, name):
                parts.append(part)
        sources.update(one.sources)
        found, checked, others = found or one.found, checked + one.checked, others + one.others
    whole_lists: dict[str, Any] = {name: tuple(whole) for name, whole in lists.items()}
    whole_texts: dict[str, Any] = {name: "".join(parts) for name, parts in texts.items()}
    return Outcome(found=found, checked=checked, others=others, sources=sources, **whole_lists, **whole_texts)
