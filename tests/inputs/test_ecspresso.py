"""ecspresso.yml and the files that it names: judged together, its functions unknown, each finding in its own file."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

from chuoigen.commands.lint import lint
from chuoigen.messages import ENGLISH
from tests.inputs.test_service_definition import GOOD as SERVICE
from tests.inputs.test_task_definition import GOOD as TASK

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = """\
region: {{ must_env `AWS_REGION` }}
cluster: shops
service: shop
service_definition: deploy/service.json
task_definition: deploy/task.yaml
timeout: 10m
plugins:
  - name: tfstate
    config: { url: s3://states/shop.tfstate }
"""
TASK_YAML = """\
family: shop
requiresCompatibilities: [FARGATE]
networkMode: awsvpc
cpu: "{{ must_env `CPU` }}"
memory: "512"
executionRoleArn: '{{ tfstate `aws_iam_role.execution.arn` }}'
containerDefinitions:
  - name: web
    image: "nginx:{{ must_env `TAG` }}"
    portMappings: [{ containerPort: {{ must_env `PORT` }} }]
    secrets: [{ name: KEY, valueFrom: "{{ secretsmanager_arn `shop` }}" }]
"""


def written(**members: object) -> str:
    plain = {key: value for key, value in SERVICE.items() if key not in ("cluster", "serviceName", "taskDefinition")}
    return json.dumps({**plain, **members}, indent=2)


@pytest.fixture
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "deploy").mkdir()
    (tmp_path / "ecspresso.yml").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "deploy/service.json").write_text(written(), encoding="utf-8")
    (tmp_path / "deploy/task.yaml").write_text(TASK_YAML, encoding="utf-8")
    return tmp_path


def test_a_good_project_has_nothing_against_it_and_counts_once(at: Path) -> None:
    outcome = lint([str(at)])
    assert (outcome.diagnostics, outcome.checked, outcome.failures) == ((), 1, ())


def test_each_finding_points_into_its_own_file(at: Path) -> None:
    (at / "deploy/service.json").write_text(
        written(loadBalancers=[{"containerName": "app", "containerPort": 80}]), encoding="utf-8"
    )
    (at / "deploy/task.yaml").write_text(TASK_YAML + "    stopTimeout: 121\n", encoding="utf-8")
    outcome = lint(["."])
    assert [(one.rule, one.span.file, one.span.line) for one in outcome.diagnostics] == [
        ("unknown-target", "deploy/service.json", 18),
        ("stop-timeout-out-of-range", "deploy/task.yaml", 12),
    ]


def test_a_comment_in_a_named_file_suppresses(at: Path) -> None:
    comment = "# chuoigen: ignore[stop-timeout-out-of-range] tried on a copy"
    (at / "deploy/task.yaml").write_text(TASK_YAML + f"    stopTimeout: 121 {comment}\n", encoding="utf-8")
    assert lint(["ecspresso.yml"]).diagnostics == ()


def test_a_file_that_is_not_there_is_said_at_its_name(at: Path) -> None:
    (at / "deploy/task.yaml").unlink()
    outcome = lint(["ecspresso.yml"])
    assert [(one.rule, one.span.file, one.span.line) for one in outcome.diagnostics] == [
        ("invalid-value", "ecspresso.yml", 5)
    ]
    assert ENGLISH.text(outcome.diagnostics[0].words) == "deploy/task.yaml does not exist"


@pytest.mark.parametrize("name", ["{{ env `FILE` }}", '""', "[1]"])
def test_a_name_that_is_not_known_is_no_fault(at: Path, name: str) -> None:
    text = CONFIG.replace("deploy/task.yaml", name)
    (at / "ecspresso.yml").write_text(text, encoding="utf-8")
    assert lint(["ecspresso.yml"]).diagnostics == ()


def test_jsonnet_is_evaluated(at: Path) -> None:
    pytest.importorskip("rjsonnet")
    task = json.dumps({**TASK, "memory": "1536"}).replace('"/ecs/shop"', "std.native('app_tfstate')('logs.name')")
    (at / "deploy/task.jsonnet").write_text(f"local base = import 'base.libsonnet';\nbase + {task}", encoding="utf-8")
    (at / "deploy/base.libsonnet").write_text("{ pidMode: 'task' }", encoding="utf-8")
    (at / "ecspresso.yml").write_text(
        CONFIG.replace("task.yaml", "task.jsonnet") + "    func_prefix: app_\n", encoding="utf-8"
    )
    outcome = lint(["ecspresso.yml"])
    assert [(one.rule, one.span.file, one.span.line) for one in outcome.diagnostics] == [
        ("cpu-memory-pair", "deploy/task.jsonnet", 1)
    ]


def test_jsonnet_without_its_library_is_said(at: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rjsonnet", None)
    (at / "deploy/task.jsonnet").write_text("{}", encoding="utf-8")
    (at / "ecspresso.yml").write_text(CONFIG.replace("task.yaml", "task.jsonnet"), encoding="utf-8")
    outcome = lint(["ecspresso.yml"])
    assert outcome.diagnostics == ()
    (note,) = outcome.notes
    assert "deploy/task.jsonnet was not checked" in ENGLISH.text(note)


@pytest.mark.parametrize(
    "text",
    [
        "- hosts: all\n  tasks:\n    - task_definition: a\n",
        "version: 1\ntask_definition:\n  ecs_network_mode: awsvpc\n",
    ],
)
def test_what_is_something_else_is_passed_over(at: Path, text: str) -> None:
    (at / "ecs-params.yml").write_text(text, encoding="utf-8")
    outcome = lint(["."])
    assert (outcome.diagnostics, outcome.checked, outcome.others) == ((), 1, 1)
