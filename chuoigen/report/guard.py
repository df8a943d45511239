"""Whatever ends a command early is said here, in one place; and the streams that take what is said."""

import os
import pathlib
import sys
from collections.abc import Callable
from typing import NoReturn, TextIO

from chuoigen.diagnostics import ChuoigenError
from chuoigen.messages import Reader, Texts
from chuoigen.report.outcome import Status
from chuoigen.report.terminal import Terminal

_say = Texts(__name__)


class Interrupt:
    """The handler of Ctrl-C: as Python's own, and it remembers that it was called.

    A library may make an error of its own of a KeyboardInterrupt, as pydantic does while it makes validators.
    """

    def __init__(self) -> None:
        self.taken = False

    def __call__(self, *_: object) -> NoReturn:
        """Raise KeyboardInterrupt."""
        self.taken = True
        raise KeyboardInterrupt


INTERRUPT = Interrupt()


def guarded(action: Callable[[], int], reader: Reader) -> int:
    """Return the status of an action, or of what went wrong in it, which is said to the reader."""
    terminal = Terminal(reader)
    try:
        status = action()
        sys.stdout.flush()
    except ChuoigenError as error:
        sys.stdout.flush()
        terminal.complain(error.words)
        return Status.UNUSABLE
    except BrokenPipeError:
        _abandon(sys.stdout, sys.stderr)  # the reader has left: nothing to say
        return Status.CLEAN
    except KeyboardInterrupt:
        return _interrupted(reader)
    except OSError as error:
        if error.filename is not None:  # what is written to a stream that is open has no name
            return _bug(error, terminal)
        _abandon(sys.stdout)
        terminal.complain(_say("full", reason=error.strerror or str(error)))
        return Status.UNUSABLE
    except Exception as error:  # noqa: BLE001  a bug: its traceback goes to a file, not to the user's screen
        return _interrupted(reader) if INTERRUPT.taken else _bug(error, terminal)
    return status


def _interrupted(reader: Reader) -> Status:
    print(f"\n{reader.text(_say('interrupted'))}", file=sys.stderr)
    return Status.INTERRUPTED


def prepare_streams() -> None:
    """Make streams take everything: closed ones swallow it, and what an encoding lacks is written as an escape."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, pathlib.Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115  as long as we run
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def leave(status: int) -> NoReturn:
    """End the process at once: all files are closed, and taking every module apart would take 50 ms."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def _abandon(*streams: TextIO) -> None:
    """Let what is still in the buffers of broken streams go nowhere, so that Python can leave in silence."""
    for stream in streams:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _bug(error: Exception, terminal: Terminal) -> Status:
    import tempfile  # these two take 8 ms, and nobody needs them while all is well
    import traceback

    with tempfile.NamedTemporaryFile("w", prefix="chuoigen-", suffix=".txt", delete=False, encoding="utf-8") as file:
        file.write("".join(traceback.format_exception(error)))
    terminal.complain(_say("bug", error=type(error).__name__, file=file.name))
    return Status.BUG
