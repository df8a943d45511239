"""Whatever may be a secret is found, however it is written, and what only says where one is kept is not."""

from __future__ import annotations

import pytest

from chuoigen.inputs.load import Source
from chuoigen.inputs.secret_values import secrets
from chuoigen.yaml.document import parse
from tests.counting import steps
from tests.laws.test_growth import FACTOR, SIZES, faster


def masked(text: str) -> str:
    document, _ = parse(text, "spec.yaml")
    found = secrets(Source("spec.yaml", text, document))
    for start, end in reversed(found.ranges):
        text = f"{text[:start]}•{text[end:]}"
    return text


S = "hUnTeR2zQ9"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        # by the name of the key, however the value is written
        ("DB_PASSWORD: hunter2", "DB_PASSWORD: •"),
        ("DB_PASSWORD: hunter2 # not this", "DB_PASSWORD: • # not this"),
        ("password : hunter2", "password : •"),
        ("PASSWD: hunter two", "PASSWD: •"),
        ('"api-key": "hun,ter"', '"api-key": •'),
        ("'private key': 'it''s'", "'private key': •"),
        ("{ HOST: a, MY_TOKEN: hunter2, PORT: 1 }", "{ HOST: a, MY_TOKEN: •, PORT: 1 }"),
        ('{ CREDENTIALS: "a}b,c", PORT: 1 }', "{ CREDENTIALS: •, PORT: 1 }"),
        ("{ SECRET: { value: hunter2 }, PORT: 1 }", "{ SECRET: { value: • }, PORT: 1 }"),
        ("SECRETS: [hunter2, hunter3]", "SECRETS: [•, •]"),
        ("PASSWORD: !!str hunter2", "PASSWORD: •"),
        ("PASSWORD: !hunter2 x", "PASSWORD: •"),
        ("PASSWORD: &hunter2 x", "PASSWORD: •"),
        ('PASSWORD: "hunter\\\n  two"\nA: 1', "PASSWORD: •\nA: 1"),
        ("PASSWORD: |\n  hunter\n\n  two\nA: 1", "PASSWORD: •\nA: 1"),
        ("PASSWORD:\n  - hunter\n  - NAME: two\nA: 1", "PASSWORD:\n  - •\n  - NAME: •\nA: 1"),
        (
            "DB_PASS: hunter2\nCARD_PIN: 1234\nHASH_SALT: abc\nSTRIPE_KEY: xyz",
            "DB_PASS: •\nCARD_PIN: •\nHASH_SALT: •\nSTRIPE_KEY: •",
        ),
        ("a: { name: DB_PASSWORD, value: hunter2 }", "a: { name: DB_PASSWORD, value: • }"),
        # by what stands before it in the text
        ("- DB_PASSWORD=hunter 2".replace("- ", "a:\n- "), "a:\n- DB_PASSWORD=•"),
        ("a: [DB_PASSWORD hunter2]", "a: [DB_PASSWORD •]"),
        ("a: DB_PASSWORD:hunter2", "a: DB_PASSWORD:•"),
        ('a: ["--db-password=hunter,2", b]', 'a: ["--db-password=•", b]'),
        ('a: ["--password", "hunter2", "-v"]', 'a: ["--password", •, "-v"]'),
        ("a:\n- --requirepass\n- hunter2\n- x", "a:\n- --requirepass\n- •\n- x"),
        ("command: psql --password hunter2 -v", "command: psql --password • -v"),
        (f"command: redis-server --requirepass {S}", "command: redis-server --requirepass •"),
        ("command: curl -u me:hunter2 https://x", "command: curl -u me:• https://x"),
        ("command: 'PGPASSWORD=hunter2 psql'", "command: 'PGPASSWORD=•'"),
        ("a: 'Authorization: Bearer hunter2zz'", "a: 'Authorization: •'"),
        ("a: Bearer hunter2zz", "a: Bearer •"),
        ("A: ${X:-hunter2}", "A: ${X:-•}"),
        # by its own form
        ("DATABASE_URL: postgres://me:hunter2@db/x", "DATABASE_URL: postgres://me:•@db/x"),
        ("a: https://b/c?X-Amz-Date=1&X-Amz-Signature=abcdef&x=1", "a: https://b/c?X-Amz-Date=1&X-Amz-Signature=•&x=1"),
        ("ID: AKIAABCDEFGHIJKLMNOP", "ID: •"),
        ("ID: sk_live_" + "abcdefghij", "ID: •"),
        ("ID: Zm9vYmFy9xQ2LkT7pWvB4nRcYhUe1JdA", "ID: •"),
        # beside the data
        ("a: 1 # the old password: hunter2", "a: 1 # the old password: •"),
        ("a: {b: 1, DB_TOKEN=hunter2: x}", "a: {b: 1, DB_TOKEN=•: x}"),
    ],
)
def test_what_may_be_a_secret_is_masked(text: str, shown: str) -> None:
    assert masked(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "SECRET_KEY_BASE: { ssm: /chuoi/qa/secret-key-base }",
        "DB_PASSWORD: { secrets_manager: arn:aws:secretsmanager:eu-west-1:1:secret:db, key: password }",
        "API_KEY: { ref: backends.api.key }",
        "a:\n  secrets_manager: arn:aws:secretsmanager:eu-west-1:1:secret:db",
        "image: registry.example.com/token-service:1.0",
        "image: app@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "url: https://example.com:8080/@home",
        'ports: ["8080:80"]',
        "TOKEN_ENABLED: true",
        "PASSWORD:",
        "PUBLIC_KEY: a",
        "kms_key: alias/shop",
        "read_only: true",
    ],
)
def test_what_is_none_stays_visible(text: str) -> None:
    assert masked(text) == text


def test_a_reference_that_cannot_be_one_may_be_the_secret_itself() -> None:
    assert masked('secrets: { DB: { ssm: "hUnTeR2zQ9!" } }') == "secrets: { DB: { ssm: • } }"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('a: 1\nDB_PASSWORD: "hunter2\nb: 1\n', "a: 1\nDB_PASSWORD•\nb: 1\n"),
        ("a: 1\nDB_PASSWORD: [hunter2, }\n", "a: 1\nDB_PASSWORD: [•\n"),
        ("a: [\nDB_PASSWORD: hunter2\n", "a: [\nDB_PASSWORD: •\n"),
        (
            "a: b: c\nDB_PASSWORD: hunter2\n  hunter3\n\n  hunter4\nc: 1\n",
            "a: b: c\nDB_PASSWORD: •\n  •\n\n  •\nc: 1\n",
        ),
        ("\tx: 1\nTOKENS:\n- hunter2\n- hunter3\n", "\tx: 1\nTOKENS:\n- •\n- •\n"),
        ("a: 'x'y\nb: https://me:hunter2@x\n", "a: 'x'y\nb: https://me:•@x\n"),
        ("PASSWORD: *hunter2\n", "PASSWORD•\n"),
        ("PASSWORD: %hunter2\nb: 1\n", "PASSWORD•\nb: 1\n"),
    ],
)
def test_of_a_file_with_a_syntax_error_what_may_be_a_secret_is_masked(text: str, shown: str) -> None:
    assert masked(text) == shown


@pytest.mark.parametrize(
    ("text", "known"),
    [
        (f"PASSWORD: {S}", {S}),
        (f"PASSWORD: '{S}'\nb: {S}", set()),  # what also stands where it is no secret is none
        ("PASSWORD: 12\nTOKEN: yes", {"yes"}),
        (f"PASSWORD: !{S} x", {S, f"{S} x"}),
    ],
)
def test_what_secrets_say_is_known(text: str, known: set[str]) -> None:
    document, _ = parse(text, "spec.yaml")
    assert secrets(Source("spec.yaml", text, document)).texts == known


@pytest.mark.parametrize(
    ("before", "unit", "behind"),
    [
        ("a: ", "token", ""),
        ("a: ", "-token ", ""),
        ("a: ", "://a:", ""),
        ("a: '", "-eyJ", "'"),
        ("a: ", "A_", ""),
        ("a: ", "Zm9v9", ""),
        ("[", "- ", ""),
        ("secret", "-", ""),
        ("\tx", "\nsecret: x", ""),
        ("a: '", "&key=", "'"),
        ("a: '", "${X:-", "'"),
        ("a: '", "bearer ", "'"),
        ("a:", "\n- password=x", ""),
        ("a:", "\n- { name: PASSWORD, value: hunter2 }", ""),
    ],
)
def test_looking_for_secrets_grows_with_the_text(before: str, unit: str, behind: str) -> None:
    """What one expression takes is judged in tests/laws/test_expressions.py."""
    texts = [before + unit * 10 * size + behind for size in SIZES]
    assert faster([steps(lambda text=text: masked(text)) for text in texts]) < FACTOR  # type: ignore[misc]


def test_a_text_that_opens_many_brackets_has_an_end() -> None:
    assert masked("{password: " * 40).startswith("{password")
