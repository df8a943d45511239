"""A Phoenix application whose tasks are one cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

SPEC = """\
containers:
  app:
    build: {{ recipe: phoenix, {build} }}
    ports: [4000]
    environment: {{ {environment} }}
    secrets: {{ {secrets} }}
network:
  vpc: vpc-0123456789abcdef0
  subnets: {{ private: [subnet-0123456789abcdef0] }}
{discovery}
"""
BUILD, COOKIE, NAME = 'elixir: "1.20", cluster: {}', "RELEASE_COOKIE: { ssm: /cookie }", "{ namespace: chat.internal }"
GIVEN = "namespace: ns-0123456789abcdef"
OLD = 'builder: "hexpm/elixir:1.13.4-erlang-{}-alpine-3.18.2", runtime: "alpine:3.18.2"'


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, []),
        ({"build": 'elixir: "1.20"', "secrets": "", "discovery": None}, []),
        ({"secrets": ""}, ["cluster-cookie"]),
        ({"environment": "RELEASE_COOKIE: abc", "secrets": ""}, ["cluster-cookie"]),
        ({"environment": "RELEASE_NODE: chat@app"}, ["cluster-node-name"]),
        ({"discovery": None}, ["cluster-discovery"]),
        ({"discovery": "{ namespace: chat.internal, record: srv, container: app }"}, ["cluster-discovery"]),
        ({"discovery": f"{{ {GIVEN} }}"}, ["cluster-discovery"]),
        ({"discovery": f"{{ {GIVEN} }}", "environment": "DNS_CLUSTER_QUERY: nodes.internal"}, []),
        ({"discovery": f"{{ {GIVEN}, domain: chat.internal }}"}, []),
        ({"discovery": f"{{ {GIVEN}, domain: chat.internal, service: srv-0123456789abcdef }}"}, ["cluster-discovery"]),
        ({"build": 'elixir: "1.20", cluster: { port: 4000 }'}, ["cluster-port"]),
        ({"build": 'elixir: "1.20", cluster: { port: 4001 }'}, []),
        ({"build": f'elixir: "1.13", cluster: {{}}, {OLD.format("24.3.4")}'}, ["cluster-release"]),
        ({"build": f'elixir: "1.13", cluster: {{}}, {OLD.format("25.0")}'}, []),
    ],
)
def test_cluster(changed: dict[str, str | None], expected: list[str], reported: Callable[[str], list[str]]) -> None:
    parts = {"build": BUILD, "environment": "", "secrets": COOKIE, "discovery": NAME, **changed}
    parts["discovery"] = f"discovery: {parts['discovery']}" if parts["discovery"] else ""
    assert [name for name in reported(SPEC.format(**parts)) if name.startswith("cluster")] == expected


def test_a_port_of_two_nodes_in_a_task(reported: Callable[[str], list[str]]) -> None:
    spec = SPEC.format(build=BUILD, environment="", secrets=COOKIE, discovery=f"discovery: {NAME}")
    second = spec.replace(
        "network:", f"  other:\n    build: {{ recipe: phoenix, {BUILD} }}\n    secrets: {{ {COOKIE} }}\nnetwork:"
    )
    assert "cluster-port" in reported(second)
