"""The files of a git revision, read through the git executable; nothing is checked out."""

import os
import pathlib
import subprocess
from collections.abc import Sequence
from typing import IO, Self

from chuoigen.diagnostics import ChuoigenError
from chuoigen.inputs.files import LIMIT_BYTES
from chuoigen.messages import Texts
from chuoigen.record import Record

_LINK, _MODULE = "120000", "160000"
_LINKS_MAX = 20
_say = Texts(__name__)


class _Entry(Record):
    mode: str
    id: str
    size: int


class Revision:
    """The files of a repository as they were at a revision; used in a `with`, since one git answers until its end."""

    def __init__(self, root: str | os.PathLike[str], name: str) -> None:
        """Take the root of the repository and any name of a revision that git understands: HEAD~1, a tag, a branch.

        Raises ChuoigenError when there is no git, no repository, or no such revision in it.
        """
        self._root = os.path.abspath(root)  # noqa: PTH100  resolve() would follow the user's links
        self._name = name
        asked = name if not name.startswith("-") else ""  # an option is no revision
        commit = self._git("rev-parse", "--verify", "--quiet", f"{asked}^{{tree}}").decode().strip()
        listed = self._git("ls-tree", "-r", "-z", "--long", "--full-tree", commit)
        self._entries = dict(map(_entry, filter(None, listed.split(b"\0"))))
        self._folders = {str(folder) for path in self._entries for folder in pathlib.PurePosixPath(path).parents}
        self._reader: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Let git go."""
        self.close()

    def close(self) -> None:
        """Let git go; it is started again when it is asked again."""
        if self._reader is not None:
            self._reader.communicate()
            self._reader = None

    def read(self, path: str, *, regular: bool = True) -> bytes:
        """Return the beginning of a file, as Files says; there are only regular ones."""
        del regular
        entry = self._entries.get(self._resolved(path))
        if entry is None:
            raise ChuoigenError(_say("missing", file=path, revision=self._name))
        return self._blob(entry)

    def is_file(self, path: str) -> bool:
        """Say whether a file is there."""
        return self._resolved(path) in self._entries

    def exists(self, path: str) -> bool:
        """Say whether anything is there; what makes a folder a repository is in no revision, and is there."""
        resolved = self._resolved(path)
        return resolved in self._entries or resolved in self._folders or resolved == ".git"

    def real(self, path: str) -> str:
        """Return where a path leads within the revision."""
        return os.path.normpath(os.path.join(self._root, self._resolved(path)))  # noqa: PTH118

    def below(self, folder: str, ending: str) -> Sequence[str]:
        """Return the files below a folder, as Files says."""
        resolved = self._resolved(folder)
        inside = "" if resolved == "." else f"{resolved}/"
        found = (path.removeprefix(inside) for path in self._entries if path.startswith(inside))
        paths = (os.path.join(folder, path) for path in sorted(found) if path.endswith(ending))  # noqa: PTH118
        return tuple(path for path in paths if self.is_file(path))

    def _resolved(self, path: str) -> str:
        """Return a path below the root with all links followed; what leads outside is no entry."""
        parts = list(pathlib.PurePosixPath(pathlib.Path(os.path.relpath(path, self._root)).as_posix()).parts)
        done: list[str] = []
        links = 0
        while parts:
            done.append(parts.pop(0))
            entry = self._entries.get("/".join(done))
            if entry is None or entry.mode != _LINK:
                continue
            links += 1
            if links > _LINKS_MAX:
                break
            target = os.path.normpath(os.path.join(*done[:-1], os.fsdecode(self._blob(entry))))  # noqa: PTH118
            done, parts = [], [*pathlib.PurePosixPath(pathlib.Path(target).as_posix()).parts, *parts]
        return "/".join(done) or "."

    def _blob(self, entry: _Entry) -> bytes:
        """Return a file's bytes; of a larger one, more than is taken, without reading it."""
        if entry.size > LIMIT_BYTES:
            return b"#" * (LIMIT_BYTES + 1)
        if self._reader is None:
            command = ["git", "-C", self._root, "cat-file", "--batch"]
            pipe = subprocess.PIPE
            self._reader = subprocess.Popen(command, stdin=pipe, stdout=pipe, env=_environment())  # noqa: S603
        sink, source = _pipes(self._reader)
        sink.write(f"{entry.id}\n".encode())
        sink.flush()
        size = int(source.readline().split()[-1])
        return source.read(size + 1)[:size]

    def _git(self, *arguments: str) -> bytes:
        command = ["git", "-C", self._root, *arguments]
        try:
            done = subprocess.run(command, capture_output=True, check=False, env=_environment())  # noqa: S603
        except OSError as error:
            raise ChuoigenError(_say("no-git", reason=error.strerror or str(error))) from error
        if done.returncode:
            reason = done.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
            if reason:
                raise ChuoigenError(_say("refused", revision=self._name, reason=reason))
            raise ChuoigenError(_say("no-revision", revision=self._name, folder=self._root))
        return done.stdout


def revisions(root: str | os.PathLike[str], paths: Sequence[str], most: int) -> tuple[str, ...]:
    """Return the newest commits that changed one of some files, HEAD first; none where there is no git, or no history.

    Paths are relative to the root.
    """
    command = ["git", "-C", os.fspath(root), "log", "--format=%H", f"--max-count={most}"]
    head = ["git", "-C", os.fspath(root), "rev-parse", "--verify", "--quiet", "HEAD"]
    found: list[str] = []
    for asked in (head, [*command, "--", *paths]):
        try:
            done = subprocess.run(asked, capture_output=True, check=False, env=_environment())  # noqa: S603
        except OSError:
            return ()
        found += done.stdout.decode().split() if not done.returncode else []
    return tuple(dict.fromkeys(found))


def _entry(line: bytes) -> tuple[str, _Entry]:
    head, _, path = line.partition(b"\t")
    mode, _, name, size = head.decode().split()
    return os.fsdecode(path), _Entry(mode, name, 0 if mode == _MODULE else int(size))


def _pipes(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    assert process.stdin is not None  # noqa: S101  both were asked for
    assert process.stdout is not None  # noqa: S101
    return process.stdin, process.stdout


def _environment() -> dict[str, str]:
    """Return an environment in which git looks for the repository in the folder that it is given, and asks nothing."""
    told = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX")
    kept = {name: value for name, value in os.environ.items() if name not in told}
    return kept | {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0"}
