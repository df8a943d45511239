"""Jobs and their schedules: borders and near misses of each rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

SPEC = """
volumes: { cache: VOLUME }
containers:
  app: { image: "nginx:1.28.0", depends_on: { cache: start } }
  cache: { image: "redis:8.0.2", essential: false, mounts: { cache: /data } }
network:
  vpc: vpc-0a00000000000000a
  subnets: { private: [subnet-0a00000000000000a, subnet-0b00000000000000b] }
jobs: { JOB }
"""


@pytest.fixture
def about(reported: Callable[[str], list[str]]) -> Callable[..., list[str]]:
    """Give the rules that are reported about one job, or about its schedule."""

    def run(job: str, volume: str = "{}") -> list[str]:
        return reported(SPEC.replace("JOB", job).replace("VOLUME", volume))

    return run


def scheduled(schedule: str) -> str:
    return f"night: {{ container: app, command: [a], schedule: {schedule} }}"


@pytest.mark.parametrize(
    ("job", "expected"),
    [
        ("migrate: { container: app, command: [a], before: deploy }", []),
        ("migrate: { container: app }", []),
        ("migrate: { container: apps, command: [a] }", ["unknown-job-container"]),
        ("app: { container: app, command: [a] }", ["job-name"]),
        ("'a b': { container: app, command: [a] }", ["job-name"]),
        ("a-B_1: { container: app, command: [a] }", []),
        (f"{'a' * 64}: {{ container: app, command: [a] }}", []),
        (f"{'a' * 65}: {{ container: app, command: [a] }}", ["job-name"]),
        ("big: { container: app, command: [a], cpu: 512, memory: 1024 }", []),
        ("big: { container: app, command: [a], memory: 4096 }", ["job-size"]),
        ("big: { container: app, command: [a], cpu: 512 }", ["job-size"]),
        ("long: { container: app, command: [a], timeout: 1s }", []),
        ("long: { container: app, command: [a], timeout: 0s }", ["job-timeout"]),
    ],
)
def test_a_job(about: Callable[..., list[str]], job: str, expected: list[str]) -> None:
    assert about(job) == expected


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ('"cron(0 3 * * ? *)"', []),
        ('"cron(0/15 3-5,7 ? JAN-MAR MON#2 2027)"', []),
        ('"cron(0 3 LW * ? *)"', []),
        ('"cron(0 3 * * ?)"', ["schedule-expression"]),
        ('"cron(0 3 * * * *)"', ["schedule-expression"]),
        ('"cron(0 3 ? * ? *)"', ["schedule-expression"]),
        ('"cron(60 3 * * ? *)"', ["schedule-expression"]),
        ('"cron(0 3 * * ? 1969)"', ["schedule-expression"]),
        ("rate(1 hour)", []),
        ("rate(1 hours)", ["schedule-expression"]),
        ("rate(0 minutes)", ["schedule-expression"]),
        ("rate(5 seconds)", ["schedule-expression"]),
        ('"at(2027-02-28T03:00:00)"', []),
        ('"at(2027-02-29T03:00:00)"', ["schedule-expression"]),
        ('"0 3 * * *"', ["schedule-expression"]),
        ("{ expression: rate(1 day), timezone: Asia/Tokyo }", []),
        ("{ expression: rate(1 day), timezone: Asia/Tokio }", ["schedule-timezone"]),
        ("{ expression: rate(1 day), flexible_window: 1m }", []),
        ("{ expression: rate(1 day), flexible_window: 24h }", []),
        ("{ expression: rate(1 day), flexible_window: 59s }", ["schedule-out-of-range"]),
        ("{ expression: rate(1 day), flexible_window: 90s }", ["schedule-out-of-range"]),
        ("{ expression: rate(1 day), flexible_window: 86460s }", ["schedule-out-of-range"]),
        ("{ expression: rate(1 day), retries: 185, max_age: 60s }", []),
        ("{ expression: rate(1 day), retries: 186, max_age: 59s }", ["schedule-out-of-range", "schedule-out-of-range"]),
        ("{ expression: rate(1 day), dead_letter_queue: 'arn:aws:sqs:eu-west-1:123456789012:late' }", []),
        ("{ expression: rate(1 day), dead_letter_queue: late }", ["dead-letter-queue"]),
        ("{ expression: rate(1 day), dead_letter_queue: 'arn:aws:sns:eu-west-1:123456789012:late' }", ["dead-letter-queue"]),
        ("{ expression: rate(1 day), dead_letter_queue: 'arn:aws:sqs:eu-west-1:123456789012:a.fifo' }", ["dead-letter-queue"]),
    ],
)  # fmt: skip
def test_a_schedule(about: Callable[..., list[str]], schedule: str, expected: list[str]) -> None:
    assert about(scheduled(schedule)) == expected


def test_a_disk_of_a_container_that_the_job_needs(about: Callable[..., list[str]]) -> None:
    disk = '{ ebs: { size: 10 GiB, role: "arn:aws:iam::123456789012:role/volumes" } }'
    assert about("a: { container: app, command: [a] }", disk) == ["job-mounts-ebs"]
    assert about("a: { container: cache, command: [a] }", disk) == ["job-mounts-ebs"]


def test_jobs_without_a_network(reported: Callable[[str], list[str]]) -> None:
    containers = 'containers: { app: { image: "nginx:1.28.0" } }\n'
    assert reported(f"{containers}jobs: {{ a: {{ container: app, command: [a] }} }}\n") == ["jobs-without-network"]
    assert reported(f"{containers}jobs: {{}}\n") == []


@pytest.mark.parametrize(("limit", "expected"), [(15, []), (14, ["job-connections"])])
def test_a_job_opens_connections_beside_the_service(
    reported: Callable[[str], list[str]], limit: int, expected: list[str]
) -> None:
    # Two tasks while one replaces the other, and the job beside them, each with a pool of 5.
    spec = SPEC.replace("JOB", "a: { container: app, command: [a] }").replace("VOLUME", "{}")
    pool = "{ container: app, variable: POOL, size: 5 }"
    backends = f"backends: {{ db: {{ host: db.internal, port: 5432, max_connections: {limit}, pool: {pool} }} }}\n"
    assert [rule for rule in reported(spec + backends) if rule == "job-connections"] == expected
