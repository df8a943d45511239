"""Variables, their names and references, where secrets are kept, and values that look like secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from chuoigen.diagnostics import Diagnostic

RANDOM = "kT9xQ2mZ7vLp4RwB8nYc1HdJ6sFg3AeU"

PARAMETER = "arn:aws:ssm:eu-west-1:123456789012:parameter/shop/key"
SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/key-AbCdEf"


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        ("DB_PASSWORD", "correct-horse", ["possible-secret"]),
        ("PGPASSWORD", "correct-horse", ["possible-secret"]),
        ("smtp-password", "correct-horse", ["possible-secret", "unportable-variable-name"]),
        ("STRIPE_API_KEY", "abc", ["possible-secret"]),
        ("SECRET_KEY_BASE", "abc", ["possible-secret"]),
        ("DB_PASSWORD", "", []),
        ("DB_PASSWORD", "/run/secrets/db", []),
        ("DB_PASSWORD", "arn:aws:ssm:eu-west-1:123456789012:parameter/x", ["secret-arn-in-environment"]),
        ("USE_TOKEN", "true", []),
        ("PASSWORD_MIN_LENGTH", "12", []),
        ("TOKEN_URL", "https://id.example.com/token", []),
        ("KEYBOARD", "qwerty", []),
        ("MONKEY", "banana", []),
        ("NONCE", RANDOM, ["possible-secret"]),
        ("COMMIT", "3f786850e387550fdab836ed7e6dc881de23001b", []),
        ("ID", "6ba7b810-9dad-11d1-80b4-00c04fd430c8", []),
        ("HOST", "redis.xxxxxx.ng.0001.apne1.cache.amazonaws.com", []),
        ("KEY_ID", "AKIAIOSFODNN7EXAMPLE", ["secret-in-environment"]),
        ("DB", "postgres://shop:hunter2@db/shop", ["secret-in-environment"]),
        ("DB", "postgres://shop@db.example.com/shop", []),
        ("URL", "https://example.com/a:b@c", []),
        ("KEY", "-----BEGIN RSA PRIVATE KEY-----", ["secret-in-environment"]),
        ("CERT", "-----BEGIN CERTIFICATE-----", []),
        ("A", "${HOME}", ["interpolated-variable"]),
        ("A", "${HOME:-/root}", ["interpolated-variable"]),
        ("A", "$HOME", []),
        ("A", "a$b{c}", []),
        ("A-B", "1", ["unportable-variable-name"]),
        ("1A", "1", ["unportable-variable-name"]),
        ("A=B", "1", ["variable-name-format"]),
        ("", "1", ["variable-name-format"]),
        ("_A1", "1", []),
    ],
)
def test_one_variable(about_app: Callable[[str], list[str]], variable: str, value: str, expected: list[str]) -> None:
    assert sorted(about_app(f'environment: {{ "{variable}": "{value}" }}')) == expected


@pytest.mark.parametrize("secret", [RANDOM, "postgres://shop:hunter2@db/shop", "AKIAIOSFODNN7EXAMPLE"])
def test_a_secret_is_never_repeated(diagnose: Callable[[str], tuple[Diagnostic, ...]], secret: str) -> None:
    found = diagnose(f'containers:\n  app: {{ image: nginx:1.28.0, environment: {{ A_TOKEN: "{secret}" }} }}\n')
    assert len(found) == 1
    assert secret not in found[0].message + found[0].help
    assert "hunter2" not in found[0].message + found[0].help


def test_a_variable_in_both_places_is_one_fault(diagnose: Callable[[str], tuple[Diagnostic, ...]]) -> None:
    keys = "environment: { A_TOKEN: abc },\n    secrets: { A_TOKEN: { ssm: /a/b } }"
    found = diagnose(f"containers:\n  app: {{ image: nginx:1.28.0,\n    {keys} }}\n")
    assert [one.rule for one in found] == ["variable-in-environment-and-secrets"]
    assert [related.span.line for related in found[0].related] == [5]


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        ("MIX_ENV: qa", []),
        ("A_TOKEN: abc", ["possible-secret"]),
        ("KEY: AKIAIOSFODNN7EXAMPLE", ["secret-in-build-argument"]),
        ("KEY: { secrets_manager: a }", ["secret-in-build-argument"]),
        ('"A-B": "1"', ["variable-name-format"]),
    ],
)
def test_build_arguments(reported: Callable[[str], list[str]], argument: str, expected: list[str]) -> None:
    build = f'{{ recipe: phoenix, elixir: "1.18", args: {{ {argument} }} }}'
    assert reported(f"containers:\n  app: {{ build: {build} }}\n") == expected


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


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("{ ref: name }", []),
        ("{ ref: stage }", []),
        ("{ ref: aws.account }", []),
        ("{ ref: containers.app.host }", []),
        ("{ ref: containers.app.port }", ["unknown-reference"]),  # it has no port
        ("{ ref: backends.redis.host }", ["unknown-reference"]),
        ("{ ref: Name }", ["unknown-reference"]),
        ("{ value: a, ref: name }", ["ambiguous-value"]),
        ("{ value: a, ref: nobody }", ["unknown-reference", "ambiguous-value"]),
        ("{ value: a }", []),
        ("{}", ["ambiguous-value"]),
        ('""', []),
    ],
)
def test_values(about_app: Callable[[str], list[str]], value: str, expected: list[str]) -> None:
    assert sorted(about_app(f"environment: {{ X: {value} }}")) == sorted(expected)


def test_a_container_with_a_port_has_one_to_refer_to(about_app: Callable[[str], list[str]]) -> None:
    assert about_app("ports: [80], environment: { X: { ref: containers.app.port } }") == []


def test_a_build_argument_may_be_a_secret_and_is_then_no_missing_value(reported: Callable[[str], list[str]]) -> None:
    spec = 'containers:\n  app:\n    build: { recipe: phoenix, elixir: "1.18", args: { X: { ssm: /a/b } } }\n'
    assert reported(spec) == ["secret-in-build-argument"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('{ text: "redis://{backends.redis.host}:{backends.redis.port}/{{0}}" }', []),
        ('{ text: "redis://{backends.rdis.host}" }', ["unknown-reference"]),
        ('{ text: "{ not one }" }', []),
        ('{ text: "a", value: b }', ["ambiguous-value"]),
        ('"redis://{ref:backends.redis.host}"', ["unread-reference"]),
        ('"redis://{backends.redis.host}:6379"', ["unread-reference"]),
        ('"redis://${backends.redis.host}:6379"', ["unread-reference"]),
        ('"{name}"', []),
        ("x", ["possible-secret"]),
        ("pk_live_abcdefghijklmnop", []),
        ("sk_live_abcdefghijklmnop", ["secret-in-environment"]),
        ("arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/db-AbCdEf", ["secret-arn-in-environment"]),
        ("arn:aws:ssm:eu-west-1:123456789012:parameter/shop/db", ["secret-arn-in-environment"]),
        ("arn:aws:s3:::shop", []),
    ],
)
def test_texts_with_references_and_secrets(
    reported: Callable[[str], list[str]], value: str, expected: list[str]
) -> None:
    name = "DB_PASS" if value == "x" or "_live_" in value else "URL"
    example = f"containers:\n  app: {{ image: nginx:1.28.0, environment: {{ {name}: {value} }} }}\n"
    assert reported(example + "backends: { redis: { host: redis.internal, port: 6379 } }\n") == expected


def test_a_reference_in_a_command_is_not_read(about_app: Callable[[str], list[str]]) -> None:
    assert about_app('command: [serve, "{backends.redis.host}"]') == ["unread-reference"]
    assert about_app('labels: { a: "{ref: name}" }') == ["unread-reference"]
