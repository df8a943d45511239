"""Deployments that move traffic, and what they wait for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

BALANCED = """\
containers: {{ app: {{ image: nginx:1.28.0, ports: [8080] }} }}
network:
  vpc: vpc-0123456789abcdef0
  subnets:
    private: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]
    public: [subnet-0123456789abcdef2, subnet-0123456789abcdef3]
  allow:
    - {{ from: internet, to: alb, ports: [80] }}
    - {{ from: alb, to: app }}
load_balancer: {{ target: app, healthcheck: /up, deregistration_delay: 1m }}
service:
  deployment:
    alarms: [shop-errors]
    {}
"""
ALONE = """\
containers: {{ app: {{ image: nginx:1.28.0 }} }}
network: {{ vpc: vpc-0123456789abcdef0, subnets: {{ private: [subnet-0123456789abcdef0] }} }}
service: {{ deployment: {{ alarms: [shop-errors], {} }} }}
"""
BLUE_GREEN = "strategy: blue_green\n    "
TESTED = "    - { from: 10.0.0.0/8, to: alb, ports: [8443] }\n"


def balanced(deployment: str) -> str:
    """Return a service behind a load balancer, with a way to port 8443 where test traffic has it."""
    text = BALANCED.format(deployment)
    return (
        text.replace("load_balancer:", f"{TESTED}load_balancer:")
        if "port: 8443" in deployment and BLUE_GREEN in deployment
        else text
    )


@pytest.mark.parametrize(
    ("deployment", "expected"),
    [
        ("strategy: blue_green", []),
        ("strategy: linear", []),
        ("strategy: canary", []),
        (BLUE_GREEN + "bake_time: 1m", []),
        (BLUE_GREEN + "bake_time: 24h", []),
        (BLUE_GREEN + "bake_time: 1441m", ["deployment-time"]),
        (BLUE_GREEN + "bake_time: 90", ["deployment-time"]),
        (BLUE_GREEN + "bake_time: 0", ["bake-shorter-than-drain"]),
        ("strategy: canary\n    canary: { bake_time: 0 }", []),
        ("strategy: canary\n    canary: { bake_time: 61 }", ["deployment-time"]),
        ("strategy: linear\n    linear: { step_bake_time: 1441m }", ["deployment-time"]),
        (BLUE_GREEN + "hooks: { a: { stages: [pre_scale_up], timeout: 336h } }", []),
        (BLUE_GREEN + "hooks: { a: { stages: [pre_scale_up], timeout: 0 } }", ["deployment-time"]),
        (BLUE_GREEN + "hooks: { a: { stages: [pre_scale_up], timeout: 337h } }", ["deployment-time"]),
        ("strategy: linear\n    linear: { step_percent: 3 }", []),
        ("strategy: linear\n    linear: { step_percent: 12.5 }", []),
        ("strategy: linear\n    linear: { step_percent: 2.9 }", ["traffic-share"]),
        ("strategy: canary\n    canary: { percent: 0.1 }", []),
        ("strategy: canary\n    canary: { percent: 100 }", []),
        ("strategy: canary\n    canary: { percent: 0 }", ["traffic-share"]),
        ("strategy: canary\n    canary: { percent: 0.25 }", ["traffic-share"]),
        ("strategy: canary\n    canary: { percent: 100.1 }", ["traffic-share"]),
    ],
)
def test_numbers_of_a_deployment(deployment: str, expected: list[str], reported: Callable[[str], list[str]]) -> None:
    assert reported(balanced(deployment)) == expected


@pytest.mark.parametrize(
    ("deployment", "expected"),
    [
        ("strategy: rolling\n    linear: {}", ["other-strategy"]),
        ("linear: {}", ["other-strategy"]),
        (BLUE_GREEN + "canary: {}", ["other-strategy"]),
        (BLUE_GREEN + "early_success: { healthy_percent: 100 }", ["other-strategy"]),
        ("test_traffic: { port: 8443 }", ["other-strategy"]),
        ("alternate_target_group: shop-b", ["other-strategy"]),
        (BLUE_GREEN + "alternate_target_group: shop-b", []),
        (BLUE_GREEN + "alternate_target_group: shop-qa-app", ["same-target-group"]),
        (BLUE_GREEN + "alternate_target_group: shop_b", ["name-format"]),
        (BLUE_GREEN + f"alternate_target_group: {'b' * 33}", ["name-format"]),
        (BLUE_GREEN + "test_traffic: { port: 8443 }", []),
        (BLUE_GREEN + "test_traffic: { port: 9443 }", ["test-port"]),
        (BLUE_GREEN + "test_traffic: { port: 80 }", ["test-port"]),
        (BLUE_GREEN + "test_traffic: { port: 70000 }", ["test-port"]),
        (BLUE_GREEN + "circuit_breaker: { rollback: false }", []),
        (BLUE_GREEN + "circuit_breaker: { threshold: { count: 5 } }", ["breaker-beside-rolling"]),
        (BLUE_GREEN + "circuit_breaker: { reset_on_healthy_task: true }", ["breaker-beside-rolling"]),
        (BLUE_GREEN + "infrastructure_role: 'arn:aws:iam::123456789012:role/moves'", []),
        (BLUE_GREEN + "infrastructure_role: moves", ["deployment-role"]),
        (BLUE_GREEN + "hook_role: 'arn:aws:iam::123456789012:role/moves'", ["deployment-role"]),
    ],
)
def test_what_goes_with_a_strategy(deployment: str, expected: list[str], reported: Callable[[str], list[str]]) -> None:
    assert reported(balanced(deployment)) == expected


@pytest.mark.parametrize(
    ("deployment", "expected"),
    [
        ("strategy: blue_green", []),
        ("strategy: linear", ["shift-without-balancer"]),
        ("strategy: canary", ["shift-without-balancer"]),
        ("strategy: blue_green, test_traffic: { port: 8443 }", ["shift-without-balancer"]),
        ("strategy: blue_green, alternate_target_group: b", ["shift-without-balancer"]),
    ],
)
def test_without_a_load_balancer_no_traffic_moves(
    deployment: str, expected: list[str], reported: Callable[[str], list[str]]
) -> None:
    assert reported(ALONE.format(deployment)) == expected


@pytest.mark.parametrize(
    ("hooks", "expected"),
    [
        ("a: { stages: [post_scale_up] }", []),
        ("a: { stages: [test_traffic_shift] }", ["deployment-hook"]),
        ("a: { stages: [post_scale_up, production_traffic_shift] }", ["deployment-hook"]),
        ("a: { stages: [production_traffic_shift], function: check }", []),
        ("a: { stages: [post_scale_up], details: { path: /up } }", ["deployment-hook"]),
        ("a: { stages: [post_scale_up], function: check, details: { path: /up, tries: [1, null] } }", []),
        ("a: { stages: [post_scale_up], function: 'check it' }", ["deployment-hook"]),
        ("a: { stages: [post_scale_up], function: 'arn:aws:lambda:eu-west-1:123456789012:function:check:live' }", []),
        ("a: { stages: [post_scale_up], function: 'arn:aws:sqs:eu-west-1:123456789012:check' }", ["deployment-hook"]),
        ("a: { stages: [] }", ["invalid-value"]),
        ("a: { stages: [bake_time] }", ["invalid-value"]),
    ],
)
def test_hooks(hooks: str, expected: list[str], reported: Callable[[str], list[str]]) -> None:
    assert reported(balanced(BLUE_GREEN + f"hooks: {{ {hooks} }}")) == expected


def test_a_release_that_nothing_watches(reported: Callable[[str], list[str]]) -> None:
    bare = BALANCED.replace("    alarms: [shop-errors]\n", "")
    assert reported(bare.format("strategy: canary")) == ["unwatched-release"]
    assert reported(bare.format("strategy: rolling")) == []
    assert reported(bare.format(BLUE_GREEN + "hooks: { a: { stages: [post_scale_up] } }")) == []


def test_a_rolling_deployment_with_hooks(reported: Callable[[str], list[str]]) -> None:
    assert reported(ALONE.format("hooks: { a: { stages: [post_scale_up] } }")) == ["hooks-of-rolling"]


@pytest.mark.parametrize(("limit", "expected"), [(80, []), (79, ["too-many-connections"])])
def test_twice_the_tasks_hold_connections_until_the_bake_time_is_over(
    limit: int, expected: list[str], reported: Callable[[str], list[str]]
) -> None:
    backend = (
        f"backends: {{ sql: {{ host: sql.internal, port: 5432, max_connections: {limit}, "
        "pool: { container: app, variable: POOL, size: 10 } } }\n"
    )
    written = BALANCED.replace("    - {{ from: alb", "    - {{ from: app, to: sql }}\n    - {{ from: alb")
    deployed = written.replace("service:\n", "service:\n  desired_count: 4\n").format(
        BLUE_GREEN + "maximum_percent: 150"
    )
    assert reported(backend + deployed) == expected


@pytest.mark.parametrize(
    ("balancer", "expected"),
    [
        ("rules: { a: { priority: 1, path: /a } }", ["traffic-that-stays"]),
        ("rules: { a: { priority: 1, path: /a, redirect: { path: /b } } }", []),
        ("rules: { a: { priority: 1, path: /a, respond: 404 } }", []),
        ("default: { respond: 404 }, rules: { a: { priority: 1, path: /a } }", ["traffic-that-stays"] * 2),
    ],
)
def test_what_ecs_does_not_move(balancer: str, expected: list[str], reported: Callable[[str], list[str]]) -> None:
    text = BALANCED.format("strategy: blue_green").replace("target: app,", f"target: app, {balancer},")
    assert [rule for rule in reported(text) if rule == "traffic-that-stays"] == expected
    rolling = BALANCED.format("strategy: rolling").replace("target: app,", f"target: app, {balancer},")
    assert "traffic-that-stays" not in reported(rolling)
