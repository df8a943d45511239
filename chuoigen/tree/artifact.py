"""Describes generated files: their paths, bytes and modes, and the record of them that stays on disk."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath

from chuoigen.record import Record

MANIFEST = "manifest.json"
# What only a killed build leaves behind begins like this; the next build clears it away.
RESERVED_PREFIX = ".chuoigen-"
# Control characters break diffs and terminals, a backslash or a colon would leave the folder on Windows,
# and half a surrogate pair is no file name anywhere.
_UNUSABLE = re.compile(r"[\x00-\x1f\x7f\\:\ud800-\udfff]")

Digests = dict[str, set[str]]


class Artifact(Record):
    """One generated file: a relative path with forward slashes, its whole text, whether it is a program."""

    path: str
    text: str
    executable: bool = False

    @property
    def data(self) -> bytes:
        return self.text.encode()

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes, in hexadecimal."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def mode(self) -> int:
        return 0o755 if self.executable else 0o644


class Tree(Mapping[str, Artifact]):
    """All files of one build by path, in the order of their paths."""

    def __init__(self, files: Mapping[str, Artifact]) -> None:
        """Take files that are known to be usable; `of` looks."""
        self.files = files

    @classmethod
    def of(cls, artifacts: Iterable[Artifact]) -> Tree:
        """Raise ValueError for a path that leaves the folder, is reserved, or meets another (in any case)."""
        files = sorted(artifacts, key=lambda artifact: artifact.path)
        taken = {MANIFEST}
        for path in (artifact.path for artifact in files):
            if fault := path_fault(path):
                raise ValueError(f"artifact path {path!r} {fault}")
            if path.casefold() in taken:
                raise ValueError(f"artifact path {path!r} is there twice, or differs from another in case only")
            taken.add(path.casefold())
        for path in (artifact.path for artifact in files):
            if not taken.isdisjoint(map(str, PurePosixPath(path.casefold()).parents)):
                raise ValueError(f"artifact path {path!r} lies below a path that is a file")
        return cls({artifact.path: artifact for artifact in files})

    def __getitem__(self, path: str) -> Artifact:
        return self.files[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self.files)

    def __len__(self) -> int:
        return len(self.files)

    def manifest(self) -> Artifact:
        """List every file with digest and mode; by it the next build knows what it may replace or remove."""
        files = {path: {"sha256": file.digest, "mode": f"{file.mode:o}"} for path, file in self.items()}
        return Artifact(MANIFEST, record_text(files))

    def with_manifest(self) -> dict[str, Artifact]:
        """Return everything that goes to disk, the manifest last."""
        return {**self, MANIFEST: self.manifest()}


def path_fault(path: str) -> str:
    """Say why a path may not be generated; empty when it may."""
    parts = path.split("/")
    if not {"", ".", ".."}.isdisjoint(parts) or _UNUSABLE.search(path):
        return "is not a plain relative path"
    if path.casefold() == MANIFEST or any(part.casefold().startswith(RESERVED_PREFIX) for part in parts):
        return "is reserved"
    # 255 bytes a name is what common file systems take.
    if len(path.encode()) > 1000 or any(len(part.encode()) > 255 for part in parts):  # noqa: PLR2004
        return "is too long"
    return ""


def record_text(files: Mapping[str, object]) -> str:
    """Write a manifest or journal: path → {"sha256": a digest or a list of digests, …}."""
    return json.dumps({"version": 1, "files": files}, indent=2, ensure_ascii=False) + "\n"


def read_record(data: bytes) -> Digests | None:
    """Read path → digests, trusting nothing: None for what this version could not have written.

    A hostile record could otherwise name files outside the folder, which the next build would remove.
    """
    try:
        record = json.loads(data)
        files: Digests = {}
        for path, entry in record["files"].items():
            digests = entry["sha256"]
            files[path] = {digests} if isinstance(digests, str) else set(digests)
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError):
        return None
    return None if record.get("version") != 1 or any(map(path_fault, files)) else files
