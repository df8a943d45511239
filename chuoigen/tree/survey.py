"""Compares a tree with a folder, and tells what earlier builds wrote there from what others did."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import stat
from typing import TYPE_CHECKING, Any

from chuoigen.diagnostics import ChuoigenError
from chuoigen.messages import Texts
from chuoigen.record import Record
from chuoigen.tree.artifact import MANIFEST, RESERVED_PREFIX, Artifact, Digests, Tree, read_record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

JOURNAL = RESERVED_PREFIX + "build.json"
STAGING = RESERVED_PREFIX + "new"
_LARGEST_RECORD = 4 * 1024 * 1024
_REASONS = {
    **dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS), "forbidden"),
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT, errno.EFBIG), "full"),
    **dict.fromkeys((errno.EEXIST, errno.ENOTDIR), "no-folder"),
}
"""What the operating system refuses, by what to do about it."""

_say = Texts(__name__)


class Comparison(Record):
    """How a folder differs from a tree, as sorted paths.

    `stale` files are an earlier build's and no longer in the tree. `edited` repeats those of `changed` and
    `stale` that are not as a build left them: edited by a person, or never ours.
    """

    missing: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    edited: tuple[str, ...] = ()

    @property
    def current(self) -> bool:
        """Whether a build would leave the folder as it is."""
        return not (self.missing or self.changed or self.stale or self.modes)


class Found(Record):
    """A file on disk: SHA-256 of its bytes, its mode and its size in bytes."""

    digest: str
    mode: int
    size: int

    @property
    def executable(self) -> bool:
        # The one bit that git keeps; the others follow the umask of whoever cloned.
        return bool(self.mode & 0o100)


def compare(tree: Tree, folder: Path) -> Comparison:
    """Compare and touch nothing; ChuoigenError where something other than a plain file is in the way."""
    with explained("read", folder):
        return survey(tree.with_manifest(), folder)[0]


def survey(generated: Mapping[str, Artifact], folder: Path) -> tuple[Comparison, Digests]:
    """Compare every path, and return the digests by path that earlier builds wrote."""
    owned = _owned(folder)
    missing, changed, modes, edited = [], [], [], []
    for path, artifact in generated.items():
        found = look(folder, path)
        if found is None:
            missing.append(path)
        elif path == MANIFEST and _lists(folder, artifact):
            continue
        elif found.digest != artifact.digest:
            changed.append(path)
            if found.digest not in owned.get(path, ()):
                edited.append(path)
        elif found.executable != artifact.executable and os.name == "posix":
            modes.append(path)
    stale = _stale(generated, folder, owned)
    edited += [path for path, found in stale.items() if found.digest not in owned[path]]
    lists = (missing, changed, stale, modes, edited)
    return Comparison(*(tuple(sorted(paths)) for paths in lists)), owned


def _lists(folder: Path, manifest: Artifact) -> bool:
    """Say whether the manifest on disk lists the same files: what they were built from is no difference by itself."""
    there = manifest_data(folder)
    return there is not None and there["files"] == json.loads(manifest.text)["files"]


def manifest_data(folder: Path) -> dict[str, Any] | None:
    """Return what a manifest says that this version can read; None without one."""
    found = look(folder, MANIFEST)
    if found is None or found.size > _LARGEST_RECORD:
        return None
    data = (folder / MANIFEST).read_bytes()
    if read_record(data) is None:
        return None
    read: dict[str, Any] = json.loads(data)
    return read


def texts_in(folder: Path) -> dict[str, str]:
    """Return the texts of the files that a build wrote into a folder and that can still be read, by their paths."""
    found = {}
    for path in _owned(folder):
        with contextlib.suppress(OSError, UnicodeDecodeError):
            if look(folder, path):
                found[path] = (folder / path).read_text(encoding="utf-8")
    return found


def _stale(generated: Mapping[str, Artifact], folder: Path, owned: Digests) -> dict[str, Found]:
    """Find what earlier builds wrote and this one does not."""
    spelled = {path.casefold(): path for path in generated}
    stale = {}
    for path in sorted(owned.keys() - generated.keys()):
        found = None
        with contextlib.suppress(ChuoigenError):  # a link or a folder stands there now: not ours any more
            found = look(folder, path)
        twin = spelled.get(path.casefold())
        if found and not (twin and _same_file(folder / path, folder / twin)):
            stale[path] = found
    return stale


def _same_file(old: Path, new: Path) -> bool:
    """Tell two spellings of one file where case is ignored: removing the old would remove the new."""
    with contextlib.suppress(OSError):
        return old.samefile(new)
    return False


def _owned(folder: Path) -> Digests:
    """Read the manifest, and the journal of a build that was killed; an unreadable one counts as none."""
    owned: Digests = {}
    for name in (MANIFEST, JOURNAL):
        found = look(folder, name)
        if found is None or found.size > _LARGEST_RECORD:
            continue
        record = read_record((folder / name).read_bytes())
        if record is not None and name == MANIFEST:
            owned[MANIFEST] = {found.digest}
        for path, digests in (record or {}).items():
            owned.setdefault(path, set()).update(digests)
    return owned


def place(folder: Path, path: str) -> Path | None:
    """Go to a path through real folders only; None when one is missing, ChuoigenError at a link or a file."""
    here = folder
    for part in path.split("/")[:-1]:
        here = here / part
        try:
            mode = here.lstat().st_mode
        except FileNotFoundError:
            return None
        if not stat.S_ISDIR(mode):
            kind = "link" if stat.S_ISLNK(mode) else "no-folder"
            raise ChuoigenError(_say(f"in-the-way.{kind}-for-folder", path=str(here)))
    return folder / path


def look(folder: Path, path: str) -> Found | None:
    """Look at what stands at a path; None when nothing does, ChuoigenError when it is not a plain file."""
    there = place(folder, path)
    if there is None:
        return None
    try:
        status = there.lstat()
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(status.st_mode):
        kind = {stat.S_IFLNK: "link", stat.S_IFDIR: "folder"}.get(stat.S_IFMT(status.st_mode), "no-file")
        raise ChuoigenError(_say(f"in-the-way.{kind}-for-file", path=str(there)))
    with there.open("rb") as file:
        return Found(hashlib.file_digest(file, "sha256").hexdigest(), status.st_mode, status.st_size)


@contextlib.contextmanager
def explained(verb: str, folder: Path) -> Iterator[None]:
    """Turn what the operating system refuses into the one exception that the command line reports."""
    try:
        yield
    except OSError as error:
        where = error.filename2 or error.filename or folder
        variant = _REASONS.get(error.errno or 0, "other")
        reason = error.strerror or str(error)
        raise ChuoigenError(_say(f"refused.{variant}", action=_say(verb), path=str(where), reason=reason)) from error
