"""A JSON document that ends in a list, written as its entries come: a long run is never in memory as a whole."""

import json
import textwrap
from collections.abc import Callable, Sequence
from typing import Any

from chuoigen.diagnostics import Diagnostic

_INDENT = 2


class Listed:
    """A document whose last list has an entry for each finding, in three parts: opening, findings, closing.

    Together they are what json.dumps would have written with an indent of 2, in ASCII, so that no encoding on the way
    can change it.
    """

    def __init__(self, document: dict[str, Any], entry: Callable[[Diagnostic], dict[str, Any]]) -> None:
        """Take the document with nothing in its last list, and what makes an entry."""
        self.opening, _, self._tail = json.dumps(document, indent=_INDENT).rpartition("[]")
        line = self.opening.rpartition("\n")[2]
        self._outer = line[: len(line) - len(line.lstrip())]
        self._entry = entry
        self._empty = True

    def findings(self, diagnostics: Sequence[Diagnostic]) -> str:
        """Return the text of the next entries."""
        parts = []
        for diagnostic in diagnostics:
            text = json.dumps(self._entry(diagnostic), indent=_INDENT)
            parts += ["[" if self._empty else ",", "\n", textwrap.indent(text, self._outer + " " * _INDENT)]
            self._empty = False
        return "".join(parts)

    def closing(self) -> str:
        """Return the text behind the last entry."""
        end = "[]" if self._empty else f"\n{self._outer}]"
        return f"{end}{self._tail}\n"

    def whole(self, diagnostics: Sequence[Diagnostic]) -> str:
        """Return the document with these findings, and no more."""
        return self.opening + self.findings(diagnostics) + self.closing()
