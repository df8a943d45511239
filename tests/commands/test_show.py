"""The plan as `show` prints it: every value, and the line or the reason behind it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from chuoigen.commands.show import show
from chuoigen.diagnostics import ChuoigenError
from chuoigen.messages import ENGLISH, Reader
from chuoigen.report.outcome import Status
from tests.repository import PARTIAL, ROOT, SMALL, WRONG, repository

if TYPE_CHECKING:
    from pathlib import Path


def rows(file: str) -> dict[str, dict[str, Any]]:
    data = json.loads(show(file, as_json=True).text)
    assert data["version"] == 1
    return {row["path"]: row for row in data["plan"]}


def said(file: str, reader: Reader = ENGLISH) -> dict[str, tuple[str, str]]:
    """Give value and origin of each line of text."""
    found = {}
    for line in show(file, reader=reader).text.splitlines():
        decided, _, origin = line.partition("  # ")
        path, _, value = decided.partition(" = ")
        found[path] = (value.rstrip(), origin)
    return found


def test_text_is_a_line_for_each_value(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repository(tmp_path / "repository", qa=SMALL))
    lines = show("spec/qa.yaml").text.splitlines()
    assert lines[0] == 'name = "echo"' + " " * 53 + "  # spec/qa.yaml:2"
    assert f"{'stage = null':<66}  # default, stage is not written" in lines
    start = f"{'resources.task-definition.cpu = 256':<66}  # default, task.cpu is not written: "
    assert any(line.startswith(start) for line in lines)
    assert len(lines) == len(rows("spec/qa.yaml"))


@pytest.mark.parametrize(
    ("path", "value", "origin"),
    [
        ("name", '"chuoi"', "spec/base.yaml:5"),
        ("stage", '"qa"', "spec/qa.yaml:3"),
        ("prefix", '"chuoi-qa"', "from spec/base.yaml:5, spec/qa.yaml:3"),
        ("resources.task-definition.cpu", "256", "spec/base.yaml:10"),
        (
            "resources.task-definition.platform",
            '"linux/amd64"',
            "default, task.platform is not written: the platform that every image has (chuoigen)",
        ),
        ("volumes.app-log.writers", '["app"]', "from spec/base.yaml:34, spec/base.yaml:56"),
        ("containers.app.build.elixir", '"1.18"', "spec/base.yaml:24"),
        ("containers.app.environment.REDIS_CONNECTION_SIZE", '"1000"', "spec/base.yaml:67"),
        ("containers.log.environment.S3_BUCKET", '"hogehoge-log-bucket"', "from spec/base.yaml:54"),
        ("containers.log.stop_timeout", "120", "spec/base.yaml:58"),
        ("containers.log.logs.driver", '"awslogs"', "default, logs.driver is not written: CloudWatch Logs (chuoigen)"),
        ("containers.log.logs.options.awslogs-region", '"ap-northeast-1"', "spec/base.yaml:6"),
        ("backends.redis.port", "6379", "spec/base.yaml:64"),
        ("resources.load-balancer.name", '"chuoi-qa-alb"', "from spec/base.yaml:5, spec/qa.yaml:3"),
        ("resources.load-balancer.type", '"application"', "constant"),
        ("resources.target-group.health_check_path", '"/system/healthcheck"', "spec/base.yaml:81"),
        ("resources.target-group.matcher.http_code", '"200"', "because of spec/base.yaml:81"),
        ("resources.cluster.cluster_name", '"chuoi"', "spec/base.yaml:84"),
        ("resources.role:execution.role_name", '"ecs-task-execution-role"', "from spec/base.yaml:12"),
        ("resources.service.scheduling_strategy", '"REPLICA"', "constant"),
        ("pipeline.source_bucket", '"chuoi-source"', "spec/base.yaml:86"),
    ],
)
def test_where_values_of_chuoi_come_from(monkeypatch: pytest.MonkeyPatch, path: str, value: str, origin: str) -> None:
    monkeypatch.chdir(ROOT)
    assert said("spec/qa.yaml")[path] == (value, origin)


def test_json_names_keys_and_lines_and_what_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    found = rows("spec/qa.yaml")
    assert found["resources.load-balancer.name"] == {
        "path": "resources.load-balancer.name",
        "value": "chuoi-qa-alb",
        "origin": "derived",
        "sources": [
            {"key": "name", "file": "spec/base.yaml", "line": 5},
            {"key": "stage", "file": "spec/qa.yaml", "line": 3},
        ],
        "conditions": [],
        "defaults": ["load_balancer.name"],
        "facts": [],
    }


@pytest.mark.parametrize(
    ("path", "origin"),
    [
        ("stage", "spec/qa.yaml:3"),
        ("prefix", "spec/base.yaml:5、spec/qa.yaml:3 から算出"),
        (
            "containers.app.image.tag",
            "spec/base.yaml:5、spec/base.yaml:6、spec/base.yaml:23、spec/base.yaml:86、spec/qa.yaml:3 により決定",
        ),
        ("resources.load-balancer.type", "固定値"),
        ("containers.app.cpu", "デフォルト値 (containers.app.cpu の指定なし)"),
        (
            "containers.app.essential",
            (
                "デフォルト値 (containers.app.essential の指定なし): ECS のデフォルト"
                " (botocore 1.44, ecs, ContainerDefinition.essential、2026-11-23)"
            ),
        ),
    ],
)
def test_the_same_in_japanese(monkeypatch: pytest.MonkeyPatch, path: str, origin: str) -> None:
    monkeypatch.chdir(ROOT)
    assert said("spec/qa.yaml", Reader("ja"))[path][1] == origin


def test_the_facts_of_json_are_in_the_language_of_the_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    found = json.loads(show("spec/qa.yaml", as_json=True, reader=Reader("ja")).text)["plan"]
    assert {fact["why"] for row in found for fact in row["facts"]} >= {
        "Elastic Load Balancing のデフォルト",
        "AWS が推奨するポリシー",
    }


def test_a_default_of_aws_has_its_source_and_the_day_it_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert rows("spec/qa.yaml")["resources.load-balancer.idle_timeout"]["facts"] == [
        {
            "why": "the default of Elastic Load Balancing",
            "source": "botocore 1.44, elbv2, LoadBalancerAttribute.Key, idle_timeout.timeout_seconds",
            "checked": "2026-11-23",
        }
    ]


def test_what_a_container_says_of_its_log_goes_before_what_the_spec_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = 'logs: { group: /own, options: { awslogs-create-group: "true" } }'
    shared = "logs: { retention: 90, driver: awslogs, options: { mode: blocking } }"
    logs = f"    {own}\n{shared}\n"
    monkeypatch.chdir(repository(tmp_path / "repository", qa=SMALL + logs))
    found = rows("spec/qa.yaml")
    lines = {
        key: [place["line"] for place in found[f"containers.echo.logs.{key}"]["sources"]]
        for key in ("group", "options.awslogs-create-group", "options.mode", "driver", "retention")
    }
    assert lines == {
        "group": [9],
        "options.awslogs-create-group": [9],
        "options.mode": [10],
        "driver": [10],
        "retention": [10],
    }


def test_a_spec_without_volumes_and_backends_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repository(tmp_path / "repository", qa=SMALL))
    found = said("spec/qa.yaml")
    assert found["volumes"] == ("{}", "default, volumes is not written")
    assert found["backends"] == ("{}", "default, backends is not written")
    assert found["cutover"][0] == "null"


@pytest.mark.parametrize(
    ("text", "rule"), [(WRONG, "cpu-memory-pair"), (PARTIAL, "partial-spec"), ("[", "invalid-yaml")]
)
def test_a_spec_that_cannot_be_built_has_diagnostics_in_place_of_a_plan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, rule: str
) -> None:
    monkeypatch.chdir(repository(tmp_path / "repository", qa=text))
    outcome = show("spec/qa.yaml")
    assert (outcome.text, outcome.status) == ("", Status.FOUND)
    assert [found.rule for found in outcome.diagnostics] == [rule]


def test_a_missing_file_is_an_error_with_help(tmp_path: Path) -> None:
    with pytest.raises(ChuoigenError, match="does not exist"):
        show(str(tmp_path / "none.yaml"))
