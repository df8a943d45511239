"""The recipe python: real pip builds one image offline; Gunicorn, Uvicorn and Celery run from it, are asked, and stop."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import time
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from typing import TYPE_CHECKING

import pytest

from tests.proof.project import Project, case
from tests.proof.python_standins import import_all
from tests.proof.running_task import Task, running

if TYPE_CHECKING:
    from pathlib import Path

    from tests.proof.dockerd import Daemon

pytestmark = [
    pytest.mark.proof,
    pytest.mark.slow,
    pytest.mark.needs("dockerd", "docker-compose", "nginx", "git", "gunicorn", "uvicorn", "celery"),
]

DUMMY = "only-while-the-image-is-built"
KEY = "a key of the tests"


@pytest.fixture(scope="session")
def python_images(standins: Daemon) -> Daemon:
    standins.once("python-standins", lambda: import_all(standins))
    return standins


@pytest.fixture
def shop(python_images: Daemon, tmp_path: Path) -> Project:
    project = case("python", tmp_path, python_images)
    for name in ("requirements.txt", "requirements/jobs.txt"):  # the versions that are here
        file = project.root / name
        file.write_text(re.sub(r"(\w+)==.*", lambda found: f"{found[1]}=={version(found[1])}", file.read_text()))
    return project


def said(project: Project, image: str, script: str) -> list[str]:
    return project.daemon.docker("run", "--rm", "--entrypoint", "sh", image, "-c", script).stdout.splitlines()


@pytest.mark.parametrize("buildkit", [False, True])
def test_an_image_holds_what_runs_and_nobody_changes_it(shop: Project, buildkit: bool) -> None:
    built = shop.built(buildkit=buildkit)
    assert list(built.images) == ["app", "web"]  # the other three run the same one
    image = built.images["app"]
    assert f"asked: collectstatic with shop.settings.production {DUMMY}" in built.said
    assert DUMMY not in "".join(said(shop, image, "env; grep -r while-the-image shop staticfiles || true"))
    assert said(shop, image, "id -u; stat -c %u:%g . shop /venv /srv/static; date +%Z") == [
        *("1000", "0:0", "0:0", "0:0", "1000:1000", "JST"),
    ]
    assert said(shop, image, "cd /venv/bin; ls pip celery gunicorn uvicorn 2>/dev/null || true") == [
        *("celery", "gunicorn", "uvicorn"),
    ]
    digest = hashlib.md5((shop.root / "static/app.js").read_bytes(), usedforsecurity=False).hexdigest()[:12]
    names = ["app.js", "app.js.gz", f"app.{digest}.js", f"app.{digest}.js.gz"]
    assert said(shop, image, "ls staticfiles") == sorted(names)


def test_dependencies_are_installed_again_only_when_they_change(shop: Project) -> None:
    assert shop.build(buildkit=True).returncode == 0
    with (shop.root / "shop" / "wsgi.py").open("a") as file:
        file.write("# changed\n")
    again = shop.build(buildkit=True).stdout
    step = next(line for line in again.splitlines() if "pip --python" in line)
    assert f"{step.split(' ')[0]} CACHED" in again


def test_a_missing_lock_file_ends_the_script_before_docker(shop: Project) -> None:
    (shop.root / "requirements" / "jobs.txt").unlink()
    result = shop.build(buildkit=False)
    assert result.returncode == 2
    assert "requirements/jobs.txt is missing" in result.stdout


def test_the_task_serves_behind_nginx_and_stops_by_itself(shop: Project) -> None:
    (shop.out / ".env").write_text(f"SECRET_KEY={KEY}\n")
    with running(shop, "compose.fargate.yaml", buildkit=False) as task:
        the_process_is_what_the_recipe_decided_on(task)
        nginx_serves_the_static_files(task)
        the_health_checks_tell_well_from_ill(task)
        jobs_come_from_the_application_and_from_the_clock(task)
        everything_ends_what_it_has_begun(task)


def the_process_is_what_the_recipe_decided_on(task: Task) -> None:
    assert json.loads(task.get("/facts").body) == {
        "uid": 1000,
        "folder": "/app",
        "package": "/app/shop",
        "bytecode": True,
        "key": KEY,
        "workers": "3",
    }
    programs = {name: task.execute(name, "cat", "/proc/1/cmdline").stdout.split("\0")[1] for name in ("app", "api")}
    assert programs == {"app": "/venv/bin/gunicorn", "api": "/venv/bin/uvicorn"}
    started = "\n".join(task.output("app"))
    assert "Using worker: gthread" in started
    assert "[ERROR]" not in started


def nginx_serves_the_static_files(task: Task) -> None:
    listed = task.execute("web", "ls", "/srv/static/static").stdout.split()
    digested = next(name for name in listed if re.fullmatch(r"app\.[0-9a-f]{12}\.js", name))
    for path, caching in (
        (f"/static/{digested}", "public, max-age=31536000, immutable"),
        ("/static/app.js", "no-cache"),
    ):
        answer = task.get(path, Accept_Encoding="gzip")
        assert (answer.status, answer.headers["content-encoding"]) == (200, "gzip")
        assert answer.headers["cache-control"] == caching
        assert gzip.decompress(answer.body).startswith(b"// what a browser runs\n")
    missing = task.get("/static/nowhere.js")
    assert (missing.status, missing.body) == (404, b"nothing here")


def the_health_checks_tell_well_from_ill(task: Task) -> None:
    check = task.project.plan.containers["app"].healthcheck
    other = task.project.plan.containers["api"].healthcheck
    assert check is not None
    assert other is not None
    *command, url = check.command[1:]
    moved = url.replace("/system/healthcheck", "/moved")
    for well in (url, moved, other.command[-1]):
        assert task.execute("app", *command, well, check=False).returncode == 0, well
    for ill in (url.replace("/system/healthcheck", "/nowhere"), "http://127.0.0.1:9/"):
        assert task.execute("app", *command, ill, check=False).returncode == 1, ill


def wait_for(task: Task, name: str, line: str) -> None:
    until = time.monotonic() + 30
    while not any(line in each for each in task.output(name)):
        assert time.monotonic() < until, task.output(name)
        time.sleep(0.2)


def jobs_come_from_the_application_and_from_the_clock(task: Task) -> None:
    wait_for(task, "worker", "ended: by the clock")
    assert task.get("/job?before-the-stop").status == 200
    wait_for(task, "worker", "begun: before-the-stop")


def everything_ends_what_it_has_begun(task: Task) -> None:
    slow = "import urllib.request as r; print(r.urlopen('http://127.0.0.1:8001/slow').read().decode())"
    with ThreadPoolExecutor(5, initializer=task.daemon.enter) as pool:
        waiting = [pool.submit(task.get_here, "/slow") for _ in range(4)]
        asked = pool.submit(task.execute, "worker", "python", "-c", slow)
        time.sleep(0.7)
        begun = time.monotonic()
        task.compose("stop", "app", "api")
        assert [(each.result().status, each.result().body) for each in waiting] == [(200, b"slow, and whole")] * 4
        assert asked.result().stdout == "slow, and whole\n"
    task.compose("stop")
    assert time.monotonic() - begun < 25
    for name in ("app", "api", "worker", "beat", "web"):
        state = task.state(name)
        assert (state["Status"], state["ExitCode"], state["OOMKilled"]) == ("exited", 0, False), (
            name,
            task.output(name),
        )
    assert "lifespan shutdown" in task.output("api")
    assert any("ended: before-the-stop" in line for line in task.output("worker"))
