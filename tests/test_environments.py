"""The Python that everything is installed for: which one is found, chosen, kept and replaced."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.repository import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PROGRAMS = ("sh", "sort", "awk", "head", "dirname")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give a folder for PATH, with what the scripts call and no Python."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in PROGRAMS:
        (folder / name).symlink_to(str(shutil.which(name)))
    return folder


def stand_in(file: Path, answer: str, *, works: bool = True) -> None:
    """Put a program in the place of a Python: it answers a question, and notes how it is asked for a venv."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(
        f"""#!/bin/sh
case $1 in
    -c) {f"echo '{answer}'" if answer else ":"}; {"exit 0" if works else "exit 1"} ;;
    *) echo "$0 $*" >>"$0.asked" ;;
esac
""",
        encoding="utf-8",
    )
    file.chmod(0o755)


def run(script: str, *arguments: str, path: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(path / "sh"), f"tools/{script}", *arguments],
        cwd=ROOT,
        env={"PATH": str(path), **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def asked(file: Path) -> str:
    noted = file.with_name(f"{file.name}.asked")
    return noted.read_text(encoding="utf-8") if noted.exists() else ""


def test_pythons_are_listed_once_a_version_and_oldest_first(path: Path) -> None:
    stand_in(path / "python3.9", "")
    stand_in(path / "python3.13", "3.13 /opt/python3.13")
    stand_in(path / "python3.12", "", works=False)
    stand_in(path / "python3.11", "3.11 /usr/bin/python3.11")
    stand_in(path / "python3", "3.13 /usr/local/bin/python3")
    assert run("pythons.sh", path=path).stdout == "3.11 /usr/bin/python3.11\n3.13 /opt/python3.13\n"


def test_the_oldest_is_taken(path: Path, tmp_path: Path) -> None:
    stand_in(path / "python3.12", f"3.12 {path}/python3.12")
    stand_in(path / "python3", f"3.11 {path}/python3")
    assert run("make-venv.sh", f"{tmp_path}/my venv", path=path).returncode == 0
    assert asked(path / "python3") == f"{path}/python3 -m venv --clear {tmp_path}/my venv\n"
    assert asked(path / "python3.12") == ""


@pytest.mark.parametrize("variables", [{}, {"PYTHON": "python3.13"}, {"PYTHON": "/nowhere/python3"}])
def test_without_a_python_that_is_recent_enough_it_is_said(
    path: Path, tmp_path: Path, variables: dict[str, str]
) -> None:
    stand_in(path / "python3.13", "", works=False)
    done = run("make-venv.sh", str(tmp_path / "venv"), path=path, **variables)
    assert done.returncode == 1
    assert done.stderr.startswith("make-venv.sh: ")
    assert "Python 3.11 or later" in done.stderr
    assert not (tmp_path / "venv").exists()


@pytest.mark.parametrize(
    ("chosen", "made"),
    [
        ({}, False),
        ({"PYTHON": "python3.11"}, False),
        ({"PYTHON": "python3.13"}, True),
    ],
)
def test_a_venv_stays_unless_another_python_is_named(
    path: Path, tmp_path: Path, chosen: dict[str, str], made: bool
) -> None:
    stand_in(path / "python3.11", "(3, 11, 2) /usr")
    stand_in(path / "python3.13", "(3, 13, 0) /usr/local")
    stand_in(tmp_path / "venv" / "bin" / "python", "(3, 11, 2) /usr")
    assert run("make-venv.sh", str(tmp_path / "venv"), path=path, **chosen).returncode == 0
    assert bool(asked(path / "python3.13")) is made
    assert asked(path / "python3.11") == ""


def test_a_broken_venv_is_made_anew(path: Path, tmp_path: Path) -> None:
    stand_in(path / "python3.11", f"3.11 {path}/python3.11")
    stand_in(tmp_path / "venv" / "bin" / "python", "", works=False)
    assert run("make-venv.sh", str(tmp_path / "venv"), path=path).returncode == 0
    assert "-m venv --clear" in asked(path / "python3.11")
