"""Service Connect."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

SPEC = """\
task: {{ cpu: {cpu}, memory: {memory} }}
containers:
  web: {{ image: nginx:1.28.0, {size} ports: [{ports}] }}
network:
  vpc: vpc-0123456789abcdef0
  subnets: {{ private: [subnet-0123456789abcdef0] }}
  allow: [{{ from: {source}, to: web, ports: [8080] }}]
service_connect: {{ namespace: {namespace}, services: {{ {services} }} }}
"""
USUAL = {
    "cpu": "512",
    "memory": "1024",
    "size": "",
    "ports": "{ container: 8080, name: web, app_protocol: http }",
    "source": "sg-0123456789abcdef0",
    "namespace": "shop",
    "services": "web: {}",
}
TWO = "{ container: 8080, name: web }, { container: 8081, name: admin }"


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, []),
        ({"services": ""}, []),
        ({"services": "http: {}"}, ["unknown-port-name"]),
        ({"ports": "8080", "services": "web: {}"}, ["unknown-port-name"]),
        ({"services": "web: { request_timeout: 10 }"}, []),
        (
            {"services": "web: { request_timeout: 10 }", "ports": "{ container: 8080, name: web }"},
            ["request-timeout-of-tcp"],
        ),
        ({"services": "web: { idle_timeout: 10 }", "ports": "{ container: 8080, name: web }"}, []),
        ({"cpu": "256"}, ["proxy-without-room"]),
        ({"size": "cpu: 256,"}, []),
        ({"size": "cpu: 257,"}, ["proxy-without-room"]),
        ({"size": "memory: 960 MiB,"}, []),
        ({"size": "memory: 961 MiB,"}, ["proxy-without-room"]),
        ({"services": "web: { ingress_port: 9000 }"}, ["unreachable-endpoint"]),
        ({"services": "web: {}, admin: {}", "ports": TWO}, ["unreachable-endpoint"]),
        (
            {"services": "web: { alias: a, port: 80 }, admin: { alias: a, port: 80 }", "ports": TWO},
            ["endpoint-twice", "unreachable-endpoint"],
        ),
        (
            {"services": "web: { alias: a, port: 80 }, admin: { alias: a, port: 81 }", "ports": TWO},
            ["unreachable-endpoint"],
        ),
        ({"services": "web: { alias: Shop }"}, ["name-format"]),
        ({"services": "web: { name: shop.web }"}, ["name-format"]),
        ({"namespace": "ns-0123456789abcdef"}, []),
        ({"namespace": "'arn:aws:servicediscovery:eu-west-3:123456789012:namespace/ns-1'"}, ["existing-elsewhere"]),
    ],
)
def test_service_connect(changed: dict[str, str], expected: list[str], reported: Callable[[str], list[str]]) -> None:
    assert sorted(reported(SPEC.format(**{**USUAL, **changed}))) == expected
