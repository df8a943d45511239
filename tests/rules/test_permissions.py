"""Permissions of the processes: forms that IAM refuses, statements that never match, and more than is needed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from chuoigen.artifacts import iam
from chuoigen.compiler import judge
from chuoigen.inputs.load import load
from tests.artifacts.plans import plan_of

if TYPE_CHECKING:
    from pathlib import Path

BASE = """
chuoigen: 1
name: shop
aws: { account: "123456789012", region: eu-west-1 }
task: { task_role: shop-task }
containers: { app: { image: "nginx:1.28.0" } }
"""
BUCKET, OBJECTS = "arn:aws:s3:::b", "arn:aws:s3:::b/*"


def written(actions: str, resources: str, more: str = "") -> str:
    return f"{BASE}permissions: {{ one: {{ actions: [{actions}], resources: [{resources}]{more} }} }}\n"


def found(tmp_path: Path, text: str) -> list[str]:
    file = tmp_path / "spec.yaml"
    file.write_text(text, encoding="utf-8")
    codes = ("CG864", "CG865", "CG866", "CG867", "CG868", "CG869", "CG626")
    return [each.rule for each in judge(load(str(file))).diagnostics if each.code in codes]


@pytest.mark.parametrize(
    ("actions", "resources", "rules"),
    [
        ("s3:GetObject", f'"{OBJECTS}"', []),
        ('"s3:Get*"', f'"{OBJECTS}"', []),
        ("GetObject", f'"{OBJECTS}"', ["action-format"]),
        ('"s3:Get Object"', f'"{OBJECTS}"', ["action-format"]),
        ("s3api:GetObject", f'"{OBJECTS}"', ["action-format"]),
        ("S3:GetObject", f'"{OBJECTS}"', ["action-format"]),
        ('"*"', f'"{OBJECTS}"', ["broad-permission"]),
        ('"s3:*"', f'"{OBJECTS}"', ["broad-permission"]),
        ("sqs:SendMessage", '"*"', ["broad-permission"]),
        ("dynamodb:GetItem", '"arn:aws:dynamodb:eu-west-1:123456789012:table/*"', ["broad-permission"]),
        ("dynamodb:GetItem", '"arn:aws:dynamodb:eu-west-1:123456789012:table/shop-*"', []),
        ("xray:PutTraceSegments, ec2:DescribeVpcs", '"*"', []),
        ("s3:GetObject", "b", ["resource-format"]),
        ("s3:GetObject", '"arn:aws-cn:s3:::b/*"', ["resource-format"]),
        ("s3:GetObject", '"arn:aws:s3:eu-west-1:123456789012:b/*"', ["resource-format"]),
        ("s3:GetObject", '"arn:aws:s3:eu-west-1:123456789012:accesspoint/a/object/*"', []),
        ("s3:GetObject", f'"{BUCKET}"', ["bucket-or-object"]),
        ("s3:ListBucket", f'"{OBJECTS}"', ["bucket-or-object"]),
        ("s3:ListBucket, s3:GetObject", f'"{BUCKET}", "{OBJECTS}"', []),
        ("s3:GetObject", '"arn:aws:s3:::b*"', []),
    ],
)
def test_actions_and_resources(tmp_path: Path, actions: str, resources: str, rules: list[str]) -> None:
    assert found(tmp_path, written(actions, resources)) == rules


@pytest.mark.parametrize(
    ("condition", "rules"),
    [
        ('{ StringEquals: { "aws:ResourceTag/team": sales } }', []),
        ('{ stringequals: { "aws:ResourceTag/team": [a, b] } }', []),
        ('{ "ForAllValues:StringLikeIfExists": { "aws:TagKeys": a } }', []),
        ('{ "Null": { "aws:TokenIssueTime": "true" } }', []),
        ('{ NullIfExists: { "aws:TokenIssueTime": "true" } }', ["condition-format"]),
        ('{ StringEqual: { "aws:ResourceTag/team": sales } }', ["condition-format"]),
        ("{ StringEquals: { team: sales } }", ["condition-format"]),
    ],
)
def test_conditions(tmp_path: Path, condition: str, rules: list[str]) -> None:
    text = written("s3:GetObject", f'"{OBJECTS}"', f", conditions: {condition}")
    assert found(tmp_path, text) == rules


def test_what_is_denied_may_be_everything(tmp_path: Path) -> None:
    assert found(tmp_path, written('"s3:*"', '"*"', ", effect: deny")) == []


def test_permissions_need_a_role(tmp_path: Path) -> None:
    text = written("s3:GetObject", f'"{OBJECTS}"').replace("task: { task_role: shop-task }\n", "")
    assert found(tmp_path, text) == ["missing-task-role"]


def test_the_policy_has_every_statement_under_an_id_of_its_own() -> None:
    statements = "".join(
        f"  {name}: {{ actions: sqs:SendMessage, resources: 'arn:aws:sqs:eu-west-1:123456789012:{number}' }}\n"
        for number, name in enumerate(("read-me", "read_me", "Decrypt", "日本"))
    )
    files = {file.path: file.text for file in iam.render(plan_of(f"{BASE}permissions:\n{statements}"))}
    made = json.loads(files["iam/task-policy.json"])["Statement"]
    assert [one["Sid"] for one in made] == ["AppReadMe", "AppReadMex2", "AppDecrypt", "App"]
    assert [one["Resource"][0][-1] for one in made] == ["0", "1", "2", "3"]


def test_a_policy_of_10240_characters_is_the_longest(tmp_path: Path) -> None:
    def of(length: int) -> str:
        return written("sqs:SendMessage", f'"arn:aws:sqs:eu-west-1:123456789012:{"a" * length}"')

    frame = len(
        '{"Version":"2012-10-17","Statement":[{"Sid":"AppOne","Effect":"Allow","Action":["sqs:SendMessage"],'
        '"Resource":["arn:aws:sqs:eu-west-1:123456789012:"]}]}'
    )
    assert found(tmp_path, of(10_240 - frame)) == []
    assert found(tmp_path, of(10_241 - frame)) == ["policy-too-long"]
