"""Diagnostics into SARIF 2.1.0, which code scanners read (OASIS standard with errata 01, checked 2026-11-23)."""

import os
import pathlib
import re
import urllib.parse
from collections.abc import Sequence
from typing import Any

from chuoigen.diagnostics import Diagnostic, Severity, Span
from chuoigen.lint.rule import Rule
from chuoigen.messages import ENGLISH, Reader
from chuoigen.report.json_list import JsonList
from chuoigen.report.labels import advised, label, reading
from chuoigen.report.view import View
from chuoigen.yaml.edits import Replacement

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_PLACEHOLDER = re.compile(r"\{(\d+)\}")


def render(diagnostics: Sequence[Diagnostic], rules: Sequence[Rule], *, view: View, reader: Reader = ENGLISH) -> str:
    """Return one SARIF log of one run, as `document` says."""
    return document(rules, reader).whole(diagnostics, view)


def document(rules: Sequence[Rule], reader: Reader) -> JsonList:
    """Return a SARIF log of one run, to be written result by result.

    `rules` are all rules. A diagnostic of another one makes it raise KeyError.
    """
    index = {rule.name: number for number, rule in enumerate(rules)}
    driver = {"name": "chuoigen", "rules": [_rule(rule, reader) for rule in rules]}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": []}
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return JsonList(log, lambda one, view, discreet: _result(one, index[one.rule], view, discreet), reader)


def _rule(rule: Rule, reader: Reader) -> dict[str, Any]:
    return {
        "id": rule.name,
        "name": "".join(word.capitalize() for word in rule.name.split("-")),
        "shortDescription": {"text": reader.text(rule.title, "summary")},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"code": rule.code},
    }


def _result(diagnostic: Diagnostic, index: int, view: View, reader: Reader) -> dict[str, Any]:
    reader = reading(diagnostic, reader)
    advice = f"\n{advised(diagnostic, reader)}" if reader.help(diagnostic.words) else ""
    result: dict[str, Any] = {
        "ruleId": diagnostic.rule,
        "ruleIndex": index,
        "level": _LEVELS[diagnostic.severity],
        "message": _message(reader.text(diagnostic.words) + advice),
        "locations": [{"physicalLocation": _location(diagnostic.span)}],
    }
    if diagnostic.related:
        result["relatedLocations"] = [
            {"physicalLocation": _location(related.span), "message": _message(reader.text(related.words))}
            for related in diagnostic.related
        ]
    replaced = view.replacements(diagnostic)
    if replaced and diagnostic.fix is not None:
        description = label("fix" if diagnostic.fix.safe else "unsafe-fix", reader)
        result["fixes"] = [{"description": {"text": description}, "artifactChanges": [_change(replaced)]}]
    return result


def _change(replaced: Sequence[Replacement]) -> dict[str, Any]:
    """Return the changes of one file (section 3.56): in each stretch that goes, the text that comes."""
    replacements = [
        {"deletedRegion": _location(one.span)["region"], "insertedContent": {"text": one.text}} for one in replaced
    ]
    return {"artifactLocation": {"uri": _uri(replaced[0].span.file)}, "replacements": replacements}


def _message(text: str) -> dict[str, str]:
    """Return a message whose braces are text: {0} would stand for an argument (section 3.11.5)."""
    return {"text": _PLACEHOLDER.sub(r"{{\1}}", text)}


def _location(span: Span) -> dict[str, Any]:
    region = {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }
    return {"artifactLocation": {"uri": _uri(span.file)}, "region": region}


def _uri(file: str) -> str:
    """Return a relative reference, or a file URI for an absolute path; bytes that are no text are kept as they are."""
    path = pathlib.PurePath(file)
    quoted = urllib.parse.quote(os.fsencode(path.as_posix()), safe="/")
    return f"file://{quoted}" if path.is_absolute() else quoted
