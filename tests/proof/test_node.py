"""The recipe node: real npm builds its images offline, and the real node serves, is asked for its health, and stops."""

from __future__ import annotations

import gzip
import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from tests.proof.node_standins import import_all
from tests.proof.project import Project, case
from tests.proof.running_task import Task, running

if TYPE_CHECKING:
    from pathlib import Path

    from tests.proof.dockerd import Daemon

pytestmark = [
    pytest.mark.proof,
    pytest.mark.slow,
    pytest.mark.needs("dockerd", "docker-compose", "node", "npm", "nginx", "git"),
]


@pytest.fixture(scope="session")
def node_images(standins: Daemon) -> Daemon:
    standins.once("node-standins", lambda: import_all(standins))
    return standins


@pytest.fixture
def shop(node_images: Daemon, tmp_path: Path) -> Project:
    return case("node", tmp_path, node_images)


@pytest.fixture
def monorepo(node_images: Daemon, tmp_path: Path) -> Project:
    return case("node-monorepo", tmp_path, node_images)


def said(project: Project, image: str, script: str) -> list[str]:
    return project.daemon.docker("run", "--rm", "--entrypoint", "sh", image, "-c", script).stdout.splitlines()


def configuration(project: Project, image: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(project.daemon.docker("image", "inspect", image).stdout)[0]["Config"]
    return {key: found[key] for key in ("User", "Entrypoint", "Cmd", "WorkingDir")}


@pytest.mark.parametrize("buildkit", [False, True])
def test_an_image_holds_what_runs_and_nothing_else(shop: Project, buildkit: bool) -> None:
    image = shop.built(buildkit=buildkit).images["app"]
    assert configuration(shop, image) == {
        "User": "1000:1000",
        "Entrypoint": ["/entrypoint.sh"],
        "Cmd": ["node", "dist/server.js"],
        "WorkingDir": "/app",
    }
    look = "find . ! -type d | grep -v .package-lock.json; cat public/app.js | grep built; ls -l node_modules"
    files = said(shop, image, look)
    assert sorted(file for file in files if file.startswith("./")) == [
        "./dist/server.js",
        "./node_modules/greeting",  # a link, without the bundler beside it
        "./package.json",
        "./packages/greeting/index.js",
        "./packages/greeting/package.json",
        "./public/app.js",
        "./public/app.js.gz",
        "./public/robots.txt",
    ]
    assert "// built with NODE_ENV=production" in files
    assert said(shop, image, "date +%Z; stat -c %u:%g /srv/static dist; id -u") == ["JST", *["1000:1000"] * 2, "1000"]


def test_what_is_downloaded_does_not_depend_on_the_program(shop: Project) -> None:
    project = shop
    assert project.build(buildkit=True).returncode == 0
    with (project.root / "src" / "server.js").open("a") as file:
        file.write("// changed\n")
    again = project.build(buildkit=True).stdout
    downloads = next(line for line in again.splitlines() if "npm ci --include=dev --ignore-scripts" in line)
    assert f"{downloads.split(' ')[0]} CACHED" in again


def test_a_stale_lock_file_stops_the_build(shop: Project) -> None:
    package = shop.root / "package.json"
    package.write_text(
        package.read_text().replace('"dependencies": {', '"dependencies": { "other": "file:tools/other",')
    )
    other = shop.root / "tools" / "other"
    other.mkdir()
    (other / "package.json").write_text('{ "name": "other", "version": "1.0.0" }')
    result = shop.build(buildkit=False)
    assert result.returncode != 0
    assert "Missing: other@1.0.0 from lock file" in result.stdout


def test_static_files_that_are_not_there_stop_the_build(shop: Project) -> None:
    for file in (shop.root / "out").rglob("Dockerfile"):
        file.write_text(file.read_text().replace("public", "nowhere"))
    result = shop.build(buildkit=False)
    assert result.returncode != 0
    assert "nowhere" in result.stdout


def test_the_task_serves_behind_nginx_and_stops_by_itself(shop: Project) -> None:
    with running(shop, "compose.fargate.yaml", buildkit=False) as task:
        node_is_the_process_that_the_recipe_decided_on(task)
        nginx_serves_the_static_files(task)
        the_health_check_tells_well_from_ill(task)
        an_answer_that_has_begun_is_whole(task)


def node_is_the_process_that_the_recipe_decided_on(task: Task) -> None:
    facts = json.loads(task.get("/facts").body)
    heap = facts.pop("heap")
    assert facts == {
        "pid": 1,
        "uid": 1000,
        "folder": "/app",
        "address": "0.0.0.0",  # noqa: S104  not the host's name
        "environment": {
            "NODE_ENV": "production",
            "NODE_OPTIONS": "--max-old-space-size=384 --enable-source-maps",
            "TZ": "Asia/Tokyo",
        },
    }
    assert 384 << 20 <= heap < 512 << 20  # the young generation is not in the option


def nginx_serves_the_static_files(task: Task) -> None:
    answer = task.get("/app.js", Accept_Encoding="gzip")
    assert (answer.status, answer.headers["content-encoding"]) == (200, "gzip")
    assert gzip.decompress(answer.body).startswith(b"// built with NODE_ENV=production\n")
    assert task.get("/robots.txt").body == b"User-agent: *\n"
    missing = task.get("/nowhere")
    assert (missing.status, missing.body) == (404, b"hello, nobody")


def the_health_check_tells_well_from_ill(task: Task) -> None:
    check = task.project.plan.containers["app"].healthcheck
    assert check is not None
    *command, url = check.command[1:]
    assert task.execute("app", *command, url).returncode == 0
    for ill in (url.replace("/system/healthcheck", "/nowhere"), "http://127.0.0.1:9/"):
        assert task.execute("app", *command, ill, check=False).returncode == 1


def an_answer_that_has_begun_is_whole(task: Task) -> None:
    with ThreadPoolExecutor(4, initializer=task.daemon.enter) as pool:
        waiting = [pool.submit(task.get_here, "/slow?s=2") for _ in range(4)]
        time.sleep(0.5)
        begun = time.monotonic()
        task.compose("stop")
        assert [(each.result().status, each.result().body) for each in waiting] == [(200, b"slow, and whole")] * 4
    assert time.monotonic() - begun < 15
    for name in ("app", "web"):
        state = task.state(name)
        assert (state["Status"], state["ExitCode"]) == ("exited", 0), name
    assert task.output("app") == ["started", "stopped"]


def test_a_workspace_has_what_it_needs_and_no_other(monorepo: Project) -> None:
    image = monorepo.built().images["api"]
    found = said(monorepo, image, "cd /app; find . ! -type d | grep -v .package-lock.json")
    assert sorted(found) == [
        "./apps/api/dist/server.js",
        "./apps/api/package.json",
        "./apps/api/src/server.js",
        "./node_modules/@shop/api",
        "./node_modules/@shop/prices",
        "./package.json",
        "./packages/prices/dist/prices.js",
        "./packages/prices/package.json",
        "./packages/prices/src/prices.js",
    ]
    serves_and_stops(monorepo, image)


def serves_and_stops(monorepo: Project, image: str) -> None:
    container = monorepo.plan.containers["api"]
    variables = [word for name, value in container.environment.items() for word in ("--env", f"{name}={value}")]
    name = monorepo.daemon.docker("run", "--detach", *variables, image).stdout.strip()
    assert container.healthcheck is not None
    ask = ("fetch('http://127.0.0.1:8080/').then((answer) => answer.text()).then(console.log)",)
    try:
        until = time.monotonic() + 20
        check = ("exec", name, *container.healthcheck.command[1:])
        while monorepo.daemon.docker(*check, check=False).returncode != 0 and time.monotonic() < until:
            time.sleep(0.1)
        answer = json.loads(monorepo.daemon.docker("exec", name, "node", "-e", *ask).stdout)
        assert answer == {"price": 100, "keepAlive": 65000, "folder": "/app/apps/api"}
        monorepo.daemon.docker("stop", "--time", "10", name)
        state = json.loads(monorepo.daemon.docker("inspect", name).stdout)[0]["State"]
        assert (state["Status"], state["ExitCode"]) == ("exited", 0)
    finally:
        monorepo.daemon.docker("rm", "--force", name)
