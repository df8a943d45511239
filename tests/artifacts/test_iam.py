"""The policies in iam/: who may take a role, and exactly what it may do."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chuoigen.artifacts import iam
from tests.artifacts.plans import plan_of

SPEC = """
chuoigen: 1
name: shop
stage: qa
aws: { account: "123456789012", region: eu-west-1 }
task: { execution_role: shop-execution, task_role: shop-task }
volumes: { files: { efs: { file_system_id: fs-0123456789abcdef0, authorization_config: { iam: true } } } }
containers:
  web:
    build: { dockerfile: Dockerfile, args: { LICENSE: { secrets_manager: license } } }
    secrets: { TOKEN: { ssm: /shop/token } }
    mounts: { files: /files }
"""


def files_of(text: str) -> dict[str, Any]:
    return {file.path: json.loads(file.text) for file in iam.render(plan_of(text))}


def test_who_may_take_a_role() -> None:
    files = files_of(SPEC)
    trusted = {path: data["Statement"][0]["Principal"] for path, data in files.items() if path.endswith("-trust.json")}
    assert trusted == {
        "iam/execution-trust.json": {"Service": "ecs-tasks.amazonaws.com"},
        "iam/task-trust.json": {"Service": "ecs-tasks.amazonaws.com"},
        "iam/codebuild-trust.json": {"Service": "codebuild.amazonaws.com"},
    }
    assert files["iam/task-trust.json"] == {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }


def test_the_execution_role_reads_the_named_secrets_only() -> None:
    assert files_of(SPEC)["iam/execution-policy.json"] == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "ReadParameters",
                "Effect": "Allow",
                "Action": ["ssm:GetParameters"],
                "Resource": ["arn:aws:ssm:eu-west-1:123456789012:parameter/shop/token"],
            }
        ],
    }


def test_a_role_without_statements_has_no_policy() -> None:
    bare = SPEC.replace("    secrets: { TOKEN: { ssm: /shop/token } }\n", "")
    assert "iam/execution-policy.json" not in files_of(bare)
    assert "iam/execution-trust.json" in files_of(bare)


def test_the_policy_of_a_role_that_exists_is_written_for_comparison() -> None:
    given = SPEC.replace("execution_role: shop-execution", "execution_role: arn:aws:iam::123456789012:role/theirs")
    files = files_of(given)
    assert "iam/execution-trust.json" not in files
    assert files["iam/execution-policy.json"] == files_of(SPEC)["iam/execution-policy.json"]


def test_without_roles_and_builds_there_is_nothing() -> None:
    text = SPEC.replace("task: { execution_role: shop-execution, task_role: shop-task }\n", "")
    image = text.replace(
        "build: { dockerfile: Dockerfile, args: { LICENSE: { secrets_manager: license } } }", "image: a"
    )
    assert files_of(image) == {}


@pytest.mark.parametrize("key", ["execution", "task", "codebuild"])
def test_every_statement_has_a_name_that_iam_takes(key: str) -> None:
    statements = files_of(SPEC)[f"iam/{key}-policy.json"]["Statement"]
    names = [statement["Sid"] for statement in statements]
    assert all(name.isascii() and name.isalnum() for name in names)
    assert len(set(names)) == len(names)
