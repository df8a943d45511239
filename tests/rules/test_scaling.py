"""Scaling by queue, by own metrics and by the clock: what is taken, and what is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

SPEC = """\
network: {{ vpc: vpc-0123456789abcdef0, subnets: {{ private: [subnet-0123456789abcdef0] }} }}
containers: {{ app: {{ image: "nginx:1.28.0" }} }}
service: {{ autoscaling: {{ min: 1, max: 4, {} }} }}
"""


@pytest.mark.parametrize(
    ("keys", "rules"),
    [
        ("queue: { name: jobs, messages_per_task: 20 }", []),
        ("queue: { name: jobs.fifo, messages_per_task: 20 }", []),
        ("queue: { name: jobs.other, messages_per_task: 20 }", ["queue-name"]),
        ("metrics: { busy-1: { namespace: Shop, name: Busy, target: 5 } }", []),
        ("metrics: { ../busy: { namespace: Shop, name: Busy, target: 5 } }", ["scaling-name"]),
        ("schedule: { night: { cron: '0 22 * * ? *', max: 2 } }", []),
        ("schedule: { night: { rate: 1 hour, max: 2 } }", []),
        ("schedule: { night: { rate: 2 hours, max: 2 } }", []),
        ("schedule: { night: { at: '2027-01-31T08:00:00', timezone: Asia/Tokyo, max: 2 } }", []),
        ("schedule: { night: { cron: '0 22 * * *', max: 2 } }", ["schedule-time"]),
        ("schedule: { night: { cron: '0 25 ? * MON *', max: 2 } }", ["schedule-time"]),
        ("schedule: { night: { cron: '0 22 * FEBRUARY ? *', max: 2 } }", ["schedule-time"]),
        ("schedule: { night: { at: '2027-02-30T08:00:00', max: 2 } }", ["schedule-time"]),
        ("schedule: { night: { rate: 0 hours, max: 2 } }", ["schedule-time"]),
        ("schedule: { night: { rate: 1 hour, timezone: Asia/Tokyo, max: 2 } }", ["schedule-time"]),
        ("schedule: { night: { at: '2027-01-31', max: 2 } }", ["schedule-time"]),
        ("schedule: { night: { at: '2027-01-31T08:00:00', timezone: Asia/Tokio, max: 2 } }", ["schedule-time"]),
        ("schedule: { night: { max: 2 } }", ["schedule-time"]),
        ("schedule: { night: { rate: 1 hour, cron: '0 22 * * ? *', max: 2 } }", ["schedule-time"]),
        ("schedule: { night: { rate: 1 hour } }", ["schedule-bounds"]),
        ("schedule: { night: { rate: 1 hour, min: 3, max: 2 } }", ["schedule-bounds"]),
        ("schedule: { night: { rate: 1 hour, min: 2, max: 2 } }", []),
        ("schedule: { night: { rate: 1 hour, min: 5 } }", ["schedule-bounds"]),
        ("schedule: { night: { rate: 1 hour, max: 0 } }", ["schedule-bounds"]),
        ("schedule: { night: { rate: 1 hour, max: 5001 } }", ["schedule-bounds"]),
    ],
)
def test_scaling_is_judged(reported: Callable[[str], list[str]], keys: str, rules: list[str]) -> None:
    assert reported(SPEC.format(keys)) == rules
