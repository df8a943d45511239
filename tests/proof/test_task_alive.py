"""The task runs: the images in one network as on Fargate, and by name; it serves, survives a restart, and stops well."""

from __future__ import annotations

import errno
import gzip
import hashlib
import os
import re
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from tests.proof.running_task import Response, Task, running

if TYPE_CHECKING:
    from tests.proof.project import Project

pytestmark = [
    pytest.mark.proof,
    pytest.mark.slow,
    pytest.mark.needs("dockerd", "docker-compose", "elixir", "nginx", "git"),
]


@pytest.mark.parametrize(
    ("spec", "file", "buildkit"),
    [
        ("qa", "compose.fargate.yaml", False),
        ("qa", "compose.yaml", True),
        ("prod", "compose.fargate.yaml", True),
        ("chuoi-2018", "compose.fargate.yaml", False),
    ],
)
def test_the_task_serves_survives_a_restart_and_stops_by_itself(
    projects: dict[str, Project], spec: str, file: str, buildkit: bool
) -> None:
    """Run the scenes of one task in order, since each one starts where the other ended."""
    with running(projects[spec], file, buildkit=buildkit) as task:
        static_files_come_compressed_from_the_volume(task)
        requests_reach_app_with_what_the_load_balancer_said(task)
        slow_and_large_responses_pass(task)
        volumes_are_writable_by_their_owners_and_read_only_where_they_should_be(task)
        health_checks_pass_in_their_containers(task)
        app_restarts_alone(task)
        everything_stops_by_itself(task)


def static_files_come_compressed_from_the_volume(task: Task) -> None:
    names = task.execute("web", "ls", "/var/app/public/js").stdout.split()
    digested = next(name for name in names if re.fullmatch(r"app-[0-9a-f]{32}\.js", name))
    for path, caching in ((f"/js/{digested}", "public, max-age=31536000, immutable"), ("/js/app.js", "no-cache")):
        answer = task.get(path, Accept_Encoding="gzip")
        assert answer.status == 200
        assert (answer.headers["content-encoding"], answer.headers["vary"]) == ("gzip", "Accept-Encoding")
        assert answer.headers["cache-control"] == caching
        assert "x-answered-by" not in answer.headers
        assert gzip.decompress(answer.body).startswith(b"// bundled\n")
        plain = task.get(path)
        assert "content-encoding" not in plain.headers
        assert plain.body == gzip.decompress(answer.body)
    assert task.get("/robots.txt").body == b"User-agent: *\nDisallow: /system/\n"
    # Names that are no page of a browser go to app, which has none of them.
    for path in ("/js/app.js.gz", "/.env", "/nowhere"):
        hidden = task.get(path)
        assert (hidden.status, hidden.headers["x-answered-by"]) == (404, "app"), path
        assert "cache-control" not in hidden.headers or path == "/nowhere"
    log = task.execute("app", "cat", "/var/log/chuoi/app.log").stdout
    assert "GET /nowhere 404" in log
    assert "/robots.txt" not in log
    assert f"/js/{digested}" not in log


def requests_reach_app_with_what_the_load_balancer_said(task: Task) -> None:
    health = task.get("/system/healthcheck")
    assert (health.status, health.body, health.headers["x-answered-by"]) == (200, b"ok", "app")
    answer = task.get(
        "/headers",
        Host="chuoi.example",
        X_Forwarded_For="203.0.113.7",
        X_Forwarded_Proto="https",
        X_Forwarded_Port="443",
    )
    arrived = headers_of(answer)
    assert arrived["x-forwarded-for"].startswith("203.0.113.7, ")
    assert arrived["x-forwarded-proto"] == "https"
    assert arrived["x-forwarded-port"] == "443"
    assert arrived["host"] == "chuoi.example"
    assert "connection" not in arrived
    direct = headers_of(task.get("/headers"))
    assert (direct["x-forwarded-proto"], direct["x-forwarded-port"]) == ("http", "80")
    assert direct["x-forwarded-for"] == direct["x-real-ip"]
    upgrading = headers_of(task.get("/headers", Connection="Upgrade", Upgrade="websocket"))
    assert (upgrading["connection"], upgrading["upgrade"]) == ("upgrade", "websocket")
    lines = [line for line in task.output("web") if "/headers" in line]
    assert len(lines) == 3
    assert '"forwarded_for":"203.0.113.7"' in lines[0]
    assert not [line for line in task.output("web") if "/system/healthcheck" in line and '"status"' in line]


def headers_of(answer: Response) -> dict[str, str]:
    return {
        name.lower(): value for name, _, value in (line.partition(": ") for line in answer.body.decode().splitlines())
    }


def slow_and_large_responses_pass(task: Task) -> None:
    begun = time.monotonic()
    assert task.get("/slow?s=2").body == b"slow, and whole"
    assert time.monotonic() - begun >= 2
    large = task.get("/large")
    assert hashlib.sha256(large.body).digest() == hashlib.sha256(b"0123456789abcdef" * (8 * 1024 * 64)).digest()


def volumes_are_writable_by_their_owners_and_read_only_where_they_should_be(task: Task) -> None:
    for name, path in (("web", "/var/app/public/new"), ("log", "/var/log/chuoi/new")):
        for user in ("0", "1000"):
            attempt = task.daemon.docker("exec", "-u", user, task.container(name), "touch", path, check=False)
            assert attempt.returncode != 0
            assert os.strerror(errno.EROFS) in attempt.stderr
    assert task.execute("app", "id", "-u").stdout == "1000\n"
    task.execute("app", "touch", "/var/app/public/new", "/var/log/chuoi/new")
    assert task.execute("log", "id", "-u").stdout == ("0\n" if task.project.spec == "chuoi-2018" else "999\n")
    task.execute("log", "touch", "/fluentd/log/new")
    configuration = task.get("/configuration").body.decode()
    assert 'secret_key_base: "a secret of the tests"' in configuration
    if task.project.spec != "chuoi-2018":
        assert 'redis: {"redis.xxxxxx.ng.0001.apne1.cache.amazonaws.com", "6379"}' in configuration


def health_checks_pass_in_their_containers(task: Task) -> None:
    checks = {name: container.healthcheck for name, container in task.project.plan.containers.items()}
    for name, check in checks.items():
        if check is not None:
            assert check.command[0] == "CMD"
            task.execute(name, *check.command[1:])
    assert bool(checks["web"]) == (task.project.spec != "chuoi-2018")


def app_restarts_alone(task: Task) -> None:
    task.compose("restart", "app")
    task.wait_for_app(5)
    assert {task.get("/system/healthcheck").status for _ in range(20)} == {200}
    # Killed without a word, as when it runs out of memory.
    task.compose("kill", "app")
    assert task.get("/headers").status in {502, 504}
    assert task.get("/robots.txt").status == 200
    task.compose("start", "app")
    task.wait_for_app(5)
    assert {task.get("/headers").status for _ in range(20)} == {200}
    # A new container, as after another build.
    task.compose("up", "--detach", "--no-build", "--no-deps", "--force-recreate", "app")
    task.wait_for_app(5)
    assert {task.get("/headers").status for _ in range(20)} == {200}


def everything_stops_by_itself(task: Task) -> None:
    plan = task.project.plan
    since = time.time()
    with ThreadPoolExecutor(8, initializer=task.daemon.enter) as pool, task.daemon.inside(idle_connection, task):
        waiting = [pool.submit(task.get_here, "/slow?s=3") for _ in range(8)]
        time.sleep(1)
        task.compose("stop")
        answers = [each.result() for each in waiting]
    until = time.time()
    assert [(each.status, each.body) for each in answers] == [(200, b"slow, and whole")] * 8
    for name, container in plan.containers.items():
        state = task.state(name)
        assert (state["Status"], state["ExitCode"], state["OOMKilled"]) == ("exited", 0, False), name
        finished = datetime.fromisoformat(state["FinishedAt"][:19] + "+00:00").timestamp()
        assert finished - since < container.stop_timeout
    signals = task.daemon.docker(
        *("events", "--since", f"{since:.6f}", "--until", f"{until:.6f}", "--filter", "event=kill"),
        *("--filter", f"label=com.docker.compose.project={task.name}"),
        *("--format", '{{index .Actor.Attributes "com.docker.compose.service"}} {{.Actor.Attributes.signal}}'),
    ).stdout.splitlines()
    own = {line for line in signals if line.split()[0] in plan.containers}
    assert own == {"app 15", "web 3", "log 15"}
    logged_until_the_end(task)


def idle_connection(task: Task) -> socket.socket:
    """Return a connection that has been used and is kept open, as a load balancer's are."""
    connection = socket.create_connection(("127.0.0.1", task.port))
    connection.sendall(b"GET /system/healthcheck HTTP/1.1\r\nHost: chuoi.example\r\n\r\n")
    assert connection.recv(4096).startswith(b"HTTP/1.1 200 OK\r\n")
    return connection


def logged_until_the_end(task: Task) -> None:
    """What fluentd stands for has read the application's lines; app itself stopped in order."""
    sent = task.output("log")
    assert "sent: started" in sent
    assert "sent: GET /headers 200" in sent
    assert re.fullmatch(r"flushed after \d+ lines", sent[-1])
    volume = f"{task.name}_app-log"
    script = ("run", "--rm", "-v", f"{volume}:/log", "alpine:3.22.5", "cat", "/log/app.log")
    written = task.daemon.docker(*script).stdout.splitlines()
    assert written[-9:] == ["GET /slow?s=3 200"] * 8 + ["stopped"]
    # ECS stops who waited first: only then does fluentd outlive the last lines of app.
    if "log" in task.project.plan.containers["app"].depends_on:
        assert [line.removeprefix("sent: ") for line in sent[:-1]] == written
