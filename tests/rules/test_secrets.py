"""Where secrets are kept, and the roles that read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from chuoigen.diagnostics import Diagnostic

PARAMETER = "arn:aws:ssm:eu-west-1:123456789012:parameter/shop/key"
SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/key-AbCdEf"


@pytest.mark.parametrize(
    ("secret", "expected"),
    [
        ("{ ssm: /shop/key }", []),
        ("{ ssm: key }", []),
        ("{ ssm: shop/key }", ["secret-format"]),
        ("{ ssm: /shop/key/ }", ["secret-format"]),
        ("{ ssm: /aws/key }", ["secret-format"]),
        ("{ ssm: a key }", ["secret-format"]),
        (f"{{ ssm: '{PARAMETER}' }}", []),
        (f"{{ ssm: '{SECRET}' }}", ["secret-format"]),
        (f"{{ ssm: '{PARAMETER.replace('eu-west-1', 'us-east-1')}' }}", ["foreign-secret"]),
        (f"{{ ssm: '{PARAMETER.replace('123456789012', '210987654321')}' }}", ["foreign-secret"]),
        ("{ ssm: 'arn:aws:ssm' }", ["secret-format"]),
        ("{ secrets_manager: shop/key }", []),
        (f"{{ secrets_manager: '{SECRET}' }}", []),
        (f"{{ secrets_manager: '{PARAMETER}' }}", ["secret-format"]),
        ("{ secrets_manager: shop/key-AbCdEf }", ["secret-format"]),
        ("{ secrets_manager: a, key: b, version_stage: AWSCURRENT }", []),
        ("{ secrets_manager: a, version_stage: AWSCURRENT, version_id: b }", ["two-secret-versions"]),
        ("{ ssm: /a, version_id: b }", ["parameter-with-json-key"]),
        ("{ ssm: /a, secrets_manager: b }", ["ambiguous-secret"]),
    ],
)
def test_one_secret(about_app: Callable[[str], list[str]], secret: str, expected: list[str]) -> None:
    assert about_app(f"secrets: {{ X: {secret} }}") == expected


def test_a_secret_without_a_store_is_reported(about_app: Callable[[str], list[str]]) -> None:
    assert about_app("secrets: { X: {} }") == ["ambiguous-secret"]


def test_all_reasons_for_an_execution_role_are_one_finding(
    diagnose: Callable[[str], tuple[Diagnostic, ...]],
) -> None:
    container = "{ image: 123456789012.dkr.ecr.eu-west-1.amazonaws.com/a:1, secrets: { X: { ssm: /a } } }"
    found = diagnose(f"task: {{ execution_role: null }}\ncontainers:\n  app: {container}\n")
    assert [one.rule for one in found] == ["missing-execution-role"]
    assert [related.message for related in found[0].related] == [
        'ECS pulls the image of "app" from ECR',
        'ECS reads the secrets of "app"',
        'ECS writes the output of "app" to CloudWatch Logs',
    ]


def test_a_task_that_only_runs_a_public_image_without_awslogs_needs_no_execution_role(
    reported: Callable[[str], list[str]],
) -> None:
    logs = "logs: { driver: splunk, options: { splunk-url: u }, secret_options: { splunk-token: { ssm: /a } } }"
    spec = "task: {{ execution_role: null }}\ncontainers:\n  app: {{ image: nginx:1.28.0, {} }}\n"
    assert reported(spec.format(logs)) == ["missing-execution-role"]
    router = "firelens: { type: fluentbit }, logs: { driver: splunk }"
    assert "missing-execution-role" not in reported(spec.format(router))


def test_the_same_role_by_name_and_by_arn_is_shared(reported: Callable[[str], list[str]]) -> None:
    task = "task: { execution_role: shop, role: 'arn:aws:iam::123456789012:role/shop' }"
    assert reported(f"{task}\ncontainers:\n  app: {{ image: nginx:1.28.0 }}\n") == ["shared-role"]
