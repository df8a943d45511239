"""The hooks, under pre-commit itself: installed from a clone of this tree, into a repository with specs."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.repository import ROOT, SMALL, WRONG, chuoigen, repository

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CONFIGURATION = """\
repos:
  - repo: {0}
    rev: {1}
    hooks:
      - id: chuoigen-lint
      - id: chuoigen-build
"""
PACKAGE = ("chuoigen", "schema", "pyproject.toml", "hatch_build.py", "README.md", "LICENSE", ".pre-commit-hooks.yaml")


def git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
    return subprocess.run(
        ["git", *identity, *arguments], cwd=folder, check=True, capture_output=True, text=True, env=clean()
    ).stdout.strip()


def clean() -> dict[str, str]:
    """Return an environment in which no git above and no Python of ours is meant."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PYTHON", "PRE_COMMIT"))}


@pytest.fixture
def package(tmp_path: Path) -> tuple[Path, str]:
    """Give a clone of what a user would install, as it stands now, and its commit."""
    clone = tmp_path / "clone" / "chuoigen"
    clone.mkdir(parents=True)
    for name in PACKAGE:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, clone / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif (ROOT / name).exists():
            shutil.copy(ROOT / name, clone)
    git(clone, "init", "--quiet")
    git(clone, "add", "--all")
    git(clone, "commit", "--quiet", "--message=now")
    return clone, git(clone, "rev-parse", "HEAD")


class Hooked:
    """A repository whose commits are checked."""

    def __init__(self, folder: Path, command: str, home: Path) -> None:
        self.folder = folder
        self.command = command
        self.environment = {**clean(), "PRE_COMMIT_HOME": str(home), "PRE_COMMIT_COLOR": "never"}

    def write(self, name: str, text: str) -> None:
        (self.folder / "spec" / name).write_text(text, encoding="utf-8")
        git(self.folder, "add", "--all")

    def build(self) -> None:
        assert chuoigen("build", cwd=self.folder).returncode == 0
        git(self.folder, "add", "--all")

    def run(self, hook: str) -> tuple[int, str]:
        done = subprocess.run(
            [self.command, "run", hook],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr


@pytest.fixture
def hooked(tmp_path: Path, package: tuple[Path, str], needs: Callable[[str], str]) -> Hooked:
    """Give a repository with a clean spec; its hooks are installed once, from the package index of this machine."""
    command = needs("pre-commit")
    folder = repository(tmp_path / "user" / "repository", qa=SMALL)
    (folder / ".git").rmdir()
    git(folder, "init", "--quiet")
    (folder / ".pre-commit-config.yaml").write_text(CONFIGURATION.format(*package), encoding="utf-8")
    git(folder, "add", "--all")
    made = Hooked(folder, command, tmp_path / "home")
    installed = subprocess.run(
        [command, "install-hooks"], cwd=folder, env=made.environment, capture_output=True, text=True, check=False
    )
    assert installed.returncode == 0, installed.stdout + installed.stderr
    return made


@pytest.mark.slow
@pytest.mark.needs("pre-commit", "git")
def test_the_hooks_stop_what_should_not_be_committed(hooked: Hooked) -> None:
    # One test, since test processes would each install the hooks.
    lint_stops_a_bad_spec_and_says_where(hooked)
    lint_looks_at_specs_only(hooked)
    build_stops_a_stale_out_and_lets_it_pass_behind_a_build(hooked)


def lint_stops_a_bad_spec_and_says_where(hooked: Hooked) -> None:
    hooked.write("qa.yaml", WRONG)
    status, said = hooked.run("chuoigen-lint")
    assert status == 1
    assert "\nspec/qa.yaml:4:59: error[CG101] cpu-memory-pair: " in said
    hooked.write("qa.yaml", SMALL)
    status, said = hooked.run("chuoigen-lint")
    assert status == 0, said


def lint_looks_at_specs_only(hooked: Hooked) -> None:
    (hooked.folder / "docker-compose.yaml").write_text("services: {}\n", encoding="utf-8")
    hooked.write("notes.txt", "not a spec\n")
    status, said = hooked.run("chuoigen-lint")
    assert status == 0, said


def build_stops_a_stale_out_and_lets_it_pass_behind_a_build(hooked: Hooked) -> None:
    hooked.build()
    status, said = hooked.run("chuoigen-build")
    assert status == 0, said
    hooked.write("qa.yaml", SMALL.replace("sleep 60", "sleep 61"))
    status, said = hooked.run("chuoigen-build")
    assert status == 1
    assert "\nout/qa: differs from what spec/qa.yaml generates; run: chuoigen build spec/qa.yaml\n" in said
    assert "\n  ecs/task-definition.json: differs\n" in said
    hooked.build()
    status, said = hooked.run("chuoigen-build")
    assert status == 0, said
