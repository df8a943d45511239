"""Deployments that move traffic: what they need, and how they go by."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from chuoigen.artifacts import render
from chuoigen.messages import ENGLISH
from chuoigen.plan import release
from tests.artifacts.plans import plan_of

if TYPE_CHECKING:
    from chuoigen.plan import Plan

SPEC = """\
chuoigen: 1
name: shop
stage: qa
aws: {{ account: "123456789012", region: cn-north-1 }}
containers: {{ web: {{ image: nginx:1.28.0, ports: [8080] }} }}
backends: {{ sql: {{ host: sql.internal, port: 5432, max_connections: 90, pool: {{ container: web, variable: POOL, size: 10 }} }} }}
load_balancer: {{ target: web, healthcheck: /up, deregistration_delay: 30s }}
network:
  vpc: vpc-0123456789abcdef0
  subnets: {{ private: [subnet-0123456789abcdef0], public: [subnet-0123456789abcdef1, subnet-0123456789abcdef2] }}
  allow: [{{ from: internet, to: alb }}, {{ from: alb, to: web }}]
service:
  desired_count: 4
  health_check_grace_period: 0
  deployment: {{ {} }}
"""


def made(deployment: str, **changes: str) -> Plan:
    text = SPEC.format(deployment)
    for old, new in changes.items():
        text = text.replace(old.replace("_", " "), new)
    return plan_of(text)


def file(plan: Plan, path: str) -> Any:
    return json.loads(render(plan)[path].text)


def test_the_second_target_group_is_like_the_first_but_for_its_name() -> None:
    plan = made("strategy: blue_green")
    first, other = (file(plan, f"network/target-group{end}.json") for end in ("", "-alternate"))
    assert (first.pop("Name"), other.pop("Name")) == ("shop-qa-web", "shop-qa-web-alt")
    assert first == other
    delays = [file(plan, f"network/target-group{end}-attributes.json")["Attributes"] for end in ("", "-alternate")]
    assert delays[0] == delays[1]


def test_ecs_is_told_between_what_it_moves_traffic() -> None:
    balanced = file(made("strategy: blue_green, test_traffic: { port: 8443 }"), "ecs/service.json")["loadBalancers"]
    assert balanced == [
        {
            "targetGroupArn": "@target-group@",
            "containerName": "web",
            "containerPort": 8080,
            "advancedConfiguration": {
                "alternateTargetGroupArn": "@target-group-alternate@",
                "productionListenerRule": "@production-rule@",
                "testListenerRule": "@test-rule@",
                "roleArn": "arn:aws-cn:iam::123456789012:role/shop-qa-infrastructure",
            },
        }
    ]


def test_the_infrastructure_role_may_do_to_this_balancer_what_aws_allows_for_all() -> None:
    """The statements of AmazonECSInfrastructureRolePolicyForLoadBalancers, version 6, on what there is here."""
    plan = made("strategy: linear")
    statements = file(plan, "iam/infrastructure-policy.json")["Statement"]
    load_balancing = "arn:aws-cn:elasticloadbalancing:cn-north-1:123456789012"
    assert {tuple(each["Action"]): each["Resource"] for each in statements} == {
        tuple(
            f"elasticloadbalancing:Describe{what}" for what in ("Listeners", "Rules", "TargetGroups", "TargetHealth")
        ): ["*"],
        ("elasticloadbalancing:DeregisterTargets", "elasticloadbalancing:RegisterTargets"): [
            f"{load_balancing}:targetgroup/shop-qa-web/*",
            f"{load_balancing}:targetgroup/shop-qa-web-alt/*",
        ],
        ("elasticloadbalancing:ModifyListener",): [f"{load_balancing}:listener/app/shop-qa-alb/*"],
        ("elasticloadbalancing:ModifyRule",): [f"{load_balancing}:listener-rule/app/shop-qa-alb/*"],
    }
    (trusted,) = file(plan, "iam/infrastructure-trust.json")["Statement"]
    assert trusted["Principal"] == {"Service": "ecs.amazonaws.com"}
    assert trusted["Condition"] == {"StringEquals": {"aws:SourceAccount": "123456789012"}}


def test_the_role_of_hooks_calls_their_functions_and_no_other() -> None:
    given = "arn:aws-cn:lambda:cn-north-1:123456789012:function:check:live"
    hooks = (
        f"a: {{ function: smoke, stages: [pre_scale_up] }}, b: {{ function: '{given}', stages: [post_scale_up] }}, "
        "c: { function: smoke, stages: [post_scale_up] }, d: { stages: [post_scale_up] }"
    )
    plan = made(f"strategy: blue_green, hooks: {{ {hooks} }}")
    (statement,) = file(plan, "iam/hooks-policy.json")["Statement"]
    assert statement["Action"] == ["lambda:InvokeFunction"]
    assert statement["Resource"] == ["arn:aws-cn:lambda:cn-north-1:123456789012:function:smoke", given]
    passed = file(plan, "iam/deployer-policy.json")["Statement"]
    (handed,) = [each for each in passed if each["Sid"] == "PassRolesToDeployments"]
    assert handed["Resource"] == [
        f"arn:aws-cn:iam::123456789012:role/shop-qa-{name}" for name in ("hooks", "infrastructure")
    ]
    assert handed["Condition"] == {"StringEquals": {"iam:PassedToService": "ecs.amazonaws.com"}}


def test_roles_that_are_there_are_not_made() -> None:
    role = "arn:aws-cn:iam::123456789012:role/moves"
    plan = made(f"strategy: blue_green, infrastructure_role: '{role}', hooks: {{ d: {{ stages: [post_scale_up] }} }}")
    tree = render(plan)
    assert [path for path in tree if path.endswith("-trust.json") and "infra" in path] == []
    assert plan.role("hooks") is None
    assert file(plan, "ecs/service.json")["loadBalancers"][0]["advancedConfiguration"]["roleArn"] == role


@pytest.mark.parametrize("deployment", ["strategy: rolling", "alarms: [a]"])
def test_a_rolling_deployment_needs_none_of_it(deployment: str) -> None:
    plan = made(deployment)
    assert [key for key in plan.resources if "alternate" in key or "infrastructure" in key] == []
    assert "advancedConfiguration" not in file(plan, "ecs/service.json")["loadBalancers"][0]


def test_the_listener_for_tests_is_like_the_one_of_users() -> None:
    certificate = "certificate: 'arn:aws:acm:eu-west-1:123456789012:certificate/00000000-0000-4000-8000-000000000000',"
    plan = made("strategy: canary, test_traffic: { port: 8443 }", **{"target:_web,": f"target: web, {certificate}"})
    users, tests = (file(plan, f"network/listener-{port}.json") for port in (443, 8443))
    assert (users.pop("Port"), tests.pop("Port")) == (443, 8443)
    assert users == tests


def went(plan: Plan) -> list[tuple[int, str, float]]:
    return [(stage.at, stage.what.id, stage.traffic) for stage in release.stages(plan, 4, 4)]


def test_blue_green_moves_all_traffic_at_once() -> None:
    """A target is healthy after 3 checks of 30 s; the old tasks drain for 30 s, and have 30 s to stop."""
    assert went(made("strategy: blue_green, bake_time: 10m, test_traffic: { port: 8443 }")) == [
        (0, "start", 0),
        (90, "test", 0),
        (90, "all", 100),
        (690, "drain", 100),
        (750, "done", 100),
    ]


def test_canary_moves_a_share_first() -> None:
    assert went(made("strategy: canary, canary: { percent: 2.5, bake_time: 20m }, bake_time: 0")) == [
        (0, "start", 0),
        (90, "share", 2.5),
        (1290, "all", 100),
        (1290, "drain", 100),
        (1350, "done", 100),
    ]


def test_linear_moves_in_steps_without_a_pause_behind_the_last() -> None:
    assert went(made("strategy: linear, linear: { step_percent: 30, step_bake_time: 1m }")) == [
        (0, "start", 0),
        (90, "share", 30),
        (150, "share", 60),
        (210, "share", 90),
        (270, "all", 100),
        (570, "drain", 100),
        (630, "done", 100),
    ]


def test_many_steps_are_counted() -> None:
    found = went(made("strategy: linear, linear: { step_percent: 10, step_bake_time: 1m }"))
    assert [name for _, name, _ in found] == ["start", "share", "share", "share", "steps", "all", "drain", "done"]
    assert found[5] == (90 + 9 * 60, "all", 100)


def notes(deployment: str) -> list[str]:
    return [ENGLISH.text(note) for note in release.notes(made(deployment))]


def test_how_long_a_bad_release_lives_is_said() -> None:
    said = notes("strategy: canary, canary: { percent: 5, bake_time: 10m }, alarms: [errors]")
    assert said[0] == "a bad release gets 5 % of the traffic for 600 s before it gets more"
    assert 'until an alarm fires ("errors")' in said[1]
    assert said[2].startswith(f"until {90 + 600 + 300} s the old tasks still run")
    assert "neither an alarm nor a hook" in notes("strategy: blue_green")[0]


def test_what_a_deployment_waits_for_is_said() -> None:
    hooks = "hooks: { ask: { stages: [pre_production_traffic_shift], timeout: 2h, on_timeout: continue } }"
    (said,) = [note for note in notes(f"strategy: linear, {hooks}") if "hook" in note and "ask" in note]
    assert "before each step" in said
    assert "within 120 minutes, else it goes on" in said
    (once,) = [note for note in notes(f"strategy: blue_green, {hooks}") if '"ask"' in note]
    assert "before each step" not in once


def test_the_page_counts_tasks_and_connections_at_each_moment() -> None:
    page = render(made("strategy: blue_green"))["deployment.md"].text
    assert (
        "| 1:30 | all traffic has moved to the new tasks; the old ones stay for the bake time | 4 | 4 | 100 % | 80 |"
        in page
    )
    assert "| 7:30 | done | 0 | 4 | 100 % | 40 |" in page
    assert "`sql` admits 90 connections; 80 are held" in page
    assert "the weights of the production listener belong to ECS" in page
    assert "deployment.md" not in render(made("strategy: rolling"))
