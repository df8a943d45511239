"""Diagnostics into JSON for scripts: one document of version 1, the same keys always."""

import json
from collections.abc import Sequence
from typing import Any

from chuoigen.diagnostics import Diagnostic, Span

VERSION = 1
"""Version of the format: a number that grows when a key changes its meaning or goes."""


def render(diagnostics: Sequence[Diagnostic]) -> str:
    """Return {"version": 1, "diagnostics": [...]}, in ASCII, so that no encoding on the way can change it."""
    document = {"version": VERSION, "diagnostics": [_entry(diagnostic) for diagnostic in diagnostics]}
    return json.dumps(document, indent=2) + "\n"


def _entry(diagnostic: Diagnostic) -> dict[str, Any]:
    return {
        "rule": diagnostic.rule,
        "code": diagnostic.code,
        "severity": diagnostic.severity.value,
        **_place(diagnostic.span),
        "message": diagnostic.message,
        "help": diagnostic.help,
        "related": [{**_place(related.span), "message": related.message} for related in diagnostic.related],
    }


def _place(span: Span) -> dict[str, Any]:
    return {
        "file": span.file,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
    }
