"""`chuoigen import` as people use it: what it writes, what it says, what it leaves alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from chuoigen.cli import run
from chuoigen.importing import proof
from chuoigen.importing.logs import shared_logs
from chuoigen.importing.stages import Split

if TYPE_CHECKING:
    from collections.abc import Mapping

SHOP: dict[str, Any] = {
    "family": "shop-qa",
    "requiresCompatibilities": ["FARGATE"],
    "networkMode": "awsvpc",
    "cpu": "512",
    "memory": "1024",
    "executionRoleArn": "arn:aws:iam::210987654321:role/shop-execution",
    "volumes": [{"name": "files"}],
    "containerDefinitions": [
        {
            "name": "app",
            "image": "210987654321.dkr.ecr.eu-west-1.amazonaws.com/shop:1.4.0",
            "cpu": 0,
            "essential": True,
            "portMappings": [{"containerPort": 4000, "hostPort": 4000, "protocol": "tcp"}],
            "environment": [
                {"name": "PORT", "value": "4000"},
                {"name": "DEBUG", "value": "false"},
                {"name": "AWS_REGION", "value": "eu-west-1"},
            ],
            "secrets": [
                {"name": "TOKEN", "valueFrom": "arn:aws:ssm:eu-west-1:210987654321:parameter/shop/token"},
                {"name": "DB", "valueFrom": "arn:aws:secretsmanager:eu-west-1:210987654321:secret:shop-AbCdEf:url::"},
            ],
            "mountPoints": [{"sourceVolume": "files", "containerPath": "/files"}],
            "healthCheck": {"command": ["CMD-SHELL", "curl -f http://127.0.0.1:4000/ || exit 1"], "interval": 10},
            "stopTimeout": 90,
            "ulimits": [{"name": "nofile", "softLimit": 9000, "hardLimit": 9000}],
            "logConfiguration": {
                "logDriver": "awslogs",
                "options": {"awslogs-group": "/ecs/shop/app", "awslogs-region": "eu-west-1", "awslogs-stream-prefix": "qa"},
            },
        },
        {
            "name": "web",
            "image": "nginx:1.28.0",
            "portMappings": [{"containerPort": 80}],
            "environment": [{"name": "APP_HOST", "value": "127.0.0.1"}, {"name": "APP_PORT", "value": "4000"}],
            "mountPoints": [{"sourceVolume": "files", "containerPath": "/srv", "readOnly": True}],
            "dependsOn": [{"containerName": "app", "condition": "HEALTHY"}],
            "logConfiguration": {
                "logDriver": "awslogs",
                "options": {"awslogs-group": "/ecs/shop/web", "awslogs-region": "eu-west-1", "awslogs-stream-prefix": "qa"},
            },
        },
    ],
}  # fmt: skip
SPEC = """\
# Imported from task-definition.json by chuoigen import.
chuoigen: 1
name: shop
stage: qa
aws: { account: "210987654321", region: eu-west-1 }

task:
  cpu: 0.5 vCPU
  memory: 1 GiB
  # an ARN: this role is there already; for a name a role is made
  execution_role: arn:aws:iam::210987654321:role/shop-execution

volumes:
  files: {}

containers:
  app:
    image: 210987654321.dkr.ecr.eu-west-1.amazonaws.com/shop:1.4.0
    ports: [4000]
    environment:
      PORT: 4000
      DEBUG: "false"
      AWS_REGION: { ref: aws.region }
    secrets: { TOKEN: { ssm: /shop/token }, DB: { secrets_manager: SECRET, key: url } }
    mounts: { files: /files }
    healthcheck: { command: "curl -f http://127.0.0.1:4000/ || exit 1", interval: 10s }
    stop_timeout: 90s
    ulimits: { nofile: 9000 }
  web:
    image: nginx:1.28.0
    ports: [80]
    environment: { APP_HOST: { ref: containers.app.host }, APP_PORT: { ref: containers.app.port } }
    mounts: { files: /srv:ro }
    depends_on: { app: healthy }

# 10m is what ECS takes where max-buffer-size is not said; chuoigen's own default is 25m
logs: { group: "/ecs/shop/{container}", max_buffer_size: 10m }
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(name: str = "task-definition.json", **members: Any) -> str:
    """Write the task definition with other members; None leaves one out."""
    whole = {key: value for key, value in {**SHOP, **members}.items() if value is not None}
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(json.dumps(whole, indent=2), encoding="utf-8")
    return name


def in_app(**members: object) -> list[dict[str, Any]]:
    app, web = SHOP["containerDefinitions"]
    return [{**app, **members}, web]


def test_it_is_what_a_person_would_have_written(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["import", write(), "--stage", "qa"]) == 0
    shown = capsys.readouterr()
    expected = SPEC.replace(
        "    secrets: { TOKEN: { ssm: /shop/token }, DB: { secrets_manager: SECRET, key: url } }\n",
        "    secrets:\n"
        "      TOKEN: { ssm: /shop/token }\n"
        "      DB: { secrets_manager: arn:aws:secretsmanager:eu-west-1:210987654321:secret:shop-AbCdEf, key: url }\n",
    )
    assert (shown.out, shown.err) == (expected, "")


def test_what_was_written_is_clean_and_builds_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["import", write(), "--stage", "qa", "-o", "spec/qa.yaml"]) == 0
    assert capsys.readouterr().out == "wrote spec/qa.yaml\nnext: chuoigen lint spec/qa.yaml\n"
    assert run(["lint"]) == 0
    assert run(["build"]) == 0
    capsys.readouterr()
    built = json.loads(Path("out/qa/ecs/task-definition.json").read_text(encoding="utf-8"))
    assert {key: built[key] for key in ("family", "cpu", "memory", "executionRoleArn", "networkMode", "volumes")} == {
        key: SHOP[key] for key in ("family", "cpu", "memory", "executionRoleArn", "networkMode", "volumes")
    }
    for ours, theirs in zip(built["containerDefinitions"], SHOP["containerDefinitions"], strict=True):
        for member in ("name", "image", "environment", "ulimits", "dependsOn"):
            assert ours.get(member) == theirs.get(member)
    Path("out/qa/ecs/task-definition.json").replace("again.json")
    assert run(["import", "--check", "task-definition.json", "again.json", "--stage", "qa", "--stage", "prod"]) == 0
    words = "equal: a build of the imported spec gives the same task definition"
    assert capsys.readouterr().out == f"task-definition.json: {words}\nagain.json: {words}\n"


def test_a_file_that_is_there_stays(capsys: pytest.CaptureFixture[str]) -> None:
    Path("spec").mkdir()
    Path("spec/qa.yaml").write_text("mine\n", encoding="utf-8")
    assert run(["import", write(), "-o", "spec/qa.yaml"]) == 2
    assert "spec/qa.yaml exists already" in capsys.readouterr().err
    assert Path("spec/qa.yaml").read_text(encoding="utf-8") == "mine\n"
    assert run(["import", write(), "-o", "spec/qa.yaml", "--force"]) == 0
    assert Path("spec/qa.yaml").read_text(encoding="utf-8").startswith("# Imported from")
    assert [path.name for path in Path("spec").iterdir()] == ["qa.yaml"]


def test_stages_share_a_base_and_say_only_what_is_their_own(capsys: pytest.CaptureFixture[str]) -> None:
    write(".aws/qa/task-definition.json")
    write(".aws/prod/task-definition.json", family="shop-prod", cpu="1024", memory="2048")
    assert run(["import", ".aws/qa/task-definition.json", ".aws/prod/task-definition.json", "-o", "spec"]) == 0
    assert capsys.readouterr().out.splitlines()[:3] == [
        "wrote spec/base.yaml",
        "wrote spec/qa.yaml",
        "wrote spec/prod.yaml",
    ]
    assert Path("spec/prod.yaml").read_text(encoding="utf-8") == (
        "# Imported from .aws/prod/task-definition.json by chuoigen import.\n"
        "extends: base.yaml\n"
        "stage: prod\n"
        "task: { cpu: 1 vCPU, memory: 2 GiB }\n"
        "logs: { stream_prefix: qa }\n"
    )
    assert "partial: true\nname: shop\n" in Path("spec/base.yaml").read_text(encoding="utf-8")
    assert run(["lint"]) == 0
    capsys.readouterr()
    assert run(["import", "--check", ".aws/qa/task-definition.json", ".aws/prod/task-definition.json"]) == 0
    assert capsys.readouterr().out.count(": equal: ") == 2


def test_stages_are_compared_as_they_are_built(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(".aws/qa/task-definition.json")
    write(".aws/prod/task-definition.json", family="shop-prod", cpu="1024", memory="2048")

    def lost(specs: Mapping[str, dict[str, Any]]) -> Split:
        return Split({**specs["qa"], "partial": True}, {stage: {"extends": "base.yaml"} for stage in specs})

    monkeypatch.setattr(proof, "split", lost)
    assert run(["import", "--check", ".aws/qa/task-definition.json", ".aws/prod/task-definition.json"]) == 1
    found = capsys.readouterr().out
    assert ".aws/qa/task-definition.json: equal" in found
    assert ".aws/prod/task-definition.json: 3 differences" in found


def test_a_task_without_a_known_container_has_no_logs_to_share() -> None:
    data = {"name": "a", "aws": {"region": "eu-west-1"}, "containers": {}}
    assert shared_logs(data) == data


def test_stages_that_no_name_says_are_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    write("1.json")
    write("2.json")
    assert run(["import", "1.json", "2.json"]) == 2
    assert "give each file its --stage, in the same order" in capsys.readouterr().err
    assert run(["import", "1.json", "2.json", "--stage", "qa"]) == 2
    assert "2 files and 1 stage" in capsys.readouterr().err


def test_what_is_not_known_is_a_hole_that_lint_points_at(capsys: pytest.CaptureFixture[str]) -> None:
    write(containerDefinitions=in_app(image="<IMAGE1_NAME>"), executionRoleArn="{{ tfstate `role` }}", cpu="${CPU}")
    assert run(["import", "task-definition.json", "-o", "spec/qa.yaml"]) == 0
    assert "2 values are still to be written" in capsys.readouterr().err
    text = Path("spec/qa.yaml").read_text(encoding="utf-8")
    for line in ('cpu: !fill "${CPU}"', 'execution_role: !fill "{{ tfstate `role` }}"', "placeholder: IMAGE1_NAME"):
        assert line in text
    assert run(["lint"]) == 1
    found = capsys.readouterr().out
    assert found.count("error[CG018]") == found.count("error[") == 2
    assert run(["build"]) == 1
    assert not Path("out").exists()
    filled = text.replace('!fill "${CPU}"', "512").replace('!fill "{{ tfstate `role` }}"', "shop-execution")
    Path("spec/qa.yaml").write_text(filled, encoding="utf-8")
    assert run(["build"]) == 0


ECR = "210987654321.dkr.ecr.eu-west-1.amazonaws.com"


@pytest.mark.parametrize(
    ("image", "written"),
    [
        ("<IMAGE1_NAME>", "{ filled_by: pipeline, placeholder: IMAGE1_NAME }"),
        ("${IMAGE}", "{ filled_by: pipeline, placeholder: IMAGE }"),
        ("{{ must_env `IMAGE` }}", "{ filled_by: pipeline }"),
        (f"{ECR}/shop/app:${{TAG}}", "{ filled_by: pipeline, repository: shop/app }"),
        ("ghcr.io/shop/app:{{ must_env `TAG` }}", "{ filled_by: pipeline, repository: ghcr.io/shop/app }"),
        (
            "${ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/app:1",
            '!fill "${ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/app:1"',
        ),
        ("shop:1.4.0", "shop:1.4.0"),
    ],
)
def test_an_image_that_a_pipeline_fills_in(capsys: pytest.CaptureFixture[str], image: str, written: str) -> None:
    write(containerDefinitions=in_app(image=image))
    assert run(["import", "task-definition.json"]) == 0
    assert f"image: {written}\n" in capsys.readouterr().out
    assert run(["import", "--check", "task-definition.json"]) == 0


def test_a_placeholder_is_equal_to_itself(capsys: pytest.CaptureFixture[str]) -> None:
    write(containerDefinitions=in_app(image="<IMAGE1_NAME>", stopTimeout=None), family="{{ family }}-x", cpu="${CPU}")
    assert run(["import", "--check", "task-definition.json"]) == 0
    assert "task-definition.json: equal" in capsys.readouterr().out


def test_an_account_that_nobody_says_is_a_hole(capsys: pytest.CaptureFixture[str]) -> None:
    container = {"name": "app", "image": "nginx:1.28.0"}
    assert run(["import", write(containerDefinitions=[container], executionRoleArn="shop", volumes=None)]) == 0
    shown = capsys.readouterr().out
    assert 'account: !fill "twelve digits of the account, in quotes"' in shown
    assert "# no log driver: what this container prints is lost\n    logs: { driver: none }\n" in shown


def test_what_cannot_be_carried_is_named_twice(capsys: pytest.CaptureFixture[str]) -> None:
    twice = [{"name": "A", "value": "1"}, {"name": "A", "value": "2"}]
    assert run(["import", write(containerDefinitions=in_app(environment=twice))]) == 0
    shown = capsys.readouterr()
    path = "containerDefinitions.0.environment.1"
    assert f"#   {path}: " in shown.out
    assert f"task-definition.json:33: {path} is not carried over: " in shown.err
    assert run(["import", "--check", "task-definition.json"]) == 1
    assert "containerDefinitions.app.environment.A (2)" in capsys.readouterr().out


def test_what_the_language_has_no_key_for_is_laid_over(capsys: pytest.CaptureFixture[str]) -> None:
    mounts = [{"sourceVolume": "files", "containerPath": path} for path in ("/a", "/b")]
    windows = {"operatingSystemFamily": "WINDOWS_SERVER_2022_CORE"}
    write(
        containerDefinitions=in_app(mountPoints=mounts, ulimits=None),
        runtimePlatform=windows,
        cpu="1024",
        memory="2048",
    )
    assert run(["import", "task-definition.json"]) == 0
    shown = capsys.readouterr().out
    assert "  overrides: { runtimePlatform: { operatingSystemFamily: WINDOWS_SERVER_2022_CORE } }\n" in shown
    assert "{ sourceVolume: files, containerPath: /b }" in shown
    assert run(["import", "--check", "task-definition.json"]) == 0


SERVICE: dict[str, Any] = {
    "serviceName": "shop",
    "taskDefinition": "arn:aws:ecs:eu-west-1:210987654321:task-definition/shop-qa:12",
    "launchType": "FARGATE",
    "desiredCount": 2,
    "loadBalancers": [{"targetGroupArn": "arn", "containerName": "app", "containerPort": 4000}],
    "networkConfiguration": {"awsvpcConfiguration": {"subnets": ["subnet-0123456789abcdef0"]}},
}


def test_a_service_alone_has_holes_for_its_task_definition(capsys: pytest.CaptureFixture[str]) -> None:
    Path("service.json").write_text(json.dumps(SERVICE), encoding="utf-8")
    assert run(["import", "service.json", "--stage", "qa"]) == 0
    shown = capsys.readouterr().out
    for lines in (
        'name: shop\nstage: qa\naws: { account: "210987654321", region: eu-west-1 }\n',
        "  cpu: !fill for example 0.25 vCPU\n  memory: !fill for example 512 MiB\n",
        "  app:\n    image: !fill ",
        "    ports: [4000]\n",
    ):
        assert lines in shown


def test_a_task_whose_containers_are_not_known_keeps_what_is(capsys: pytest.CaptureFixture[str]) -> None:
    Path("main.tf").write_text(
        'resource "aws_ecs_task_definition" "x" {\n  family = "x"\n  requires_compatibilities = ["FARGATE"]\n'
        '  network_mode = "awsvpc"\n  cpu = 256\n  memory = 512\n  container_definitions = local.all\n}\n',
        encoding="utf-8",
    )
    assert run(["import", "main.tf"]) == 0
    shown = capsys.readouterr().out
    assert "  cpu: 0.25 vCPU\n  memory: 512 MiB\n" in shown
    assert "  app:\n    image: !fill " in shown
    assert run(["import", "--check", "main.tf"]) == 2


def test_a_service_beside_its_task_definition_is_imported_with_it(capsys: pytest.CaptureFixture[str]) -> None:
    write("taskdef.json", containerDefinitions=in_app(image="210987654321.dkr.ecr.eu-west-1.amazonaws.com/shop:9"))
    Path("service.json").write_text(json.dumps(SERVICE), encoding="utf-8")
    assert run(["import", "service.json"]) == 0
    shown = capsys.readouterr().out
    assert "image: 210987654321.dkr.ecr.eu-west-1.amazonaws.com/shop:9\n" in shown
    assert "desired_count: 2" in shown


def test_a_health_check_whose_words_do_not_say_how_they_run_is_laid_over(capsys: pytest.CaptureFixture[str]) -> None:
    write(containerDefinitions=in_app(healthCheck={"command": ["/healthcheck"], "interval": 10}))
    assert run(["import", "task-definition.json"]) == 0
    assert "    overrides: { healthCheck: { command: [/healthcheck] } }\n" in capsys.readouterr().out
    assert run(["import", "--check", "task-definition.json"]) == 0


@pytest.mark.parametrize(
    ("members", "rule", "line"),
    [
        ({"requiresCompatibilities": ["EC2"], "networkMode": "bridge"}, "network-mode", 6),
        ({"requiresCompatibilities": ["EC2"]}, "unsupported-parameter", 3),
        ({"memory": "1536", "cpu": "256"}, "cpu-memory-pair", 8),
    ],
)
def test_what_fargate_refuses_is_refused_at_its_line(
    capsys: pytest.CaptureFixture[str], members: dict[str, Any], rule: str, line: int
) -> None:
    write(**members)
    assert run(["import", "task-definition.json", "-o", "spec/qa.yaml"]) == 1
    shown = capsys.readouterr().err
    assert f"task-definition.json:{line}:" in shown
    assert f"] {rule}: " in shown
    assert not Path("spec").exists()


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("spec.yaml", SPEC, "spec.yaml is a spec already"),
        ("package.json", "{}", "package.json is of no format that chuoigen imports"),
    ],
)
def test_what_is_nothing_to_import_is_said(
    capsys: pytest.CaptureFixture[str], name: str, text: str, words: str
) -> None:
    Path(name).write_text(text.replace("SECRET", "shop"), encoding="utf-8")
    assert run(["import", name]) == 2
    assert words in capsys.readouterr().err


def test_comments_are_in_the_language_of_the_reader(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["import", write(), "--lang", "ja"]) == 0
    assert "# task-definition.json から chuoigen import でインポートしました。\n" in capsys.readouterr().out


COMPOSE = """\
# The shop, as it runs on our machines.

services:
  # What customers see,
  # day and night.
  web:
    image: registry.example.com/web:1.2.3  # pinned since the incident
    ports:
      # of the old proxy
      - "8080:8080"
    environment:
      # too noisy otherwise
      LOG_LEVEL: warn
      # DB_PASSWORD: hunter2hunter2
      A: "1"  # chuoigen: ignore[possible-secret] none
    restart: always  # gone with it
"""


def test_comments_stand_above_the_keys_that_they_belong_to(capsys: pytest.CaptureFixture[str]) -> None:
    Path("compose.yaml").write_text(COMPOSE, encoding="utf-8")
    assert run(["import", "compose.yaml"]) == 0
    shown = capsys.readouterr().out
    assert "\n# The shop, as it runs on our machines.\nchuoigen: 1\n" in shown
    assert shown.partition("containers:\n")[2] == (
        "  # What customers see,\n"
        "  # day and night.\n"
        "  web:\n"
        "    # pinned since the incident\n"
        "    image: registry.example.com/web:1.2.3\n"
        "    # of the old proxy\n"
        "    ports: [8080]\n"
        "    environment:\n"
        "      # too noisy otherwise\n"
        "      LOG_LEVEL: warn\n"
        "      A: 1\n"
    )


def test_stages_have_the_comments_of_what_they_say(capsys: pytest.CaptureFixture[str]) -> None:
    text = "family: shop\nrequiresCompatibilities: [FARGATE]\nnetworkMode: awsvpc\ncpu: '256'\n"
    for stage, memory in (("qa", 512), ("prod", 1024)):
        Path(f"{stage}.yaml").write_text(
            f"{text}# for {stage}\nmemory: '{memory}'\ncontainerDefinitions:\n  # all of it\n"
            "  - { name: app, image: 'shop:1.2.3' }\n",
            encoding="utf-8",
        )
    assert run(["import", "qa.yaml", "prod.yaml"]) == 0
    base, qa, prod = capsys.readouterr().out.split("# ==> ")[1:]
    assert "  # all of it\n  app:\n" in base
    assert "all of it" not in qa + prod
    assert "  # for qa\n  memory: 512 MiB\n" in qa
    assert "  # for prod\n  memory: 1 GiB\n" in prod
