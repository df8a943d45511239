"""How containers of one task find each other, and what fluentd keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        ("API", "localhost", ["localhost-address"]),
        ("API", "localhost:4000", ["localhost-address"]),
        ("API", "http://LOCALHOST/", ["localhost-address"]),
        ("API", "a,localhost", ["localhost-address"]),
        ("API", "my-localhost", []),
        ("API", "localhost.example.com", []),
        ("API", "a.localhost", []),
        ("API", "localhosts", []),
        ("API", "127.0.0.1", []),
        ("API", "http://web", ["container-name-as-host"]),
        ("API", "http://web:80/x", ["container-name-as-host"]),
        ("API", "redis://user@web:80", ["container-name-as-host"]),
        ("API", "web:80", ["container-name-as-host"]),
        ("API_HOST", "web", ["container-name-as-host"]),
        ("APP_SERVER", "web", ["container-name-as-host"]),
        ("SERVICE", "web", []),
        ("API", "http://web.example.com", []),
        ("API", "http://website", []),
        ("API", "https://example.com/web", []),
    ],
)
def test_addresses(reported: Callable[[str], list[str]], variable: str, value: str, expected: list[str]) -> None:
    app = f'  app: {{ image: nginx:1.28.0, environment: {{ {variable}: "{value}" }} }}\n'
    assert reported(f"containers:\n{app}  web: {{ image: nginx:1.28.0, ports: [80] }}\n") == expected


def test_localhost_is_reported_wherever_it_stands(reported: Callable[[str], list[str]]) -> None:
    build = "build: { recipe: nginx, upstream: localhost, args: { A: localhost } }"
    check = 'healthcheck: { command: [CMD, curl, "http://localhost/"] }'
    web = f'containers:\n  web: {{ {build}, ports: [80], {check}, command: ["nginx", "localhost"] }}\n'
    assert reported(f"{web}backends: {{ db: {{ host: localhost, port: 5432 }} }}\n") == ["localhost-address"] * 5


def fluentd(build: str, keys: str) -> str:
    return f"""\
volumes: {{ logs: {{}}, state: {{}} }}
containers:
  app: {{ image: nginx:1.28.0, mounts: {{ logs: /logs }}, depends_on: {{ log: start }} }}
  log:
    build: {{ recipe: fluentd, tail: {{ logs: "*.log" }}, state: state, s3: {{ bucket: shop-logs }}{build} }}
    mounts: {{ logs: "/logs:ro", state: /state }}
{keys}
"""


@pytest.mark.parametrize(
    ("build", "keys", "expected"),
    [
        ("", "", []),
        ("", "    stop_timeout: 11s", []),
        ("", "    stop_timeout: 10s", ["slow-flush"]),
        (", buffer: { total_limit: 80 MiB }", "", []),
        (", buffer: { total_limit: 81 MiB }", "", ["slow-flush"]),
        (", buffer: { total_limit: 81 MiB }, flush_at_shutdown: false", "", ["no-flush-at-shutdown"]),
        (", flush_at_shutdown: true", "", []),
        ("", "    essential: false", ["unwatched-log-shipper"]),
        ("", "    essential: false\n    restart: {}", []),
    ],
)
def test_fluentd(reported: Callable[[str], list[str]], build: str, keys: str, expected: list[str]) -> None:
    assert reported(fluentd(build, keys)) == expected
