"""Joints between the plan and nginx.conf, as a parser of nginx's own grammar reads it."""

from __future__ import annotations

import re
import tempfile
from typing import TYPE_CHECKING, Any

from chuoigen.recipes.nginx.planning import NginxPlan
from tests.proof.joints_task import differ

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.proof.builds import Build


ADDRESS = "127.0.0.1"


# What an application learns of a request: a place that sets one of them inherits none.
HEADERS = [
    *("Connection", "Host", "Upgrade", "X-Forwarded-For", "X-Forwarded-Port", "X-Forwarded-Proto", "X-Real-IP"),
]


def nginx(build: Build) -> Iterator[str]:
    """nginx.conf, as nginx itself would parse it, says what the plan decided."""
    for container in build.plan.built:
        recipe = container.build
        if isinstance(recipe, NginxPlan):
            found = directives(build.files[f"docker/{container.name}/nginx.conf"])
            yield from _main(recipe, found, container.stop_timeout)
            yield from _server(recipe, found)
            if recipe.upstream is not None:
                yield from _upstream(build, recipe, found)


def directives(text: str) -> dict[str, list[list[str]]]:
    """Return the arguments of all directives by their place: "http/server/listen". Raises for what is none."""
    import crossplane

    with tempfile.NamedTemporaryFile("w", suffix=".conf") as file:
        file.write(text.replace("include /etc/nginx/mime.types;", ""))
        file.flush()
        payload = crossplane.parse(file.name, single=True)
    if payload["errors"]:
        raise ValueError(payload["errors"][0]["error"])
    found: dict[str, list[list[str]]] = {}
    if "include /etc/nginx/mime.types;" not in text:
        raise ValueError("the types of files are not known")

    def walk(block: list[dict[str, Any]], place: str) -> None:
        for one in block:
            name = f"{place}{one['directive']}"
            found.setdefault(name, []).append(one["args"])
            label = " ".join(one["args"])
            walk(one.get("block", []), f"{name} {label}/" if label and one["directive"] == "location" else f"{name}/")

    walk(payload["config"][0]["parsed"], "")
    return found


def _main(recipe: NginxPlan, found: dict[str, list[list[str]]], stop: int) -> Iterator[str]:
    wanted = {
        "daemon": "off",
        "worker_processes": str(recipe.workers),
        "worker_rlimit_nofile": str(recipe.nofile),
        "events/worker_connections": str(recipe.connections),
        "pid": "/tmp/nginx.pid",  # noqa: S108
        "error_log": "stderr warn",
        "http/server_tokens": "off",
        "http/sendfile": "on",
        "http/tcp_nopush": "on",
        "http/default_type": "application/octet-stream",
        "http/access_log": "/dev/stdout json",
        "http/keepalive_timeout": f"{recipe.keepalive}s",
        "http/client_max_body_size": f"{recipe.max_body_mib}m",
        "http/server/listen": f"{recipe.port} default_server",
        "http/server/server_name": "_",
        # With a read-only root nginx can write below /tmp only.
        **{
            f"http/{name}_temp_path": f"/tmp/nginx-{name.replace('_', '-')}"  # noqa: S108
            for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        },
    }
    for name, value in wanted.items():
        yield from differ(name, [" ".join(args) for args in found.get(name, [])], [value])
    shutdown = int(found["worker_shutdown_timeout"][0][0].removesuffix("s"))
    if not 0 < shutdown <= max(1, stop - 5) or shutdown < stop - 5:
        yield f"worker_shutdown_timeout {shutdown} leaves less than 5 s of {stop}, or more"
    # 2 descriptors a connection: one to the client and one to the application.
    if recipe.connections * 2 > recipe.nofile * recipe.workers:
        yield "there are more connections than descriptors"
    form = "".join(found["http/log_format"][0][2:])
    names = sorted(re.findall(r"\$(\w+)", form))
    yield from differ("log_format", names, sorted(LOGGED))
    sample = re.sub(r'"\$\w+"', '"a"', form)
    if not re.fullmatch(r'\{("[a-z_]+":("a"|\$\w+),?)+\}', sample) or '":"$status"' in form:
        yield "a line of the log is not JSON"
    yield from differ("log_format", sorted(re.findall(r'"([a-z_]+)":', form)), sorted(KEYS))


LOGGED = [
    "body_bytes_sent",
    "http_referer",
    "http_user_agent",
    "http_x_forwarded_for",
    "remote_addr",
    "request_method",
    "request_time",
    "request_uri",
    "status",
    "time_iso8601",
    "upstream_addr",
    "upstream_response_time",
]


KEYS = [
    "agent",
    "bytes",
    "client",
    "forwarded_for",
    "method",
    "referer",
    "seconds",
    "status",
    "time",
    "upstream",
    "upstream_seconds",
    "uri",
]


def _server(recipe: NginxPlan, found: dict[str, list[list[str]]]) -> Iterator[str]:
    roots = [args for name, values in found.items() if name.endswith("/root") for args in values]
    yield from differ("root", roots, [[recipe.root]] if recipe.root else [])
    if recipe.root:
        static = {"http/gzip_static": "on", "http/gzip_vary": "on", "http/gzip_proxied": "any"}
        for name, value in static.items():
            yield from differ(name, found.get(name), [[value]])


def _upstream(build: Build, recipe: NginxPlan, found: dict[str, list[list[str]]]) -> Iterator[str]:
    upstream = build.plan.containers[recipe.upstream or ""]
    ports = [port.number for port in upstream.ports]
    server = found["http/upstream/server"]
    if len(server) != 1 or server[0][0] != f"{ADDRESS}:{recipe.upstream_port}" or recipe.upstream_port not in ports:
        yield f"the upstream {server} is no port of {upstream.name} at {ADDRESS}"
    yield from differ("upstream", server[0][1:], ["max_fails=0"])
    name = found["http/upstream"][0][0]
    passed = [args[0] for key, values in found.items() if key.endswith("/proxy_pass") for args in values]
    yield from differ("proxy_pass", sorted(set(passed)), [f"http://{name}"])
    for key, values in found.items():
        if key.endswith("/proxy_set_header"):
            yield from differ(key, sorted(header for header, _ in values), HEADERS)
    for key in ("proxy_read_timeout", "proxy_send_timeout"):
        yield from differ(key, found.get(f"http/server/{key}"), [[f"{recipe.timeout}s"]])
    idle = int(found["http/upstream/keepalive_timeout"][0][0].removesuffix("s"))
    if not 0 < idle < IDLE_S.get(upstream.recipe, UNKNOWN_IDLE_S):
        yield f"connections to the application are kept for {idle} s, longer than it keeps them"
    if not 1 <= int(found["http/upstream/keepalive"][0][0]) <= recipe.connections:
        yield "more connections are kept than there can be"
    health = f"http/server/location = {recipe.health_path}/"
    if recipe.health_path and f"{health}proxy_pass" not in found:
        yield f"{recipe.health_path} does not reach the application"
    if recipe.health_path:
        yield from differ(f"{health}access_log", found.get(f"{health}access_log"), [["off"]])
    connect = int(found["http/server/proxy_connect_timeout"][0][0].removesuffix("s"))
    if not 0 < connect <= recipe.timeout:
        yield "proxy_connect_timeout is longer than everything else"


# How long applications keep an idle connection open: cowboy 60 s (hexdocs.pm/plug_cowboy), Node.js 5 s before 26, what
# the recipes tell Puma and Gunicorn; of others nobody knows, and Gunicorn by itself has the least, 2 s.
IDLE_S = {"phoenix": 60, "node": 5, "rails": 75, "python": 75}
UNKNOWN_IDLE_S = 2
