"""What a deployment watches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

ALARMS = """\
containers: {{ app: {{ image: nginx:1.28.0 }} }}
network: {{ vpc: vpc-0123456789abcdef0, subnets: {{ private: [subnet-0123456789abcdef0] }} }}
service: {{ deployment: {{ alarms: [{}] }} }}
"""


@pytest.mark.parametrize(
    ("alarms", "expected"),
    [
        ("", []),
        ("shop-errors, shop-latency", []),
        ('"shop: errors, latency"', []),
        ("a" * 255, []),
        ("a" * 256, ["deployment-alarms"]),
        ("shop-errors, shop-latency, shop-errors", ["deployment-alarms"]),
        ("'arn:aws:cloudwatch:eu-west-1:999999999999:alarm:shop-errors'", ["deployment-alarms"]),
    ],
)
def test_alarms_are_names_each_once(alarms: str, expected: list[str], reported: Callable[[str], list[str]]) -> None:
    assert reported(ALARMS.format(alarms)) == expected


SERVICE = """\
containers: {{ app: {{ image: nginx:1.28.0 }} }}
network: {{ vpc: vpc-0123456789abcdef0, subnets: {{ private: [subnet-0123456789abcdef0] }} }}
service: {{ deployment: {{ {} }} }}
"""


@pytest.mark.parametrize(
    ("deployment", "expected"),
    [
        ("circuit_breaker: true", []),
        ("circuit_breaker: { rollback: false }", []),
        ("circuit_breaker: { threshold: { count: 1 } }", []),
        ("circuit_breaker: { threshold: { percent: 25, bounded: false } }", []),
        ("circuit_breaker: { threshold: {} }", ["breaker-threshold"]),
        ("circuit_breaker: { threshold: { count: 1, percent: 25 } }", ["breaker-threshold"]),
        ("circuit_breaker: { threshold: { count: 1, bounded: true } }", ["breaker-threshold"]),
        ("circuit_breaker: { enabled: false, threshold: { count: 1 } }", ["breaker-threshold"]),
        ("early_success: { healthy_percent: 100 }", []),
        ("early_success: { healthy_percent: 0 }, minimum_healthy_percent: 0", []),
        ("early_success: { healthy_percent: 50 }, minimum_healthy_percent: 50", []),
        ("early_success: { healthy_percent: 101 }", ["early-success"]),
        ("early_success: { healthy_percent: -1 }, minimum_healthy_percent: 0", ["early-success"]),
        ("early_success: { healthy_percent: 99 }", ["early-success"]),
    ],
)
def test_when_a_deployment_has_failed_and_when_it_is_done(
    deployment: str, expected: list[str], reported: Callable[[str], list[str]]
) -> None:
    assert reported(SERVICE.format(deployment)) == expected
