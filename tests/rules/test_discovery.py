"""The DNS name of the tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

SPEC = """\
containers:
  web: {{ image: nginx:1.28.0, ports: [8080, 9090] }}
  side: {{ image: nginx:1.28.0 }}
network:
  vpc: vpc-0123456789abcdef0
  subnets: {{ private: [subnet-0123456789abcdef0] }}
  allow: [{{ from: {source}, to: web }}]
discovery: {{ {discovery} }}
"""
NEW, GIVEN = "namespace: shop.internal", "namespace: ns-0123456789abcdef"


@pytest.mark.parametrize(
    ("discovery", "expected"),
    [
        (NEW, []),
        (f"{NEW}, ttl: 60", []),
        (f"{NEW}, ttl: 61", ["slow-discovery"]),
        ("namespace: local", []),
        ("namespace: shop_qa.internal", ["name-format"]),
        (f"{NEW}, service: _web._tcp", []),
        (f"{NEW}, service: web-", ["name-format"]),
        (f"{NEW}, record: srv, container: web", []),
        (f"{NEW}, record: srv, container: web, port: 9090", []),
        (f"{NEW}, record: srv, container: web, port: 9091", ["discovery-port"]),
        (f"{NEW}, record: srv, container: side", ["discovery-port"]),
        (f"{NEW}, record: srv, container: api", ["discovery-port"]),
        (f"{NEW}, record: srv", ["discovery-port"]),
        (f"{NEW}, container: web, port: 8080", ["discovery-port", "discovery-port"]),
        (f"{NEW}, domain: shop.internal", ["discovery-existing"]),
        (f"{NEW}, service: srv-0123456789abcdef", ["discovery-existing"]),
        (f"{GIVEN}, domain: shop.internal, service: srv-0123456789abcdef", []),
        (f"{GIVEN}, service: srv-0123456789abcdef, ttl: 10", ["discovery-existing"]),
        (f"{GIVEN}, domain: shop_internal", ["name-format"]),
        ("namespace: 'arn:aws:servicediscovery:eu-west-1:123456789012:namespace/ns-0123456789abcdef'", []),
        ("namespace: 'arn:aws:servicediscovery:eu-west-3:123456789012:namespace/ns-1'", ["existing-elsewhere"]),
    ],
)
def test_discovery(discovery: str, expected: list[str], reported: Callable[[str], list[str]]) -> None:
    assert reported(SPEC.format(source="web", discovery=discovery)) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("web", []),
        ("sg-0123456789abcdef0", []),
        ("10.0.0.0/8", []),
        ("pl-0123456789abcdef0", []),
        ("side", ["unreachable-name"]),
    ],
)
def test_a_name_that_nobody_may_use(source: str, expected: list[str], reported: Callable[[str], list[str]]) -> None:
    assert reported(SPEC.format(source=source, discovery=NEW)) == expected
