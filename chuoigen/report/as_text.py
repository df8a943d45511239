"""Diagnostics into text for a person: place, message, the line with carets, help, and the other places involved."""

from collections.abc import Iterator, Sequence

from chuoigen.diagnostics import Diagnostic, Severity, Span
from chuoigen.messages import ENGLISH, Reader
from chuoigen.report.excerpt import excerpt
from chuoigen.report.labels import label, reading
from chuoigen.report.terminal_text import escaped
from chuoigen.report.view import View

_COLOURS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.INFO: "36"}
_BOLD = "1"


def render(
    diagnostics: Sequence[Diagnostic],
    *,
    view: View,
    colour: bool,
    quiet: frozenset[str] = frozenset(),
    reader: Reader = ENGLISH,
) -> str:
    """Return a paragraph for each diagnostic, with an empty line behind each.

    `view` is what may be shown of the files; for the rules about secrets, `quiet`, no line is shown at all.
    """
    page = _Page(view, view.reader(reader), colour=colour, quiet=quiet)
    return "".join(f"{line}\n" for diagnostic in diagnostics for line in (*page.paragraph(diagnostic), ""))


class _Page:
    """What all paragraphs share: the files, the colours, what is kept quiet."""

    def __init__(self, view: View, reader: Reader, *, colour: bool, quiet: frozenset[str]) -> None:
        self.view = view
        self.reader = reader
        self.colour = colour
        self.quiet = quiet

    def paragraph(self, diagnostic: Diagnostic) -> Iterator[str]:
        severity = diagnostic.severity
        reader = reading(diagnostic, self.reader)
        colour = _COLOURS[severity]
        shown = diagnostic.rule not in self.quiet
        title = self.paint(f"{label(severity.value, self.reader)}[{diagnostic.code}]", f"{_BOLD};{colour}")
        yield f"{self.place(diagnostic.span)}: {title} {diagnostic.rule}: {escaped(reader.text(diagnostic.words))}"
        if shown:
            yield from self.excerpt(diagnostic.span, colour)
        advice = reader.help(diagnostic.words)
        if advice:
            yield f"  {self.paint(label('help', self.reader), _BOLD)}: {escaped(advice)}"
        for related in diagnostic.related:
            note = self.paint(label("note", self.reader), _BOLD)
            yield f"  {self.place(related.span)}: {note}: {escaped(reader.text(related.words))}"
            if shown:
                yield from self.excerpt(related.span, _COLOURS[Severity.INFO])

    def place(self, span: Span) -> str:
        return self.paint(f"{escaped(span.file)}:{span.line}:{span.column}", _BOLD)

    def excerpt(self, span: Span, colour: str) -> Iterator[str]:
        """Yield the first line of a span with carets below it; nothing when the file is not at hand any more."""
        lines = self.view.lines(span.file)
        if not 1 <= span.line <= len(lines):
            return
        line = lines[span.line - 1]
        end = span.end_column - 1 if span.end_line == span.line else len(line)
        part = excerpt(line, (span.column - 1, end), self.view.masked(span.file, span.line))
        number = f"{span.line:>5}"
        yield f"{number} | {part.text}".rstrip()
        yield f"{' ' * len(number)} | {' ' * part.offset}{self.paint('^' * part.width, colour)}"

    def paint(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour else text
