"""What the files of a Python application say: its package manager, and what that reads."""

from __future__ import annotations

import posixpath
import re
from types import MappingProxyType
from typing import TYPE_CHECKING

from chuoigen.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chuoigen.inputs.project import Project

LOCKS = MappingProxyType({"uv.lock": "uv", "poetry.lock": "poetry", "requirements.txt": "pip"})
"""The lock files, and whose each is; of several the first is used."""
MANAGE = "manage.py"
VERSION_FILE = ".python-version"
TEXTS = (VERSION_FILE, "requirements.txt", "requirements/**/*.txt")
NAMES = (*LOCKS, MANAGE, "pyproject.toml", "setup.py", "Pipfile")
"""Files that say that there is an application; what has none of them is still to be written."""

_REFERENCE = re.compile(r"^\s*(?:-r|--requirement|-c|--constraint)[ =]?\s*([^\s#]+)", re.MULTILINE)


class Application(Record):
    """The files of a context. `found`: there is an application; `locks` are its lock files.

    `manifests` are what the package manager reads, relative to the context; `version` is what .python-version says.
    """

    found: bool
    locks: tuple[str, ...]
    manager: str
    manifests: tuple[str, ...]
    django: bool
    version: str | None


def below(context: str, name: str) -> str:
    """Return a path of the context as it is from the root of the project."""
    return posixpath.normpath(posixpath.join(context, name))


def application(project: Project, context: str) -> Application:
    """Read what is there; without a lock file pip is assumed."""
    present = [name for name in NAMES if below(context, name) in project.present]
    locks = tuple(name for name in LOCKS if name in present)
    manager = LOCKS[locks[0]] if locks else "pip"
    lock = locks[0] if locks else "requirements.txt"
    return Application(
        found=bool(present),
        locks=locks,
        manager=manager,
        manifests=tuple(dict.fromkeys(_required(project, context, lock)))
        if manager == "pip"
        else ("pyproject.toml", lock),
        django=MANAGE in present,
        version=project.texts.get(below(context, VERSION_FILE)),
    )


def _required(project: Project, context: str, name: str, seen: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield a file of requirements and those that it names, as far as they are in the context."""
    yield name
    for reference in _REFERENCE.findall(project.texts.get(below(context, name), "")):
        other = posixpath.normpath(posixpath.join(posixpath.dirname(name), reference))
        if not other.startswith(("../", "/")) and "://" not in reference and other not in (*seen, name):
            yield from _required(project, context, other, (*seen, name))
