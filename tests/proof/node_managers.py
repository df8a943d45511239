"""yarn, yarn since version 2 and pnpm: applications with their lock files, and a registry beside the daemon.

The tarballs of the package managers are those of locks/node, which `make` installs into .node.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from chuoigen.recipes.node import facts
from tests.conftest import IN_CI
from tests.proof import npm_registry
from tests.proof.project import REPOSITORY, Project, generate

if TYPE_CHECKING:
    from tests.proof.dockerd import Daemon

APPLICATIONS = Path(__file__).with_name("node")
INSTALLED = REPOSITORY / ".node" / "node_modules"
CASES = {"shop": "node", "monorepo": "node-monorepo"}


def application(name: str, manager: str, folder: Path, daemon: Daemon) -> Project:
    """Return the repository of a case with the lock file of another package manager, and packages of the registry."""
    root = folder / f"{name}-{manager}"
    case = REPOSITORY / "tests" / "cases" / CASES[name]
    shutil.copytree(case, root, ignore=shutil.ignore_patterns("expected", "package-lock.json"))
    others = shutil.ignore_patterns(*(other for other in facts.MANAGERS if other != manager), manager)
    shutil.copytree(APPLICATIONS / name, root, ignore=others, dirs_exist_ok=True)
    shutil.copytree(APPLICATIONS / name / manager, root, dirs_exist_ok=True)
    project = Project(root, "spec", "spec.yaml", daemon, network="host")
    generate(project)
    return project


def start(daemon: Daemon) -> str:
    """Run the registry in the daemon's network, and let the images ask it."""
    folder = daemon.folder / "npm"
    shutil.copytree(APPLICATIONS / "registry", folder)
    for package, version in facts.MANAGERS.values():
        locked = INSTALLED / package
        if not locked.is_dir():
            (pytest.fail if IN_CI else pytest.skip)(f"{package} is not in .node: run `make node-packages`")
        assert json.loads((locked / "package.json").read_text())["version"] == version, "locks/node is not as facts say"
        shutil.copytree(locked, folder / package)
    inside = ("nsenter", "--target", str(daemon.guard), "--net", "--pid", "--mount", "setsid", "--fork")
    with (daemon.folder / "npm.log").open("w") as log:
        command = [*inside, sys.executable, npm_registry.__file__, str(folder)]
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    daemon.inside(_wait)
    return ""


def _wait() -> None:
    for _ in range(100):
        with socket.socket() as connection:
            if connection.connect_ex(("127.0.0.1", npm_registry.PORT)) == 0:
                return
        time.sleep(0.1)
    pytest.fail("the npm registry of the tests does not answer")
