"""Services of Amazon ECS are linted where they lie, with the task definition that they name where it lies beside them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from chuoigen.aws.words import EcsWords
from chuoigen.commands.lint import lint
from chuoigen.compiler import Judged, judge_all
from chuoigen.inputs.files import Disk
from chuoigen.inputs.load import Loader
from chuoigen.messages import Reader
from tests.inputs.test_task_definition import GOOD as TASK

if TYPE_CHECKING:
    from pathlib import Path

ECS = Reader(words=EcsWords())
GOOD: dict[str, Any] = {
    "cluster": "shops",
    "serviceName": "shop",
    "taskDefinition": "shop:7",
    "desiredCount": 2,
    "launchType": "FARGATE",
    "networkConfiguration": {
        "awsvpcConfiguration": {
            "subnets": ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
            "securityGroups": ["sg-0123456789abcdef0"],
            "assignPublicIp": "DISABLED",
        }
    },
    "loadBalancers": [
        {
            "targetGroupArn": "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/shop/0123456789abcdef",
            "containerName": "web",
            "containerPort": 80,
        }
    ],
    "healthCheckGracePeriodSeconds": 60,
    "deploymentConfiguration": {
        "deploymentCircuitBreaker": {"enable": True, "rollback": True},
        "maximumPercent": 200,
        "minimumHealthyPercent": 100,
    },
}
DESCRIBED = {
    "services": [
        {
            **GOOD,
            "serviceArn": "arn:aws:ecs:eu-west-1:123456789012:service/shops/shop",
            "clusterArn": "arn:aws:ecs:eu-west-1:123456789012:cluster/shops",
            "status": "ACTIVE",
            "runningCount": 2,
            "pendingCount": 0,
            "deployments": [],
            "events": [],
            "placementConstraints": [],
            "placementStrategy": [],
            "roleArn": "arn:aws:iam::123456789012:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS",
            "createdAt": "2026-11-27T10:00:00+09:00",
        }
    ],
    "failures": [],
}


def written(**members: object) -> str:
    """Give the good service with other members; None leaves one out."""
    return json.dumps({key: value for key, value in {**GOOD, **members}.items() if value is not None}, indent=2)


def network(**members: object) -> dict[str, Any]:
    return {"awsvpcConfiguration": {**GOOD["networkConfiguration"]["awsvpcConfiguration"], **members}}


MOVING = {
    "strategy": "CANARY",
    "bakeTimeInMinutes": 10,
    "canaryConfiguration": {"canaryPercent": 2.5, "canaryBakeTimeInMinutes": 5},
    "lifecycleHooks": [
        {
            "hookTargetArn": "arn:aws:lambda:eu-west-1:123456789012:function:check",
            "roleArn": "arn:aws:iam::123456789012:role/hooks",
            "lifecycleStages": ["POST_SCALE_UP"],
            "hookDetails": {"a": 1},
        },
        {
            "targetType": "PAUSE",
            "lifecycleStages": ["PRE_SCALE_UP"],
            "timeoutConfiguration": {"timeoutInMinutes": 5, "action": "CONTINUE"},
        },
    ],
}
EARLY = {"enable": True, "healthyPercent": 100, "sourceServiceRevisionCleanup": "DEFERRED"}


def breaker(kind: str, value: int) -> dict[str, Any]:
    """Return a deployment whose circuit breaker has a threshold, and which is done early."""
    threshold = {"type": kind, "value": value}
    breaks = {"enable": True, "rollback": False, "resetOnHealthyTask": False, "thresholdConfiguration": threshold}
    return {"deploymentCircuitBreaker": breaks, "earlySuccessCriteria": EARLY}


def judged(folder: Path, text: str, name: str = "service.json") -> tuple[Judged, ...]:
    (folder / name).write_text(text, encoding="utf-8")
    return judge_all(Loader(Disk(), foreign=True).loads(str(folder / name)))


def found(results: tuple[Judged, ...], text: str) -> list[tuple[str, str]]:
    """Give the rule of each finding and what its caret points at."""
    lines = text.splitlines()
    return [
        (one.rule, lines[one.span.line - 1][one.span.column - 1 : one.span.end_column - 1])
        for result in results
        for one in result.diagnostics
    ]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(GOOD),
        json.dumps(DESCRIBED, indent=2),
        json.dumps({"service": GOOD}),
        written(launchType=None, capacityProviderStrategy=[{"capacityProvider": "FARGATE", "weight": 1}]),
        written(desiredCount=None, serviceName=None),
        written(taskDefinition=None, cluster=None).replace('"desiredCount": 2', '"desiredCount": {{ must_env "N" }}'),
        written(networkConfiguration=network(subnets=["{{ tfstate `aws_subnet.a.id` }}"])),
        written(platformVersion="LATEST", schedulingStrategy="REPLICA", loadBalancers=[]),
        written(deploymentConfiguration=breaker("COUNT", 5)),
        written(deploymentConfiguration=MOVING),
        written(deploymentConfiguration=breaker("UNBOUNDED_PERCENT", 25)),
    ],
    ids=lambda text: text[:12],
)
def test_what_ecs_takes_has_nothing_against_it(tmp_path: Path, text: str) -> None:
    results = judged(tmp_path, text)
    assert [one.loaded.document is not None for one in results] == [True]
    assert found(results, text) == []


@pytest.mark.parametrize(
    ("text", "rule", "caret"),
    [
        (written(desiredCount=-1), "desired-count-out-of-range", "-1"),
        (
            written(
                deploymentConfiguration={"alarms": {"alarmNames": ["arn:a"], "enable": True, "rollback": True}},
            ),
            "deployment-alarms",
            '"arn:a"',
        ),
        (written(deploymentConfiguration={"earlySuccessCriteria": EARLY | {"healthyPercent": 120}}), "early-success", "120"),
        (written(deploymentConfiguration=breaker("COUNT", 0)), "invalid-value", "0"),
        (written(deploymentConfiguration=MOVING | {"bakeTimeInMinutes": 1441}), "deployment-time", "1441"),
        (written(deploymentConfiguration={"strategy": "BLUE"}), "invalid-value", '"BLUE"'),
        (written(deploymentConfiguration=MOVING | {"canaryConfiguration": {"canaryPercent": 0.25}}), "traffic-share", "0.25"),
        (written(desiredCount="2"), "invalid-value", '"2"'),
        (written(serviceNames="a"), "unknown-key", '"serviceNames"'),
        (written(platformVersion="1.3.0"), "unknown-platform-version", '"1.3.0"'),
        (written(placementConstraints=[{"type": "distinctInstance"}]), "unsupported-parameter", '"placementConstraints"'),
        (written(role="ecsServiceRole"), "unsupported-parameter", '"role"'),
        (written(clientToken="x" * 37), "invalid-value", f'"{"x" * 37}"'),
        (written(networkConfiguration=network(assignPublicIp="disabled")), "invalid-value", '"disabled"'),
        (written(networkConfiguration=network(securityGroups=["shop"])), "network-id-format", '"shop"'),
        (written(networkConfiguration=network(subnets=["subnet-1"])), "network-id-format", '"subnet-1"'),
        (written(networkConfiguration=network(securityGroups=[f"sg-0000000{n}" for n in range(6)])), "too-many-groups", '"securityGroups"'),
        (written(capacityProviderStrategy=[{"capacityProvider": "FARGATE", "weight": 1}]), "capacity-weight", '"FARGATE"'),
        (written(enableECSManagedTags=True), "unpropagated-tags", "true"),
        (written(deploymentController={"type": "EXTERNAL"}, deploymentConfiguration=None), "deployment-controller", '"shop:7"'),
        (written(deploymentConfiguration={"maximumPercent": 100, "minimumHealthyPercent": 100}), "stuck-deployment", "100"),
        (written(serviceRegistries=[{"port": 80, "containerPort": 80}]), "service-registry", "80"),
        (written(serviceConnectConfiguration={"enabled": True}), "service-connect", '"serviceConnectConfiguration"'),
        (json.dumps({"createService": {k: v for k, v in GOOD.items() if k != "serviceName"}}, indent=2), "missing-key", '"taskDefinition"'),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_once_at_its_value(tmp_path: Path, text: str, rule: str, caret: str) -> None:
    assert found(judged(tmp_path, text), text) == [(rule, caret)]


def test_a_service_and_the_task_definition_beside_it_are_judged_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    container = {**TASK["containerDefinitions"][0], "readonlyRootFilesystem": True}
    task = {**TASK, "taskRoleArn": "arn:aws:iam::123456789012:role/shop", "containerDefinitions": [container]}
    (tmp_path / "task-definition.json").write_text(json.dumps(task), encoding="utf-8")
    target = {**GOOD["loadBalancers"][0], "containerPort": 81}
    (tmp_path / "service.json").write_text(written(enableExecuteCommand=True, loadBalancers=[target]), encoding="utf-8")
    outcome = lint(["."])
    assert sorted((one.rule, one.span.file) for one in outcome.diagnostics) == [
        ("target-without-port", "service.json"),
        ("unusable-exec", "task-definition.json"),
    ]
    assert outcome.checked == 1


def test_a_task_definition_of_another_family_stays_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "task-definition.json").write_text(json.dumps(TASK), encoding="utf-8")
    (tmp_path / "service.json").write_text(written(taskDefinition="other"), encoding="utf-8")
    outcome = lint(["."])
    assert (outcome.diagnostics, outcome.checked) == ((), 2)


def test_a_service_that_does_not_run_on_fargate_is_no_fault(tmp_path: Path) -> None:
    (result,) = judged(tmp_path, written(launchType="EC2", placementStrategy=[{"type": "random"}]))
    assert result.diagnostics == ()
    assert result.loaded.remark is not None
    assert "does not run on Fargate" in ECS.text(result.loaded.remark)


def test_a_service_on_fargate_needs_a_task_definition_for_fargate(tmp_path: Path) -> None:
    text = json.dumps({"createService": GOOD, "taskDefinition": {**TASK, "requiresCompatibilities": ["EC2"]}}, indent=2)
    assert found(judged(tmp_path, text), text) == [("invalid-value", '"EC2"')]


def test_several_services_of_a_file_are_judged_each(tmp_path: Path) -> None:
    services = [{**GOOD, "serviceName": name, "desiredCount": count} for name, count in (("a", 1), ("b", -1))]
    results = judged(tmp_path, json.dumps({"services": services}, indent=2))
    assert [(one.loaded.name, len(one.diagnostics)) for one in results] == [("a", 0), ("b", 1)]


def test_what_a_spec_cannot_say_is_listed(tmp_path: Path) -> None:
    text = written(availabilityZoneRebalancing="DISABLED", serviceRegistries=[{"registryArn": "arn:aws:x"}])
    (result,) = judged(tmp_path, text)
    assert [one.path for one in result.loaded.uncarried] == [
        ("loadBalancers", 0, "targetGroupArn"),
        ("serviceRegistries",),
    ]
    assert result.loaded.document is not None
    assert result.loaded.document.data["service"]["availability_zone_rebalancing"] is False
