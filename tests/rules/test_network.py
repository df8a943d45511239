"""Who may talk to whom, and where tasks run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from chuoigen.diagnostics import Diagnostic

BELOW = """\
containers:
  web: {{ image: nginx:1.28.0, ports: [80, 81, "53/udp"] }}
  app: {{ image: nginx:1.28.0 }}
backends:
  db: {{ host: db.example.com, port: 5432 }}
network:
  vpc: vpc-0123456789abcdef0
  subnets: {{ private: [subnet-0123456789abcdef0, subnet-0123456789abcdef1], public: [subnet-01234567, subnet-12345678] }}
  allow:
    - {{ from: internet, to: alb, ports: [80] }}
    - {{ from: alb, to: web }}
    - {}
load_balancer: {{ target: web }}
"""


@pytest.mark.parametrize(
    ("flow", "expected"),
    [
        ("{ from: app, to: db }", []),
        ("{ from: app, to: db, ports: [5432] }", []),
        ("{ from: app, to: db, ports: [5433] }", ["undeclared-port"]),
        ("{ from: app, to: web }", []),
        ("{ from: web, to: app }", ["undeclared-port"]),
        ("{ from: alb, to: app }", ["undeclared-port"]),
        ("{ from: alb, to: web, ports: [81] }", []),
        ("{ from: alb, to: web, ports: [53] }", ["undeclared-port"]),
        ("{ from: alb, to: web, ports: [82, 83] }", ["undeclared-port", "undeclared-port"]),
        ("{ from: nobody, to: web }", ["unknown-endpoint"]),
        ("{ from: web, to: nobody }", ["unknown-endpoint"]),
        ("{ from: a, to: b }", ["unknown-endpoint", "unknown-endpoint"]),
        ("{ from: db, to: web }", ["unknown-endpoint"]),
        ("{ from: web, to: internet }", ["unknown-endpoint"]),
        ("{ from: 10.0.0.0/8, to: web }", []),
        ("{ from: 10.0.0.1/32, to: alb }", []),
        ("{ from: 10.0.0.1, to: alb }", ["address-range-format"]),
        ("{ from: 10.0.0.1/8, to: alb }", ["address-range-format"]),
        ("{ from: 10.0.0.0/33, to: alb }", ["address-range-format"]),
        ("{ from: 10.0.0.0/255.0.0.0, to: alb }", ["address-range-format"]),
        ("{ from: 256.0.0.0/8, to: alb }", ["address-range-format"]),
        ('{ from: "2001:db8::/32", to: alb }', ["unsupported-flow"]),
        ('{ from: "2001:db8::1/32", to: alb }', ["address-range-format"]),
        ('{ from: "::/0", to: alb }', ["unsupported-flow"]),
        ('{ from: "fe80::1%eth0/64", to: alb }', ["address-range-format"]),
        ("{ from: 0.0.0.0/0, to: web }", ["open-to-world"]),
        ("{ from: internet, to: web }", ["open-to-world"]),
        ("{ from: sg-0123456789abcdef0, to: web }", []),
        ("{ from: sg-shop, to: web }", ["network-id-format"]),
        ("{ from: 210987654321/sg-0123456789abcdef0, to: web }", []),
        ("{ from: 210987654321/sg-0123456789abcdef0, to: alb }", []),
        ("{ from: 21098765432/sg-0123456789abcdef0, to: web }", ["network-id-format"]),
        ("{ from: 210987654321/sg-shop, to: web }", ["network-id-format"]),
        ("{ from: 210987654321/sg-0123456789abcdef0, to: db }", ["unsupported-flow"]),
        ("{ from: pl-0123456789abcdef0, to: web }", []),
        ("{ from: pl-63a5400a, to: alb }", []),
        ("{ from: pl-office, to: web }", ["network-id-format"]),
        ("{ from: pl-63a5400a, to: db }", ["unsupported-flow"]),
        ("{ from: internet, to: db }", ["unsupported-flow"]),
        ("{ from: 10.0.0.1/8, to: db }", ["address-range-format"]),
        ("{ from: alb, to: db }", ["unsupported-flow"]),
        ("{ from: web, to: alb }", ["unsupported-flow"]),
        ("{ from: alb, to: alb }", ["unsupported-flow"]),
        ("{ from: 10.0.0.0/8, to: alb, ports: [443] }", ["https-without-certificate"]),
        ("{ from: 10.0.0.0/8, to: alb, ports: [8443] }", ["unserved-port"]),
    ],
)
def test_flows(reported: Callable[[str], list[str]], flow: str, expected: list[str]) -> None:
    assert reported(BELOW.format(flow)) == expected


def test_flows_of_a_missing_load_balancer_are_one_finding(diagnose: Callable[[str], tuple[Diagnostic, ...]]) -> None:
    text = BELOW.format("{ from: alb, to: web }").replace("load_balancer: { target: web }\n", "")
    (found,) = diagnose(text)
    assert (found.rule, found.span.line, len(found.related)) == ("allow-without-balancer", 11, 2)


@pytest.mark.parametrize(
    ("host", "port", "expected"),
    [
        ("db.example.com", 1, []),
        ("db.example.com.", 65535, []),
        ("10.0.0.1", 5432, []),
        ("fd00::1", 5432, []),
        ("my_db", 5432, []),
        ("db.example.com:5432", 5432, ["backend-address"]),
        ("http://db", 5432, ["backend-address"]),
        ("-db", 5432, ["backend-address"]),
        ("db", 0, ["backend-address"]),
        ("db", 65536, ["backend-address"]),
        ("app", 5432, ["container-name-as-host"]),
    ],
)
def test_backends(reported: Callable[[str], list[str]], host: str, port: int, expected: list[str]) -> None:
    app = "containers: { app: { image: nginx:1.28.0 } }\n"
    assert reported(f'{app}backends: {{ db: {{ host: "{host}", port: {port} }} }}\n') == expected


@pytest.mark.parametrize("name", ["internet", "alb", "task", "service", "app"])
def test_names_that_a_backend_cannot_have(reported: Callable[[str], list[str]], name: str) -> None:
    app = "containers: { app: { image: nginx:1.28.0 } }\n"
    assert reported(f"{app}backends: {{ {name}: {{ host: db, port: 1 }} }}\n") == ["reserved-name"]


def subnets(count: int, first: int = 0) -> str:
    return ", ".join(f"subnet-{number:08x}" for number in range(first, first + count))


@pytest.mark.parametrize(
    ("private", "public", "service", "expected"),
    [
        (1, 0, "{}", []),
        (16, 0, "{}", []),
        (17, 0, "{}", ["too-many-subnets"]),
        (0, 0, "{}", ["no-way-out"]),
        (0, 1, "{}", ["no-way-out"]),
        (0, 1, "{ assign_public_ip: true }", []),
        (1, 1, "{ assign_public_ip: true }", []),
        (1, 0, "{ assign_public_ip: true }", ["public-ip-in-private-subnets"]),
    ],
)
def test_where_tasks_run(
    reported: Callable[[str], list[str]], private: int, public: int, service: str, expected: list[str]
) -> None:
    lists = f"private: [{subnets(private)}], public: [{subnets(public, 100)}]"
    network = f"network: {{ vpc: vpc-0123456789abcdef0, subnets: {{ {lists} }} }}\nservice: {service}\n"
    assert reported(f"containers: {{ app: {{ image: nginx:1.28.0 }} }}\n{network}") == expected


@pytest.mark.parametrize(
    ("internal", "private", "public", "service", "expected"),
    [
        ("false", 1, 2, "{}", []),
        ("false", 1, 1, "{}", ["too-few-balancer-subnets"]),
        ("false", 1, 0, "{}", ["too-few-balancer-subnets"]),
        ("false", 1, 0, "{ assign_public_ip: true }", ["public-ip-in-private-subnets"]),
        ("true", 2, 0, "{}", []),
        ("true", 1, 0, "{}", ["too-few-balancer-subnets"]),
        ("true", 0, 2, "{}", ["no-way-out"]),
        ("true", 0, 2, "{ assign_public_ip: true }", ["too-few-balancer-subnets"]),
    ],
)
def test_subnets_of_a_load_balancer(
    reported: Callable[[str], list[str]], internal: str, private: int, public: int, service: str, expected: list[str]
) -> None:
    lists = f"private: [{subnets(private)}], public: [{subnets(public, 100)}]"
    flows = "allow: [{ from: internet, to: alb }, { from: alb, to: app }]"
    network = f"network: {{ vpc: vpc-0123456789abcdef0, subnets: {{ {lists} }}, {flows} }}\nservice: {service}\n"
    balancer = f"load_balancer: {{ target: app, internal: {internal} }}\n"
    container = "containers: { app: { image: nginx:1.28.0, ports: [80] } }\n"
    assert reported(container + network + balancer) == expected
