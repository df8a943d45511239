"""Waiting for each other, health checks, timeouts, restarts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from chuoigen.diagnostics import Diagnostic


def graph(edges: str) -> str:
    """Write containers a to d of which each waits for those behind its colon: "a:bc b:c"."""
    waits = dict(edge.split(":") for edge in edges.split())
    lines = [f"  {name}: {{ image: nginx:1.28.0, depends_on: [{', '.join(waits.get(name, ''))}] }}" for name in "abcd"]
    return "\n".join(["containers:", *lines])


@pytest.mark.parametrize(
    ("edges", "expected"),
    [
        ("", []),
        ("a:b b:c c:d", []),
        ("a:bc b:d c:d", []),
        ("a:a", ["dependency-on-itself"]),
        ("a:b b:a", ["dependency-cycle"]),
        ("a:b b:c c:d d:a", ["dependency-cycle"]),
        ("a:b b:c c:b", ["dependency-cycle"]),
        ("a:b b:a c:d d:c", ["dependency-cycle", "dependency-cycle"]),
        ("a:ab b:a", ["dependency-on-itself", "dependency-cycle"]),
        ("a:x", ["unknown-dependency"]),
    ],
)
def test_dependencies(reported: Callable[[str], list[str]], edges: str, expected: list[str]) -> None:
    assert reported(graph(edges)) == expected


def test_a_circle_is_shown_as_a_way(diagnose: Callable[[str], tuple[Diagnostic, ...]]) -> None:
    (found,) = diagnose(graph("a:d d:c c:a"))
    assert found.message == "containers wait for each other and none would start: a → d → c → a"
    assert [related.span.line for related in found.related] == [6, 5]


def test_a_long_chain_is_no_trouble(reported: Callable[[str], list[str]]) -> None:
    chain = [f"  c{n}: {{ image: nginx:1.28.0, depends_on: [c{(n + 1) % 3000}] }}" for n in range(3000)]
    found = reported("\n".join(["containers:", *chain]))
    assert sorted(found) == ["dependency-cycle", "too-many-containers"]


@pytest.mark.parametrize(
    ("condition", "target", "expected"),
    [
        ("start", "", []),
        ("healthy", "", ["healthy-without-check"]),
        ("service_healthy", "", ["healthy-without-check"]),
        ("healthy", "healthcheck: { command: [CMD, 'true'] }", []),
        ("complete", "", ["completion-of-essential"]),
        ("success", "essential: true", ["completion-of-essential"]),
        ("SUCCESS", "essential: false", []),
        ("healthy", "start_timeout: 90s, healthcheck: { command: [CMD, 'true'] }", []),
        ("healthy", "start_timeout: 89s, healthcheck: { command: [CMD, 'true'] }", ["start-timeout-too-short"]),
        ("start", "start_timeout: 89s, healthcheck: { command: [CMD, 'true'] }", []),
    ],
)
def test_conditions(reported: Callable[[str], list[str]], condition: str, target: str, expected: list[str]) -> None:
    app = f"  app: {{ image: nginx:1.28.0, {target} }}"
    web = f"  web: {{ image: nginx:1.28.0, depends_on: {{ app: {condition} }} }}"
    assert reported(f"containers:\n{app}\n{web}") == expected


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("stop_timeout: 2", []),
        ("stop_timeout: 1", ["stop-timeout-out-of-range"]),
        ("stop_timeout: 120", []),
        ("stop_timeout: 121s", ["stop-timeout-out-of-range"]),
        ("start_timeout: 2", []),
        ("start_timeout: 0", ["start-timeout-out-of-range"]),
        ("start_timeout: 2m", []),
        ("start_timeout: 121", ["start-timeout-out-of-range"]),
        ("restart: {}", []),
        ("restart: { attempt_period: 60 }", []),
        ("restart: { attempt_period: 59 }", ["restart-policy"]),
        ("restart: { attempt_period: 1801 }", ["restart-policy"]),
        ("restart: { ignored_exit_codes: [0, 255] }", []),
        ("restart: { ignored_exit_codes: [256] }", ["restart-policy"]),
        ("restart: { ignored_exit_codes: [-1] }", ["restart-policy"]),
        (f"restart: {{ ignored_exit_codes: {list(range(50))} }}", []),
        (f"restart: {{ ignored_exit_codes: {list(range(51))} }}", ["restart-policy"]),
    ],
)
def test_timeouts_and_restarts(about_app: Callable[[str], list[str]], keys: str, expected: list[str]) -> None:
    assert about_app(keys) == expected


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("command: ['true']", []),
        ("command: 'true'", []),
        ("command: [CMD, 'true'], interval: 5, timeout: 2", []),
        ("command: [CMD, 'true'], interval: 4, timeout: 2", ["health-check-out-of-range"]),
        ("command: [CMD, 'true'], interval: 300", []),
        ("command: [CMD, 'true'], interval: 301", ["health-check-out-of-range"]),
        ("command: [CMD, 'true'], interval: 90, timeout: 60", []),
        ("command: [CMD, 'true'], interval: 90, timeout: 61", ["health-check-out-of-range"]),
        ("command: [CMD, 'true'], timeout: 1", ["health-check-out-of-range"]),
        ("command: [CMD, 'true'], retries: 0", ["health-check-out-of-range"]),
        ("command: [CMD, 'true'], start_period: 300", []),
        ("command: [CMD, 'true'], start_period: 301", ["health-check-out-of-range"]),
        ("command: [CMD, 'true'], interval: 5", ["overlapping-health-checks"]),
        ("command: [CMD, 'true'], interval: 6", []),
        ("command: []", ["health-check-command"]),
        ("command: [CMD]", ["health-check-command"]),
        ("command: [CMD-SHELL, a, b]", ["health-check-command"]),
        ("command: [NONE]", ["health-check-command"]),
        ("retries: 3", ["unclear-health-check"]),
        ("http: /, command: ['true']", ["unclear-health-check"]),
        ("http: /health?full=1", []),
        ("http: http://127.0.0.1/", ["health-check-path"]),
        ("http: '/a b'", ["health-check-path"]),
    ],
)
def test_health_checks(about_app: Callable[[str], list[str]], keys: str, expected: list[str]) -> None:
    assert about_app(f"ports: [80], healthcheck: {{ {keys} }}") == expected


def test_http_needs_a_tcp_port(about_app: Callable[[str], list[str]]) -> None:
    assert about_app("healthcheck: { http: / }") == ["health-check-without-port"]
    assert about_app('ports: ["80/udp"], healthcheck: { http: / }') == ["health-check-without-port"]
