"""A service in a git repository of its own: application, spec and generated files, and the images built of them."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from chuoigen.inputs.load import load
from chuoigen.plan import plan
from tests.proof.dockerd import locked

if TYPE_CHECKING:
    from chuoigen.plan.model import Plan
    from tests.proof.dockerd import Daemon

REPOSITORY = Path(__file__).parents[2]
APPLICATION = Path(__file__).with_name("app")
SPECS = ("qa", "prod", "chuoi-2018")
SECRET = "a secret of the tests"


IN_2018 = """
# There was no runtime.exs: what the build knew, the release knew.
config :chuoi, secret_key_base: System.get_env("SECRET_KEY_BASE")
"""


@dataclass(frozen=True)
class Built:
    """What a build said, and the id of each container's image."""

    said: str
    images: dict[str, str]

    @property
    def asked(self) -> list[str]:
        """What stand-ins were asked, sorted, since BuildKit runs stages side by side."""
        return sorted(re.findall(r"asked: (.*)", self.said))


@dataclass(frozen=True)
class Project:
    """The root of the repository, the name of its output, the spec in it, and the daemon that builds its images.

    `network` is docker's, for builds: "host" is the daemon's, which has nothing but loopback.
    """

    root: Path
    spec: str
    file: str
    daemon: Daemon
    network: str = "none"

    @property
    def out(self) -> Path:
        return self.root / "out" / self.spec

    @property
    def plan(self) -> Plan:
        loaded = load(str(self.root / self.file))
        assert loaded.spec is not None
        return plan(loaded.spec, loaded.project)

    def build(self, *, buildkit: bool, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run the generated build script; what it and the tools say is in stdout."""
        return subprocess.run(
            ["sh", self.out / "pipeline" / "build-docker-images.sh", "--", "--network", self.network],
            cwd="/",
            env={**self.daemon.environment, "DOCKER_BUILDKIT": "1" if buildkit else "0", **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=300,
        )

    def built(self, *, buildkit: bool = False) -> Built:
        """Return what the build said, and which images it made; it happens once for all test processes."""

        def build() -> str:
            # Two specs have the same name and stage, and so the same local names.
            with locked(self.daemon.folder / "build.lock"):
                result = self.build(buildkit=buildkit, SECRET_KEY_BASE=SECRET)
                assert result.returncode == 0, result.stdout
                images = {container.name: self.image(container.image.local) for container in self.plan.built}
            return json.dumps({"said": result.stdout, "images": images})

        return Built(**json.loads(self.daemon.once(f"{self.root.name}-{buildkit}", build)))

    def image(self, name: str) -> str:
        return self.daemon.docker("image", "inspect", "--format", "{{.Id}}", name).stdout.strip()

    def copy(self, folder: Path) -> Project:
        """Return a copy that a test may change."""
        return Project(shutil.copytree(self.root, folder / "copy"), self.spec, self.file, self.daemon)


@pytest.fixture(scope="session")
def projects(standins: Daemon) -> dict[str, Project]:
    """Give a repository for each spec; no test changes one."""
    found = {spec: Project(standins.folder / "projects" / spec, spec, f"spec/{spec}.yaml", standins) for spec in SPECS}
    standins.once("projects", lambda: "".join(make(project) for project in found.values()))
    return found


def make(project: Project) -> str:
    root = project.root
    shutil.copytree(APPLICATION, root, ignore=shutil.ignore_patterns("_build", "deps"))
    shutil.copytree(REPOSITORY / "spec", root / "spec")
    if project.spec == "chuoi-2018":
        (root / "config" / "runtime.exs").unlink()
        with (root / "config" / "config.exs").open("a") as configuration:
            configuration.write(IN_2018)
    generate(project)
    return ""


def case(name: str, folder: Path, daemon: Daemon) -> Project:
    """Return the repository of a case of tests/cases."""
    root = folder / name
    shutil.copytree(REPOSITORY / "tests" / "cases" / name, root, ignore=shutil.ignore_patterns("expected"))
    loaded = load(str(root / "spec.yaml"))
    project = Project(root, Path(loaded.project.output).name, "spec.yaml", daemon)
    generate(project)
    return project


def generate(project: Project) -> None:
    run("git", "init", "-q", folder=project.root)
    run(sys.executable, "-m", "chuoigen", "build", str(project.root / project.file), folder=REPOSITORY)
    commit(project.root)


def commit(root: Path) -> None:
    identity = ("-c", "user.name=chuoigen", "-c", "user.email=tests@example.invalid")
    run("git", "add", ".", folder=root)
    run("git", *identity, "commit", "-q", "-m", "All", folder=root)


def run(*command: str, folder: Path) -> None:
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert result.returncode == 0, f"{' '.join(command)}: {result.stdout}{result.stderr}"
