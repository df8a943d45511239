"""nginx itself with a generated nginx.conf, on loopback: what it answers, what it passes on, what it writes down."""

from __future__ import annotations

import contextlib
import gzip
import http.client
import http.server
import json
import re
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chuoigen.recipes.nginx.planning import NginxPlan
from tests.proof.joints_task import differ

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.proof.builds import Build

DIGESTED = "/app-0123456789abcdef0123456789abcdef.css"
# How the makers of static files name them by their content, by the recipe of the application.
NAMED = {"rails": "/assets/app-01234567.css", "python": "/static/app.0123456789ab.css"}
LARGE = 3 << 20


class _Application(http.server.BaseHTTPRequestHandler):
    """Answers with what it was asked, as JSON; /large with as many bytes as its name says."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = b"x" * LARGE if self.path == "/large" else json.dumps(self._asked(headers)).encode()
        self.rfile.read(int(headers.get("content-length", 0)))
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _asked(self, headers: dict[str, str]) -> dict[str, Any]:
        return {"method": self.command, "path": self.path, "headers": headers, "version": self.request_version}

    do_POST = do_OPTIONS = do_PUT = do_GET  # noqa: N815  the same

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def served(build: Build) -> Iterator[str]:
    """Run each nginx of a build."""
    for container in build.plan.built:
        if isinstance(container.build, NginxPlan):
            with tempfile.TemporaryDirectory() as folder, _application() as port:
                behind = build.plan.containers.get(container.build.upstream or "")
                digested = NAMED.get(behind.recipe if behind else "", DIGESTED)
                text = build.files[f"docker/{container.name}/nginx.conf"]
                yield from _one(container.build, text, Path(folder), port, digested)


@contextlib.contextmanager
def _application() -> Iterator[int]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Application)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


def _free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _one(recipe: NginxPlan, text: str, folder: Path, application: int, digested: str) -> Iterator[str]:
    root = folder / "root"
    files = {"app.css": "a{}", digested[1:]: "b{}", ".hidden": "no", ".well-known/a.txt": "well"}
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content)
    (root / "app.css.gz").write_bytes(gzip.compress(b"a{}"))
    (folder / "tmp").mkdir()
    port = _free()
    text = re.sub(rf"listen {recipe.port}\b", f"listen 127.0.0.1:{port}", text)
    text = text.replace(f"server 127.0.0.1:{recipe.upstream_port} ", f"server 127.0.0.1:{application} ")
    text = text.replace("set_real_ip_from 10.0.0.0/8;", "set_real_ip_from 127.0.0.1;", 1)
    text = text.replace("/tmp/", f"{folder}/tmp/").replace(recipe.root or "/no/root", str(root))  # noqa: S108
    (folder / "nginx.conf").write_text(f"user root;\n{text}")
    subprocess.run(["chmod", "-R", "a+rX", str(folder)], check=True)
    with _nginx(folder, port) as problem:
        if problem:
            yield problem
            return
        if recipe.upstream:
            yield from _passes(port, recipe)
        else:
            yield from differ("/", _get(port, "/")[0], 404)
        if recipe.root:
            yield from _serves(port, digested)
            for method in ("POST", "OPTIONS", "PUT"):
                yield from _hands_on(port, recipe, method, digested)
    yield from _writes_down(folder, recipe)


@contextlib.contextmanager
def _nginx(folder: Path, port: int) -> Iterator[str]:
    """Run nginx until the block ends; give what it says when it does not come up."""
    program = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin") or "nginx"
    with (folder / "stdout").open("w") as output, (folder / "stderr").open("w") as errors:
        process = subprocess.Popen(
            [program, "-e", "stderr", "-c", str(folder / "nginx.conf"), "-p", str(folder)], stdout=output, stderr=errors
        )
        try:
            deadline = time.monotonic() + 10
            while process.poll() is None and time.monotonic() < deadline:
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                    yield ""
                    return
                time.sleep(0.003)
            yield "nginx does not come up: " + (folder / "stderr").read_text()[-300:]
        finally:
            process.terminate()
            process.wait(timeout=10)


def _get(
    port: int, path: str, body: bytes | None = None, method: str = "", **headers: str
) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(
            method or ("GET" if body is None else "POST"), path, body, {"Host": "a.example.com", **named}
        )
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def _reached(port: int, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> dict[str, Any]:
    """Return what the application was asked; nothing when it was not reached."""
    _, _, body = _get(port, path, body, method, **headers)
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _passes(port: int, recipe: NginxPlan) -> Iterator[str]:
    """Pass on what is no file, with the headers that a load balancer and an application expect."""
    direct = _reached(port, "/a?b=c", Host="a.example.com:8080")
    yield from differ("path", direct.get("path"), "/a?b=c")
    yield from differ("version", direct.get("version"), "HTTP/1.1")
    headers = direct.get("headers", {})
    wanted = {"host": "a.example.com:8080", "x-real-ip": "127.0.0.1", "x-forwarded-for": "127.0.0.1"}
    wanted |= {"x-forwarded-proto": "http", "x-forwarded-port": str(port), "accept-encoding": "identity"}
    yield from differ("headers", headers, wanted)
    behind = {"X_Forwarded_For": "192.0.2.7", "X_Forwarded_Proto": "https", "X_Forwarded_Port": "443"}
    found = _reached(port, "/a", **behind).get("headers", {})
    yield from differ("X-Forwarded-For", found.get("x-forwarded-for"), "192.0.2.7, 127.0.0.1")
    client = "192.0.2.7" if recipe.trusted else "127.0.0.1"
    yield from differ("X-Real-IP", found.get("x-real-ip"), client)
    made_up = _reached(port, "/a", X_Forwarded_For="203.0.113.9, 192.0.2.7").get("headers", {})
    yield from differ("X-Real-IP of a client that says who it is", made_up.get("x-real-ip"), client)
    yield from differ("X-Forwarded-Proto", found.get("x-forwarded-proto"), "https")
    yield from differ("X-Forwarded-Port", found.get("x-forwarded-port"), "443")
    for asked, passed in (("websocket", "websocket"), ("WebSocket", "websocket"), ("h2c", None), ("TLS/1.0", None)):
        found = _reached(port, "/a", Connection="Upgrade, HTTP2-Settings", Upgrade=asked).get("headers", {})
        connection = "upgrade" if passed else None
        yield from differ(f"Upgrade: {asked}", [found.get("upgrade"), found.get("connection")], [passed, connection])
    yield from _old_client(port)
    large = "a=" + "x" * (16_384 - 2)
    yield from differ("a large Cookie", _reached(port, "/a", Cookie=large).get("headers", {}).get("cookie"), large)
    many = {f"X_Large_{number}": "x" * 15_000 for number in range(4)}
    yield from differ(
        "64 KiB of headers", len(_reached(port, "/a", **many).get("headers", {})), len(direct["headers"]) + 4
    )
    yield from differ("large answer", len(_get(port, "/large")[2]), LARGE)
    yield from differ("Server", _get(port, "/a")[1].get("server"), "nginx")
    if recipe.health_path:
        yield from _checked(port, recipe)
    limit = recipe.max_body_mib << 20
    yield from differ("a body at the limit", _get(port, "/a", b"x" * limit)[0], 200)
    yield from differ("a body above the limit", _too_large(port, limit + 1), 413)


def _checked(port: int, recipe: NginxPlan) -> Iterator[str]:
    """Ask for health as the load balancer does: by the address of the task, and without a word of HTTPS."""
    found = _reached(port, recipe.health_path or "", Host=f"10.0.0.7:{port}")
    yield from differ("health check", found.get("path"), recipe.health_path)
    headers = found.get("headers", {})
    yield from differ("Host of a check", headers.get("host"), recipe.check_host or f"10.0.0.7:{port}")
    secure = ("https", "443") if recipe.check_secure else ("http", str(port))
    scheme = headers.get("x-forwarded-proto"), headers.get("x-forwarded-port")
    yield from differ("scheme of a check", scheme, secure)


def _old_client(port: int) -> Iterator[str]:
    """Ask as HTTP/1.0 does without a Host; the application gets one that is an address."""
    with socket.create_connection(("127.0.0.1", port), 5) as plain:
        plain.sendall(b"GET /a HTTP/1.0\r\n\r\n")
        answer = b"".join(iter(lambda: plain.recv(65_536), b""))
    found = json.loads(answer.partition(b"\r\n\r\n")[2])
    yield from differ("HTTP/1.0 without Host", found["headers"].get("host"), f"127.0.0.1:{port}")


def _too_large(port: int, size: int) -> int:
    """Return the answer to a body that is announced and not sent."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.putrequest("POST", "/a")
        connection.putheader("Content-Length", str(size))
        connection.endheaders()
        return connection.getresponse().status
    finally:
        connection.close()


def _serves(port: int, digested: str) -> Iterator[str]:
    """Serve files from the volume, compressed ones when asked for, and cached by whether their name has a digest."""
    status, headers, body = _get(port, "/app.css", Accept_Encoding="gzip", Via="1.1 proxy")
    yield from differ("app.css", [status, gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body], [200, b"a{}"])
    wanted = {
        "content-encoding": "gzip",
        "vary": "Accept-Encoding",
        "cache-control": "no-cache",
        "content-type": "text/css",
    }
    for name, value in wanted.items():
        yield from differ(f"app.css, {name}", headers.get(name), value)
    yield from differ("app.css, plain", _get(port, "/app.css")[2], b"a{}")
    status, headers, body = _get(port, digested)
    yield from differ("digested", [status, body], [200, b"b{}"])
    yield from differ("digested", headers.get("cache-control"), "public, max-age=31536000, immutable")
    for path in ("/.hidden", "/app.css.gz", "/no-0123456789abcdef0123456789abcdef.css", "/no.css"):
        yield from differ(path, _reached(port, path).get("path"), path)
    yield from differ("/.well-known", _get(port, "/.well-known/a.txt")[2], b"well")


def _hands_on(port: int, recipe: NginxPlan, method: str, digested: str) -> Iterator[str]:
    """Give the application what is no question for a file, though it goes to the path of one."""
    for path in ("/app.css", digested):
        if recipe.upstream is None:
            yield from differ(f"{method} {path}", _get(port, path, b"a=b", method)[0], 405)
        else:
            found = _reached(port, path, method, b"a=b")
            wanted = [method, path, "3"]
            length = found.get("headers", {}).get("content-length")
            yield from differ(f"{method} {path}", [found.get("method"), found.get("path"), length], wanted)


def _writes_down(folder: Path, recipe: NginxPlan) -> Iterator[str]:
    """Write one line of JSON for each request but health checks, and nothing to the error log."""
    try:
        lines = [json.loads(line) for line in (folder / "stdout").read_text().splitlines()]
    except ValueError as error:
        yield f"a line of the log is not JSON: {error}"
        return
    paths = [line.get("uri") for line in lines]
    if recipe.health_path in paths or not ({"/a?b=c", "/"} & set(paths)):
        yield f"the log has {paths}"
    if (folder / "tmp" / "nginx.pid").exists():
        yield "the pid file stays"
