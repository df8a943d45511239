"""A task that runs on this machine as a compose file says, and what the tests may do with it."""

from __future__ import annotations

import http.client
import itertools
import json
import os
import resource
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.proof.project import SECRET

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.proof.dockerd import Daemon
    from tests.proof.project import Project

COMPOSE = "/usr/bin/docker-compose"
# Test processes share the daemon's network: each has ports of its own.
PORTS = itertools.count(10000 + 100 * int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")))


@dataclass(frozen=True)
class Response:
    """An answer over HTTP; names of headers in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Task:
    """The containers of one compose file; `port` is published on 127.0.0.1 of the daemon's network."""

    project: Project
    name: str
    files: tuple[Path, Path]
    port: int

    @property
    def daemon(self) -> Daemon:
        return self.project.daemon

    def compose(self, *arguments: str) -> str:
        environment = {**self.daemon.environment, "SECRET_KEY_BASE": SECRET, "WEB_PORT": str(self.port)}
        result = subprocess.run(
            [COMPOSE, "-p", self.name, "-f", self.files[0], "-f", self.files[1], *arguments],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=180,
        )
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout

    def container(self, name: str) -> str:
        return f"{self.name}_{name}_1"

    def execute(self, name: str, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        return self.daemon.docker("exec", self.container(name), *command, check=check)

    def state(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.daemon.docker("inspect", self.container(name)).stdout)[0]["State"]
        return found

    def output(self, name: str) -> list[str]:
        result = self.daemon.docker("logs", self.container(name))
        return (result.stdout + result.stderr).splitlines()

    def get(self, path: str, **headers: str) -> Response:
        return self.daemon.inside(self.get_here, path, **headers)

    def get_here(self, path: str, **headers: str) -> Response:
        """Send a request from the calling thread, which must be in the daemon's network."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request("GET", path, headers=named)
            answer = connection.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return Response(answer.status, found, answer.read())
        finally:
            connection.close()

    def wait_for_app(self, seconds: float) -> None:
        """Return when app has answered through web; fail after this time."""
        until = time.monotonic() + seconds
        last: object = "nothing"
        while time.monotonic() < until:
            try:
                last = self.get("/system/healthcheck")
                if last.status == 200:
                    return
            except OSError as error:
                last = error
            time.sleep(0.1)
        raise AssertionError(f"no answer of app after {seconds} s: {last}; {self.output('app')}")


def permitted(project: Project, name: str) -> dict[str, Any]:
    """Lower the limits of a container to this process's own where nobody here may raise them."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    too_high = [limit for limit in project.plan.containers[name].ulimits if limit.hard > hard != resource.RLIM_INFINITY]
    if not too_high or may_raise_limits():
        return {}
    return {"ulimits": {limit.name: {"soft": hard, "hard": hard} for limit in too_high}}


def may_raise_limits() -> bool:
    """Say whether root has CAP_SYS_RESOURCE (capabilities(7), bit 24), which root in a container often lacks."""
    effective = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("CapEff"))
    return bool(int(effective.split()[1], 16) & 1 << 24)


@contextmanager
def running(project: Project, file: str, *, buildkit: bool) -> Iterator[Task]:
    """Start what a compose file says with the images of the build script, and remove it at the end."""
    images = project.built(buildkit=buildkit).images
    name = f"{project.spec}-{file.removesuffix('.yaml').replace('.', '-')}"
    override = project.daemon.folder / f"{name}.json"
    containers = project.plan.containers
    ids = {containers[each].image.local: image for each, image in images.items()}  # several may run one image
    services = {
        each: {"image": ids[container.image.local], **permitted(project, each)}
        for each, container in containers.items()
        if container.image.local in ids
    }
    override.write_text(json.dumps({"services": services}))
    task = Task(project, name, (project.out / file, override), next(PORTS))
    try:
        task.compose("up", "--detach", "--no-build")
        task.wait_for_app(20)
        yield task
    finally:
        task.compose("down", "--volumes", "--timeout", "1")
