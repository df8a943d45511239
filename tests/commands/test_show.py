"""The plan as `show` prints it: every value, and the line or the reason behind it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from chuoigen.commands.show import show
from chuoigen.diagnostics import ChuoigenError
from chuoigen.report.outcome import Status
from tests.repository import PARTIAL, ROOT, SMALL, WRONG, repository

if TYPE_CHECKING:
    from pathlib import Path


def rows(file: str) -> dict[str, tuple[object, str]]:
    data = json.loads(show(file, as_json=True).text)
    assert data["version"] == 1
    return {row["path"]: (row["value"], row["origin"]) for row in data["plan"]}


def test_text_is_a_line_for_each_value(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repository(tmp_path / "repository", qa=SMALL))
    lines = show("spec/qa.yaml").text.splitlines()
    assert lines[0] == 'name = "echo"' + " " * 53 + "  # spec/qa.yaml:2"
    assert f"{'stage = null':<66}  # default: no stage" in lines
    assert f"{'task.cpu = 256':<66}  # default: the smallest size of Fargate" in lines
    assert len(lines) == len(rows("spec/qa.yaml"))


@pytest.mark.parametrize(
    ("path", "value", "origin"),
    [
        ("name", "chuoi", "spec/base.yaml:5"),
        ("stage", "qa", "spec/qa.yaml:3"),
        ("prefix", "chuoi-qa", "derived: name and stage"),
        ("task.cpu", 256, "spec/base.yaml:10"),
        ("task.platform", "linux/amd64", "default: linux/amd64 unless said"),
        ("task.tags", {}, "default: no tags"),
        ("volumes.app-log.writers", ["app"], "derived: the containers that mount it to write"),
        ("containers.app.build.elixir", "1.18", "spec/base.yaml:24"),
        ("containers.app.build.asset_tool", "webpack", "spec/base.yaml:26"),
        ("containers.app.build.arguments.0.value", "qa", "spec/qa.yaml:6"),
        ("containers.app.ports.0.number", 4000, "spec/base.yaml:28"),
        ("containers.app.environment.REDIS_PORT", "6379", "spec/base.yaml:31"),
        (
            "containers.app.environment.REDIS_CONNECTION_SIZE",
            "1000",
            "default: what the recipe or a backend's pool is told",
        ),
        ("containers.app.secrets.0.name", "/chuoi/qa/secret-key-base", "spec/qa.yaml:7"),
        ("containers.web.build.upstream_port", 4000, "derived: the upstream's first port"),
        ("containers.log.build.tails.0.path", "/var/log/chuoi/*.log", "spec/base.yaml:52"),
        ("containers.log.stop_timeout", 120, "spec/base.yaml:58"),
        ("containers.log.logs.driver", "awslogs", "default: CloudWatch"),
        ("containers.log.logs.options.awslogs-group", "/chuoi/ecs/tasks/log", "spec/base.yaml:85"),
        ("containers.log.logs.options.awslogs-region", "ap-northeast-1", "spec/base.yaml:6"),
        (
            "containers.log.logs.options.awslogs-stream-prefix",
            "qa",
            "default: the stage, or the name where there is none",
        ),
        ("containers.log.logs.options.mode", "non-blocking", "default: a container never waits for its log"),
        ("backends.redis.port", 6379, "spec/base.yaml:64"),
        ("backends.redis.pool_size", 1000, "spec/base.yaml:67"),
        (
            "load_balancer.name",
            "chuoi-qa-alb",
            "default: names are <name>-<stage>-<role>, so that two stages can share an account",
        ),
        ("load_balancer.path", "/system/healthcheck", "spec/base.yaml:81"),
        ("load_balancer.matcher", "200", "default: 200 unless said"),
        ("service.cluster", "chuoi", "spec/base.yaml:84"),
        ("autoscaling", None, "default: the count of tasks is fixed"),
        ("pipeline.source_bucket", "chuoi-source", "spec/base.yaml:86"),
    ],
)
def test_where_values_of_chuoi_come_from(
    monkeypatch: pytest.MonkeyPatch, path: str, value: object, origin: str
) -> None:
    monkeypatch.chdir(ROOT)
    assert rows("spec/qa.yaml")[path] == (value, origin)


def test_what_a_container_says_of_its_log_goes_before_what_the_spec_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = 'logs: { group: /own, options: { awslogs-create-group: "true" } }'
    shared = "logs: { retention: 90, driver: awslogs, options: { mode: blocking } }"
    logs = f"    {own}\n{shared}\n"
    monkeypatch.chdir(repository(tmp_path / "repository", qa=SMALL + logs))
    found = rows("spec/qa.yaml")
    assert found["containers.echo.logs.group"] == ("/own", "spec/qa.yaml:9")
    assert found["containers.echo.logs.options.awslogs-create-group"] == ("true", "spec/qa.yaml:9")
    assert found["containers.echo.logs.options.mode"] == ("blocking", "spec/qa.yaml:10")
    assert found["containers.echo.logs.driver"] == ("awslogs", "spec/qa.yaml:10")
    assert found["containers.echo.logs.retention"] == (90, "spec/qa.yaml:10")


def test_a_spec_without_volumes_and_backends_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repository(tmp_path / "repository", qa=SMALL))
    found = rows("spec/qa.yaml")
    assert found["volumes"] == ({}, "default: no volumes")
    assert found["backends"] == ({}, "default: no backends")
    assert found["pipeline"] == (None, "default: only where images are built here")


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
