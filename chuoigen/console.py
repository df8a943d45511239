"""Each command as it is on a terminal: run, reported, summed up, and turned into an exit status. Only this prints."""

import os
import pathlib
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NoReturn, Self, TextIO

from chuoigen import workspace
from chuoigen.diagnostics import ChuoigenError, Severity
from chuoigen.messages import ENGLISH
from chuoigen.outcome import Outcome, Status

if TYPE_CHECKING:
    from chuoigen.inputs.files import Files
    from chuoigen.repair import Fixing
    from chuoigen.report.view import View


def build(files: Sequence[str], *, out: str | None = None, check: bool = False, force: bool = False) -> int:
    """Build specs; diagnostics go to standard error, what was done to standard output."""
    from chuoigen.commands.build import build as command

    with _Progress() as progress:
        outcome = command(
            workspace.meant(files),
            out=out,
            check=check,
            force=force,
            skip_partial=not files or check,
            progress=progress,
        )
    _report(outcome, sys.stderr)
    return show(outcome)


def lint(
    files: Sequence[str],
    *,
    output: str = "text",
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    fix: "Fixing | None" = None,
) -> int:
    """Check specs; `output` is text, json, github or sarif."""
    from chuoigen.commands.lint import lint as command

    meant = workspace.meant(files)

    def once(source: "Files | None" = None) -> Outcome:
        with _Progress() as progress:
            return command(meant, select=select, ignore=ignore, progress=progress, source=source)

    if fix is None:
        outcome = once()
    else:
        from chuoigen.repair import repair

        outcome = repair(once, fix)
    if fix is not None and fix.preview:
        from chuoigen.report.view import shown_difference

        text = shown_difference(outcome.text, outcome.sources)
        return show(outcome, _coloured_diff(text) if _has_colour(sys.stdout) else text)
    if output == "text":
        _report(outcome, sys.stdout)
        print(_summary(outcome))
    else:
        sys.stdout.write(_machine_report(output, outcome))
    return show(outcome)


def diff(files: Sequence[str], *, out: str | None = None, against: str | None = None) -> int:
    """Show what a build would change, or what has changed since a revision, in colour on a terminal."""
    if against is None:
        from chuoigen.commands.diff import diff as command

        outcome = command(workspace.meant(files), out=out, skip_partial=not files)
    else:
        from chuoigen.commands.against import against as compare

        outcome = compare(files, against)
    _report(outcome, sys.stderr)
    return show(outcome, _coloured_diff(outcome.text) if _has_colour(sys.stdout) else outcome.text)


def show(outcome: Outcome, text: str | None = None) -> int:
    """Print an outcome's text (or `text` in its place) and what could not be used; return the exit status."""
    sys.stdout.write(outcome.text if text is None else text)
    sys.stdout.flush()
    for note in outcome.notes:
        complain(ENGLISH.text(note))
    for failure in outcome.failures:
        complain(failure.message, failure.help)
    return outcome.status


def show_plan(outcome: Outcome) -> int:
    """Print a plan, or what stands against the spec."""
    _report(outcome, sys.stderr)
    return show(outcome)


def complain(message: str, help_text: str = "") -> None:
    """Say on standard error what is wrong outside the spec, and what to do."""
    from chuoigen.report.visible import visible  # a file name may hold what would steer a terminal

    print(f"chuoigen: {visible(message)}", file=sys.stderr)
    if help_text:
        print(f"  help: {visible(help_text)}", file=sys.stderr)


def guarded(action: Callable[[], int]) -> int:
    """Return the status of an action; whatever goes wrong in it is said here, in one place."""
    _prepare_streams()
    try:
        status = action()
        sys.stdout.flush()
    except ChuoigenError as error:
        complain(error.message, error.help)
        return Status.UNUSABLE
    except BrokenPipeError:
        _abandon(sys.stdout, sys.stderr)  # the reader has left: nothing to say
        return Status.CLEAN
    except KeyboardInterrupt:
        print("\ninterrupted", file=sys.stderr)
        return Status.INTERRUPTED
    except OSError as error:
        if error.filename is not None:  # what is written to a stream that is open has no name
            return _bug(error)
        _abandon(sys.stdout)
        complain(f"the output cannot be written: {error.strerror or error}", "make room, or write it elsewhere")
        return Status.UNUSABLE
    except Exception as error:  # noqa: BLE001  a bug: its traceback goes to a file, not to the user's screen
        return _bug(error)
    return status


def _prepare_streams() -> None:
    """Make streams take everything: closed ones swallow it, and what an encoding lacks is written as an escape."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, pathlib.Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115  as long as we run
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _abandon(*streams: TextIO) -> None:
    """Let what is still in the buffers of broken streams go nowhere, so that Python can leave in silence."""
    for stream in streams:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def leave(status: int) -> NoReturn:
    """End the process at once: all files are closed, and taking every module apart would take 25 ms."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def _bug(error: Exception) -> Status:
    import tempfile  # these two take 8 ms, and nobody needs them while all is well
    import traceback

    with tempfile.NamedTemporaryFile("w", prefix="chuoigen-", suffix=".txt", delete=False, encoding="utf-8") as file:
        file.write("".join(traceback.format_exception(error)))
    help_text = f"please report it with {file.name}, after a look that it holds nothing secret"
    complain(f"this is a bug of chuoigen: {type(error).__name__}", help_text)
    return Status.BUG


def _has_colour(stream: TextIO) -> bool:
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _report(outcome: Outcome, stream: TextIO) -> None:
    if outcome.diagnostics:
        from chuoigen.report import as_text
        from chuoigen.rules import secret

        colour = _has_colour(stream)
        stream.write(as_text.render(outcome.diagnostics, view=_view(outcome), colour=colour, quiet=secret()))


def _view(outcome: Outcome) -> "View":
    from chuoigen.report.view import View
    from chuoigen.rules import secret

    return View.of(outcome.sources, outcome.diagnostics, secret())


def _machine_report(output: str, outcome: Outcome) -> str:
    from chuoigen.report import as_github, as_json, as_sarif
    from chuoigen.rules import everything

    view = _view(outcome)
    if output == "sarif":
        return as_sarif.render(outcome.diagnostics, everything(elsewhere=True), view=view)
    render = as_json.render if output == "json" else as_github.render
    return render(outcome.diagnostics, view=view)


def _summary(outcome: Outcome) -> str:
    """Return the last line of a lint: how many specs were looked at, and what was found."""
    counts = [
        _counted(sum(1 for one in outcome.diagnostics if one.severity is severity), word)
        for severity, word in (
            (Severity.ERROR, "error"),
            (Severity.WARNING, "warning"),
            (Severity.INFO, "note"),
        )
        if any(one.severity is severity for one in outcome.diagnostics)
    ]
    counts += [f"{_counted(len(outcome.failures), 'file')} not read"] if outcome.failures else []
    counts += [f"{outcome.fixed} fixed"] if outcome.fixed else []
    fixable = sum(1 for one in outcome.diagnostics if one.fix is not None and one.fix.safe)
    more = f"; {fixable} can be fixed with --fix" if fixable else ""
    return f"{_counted(outcome.checked, 'spec')} checked: {', '.join(counts) or 'nothing to report'}{more}"


def _counted(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def _coloured_diff(text: str) -> str:
    paint = {"+": "\x1b[32m", "-": "\x1b[31m", "@": "\x1b[36m"}
    lines = text.split("\n")
    return "\n".join(f"{paint[line[0]]}{line}\x1b[0m" if line[:1] in paint else line for line in lines)


class _Progress:
    """One line on the terminal that says how far a run of many specs is; silent in a pipe."""

    def __init__(self) -> None:
        """Look whether anyone watches."""
        self.shown = False
        self.watched = sys.stderr.isatty()

    def __enter__(self) -> Self:
        return self

    def __call__(self, number: int, total: int, name: str) -> None:
        """Show the spec that is looked at now."""
        if self.watched and total > 1:
            from chuoigen.report.visible import visible

            sys.stderr.write(f"\r\x1b[K[{number}/{total}] {visible(name[-60:])}")
            self.shown = True

    def __exit__(self, *_: object) -> None:
        """Take the line away."""
        if self.shown:
            sys.stderr.write("\r\x1b[K")
