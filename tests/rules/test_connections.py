"""Connections counted: in full size, during a deployment, at each step of a cutover."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from chuoigen.diagnostics import Diagnostic

BELOW = """\
containers: {{ app: {{ image: nginx:1.28.0, {container} }} }}
network: {{ vpc: vpc-0123456789abcdef0, subnets: {{ private: [subnet-0123456789abcdef0] }} }}
backends:
  redis: {{ host: {host}, port: 6379, {limit} pool: {{ container: app, variable: POOL, size: 1000 }} }}
service: {{ {service} }}
"""


def spec(
    limit: str = "", service: str = "", container: str = "", host: str = "redis.example.com", more: str = ""
) -> str:
    return BELOW.format(limit=limit, service=service, container=container, host=host) + more


@pytest.mark.parametrize(
    ("limit", "service", "fires"),
    [
        ("", "desired_count: 50", False),
        ("max_connections: 4000,", "desired_count: 2", False),
        ("max_connections: 3999,", "desired_count: 2", True),
        (
            "max_connections: 2000,",
            "desired_count: 2, deployment: { minimum_healthy_percent: 50, maximum_percent: 100 }",
            False,
        ),
        (
            "max_connections: 1999,",
            "desired_count: 2, deployment: { minimum_healthy_percent: 50, maximum_percent: 100 }",
            True,
        ),
        ("max_connections: 8000,", "desired_count: 2, autoscaling: { min: 2, max: 4, cpu: 50 }", False),
        ("max_connections: 7999,", "desired_count: 2, autoscaling: { min: 2, max: 4, cpu: 50 }", True),
    ],
)
def test_a_service_in_full_size(reported: Callable[[str], list[str]], limit: str, service: str, fires: bool) -> None:
    assert reported(spec(limit, service)) == (["too-many-connections"] if fires else [])


@pytest.mark.parametrize(
    ("container", "expected"),
    [
        ("environment: { POOL: 1000 }", []),
        ("environment: { POOL: '500' }", ["pool-size-differs"]),
        ("environment: { POOL: { ref: name } }", ["pool-size-differs"]),
        ("secrets: { POOL: { ssm: /a } }", ["pool-size-differs"]),
        ("environment: { OTHER: '500' }", []),
    ],
)
def test_the_variable_of_a_pool(reported: Callable[[str], list[str]], container: str, expected: list[str]) -> None:
    assert reported(spec(container=container)) == expected


@pytest.mark.parametrize(("limit", "steps"), [(3500, []), (3499, ["step 6"])])
def test_the_last_step_of_a_cutover(
    diagnose: Callable[[str], tuple[Diagnostic, ...]], limit: int, steps: list[str]
) -> None:
    # One old instance with 1000, two new tasks with 1000, and the one old task with 500 that may run beside them.
    cutover = "cutover: { from: { name: old, instances: 1, pool: 2000 } }\n"
    service = "desired_count: 2, deployment: { maximum_percent: 150 }"
    found = diagnose(spec(f"max_connections: {limit},", service, more=cutover))
    assert [one.message[:6] for one in found] == steps


@pytest.mark.parametrize(
    ("host", "limit", "expected"),
    [
        ("a.0001.apne1.cache.amazonaws.com", 65000, []),
        ("a.0001.apne1.cache.amazonaws.com", 65001, ["impossible-connection-limit"]),
        ("redis.example.com", 100000, []),
    ],
)
def test_what_elasticache_admits(
    reported: Callable[[str], list[str]], host: str, limit: int, expected: list[str]
) -> None:
    assert reported(spec(f"max_connections: {limit},", host=host)) == expected


CUTOVER = "cutover: {{ from: {{ name: old, instances: {}, pool: 1000 }}{} }}\n"


@pytest.mark.parametrize(
    ("limit", "instances", "steps"),
    [
        # Before anything is halved, the old system holds instances x 1000; beside it two tasks hold 2 x 500.
        ("max_connections: 6000,", 6, []),
        ("max_connections: 5999,", 6, ["step 1"]),
    ],
)
def test_steps_of_a_cutover(
    diagnose: Callable[[str], tuple[Diagnostic, ...]], limit: str, instances: int, steps: list[str]
) -> None:
    found = diagnose(spec(limit, "desired_count: 2", more=CUTOVER.format(instances, "")))
    assert [one.rule for one in found] == ["cutover-over-limit"] * len(steps)
    assert [one.message[:6] for one in found] == steps


@pytest.mark.parametrize(
    ("limit", "backend", "expected"),
    [
        ("max_connections: 65000,", "", []),
        ("max_connections: 65000,", ", backend: redis", []),
        ("max_connections: 65000,", ", backend: rdis", ["cutover-without-pool"]),
        ("", "", ["cutover-without-limit"]),
    ],
)
def test_what_a_cutover_goes_by(
    reported: Callable[[str], list[str]], limit: str, backend: str, expected: list[str]
) -> None:
    assert reported(spec(limit, more=CUTOVER.format(2, backend))) == expected


def test_a_cutover_chooses_between_two_pools(reported: Callable[[str], list[str]]) -> None:
    other = "  db: { host: db, port: 1, max_connections: 9000, pool: { container: app, variable: DB, size: 5 } }\n"
    text = spec("max_connections: 65000,", more=CUTOVER.format(2, "")).replace("service:", f"{other}service:")
    assert reported(text) == ["cutover-without-pool"]
    assert reported(text.replace("pool: 1000 } }\n", "pool: 1000 }, backend: db }\n")) == []


POOLS = """\
containers: {{ app: {{ image: "shop:1", {app} }}, jobs: {{ image: "jobs:1" }} }}
network: {{ vpc: vpc-0123456789abcdef0, subnets: {{ private: [subnet-0123456789abcdef0] }} }}
backends:
  db:
    host: db.example.com
    port: 5432
    max_connections: {limit}
    pool: {{ container: app, variable: POOL, size: 10, processes: {processes} }}
    pools: [{{ container: jobs, variable: POOL, size: 5 }}]
service: {{ desired_count: 1 }}
"""


@pytest.mark.parametrize(
    ("limit", "processes", "expected"),
    [
        # While they are replaced two tasks run, each with 10 x processes + 5.
        (30, 1, []),
        (29, 1, ["too-many-connections"]),
        (70, 3, []),
        (69, 3, ["too-many-connections"]),
    ],
)
def test_all_processes_and_all_pools_count(
    reported: Callable[[str], list[str]], limit: int, processes: int, expected: list[str]
) -> None:
    assert reported(POOLS.format(limit=limit, processes=processes, app="")) == expected


@pytest.mark.parametrize(
    ("app", "processes", "expected"),
    [
        ("environment: { WEB_CONCURRENCY: '3' }", 1, ["pool-of-several-processes"]),
        ("environment: { WEB_CONCURRENCY: '3' }", 3, []),
        ("environment: { WEB_CONCURRENCY: '1' }", 1, []),
        ("environment: { WEB_CONCURRENCY: auto }", 1, []),
        ("command: [gunicorn, --workers, '2', shop]", 1, ["pool-of-several-processes"]),
        ("command: [gunicorn, --workers=2, shop]", 1, ["pool-of-several-processes"]),
        ("command: [gunicorn, -w, '2', shop]", 2, []),
    ],
)
def test_processes_that_nobody_counts(
    reported: Callable[[str], list[str]], app: str, processes: int, expected: list[str]
) -> None:
    assert reported(POOLS.format(limit=999, processes=processes, app=app)) == expected


def test_one_variable_has_one_size(reported: Callable[[str], list[str]]) -> None:
    text = POOLS.format(limit=999, processes=1, app="")
    assert reported(text.replace("container: jobs", "container: app")) == ["pool-variable-twice"]
