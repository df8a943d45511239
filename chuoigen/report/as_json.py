"""Diagnostics into JSON for scripts: one document of version 1, the same keys always."""

from collections.abc import Sequence
from typing import Any

from chuoigen.diagnostics import Diagnostic, Span
from chuoigen.messages import ENGLISH, Argument, InLanguages, Key, Message, Reader
from chuoigen.report.json_list import JsonList
from chuoigen.report.labels import reading
from chuoigen.report.view import View

VERSION = 1
"""Version of the format: a number that grows when a key changes its meaning or goes."""


def render(diagnostics: Sequence[Diagnostic], *, view: View, reader: Reader = ENGLISH) -> str:
    """Return {"version": 1, "diagnostics": [...]}."""
    return document(reader).whole(diagnostics, view)


def document(reader: Reader) -> JsonList:
    """Return the document, to be written finding by finding."""
    return JsonList({"version": VERSION, "diagnostics": []}, _entry, reader)


def _entry(diagnostic: Diagnostic, view: View, reader: Reader) -> dict[str, Any]:
    reader = reading(diagnostic, reader)
    return {
        "rule": diagnostic.rule,
        "code": diagnostic.code,
        "severity": diagnostic.severity.value,
        **_place(diagnostic.span),
        "message": reader.text(diagnostic.words),
        "help": reader.help(diagnostic.words),
        "message_id": diagnostic.words.id if diagnostic.words.module else "",
        "arguments": {name: _value(value, reader) for name, value in diagnostic.words.arguments},
        "related": [{**_place(related.span), "message": reader.text(related.words)} for related in diagnostic.related],
        "fixes": _fixes(diagnostic, view),
    }


def _fixes(diagnostic: Diagnostic, view: View) -> list[dict[str, Any]]:
    """Return the fix of a diagnostic, where it has one: new text for stretches of one file, made together."""
    edits = [{**_place(one.span), "text": one.text} for one in view.replacements(diagnostic)]
    return [{"safe": diagnostic.fix is not None and diagnostic.fix.safe, "edits": edits}] if edits else []


def _value(argument: Argument, reader: Reader) -> Any:
    """Return an argument as JSON: a key in the words of the file, a nested message as its text."""
    if isinstance(argument, tuple):
        return [_value(item, reader) for item in argument]
    if isinstance(argument, Key):
        return reader.words.word(argument.path)
    if isinstance(argument, InLanguages):
        return argument.text(reader.language)
    if isinstance(argument, Message):
        return reader.text(argument)
    return reader.raw(argument) if isinstance(argument, str) else argument


def _place(span: Span) -> dict[str, Any]:
    return {
        "file": span.file,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
    }
