"""Writes a tree into a folder so that a build killed at any moment leaves each file old or new."""

import contextlib
import errno
import json
import os
import signal
import stat
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from chuoigen.diagnostics import ChuoigenError
from chuoigen.messages import Texts
from chuoigen.record import Record
from chuoigen.tree.artifact import MANIFEST, RESERVED_PREFIX, Artifact, Built, Digests, Tree, record_text
from chuoigen.tree.survey import JOURNAL, STAGING, explained, manifest_data, place, survey

if sys.platform != "win32":
    import fcntl

_say = Texts(__name__)

_NEW_MODE = 0o644


class Written(Record):
    """What a build did to its folder, as sorted paths."""

    written: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


def write(tree: Tree, folder: Path, *, built: Built | None = None, force: bool = False) -> Written:
    """Make the folder hold the tree; replace and remove only what earlier builds of the same spec wrote.

    Nothing is synced to the disk: what holds after a kill does not after a power cut. Raise ChuoigenError
    before anything is replaced: for files that a person edited or that are not ours, and for a folder with the
    build of another spec (unless `force`), for links and folders in the way, for a folder that cannot be written,
    for a full disk.
    """
    generated = tree.with_manifest(built)
    made: list[Path] = []
    with explained("write", folder), _uninterrupted(), _undone(made):
        _make_folder(folder, made)
        with _locked(folder):
            comparison, owned = survey(tree, generated, folder)
            if not force:
                refuse_other(folder, built)
                _refuse(folder, comparison.edited)
            _clear(folder)
            due = {*comparison.missing, *comparison.changed, *comparison.modes}
            if built and MANIFEST not in due and _outdated(folder, generated[MANIFEST]):
                due.add(MANIFEST)
            if due or comparison.stale:
                _replace(_Change(generated, frozenset(due), comparison.stale, owned), folder, made)
            _prune(folder, sorted(owned.keys() - generated.keys()))
            (folder / JOURNAL).unlink(missing_ok=True)
            unchanged = tuple(sorted(generated.keys() - due))
            for path in unchanged:
                _set_mode(folder / path, generated[path].mode)
    return Written(tuple(sorted(due)), unchanged, comparison.stale)


class _Change(Record):
    """What a build changes in a folder: all that it generates, the paths of that to write, those to remove."""

    generated: Mapping[str, Artifact]
    due: frozenset[str]
    stale: tuple[str, ...]
    owned: Digests


def _replace(change: _Change, folder: Path, made: list[Path]) -> None:
    """Stage all new bytes, note what is coming, rename, remove what is stale; the manifest comes last."""
    _check_access({folder, *((folder / path).parent for path in (*change.due, *change.stale))})
    try:
        staged = _stage([artifact for path, artifact in change.generated.items() if path in change.due], folder)
        _note(change.generated, folder, change.owned)
        for path in staged:
            _make_folder((folder / path).parent, made)
        manifest = staged.pop(MANIFEST, None)
        for path, temporary in staged.items():
            temporary.replace(folder / path)
        for path in change.stale:
            (folder / path).unlink()
        if manifest:
            manifest.replace(folder / MANIFEST)
    finally:
        _clear(folder)


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let Ctrl-C, and the end of a run of several processes, wait for the few milliseconds of a write.

    They begin before the folder is made, since an empty one would be left otherwise.
    """
    if sys.platform == "win32":  # has no masks of signals
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _outdated(folder: Path, manifest: Artifact) -> bool:
    """Say whether the manifest on disk tells of other inputs, or of another version.

    The seal alone is no reason to write: it changes with each change of chuoigen's code.
    """
    there = manifest_data(folder) or {}
    return _unsealed(there) != _unsealed(json.loads(manifest.text))


def _unsealed(record: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in _said(record).items() if key != "seal"}


def _said(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a manifest says that it was built from; nothing for what this version could not have written."""
    built = record.get("built")
    return built if isinstance(built, dict) else {}


def _stage(artifacts: Iterable[Artifact], folder: Path) -> dict[str, Path]:
    """Write the new bytes beside the old ones: a full disk is noticed before the first file is replaced."""
    staged = {}
    (folder / STAGING).mkdir(0o700)
    for number, artifact in enumerate(artifacts):
        staged[artifact.path] = folder / STAGING / str(number)
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
    temporary = folder / STAGING / "journal"
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


def refuse_other(folder: Path, built: Built | None) -> None:
    """Raise ChuoigenError when a folder has the build of another spec."""
    there = _said(manifest_data(folder) or {}).get("spec")
    if built and isinstance(there, str) and there != built.spec:
        raise ChuoigenError(_say("another-spec", folder=str(folder), other=there, spec=built.spec))


def _refuse(folder: Path, edited: tuple[str, ...]) -> None:
    """Raise ChuoigenError when there are files that a build may not replace."""
    if edited:
        named = tuple(_say("unreadable-manifest") if path == MANIFEST else path for path in edited)
        raise ChuoigenError(_say("edited", folder=str(folder), files=named))


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
    """Remove the temporary files, or what stands in the place of their folder; no link is followed."""
    import shutil  # jinja2 needs it too, so that a build does not pay for it; whatever else imports this module would

    staging = folder / STAGING
    with contextlib.suppress(FileNotFoundError):
        if stat.S_ISDIR(staging.lstat().st_mode):
            shutil.rmtree(staging)
        else:
            staging.unlink()


def replace_file(file: Path, data: bytes) -> None:
    """Write one file, whole or not at all; one that is there keeps its mode. Raises ChuoigenError.

    A link stays one, and what is no plain file, such as /dev/stdout, is written to.
    """
    import tempfile  # 8 ms that a build does not need

    try:
        if file.exists() and not file.is_file():
            file.write_bytes(data)
            return
        file = file.resolve()
        mode = stat.S_IMODE(file.stat().st_mode) if file.exists() else _NEW_MODE
        with tempfile.NamedTemporaryFile(dir=file.parent, prefix=f"{RESERVED_PREFIX}fix-", delete=False) as new:
            staged = Path(new.name)
        try:
            staged.write_bytes(data)
            staged.chmod(mode)
            staged.replace(file)
        finally:
            staged.unlink(missing_ok=True)
    except OSError as error:
        raise ChuoigenError(_say("unwritable", file=str(file), reason=error.strerror or str(error))) from error
