"""A JSON document that ends in a list, written as its entries come: a long run is never in memory as a whole."""

import json
import textwrap
from collections.abc import Callable, Sequence
from typing import Any

from chuoigen.diagnostics import Diagnostic
from chuoigen.messages import Reader
from chuoigen.report.view import View

_INDENT = 2

Entry = Callable[[Diagnostic, View, Reader], dict[str, Any]]
"""Makes an entry, for a reader who sees no secret."""


class JsonList:
    """A document whose last list has an entry for each finding, in three parts: opening, findings, closing.

    Together they are what json.dumps would have written with an indent of 2, in ASCII, so that no encoding on the way
    can change it.
    """

    def __init__(self, document: dict[str, Any] | list[Any], entry: Entry, reader: Reader) -> None:
        """Take the document with nothing in its last list, what makes an entry, and who reads it."""
        self.opening, _, self._tail = json.dumps(document, indent=_INDENT).rpartition("[]")
        line = self.opening.rpartition("\n")[2]
        self._outer = line[: len(line) - len(line.lstrip())]
        self._entry = entry
        self._reader = reader
        self._empty = True

    def findings(self, diagnostics: Sequence[Diagnostic], view: View) -> str:
        """Return the text of the next entries; `view` is what may be shown of the files that they are about."""
        parts = []
        reader = view.reader(self._reader)
        for diagnostic in diagnostics:
            text = json.dumps(self._entry(diagnostic, view, reader), indent=_INDENT)
            parts += ["[" if self._empty else ",", "\n", textwrap.indent(text, self._outer + " " * _INDENT)]
            self._empty = False
        return "".join(parts)

    def closing(self) -> str:
        """Return the text behind the last entry."""
        end = "[]" if self._empty else f"\n{self._outer}]"
        return f"{end}{self._tail}\n"

    def whole(self, diagnostics: Sequence[Diagnostic], view: View) -> str:
        """Return the document with these findings, and no more."""
        return self.opening + self.findings(diagnostics, view) + self.closing()
