"""Terraform's resources of ECS: literals are judged at their places, expressions are unknown, other text is no matter."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chuoigen.commands.lint import lint
from chuoigen.compiler import judge_all
from chuoigen.inputs.files import Disk, Overlay
from chuoigen.inputs.formats import words_of
from chuoigen.inputs.load import Loaded, Loader
from chuoigen.inputs.secret_values import secrets
from chuoigen.messages import Reader
from chuoigen.yaml.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

pytest.importorskip("tree_sitter_hcl")

FILE = "/nowhere/ecs.tf"
READER = Reader(words=words_of("terraform"))
CONTAINER = """{
      name      = "web"
      image     = "registry.example.com/web:1.2.3"
      essential = true
      portMappings = [{ containerPort = 8080 }]
      environment = [{ name = "MODE", value = var.mode }]
    }"""
TASK = """\
# The task definition.
resource "aws_ecs_task_definition" "web" {
  family                   = "${var.prefix}-web"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = "512"
  container_definitions = jsonencode([
    CONTAINER
  ])
}
""".replace("CONTAINER", CONTAINER)
SERVICE = """\
resource "aws_ecs_service" "web" {
  name            = "web"
  cluster         = aws_ecs_cluster.this.id
  task_definition = aws_ecs_task_definition.web.arn
  desired_count   = 2
  launch_type     = "FARGATE"
  network_configuration {
    subnets          = var.subnets
    assign_public_ip = false
  }
  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }
  load_balancer {
    target_group_arn = aws_lb_target_group.web.arn
    container_name   = "web"
    container_port   = 8080
  }
}
"""


def changed(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1, old
    return text.replace(old, new)


def parts(text: str, others: Mapping[str, str] | None = None) -> tuple[Loaded, ...]:
    texts = {FILE: text, **(others or {})}
    files = Overlay(Disk(), {path: one.encode() for path, one in texts.items()})
    return Loader(files, foreign=True).loads(FILE)


def data(text: str, others: Mapping[str, str] | None = None) -> dict[str, Any]:
    document = parts(text, others)[0].document
    assert document is not None
    return document.data


def found(text: str, others: Mapping[str, str] | None = None) -> list[tuple[str, str]]:
    """Give the rule of each finding and what its caret points at."""
    texts = {FILE: text, **(others or {})}
    result = []
    for part in judge_all(parts(text, others)):
        for one in part.diagnostics:
            line = texts[one.span.file].splitlines()[one.span.line - 1]
            result.append((one.rule, line[one.span.column - 1 : one.span.end_column - 1]))
    return result


@pytest.mark.parametrize("text", [TASK, TASK + SERVICE, SERVICE])
def test_what_fargate_takes_has_nothing_against_it(text: str) -> None:
    assert found(text) == []


def test_a_task_definition_and_its_service_are_one_part() -> None:
    (only,) = parts(TASK + SERVICE)
    assert only.name == "web"
    carried = data(TASK + SERVICE)
    assert carried["task"]["cpu"] == "256"
    assert carried["containers"]["web"]["ports"] == [{"container": 8080}]
    assert carried["service"]["desired_count"] == 2
    assert carried["service"]["deployment"]["circuit_breaker"] is True
    assert carried["load_balancer"]["target"] == "web"


def test_an_expression_is_unknown_and_keeps_its_place() -> None:
    document = parts(TASK)[0].document
    assert document is not None
    value = document.data["containers"]["web"]["environment"]["MODE"]
    assert isinstance(value, Unknown)
    assert value == "var.mode"
    assert isinstance(document.data["task"]["family"], Unknown)
    span = document.place(("containers", "web", "environment", "MODE")).value
    assert TASK.splitlines()[span.line - 1][span.column - 1 : span.end_column - 1] == "var.mode"


@pytest.mark.parametrize(
    ("old", "new", "rule", "caret"),
    [
        ('"512"', '"4096"', "cpu-memory-pair", '"4096"'),
        ("cpu                      = 256", "cpu = 300", "unknown-task-cpu", "300"),
        ('"awsvpc"', '"bridge"', "network-mode", '"bridge"'),
        ("essential = true", "privileged = true", "privileged-container", "privileged"),
        ("essential = true", "stopTimeout = 600", "stop-timeout-out-of-range", "600"),
        ("essential = true", '"stopTimeout" : 600', "stop-timeout-out-of-range", "600"),
        ("essential = true", 'healthCheck = { command = ["curl", "-f"] }', "health-check-command", '"curl"'),
        ("essential = true", "memory = 1024", "container-memory-above-task", "1024"),
        ("containerPort = 8080", "containerPort = 80, hostPort = 8080", "host-port-differs", "8080"),
        ("var.mode", "5", "invalid-value", "5"),
    ],
)
def test_what_is_wrong_is_said_at_its_value(old: str, new: str, rule: str, caret: str) -> None:
    assert (rule, caret) in found(changed(TASK, old, new))


def test_words_are_those_of_the_provider_and_of_ecs_inside_of_a_container() -> None:
    words = words_of("terraform")
    assert words.word(("service", "desired_count")) == "desired_count"
    assert words.word(("service", "health_check_grace_period")) == "health_check_grace_period_seconds"
    assert words.word(("task", "execution_role")) == "execution_role_arn"
    assert words.word(("containers", "web", "stop_timeout")) == "stopTimeout"
    assert words.word(("volumes", "data", "efs")) == "efs_volume_configuration"


@pytest.mark.parametrize("opening", ["<<EOF", "<<-JSON", "<<DEFINITION"])
def test_json_in_a_heredoc_is_read_where_it_stands(opening: str) -> None:
    heredoc = f"""{opening}
[
  {{"name": "web", "image": "${{var.image}}", "essential": true, "stopTimeout": 600,
    "portMappings": [{{"containerPort": ${{var.port}}}}]}}
]
{opening.strip("<-")}
"""
    start, end = TASK.index("jsonencode("), TASK.index("])\n}") + 2
    text = TASK[:start] + heredoc.rstrip("\n") + TASK[end:]
    assert found(text) == [("stop-timeout-out-of-range", "600")]


def test_a_template_beside_the_file_is_read_with_its_own_places() -> None:
    template = '[{"name": "web", "image": "${image}",\n  "essential": true,\n  "stopTimeout": 600 %{ if x }, "privileged": true %{ endif }}]'
    start, end = TASK.index("jsonencode("), TASK.index("])\n}") + 2
    text = TASK[:start] + 'templatefile("${path.module}/web.json.tpl", { image = var.image })' + TASK[end:]
    others = {"/nowhere/web.json.tpl": template}
    assert sorted(found(text, others)) == [
        ("privileged-container", '"privileged"'),
        ("stop-timeout-out-of-range", "600"),
    ]
    assert data(text, others)["containers"]["web"]["essential"] is True
    assert found(text) == []  # a template that is not there is unknown


def test_a_local_value_of_the_file_is_followed() -> None:
    start, end = TASK.index("jsonencode("), TASK.index("])\n}") + 2
    text = "locals {\n  containers = " + TASK[start:end] + "\n}\n" + TASK[:start] + "local.containers" + TASK[end:]
    assert data(text)["containers"]["web"]["image"] == "registry.example.com/web:1.2.3"


@pytest.mark.parametrize(
    "definitions",
    [
        "jsonencode(local.elsewhere)",
        "module.container.json",
        'jsonencode([merge(local.a, { name = "web" })])',
        '"[]"',
        "file(var.x)",
    ],
)
def test_what_cannot_be_known_is_unknown(definitions: str) -> None:
    start, end = TASK.index("jsonencode("), TASK.index("])\n}") + 2
    assert found(TASK[:start] + definitions + TASK[end:]) == []


def test_blocks_are_members_of_ecs() -> None:
    text = changed(
        TASK,
        '  memory                   = "512"\n',
        '  memory = "512"\n  runtime_platform {\n    cpu_architecture = "ARM64"\n  }\n  ephemeral_storage {\n    size_in_gib = 30\n  }\n'
        '  volume {\n    name = "data"\n    efs_volume_configuration {\n      file_system_id = aws_efs_file_system.x.id\n'
        '      transit_encryption = "ENABLED"\n    }\n  }\n  tags = { team = "a" }\n',
    )
    carried = data(text)
    assert carried["task"]["platform"] == "linux/arm64"
    assert carried["task"]["ephemeral_storage"] == 30
    assert carried["task"]["tags"] == {"team": "a"}
    assert carried["volumes"]["data"]["efs"]["transit_encryption"] is True


def test_dynamic_blocks_are_unknown() -> None:
    dynamic = '  dynamic "volume" {\n    for_each = var.v\n    content { name = volume.value }\n  }\n'
    mounted = changed(TASK, "essential = true", 'mountPoints = [{ sourceVolume = "x", containerPath = "/x" }]')
    assert found(changed(mounted, "  cpu   ", dynamic + "  cpu   ")) == []


def test_a_member_that_the_provider_ignores_is_a_warning() -> None:
    text = changed(TASK, "essential = true", 'networkMode = "awsvpc"')
    (one,) = judge_all(parts(text))[0].diagnostics
    assert (one.rule, one.severity.value) == ("unknown-key", "warning")


@pytest.mark.parametrize("sign", ["#", "//"])
def test_a_comment_suppresses(sign: str) -> None:
    text = changed(TASK, "essential = true", f"privileged = true {sign} chuoigen: ignore[privileged-container] EC2 too")
    assert found(text) == []


def test_a_secret_in_a_file_is_known_by_its_name() -> None:
    text = changed(TASK, '{ name = "MODE", value = var.mode }', '{ name = "DB_PASSWORD", value = "correct-horse" }')
    (source,) = parts(text)[0].sources
    assert "correct-horse" in secrets(source).texts


def test_what_is_for_ec2_is_said_to_be_so() -> None:
    (only,) = parts(changed(TASK, '["FARGATE"]', '["EC2"]'))
    assert only.remark is not None


def test_without_the_extra_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tree_sitter", None)
    (tmp_path / "ecs.tf").write_text(TASK, encoding="utf-8")
    (note,) = lint([str(tmp_path / "ecs.tf")]).notes
    assert "pip install 'chuoigen[terraform]'" in READER.text(note)


def test_a_file_that_makes_nothing_of_ecs_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('resource "aws_s3_bucket" "b" {}\n', encoding="utf-8")
    (tmp_path / "ecs.tf").write_text(TASK, encoding="utf-8")
    outcome = lint([str(tmp_path)])
    assert (outcome.checked, outcome.others, outcome.diagnostics) == (1, 1, ())


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.integers(0, len(TASK + SERVICE)),
    st.integers(0, 60),
    st.sampled_from(
        ["", "{", "}", "[", "]", '"', "${", "<<EOF\n", "= ", "\n", "é", "jsonencode(", "null", '{"name":', "dynamic "]
    ),
)
def test_no_text_is_a_bug(start: int, length: int, put: str) -> None:
    whole = TASK + SERVICE
    text = whole[:start] + put + whole[start + length :] + '\nresource "aws_ecs_service" "other" {}\n'
    lines = len(text.splitlines())
    for part in judge_all(parts(text)):
        for one in (*part.diagnostics, *part.loaded.uncarried):
            assert one.span.file == FILE
            assert 1 <= one.span.line <= lines + 1
            assert READER.text(one.words)
