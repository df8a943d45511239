"""The rule about texts of several lines: where one line is needed, and where any text can stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from chuoigen.diagnostics import Diagnostic

OWN = "containers:\n  app:\n    build: {{ dockerfile: base.yaml, {} }}\n"


@pytest.mark.parametrize(
    "keys",
    [
        r'environment: { A: "1\n2\t3\u2028" }',
        r'command: ["sh", "-c", "a\nb"]',
        r'entrypoint: ["sh", "-c", "a\nb"]',
        r'healthcheck: { command: ["CMD-SHELL", "a\nb"] }',
        r'labels: { a: "1\n2" }',
    ],
)
def test_some_texts_may_have_several_lines(about_app: Callable[[str], list[str]], keys: str) -> None:
    assert about_app(keys) == []


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (r'working_dir: "/a\n"', "the text of containers.app.working_dir contains a line end"),
        (r'working_dir: "/a\tb"', "the text of containers.app.working_dir contains a tab"),
        (r'working_dir: "/a\r"', "the text of containers.app.working_dir contains a carriage return"),
        (r'working_dir: "/a\L"', "the text of containers.app.working_dir contains the line separator U+2028"),
        (r'working_dir: "/a\N"', "the text of containers.app.working_dir contains the line separator U+0085"),
        (r'labels: { "a\nb": c }', "the key containers.app.labels.a b contains a line end"),
        (r'logs: { options: { mode: "blocking", awslogs-multiline-pattern: "a\tb" } }', "contains a tab"),
    ],
)
def test_others_may_not(diagnose: Callable[[str], tuple[Diagnostic, ...]], keys: str, said: str) -> None:
    found = diagnose(f"containers:\n  app:\n    image: nginx:1.28.0\n    {keys}\n")
    assert [(one.rule, one.span.line) for one in found] == [("several-lines", 5)]
    assert said in found[0].message


def test_arguments_of_an_own_dockerfile_may_and_those_of_a_recipe_may_not(reported: Callable[[str], list[str]]) -> None:
    assert reported(OWN.format(r'args: { A: "1\n2" }')) == []
    recipe = r'containers: { web: { ports: [80], build: { recipe: nginx, args: { A: "1\n2" } } } }'
    assert reported(f"{recipe}\n") == ["several-lines"]


@pytest.mark.parametrize(
    ("example", "rule"),
    [
        ('containers: { app: { image: "nginx:1.28.0\\n" } }\n', "image-reference"),
        ('containers: { "a\\n": { image: nginx:1.28.0 } }\n', "container-name-format"),
        ('containers: { app: { image: nginx:1.28.0, environment: { "A\\n": b } } }\n', "variable-name-format"),
        ('timezone: "UTC\\n"\ncontainers: { app: { image: nginx:1.28.0 } }\n', "unknown-time-zone"),
    ],
)
def test_a_text_that_another_rule_judges_is_reported_once(
    reported: Callable[[str], list[str]], example: str, rule: str
) -> None:
    assert reported(example) == [rule]


def test_the_variable_of_a_pool_is_a_name(reported: Callable[[str], list[str]]) -> None:
    pool = 'pool: { container: app, variable: "A B", size: 1 }'
    example = "containers: { app: { image: nginx:1.28.0 } }\nbackends:\n"
    assert reported(f"{example}  db: {{ host: a.example.com, port: 1, {pool} }}\n") == ["variable-name-format"]


def test_a_key_of_a_secret_has_no_colon(about_app: Callable[[str], list[str]]) -> None:
    assert about_app('secrets: { A: { secrets_manager: shop/a, key: "a:b" } }') == ["secret-format"]


def test_each_place_of_a_text_is_reported_unless_another_rule_does(reported: Callable[[str], list[str]]) -> None:
    containers = 'containers: { app: { image: nginx:1.28.0, mounts: { "d\\n": /a }, user: "1" } }\n'
    assert sorted(reported(f'volumes: {{ "d\\n": {{}} }}\n{containers}')) == [
        "root-owned-volume",
        "several-lines",
        "volume-name-format",
    ]
