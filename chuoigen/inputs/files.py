"""Where files come from: the disk, a revision of the repository, or an editor; one way to read them all.

Paths are as the user or a spec writes them: absolute, or relative to the working directory.
"""

import os
import pathlib
import stat
from collections.abc import Mapping, Sequence
from typing import IO, Protocol

from chuoigen.diagnostics import ChuoigenError
from chuoigen.messages import Texts

LIMIT_BYTES = 1 << 20
"""Bytes of a file that are read, and one more, so that whoever takes them sees when a file is too large."""

_say = Texts(__name__)


class Files(Protocol):
    """A place with files. Nothing but `read` raises: what cannot be looked at is not there."""

    def read(self, path: str, *, regular: bool = True) -> bytes:
        """Return the first LIMIT_BYTES + 1 bytes of a file. Raises ChuoigenError.

        With `regular` nothing is opened that could wait for ever or have an effect: no pipe and no device.
        """
        ...

    def is_file(self, path: str) -> bool:
        """Say whether a file is there, links followed."""
        ...

    def exists(self, path: str) -> bool:
        """Say whether anything is there."""
        ...

    def real(self, path: str) -> str:
        """Return the absolute path to which a path leads, links followed."""
        ...

    def below(self, folder: str, ending: str) -> Sequence[str]:
        """Return the files below a folder whose names end so, sorted, each path beginning with the folder."""
        ...


class Disk:
    """The files on disk."""

    def read(self, path: str, *, regular: bool = True) -> bytes:
        """Return the beginning of a file, as Files says."""
        try:
            # Asked before it is opened: a pipe would wait for its other end, and a device do what devices do.
            mode = os.stat(path).st_mode  # noqa: PTH116  the user's spelling of the path is kept
            if not (stat.S_ISREG(mode) or (stat.S_ISFIFO(mode) and not regular)):
                raise ChuoigenError(_say("no-file", file=path) if path else _say("no-name"))
            with open(path, "rb") as stream:  # noqa: PTH123  the same
                return _beginning(stream)
        except FileNotFoundError as error:
            raise ChuoigenError(_say("missing", file=path)) from error
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise ChuoigenError(_say("unreadable", file=path, reason=reason)) from error

    def is_file(self, path: str) -> bool:
        """Say whether a regular file is there."""
        return os.path.isfile(path)  # noqa: PTH113  Path.is_file raises where a name is too long

    def exists(self, path: str) -> bool:
        """Say whether anything is there."""
        return os.path.exists(path)  # noqa: PTH110  the same

    def real(self, path: str) -> str:
        """Return where a path leads; one that no system takes, since it holds a NUL, leads to itself."""
        try:
            return os.path.realpath(path)
        except ValueError:
            return path

    def below(self, folder: str, ending: str) -> Sequence[str]:
        """Return the regular files below a folder, as Files says."""
        try:
            found = sorted(pathlib.Path(folder).glob(f"**/*{ending}"))
        except (OSError, ValueError):
            return ()
        return tuple(str(path) for path in found if self.is_file(str(path)))


class Overlay:
    """Files of which some have another text than where they come from: what an editor has not saved, standard input."""

    def __init__(self, files: Files, texts: Mapping[str, bytes]) -> None:
        """Take what lies below, and texts by path; these need not be there below."""
        self._files = files
        self._texts = {os.path.abspath(path): text for path, text in texts.items()}  # noqa: PTH100

    def read(self, path: str, *, regular: bool = True) -> bytes:
        """Return the beginning of a file, as Files says."""
        text = self._texts.get(os.path.abspath(path))  # noqa: PTH100
        return self._files.read(path, regular=regular) if text is None else text[: LIMIT_BYTES + 1]

    def is_file(self, path: str) -> bool:
        """Say whether a file is there."""
        return os.path.abspath(path) in self._texts or self._files.is_file(path)  # noqa: PTH100

    def exists(self, path: str) -> bool:
        """Say whether anything is there."""
        return os.path.abspath(path) in self._texts or self._files.exists(path)  # noqa: PTH100

    def real(self, path: str) -> str:
        """Return where a path leads."""
        return self._files.real(path)

    def below(self, folder: str, ending: str) -> Sequence[str]:
        """Return the files below a folder, as Files says."""
        inside = os.path.join(os.path.abspath(folder), "")  # noqa: PTH100, PTH118
        own = (
            os.path.join(folder, path.removeprefix(inside))  # noqa: PTH118
            for path in self._texts
            if path.startswith(inside) and path.endswith(ending)
        )
        return tuple(sorted({*own, *self._files.below(folder, ending)}))


def _beginning(stream: IO[bytes]) -> bytes:
    return stream.read(LIMIT_BYTES + 1)
