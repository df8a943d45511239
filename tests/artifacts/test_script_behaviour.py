"""The scripts with a stand-in for the AWS CLI that answers as it is told, in each shell that is here."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest

from chuoigen.artifacts import ecs, iam, network, scripts
from tests.artifacts.plans import plan_of
from tests.artifacts.test_scripts import WEB, WORKER

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SHELLS = [["dash"], ["busybox", "sh"], ["bash", "--posix"]]
# What the CLI writes when something is not there, by its settings (AWS CLI documentation, "Structured error output").
ERRORS = {
    "legacy": "An error occurred (ResourceNotFoundException) when calling the DescribeSecret operation: no",
    "json": '{\\n    "Code": "ResourceNotFoundException",\\n    "Message": "no"\\n}',
    "yaml": "Code: ResourceNotFoundException\\nMessage: no",
    "text": "ResourceNotFoundException\\tno",
}


@pytest.fixture(params=SHELLS, ids=lambda words: words[0])
def shell(request: pytest.FixtureRequest, needs: Callable[[str], str]) -> list[str]:
    words: list[str] = request.param
    return [needs(words[0]), *words[1:]]


def scripts_at(folder: Path, spec: str) -> Path:
    """Write what the scripts of a spec read; return their folder."""
    plan = plan_of(spec)
    for artifact in (each for family in (ecs, iam, network, scripts) for each in family.render(plan)):
        (folder / "out" / artifact.path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "out" / artifact.path).write_text(artifact.text.replace("sleep 10", "sleep 0"))
    return folder / "out" / "scripts"


def run(shell: list[str], script: Path, *arguments: str, aws: str, given: str = "") -> subprocess.CompletedProcess[str]:
    """Run a script with an `aws` that is this piece of shell; $CALLS is a file for what it notes."""
    tools = script.parents[2]
    (tools / "aws").write_text(f"#!/bin/sh\n{aws}\n")
    (tools / "aws").chmod(0o755)
    for tool in ("docker", "git"):
        (tools / tool).symlink_to("/bin/true")
    (tools / "calls").touch()
    return subprocess.run(
        [*shell, str(script), *arguments],
        input=given,
        env={"PATH": f"{tools}:/usr/bin:/bin", "CALLS": str(tools / "calls"), "AWS_CLI_AUTO_PROMPT": "on"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("form", ERRORS)
def test_an_error_is_known_by_its_code_in_every_format(shell: list[str], tmp_path: Path, form: str) -> None:
    script = scripts_at(tmp_path, WORKER) / "04-logs-and-parameters.sh"
    answer = f"""case "$*" in *describe-secret*) printf '{ERRORS[form]}\\n' >&2; exit 254 ;; esac"""
    done = run(shell, script, aws=answer)
    assert done.returncode == 1
    assert "There is no secret shop/key." in done.stderr
    assert done.stderr.endswith("3 missing; a task that names them cannot start\n")


def test_another_error_is_shown_and_ends_the_script(shell: list[str], tmp_path: Path) -> None:
    script = scripts_at(tmp_path, WORKER) / "04-logs-and-parameters.sh"
    answer = 'case "$*" in *describe-secret*) echo "An error occurred (AccessDenied): no" >&2; exit 254 ;; esac'
    done = run(shell, script, aws=answer)
    assert done.returncode != 0
    assert "(AccessDenied)" in done.stderr
    assert "missing;" not in done.stderr


def test_the_users_settings_of_the_cli_do_not_count(shell: list[str], tmp_path: Path) -> None:
    script = scripts_at(tmp_path, WORKER) / "04-logs-and-parameters.sh"
    run(shell, script, aws='echo "$AWS_CLI_AUTO_PROMPT $AWS_CLI_ERROR_FORMAT [$AWS_PAGER]" >>"$CALLS"; exit 9')
    assert set((tmp_path / "calls").read_text().splitlines()) == {"off legacy []"}


def test_a_secret_with_keys_is_made_as_an_object(shell: list[str], tmp_path: Path) -> None:
    spec = WORKER.replace("KEY: { secrets_manager: shop/key }", "KEY: { secrets_manager: shop/key, key: token }")
    spec = spec.replace("secrets: {", "secrets: { USER: { secrets_manager: shop/key, key: user },")
    script = scripts_at(tmp_path, spec) / "04-logs-and-parameters.sh"
    answer = """case "$*" in
    *describe-secret*) echo '(ResourceNotFoundException)' >&2; exit 254 ;;
    *create-secret*shop/key*) cat >>"$CALLS" ;;
esac"""
    done = run(shell, script, "--ask", aws=answer, given='t\n"u\\\ts\n"$v\nl\n')
    assert done.returncode == 0, done.stderr
    assert json.loads((tmp_path / "calls").read_text()) == {"user": '"u\\\ts', "token": '"$v'}
    told = run(shell, scripts_at(tmp_path / "told", spec) / "04-logs-and-parameters.sh", aws=answer)
    assert "type the value, a JSON object with user token," in told.stderr


@pytest.mark.parametrize(("failures", "code"), [(3, 0), (9, 1)])
def test_a_service_waits_for_the_role_of_a_new_account(
    shell: list[str], tmp_path: Path, failures: int, code: int
) -> None:
    script = scripts_at(tmp_path, WORKER) / "08-cluster-and-service.sh"
    answer = f"""case "$*" in
    *create-service*)
        echo x >>"$CALLS"
        [ "$(wc -l <"$CALLS")" -gt {failures} ] || {{
            echo 'Unable to assume the service linked role. Please verify that it exists.' >&2; exit 254; }} ;;
    *security-groups*) printf 'shop-qa-service\\tsg-1\\n' ;;
    *batch-get-image*) echo sha256:1 ;;
esac"""
    done = run(shell, script, "--no-wait", aws=answer)
    assert done.returncode == code, done.stderr
    assert len((tmp_path / "calls").read_text().splitlines()) == min(failures + 1, 7)


def test_another_failure_of_a_service_is_not_tried_again(shell: list[str], tmp_path: Path) -> None:
    script = scripts_at(tmp_path, WORKER) / "08-cluster-and-service.sh"
    answer = """case "$*" in
    *create-service*) echo x >>"$CALLS"; echo '(AccessDenied)' >&2; exit 254 ;;
    *security-groups*) printf 'shop-qa-service\\tsg-1\\n' ;;
    *batch-get-image*) echo sha256:1 ;;
esac"""
    done = run(shell, script, "--no-wait", aws=answer)
    assert (done.returncode, "(AccessDenied)" in done.stderr) == (1, True)
    assert (tmp_path / "calls").read_text() == "x\n"


def test_the_preflight_knows_an_old_cli_and_two_subnets_of_a_zone(shell: list[str], tmp_path: Path) -> None:
    script = scripts_at(tmp_path, WEB) / "00-preflight.sh"
    members = "".join(f'"{name}":""' for name in ("cluster", "serviceName"))
    rows = "".join(f"subnet-0{letter}00000000000000{letter}\\tvpc-0a00000000000000a\\tz1\\n" for letter in "abcd")
    answer = f"""case "$*" in
    *get-caller-identity*) echo 123456789012 ;;
    *skeleton*) printf '%s' '{members}' ;;
    *describe-subnets*) printf '{rows}' ;;
    *get*region*) echo eu-west-1 ;;
esac"""
    done = run(shell, script, aws=answer)
    assert done.returncode == 1
    faults = done.stderr.splitlines()
    created = next(line for line in faults if "its ecs create-service does not know" in line)
    assert created.startswith("- this AWS CLI is too old: ")
    assert " availabilityZoneRebalancing " in created
    assert " serviceName" not in created
    assert "- the load balancer needs subnets in two availability zones" in faults
    assert any(
        "takes one subnet of an availability zone; more than one of its subnets is in z1" in line for line in faults
    )


def test_a_group_that_something_else_uses_stays_and_the_rest_goes(shell: list[str], tmp_path: Path) -> None:
    script = scripts_at(tmp_path, WEB) / "destroy.sh"
    answer = """case "$*" in
    *get-caller-identity*) echo 123456789012 ;;
    *describe-security-groups*) printf 'sg-1\\nsg-2\\n' ;;
    *delete-security-group*sg-1*) echo '(DependencyViolation)' >&2; exit 254 ;;
    *delete-security-group* | *delete-role-policy*) echo "$*" >>"$CALLS" ;;
    *list-role-policies*shop-task*) echo shop-qa-task ;;
esac"""
    done = run(shell, script, "--yes", aws=answer)
    assert done.returncode == 0, done.stderr
    assert "Stays: security group sg-1 (something else uses it)" in done.stderr
    removed = (tmp_path / "calls").read_text()
    assert "sg-2" in removed
    assert "delete-role-policy" in removed


def test_a_name_that_begins_with_a_hyphen_is_no_option(shell: list[str], tmp_path: Path) -> None:
    spec = WEB.replace("cluster: shops", 'cluster: "-shops"').replace("task_role: shop-task", 'task_role: "-task"')
    scripts_at(tmp_path, spec)
    answer = 'printf "%s\\n" "$@" >>"$CALLS"'
    for name in ("03-iam.sh", "08-cluster-and-service.sh", "destroy.sh", "09-take-back.sh"):
        run(shell, tmp_path / "out/scripts" / name, *(["--yes"] if name[0] in "d0" and name > "09" else []), aws=answer)
        for tool in ("docker", "git"):
            (tmp_path / tool).unlink()
    words = (tmp_path / "calls").read_text().splitlines()
    assert "--cluster=-shops" in words
    assert "--role-name=-task" in words
    assert not {"-shops", "-task"} & set(words)
