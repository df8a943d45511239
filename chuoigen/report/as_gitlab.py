"""Diagnostics into a Code Quality report of GitLab, which a merge request shows at their lines.

Format: "Code Quality report format" in GitLab's documentation of Code Quality, checked 2026-11-28.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from chuoigen.diagnostics import Diagnostic, Severity
from chuoigen.messages import ENGLISH, Reader
from chuoigen.report.json_list import JsonList
from chuoigen.report.labels import advised, reading
from chuoigen.report.terminal_text import escaped
from chuoigen.report.view import View

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def render(diagnostics: Sequence[Diagnostic], *, view: View, reader: Reader = ENGLISH) -> str:
    """Return the whole report."""
    return document(reader).whole(diagnostics, view)


def document(reader: Reader) -> JsonList:
    """Return the report, to be written finding by finding."""
    seen: Counter[str] = Counter()

    def entry(diagnostic: Diagnostic, _: View, reader: Reader) -> dict[str, Any]:
        print_ = _fingerprint(diagnostic)
        seen[print_] += 1
        return _entry(diagnostic, f"{print_}-{seen[print_]}", reading(diagnostic, reader))

    return JsonList([], entry, reader)


def _entry(diagnostic: Diagnostic, fingerprint: str, reader: Reader) -> dict[str, Any]:
    advice = f" ({advised(diagnostic, reader)})" if reader.help(diagnostic.words) else ""
    return {
        "description": escaped(reader.text(diagnostic.words) + advice),
        "check_name": f"{diagnostic.code} {diagnostic.rule}",
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[diagnostic.severity],
        "location": {
            "path": diagnostic.span.file,
            "lines": {"begin": diagnostic.span.line, "end": diagnostic.span.end_line},
        },
    }


def _fingerprint(diagnostic: Diagnostic) -> str:
    """Return what a finding is known by when its line moves; GitLab shows only one of several that have the same."""
    known = (diagnostic.span.file, diagnostic.code, diagnostic.words.id, diagnostic.path)
    return hashlib.sha256(json.dumps(known).encode()).hexdigest()[:32]
