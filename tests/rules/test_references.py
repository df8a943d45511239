"""What a ref may point to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable


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
