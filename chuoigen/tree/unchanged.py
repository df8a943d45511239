"""Tells by digests alone that a folder is as its last build left it, and that the same would be built again."""

from __future__ import annotations

import hashlib
import os
import stat
from typing import TYPE_CHECKING, Any

from chuoigen.diagnostics import ChuoigenError
from chuoigen.record import Record
from chuoigen.tree.artifact import Built
from chuoigen.tree.survey import JOURNAL, STAGING, look, manifest_data, place

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class Unchanged(Record):
    """A folder that is as its last build left it."""

    files: int
    """How many, the manifest among them."""
    built: Built
    """What it was built from, as the manifest says."""


def unchanged(folder: Path, code: str) -> Unchanged | None:
    """Return what a folder was built from when every file in it is as that build left it; None when one is not.

    None as well where its manifest was not sealed by chuoigen with this digest of its `code`: a file or a line of the
    manifest that was changed by hand, or laid together from two by a merge, does not fit the seal. Whether the inputs
    are the same is for the caller to see.
    """
    try:
        manifest = manifest_data(folder) or {}
        built = _built(manifest, code)
        if built is None or look(folder, JOURNAL) or os.path.lexists(folder / STAGING):
            return None
        if built.data(manifest["files"])["seal"] != manifest["built"]["seal"] or not _as_left(
            folder, manifest["files"]
        ):
            return None
    except (ChuoigenError, OSError):
        return None
    return Unchanged(len(manifest["files"]) + 1, built)


def built_from(folder: Path) -> Built | None:
    """Return what a folder says that it was built from, whoever changed it since; None where it does not say."""
    try:
        return _built(manifest_data(folder) or {}, "")
    except (ChuoigenError, OSError):
        return None


def _built(manifest: Mapping[str, Any], code: str) -> Built | None:
    """Return what a manifest says that it was built from; None for what this version could not have written."""
    said: Any = manifest.get("built")
    try:
        built = Built(said["chuoigen"], said["spec"], said["inputs"], said["recipes"], said["warnings"], code)
        texts = [built.version, built.spec, said["seal"], *built.recipes, *built.recipes.values()]
        answers = [built.inputs[kind] for kind in ("read", "there", "listed")]
    except (AttributeError, KeyError, TypeError):
        return None
    sound = all(isinstance(text, str) for text in texts) and all(isinstance(each, dict) for each in answers)
    return built if sound and type(built.warnings) is int else None


def _as_left(folder: Path, files: Mapping[str, Mapping[str, str]]) -> bool:
    """Say whether every file has the digest and the mode that the manifest says."""
    parents: set[str] = set()
    for path, said in files.items():
        parent = path.rpartition("/")[0]
        if parent not in parents and place(folder, path) is None:
            return False
        parents.add(parent)
        handle = os.open(f"{folder}/{path}", os.O_RDONLY | _NO_LINK)
        try:
            status = os.fstat(handle)
            data = os.read(handle, status.st_size + 1) if stat.S_ISREG(status.st_mode) else b""
        finally:
            os.close(handle)
        if hashlib.sha256(data).hexdigest() != said["sha256"]:
            return False
        if os.name == "posix" and bool(status.st_mode & 0o100) != (said["mode"] == "755"):
            return False
    return True
