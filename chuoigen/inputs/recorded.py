"""Files that remember what was asked of them, so that a later run can ask again whether anything has changed."""

import hashlib
import os
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from chuoigen.diagnostics import ChuoigenError
from chuoigen.inputs.files import Files
from chuoigen.record import Record

_REPOSITORY = ".git"
"""Asked for on the way to the root: whoever asks again has found that root first."""


class Answers(Record):
    """What files answered, by path from the root of a spec.

    `read` has the SHA-256 of what was read, `there` whether a file is there, `listed` the SHA-256 of the names below a
    folder that end so; its keys are the folder, a space and the ending.
    """

    read: Mapping[str, str] = MappingProxyType({})
    there: Mapping[str, bool] = MappingProxyType({})
    listed: Mapping[str, str] = MappingProxyType({})


class Recorded:
    """Files as others give them; each answer is kept until the next `start`."""

    def __init__(self, files: Files) -> None:
        """Take where the answers come from."""
        self._files = files
        self.start()

    def start(self) -> None:
        """Forget what was asked."""
        self._read: dict[str, str] = {}
        self._there: dict[str, bool] = {}
        self._listed: dict[tuple[str, str], str] = {}

    def answers(self, root: str) -> Answers:
        """Return what was answered since the start; paths are relative to `root`, sorted."""

        def below(path: str) -> str:
            return os.path.relpath(path, root).replace(os.sep, "/")

        return Answers(
            read=dict(sorted((below(path), digest) for path, digest in self._read.items())),
            there=dict(sorted((below(path), there) for path, there in self._there.items())),
            listed=dict(sorted((f"{below(folder)} {end}", names) for (folder, end), names in self._listed.items())),
        )

    def read(self, path: str, *, regular: bool = True) -> bytes:
        """Return the beginning of a file, as Files says."""
        try:
            content = self._files.read(path, regular=regular)
        except ChuoigenError:
            self._there[path] = False
            raise
        self._read[path] = hashlib.sha256(content).hexdigest()
        return content

    def is_file(self, path: str) -> bool:
        """Say whether a file is there."""
        return self._noted(path, there=self._files.is_file(path))

    def exists(self, path: str) -> bool:
        """Say whether anything is there."""
        return self._noted(path, there=self._files.exists(path))

    def real(self, path: str) -> str:
        """Return where a path leads."""
        return self._files.real(path)

    def below(self, folder: str, ending: str) -> Sequence[str]:
        """Return the files below a folder, as Files says."""
        found = self._files.below(folder, ending)
        names = "\n".join(os.path.relpath(path, folder) for path in found)
        self._listed[folder, ending] = hashlib.sha256(os.fsencode(names)).hexdigest()
        return found

    def _noted(self, path: str, *, there: bool) -> bool:
        if os.path.basename(path) != _REPOSITORY:  # noqa: PTH119  a path as it was given
            self._there[path] = there
        return there


def same(answers: Answers, root: str, files: Files) -> bool:
    """Say whether files give the very same answers now. What cannot be asked again has changed."""

    def at(path: str) -> str:
        return os.path.join(root, path)  # noqa: PTH118  a path as it was written

    again = Recorded(files)
    try:
        for path in answers.read:
            again.read(at(path))
        for path in answers.there:
            again.is_file(at(path))
        for key in answers.listed:
            folder, _, ending = key.rpartition(" ")
            again.below(at(folder), ending)
    except (ChuoigenError, ValueError):
        return False
    return again.answers(root) == answers
