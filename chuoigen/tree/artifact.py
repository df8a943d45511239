"""Describes generated files: their paths, bytes and modes, and the record of them that stays on disk."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from chuoigen.record import Record

MANIFEST = "manifest.json"
# What only a killed build leaves behind begins like this; the next build clears it away.
RESERVED_PREFIX = ".chuoigen-"
_DIGEST = re.compile(r"[0-9a-f]{64}")
# Control characters break diffs and terminals, a backslash or a colon would leave the folder on Windows,
# and half a surrogate pair is no file name anywhere.
_UNUSABLE = re.compile(r"[\x00-\x1f\x7f\\:\ud800-\udfff]")

Digests = dict[str, set[str]]


class Built(Record):
    """What a tree was built from, and by what: from the same, the same comes out.

    `inputs` are files that were read, looked for and listed, with what was found, in a form that JSON keeps; `recipes`
    the versions of packages with recipes that were used. `code` is a digest of chuoigen itself: it is part of the seal
    alone, because it changes more often than what is generated.
    """

    version: str
    spec: str
    inputs: Mapping[str, Mapping[str, Any]]
    recipes: Mapping[str, str]
    warnings: int
    code: str

    def data(self, files: Mapping[str, object]) -> dict[str, object]:
        """Return what a manifest says of it; its seal, one digest, is over all of it and over the generated files."""
        said = {
            "chuoigen": self.version,
            "spec": self.spec,
            "inputs": self.inputs,
            "recipes": self.recipes,
            "warnings": self.warnings,
        }
        sealed = json.dumps([self.code, said, files], sort_keys=True)
        return {**said, "seal": hashlib.sha256(sealed.encode()).hexdigest()}


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
    """All files of one build by path, in the order of their paths.

    `could_hold` says whether the build of any spec could have a path. A manifest that lists another one is not
    believed: no file of a person is removed for it.
    """

    def __init__(self, files: Mapping[str, Artifact], could_hold: Callable[[str], bool] = lambda _: True) -> None:
        """Take files that are known to be usable; `of` looks."""
        self.files = files
        self.could_hold = could_hold

    @classmethod
    def of(cls, artifacts: Iterable[Artifact], could_hold: Callable[[str], bool] = lambda _: True) -> Tree:
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
        return cls({artifact.path: artifact for artifact in files}, could_hold)

    def __getitem__(self, path: str) -> Artifact:
        return self.files[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self.files)

    def __len__(self) -> int:
        return len(self.files)

    def manifest(self, built: Built | None = None) -> Artifact:
        """List every file with digest and mode; by it the next build knows what it may replace or remove."""
        files = {path: {"sha256": file.digest, "mode": f"{file.mode:o}"} for path, file in self.items()}
        return Artifact(MANIFEST, record_text(files, built.data(files) if built else None))

    def with_manifest(self, built: Built | None = None) -> dict[str, Artifact]:
        """Return everything that goes to disk, the manifest last."""
        return {**self, MANIFEST: self.manifest(built)}


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


def record_text(files: Mapping[str, object], built: object = None) -> str:
    """Write a manifest or journal: path → {"sha256": a digest or a list of digests, …}."""
    record = {"version": 1, **({"built": built} if built else {}), "files": files}
    return json.dumps(record, indent=2, ensure_ascii=False) + "\n"


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
        sound = all(_DIGEST.fullmatch(digest) for digests in files.values() for digest in digests)
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError):
        return None
    return files if sound and record.get("version") == 1 and not any(map(path_fault, files)) else None
