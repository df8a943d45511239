"""Templates of CloudFormation: what is said of the services in them, in their words and at their values."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chuoigen.commands.lint import lint
from chuoigen.compiler import Judged, judge_all
from chuoigen.inputs.cloudformation.conditions import worlds
from chuoigen.inputs.cloudformation.intrinsics import NOTHING, Values
from chuoigen.inputs.cloudformation.spelling import TemplateWords
from chuoigen.inputs.files import Disk
from chuoigen.inputs.load import Loader
from chuoigen.messages import Reader
from chuoigen.workspace.choice import Run
from chuoigen.workspace.repair import Fixing, repair
from chuoigen.yaml.unknown import Unknown

if TYPE_CHECKING:
    from pathlib import Path

WORDS = Reader(words=TemplateWords())
GOOD = """\
AWSTemplateFormatVersion: '2010-09-09'
Parameters:
  Stage: { Type: String, Default: qa, AllowedValues: [qa, prod] }
  Cpu: { Type: Number, Default: 256 }
Mappings:
  Sizes:
    eu: { Memory: 512 }
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsQa: !Equals [!Ref Stage, qa]
Resources:
  Role:
    Type: AWS::IAM::Role
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      Family: !Sub '${AWS::StackName}-shop'
      RequiresCompatibilities: [FARGATE]
      NetworkMode: awsvpc
      Cpu: 256
      Memory: !FindInMap [Sizes, eu, Memory]
      ExecutionRoleArn: !GetAtt Role.Arn
      TaskRoleArn: !GetAtt Role.Arn
      ContainerDefinitions:
        - Name: web
          Image: !Sub 'nginx:1.28.0'
          Essential: 'true'
          PortMappings:
            - ContainerPort: '80'
          Environment:
            - Name: STAGE
              Value: !Ref Stage
            - !If [IsProd, { Name: DEBUG, Value: 0 }, !Ref AWS::NoValue]
          LogConfiguration:
            LogDriver: awslogs
            Options:
              awslogs-group: /ecs/shop
              awslogs-region: !Ref AWS::Region
              awslogs-stream-prefix: web
  Service:
    Type: AWS::ECS::Service
    Properties:
      Cluster: !Ref Cluster
      TaskDefinition: !Ref Task
      DesiredCount: '2'
      LaunchType: FARGATE
      LoadBalancers:
        - ContainerName: web
          ContainerPort: 80
          TargetGroupArn: !Ref TargetGroup
      NetworkConfiguration:
        AwsvpcConfiguration:
          Subnets: !Ref Subnets
          SecurityGroups: [!Ref Group]
"""


def changed(old: str, new: str) -> str:
    assert GOOD.count(old) == 1
    return GOOD.replace(old, new)


def judged(folder: Path, text: str, name: str = "stack.yaml") -> tuple[Judged, ...]:
    (folder / name).write_text(text, encoding="utf-8")
    return judge_all(Loader(Disk(), foreign=True).loads(str(folder / name)))


def found(results: tuple[Judged, ...], text: str) -> set[tuple[str, str]]:
    """Give the rule of each finding and what its caret points at."""
    lines = text.splitlines()
    return {
        (one.rule, lines[one.span.line - 1][one.span.column - 1 : one.span.end_column - 1])
        for result in results
        for one in result.diagnostics
    }


def test_a_good_template_has_nothing_against_it(tmp_path: Path) -> None:
    results = judged(tmp_path, GOOD)
    assert [(one.loaded.name, one.loaded.when) for one in results] == [
        ("Service", "IsProd=true"),
        ("Service", "IsProd=false"),
    ]
    assert found(results, GOOD) == set()


@pytest.mark.parametrize(
    ("text", "rule", "caret"),
    [
        (changed("Cpu: 256\n      Memory", "Cpu: 512\n      Memory"), "cpu-memory-pair", "!FindInMap [Sizes, eu, Memory]"),
        (changed("NetworkMode: awsvpc", "NetworkMode: bridge"), "network-mode", "bridge"),
        (changed("Essential: 'true'", "Privileged: true"), "privileged-container", "Privileged"),
        (changed("Essential: 'true'", "essential: true"), "unknown-key", "essential"),
        (changed("ContainerPort: '80'", "ContainerPort: '80'\n              HostPort: 8080"), "host-port-differs", "8080"),
        (changed("ContainerPort: 80\n", "ContainerPort: 81\n"), "target-without-port", "81"),
        (changed("ContainerName: web", "ContainerName: app"), "unknown-target", "app"),
        (changed("DesiredCount: '2'", "DesiredCount: -1"), "desired-count-out-of-range", "-1"),
        (changed("DesiredCount: '2'", "PlacementStrategies: [{ Type: random }]"), "unsupported-parameter", "PlacementStrategies"),
        (changed("DesiredCount: '2'", "EnableECSManagedTags: 'true'"), "unpropagated-tags", "'true'"),
        (changed("Cpu: 256\n      Memory", "Cpu: !If [IsProd, 1024, 256]\n      Memory"), "cpu-memory-pair", "!FindInMap [Sizes, eu, Memory]"),
        (changed("!Sub 'nginx:1.28.0'", "!Join [':', [nginx, latest]]"), "mutable-image-tag", "!Join [':', [nginx, latest]]"),
        (changed("!Sub 'nginx:1.28.0'", "!Select [0, ['nginx:latest', x]]"), "mutable-image-tag", "!Select [0, ['nginx:latest', x]]"),
        (changed("awslogs-group: /ecs/shop", "awslogs-create-group: 'true'"), "missing-log-option", "awslogs"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_value(tmp_path: Path, text: str, rule: str, caret: str) -> None:
    assert found(judged(tmp_path, text), text) == {(rule, caret)}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Cpu: 256\n      Memory: !FindInMap [Sizes, eu, Memory]", "Cpu: !Ref Cpu\n      Memory: 512"),
        # Conditions that exclude each other never hold together: 1024 with 2048, or 256 with 512.
        (
            "Cpu: 256\n      Memory: !FindInMap [Sizes, eu, Memory]",
            "Cpu: !If [IsProd, 1024, 256]\n      Memory: !If [IsQa, 512, 2048]",
        ),
        ("ContainerName: web", "ContainerName: !Ref Name"),
        ("- Name: web", "- Name: !Ref Name"),
        ("Subnets: !Ref Subnets", "Subnets: { 'Fn::Split': [',', !ImportValue Subnets] }\n          AssignPublicIp: ENABLED"),
        ("Image: !Sub 'nginx:1.28.0'", "Image: !Sub '${AWS::AccountId}.dkr.ecr.eu-west-1.amazonaws.com/shop:latest'"),
        ("Image: !Sub 'nginx:1.28.0'", "Image: '{{resolve:ssm:/shop/image}}'"),
    ],
)  # fmt: skip
def test_what_is_not_known_is_no_fault(tmp_path: Path, old: str, new: str) -> None:
    text = changed(old, new)
    assert found(judged(tmp_path, text), text) == set()


def test_a_service_without_a_family_needs_a_task_role_for_exec(tmp_path: Path) -> None:
    text = changed("DesiredCount: '2'", "EnableExecuteCommand: true").replace(
        "      TaskRoleArn: !GetAtt Role.Arn\n", ""
    )
    assert found(judged(tmp_path, text), text) == {("missing-task-role", "RequiresCompatibilities")}


def test_what_a_macro_writes_is_passed_over(tmp_path: Path) -> None:
    text = "Resources: { T: { Type: AWS::ECS::TaskDefinition, Properties: { 'Fn::Transform': { Name: AWS::Include } } } }\n"
    (result,) = judged(tmp_path, text)
    assert (result.diagnostics, result.loaded.remark, result.loaded.document) == ((), None, None)


def test_messages_have_the_words_of_the_template(tmp_path: Path) -> None:
    text = changed("Essential: 'true'", "LinuxParameters: { MaxSwap: 256 }\n          PortMapping: []")
    said = sorted(WORDS.text(one.words) for one in judged(tmp_path, text)[0].diagnostics)
    assert said == [
        'Amazon ECS has no member "PortMapping" in ContainerDefinitions.0',
        'container "web" cannot have LinuxParameters.MaxSwap: a task on Fargate has no swap space',
    ]


def test_what_cdk_writes_is_read(tmp_path: Path) -> None:
    task: dict[str, Any] = {
        "ContainerDefinitions": [
            {
                "Name": "web",
                "Image": {"Fn::Join": ["", [{"Ref": "AWS::AccountId"}, ".dkr.ecr.eu-west-1.amazonaws.com/shop:1"]]},
                "Essential": True,
                "StopTimeout": 121,
            }
        ],
        "Cpu": "256",
        "Memory": "512",
        "NetworkMode": "awsvpc",
        "RequiresCompatibilities": ["FARGATE"],
        "ExecutionRoleArn": {"Fn::GetAtt": ["Role1234", "Arn"]},
    }
    resources = {
        "Task1234": {"Type": "AWS::ECS::TaskDefinition", "Properties": task, "Metadata": {"aws:cdk:path": "x"}}
    }
    text = json.dumps({"Resources": resources}, indent=1)
    assert found(judged(tmp_path, text, "Shop.template.json"), text) == {("stop-timeout-out-of-range", "121")}


def test_a_comment_is_used_where_it_suppresses_in_one_world(tmp_path: Path) -> None:
    comment = "# chuoigen: ignore[privileged-container] runs on EC2 in production"
    text = changed("Essential: 'true'", f"Privileged: !If [IsProd, true, false] {comment}")
    assert found(judged(tmp_path, text), text) == set()


def test_a_port_pair_is_fixed_in_the_template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = changed("- ContainerPort: '80'", "- ContainerPort: '80'\n              HostPort: 8080")
    (tmp_path / "stack.yaml").write_text(text, encoding="utf-8")
    outcome = repair(lambda files: lint(["stack.yaml"], run=Run(files=files)), Fixing())
    assert (outcome.fixed, outcome.diagnostics) == (1, ())
    assert (tmp_path / "stack.yaml").read_text(encoding="utf-8") == GOOD


def test_a_search_passes_over_templates_without_ecs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bucket.yaml").write_text("Resources: { B: { Type: AWS::S3::Bucket } }\n", encoding="utf-8")
    (tmp_path / "stack.yaml").write_text(GOOD, encoding="utf-8")
    outcome = lint(["."])
    assert (outcome.diagnostics, outcome.checked, outcome.others) == ((), 1, 1)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ({"Fn::Sub": "a-${!b}"}, "a-${b}"),
        ({"Fn::Sub": ["${a}-b", {"a": {"Fn::Join": ["", ["x", 1]]}}]}, "x1-b"),
        ({"Fn::Select": ["1", {"Fn::Split": ["/", "a/b"]}]}, "b"),
        ({"Fn::FindInMap": ["M", "k", "v"]}, 7),
        ({"Fn::If": ["C", 1, {"Ref": "AWS::NoValue"}]}, NOTHING),
        ({"Fn::If": ["D", 1, 2]}, Unknown("Fn::If")),
        ({"Fn::FindInMap": ["M", {"Ref": "P"}, "v"]}, Unknown("P")),
        ({"Fn::Base64": "a"}, Unknown("Fn::Base64")),
        ({"Fn::Join": ["", "a"]}, Unknown("Fn::Join")),
        ({"Fn::Sub": {"a": 1}}, Unknown("Fn::Sub")),
    ],
)
def test_functions_have_the_values_that_the_template_has(written: object, value: object) -> None:
    given = Values({"Mappings": {"M": {"k": {"v": 7}}}}, {"C": False}).value(written)
    assert (type(given), given) == (type(value), value)


def test_worlds_are_those_that_can_be() -> None:
    equals = {"prod": {"Fn::Equals": [{"Ref": "S"}, "prod"]}, "qa": {"Fn::Equals": ["qa", {"Ref": "S"}]}}
    conditions = {
        **equals,
        "either": {"Fn::Or": [{"Condition": "prod"}, {"Condition": "qa"}]},
        "loop": {"Condition": "loop"},
    }
    template = {"Conditions": conditions}
    both = [tuple(world.values()) for world in worlds(template, {"prod", "qa", "either"})]
    assert sorted(both) == [(False, False, False), (True, False, True), (True, True, False)]
    assert [tuple(world.values()) for world in worlds(template, {"loop"})] == [(False,)]
    assert sorted(tuple(world.values()) for world in worlds(template, {"absent"})) == [(False,), (True,)]
    limited = {**template, "Parameters": {"S": {"AllowedValues": ["prod"]}}}
    assert [dict(world) for world in worlds(limited, {"prod"})] == [{"prod": True}]


SCALARS = (
    st.none() | st.booleans() | st.integers(-5, 70_000) | st.sampled_from(["", "web", "80", "C", "Task", "a.b", "${a}"])
)
KEYS = st.sampled_from(
    [
        *("Ref", "Fn::If", "Fn::Sub", "Fn::Join", "Fn::Select", "Fn::Split", "Fn::FindInMap", "Fn::GetAtt", "Fn::Transform"),
        *("Condition", "Fn::Equals", "Fn::Not", "Fn::Or", "Name", "Image", "PortMappings", "ContainerPort", "Environment"),
        *("Value", "Volumes", "EFSVolumeConfiguration", "FilesystemId", "Cpu", "Memory", "Tags", "Key", "LogConfiguration"),
        *("TaskDefinition", "LoadBalancers", "NetworkConfiguration", "AwsvpcConfiguration", "Subnets", "DesiredCount"),
    ]
)  # fmt: skip
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=20
)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.dictionaries(KEYS, VALUES, max_size=4),
    st.dictionaries(KEYS, VALUES, max_size=4),
    st.dictionaries(st.sampled_from(["C", "D"]), VALUES, max_size=2),
)
def test_no_template_is_a_bug(
    tmp_path_factory: pytest.TempPathFactory, task: dict[str, Any], service: dict[str, Any], conditions: dict[str, Any]
) -> None:
    container = {"Name": "web", "Image": "a:1", **task}
    properties = {"RequiresCompatibilities": ["FARGATE"], "ContainerDefinitions": [container], **task}
    resources = {
        "Task": {"Type": "AWS::ECS::TaskDefinition", "Condition": "C", "Properties": properties},
        "Service": {"Type": "AWS::ECS::Service", "Properties": {"TaskDefinition": {"Ref": "Task"}, **service}},
    }
    text = json.dumps({"Conditions": conditions, "Resources": resources})
    results = judged(tmp_path_factory.mktemp("any"), text, "stack.json")
    assert all(
        one.span.line == 1 and 1 <= one.span.column <= one.span.end_column <= len(text) + 1
        for result in results
        for one in result.diagnostics
    )


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.integers(0, len(GOOD) - 1),
    st.sampled_from(["", "!If ", "- ", "{", "\n", ": ", "!Ref ", "'", "Fn::If: "]),
    st.integers(0, 20),
)
def test_no_text_is_a_bug(tmp_path_factory: pytest.TempPathFactory, at: int, put: str, cut: int) -> None:
    text = GOOD[:at] + put + GOOD[at + cut :]
    lines = text.split("\n")
    for result in judged(tmp_path_factory.mktemp("any"), text):
        assert all(1 <= one.span.line <= len(lines) for one in result.diagnostics)


LOOP = """\
Transform: AWS::LanguageExtensions
Resources:
  Fn::ForEach::Names:
    - Name
    - [Api, Worker]
    - Fn::ForEach::Sizes:
        - Size
        - ['512', '513']
        - Task${Name}&{Size}:
            Type: AWS::ECS::TaskDefinition
            Properties:
              Family: !Sub '${Name}-${AWS::StackName}'
              RequiresCompatibilities: [FARGATE]
              NetworkMode: awsvpc
              Cpu: '256'
              Memory: !Ref Size
              ContainerDefinitions: [{ Name: !Ref Name, Image: 'shop:1.2.3' }]
"""


def test_loops_make_resources_for_each_of_their_values(tmp_path: Path) -> None:
    file = tmp_path / "template.yaml"
    file.write_text(LOOP)
    parts = Loader(Disk(), foreign=True).loads(file)
    assert [one.name for one in parts] == ["TaskApi512", "TaskApi513", "TaskWorker512", "TaskWorker513"]
    assert [list(one.document.data["containers"]) for one in parts if one.document] == [["Api"]] * 2 + [["Worker"]] * 2
    found = {(one.rule, one.span.line) for part in judge_all(parts) for one in part.diagnostics}
    assert found == {("cpu-memory-pair", 16)}


def test_a_loop_over_what_only_the_deployment_knows_is_said(tmp_path: Path) -> None:
    file = tmp_path / "template.yaml"
    file.write_text(LOOP.replace("[Api, Worker]", "!Ref Names"))
    outcome = lint([str(file)])
    assert outcome.diagnostics == ()
    (note,) = outcome.notes
    assert "makes resources in the loop Names, whose values are not in the template" in WORDS.text(note)
