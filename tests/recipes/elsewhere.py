"""Packages with recipes, installed for a test: the one in tests/recipe_package, and broken ones."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from typing import TYPE_CHECKING

from tests.repository import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PACKAGE = ROOT / "tests" / "recipe_package"


def install(site: Path) -> None:
    """Put the package where Python finds it, as an installer does; what it says of itself is in pyproject.toml."""
    project = tomllib.loads((PACKAGE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    shutil.copytree(PACKAGE / "chuoigen_caddy", site / "chuoigen_caddy", ignore=shutil.ignore_patterns("__pycache__"))
    offer(site, project["name"], project["entry-points"]["chuoigen.recipes"])


def offer(site: Path, package: str, recipes: Mapping[str, str]) -> None:
    """Write the metadata of an installed package that offers recipes."""
    info = site / f"{package.replace('-', '_')}-1.0.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0.0\n", encoding="utf-8")
    entries = "".join(f"{name} = {target}\n" for name, target in recipes.items())
    (info / "entry_points.txt").write_text(f"[chuoigen.recipes]\n{entries}", encoding="utf-8")


def run(site: Path, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run chuoigen in a folder, with what is installed in `site` besides."""
    path = os.pathsep.join((str(site), str(ROOT)))
    return subprocess.run(
        [sys.executable, "-m", "chuoigen", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
        check=False,
        capture_output=True,
        text=True,
    )
