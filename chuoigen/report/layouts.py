"""The forms in which findings are written for machines, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chuoigen.diagnostics import Diagnostic
    from chuoigen.messages import Reader
    from chuoigen.report.view import View


class Layout(Protocol):
    """Findings in parts, as they come."""

    opening: str

    def findings(self, diagnostics: Sequence[Diagnostic], view: View) -> str:
        """Return the text of the next findings; `view` is what may be shown of the files that they are about."""
        ...

    def closing(self) -> str:
        """Return what stands behind the last one."""
        ...


class _Lines:
    """A form without anything around the findings."""

    opening = ""

    def __init__(self, findings: Callable[[Sequence[Diagnostic], View], str]) -> None:
        self.findings = findings

    def closing(self) -> str:
        return ""


def layout(name: str, reader: Reader) -> Layout:
    """Return the form of that name: json, github, gitlab or sarif. Raises KeyError for another one."""
    return _LAYOUTS[name](reader)


def _json(reader: Reader) -> Layout:
    from chuoigen.report import as_json

    return as_json.document(reader)


def _github(reader: Reader) -> Layout:
    from chuoigen.report import as_github

    return _Lines(lambda diagnostics, view: as_github.render(diagnostics, view=view, reader=reader))


def _gitlab(reader: Reader) -> Layout:
    from chuoigen.report import as_gitlab

    return as_gitlab.document(reader)


def _sarif(reader: Reader) -> Layout:
    from chuoigen.report import as_sarif
    from chuoigen.rules import everything

    return as_sarif.document(everything(elsewhere=True), reader)


_LAYOUTS: dict[str, Callable[[Reader], Layout]] = {
    "json": _json,
    "github": _github,
    "gitlab": _gitlab,
    "sarif": _sarif,
}
