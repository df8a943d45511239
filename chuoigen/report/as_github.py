"""Diagnostics into workflow commands of GitHub Actions, which shows them as annotations of a pull request."""

from collections.abc import Sequence

from chuoigen.diagnostics import Diagnostic, Severity
from chuoigen.messages import ENGLISH, Reader
from chuoigen.report.labels import advised, reading
from chuoigen.report.terminal_text import escaped
from chuoigen.report.view import View

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}

# GitHub's own escapes (actions/toolkit, packages/core, command.ts, checked 2026-11-23): a property also ends at a comma
# and a colon. The percent sign comes first.
_DATA = (("%", "%25"), ("\r", "%0D"), ("\n", "%0A"))
_PROPERTY = (*_DATA, (":", "%3A"), (",", "%2C"))


def render(diagnostics: Sequence[Diagnostic], *, view: View, reader: Reader = ENGLISH) -> str:
    """Return one command a line: message, help and related places are the lines of one annotation."""
    reader = view.reader(reader)
    return "".join(f"{_command(diagnostic, reader)}\n" for diagnostic in diagnostics)


def _command(diagnostic: Diagnostic, reader: Reader) -> str:
    span = diagnostic.span
    properties = {"file": span.file, "line": str(span.line), "endLine": str(span.end_line)}
    if span.line == span.end_line:  # GitHub takes columns only for an annotation of one line
        properties |= {"col": str(span.column), "endColumn": str(span.end_column)}
    properties["title"] = f"{diagnostic.code} {diagnostic.rule}"
    listed = ",".join(f"{name}={_command_text(escaped(text), _PROPERTY)}" for name, text in properties.items())
    message = "\n".join(escaped(line) for line in _lines(diagnostic, reader))
    return f"::{_COMMANDS[diagnostic.severity]} {listed}::{_command_text(message, _DATA)}"


def _lines(diagnostic: Diagnostic, reader: Reader) -> list[str]:
    reader = reading(diagnostic, reader)
    advice = [advised(diagnostic, reader)] if reader.help(diagnostic.words) else []
    places = [
        f"{related.span.file}:{related.span.line}:{related.span.column}: {reader.text(related.words)}"
        for related in diagnostic.related
    ]
    return [reader.text(diagnostic.words), *advice, *places]


def _command_text(text: str, escapes: Sequence[tuple[str, str]]) -> str:
    for character, escape in escapes:
        text = text.replace(character, escape)
    return text
