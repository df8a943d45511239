"""Whatever may be a secret is masked in an excerpt, and what only says where one is kept is not."""

from __future__ import annotations

import time

import pytest

from chuoigen.diagnostics import Span
from chuoigen.report.secretive import Masks


def masked(text: str, *quiet: Span) -> str:
    lines = text.split("\n")
    masks = Masks(lines, quiet)
    shown = []
    for number, line in enumerate(lines, start=1):
        result = line
        for start, end in reversed(masks.of(number)):
            result = f"{result[:start]}•{result[end:]}"
        shown.append(result)
    return "\n".join(shown)


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("DB_PASSWORD: hunter2", "DB_PASSWORD: •"),
        ("DB_PASSWORD: hunter2 # not this", "DB_PASSWORD: • # not this"),
        ("password : hunter2", "password : •"),
        ("PASSWD: hunter two", "PASSWD: •"),
        ('"api-key": "hun,ter"', '"api-key": •'),
        ("'private key': 'it''s'", "'private key': •"),
        ('{"token":hunter2}', '{"token":•}'),
        ("{ HOST: a, MY_TOKEN: hunter2, PORT: 1 }", "{ HOST: a, MY_TOKEN: •, PORT: 1 }"),
        ('{ CREDENTIALS: "a}b,c", PORT: 1 }', "{ CREDENTIALS: •, PORT: 1 }"),
        ("{ SECRET: { value: hunter2 }, PORT: 1 }", "{ SECRET: { value: • }, PORT: 1 }"),
        ("SECRETS: [hunter2, hunter3]", "SECRETS: [•]"),
        ("PASSWORD: !!str hunter2", "PASSWORD: !!str •"),
        ("- DB_PASSWORD=hunter 2", "- DB_PASSWORD=•"),
        ('["--db-password=hunter,2", b]', '["--db-password=•", b]'),
        ("['--db-password=hunter,2', b]", "['--db-password=•', b]"),
        ('["--password", "hunter2", "-v"]', '["--password", •, "-v"]'),
        ("command: psql --password hunter2 -v", "command: psql --password • -v"),
        ("DATABASE_URL: postgres://me:hunter2@db/x", "DATABASE_URL: postgres://me:•@db/x"),
        ("ID: AKIAABCDEFGHIJKLMNOP", "ID: •"),
        ("# the old password: hunter2", "# the old password: •"),
    ],
)
def test_a_value_behind_a_secretive_name_is_masked(line: str, shown: str) -> None:
    assert masked(line) == shown


@pytest.mark.parametrize(
    "line",
    [
        "SECRET_KEY_BASE: { ssm: /chuoi/qa/secret-key-base }",
        "DB_PASSWORD: { secrets_manager: arn:aws:secretsmanager:eu-west-1:1:secret:db, key: password }",
        "API_KEY: { ref: backends.api.key }",
        "  secrets_manager: arn:aws:secretsmanager:eu-west-1:1:secret:db",
        "image: registry.example.com/token-service:1.0",
        "depends_on: { secrets-fetcher: success }",
        "url: https://example.com:8080/@home",
        'ports: ["8080:80"]',
    ],
)
def test_where_a_secret_is_kept_stays_visible(line: str) -> None:
    assert masked(line) == line.replace("success", "•")  # a name that merely looks like one costs its value


def test_what_stands_below_a_secretive_key_is_masked() -> None:
    text = """\
environment:
  PRIVATE_KEY: |
    -----BEGIN RSA PRIVATE KEY-----

    MIIEow
  # a comment
  HOST: example
tokens:
- one
- NAME: two
secrets:
# another comment
  DB:
    ssm: /shop/db
    version: three
volumes: {}"""
    assert (
        masked(text)
        == """\
environment:
  PRIVATE_KEY: •
    •

    •
  # a comment
  HOST: example
tokens:
- •
- NAME: •
secrets:
# another comment
  DB:
    ssm: /shop/db
    version: •
volumes: {}"""
    )


def test_a_place_that_was_found_to_hold_a_secret_is_masked() -> None:
    text = "environment: { HOST: a, BLOB: hunter2 }"
    assert masked(text, Span("f", 1, 31, 1, 38)) == "environment: { HOST: a, BLOB: • }"


def test_a_key_that_was_found_to_hold_a_secret_is_masked_with_all_below_it() -> None:
    text = "environment:\n  BLOB: |\n    hunter2\n  HOST: a"
    assert masked(text, Span("f", 2, 3, 2, 7)) == "environment:\n  •: •\n    •\n  HOST: a"


@pytest.mark.parametrize(
    "line",
    [
        "token" * 200_000,
        "{password: " * 90_000,
        "-token " * 140_000,
        "://a:" * 200_000,
        "'" * 900_000 + "token: x",
        "- " * 500_000,
        "secret" + "-" * 900_000,
        " " * 900_000 + "x: 1",
        "[," * 500_000,
        "!a " * 300_000 + "token: !" + "!" * 99_000,
    ],
    ids=lambda line: str(line[:12]),
)
def test_no_line_takes_long(line: str) -> None:
    start = time.monotonic()
    Masks([line], ()).of(1)
    assert time.monotonic() - start < 5
