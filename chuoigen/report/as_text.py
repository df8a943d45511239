"""Diagnostics into text for a person: place, message, the line with carets, help, and the other places involved."""

from collections.abc import Callable, Iterator, Sequence

from chuoigen.diagnostics import Diagnostic, Severity, Span
from chuoigen.messages import ENGLISH, Reader
from chuoigen.report.excerpt import excerpt
from chuoigen.report.labels import label
from chuoigen.report.secretive import Masks
from chuoigen.report.visible import visible

Lines = Callable[[str], Sequence[str]]
"""The lines of a file by its name, without line breaks; none when it cannot be read."""

_COLOURS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.INFO: "36"}
_BOLD = "1"


def render(
    diagnostics: Sequence[Diagnostic],
    *,
    lines: Lines,
    colour: bool,
    quiet: frozenset[str] = frozenset(),
    reader: Reader = ENGLISH,
) -> str:
    """Return a paragraph for each diagnostic, with an empty line behind each.

    `quiet` are the names of rules about secrets: no line is shown for them, and what they point to is masked wherever
    the same line is shown for another rule.
    """
    page = _Page(lines, reader, colour=colour, quiet=quiet, spans=_quiet_spans(diagnostics, quiet))
    return "".join(f"{line}\n" for diagnostic in diagnostics for line in (*page.paragraph(diagnostic), ""))


def _quiet_spans(diagnostics: Sequence[Diagnostic], quiet: frozenset[str]) -> dict[str, list[Span]]:
    """Return, by file, where quiet rules point to: none of it is shown for another rule either."""
    spans: dict[str, list[Span]] = {}
    for diagnostic in diagnostics:
        if diagnostic.rule in quiet:
            for span in (diagnostic.span, *(related.span for related in diagnostic.related)):
                spans.setdefault(span.file, []).append(span)
    return spans


class _Page:
    """What all paragraphs share: the files, the colours, what is kept quiet."""

    def __init__(
        self, lines: Lines, reader: Reader, *, colour: bool, quiet: frozenset[str], spans: dict[str, list[Span]]
    ) -> None:
        self.lines = lines
        self.reader = reader
        self.colour = colour
        self.quiet = quiet
        self.spans = spans
        self.masks: dict[str, Masks] = {}

    def paragraph(self, diagnostic: Diagnostic) -> Iterator[str]:
        severity = diagnostic.severity
        colour = _COLOURS[severity]
        shown = diagnostic.rule not in self.quiet
        title = self.paint(f"{label(severity.value, self.reader)}[{diagnostic.code}]", f"{_BOLD};{colour}")
        yield f"{self.place(diagnostic.span)}: {title} {diagnostic.rule}: {visible(self.reader.text(diagnostic.words))}"
        if shown:
            yield from self.excerpt(diagnostic.span, colour)
        advice = self.reader.help(diagnostic.words)
        if advice:
            yield f"  {self.paint(label('help', self.reader), _BOLD)}: {visible(advice)}"
        for related in diagnostic.related:
            note = self.paint(label("note", self.reader), _BOLD)
            yield f"  {self.place(related.span)}: {note}: {visible(self.reader.text(related.words))}"
            if shown:
                yield from self.excerpt(related.span, _COLOURS[Severity.INFO])

    def place(self, span: Span) -> str:
        return self.paint(f"{visible(span.file)}:{span.line}:{span.column}", _BOLD)

    def excerpt(self, span: Span, colour: str) -> Iterator[str]:
        """Yield the first line of a span with carets below it; nothing when the file is not at hand any more."""
        lines = self.lines(span.file)
        if not 1 <= span.line <= len(lines):
            return
        line = lines[span.line - 1]
        end = span.end_column - 1 if span.end_line == span.line else len(line)
        part = excerpt(line, (span.column - 1, end), self.masked(span, lines))
        number = f"{span.line:>5}"
        yield f"{number} | {part.text}".rstrip()
        yield f"{' ' * len(number)} | {' ' * part.offset}{self.paint('^' * part.width, colour)}"

    def masked(self, span: Span, lines: Sequence[str]) -> list[tuple[int, int]]:
        if span.file not in self.masks:
            self.masks[span.file] = Masks(lines, self.spans.get(span.file, ()))
        return self.masks[span.file].of(span.line)

    def paint(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour else text
