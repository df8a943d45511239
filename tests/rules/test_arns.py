"""ARNs that stand in a policy: patterns of IAM, the six characters of a secret, and the form of ECS with a key behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chuoigen.compiler import judge
from chuoigen.inputs.load import load
from chuoigen.messages import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from chuoigen.diagnostics import Diagnostic

SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:"
PARAMETER = "arn:aws:ssm:eu-west-1:123456789012:parameter/"


def secrets(written: str) -> str:
    return f"secrets: {{ API_KEY: {{ {written} }} }}"


@pytest.mark.parametrize(
    ("keys", "rules"),
    [
        (secrets(f'ssm: "{PARAMETER}shop/key"'), []),
        (secrets(f'ssm: "{PARAMETER}shop/*"'), ["pattern-in-arn"]),
        (secrets(f'ssm: "{PARAMETER}shop/ke?"'), ["pattern-in-arn"]),
        (secrets(f'ssm: "{PARAMETER}${{aws:username}}"'), ["pattern-in-arn"]),
        (secrets(f'secrets_manager: "{SECRET}shop/key-AbCdEf"'), []),
        (secrets(f'secrets_manager: "{SECRET}shop/key-??????"'), ["pattern-in-arn"]),
        (secrets(f'secrets_manager: "{SECRET}*"'), ["pattern-in-arn"]),
        (secrets(f'secrets_manager: "{SECRET}shop/key"'), ["partial-secret-arn"]),
        (secrets(f'secrets_manager: "{SECRET}shop/key-AbCdE"'), ["partial-secret-arn"]),
        (secrets(f'secrets_manager: "{SECRET}shop/key-AbCdEfg"'), ["partial-secret-arn"]),
        (secrets(f'secrets_manager: "{SECRET}test-secret"'), ["partial-secret-arn"]),
        (secrets(f'secrets_manager: "{SECRET}test-secre7"'), []),
        (secrets(f'secrets_manager: "{SECRET}shop/key-AbCdEf:password::"'), []),
        (secrets(f'secrets_manager: "{SECRET}shop/key:password::"'), ["partial-secret-arn"]),
        (secrets("secrets_manager: shop/key"), []),
        (f'repository_credentials: {{ secrets_manager: "{SECRET}login" }}', ["partial-secret-arn"]),
        (f'repository_credentials: {{ secrets_manager: "{SECRET}l*" }}', ["pattern-in-arn"]),
        ('env_files: ["arn:aws:s3:::shop-config/qa.env"]', []),
        ('env_files: ["arn:aws:s3:::shop-config/*.env"]', ["pattern-in-arn"]),
        (
            f'logs: {{ driver: splunk, secret_options: {{ splunk-token: {{ ssm: "{PARAMETER}*" }} }} }}',
            ["pattern-in-arn"],
        ),
    ],
)
def test_arns_of_a_container(about_app: Callable[[str], list[str]], keys: str, rules: list[str]) -> None:
    assert [rule for rule in about_app(keys) if rule in ("pattern-in-arn", "partial-secret-arn")] == rules


@pytest.mark.parametrize(
    ("keys", "rules"),
    [
        (secrets(f'secrets_manager: "{SECRET}x-AbCdEf:key::", version_stage: s'), []),
        (secrets(f'secrets_manager: "{SECRET}x-AbCdEf:key::", key: key'), ["secret-key-twice"]),
        (secrets(f'secrets_manager: "{SECRET}x-AbCdEf::s:", version_stage: t'), ["secret-key-twice"]),
        (secrets(f'secrets_manager: "{SECRET}x-AbCdEf::s:", version_id: i'), ["two-secret-versions"]),
        (secrets(f'secrets_manager: "{SECRET}x-AbCdEf::s:i"'), ["two-secret-versions"]),
        (secrets(f'secrets_manager: "{SECRET}x-AbCdEf:key"'), ["secret-format"]),
        (secrets(f'secrets_manager: "{SECRET}a b-AbCdEf"'), ["secret-format"]),
        (secrets(f'secrets_manager: "{SECRET}a*b-AbCdEf"'), []),
        (secrets(f'ssm: "{PARAMETER}a, b$(touch x)"'), ["secret-format"]),
        (secrets(f'ssm: "{PARAMETER}aws/service/x"'), []),  # AWS's own parameters are read by their ARNs
        (secrets("secrets_manager: xyz-secret"), ["secret-format"]),
        (f'repository_credentials: {{ secrets_manager: "{SECRET}x-AbCdEf" }}', []),
        (f'repository_credentials: {{ secrets_manager: "{SECRET}x-AbCdEf:key::" }}', ["secret-format"]),
    ],
)
def test_the_form_of_ecs_against_the_keys_of_the_spec(
    about_app: Callable[[str], list[str]], keys: str, rules: list[str]
) -> None:
    judged = ("secret-format", "secret-key-twice", "two-secret-versions")
    assert [rule for rule in about_app(keys) if rule in judged] == rules


def test_the_advice_for_a_name_like_an_arn_is_not_the_name(diagnose: Callable[[str], tuple[Diagnostic, ...]]) -> None:
    keys = secrets("secrets_manager: xyz-secret")
    [one] = [
        each for each in diagnose(f"containers: {{ app: {{ image: nginx:1.28.0, {keys} }} }}\n") if each.code == "CG621"
    ]
    assert ENGLISH.help(one.words).endswith("(…:secret:xyz-secret-AbCdEf)")


def test_a_role_with_a_pattern_in_its_path(reported: Callable[[str], list[str]]) -> None:
    text = 'task: {{ task_role: "arn:aws:iam::123456789012:role/{}/app" }}\ncontainers: {{ app: {{ image: nginx:1.28.0 }} }}\n'
    assert "pattern-in-arn" not in reported(text.format("team"))
    assert "pattern-in-arn" in reported(text.format("*"))


@pytest.mark.parametrize(
    ("written", "value_from", "resource"),
    [
        (f'secrets_manager: "{SECRET}x-AbCdEf"', f"{SECRET}x-AbCdEf", f"{SECRET}x-AbCdEf"),
        (f'secrets_manager: "{SECRET}x-AbCdEf:key::"', f"{SECRET}x-AbCdEf:key::", f"{SECRET}x-AbCdEf"),
        (f'secrets_manager: "{SECRET}x-AbCdEf::stage:"', f"{SECRET}x-AbCdEf::stage:", f"{SECRET}x-AbCdEf"),
        (f'secrets_manager: "{SECRET}x-AbCdEf", key: k', f"{SECRET}x-AbCdEf:k::", f"{SECRET}x-AbCdEf"),
        (f'secrets_manager: "{SECRET}x"', f"{SECRET}x", f"{SECRET}x-??????"),
        (f'secrets_manager: "{SECRET}x:key::"', f"{SECRET}x:key::", f"{SECRET}x-??????"),
        ("secrets_manager: x, key: k", f"{SECRET}x:k::", f"{SECRET}x-??????"),
    ],
)
def test_what_ecs_reads_and_what_the_role_may_read(
    tmp_path: Path, written: str, value_from: str, resource: str
) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "spec.yaml").write_text(
        'chuoigen: 1\nname: shop\naws: { account: "123456789012", region: eu-west-1 }\ntask: { execution_role: start }\n'
        f"containers: {{ app: {{ image: nginx:1.28.0, {secrets(written)} }} }}\n",
        encoding="utf-8",
    )
    plan = judge(load(tmp_path / "spec.yaml")).plan
    assert plan is not None
    role = plan.role("execution")
    assert role is not None
    [secret] = plan.containers["app"].secrets
    assert secret.value_from == value_from
    statements = plan.policy(role).policy_document.statement.values()
    assert [each.resource for each in statements if each.sid == "ReadSecrets"] == [(resource,)]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("Name: s3, bucket: lines", []),
        ("Name: s3, bucket: '*'", ["pattern-in-arn"]),
        ("Name: firehose, delivery_stream: 'a?'", ["pattern-in-arn"]),
        ("Name: cloudwatch_logs, log_group_name: '/shop/$(ecs_task_id)'", []),
        ("Name: cloudwatch_logs, log_group_name: '$(ecs_task_id)'", ["pattern-in-arn"]),
        ("Name: s3, bucket: lines, role_arn: 'arn:aws:iam::123456789012:role/*'", ["pattern-in-arn"]),
        ("Name: http, Host: '*'", []),
    ],
)
def test_a_log_router_is_told_no_pattern(
    reported: Callable[[str], list[str]], options: str, expected: list[str]
) -> None:
    router = "router: { image: router:1, firelens: { type: fluentbit } }"
    logs = f"logs: {{ driver: awsfirelens, options: {{ {options} }} }}"
    assert reported(f"containers:\n  app: {{ image: shop:1, {logs} }}\n  {router}\n") == expected
