"""Which chuoigen this is: its version, and a digest of all that decides what is generated."""

import functools
import hashlib
import os
import pathlib

VERSION = "0.1.0"
"""The version of the package; pyproject.toml has the same, which a test holds."""
STAMP = "code.sha256"
"""The file in an installed package that holds the digest; the build of the wheel writes it."""

_PACKAGE = pathlib.Path(__file__).parents[1]
_ENDINGS = (".py", ".j2", ".yaml")
_APART = frozenset({"__pycache__", "commands", "ja", "report"})
"""Folders without effect on what is generated: what is said about it, and in which words."""


@functools.cache
def code() -> str:
    """Return the digest of chuoigen's own code, templates and texts. In a checkout it costs 10 ms, once in a run."""
    try:
        return (_PACKAGE / STAMP).read_text(encoding="ascii").strip()
    except OSError:
        return digest(_PACKAGE)


def digest(package: pathlib.Path) -> str:
    """Return the SHA-256 of all files of a package that decide what is generated, with their names."""
    files = []
    for folder, folders, names in os.walk(package):
        folders[:] = [name for name in folders if name not in _APART]
        files += [os.path.join(folder, name) for name in names if name.endswith(_ENDINGS)]  # noqa: PTH118  time
    whole = hashlib.sha256()
    for path in sorted(files):
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123  the same
            data = file.readall()
        whole.update(f"{os.path.relpath(path, package)}\0{len(data)}\0".replace(os.sep, "/").encode() + data)
    return whole.hexdigest()
