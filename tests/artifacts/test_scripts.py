"""The scripts as text: which there are, what a dry run prints, and that every option is one that AWS knows."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from typing import TYPE_CHECKING

import botocore.session
import pytest

from chuoigen.artifacts import ecs, iam, network, scripts
from tests.artifacts.plans import plan_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SMALL = """
chuoigen: 1
name: shop
aws: { account: "123456789012", region: eu-west-1 }
containers: { web: { image: "public.ecr.aws/nginx/nginx:1.29" } }
"""
WORKER = """
chuoigen: 1
name: shop
stage: qa
aws: { account: "123456789012", region: eu-west-1 }
task: { execution_role: "arn:aws:iam::123456789012:role/ops/shop-execution", tags: { team: "it's us" } }
volumes: { files: { efs: { file_system_id: fs-0123456789abcdef0 } } }
containers:
  worker:
    build: { dockerfile: Dockerfile, args: { LICENSE: { secrets_manager: license } } }
    secrets: { TOKEN: { ssm: /shop/token }, KEY: { secrets_manager: shop/key } }
    mounts: { files: /files }
  cache: { image: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/mirror/redis:8" }
network:
  vpc: vpc-0a00000000000000a
  subnets: { private: [subnet-0a00000000000000a] }
service: { capacity_provider_strategy: { fargate: 1, fargate_spot: 3 } }
pipeline: { image_tag: stable }
"""
WEB = """
chuoigen: 1
name: shop
stage: qa
aws: { account: "123456789012", region: eu-west-1 }
task: { execution_role: shop-execution, task_role: shop-task }
containers:
  web: { build: { dockerfile: Dockerfile }, ports: [8080] }
backends:
  redis: { host: redis.internal, port: 6379, security_group: sg-0f00000000000000f }
  sql: { host: sql.internal, port: 5432 }
network:
  vpc: vpc-0a00000000000000a
  subnets:
    private: [subnet-0a00000000000000a, subnet-0b00000000000000b]
    public: [subnet-0c00000000000000c, subnet-0d00000000000000d]
  allow:
    - { from: internet, to: alb, ports: [80, 443] }
    - { from: alb, to: web }
    - { from: web, to: redis }
    - { from: web, to: sql }
load_balancer:
  target: web
  healthcheck: /up
  certificate: arn:aws:acm:eu-west-1:123456789012:certificate/00000000-0000-4000-8000-000000000000
service: { cluster: shops, autoscaling: { min: 2, max: 8, cpu: 60, requests: 900 } }
"""
SPECS = {"small": SMALL, "worker": WORKER, "web": WEB}


def texts(spec: str) -> dict[str, str]:
    files = {file.path: file.text for file in scripts.render(plan_of(spec))}
    return {path.removeprefix("scripts/"): text for path, text in files.items() if path.startswith("scripts/")}


@pytest.fixture(params=SPECS)
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The scripts of one spec, below a folder with a space and a quote in its name."""
    out = tmp_path / "it's here" / "out" / "qa"
    plan = plan_of(SPECS[request.param])
    for file in (artifact for family in (ecs, iam, network, scripts) for artifact in family.render(plan)):
        (out / file.path).parent.mkdir(parents=True, exist_ok=True)
        (out / file.path).write_text(file.text)
        (out / file.path).chmod(file.mode)
    return out / "scripts"


def test_only_the_scripts_that_make_sense() -> None:
    assert sorted(texts(SMALL)) == [
        "00-preflight.sh",
        "03-iam.sh",
        "04-logs-and-parameters.sh",
        "07-task-definition.sh",
        "09-take-back.sh",
        "apply.sh",
        "destroy.sh",
        "lib.sh",
    ]
    assert sorted(texts(WORKER)) == [
        "00-preflight.sh",
        "01-ecr.sh",
        "02-first-images.sh",
        "03-iam.sh",
        "04-logs-and-parameters.sh",
        "05-security-groups.sh",
        "07-task-definition.sh",
        "08-cluster-and-service.sh",
        "09-take-back.sh",
        "apply.sh",
        "deploy.sh",
        "destroy.sh",
        "lib.sh",
    ]
    assert "06-load-balancer.sh" in texts(WEB)


def test_lib_is_no_program() -> None:
    modes = {file.path: file.executable for file in scripts.render(plan_of(WEB))}
    assert [path for path, executable in modes.items() if not executable] == [
        "scripts/lib.sh",
        "iam/deployer-policy.json",
    ]


def test_the_checker_finds_nothing(folder: Path, needs: Callable[[str], str]) -> None:
    for script in sorted(folder.iterdir()):
        done = subprocess.run([needs("shellcheck"), script], capture_output=True, text=True, check=False)
        assert done.stdout == ""
        for shell in (["dash"], ["busybox", "sh"]):
            subprocess.run([needs(shell[0]), *shell[1:], "-n", script], check=True)


def test_every_script_explains_itself(folder: Path) -> None:
    for script in folder.glob("[0-9ad]*.sh"):
        done = subprocess.run(["sh", script, "--help"], capture_output=True, text=True, check=True)
        assert done.stdout.startswith(script.name)
        assert "--dry-run" in done.stdout
        assert "#" not in done.stdout
        wrong = subprocess.run(["sh", script, "--nonsense"], capture_output=True, text=True, check=False)
        assert (wrong.returncode, wrong.stderr) == (2, done.stdout)


def dry_run(script: Path, *arguments: str, interpreter: str = "dash") -> list[list[str]]:
    """Return the commands that a dry run prints, with PATH so that no tool could be called."""
    tools = script.parents[3] / "tools"
    tools.mkdir(exist_ok=True)
    for tool in ("mktemp", "dirname", "sed", "awk", "cut", "sort", "tr", "wc", "paste", "grep", "cat", "uniq", "sh"):
        if not (tools / tool).exists():
            (tools / tool).symlink_to(f"/usr/bin/{tool}")
    command = [
        f"/usr/bin/{interpreter}",
        *(["sh"] if interpreter == "busybox" else []),
        str(script),
        "--dry-run",
        *arguments,
    ]
    done = subprocess.run(command, env={"PATH": str(tools)}, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return [shlex.split(line) for line in done.stdout.splitlines()]


@pytest.mark.needs("dash", "busybox")
def test_a_dry_run_calls_nothing_and_prints_commands(folder: Path) -> None:
    for script in sorted(folder.glob("[0-9ad]*.sh")):
        usage = subprocess.run(["sh", script, "--help"], capture_output=True, text=True, check=True).stdout
        arguments = [word for word in ("--ask", "--images", "--logs") if word in usage]
        arguments += ["v7"] if "IMAGE_TAG" in usage else []
        commands = dry_run(script, *arguments)
        assert commands
        assert {command[0] for command in commands} <= {"aws", "sh", "env", "git"}
        assert dry_run(script, *arguments, interpreter="busybox") == commands


def spoken(text: str) -> Iterator[list[str]]:
    """Return the words of each call of the AWS CLI in a script; what the shell would fill in is one word."""
    joined = re.sub(r"\\\n *", " ", text)
    for found in re.finditer(r"\baws ([a-z0-9-]+) ((?:wait )?[a-z0-9-]+)((?: [^\n]*)?)", joined):
        service, operation, rest = found.groups()
        if service != "configure" and not rest.startswith(" help"):
            yield [service, operation, *re.findall(r"(?<![\w'\"-])--[a-z0-9-]+", rest)]


GLOBAL = {"--region", "--output", "--query", "--cli-input-json", "--max-items"}


def known_options(session: botocore.session.Session, service: str, operation: str) -> set[str]:
    model = session.get_service_model(service)
    if operation.startswith("wait "):
        waiters = session.get_waiter_model(service).waiter_names
        named = {botocore.xform_name(name, "-"): name for name in waiters}
        operation = botocore.xform_name(
            session.get_waiter_model(service).get_waiter(named[operation[5:]]).operation, "-"
        )
    operations = {botocore.xform_name(name, "-"): name for name in model.operation_names}
    shape = model.operation_model(operations[operation]).input_shape
    members = shape.members if shape is not None else {}
    return {f"--{botocore.xform_name(name, '-')}" for name in members}


@pytest.mark.needs("botocore")
def test_every_option_is_one_that_the_service_knows_in_full() -> None:
    session = botocore.session.get_session()
    calls = [call for spec in SPECS.values() for text in texts(spec).values() for call in spoken(text)]
    assert len(calls) > 100
    for service, operation, *options in calls:
        assert "--region" in options, (service, operation)
        unknown = set(options) - GLOBAL - known_options(session, service, operation)
        assert not unknown, (service, operation)


def test_what_is_made_is_tagged() -> None:
    text = texts(WORKER)
    assert """TAGS='[{"Key":"chuoigen","Value":"shop-qa"},{"Key":"team","Value":"it'"'"'s us"}]'""" in text["01-ecr.sh"]
    assert """LOG_TAGS='{"chuoigen":"shop-qa","team":"it'"'"'s us"}'""" in text["04-logs-and-parameters.sh"]


def test_a_role_given_by_its_arn_is_looked_for_and_never_changed() -> None:
    text = texts(WORKER)
    assert "role shop-execution arn:aws:iam::123456789012:role/ops/shop-execution\n" in text["00-preflight.sh"]
    assert "shop-execution" not in text["03-iam.sh"]
    assert "shop-execution" not in text["destroy.sh"]


def test_secrets_are_looked_up_by_where_they_are_kept() -> None:
    text = texts(WORKER)["04-logs-and-parameters.sh"]
    assert "\nparameter /shop/token\n" in text
    assert "\nsecret shop/key\nsecret license\n" in text
    assert "--with-decryption" not in text
    assert "get-secret-value" not in text


def test_a_capacity_provider_is_asked_of_the_cluster() -> None:
    text = texts(WORKER)["08-cluster-and-service.sh"]
    assert "--capacity-providers FARGATE FARGATE_SPOT" in text
    assert "for provider in FARGATE FARGATE_SPOT; do" in text


def test_missing_values_are_asked_for_and_never_an_argument(tmp_path: Path) -> None:
    for name, text in texts(WORKER).items():
        (tmp_path / name).write_text(text)
    (tmp_path / "scripts").symlink_to(tmp_path)
    calls = tmp_path / "calls"
    (tmp_path / "aws").write_text(f"""#!/bin/sh
case "$*" in
    *describe-secret*) echo 'An error occurred (ResourceNotFoundException)' >&2 && exit 254 ;;
    *put-parameter* | *create-secret*) printf '%s: %s\\n' "$*" "$(cat)" >>{calls} ;;
esac
""")
    (tmp_path / "aws").chmod(0o755)
    done = subprocess.run(
        ["sh", tmp_path / "scripts" / "04-logs-and-parameters.sh", "--ask"],
        input="for $TOKEN\\n\n\nfor LICENSE\n",
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    region, value = "--region eu-west-1", "file:///dev/stdin"
    tags = """[{"Key":"chuoigen","Value":"shop-qa"},{"Key":"team","Value":"it's us"}]"""
    assert calls.read_text().splitlines() == [
        f"ssm put-parameter {region} --name=/shop/token --type SecureString --tags {tags} --value {value}: for $TOKEN\\n",
        f"secretsmanager create-secret {region} --name=license --tags {tags} --secret-string {value}: for LICENSE",
    ]
    assert done.returncode == 1
    assert "Left out: secret shop/key\n" in done.stderr
    assert "for $TOKEN" not in done.stderr


def test_a_moving_tag_needs_no_git() -> None:
    text = texts(WORKER)
    assert "TAG='stable'\n" in text["02-first-images.sh"]
    assert "git" not in text["deploy.sh"]
    assert "tool git" not in text["00-preflight.sh"]
    assert "MUTABLE\n" in text["01-ecr.sh"]


def test_groups_are_found_by_name_or_joined_by_id() -> None:
    text = texts(WEB)
    added = text["05-security-groups.sh"].replace("\\\n    ", "")
    assert 'rule "$group_service" tcp 8080 "$group_service" \'the load balancer reaches web\' "$file"' in added
    assert 'rule "$group_sql" tcp 5432 "$group_sql" \'the members of this group reach sql\' "$file"' in added
    assert 'wanted="$wanted$group_sql${TAB}tcp${TAB}5432${TAB}5432${TAB}$group_sql$TAB' in text["09-take-back.sh"]
    assert "sg-0f00000000000000f" not in text["05-security-groups.sh"]
    assert "group sg-0f00000000000000f\n" in text["00-preflight.sh"]
    assert (
        '"$OUT/ecs/service.json" security-group:service "$group_service" security-group:sql "$group_sql"'
        in text["08-cluster-and-service.sh"]
    )


def test_a_block_of_addresses_is_compared_as_ec2_stores_it() -> None:
    spec = WEB.replace("{ from: internet, to: alb, ports: [80, 443] }", "{ from: 10.1.2.3/8, to: alb, ports: [80] }")
    assert 'rule "$group_alb" tcp 80 10.0.0.0/8 ' in texts(spec)["05-security-groups.sh"]
    assert "${TAB}80${TAB}10.0.0.0/8$TAB\n" in texts(spec)["09-take-back.sh"]


@pytest.mark.needs("dash")
def test_a_deployment_leaves_the_count_to_the_scaling(tmp_path: Path) -> None:
    out = tmp_path / "a" / "b" / "qa" / "scripts"
    out.mkdir(parents=True)
    for file in (*scripts.render(plan_of(WEB)), *ecs.render(plan_of(WEB))):
        (out.parent / file.path).parent.mkdir(exist_ok=True)
        (out.parent / file.path).write_text(file.text)
    commands = dry_run(out / "deploy.sh", "v7", "--no-wait")
    assert [command[1:3] for command in commands] == [
        ["ecr", "batch-get-image"],
        ["ec2", "describe-security-groups"],
        ["elbv2", "describe-target-groups"],
        ["ecs", "describe-services"],
        ["ecs", "describe-services"],
        ["ecs", "register-task-definition"],
        ["ecs", "update-service"],
        ["ecs", "describe-services"],
    ]
    assert "imageTag=v7" in commands[0]
    assert commands[6][3:] == [
        "--region",
        "eu-west-1",
        "--cli-input-json",
        f"file://{out.parent}/ecs/service-update.json",
        "--task-definition=<revision>",
    ]
    assert "desiredCount" not in json.loads((out.parent / "ecs/service-update.json").read_text())


@pytest.mark.needs("dash")
def test_destroy_asks_and_takes_no_for_an_answer(tmp_path: Path) -> None:
    for name, text in texts(SMALL).items():
        (tmp_path / name).write_text(text)
    (tmp_path / "scripts").symlink_to(tmp_path)
    (tmp_path / "aws").write_text("#!/bin/sh\nexit 77\n")
    (tmp_path / "aws").chmod(0o755)
    for answer in ("", "no\n", "shop-prod\n"):
        done = subprocess.run(
            ["dash", tmp_path / "scripts" / "destroy.sh"],
            input=answer,
            env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.endswith("destroy.sh: nothing was removed\n")
