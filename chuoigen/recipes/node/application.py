"""What the files of a Node.js application say: its package manager, its scripts, what it depends on."""

from __future__ import annotations

import json
import posixpath
import re
from typing import TYPE_CHECKING, Any

from chuoigen.record import Record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chuoigen.inputs.project import Project

LOCKS = {"package-lock.json": "npm", "npm-shrinkwrap.json": "npm", "yarn.lock": "yarn", "pnpm-lock.yaml": "pnpm"}
"""The lock files, and whose each is."""
YARN_CONFIG = ".yarnrc.yml"
"""Read by yarn since version 2; version 1 has .yarnrc."""
YARN_LOCK = "yarn.lock"

# Node.js, "packageManager": a name and an exact version; Corepack adds a digest behind "+".
_MANAGER = re.compile(r"(npm|yarn|pnpm)@([0-9]{1,6}(?:\.[0-9]{1,6}){2}(?:-[0-9A-Za-z.]{1,40})?)(?:\+[\w.+=/-]*)?")
_SOURCES = (".js", ".cjs", ".mjs", ".ts", ".cts", ".mts")


class Package(Record):
    """A package.json: its name, its scripts, and its dependencies with their versions. `found`: it could be read."""

    found: bool
    name: str
    scripts: Mapping[str, str]
    dependencies: Mapping[str, str]


class Application(Record):
    """The package.json of the context and its lock files; `manager` is npm, yarn (1), berry (yarn 2 and later) or pnpm.

    `version` is the one of package.json, None where it names none.
    """

    package: Package
    locks: tuple[str, ...]
    manager: str
    version: str | None

    @property
    def program(self) -> str:
        """The package manager as people and package.json call it."""
        return "yarn" if self.manager == "berry" else self.manager


def below(context: str, name: str) -> str:
    """Return a path of the context as it is from the root of the project."""
    return posixpath.normpath(posixpath.join(context, name))


def package(project: Project, folder: str) -> Package:
    """Read the package.json of a folder."""
    data = _read(project, folder)
    return Package(
        found=data is not None,
        name=str((data or {}).get("name", "")),
        scripts=_texts(data, "scripts"),
        dependencies=_texts(data, "dependencies"),
    )


def application(project: Project, context: str) -> Application:
    """Read what the context says; without a lock file npm is assumed, unless package.json names another."""
    locks = tuple(name for name in LOCKS if below(context, name) in project.present)
    written = _MANAGER.fullmatch(str((_read(project, context) or {}).get("packageManager", "")))
    managers = [LOCKS[name] for name in locks]
    named = written[1] if written else "npm"
    manager = named if named in managers or not managers else managers[0]
    version = written[2] if written and written[1] == manager else None
    if manager == "yarn" and (_is_later(version) if version else _is_berry(project, context)):
        manager = "berry"
    return Application(package=package(project, context), locks=locks, manager=manager, version=version)


def sources(project: Project, folder: str) -> list[str]:
    """Return the texts of the program that lie in a folder."""
    inside = "" if folder == "." else f"{folder}/"
    return [text for file, text in project.texts.items() if file.startswith(inside) and file.endswith(_SOURCES)]


def _is_berry(project: Project, context: str) -> bool:
    """Say whether there is something that yarn writes since version 2: its configuration, or its form of lock file."""
    lock = project.texts.get(below(context, YARN_LOCK), "")
    return below(context, YARN_CONFIG) in project.present or "\n__metadata:\n" in f"\n{lock}"


def _is_later(version: str) -> bool:
    return int(version.partition(".")[0]) > 1


def _read(project: Project, folder: str) -> dict[str, Any] | None:
    text = project.texts.get(below(folder, "package.json"))
    try:
        data = None if text is None else json.loads(text)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


def _texts(data: dict[str, Any] | None, key: str) -> dict[str, str]:
    found = (data or {}).get(key)
    return {name: str(text) for name, text in found.items()} if isinstance(found, dict) else {}
