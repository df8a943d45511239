"""What runs against what is written, as the AWS CLI prints it: defaults subtracted, and no account asked."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from chuoigen.cli import run
from tests.repository import ROOT, repository

if TYPE_CHECKING:
    from pathlib import Path

SHOP = (ROOT / "tests" / "changes" / "bases" / "shop.yaml").read_text(encoding="utf-8")
ARN = "arn:aws:ecs:ap-northeast-1:123456789012"


@pytest.fixture
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a repository with a build; what was sent to AWS stands in out/shop/ecs/."""
    where = repository(tmp_path / "repository", shop=SHOP)
    monkeypatch.chdir(where)
    assert run(["build"]) == 0
    return where


def sent(at: Path, name: str) -> Any:
    return json.loads((at / "out" / "shop" / "ecs" / f"{name}.json").read_text(encoding="utf-8"))


def described_task(at: Path) -> Any:
    """Return the task definition as describe-task-definition prints it: with what ECS fills in and adds."""
    task = sent(at, "task-definition")
    tags = task.pop("tags")
    for container in task["containerDefinitions"]:
        for member, value in {"cpu": 0, "volumesFrom": [], "systemControls": [], "environmentFiles": []}.items():
            container.setdefault(member, value)
        container.setdefault("mountPoints", [])
        container.setdefault("portMappings", [])
    for volume in task["volumes"]:
        if "efsVolumeConfiguration" not in volume:
            volume["host"] = {}
    task |= {
        "taskDefinitionArn": f"{ARN}:task-definition/shop-qa:12",
        "revision": 12,
        "status": "ACTIVE",
        "requiresAttributes": [{"name": "ecs.capability.execution-role-awslogs"}],
        "placementConstraints": [],
        "compatibilities": ["EC2", "FARGATE", "MANAGED_INSTANCES"],
        "registeredAt": "2026-11-01T10:00:00+09:00",
        "registeredBy": "arn:aws:iam::123456789012:user/deploy",
    }
    return {"taskDefinition": task, "tags": tags}


def described_service(at: Path) -> Any:
    """Return the service as describe-services prints it."""
    service = sent(at, "service")
    service["clusterArn"] = f"{ARN}:cluster/{service.pop('cluster')}"
    service["taskDefinition"] = f"{ARN}:task-definition/shop-qa:12"
    network = service["networkConfiguration"]["awsvpcConfiguration"]
    network["securityGroups"] = ["sg-0123456789abcdef0", "sg-0123456789abcdef1"]
    service["loadBalancers"][0]["targetGroupArn"] = (
        "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/shop-qa-api/0123456789abcdef"
    )
    service |= {
        "serviceArn": f"{ARN}:service/shop/shop-qa",
        "status": "ACTIVE",
        "runningCount": 2,
        "pendingCount": 0,
        "platformFamily": "Linux",
        "deployments": [],
        "events": [],
        "createdAt": "2026-11-01T10:00:00+09:00",
        "roleArn": "arn:aws:iam::123456789012:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS",
        "placementConstraints": [],
        "placementStrategy": [],
        "deploymentController": {"type": "ECS"},
    }
    return {"services": [service], "failures": []}


def compared(capsys: pytest.CaptureFixture[str], *files: str) -> dict[str, tuple[Any, Any]]:
    """Return the changes between two files by their paths, with before and after."""
    capsys.readouterr()
    status = run(["diff", *files, "--format", "json"])
    changes = json.loads(capsys.readouterr().out)["changes"]
    assert status == (1 if changes else 0)
    return {change["path"]: (change["before"], change["after"]) for change in changes}


def write(at: Path, name: str, data: Any) -> str:
    (at / name).write_text(json.dumps(data, indent=4), encoding="utf-8")
    return name


def test_what_ecs_fills_in_is_no_change(at: Path, capsys: pytest.CaptureFixture[str]) -> None:
    live = write(at, "live.json", described_task(at))
    assert compared(capsys, live, "spec/shop.yaml") == {}
    assert compared(capsys, "spec/shop.yaml", live) == {}
    service = write(at, "service.json", described_service(at))
    assert compared(capsys, service, "spec/shop.yaml") == {}


def test_a_service_beside_its_task_definition_is_compared_with_it(at: Path, capsys: pytest.CaptureFixture[str]) -> None:
    live, service = described_task(at), described_service(at)
    live["taskDefinition"]["memory"] = "4096"
    service["services"][0]["desiredCount"] = 5
    write(at, "task-definition.json", live)
    assert compared(capsys, write(at, "service.json", service), "spec/shop.yaml") == {
        "task.memory": ("4096", "2 GiB"),
        "service.desired_count": (5, 2),
    }


def test_only_images_differ_and_that_is_said(at: Path, capsys: pytest.CaptureFixture[str]) -> None:
    live = described_task(at)
    for container in live["taskDefinition"]["containerDefinitions"]:
        container["image"] = container["image"].replace(":first", ":0123456789ab")
    file = write(at, "live.json", live)
    capsys.readouterr()
    assert run(["diff", file, "spec/shop.yaml"]) == 1
    shown = capsys.readouterr().out.splitlines()
    assert shown[0] == "from live.json to spec/shop.yaml: 1 change (restart 1, new revision 1)"
    assert shown[1] == "  only images differ"
    assert list(compared(capsys, file, "spec/shop.yaml")) == ["containers.ship.image"]


def test_drift_is_named_by_container_and_variable(at: Path, capsys: pytest.CaptureFixture[str]) -> None:
    live = described_task(at)
    (api,) = (one for one in live["taskDefinition"]["containerDefinitions"] if one["name"] == "api")
    for variable in api["environment"]:
        if variable["name"] == "LOG_LEVEL":
            variable["value"] = "trace"
        if variable["name"] == "DB_HOST":
            variable["value"] = "db-old.shop.internal"
    api["environment"].append({"name": "DEBUG", "value": "1"})
    del api["healthCheck"]
    assert compared(capsys, write(at, "live.json", live), "spec/shop.yaml") == {
        "containers.api.environment.LOG_LEVEL": ("trace", "info"),
        "containers.api.environment.DB_HOST": ("db-old.shop.internal", {"ref": "backends.db.host"}),
        "containers.api.environment.DEBUG": ("1", None),
        "containers.api.healthcheck": (None, {"command": "node check.js", "interval": "30s"}),
    }


def test_two_raw_files_are_compared_by_names(at: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One as it is registered, the other as it is described, with its containers the other way round."""
    live = described_task(at)
    live["taskDefinition"]["containerDefinitions"].reverse()
    live["taskDefinition"]["cpu"] = "2048"
    live["taskDefinition"]["memory"] = "4096"
    file = write(at, "live.json", live)
    assert compared(capsys, "out/shop/ecs/task-definition.json", file) == {
        "task.cpu": ("1024", "2048"),
        "task.memory": ("2048", "4096"),
    }


def printed(capsys: pytest.CaptureFixture[str], *files: str) -> list[str]:
    capsys.readouterr()
    assert run(["diff", *files]) == 1
    return [line.strip() for line in capsys.readouterr().out.splitlines()]


def billed(capsys: pytest.CaptureFixture[str], *files: str) -> tuple[Any, Any]:
    """Return the cost in a month of both sides at the desired count, as the JSON has it."""
    capsys.readouterr()
    assert run(["diff", *files, "--format", "json"]) == 1
    (service,) = json.loads(capsys.readouterr().out)["cost"]["services"]
    return service["before"]["desired"], service["after"]["desired"]


# Of ap-northeast-1, in USD an hour: a vCPU 0.05056, a GiB 0.00553. Three containers write a GB each at 0.76 in a month.
ONE = 730 * (0.05056 + 2 * 0.00553) + 3 * 0.76
FOUR_GIB = 730 * (0.05056 + 4 * 0.00553) + 3 * 0.76


def test_two_task_definitions_have_the_cost_of_one_task(at: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither says how many run; the region of what is registered is that of its log groups."""
    live = described_task(at)
    live["taskDefinition"]["memory"] = "4096"
    files = "out/shop/ecs/task-definition.json", write(at, "live.json", live)
    assert billed(capsys, *files) == (pytest.approx(ONE, abs=0.01), pytest.approx(FOUR_GIB, abs=0.01))
    shown = printed(capsys, *files)
    assert "for one task that runs: no file says how many do" in shown
    assert not any(line.startswith("when applied") for line in shown)


def test_two_services_have_the_cost_of_their_tasks(at: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """How long a load balancer drains stands in no such file: there is a timeline only without one."""
    service = described_service(at)
    files = []
    for folder, count, memory in (("old", 2, "2048"), ("new", 3, "4096")):
        (at / folder).mkdir()
        task = described_task(at)
        task["taskDefinition"]["memory"] = memory
        service["services"][0]["desiredCount"] = count
        write(at, f"{folder}/task-definition.json", task)
        files.append(write(at, f"{folder}/service.json", service))
    assert billed(capsys, *files) == (pytest.approx(2 * ONE, abs=0.01), pytest.approx(3 * FOUR_GIB, abs=0.01))
    assert not any(line.startswith("when applied") for line in printed(capsys, *files))
    for file in files:
        alone = json.loads((at / file).read_text(encoding="utf-8"))
        alone["services"][0]["loadBalancers"] = []
        del alone["services"][0]["healthCheckGracePeriodSeconds"]
        write(at, file, alone)
    shown = printed(capsys, *files)
    assert any(line.startswith("when applied") for line in shown)
    assert any(line.startswith("0:00 3 new tasks start (2 old, 3 new)") for line in shown)


def test_what_a_file_does_not_say_is_taken_from_the_spec(at: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Count, balancer and region stand in the spec alone; so only the memory of both tasks makes the difference."""
    live = described_task(at)
    live["taskDefinition"]["memory"] = "4096"
    file = write(at, "live.json", live)
    before, after = billed(capsys, file, "spec/shop.yaml")
    assert before - after == pytest.approx(2 * (FOUR_GIB - ONE), abs=0.02)
    assert after > 2 * ONE
    shown = printed(capsys, file, "spec/shop.yaml")
    assert "0:00 2 new tasks start (2 old, 2 new)" in shown
    assert "2:30 the new ones are healthy; 2 old tasks drain and stop (2 old, 2 new)" in shown


def test_a_described_service_is_the_one_of_the_spec(at: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its cluster is said by an ARN alone, and it is no service beside the old one for that."""
    live, service = described_task(at), described_service(at)
    live["taskDefinition"]["memory"] = "4096"
    write(at, "task-definition.json", live)
    shown = printed(capsys, write(at, "service.json", service), "spec/shop.yaml")
    assert "6:30 done (0 old, 2 new)" in shown


def test_without_a_size_there_is_no_cost(at: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No task definition lies beside these services."""
    file = write(at, "service.json", described_service(at))
    other = described_service(at)
    other["services"][0]["desiredCount"] = 7
    (at / "b").mkdir()
    shown = printed(capsys, file, write(at, "b/service.json", other))
    assert not any(line.startswith("cost") for line in shown)


def test_groups_and_tags_of_two_services_are_changes(at: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In another order they are none, and AWS's own tags are nobody's."""
    service, other = described_service(at), described_service(at)
    network = other["services"][0]["networkConfiguration"]["awsvpcConfiguration"]
    network["securityGroups"].reverse()
    other["services"][0]["tags"].reverse()
    other["services"][0]["tags"].append({"key": "aws:cloudformation:stack-name", "value": "shop"})
    file = write(at, "live.json", service)
    assert compared(capsys, file, write(at, "other.json", other)) == {}
    network["securityGroups"][0] = "sg-0fffffffffffffff0"
    (team,) = (tag for tag in other["services"][0]["tags"] if tag["key"] == "team")
    team["value"] = "another"
    files = file, write(at, "other.json", other)
    capsys.readouterr()
    assert run(["diff", *files, "--format", "json"]) == 1
    changes = json.loads(capsys.readouterr().out)["changes"]
    assert [(change["path"], change["classes"]) for change in changes] == [
        ("network.security_groups", ["exposure", "restart"]),
        ("service.tags", ["nothing"]),
    ]
    assert changes[0]["after"] == ["sg-0123456789abcdef0", "sg-0fffffffffffffff0"]
    assert all(change["source"]["file"] == "other.json" for change in changes)
    shown = printed(capsys, *files)
    assert "the task leaves group sg-0123456789abcdef1" in shown
    assert any(line.startswith("the task joins group sg-0fffffffffffffff0") for line in shown)


def test_a_file_that_cannot_be_read_is_trouble(at: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (at / "spec" / "shop.yaml").exists()
    assert run(["diff", "spec/shop.yaml", "none.json"]) == 2
    captured = capsys.readouterr()
    assert "none.json does not exist" in captured.err
    assert captured.out.count("no change") == 0


def test_secrets_of_a_raw_file_are_masked(at: Path, capsys: pytest.CaptureFixture[str]) -> None:
    live = described_task(at)
    for container in live["taskDefinition"]["containerDefinitions"]:
        container.setdefault("environment", []).append({"name": "ADMIN_PASSWORD", "value": "hunter2-hunter2"})
    file = write(at, "live.json", live)
    for form in ("text", "markdown", "json"):
        capsys.readouterr()
        assert run(["diff", file, "spec/shop.yaml", "--format", form]) == 1
        shown = capsys.readouterr().out
        assert "ADMIN" in shown
        assert "hunter2" not in shown
