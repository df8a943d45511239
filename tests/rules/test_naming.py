"""Names that AWS takes, and the key that is to blame for one that it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from chuoigen.diagnostics import Diagnostic

FULL = """\
name: {name}
stage: {stage}
containers:
  {container}:
    build: {{ dockerfile: Dockerfile }}
    ports: [80]
network:
  vpc: vpc-0123456789abcdef0
  subnets: {{ private: [subnet-01234567], public: [subnet-11111111, subnet-22222222] }}
  allow: [{{ from: internet, to: alb }}, {{ from: alb, to: {container} }}]
load_balancer: {{ target: {container}, {balancer} }}
"""


@pytest.fixture
def places(diagnose: Callable[[str], tuple[Diagnostic, ...]], tmp_path: Path) -> Callable[..., list[tuple[str, int]]]:
    (tmp_path / "Dockerfile").write_text("FROM scratch\n", encoding="utf-8")

    def run(name: str = "shop", stage: str = "qa", container: str = "web", balancer: str = "") -> list[tuple[str, int]]:
        found = diagnose(FULL.format(name=name, stage=stage, container=container, balancer=balancer))
        return [(one.rule, one.span.line) for one in found]

    return run


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        ({}, None),
        ({"name": "Shop"}, 2),  # an ECR repository has no capitals
        ({"name": "shop_front"}, 2),  # a load balancer has no underscores
        ({"name": "a shop"}, 2),
        ({"name": "sg"}, 2),  # sg-qa-service is no name of a group
        ({"name": "internal"}, 2),  # internal-qa-alb is no name of a load balancer
        ({"name": "s" * 25}, None),  # …-qa-alb and …-qa-web have 32 characters
        ({"name": "s" * 26}, 2),
        ({"stage": "QA"}, 3),
        ({"stage": "q_a"}, 3),
        ({"container": "Web"}, 5),
        ({"container": "w_b"}, 12),  # only the target group's name has it: the target is to blame
        ({"name": "s" * 26, "balancer": "name: front, target_group: web"}, None),
        ({"balancer": "name: a_b"}, 12),
        ({"balancer": "name: -ab"}, 12),
        ({"balancer": "target_group: a_b"}, 12),
    ],
)
def test_the_key_that_is_to_blame(
    places: Callable[..., list[tuple[str, int]]], keys: dict[str, str], line: int | None
) -> None:
    assert places(**keys) == ([] if line is None else [("name-format", line)])


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('aws: { account: "12345678901", region: eu-west-1 }', ["account-format"]),
        ('aws: { account: "123456789012", region: eu-west-1a }', ["region-format"]),
        ('aws: { account: "123456789012", region: us-gov-west-1 }', []),
        ("timezone: UTC", []),
        ("timezone: America/Argentina/Buenos_Aires", []),
        ("timezone: Etc/GMT+9", []),
        ("timezone: ../etc/passwd", ["unknown-time-zone"]),
        ("timezone: /UTC", ["unknown-time-zone"]),
        ("task: { execution_role: arn:aws:iam::123456789012:role/path/shop }", []),
        ("task: { execution_role: arn:aws:iam::123456789012:user/shop }", ["name-format"]),
        ("task: { task_role: a/b }", ["name-format"]),
        ("task: { family: a.b }", ["name-format"]),
        ("task: { tags: { a: b } }", []),
        ("task: { tags: { a: '' } }", []),
        ("task: { tags: { 'aws:a': b } }", ["tag-format"]),
        ("task: { tags: { chuoigen: mine } }", ["reserved-tag"]),
        ("task: { tags: { 'Chuoigen:definition': mine } }", ["reserved-tag"]),
        ("task: { tags: { by: chuoigen } }", []),
        ("task: { tags: { a: 'b!' } }", ["tag-format"]),
        (f"task: {{ tags: {{ {', '.join(f't{n}: a' for n in range(50))} }} }}", []),
        (f"task: {{ tags: {{ {', '.join(f't{n}: a' for n in range(51))} }} }}", ["tag-format"]),
        ("pipeline: { source_bucket: Shop }", ["name-format"]),
        ("pipeline: { image_tag: a b }", ["name-format"]),
        ("pipeline: { image_tag: latest }", []),
        ("logs: { group: '/a b/{container}' }", ["name-format"]),
    ],
)
def test_single_keys(reported: Callable[[str], list[str]], line: str, expected: list[str]) -> None:
    assert (
        reported(f"{line}\ncontainers: {{ app: {{ image: nginx:1.28.0 }}, web: {{ image: nginx:1.28.0 }} }}\n")
        == expected
    )
