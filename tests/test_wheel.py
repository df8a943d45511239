"""The wheel, built and installed where nobody may write: it starts without compiling anything."""

from __future__ import annotations

import shutil
import stat
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from chuoigen.workspace import identity
from tests.repository import ROOT, chuoigen, contents, environment, repository

if TYPE_CHECKING:
    from pathlib import Path

NO_COMPILER = """\
import sys
sys.dont_write_bytecode = True
import jinja2
def compiled(*_, **__):
    raise AssertionError("a template is compiled")
jinja2.Environment.compile = compiled
from chuoigen.cli import run
import chuoigen.workspace.identity as identity
assert chuoigen_is_in in identity.__file__, identity.__file__
identity.digest = compiled
sys.exit(run(sys.argv[1:]))
"""


@pytest.mark.slow
def test_a_read_only_installation_compiles_no_template(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for name in ("chuoigen", "schema", "pyproject.toml", "hatch_build.py", "README.md", "LICENSE"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, source / name)
    installed = tmp_path / "installed"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    subprocess.run([*pip, "wheel", "--no-deps", "-w", str(tmp_path / "wheel"), str(source)], check=True)
    (wheel,) = (tmp_path / "wheel").iterdir()
    subprocess.run([*pip, "install", "--no-deps", "--target", str(installed), str(wheel)], check=True)
    assert (installed / "chuoigen" / identity.STAMP).read_text(
        encoding="ascii"
    ) == f"{identity.digest(ROOT / 'chuoigen')}\n"
    for path in [installed, *installed.rglob("*")]:
        path.chmod(path.stat().st_mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))
    at = repository(tmp_path / "repository")
    before = set(contents(installed))
    done = subprocess.run(
        [sys.executable, "-c", NO_COMPILER.replace("chuoigen_is_in", repr(str(installed))), "build"],
        cwd=at,
        env={**environment(), "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
    )
    for path in [installed, *installed.rglob("*")]:
        path.chmod(path.stat().st_mode | stat.S_IWUSR)
    assert (done.returncode, done.stderr) == (0, "")
    assert set(contents(installed)) == before
    own = repository(tmp_path / "own")
    assert chuoigen("build", cwd=own).returncode == 0
    assert contents(own / "out") == contents(at / "out")
