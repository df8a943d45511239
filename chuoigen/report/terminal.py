"""What a command comes to, printed as it comes, and turned into an exit status."""

import os
import sys
from collections import Counter
from typing import TextIO

from chuoigen.diagnostics import Severity
from chuoigen.messages import ENGLISH, Message, Reader, Texts
from chuoigen.report.labels import label
from chuoigen.report.layouts import Layout
from chuoigen.report.outcome import Outcome, Status
from chuoigen.report.terminal_text import escaped

_say = Texts(__name__)


class Terminal:
    """The streams of one command. Findings go to standard error, or are themselves the output of the command."""

    def __init__(self, reader: Reader = ENGLISH, *, summed: bool = False, layout: Layout | None = None) -> None:
        """Take the reader; `summed` makes findings the output, and a line that counts them its end.

        With a `layout` findings in that form are the output, and nothing else is.
        """
        self._reader = reader
        self._summed = summed
        self._layout = layout
        self._counts: Counter[Severity] = Counter()
        self._fixable = 0
        self._progress = _Progress()
        if layout:
            sys.stdout.write(layout.opening)

    def tell(self, outcome: Outcome, number: int, total: int) -> None:
        """Print what one spec came to, and how far the run is."""
        self._progress.clear()
        self._print(outcome)
        self._progress.show(number, total, outcome.file)

    def end(self, outcome: Outcome) -> Status:
        """Print what is left to say when all specs were told; return the exit status."""
        self._progress.clear()
        if self._layout:
            sys.stdout.write(self._layout.closing())
        elif self._summed:
            print(self._reader.text(self._summary(outcome)))
        return outcome.status

    def show(self, outcome: Outcome) -> Status:
        """Print what a command came to that told nothing on its way; return the exit status."""
        self._print(outcome)
        return outcome.status

    def complain(self, words: Message) -> None:
        """Say on standard error what is wrong outside the spec, and what to do."""
        # A file name may hold what would steer a terminal.
        print(f"chuoigen: {escaped(self._reader.text(words))}", file=sys.stderr)
        if advice := self._reader.help(words):
            print(f"  {label('help', self._reader)}: {escaped(advice)}", file=sys.stderr)

    def _print(self, outcome: Outcome) -> None:
        self._counts.update(one.severity for one in outcome.diagnostics)
        self._fixable += sum(1 for one in outcome.diagnostics if one.fix is not None and one.fix.safe)
        if outcome.diagnostics:
            self._findings(outcome)
        sys.stdout.write(outcome.text)
        sys.stdout.write(_coloured(outcome.difference) if _has_colour(sys.stdout) else outcome.difference)
        for line in outcome.said:
            print(escaped(self._reader.text(line)))
        for note in outcome.notes:
            self.complain(note)
        for failure in outcome.failures:
            self.complain(failure.words)

    def _findings(self, outcome: Outcome) -> None:
        from chuoigen.report import as_text
        from chuoigen.report.view import View
        from chuoigen.rules import secret

        quiet = secret()
        view = View.of(outcome.sources, outcome.diagnostics, quiet)
        if self._layout:
            sys.stdout.write(self._layout.findings(outcome.diagnostics, view))
            return
        stream = sys.stdout if self._summed else sys.stderr
        colour = _has_colour(stream)
        stream.write(as_text.render(outcome.diagnostics, view=view, colour=colour, quiet=quiet, reader=self._reader))

    def _summary(self, outcome: Outcome) -> Message:
        """Return the last line of a lint: how many specs were looked at, and what was found."""
        severities = ((Severity.ERROR, "errors"), (Severity.WARNING, "warnings"), (Severity.INFO, "notes"))
        found = [_say(word, count=self._counts[one]) for one, word in severities if self._counts[one]]
        found += [_say("not-read", count=len(outcome.failures))] if outcome.failures else []
        found += [_say("fixed", count=outcome.fixed)] if outcome.fixed else []
        others = (_say("others", count=outcome.others),) if outcome.others else ()
        checked = (_say("checked", count=outcome.checked), *others)
        variant = "fixable" if self._fixable else "found"
        return _say(f"summary.{variant}", checked=checked, found=tuple(found) or _say("nothing"), fixable=self._fixable)


def _has_colour(stream: TextIO) -> bool:
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _coloured(difference: str) -> str:
    paint = {"+": "\x1b[32m", "-": "\x1b[31m", "@": "\x1b[36m"}
    lines = difference.split("\n")
    return "\n".join(f"{paint[line[0]]}{line}\x1b[0m" if line[:1] in paint else line for line in lines)


class _Progress:
    """One line on the terminal that says how far a run of many specs is; silent in a pipe."""

    def __init__(self) -> None:
        self.shown = False
        self.watched = sys.stderr.isatty()

    def show(self, number: int, total: int, name: str) -> None:
        if self.watched and total > 1:
            sys.stdout.flush()
            sys.stderr.write(f"\r\x1b[K[{number}/{total}] {escaped(name[-60:])}")
            sys.stderr.flush()
            self.shown = True

    def clear(self) -> None:
        if self.shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
            self.shown = False
