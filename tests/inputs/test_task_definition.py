"""Task definitions of Amazon ECS are linted where they lie: what is said of each, at which line, in whose words."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chuoigen.aws.words import EcsWords
from chuoigen.commands.lint import lint
from chuoigen.compiler import Judged, judge
from chuoigen.diagnostics import ChuoigenError
from chuoigen.inputs.files import Disk
from chuoigen.inputs.load import Loader, load
from chuoigen.messages import Reader
from chuoigen.workspace.choice import Run
from chuoigen.workspace.repair import Fixing, repair

if TYPE_CHECKING:
    from pathlib import Path

ECS = Reader(words=EcsWords())
GOOD: dict[str, Any] = {
    "family": "shop",
    "requiresCompatibilities": ["FARGATE"],
    "networkMode": "awsvpc",
    "cpu": "256",
    "memory": "512",
    "executionRoleArn": "arn:aws:iam::123456789012:role/shop-execution",
    "containerDefinitions": [
        {
            "name": "web",
            "image": "nginx:1.28.0",
            "essential": True,
            "portMappings": [{"containerPort": 80}],
            "environment": [{"name": "MODE", "value": "live"}],
            "logConfiguration": {
                "logDriver": "awslogs",
                "options": {
                    "awslogs-group": "/ecs/shop",
                    "awslogs-region": "eu-west-1",
                    "awslogs-stream-prefix": "web",
                },
            },
        }
    ],
}
PRINTED = {
    "taskDefinition": {
        **GOOD,
        "taskDefinitionArn": "arn:aws:ecs:eu-west-1:123456789012:task-definition/shop:7",
        "revision": 7,
        "status": "ACTIVE",
        "volumes": [],
        "placementConstraints": [],
        "pidMode": None,
        "compatibilities": ["EC2", "FARGATE"],
        "requiresAttributes": [{"name": "com.amazonaws.ecs.capability.logging-driver.awslogs"}],
        "registeredAt": "2026-11-27T10:00:00.000000+09:00",
        "registeredBy": "arn:aws:iam::123456789012:user/somebody",
    }
}


def changed(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1
    return text.replace(old, new)


def written(**members: object) -> str:
    """Give the good task definition with other members; None leaves one out."""
    return json.dumps({key: value for key, value in {**GOOD, **members}.items() if value is not None}, indent=2)


def in_container(**members: object) -> str:
    """Give the good task definition with other members of its container."""
    whole = {**GOOD["containerDefinitions"][0], **members}
    container = {key: value for key, value in whole.items() if value is not None}
    return written(containerDefinitions=[container])


def for_windows(*, cpuArchitecture: str = "X86_64", efsVolumeConfiguration: object = None, **members: Any) -> str:  # noqa: N803  ECS's own words
    """Give a good task definition for Windows with other members of the task, its container or a volume."""
    platform = {"operatingSystemFamily": "WINDOWS_SERVER_2022_CORE", "cpuArchitecture": cpuArchitecture}
    pid_mode = members.pop("pidMode", None)
    container = {**GOOD["containerDefinitions"][0], **members}
    volumes = None
    if efsVolumeConfiguration:
        volumes = [{"name": "shared", "efsVolumeConfiguration": efsVolumeConfiguration}]
        container["mountPoints"] = [{"sourceVolume": "shared", "containerPath": "/shared"}]
    return written(
        cpu="1024",
        memory="2048",
        runtimePlatform=platform,
        pidMode=pid_mode,
        volumes=volumes,
        containerDefinitions=[container],
    )


@pytest.fixture
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def judged(folder: Path, text: str, name: str = "task-definition.json") -> Judged:
    (folder / name).write_text(text, encoding="utf-8")
    return judge(Loader(Disk(), foreign=True).load(str(folder / name)))


def found(result: Judged, text: str) -> list[tuple[str, str]]:
    """Give the rule of each finding and what its caret points at."""
    lines = text.splitlines()
    return [
        (one.rule, lines[one.span.line - 1][one.span.column - 1 : one.span.end_column - 1])
        for one in result.diagnostics
    ]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(GOOD),
        json.dumps(GOOD, indent="\t"),
        json.dumps(PRINTED, indent=2),
        "// what CI deploys\n" + changed(written(), '"family": "shop",', '"family": "shop", /* the only one */'),
        changed(written(), '"memory": "512",', '"memory": "512", "tags": [{"key": "a", "value": "b",},],'),
        in_container(image="<IMAGE1_NAME>"),
        in_container(image=""),
        in_container(image=None),
        changed(written(), '"cpu": "256"', '"cpu": {{ must_env "CPU" }}'),
        changed(written(), '"containerPort": 80', '"containerPort": ${port}'),
        changed(written(), '"cpu": "256",', '{{ if .Small }}\n"cpu": "256",\n{{ end }}'),
        written(executionRoleArn="arn:aws:iam::${account}:role/{{ role }}"),
        written(executionRoleArn="arn:aws:iam::<your account>:role/shop"),
        in_container(image="ACCOUNT_ID.dkr.ecr.eu-west-1.amazonaws.com/shop:1.0.0"),
        written(requiresCompatibilities=None),
        in_container(portMappings=[{"containerPortRange": "8000-8010"}]),
        for_windows(readonlyRootFilesystem=False),
        in_container(environment=[{"name": "", "value": ""}]),
        written(ipcMode="", pidMode="", taskRoleArn=""),
    ],
    ids=lambda text: text[:12],
)
def test_what_fargate_takes_has_nothing_against_it(tmp_path: Path, text: str) -> None:
    assert found(judged(tmp_path, text), text) == []


@pytest.mark.parametrize(
    ("text", "rule", "caret"),
    [
        (written(memory="1536"), "cpu-memory-pair", '"1536"'),
        (written(cpu=256), "invalid-value", "256"),
        (written(memory=None), "missing-key", '"requiresCompatibilities"'),
        (written(networkMode="bridge"), "network-mode", '"bridge"'),
        (written(networkMode=None), "network-mode", '"requiresCompatibilities"'),
        (written(ipcMode="task"), "unsupported-parameter", '"ipcMode"'),
        (written(placementConstraints=[{"type": "memberOf"}]), "unsupported-parameter", '"placementConstraints"'),
        (written(inferenceAccelerators=[{"deviceName": "a", "deviceType": "b"}]), "unsupported-parameter", '"inferenceAccelerators"'),
        (written(Family="shop"), "unknown-key", '"Family"'),
        (written(pidMode="host"), "pid-mode", '"host"'),
        (written(ephemeralStorage={"sizeInGiB": 20}), "ephemeral-storage-out-of-range", "20"),
        (written(containerDefinitions=None), "missing-key", "{"),
        (in_container(privileged=True), "privileged-container", '"privileged"'),
        (in_container(links=["db"]), "container-links", '"links"'),
        (in_container(stopTimeout=121), "stop-timeout-out-of-range", "121"),
        (in_container(dnsServers=["10.0.0.2"]), "unsupported-parameter", '"dnsServers"'),
        (in_container(linuxParameters={"devices": [{"hostPath": "/dev/kvm"}]}), "host-device", '"devices"'),
        (in_container(resourceRequirements=[{"type": "GPU", "value": "1"}]), "unsupported-parameter", '"resourceRequirements"'),
        (in_container(portMappings=[{"containerPort": 80, "hostPort": 8080}]), "host-port-differs", "8080"),
        (in_container(portMappings=[{"containerPort": "80"}]), "invalid-value", '"80"'),
        (in_container(portMappings=[{"containerPortRange": "90-80"}]), "invalid-value", '"90-80"'),
        (in_container(environment=[{"name": "A", "value": "1"}, {"name": "A", "value": "2"}]), "duplicate-variable", '"A"'),
        (in_container(environment=[{"name": "A", "value": 1}]), "invalid-value", "1"),
        (in_container(environment=[{"name": "PEER_URL", "value": "http://localhost/"}]), "localhost-address", '"http://localhost/"'),
        (in_container(healthCheck={"command": ["curl", "-f"]}), "health-check-command", '"curl"'),
        (in_container(logConfiguration={"logDriver": "syslog"}), "unsupported-log-driver", '"syslog"'),
        (in_container(logConfiguration={"logDriver": "awslogs"}), "missing-log-option", '"awslogs"'),
        (in_container(name=None), "missing-key", "{"),
        (in_container(volumesFrom=[{"sourceContainer": "db"}]), "unknown-dependency", '"db"'),
        (in_container(dependsOn=[{"containerName": "db", "condition": "START"}]), "unknown-dependency", '"db"'),
        (in_container(dependsOn=[{"containerName": "web", "condition": "start"}]), "invalid-value", '"start"'),
        (in_container(mountPoints=[{"sourceVolume": "data", "containerPath": "/d"}]), "undeclared-volume", '"data"'),
        (written(runtimePlatform={"operatingSystemFamily": "WINDOWS_SERVER_2022_CORE"}), "unknown-task-cpu", '"256"'),
        (for_windows(pidMode="task"), "unsupported-parameter", '"pidMode"'),
        (for_windows(user="1000"), "unsupported-parameter", '"user"'),
        (for_windows(readonlyRootFilesystem=True), "unsupported-parameter", '"readonlyRootFilesystem"'),
        (for_windows(linuxParameters={"initProcessEnabled": True}), "unsupported-parameter", '"linuxParameters"'),
        (for_windows(ulimits=[{"name": "nofile", "softLimit": 9, "hardLimit": 9}]), "unsupported-parameter", '"ulimits"'),
        (for_windows(cpuArchitecture="ARM64"), "invalid-value", '"ARM64"'),
        (for_windows(efsVolumeConfiguration={"fileSystemId": "fs-12345678"}), "unsupported-volume", '"fileSystemId"'),
        (in_container(environment=[{"name": "", "value": "1"}]), "missing-key", "{"),
        (in_container(ulimits=[{"name": "", "softLimit": 1, "hardLimit": 1}]), "missing-key", "{"),
        (written(tags=[{"value": "v"}]), "missing-key", "{"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_once_at_its_value(tmp_path: Path, text: str, rule: str, caret: str) -> None:
    assert [one for one in found(judged(tmp_path, text), text) if one[0] != "unused-volume"] == [(rule, caret)]


def test_a_second_volume_that_is_configured_at_launch_is_refused(tmp_path: Path) -> None:
    names = ("a", "b")
    container = {
        **GOOD["containerDefinitions"][0],
        "mountPoints": [{"sourceVolume": name, "containerPath": f"/{name}"} for name in names],
    }
    volumes = [{"name": name, "configuredAtLaunch": True} for name in names]
    text = written(containerDefinitions=[container], volumes=volumes)
    result = judged(tmp_path, text)
    assert found(result, text) == [("several-ebs-volumes", '"configuredAtLaunch"')]
    second = len(text.splitlines()) - [line.strip() for line in reversed(text.splitlines())].index('"name": "b",')
    assert result.diagnostics[0].span.line == second + 1


def test_messages_use_the_words_of_the_file_that_was_read(tmp_path: Path) -> None:
    (one,) = judged(tmp_path, in_container(linuxParameters={"maxSwap": 256})).diagnostics
    assert ECS.text(one.words) == (
        'container "web" cannot have linuxParameters.maxSwap: a task on Fargate has no swap space'
    )


def test_a_misspelt_member_is_told_what_was_meant(tmp_path: Path) -> None:
    (one,) = judged(tmp_path, in_container(read_only=True)).diagnostics
    assert one.help == 'did you mean "readonlyRootFilesystem"?'


@pytest.mark.parametrize(
    "members", [{"requiresCompatibilities": ["EC2"]}, {"requiresCompatibilities": None, "networkMode": None}]
)
def test_what_is_for_ec2_is_said_once_and_its_parameters_are_no_faults(
    tmp_path: Path, members: dict[str, object]
) -> None:
    text = written(**{"placementConstraints": [{"type": "memberOf"}], "ipcMode": "host", **members})
    result = judged(tmp_path, text)
    assert result.diagnostics == ()
    assert result.loaded.remark is not None
    assert "is a task definition for EC2" in ECS.text(result.loaded.remark)


def test_the_same_faults_in_a_spec_and_in_a_task_definition_have_the_same_rules(tmp_path: Path) -> None:
    spec = """\
chuoigen: 1
name: shop
stage: qa
aws: { account: "123456789012", region: eu-west-1 }
task: { cpu: 256, memory: 1536, execution_role: shop-execution }
containers:
  web:
    image: nginx:latest
    ports: [{ container: 80, host: 81 }]
    stop_timeout: 121
    privileged: true
    ulimits: { nofile: { soft: 9, hard: 8 } }
    environment: { PEER_URL: "http://localhost/" }
"""
    (tmp_path / "spec.yaml").write_text(spec, encoding="utf-8")
    members = {
        "image": "nginx:latest",
        "portMappings": [{"containerPort": 80, "hostPort": 81}],
        "stopTimeout": 121,
        "privileged": True,
        "ulimits": [{"name": "nofile", "softLimit": 9, "hardLimit": 8}],
        "environment": [{"name": "PEER_URL", "value": "http://localhost/"}],
    }
    container = {**GOOD["containerDefinitions"][0], **members}
    raw = judged(tmp_path, written(memory="1536", containerDefinitions=[container]))
    ours = judge(load(tmp_path / "spec.yaml"))
    assert len(ours.diagnostics) == 7
    assert sorted((one.rule, one.path) for one in raw.diagnostics) == sorted(
        (one.rule, one.path) for one in ours.diagnostics
    )


@pytest.mark.parametrize(
    "text", ['{"containerDefinitions": [', '{"containerDefinitions": nothing}', "", "[]", '{"a": "b" "c"}']
)
def test_what_is_no_json_is_said_at_its_place(tmp_path: Path, text: str) -> None:
    assert [one.rule for one in judged(tmp_path, text).diagnostics] == ["invalid-yaml"]


def test_it_may_be_yaml(tmp_path: Path) -> None:
    text = "family: shop\nrequiresCompatibilities: [FARGATE]\nnetworkMode: awsvpc\ncpu: '256'\nmemory: '1536'\n"
    text += "containerDefinitions:\n- name: web\n  image: nginx:1.28.0  # chuoigen: ignore[mutable-image-tag]\n"
    assert ("cpu-memory-pair", "'1536'") in found(judged(tmp_path, text, "task.yaml"), text)


def test_a_comment_suppresses_where_the_file_has_comments(tmp_path: Path) -> None:
    text = changed(
        in_container(privileged=True),
        '"privileged": true',
        '"privileged": true // chuoigen: ignore[privileged-container] runs on EC2 too\n',
    )
    assert judged(tmp_path, text).diagnostics == ()


def test_it_is_neither_built_nor_shown(tmp_path: Path) -> None:
    (tmp_path / "task-definition.json").write_text(json.dumps(GOOD), encoding="utf-8")
    with pytest.raises(ChuoigenError, match="is a task definition of Amazon ECS, not a spec") as raised:
        load(tmp_path / "task-definition.json")
    assert raised.value.help.startswith("check it with: chuoigen lint ")


def test_a_folder_is_searched_and_what_is_nothing_of_the_kind_is_counted(at: Path) -> None:
    for name, text in {
        ".aws/task-definition.json": written(memory="1536"),
        "package.json": "{}",
        "deploy/stack.json": '{"Resources": {"T": {"containerDefinitions": []}}}',
        "node_modules/x/task-definition.json": "{",
    }.items():
        (at / name).parent.mkdir(parents=True, exist_ok=True)
        (at / name).write_text(text, encoding="utf-8")
    outcome = lint(["."])
    assert [(one.rule, one.span.file) for one in outcome.diagnostics] == [
        ("cpu-memory-pair", ".aws/task-definition.json")
    ]
    assert (outcome.checked, outcome.others) == (1, 2)


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-5, 70_000)
    | st.sampled_from(["", "web", "80", "FARGATE", "{{ x }}", "<X>", "arn:aws:", "localhost"])
)
MEMBERS = st.sampled_from(
    [
        "containerDefinitions", "name", "image", "portMappings", "containerPort", "hostPort", "environment", "value", "secrets", "valueFrom",
        "volumes", "efsVolumeConfiguration", "fileSystemId", "mountPoints", "sourceVolume", "containerPath", "dependsOn", "containerName",
        "condition", "healthCheck", "command", "ulimits", "softLimit", "hardLimit", "linuxParameters", "tmpfs", "size", "logConfiguration",
        "logDriver", "options", "secretOptions", "firelensConfiguration", "type", "cpu", "memory", "tags", "key", "networkMode",
        "requiresCompatibilities", "runtimePlatform", "cpuArchitecture", "operatingSystemFamily", "restartPolicy", "enabled", "taskDefinition",
    ]
)  # fmt: skip
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(MEMBERS, inner, max_size=4), max_leaves=25
)
SLOW = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))


@SLOW
@given(st.dictionaries(MEMBERS, VALUES, max_size=5), st.dictionaries(MEMBERS, VALUES, max_size=6))
def test_no_data_is_a_bug(
    tmp_path_factory: pytest.TempPathFactory, task: dict[str, Any], container: dict[str, Any]
) -> None:
    whole = {**GOOD, **task, "containerDefinitions": [{**GOOD["containerDefinitions"][0], **container}]}
    found = judged(tmp_path_factory.mktemp("any"), json.dumps(whole)).diagnostics
    assert all(one.span.line == 1 for one in found)


@SLOW
@given(st.text(alphabet='{}[]":,/*# \n\\\t<>$abu0-.e', max_size=60))
def test_no_text_is_a_bug(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    found = judged(tmp_path_factory.mktemp("any"), '{"containerDefinitions": ' + text).diagnostics
    assert all(1 <= one.span.line <= text.count("\n") + 1 for one in found)


@pytest.mark.parametrize("indent", [None, 2, "\t"])
def test_a_port_pair_is_fixed_in_the_json(at: Path, indent: int | str | None) -> None:
    data = json.loads(in_container(portMappings=[{"containerPort": 80, "hostPort": 8080, "protocol": "tcp"}]))
    file = at / "taskdef.json"
    file.write_text(json.dumps({"taskDefinition": data}, indent=indent), encoding="utf-8")
    outcome = repair(lambda files: lint(["taskdef.json"], run=Run(files=files)), Fixing())
    assert (outcome.fixed, outcome.diagnostics) == (1, ())
    del data["containerDefinitions"][0]["portMappings"][0]["hostPort"]
    assert json.loads(file.read_text(encoding="utf-8")) == {"taskDefinition": data}


def test_what_is_no_fix_in_json_is_left(at: Path) -> None:
    text = in_container(environment=[{"name": "PEER_URL", "value": "http://localhost/"}])
    (at / "taskdef.json").write_text(text, encoding="utf-8")
    outcome = repair(lambda files: lint(["taskdef.json"], run=Run(files=files)), Fixing())
    assert (outcome.fixed, [one.rule for one in outcome.diagnostics]) == (0, ["localhost-address"])
    assert (at / "taskdef.json").read_text(encoding="utf-8") == text


def test_a_search_passes_over_what_a_build_wrote(at: Path) -> None:
    (at / "out/qa/ecs").mkdir(parents=True)
    (at / "out/qa/manifest.json").write_text('{"version": 1, "built": {"chuoigen": "0.1.0"}}', encoding="utf-8")
    (at / "out/qa/ecs/task-definition.json").write_text(written(memory="1536"), encoding="utf-8")
    (at / "taskdef.json").write_text(written(), encoding="utf-8")
    outcome = lint(["."])
    assert (outcome.diagnostics, outcome.checked, outcome.others) == ((), 1, 0)


def test_the_tags_of_a_build_are_no_fault_in_what_was_registered(tmp_path: Path) -> None:
    text = written(tags=[{"key": "chuoigen", "value": "shop-qa"}])
    assert found(judged(tmp_path, text), text) == []


def test_a_spec_never_pays_for_the_schema_of_aws(at: Path) -> None:
    (at / "spec.yaml").write_text("chuoigen: 1\n", encoding="utf-8")
    script = (
        "import sys; from chuoigen.commands.lint import lint; lint(['spec.yaml']); print('jsonschema' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_a_dockerrun_file_is_for_elastic_beanstalk(tmp_path: Path) -> None:
    container = {
        "name": "web",
        "image": "nginx:1.28.0",
        "memory": 128,
        "links": ["db"],
        "portMappings": [{"hostPort": 80, "containerPort": 8080}],
    }
    whole = {
        "AWSEBDockerrunVersion": 2,
        "authentication": {"bucket": "b", "key": "k"},
        "containerDefinitions": [container],
    }
    (result,) = [judged(tmp_path, json.dumps(whole), "Dockerrun.aws.json")]
    assert result.diagnostics == ()
    assert result.loaded.remark is not None
    assert "Elastic Beanstalk" in ECS.text(result.loaded.remark)
    assert result.loaded.document is not None
    assert result.loaded.document.data["containers"]["web"]["ports"] == [{"container": 8080, "host": 80}]


def test_a_dockerrun_file_of_version_1_is_passed_over(at: Path) -> None:
    (at / "Dockerrun.aws.json").write_text('{"AWSEBDockerrunVersion": "1", "Image": {"Name": "a"}}', encoding="utf-8")
    (at / "taskdef.json").write_text(written(), encoding="utf-8")
    outcome = lint(["."])
    assert (outcome.diagnostics, outcome.checked, outcome.others) == ((), 1, 1)


def test_tags_that_describing_prints_beside_it_are_read(tmp_path: Path) -> None:
    whole = {**PRINTED, "tags": [{"key": "aws:a", "value": "b"}]}
    text = json.dumps(whole, indent=2)
    assert found(judged(tmp_path, text), text) == [("tag-format", '"aws:a"')]


def test_awsvpc_alone_does_not_make_it_one_for_fargate(tmp_path: Path) -> None:
    result = judged(tmp_path, written(requiresCompatibilities=None, cpu=None, memory=None))
    assert (result.diagnostics, result.loaded.remark is None) == ((), False)


@pytest.mark.parametrize(
    "text", ['[{"containerDefinitions": []}]', '"containerDefinitions: "', "- containerDefinitions: []\n"]
)
def test_what_only_looks_like_one_is_passed_over(at: Path, text: str) -> None:
    (at / "some.json").write_text(text, encoding="utf-8")
    (at / "taskdef.json").write_text(written(), encoding="utf-8")
    outcome = lint(["."])
    assert (outcome.diagnostics, outcome.checked, outcome.others) == ((), 1, 1)
