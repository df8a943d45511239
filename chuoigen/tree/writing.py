"""Writes a tree into a folder so that a build killed at any moment leaves each file old or new."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from chuoigen.diagnostics import ChuoigenError
from chuoigen.tree.artifact import MANIFEST, RESERVED_PREFIX, Artifact, Digests, Tree, record_text
from chuoigen.tree.survey import JOURNAL, Comparison, explained, place, survey

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

if sys.platform != "win32":
    import fcntl

_STAGING = RESERVED_PREFIX + "new"


@dataclass(frozen=True, slots=True)
class Written:
    """What a build did to its folder, as sorted paths."""

    written: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


def write(tree: Tree, folder: Path, *, force: bool = False) -> Written:
    """Make the folder hold the tree; replace and remove only what earlier builds wrote.

    Nothing is synced to the disk: what holds after a kill does not after a power cut. Raise ChuoigenError
    before anything is replaced: for files that a person edited or that are not ours (unless `force`), for
    links and folders in the way, for a folder that cannot be written, for a full disk.
    """
    generated = tree.with_manifest()
    made: list[Path] = []
    with explained("write", folder), _undone(made):
        _make_folder(folder, made)
        with _locked(folder):
            comparison, owned = survey(generated, folder)
            if not force:
                _refuse(folder, comparison.edited)
            _clear(folder)
            if not comparison.current:
                _replace(generated, folder, comparison, owned, made)
            _prune(folder, sorted(owned.keys() - generated.keys()))
            (folder / JOURNAL).unlink(missing_ok=True)
            written = {*comparison.missing, *comparison.changed, *comparison.modes}
            unchanged = tuple(sorted(generated.keys() - written))
            for path in unchanged:
                _set_mode(folder / path, generated[path].mode)
    return Written(tuple(sorted(written)), unchanged, comparison.stale)


def _replace(
    generated: Mapping[str, Artifact], folder: Path, comparison: Comparison, owned: Digests, made: list[Path]
) -> None:
    """Stage all new bytes, note what is coming, rename, remove what is stale; the manifest comes last."""
    due = {*comparison.missing, *comparison.changed, *comparison.modes}
    _check_access({folder, *((folder / path).parent for path in (*due, *comparison.stale))})
    try:
        staged = _stage([artifact for path, artifact in generated.items() if path in due], folder)
        _note(generated, folder, owned)
        for path in staged:
            _make_folder((folder / path).parent, made)
        manifest = staged.pop(MANIFEST, None)
        for path, temporary in staged.items():
            temporary.replace(folder / path)
        for path in comparison.stale:
            (folder / path).unlink()
        if manifest:
            manifest.replace(folder / MANIFEST)
    finally:
        _clear(folder)


def _stage(artifacts: Iterable[Artifact], folder: Path) -> dict[str, Path]:
    """Write the new bytes beside the old ones: a full disk is noticed before the first file is replaced."""
    staged = {}
    (folder / _STAGING).mkdir(0o700)
    for number, artifact in enumerate(artifacts):
        staged[artifact.path] = folder / _STAGING / str(number)
        staged[artifact.path].write_bytes(artifact.data)
        staged[artifact.path].chmod(artifact.mode)
    return staged


def _note(generated: Mapping[str, Artifact], folder: Path, owned: Digests) -> None:
    """Keep the digests that a kill may leave behind, so that the next build knows its own files.

    They include those of earlier kills: a file that this build has yet to rename may still be one of those.
    """
    files: dict[str, object] = {}
    for path in sorted({*generated, *owned} - {MANIFEST}):
        coming = {generated[path].digest} if path in generated else set()
        files[path] = {"sha256": sorted(owned.get(path, set()) | coming)}
    temporary = folder / _STAGING / "journal"
    temporary.write_bytes(record_text(files).encode())
    temporary.replace(folder / JOURNAL)


def _prune(folder: Path, dropped: Iterable[str]) -> None:
    """Remove the folders that held files of earlier builds and are empty now."""
    for path in dropped:
        for parent in list(PurePosixPath(path).parents)[:-1]:
            with contextlib.suppress(OSError, ChuoigenError):  # not empty, gone already, or not ours any more
                there = place(folder, str(parent))
                if there:
                    there.rmdir()


def _refuse(folder: Path, edited: tuple[str, ...]) -> None:
    """Raise ChuoigenError when there are files that a build may not replace."""
    if edited:
        named = [f"{path} (not one that this version can read)" if path == MANIFEST else path for path in edited]
        raise ChuoigenError(
            f"{folder} holds files that chuoigen did not write or that were edited since: {', '.join(named)}",
            "Say in the spec what was edited, or move these files away, and build again; "
            "with --force they are replaced or removed.",
        )


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Let one build at a time into a folder; the kernel opens the lock when a build is killed."""
    if sys.platform == "win32":  # has no flock: two builds of one spec at a time are the user's care there
        yield
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with contextlib.suppress(OSError):  # some network file systems know no locks
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


@contextlib.contextmanager
def _undone(made: list[Path]) -> Iterator[None]:
    """Remove the empty folders that a failing build made."""
    try:
        yield
    except BaseException:
        for folder in reversed(made):
            with contextlib.suppress(OSError):
                folder.rmdir()
        raise


def _make_folder(folder: Path, made: list[Path]) -> None:
    """Make a folder and those above it, and remember which were made."""
    if not folder.is_dir():
        _make_folder(folder.parent, made)
        folder.mkdir(exist_ok=True)
        made.append(folder)


def _check_access(folders: Iterable[Path]) -> None:
    """Refuse, before anything is made, when a folder or the one that it will be made in cannot be written."""
    for wanted in sorted(folders):
        folder = next(one for one in (wanted, *wanted.parents) if one.is_dir())
        if not os.access(folder, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder))


def _set_mode(file: Path, mode: int) -> None:
    """Set what a clone under another umask lacks, where it may; git sees no difference."""
    if stat.S_IMODE(file.stat().st_mode) != mode:
        with contextlib.suppress(OSError):
            file.chmod(mode)


def _clear(folder: Path) -> None:
    """Remove the temporary files, which lie flat in their folder, or the link that stands in its place."""
    staging = folder / _STAGING
    with contextlib.suppress(FileNotFoundError):
        if stat.S_ISDIR(staging.lstat().st_mode):
            for file in staging.iterdir():
                file.unlink()
            staging.rmdir()
        else:
            staging.unlink()


def replace_file(file: Path, data: bytes) -> None:
    """Write one file that is there, whole or not at all, with its mode kept. Raises ChuoigenError."""
    import tempfile  # 8 ms that a build does not need

    with explained("write", file):
        mode = stat.S_IMODE(file.stat().st_mode)
        with tempfile.NamedTemporaryFile(dir=file.parent, prefix=f"{RESERVED_PREFIX}fix-", delete=False) as new:
            staged = Path(new.name)
        try:
            staged.write_bytes(data)
            staged.chmod(mode)
            staged.replace(file)
        finally:
            staged.unlink(missing_ok=True)
