"""Every generated file that is committed, of Chuoi's builds and of the stories, in the tool that judges its language."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema
import pytest

from tests.artifacts.aws_inputs import complaints, inputs

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
BUILDS = sorted([*ROOT.glob("out/*"), *ROOT.glob("tests/cases/*/expected")])
SCHEMA = json.loads((ROOT / "tests" / "artifacts" / "fargate-task-definition.schema.json").read_text(encoding="utf-8"))

pytestmark = pytest.mark.proof
each_build = pytest.mark.parametrize("build", BUILDS, ids=lambda path: path.relative_to(ROOT).as_posix())


def run(*command: str | Path) -> str:
    """What a tool has to say: nothing, when it is content."""
    ran = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    return "" if ran.returncode == 0 else ran.stdout + ran.stderr


def test_there_are_builds_of_all_kinds() -> None:
    assert {"qa", "prod", "chuoi-2018"} <= {build.name for build in BUILDS}
    assert len(BUILDS) >= 9


@each_build
def test_every_script_passes_shellcheck(build: Path, needs: Callable[[str], str]) -> None:
    scripts = sorted(build.rglob("*.sh"))
    assert not scripts or run(needs("shellcheck"), "--external-sources", "--source-path=SCRIPTDIR", *scripts) == ""
    started = [script for script in scripts if script.name not in ("lib.sh", "env.sh")]  # others read these two
    assert all(script.read_text(encoding="utf-8").startswith("#!/bin/sh\n") for script in started)
    assert all(script.stat().st_mode & 0o100 for script in started)


@each_build
def test_every_dockerfile_passes_hadolint(build: Path, needs: Callable[[str], str]) -> None:
    dockerfiles = sorted(build.rglob("Dockerfile"))
    assert not dockerfiles or run(needs("hadolint"), *dockerfiles) == ""


@each_build
def test_nginx_takes_every_configuration(build: Path, needs: Callable[[str], str]) -> None:
    for configuration in sorted(build.rglob("nginx.conf")):
        assert run(needs("nginx"), "-t", "-q", "-c", configuration) == ""


@each_build
def test_aws_own_models_take_every_input(build: Path) -> None:
    files = sorted([*build.glob("ecs/*.json"), *build.glob("network/*.json")])
    data = {path.relative_to(build).as_posix(): json.loads(path.read_text(encoding="utf-8")) for path in files}
    assert "ecs/task-definition.json" in data
    jsonschema.validate(data["ecs/task-definition.json"], SCHEMA)
    assert [line for call in inputs(data) for line in complaints(*call)] == []


@each_build
def test_the_compose_specification_takes_every_compose_file(build: Path) -> None:
    for name in ("compose.yaml", "compose.fargate.yaml"):
        command = (sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", build / name)
        assert run(*command) == ""
