"""Does nginx take the generated configuration, and serve, pass on and stop as it should?"""

from __future__ import annotations

import gzip
import http.client
import http.server
import json
import signal
import socket
import subprocess
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.artifacts.docker_specs import HEAD, MODERN, files
from tests.artifacts.plans import plan_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


NGINX = {
    "proxy and files": "{ recipe: nginx, upstream: app, static: static }",
    "proxy alone": "{ recipe: nginx, upstream: app, max_body: 100, timeout: 5m }",
    "files alone": "{ recipe: nginx, static: static }",
    "neither": "{ recipe: nginx }",
}


@pytest.mark.needs("nginx")
@pytest.mark.parametrize("build", NGINX.values(), ids=NGINX.keys())
@pytest.mark.parametrize("path", ["/srv/static", '/srv/my "files"; #'])
def test_nginx_takes_the_configuration_as_it_is(
    build: str, path: str, tmp_path: Path, needs: Callable[[str], str]
) -> None:
    conf = tmp_path / "nginx.conf"
    conf.write_text(files(web(build, path, 8080, 4000))["docker/web/nginx.conf"])
    outcome = subprocess.run(
        [needs("nginx"), "-t", "-c", str(conf)], capture_output=True, text=True, timeout=30, check=False
    )
    assert outcome.returncode == 0, outcome.stderr
    assert "[warn]" not in outcome.stderr


def web(build: str, path: str, port: int, upstream: int) -> str:
    mount = json.dumps({"static": {"path": path, "read_only": True}})
    return (
        "volumes: { static: {} }\n"
        "containers:\n"
        f"  app: {{ image: app:1, ports: [{upstream}] }}\n"
        f"  web: {{ build: {build}, ports: [{port}], mounts: {mount}, healthcheck: {{ http: '/up?deep=1' }}, stop_timeout: 10 }}\n"
    )


class Application(http.server.BaseHTTPRequestHandler):
    """Answers with what it was asked; slowly or at length when the path says so."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path == "/slow":
            time.sleep(1.5)
        asked = {name.lower(): value for name, value in self.headers.items()}
        body = b"x" * 8_000_000 if self.path == "/large" else json.dumps({"path": self.path, **asked}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(
    folder: Path, nginx: str, build: str = NGINX["proxy and files"]
) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """Run the application and nginx with the generated configuration, both on loopback; give nginx's port."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Application)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = free_port()
    static = folder / "static"
    static.mkdir(exist_ok=True)
    folder.chmod(0o755)
    conf = folder / "nginx.conf"
    conf.write_text(files(web(build, str(static), port, server.server_port))["docker/web/nginx.conf"])
    process = subprocess.Popen([nginx, "-c", str(conf)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                time.sleep(0.05)
        yield port, process
    finally:
        process.terminate()
        process.communicate(timeout=10)
        server.shutdown()
        server.server_close()


def get(port: int, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, body


DIGESTED = "app-0123456789abcdef0123456789abcdef.js"


def reachable(folder: Path) -> None:
    """Let nginx's workers, who are nobody when the test is root, into the test's folder."""
    for place in (folder, *folder.parents[:-2]):
        if place.stat().st_mode & 0o077 != 0o077:
            place.chmod(place.stat().st_mode | 0o011)


@pytest.mark.proof
@pytest.mark.needs("nginx")
def test_nginx_serves_files_compressed_and_asks_the_application_for_the_rest(
    tmp_path: Path, needs: Callable[[str], str]
) -> None:
    reachable(tmp_path)
    static = tmp_path / "static"
    static.mkdir()
    for name in ("app.js", DIGESTED, ".secret"):
        (static / name).write_text("plain")
    (static / f"{DIGESTED}.gz").write_bytes(gzip.compress(b"compressed"))
    with serving(tmp_path, needs("nginx")) as (port, _):
        status, headers, body = get(port, f"/{DIGESTED}", Accept_Encoding="gzip", Via="1.1 cdn")
        assert (status, headers["content-encoding"], gzip.decompress(body)) == (200, "gzip", b"compressed")
        assert headers["cache-control"] == "public, max-age=31536000, immutable"
        assert headers["vary"] == "Accept-Encoding"
        status, headers, body = get(port, "/app.js", Accept_Encoding="gzip")
        assert (status, headers["cache-control"], body) == (200, "no-cache", b"plain")
        for path in ("/", "/up", "/.secret", f"/{DIGESTED}.gz", "/missing-0123456789abcdef0123456789abcdef.js"):
            status, headers, body = get(port, path)
            assert (status, json.loads(body)["path"]) == (200, path)
            assert "cache-control" not in headers
        assert len(get(port, "/large")[2]) == 8_000_000


@pytest.mark.proof
@pytest.mark.needs("nginx")
def test_nginx_tells_the_application_how_the_client_came_in(tmp_path: Path, needs: Callable[[str], str]) -> None:
    with serving(tmp_path, needs("nginx")) as (port, _):
        bare = json.loads(get(port, "/")[2])
        behind = json.loads(
            get(
                port,
                "/",
                Host="shop.example",
                X_Forwarded_For="1.2.3.4",
                X_Forwarded_Proto="https",
                X_Forwarded_Port="443",
            )[2]
        )
        socketed = json.loads(get(port, "/socket", Upgrade="websocket", Connection="Upgrade")[2])
    assert (bare["x-forwarded-for"], bare["x-forwarded-proto"], bare["x-forwarded-port"]) == (
        "127.0.0.1",
        "http",
        str(port),
    )
    assert "connection" not in bare
    assert behind["host"] == "shop.example"
    assert behind["x-forwarded-for"] == "1.2.3.4, 127.0.0.1"
    assert (behind["x-forwarded-proto"], behind["x-forwarded-port"]) == ("https", "443")
    assert (socketed["upgrade"], socketed["connection"]) == ("websocket", "upgrade")


@pytest.mark.proof
@pytest.mark.needs("nginx")
def test_sigquit_lets_requests_finish_and_nginx_leaves_by_itself(tmp_path: Path, needs: Callable[[str], str]) -> None:
    answers: list[int] = []
    with serving(tmp_path, needs("nginx")) as (port, process):
        asking = threading.Thread(target=lambda: answers.append(get(port, "/slow")[0]))
        asking.start()
        time.sleep(0.5)
        process.send_signal(signal.SIGQUIT)  # the image's STOPSIGNAL
        output, _ = process.communicate(timeout=8)
        asking.join(timeout=8)
    assert answers == [200]
    assert process.returncode == 0
    logged = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    assert [(line["uri"], line["status"]) for line in logged] == [("/slow", 200)]


@pytest.mark.proof
@pytest.mark.needs("nginx")
def test_nginx_without_an_application_answers_health_checks_itself(tmp_path: Path, needs: Callable[[str], str]) -> None:
    reachable(tmp_path)
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "index.html").write_text("hello")
    with serving(tmp_path, needs("nginx"), NGINX["files alone"]) as (port, _):
        assert get(port, "/up")[::2] == (200, b"ok\n")
        assert get(port, "/")[::2] == (200, b"hello")
        assert get(port, "/nothing")[0] == 404
        assert get(port, "/.env")[0] == 404


def test_nginx_leaves_five_seconds_before_it_would_be_killed() -> None:
    assert plan_of(HEAD + MODERN).containers["web"].stop_timeout == 30
    assert "worker_shutdown_timeout 25s;" in files(MODERN)["docker/web/nginx.conf"]
    assert "STOPSIGNAL SIGQUIT" in files(MODERN)["docker/web/Dockerfile"].splitlines()
