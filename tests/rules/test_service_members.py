"""Members of the service: what Fargate refuses is answered by its name, and overrides are checked where they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from chuoigen.diagnostics import Diagnostic

SERVICE = """\
network: {{ vpc: vpc-0123456789abcdef0, subnets: {{ private: [subnet-0123456789abcdef0] }} }}
containers: {{ app: {{ image: "nginx:1.28.0" }} }}
service: {{ {} }}
"""


@pytest.mark.parametrize(
    ("key", "refused", "taken"),
    [
        ("scheduling_strategy", "DAEMON", "REPLICA"),
        ("launch_type", "EC2", "FARGATE"),
        ("placement_constraints", "[{ type: distinctInstance }]", "[]"),
        ("placement_strategy", "[{ type: spread }]", "[]"),
        ("role", "ecsServiceRole", "null"),
    ],
)
def test_what_fargate_refuses_is_answered_by_its_name(
    diagnose: Callable[[str], tuple[Diagnostic, ...]], key: str, refused: str, taken: str
) -> None:
    found = diagnose(SERVICE.format(f"{key}: {refused}"))
    assert [(each.rule, each.path) for each in found] == [("unsupported-parameter", ("service", key))]
    assert diagnose(SERVICE.format(f"{key}: {taken}")) == ()


@pytest.mark.parametrize(
    ("override", "rule", "where"),
    [
        ("{ gatewayConnectors: [{ portName: web }] }", "unchecked-override", ()),
        ("{ monitoring: null }", "unchecked-override", ()),
        ("{ gatewayConnector: [] }", "invalid-override", ("gatewayConnector",)),
        ("{ desiredCount: two }", "invalid-override", ("desiredCount",)),
        ("{ propagateTags: ALL }", "invalid-override", ("propagateTags",)),
        ("{ monitoring: { metricConfigurations: [{ resolution: 20 }] } }", "invalid-override", None),
        ("{ cluster: other }", "invalid-override", ("cluster",)),
        ("{ tags: null }", "invalid-override", ("tags",)),
        ("{ status: ACTIVE }", "invalid-override", ("status",)),
    ],
)
def test_an_override_of_the_service_is_checked_where_it_stands(
    diagnose: Callable[[str], tuple[Diagnostic, ...]], override: str, rule: str, where: tuple[str, ...] | None
) -> None:
    found = diagnose(SERVICE.format(f"overrides: {override}"))
    assert [each.rule for each in found] == [rule]
    if where is not None:
        assert found[0].path == ("service", "overrides", *where)


@pytest.mark.parametrize(
    ("ebs", "reports"),
    [
        ("snapshot: snap-0123456789abcdef0, initialization_rate: 100", []),
        ("snapshot: snap-0123456789abcdef0, initialization_rate: 300", []),
        ("snapshot: snap-0123456789abcdef0, initialization_rate: 99", ["ebs-initialization"]),
        ("snapshot: snap-0123456789abcdef0, initialization_rate: 301", ["ebs-initialization"]),
        ("size: 10, initialization_rate: 200", ["ebs-initialization"]),
    ],
)
def test_a_rate_is_that_of_a_snapshot_and_within_its_limits(
    reported: Callable[[str], list[str]], ebs: str, reports: list[str]
) -> None:
    role = "role: arn:aws:iam::123456789012:role/volumes"
    volumes = f"volumes: {{ disk: {{ ebs: {{ {ebs}, {role} }} }} }}\n"
    text = SERVICE.format("desired_count: 1").replace('nginx:1.28.0"', 'nginx:1.28.0", mounts: { disk: /disk }')
    assert reported(text + volumes) == reports
