"""Log drivers, their options, groups and routers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable


SPLUNK = "driver: splunk, options: { splunk-url: u }, secret_options: { splunk-token: { ssm: /a } }"


@pytest.mark.parametrize(
    ("logs", "expected"),
    [
        ("{}", []),
        ("driver: awslogs", []),
        ("driver: syslog", ["unsupported-log-driver"]),
        ("driver: AWSLOGS", ["unsupported-log-driver"]),
        (SPLUNK, []),
        ("driver: splunk", ["missing-log-option"]),
        ("driver: splunk, options: { splunk-url: u, splunk-token: t }", ["secret-in-log-option"]),
        (f"{SPLUNK}, group: /a", ["ignored-log-key"]),
        (f"{SPLUNK}, mode: blocking, max_buffer_size: 1m", ["ignored-log-key", "ignored-log-key"]),
        ("mode: blocking", []),
        ("mode: Blocking", ["unknown-log-mode"]),
        ("options: { mode: never }", ["unknown-log-mode"]),
        ("max_buffer_size: 4m", []),
        ("max_buffer_size: 4M", ["log-buffer-format"]),
        ("max_buffer_size: 0m", ["log-buffer-format"]),
        ('max_buffer_size: "4"', ["log-buffer-format"]),
        ("options: { awslogs-gruop: a }", ["unknown-log-option"]),
        ("secret_options: { awslogs-group: { ssm: /a } }", ["unknown-log-option"]),
        ("options: { awslogs-datetime-format: a, awslogs-multiline-pattern: b }", ["two-multiline-options"]),
        ("group: /a/b_c.d-e#1", []),
        ("group: '/a/{container}'", []),
        ("group: '/a/{name}'", ["unknown-log-placeholder"]),
        ("group: '/a/{container'", ["unknown-log-placeholder"]),
        ("group: '/a/}'", ["unknown-log-placeholder"]),
        ("group: /a b", ["name-format"]),
        ("options: { awslogs-group: '/a/{container}' }", ["name-format"]),
        ("retention: 1", []),
        ("retention: 2", ["log-retention"]),
        ("retention: 3653 days", []),
        ("retention: 3654 days", ["log-retention"]),
    ],
)
def test_logs_of_one_container(about_app: Callable[[str], list[str]], logs: str, expected: list[str]) -> None:
    assert about_app(f"logs: {logs if logs == '{}' else '{ ' + logs + ' }'}") == expected


@pytest.mark.parametrize(
    ("app", "router", "expected"),
    [
        ("logs: { driver: awsfirelens }", "firelens: { type: fluentbit }", []),
        ("logs: { driver: awsfirelens }", "essential: true", ["missing-log-router"]),
        ("essential: true", "firelens: { type: fluentbit }", ["misused-log-router"]),
        ("logs: { driver: awsfirelens }", "firelens: { type: fluentbit }, user: '0'", []),
        ("logs: { driver: awsfirelens }", "firelens: { type: fluentbit }, user: '1000'", ["log-router-setting"]),
        (
            "logs: { driver: awsfirelens }",
            "firelens: { type: fluentbit }, logs: { driver: awsfirelens }",
            ["missing-log-router"],
        ),
        (
            "logs: { driver: awsfirelens }, firelens: { type: fluentd }",
            "firelens: { type: fluentbit }",
            ["missing-log-router", "misused-log-router"],
        ),
    ],
)
def test_routers(reported: Callable[[str], list[str]], app: str, router: str, expected: list[str]) -> None:
    containers = f"  app: {{ image: nginx:1.28.0, {app} }}\n  router: {{ image: nginx:1.28.0, {router} }}\n"
    assert reported(f"containers:\n{containers}") == expected


def test_a_router_for_all_does_not_log_through_itself(reported: Callable[[str], list[str]]) -> None:
    shared = "logs: { driver: awsfirelens }\ncontainers:\n  app: { image: nginx:1.28.0 }\n"
    assert reported(f"{shared}  router: {{ image: nginx:1.28.0, firelens: {{ type: fluentd }} }}\n") == [
        "missing-log-router"
    ]
    own = "firelens: { type: fluentd }, logs: { driver: awslogs }"
    assert reported(f"{shared}  router: {{ image: nginx:1.28.0, {own} }}\n") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("logs: { options: { awslogs-region: us-east-2 } }\n", ["foreign-log-region"]),
        ("logs: { options: { awslogs-region: eu-west-1 } }\n", []),
        ("", []),
    ],
)
def test_lines_go_where_their_groups_are(reported: Callable[[str], list[str]], text: str, found: list[str]) -> None:
    assert reported(f"containers:\n  app: {{ image: nginx:1.28.0 }}\n{text}") == found
