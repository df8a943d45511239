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
            {
                "Effect": "Allow",
                "Principal": {"Service": "ecs-tasks.amazonaws.com"},
                "Action": "sts:AssumeRole",
                "Condition": {"StringEquals": {"aws:SourceAccount": "123456789012"}},
            }
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


def test_without_a_task_role_and_builds_there_is_the_execution_role_alone() -> None:
    text = SPEC.replace("task: { execution_role: shop-execution, task_role: shop-task }\n", "")
    image = text.replace(
        "build: { dockerfile: Dockerfile, args: { LICENSE: { secrets_manager: license } } }", "image: a"
    )
    assert set(files_of(image)) == {"iam/execution-policy.json", "iam/execution-trust.json"}


@pytest.mark.parametrize("key", ["execution", "task", "codebuild"])
def test_every_statement_has_a_name_that_iam_takes(key: str) -> None:
    statements = files_of(SPEC)[f"iam/{key}-policy.json"]["Statement"]
    names = [statement["Sid"] for statement in statements]
    assert all(name.isascii() and name.isalnum() for name in names)
    assert len(set(names)) == len(names)


KEYS = [f"arn:aws:kms:eu-west-1:123456789012:key/{number:08d}-2222-3333-4444-555555555555" for number in range(8)]


def granted(text: str, role: str) -> dict[str, tuple[list[str], list[str]]]:
    """Give actions and resources of a policy by the ids of its statements."""

    def listed(value: str | list[str]) -> list[str]:
        return [value] if isinstance(value, str) else value

    statements = files_of(text)[f"iam/{role}-policy.json"]["Statement"]
    return {each["Sid"]: (listed(each["Action"]), listed(each["Resource"])) for each in statements}


def test_whoever_reads_what_a_key_of_ones_own_encrypts_may_decrypt_with_it() -> None:
    text = f"""
chuoigen: 1
name: shop
aws: {{ account: "123456789012", region: eu-west-1 }}
task: {{ execution_role: shop-execution, task_role: shop-task }}
logs: {{ driver: splunk, options: {{ splunk-url: u }}, secret_options: {{ splunk-token: {{ ssm: t, kms_key: "{KEYS[0]}" }} }} }}
volumes: {{ log: {{}} }}
containers:
  app:
    build: {{ dockerfile: Dockerfile, args: {{ L: {{ ssm: l, kms_key: "{KEYS[1]}" }} }} }}
    secrets: {{ A: {{ ssm: a, kms_key: "{KEYS[2]}" }}, B: {{ secrets_manager: b, kms_key: "{KEYS[2]}" }}, C: {{ ssm: c }} }}
    env_files: ["arn:aws:s3:::shop/a.env", {{ file: "arn:aws:s3:::shop/b.env", kms_key: "{KEYS[3]}" }}]
    mounts: {{ log: /log }}
  side:
    image: registry.example.com/side:1
    repository_credentials: {{ secrets_manager: login, kms_key: "{KEYS[4]}" }}
  shipper:
    build:
      recipe: fluentd
      tail: {{ log: "*.log" }}
      s3: {{ bucket: shop-logs, kms_key: "{KEYS[5]}" }}
    mounts: {{ log: "/log:ro" }}
pipeline: {{ source_bucket: shop-source, kms_key: "{KEYS[6]}" }}
"""
    execution = granted(text, "execution")
    assert execution["DecryptParameters"] == (["kms:Decrypt"], [KEYS[2], KEYS[0]])
    assert execution["DecryptSecrets"] == (["kms:Decrypt"], [KEYS[2], KEYS[4]])
    assert execution["DecryptFiles"] == (["kms:Decrypt"], [KEYS[3]])
    assert granted(text, "codebuild")["DecryptSource"] == (["kms:Decrypt"], [KEYS[6]])
    assert granted(text, "codebuild")["DecryptParameters"] == (["kms:Decrypt"], [KEYS[1]])
    assert granted(text, "task")["EncryptLogs"] == (["kms:Decrypt", "kms:GenerateDataKey"], [KEYS[5]])
    assert granted(text, "execution")["ReadEnvironmentFiles"][1] == [
        "arn:aws:s3:::shop/a.env",
        "arn:aws:s3:::shop/b.env",
    ]


def test_without_a_key_of_ones_own_there_is_no_statement_about_keys() -> None:
    assert not any("rypt" in sid for sid in granted(SPEC, "execution") | granted(SPEC, "codebuild"))


@pytest.mark.parametrize(
    ("region", "hosts"),
    [
        ("eu-west-1", "ssm.eu-west-1.amazonaws.com"),
        ("cn-north-1", ["ssm.cn-north-1.amazonaws.com", "ssm.cn-north-1.amazonaws.com.cn"]),
    ],
)
def test_a_key_is_used_for_what_one_service_keeps_alone(region: str, hosts: str | list[str]) -> None:
    text = f"""
chuoigen: 1
name: shop
aws: {{ account: "123456789012", region: {region} }}
containers: {{ app: {{ image: "nginx:1", secrets: {{ A: {{ ssm: a, kms_key: "{KEYS[0]}" }} }} }} }}
"""
    statements = files_of(text)["iam/execution-policy.json"]["Statement"]
    found = next(each for each in statements if each["Sid"] == "DecryptParameters")
    assert found["Condition"] == {"StringEquals": {"kms:ViaService": hosts}}


@pytest.mark.parametrize(
    ("options", "sid", "actions", "resource"),
    [
        (
            "Name: firehose, delivery_stream: lines",
            "WriteLogsFirehose",
            ["firehose:PutRecordBatch"],
            "arn:aws:firehose:eu-west-1:123456789012:deliverystream/lines",
        ),
        (
            "Name: kinesis_streams, region: us-east-1, stream: lines",
            "WriteLogsKinesis",
            ["kinesis:PutRecords"],
            "arn:aws:kinesis:us-east-1:123456789012:stream/lines",
        ),
        ("name: S3, bucket: lines", "WriteLogsS3", ["s3:PutObject"], "arn:aws:s3:::lines/*"),
        ('"@type": s3, s3_bucket: lines', "WriteLogsS3", ["s3:PutObject"], "arn:aws:s3:::lines/*"),
        (
            'Name: cloudwatch_logs, log_group_name: "/shop/$(ecs_task_id)", auto_create_group: "true"',
            "WriteLogsLogs",
            ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents", "logs:CreateLogGroup"],
            "arn:aws:logs:eu-west-1:123456789012:log-group:/shop/*:*",
        ),
        (
            "Name: s3, bucket: lines, role_arn: arn:aws:iam::999999999999:role/lines",
            "AssumeLogRole",
            ["sts:AssumeRole"],
            "arn:aws:iam::999999999999:role/lines",
        ),
    ],
)
def test_an_output_of_the_log_router_brings_its_statement(
    options: str, sid: str, actions: list[str], resource: str
) -> None:
    text = f"""
chuoigen: 1
name: shop
aws: {{ account: "123456789012", region: eu-west-1 }}
task: {{ execution_role: shop-execution, task_role: shop-task }}
containers:
  app: {{ image: "shop:1", logs: {{ driver: awsfirelens, options: {{ {options} }} }} }}
  router: {{ image: "router:1", firelens: {{ type: fluentbit }} }}
"""
    assert granted(text, "task") == {sid: (actions, [resource])}
