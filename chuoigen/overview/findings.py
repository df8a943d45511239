"""What is reported about a spec, and what somebody accepted in it with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuoigen import rules
from chuoigen.lint.rule import Ignore, ignores
from chuoigen.messages import Message, Texts, verbatim
from chuoigen.record import Record
from chuoigen.report.labels import label

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chuoigen.compiler import Judged
    from chuoigen.diagnostics import Diagnostic
    from chuoigen.messages import Reader

_say = Texts(__name__)


class Note(Record):
    """A finding, or an exception from a rule: its rules, a sentence, its place, what to do or why it is accepted."""

    kind: str
    title: str
    text: str
    place: str
    more: str


def reported(judged: Judged, reader: Reader) -> tuple[Note, ...]:
    """Return what stands against a spec."""
    return tuple(_finding(one, reader) for one in judged.diagnostics)


def _finding(one: Diagnostic, reader: Reader) -> Note:
    place = f"{one.span.file}:{one.span.line}"
    kind = label(one.severity.value, reader)
    return Note(kind, f"{one.code} {one.rule}", reader.text(one.words), place, reader.help(one.words))


def accepted(judged: Judged, reader: Reader) -> tuple[Note, ...]:
    """Return the comments that suppress a finding, each with its reason."""
    return tuple(
        Note("", reader.text(_named(ignore)), "; ".join(_titles(ignore, reader)), _place(ignore), ignore.reason)
        for ignore in _used(judged)
    )


def _used(judged: Judged) -> Iterator[Ignore]:
    spare = {one.span for one in judged.unused} | {
        one.span for one in judged.diagnostics if one.rule == rules.language.UNUSED_IGNORE.name
    }
    for document in judged.loaded.files:
        yield from (one for one in ignores(document) if one.reason and one.span not in spare)


def _named(ignore: Ignore) -> Message:
    return verbatim(", ".join(ignore.rules)) if ignore.rules else _say("every-rule")


def _titles(ignore: Ignore, reader: Reader) -> Iterator[str]:
    for name in ignore.rules:
        rule = rules.by_name(name)
        if rule is not None:
            yield reader.text(rule.title, "summary")


def _place(ignore: Ignore) -> str:
    return f"{ignore.span.file}:{ignore.line}"
