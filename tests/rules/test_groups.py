"""Further groups of the tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.artifacts.plans import plan_of

if TYPE_CHECKING:
    from collections.abc import Callable

SPEC = """\
containers: {{ web: {{ image: nginx:1.28.0 }} }}
backends: {{ db: {{ host: db.internal, port: 5432, security_group: sg-0123456789abcdef0 }} }}
network:
  vpc: vpc-0123456789abcdef0
  subnets: {{ private: [subnet-0123456789abcdef0] }}
  security_groups: {{ also: [{also}] }}
  allow: [{{ from: web, to: db }}]
"""
HEAD = 'chuoigen: 1\nname: shop\naws: { account: "123456789012", region: eu-west-1 }\n'


@pytest.mark.parametrize(
    ("also", "expected"),
    [
        ("sg-0123456789abcdef1, sg-0123456789abcdef2, sg-0123456789abcdef3", []),
        (", ".join(f"sg-0123456789abcdef{number}" for number in range(1, 5)), ["too-many-groups"]),
        ("db", ["network-id-format"]),
        ("sg-1", ["network-id-format"]),
    ],
)
def test_groups_that_the_tasks_join_as_well(
    also: str, expected: list[str], reported: Callable[[str], list[str]]
) -> None:
    assert reported(SPEC.format(also=also)) == expected


def test_a_group_that_is_joined_anyway_is_not_joined_twice() -> None:
    plan = plan_of(HEAD + SPEC.format(also="sg-0123456789abcdef0, sg-0123456789abcdef1, sg-0123456789abcdef1"))
    assert [group.id for group in plan.groups] == [None, "sg-0123456789abcdef0", "sg-0123456789abcdef1"]
    assert plan.service is not None
    request = plan.request(plan.service)["networkConfiguration"]["awsvpcConfiguration"]
    assert request["securityGroups"] == ["@security-group:service@", "sg-0123456789abcdef0", "sg-0123456789abcdef1"]
