"""How many tasks a service has, and how they are replaced."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable


BELOW = """\
containers: {{ app: {{ image: nginx:1.28.0 }} }}
network: {{ vpc: vpc-0123456789abcdef0, subnets: {{ private: [subnet-0123456789abcdef0] }} }}
service: {{ {} }}
"""


@pytest.mark.parametrize(
    ("service", "expected"),
    [
        ("desired_count: 0", []),
        ("desired_count: -1", ["desired-count-out-of-range"]),
        ("desired_count: 5000", []),
        ("desired_count: 5001", ["desired-count-out-of-range"]),
        ("deployment: { minimum_healthy_percent: 0, maximum_percent: 100 }", []),
        ("deployment: { minimum_healthy_percent: 100, maximum_percent: 100 }", ["stuck-deployment"]),
        ("deployment: { minimum_healthy_percent: 101 }", ["deployment-percent-out-of-range"]),
        ("deployment: { minimum_healthy_percent: -1 }", ["deployment-percent-out-of-range"]),
        ("deployment: { maximum_percent: 99 }", ["deployment-percent-out-of-range"]),
        ("deployment: { minimum_healthy_percent: 50, maximum_percent: 150 }", ["stuck-deployment"]),
        ("desired_count: 2, deployment: { minimum_healthy_percent: 50, maximum_percent: 100 }", []),
        (
            (
                "desired_count: 2, autoscaling: { min: 1, max: 4, cpu: 60 }, "
                "deployment: { minimum_healthy_percent: 50, maximum_percent: 150 }"
            ),
            ["stuck-deployment"],
        ),
        (
            (
                "desired_count: 2, autoscaling: { min: 2, max: 4, cpu: 60 }, "
                "deployment: { minimum_healthy_percent: 50, maximum_percent: 150 }"
            ),
            [],
        ),
        ("desired_count: 2, deployment: { minimum_healthy_percent: 51, maximum_percent: 149 }", ["stuck-deployment"]),
        ("desired_count: 2, deployment: { minimum_healthy_percent: 51, maximum_percent: 150 }", []),
        ("desired_count: 0, deployment: { maximum_percent: 100 }", []),
        ("autoscaling: { min: 1, max: 1, cpu: 1 }", []),
        ("autoscaling: { min: 1, max: 1 }", ["autoscaling-without-metric"]),
        ("autoscaling: { min: 2, max: 1, cpu: 50 }", ["autoscaling-bounds"]),
        ("autoscaling: { min: -1, max: 1, cpu: 50 }", ["autoscaling-bounds"]),
        ("autoscaling: { min: 1, max: 5001, cpu: 50 }", ["autoscaling-bounds"]),
        ("autoscaling: { min: 0, max: 1, cpu: 50 }", ["autoscaling-to-zero"]),
        ("autoscaling: { min: 1, max: 2, cpu: 100 }", []),
        ("autoscaling: { min: 1, max: 2, memory: 101 }", ["autoscaling-target"]),
        ("autoscaling: { min: 1, max: 2, cpu: 0 }", ["autoscaling-target"]),
        ("autoscaling: { min: 1, max: 2, requests: 1 }", ["requests-without-balancer"]),
        ("autoscaling: { min: 2, max: 4, cpu: 50 }", []),
        ("desired_count: 1, autoscaling: { min: 2, max: 4, cpu: 50 }", ["count-outside-autoscaling"]),
        ("desired_count: 5, autoscaling: { min: 2, max: 4, cpu: 50 }", ["count-outside-autoscaling"]),
        ("desired_count: 2, autoscaling: { min: 2, max: 4, cpu: 50 }", []),
        ("capacity_provider_strategy: { fargate_spot: 1 }", []),
        ("capacity_provider_strategy: {}", ["capacity-weight"]),
        ("capacity_provider_strategy: { fargate: 1000 }", []),
        ("capacity_provider_strategy: { fargate: 1001 }", ["capacity-weight"]),
        ("capacity_provider_strategy: { fargate: 1, base: 100001 }", ["capacity-weight"]),
        ("platform_version: LATEST", []),
        ("platform_version: latest", ["unknown-platform-version"]),
        ("platform_version: 1.3.0", ["unknown-platform-version"]),
        ("platform_version: 1.5.0", ["unknown-platform-version"]),
        ("health_check_grace_period: 0", ["idle-grace-period"]),
        ("enable_execute_command: true", []),
    ],
)
def test_service(reported: Callable[[str], list[str]], service: str, expected: list[str]) -> None:
    assert reported(BELOW.format(service)) == expected


def test_a_grace_period_waits_for_a_container_too(reported: Callable[[str], list[str]]) -> None:
    check = "healthcheck: { command: [CMD, 'true'] } }"
    text = BELOW.format("health_check_grace_period: 30").replace("nginx:1.28.0 }", f"nginx:1.28.0, {check}")
    assert reported(text) == []


def test_a_worker_may_run_on_spot_alone_and_a_balanced_service_with_a_base(
    reported: Callable[[str], list[str]],
) -> None:
    text = """\
containers: { app: { image: nginx:1.28.0, ports: [80], stop_timeout: 60s } }
network:
  vpc: vpc-0123456789abcdef0
  subnets: { private: [subnet-01234567], public: [subnet-11111111, subnet-22222222] }
  allow: [{ from: internet, to: alb }, { from: alb, to: app }]
load_balancer: { target: app }
service: { capacity_provider_strategy: { fargate_spot: 1, base: 0 } }
"""
    assert reported(text) == ["spot-only"]
    assert reported(text.replace("base: 0", "base: 1")) == []
    assert reported(text.replace("base: 0", "fargate: 1")) == []


EXEC = """\
task: {{ task_role: shop-task, {task} }}
containers:
  app: {{ image: "nginx:1.28.0", {app} }}
  side: {{ image: "nginx:1.28.0" }}
network: {{ vpc: vpc-0123456789abcdef0, subnets: {{ private: [subnet-0123456789abcdef0] }} }}
service: {{ enable_execute_command: {enabled} }}
"""


@pytest.mark.parametrize(
    ("task", "app", "expected"),
    [
        ("", "", 0),
        ("pid_mode: task", "", 1),
        ("", "read_only: true", 1),
        ("", "environment: { AWS_ACCESS_KEY_ID: { ref: name } }", 1),
        ("", "secrets: { AWS_SECRET_ACCESS_KEY: { ssm: /a } }", 1),
        ("pid_mode: task", "read_only: true", 2),
    ],
)
def test_what_keeps_exec_from_working(reported: Callable[[str], list[str]], task: str, app: str, expected: int) -> None:
    assert reported(EXEC.format(task=task, app=app, enabled="true")).count("unusable-exec") == expected
    assert "unusable-exec" not in reported(EXEC.format(task=task, app=app, enabled="false"))
