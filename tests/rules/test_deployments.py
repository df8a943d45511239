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
