"""The load balancer: its target, its flows, its certificate, its numbers."""

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
network:
  vpc: vpc-0123456789abcdef0
  subnets: {{ private: [subnet-0123456789abcdef0, subnet-0123456789abcdef1], public: [subnet-01234567, subnet-12345678] }}
  allow: [{flows}]
  security_groups: {{ {groups} }}
load_balancer: {{ {balancer} }}
"""
OPEN = "{ from: internet, to: alb, ports: [80, 443] }"
HTTP = "{ from: internet, to: alb }"
FLOW = "{ from: alb, to: web }"
CERTIFICATE = "arn:aws:acm:eu-west-1:123456789012:certificate/00000000-0000-4000-8000-000000000000"


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("port: 81", []),
        ("port: 53", ["target-without-port"]),
        ("port: 82", ["target-without-port"]),
        ("idle_timeout: 1", []),
        ("idle_timeout: 0", ["balancer-setting-out-of-range"]),
        ("idle_timeout: 4001", ["balancer-setting-out-of-range"]),
        ("deregistration_delay: 60", []),
        ("deregistration_delay: 59", ["short-deregistration"]),
        ("deregistration_delay: 300", []),  # AWS's own default, longer than the stop timeout
        ("deregistration_delay: 30, idle_timeout: 30", []),
        ("deregistration_delay: 3600, idle_timeout: 4000", []),  # there is no longer delay
        ("deregistration_delay: 3601", ["balancer-setting-out-of-range"]),
        ("healthcheck: /", []),
        ("healthcheck: health", ["target-path-format"]),
        ("healthcheck: /a b", ["target-path-format"]),
        ("healthcheck: { path: /, interval: 5, timeout: 4 }", []),
        ("healthcheck: { path: /, interval: 4, timeout: 2 }", ["balancer-setting-out-of-range"]),
        ("healthcheck: { path: /, interval: 300, timeout: 120 }", []),
        ("healthcheck: { path: /, interval: 300, timeout: 121 }", ["balancer-setting-out-of-range"]),
        ("healthcheck: { path: /, interval: 5, timeout: 5 }", ["overlapping-target-checks"]),
        ("healthcheck: { path: /, healthy: 2, unhealthy: 10 }", []),
        ("healthcheck: { path: /, healthy: 1 }", ["balancer-setting-out-of-range"]),
        ("healthcheck: { path: /, unhealthy: 11 }", ["balancer-setting-out-of-range"]),
        ("healthcheck: { path: /, port: 80 }", []),
        ("healthcheck: { path: /, port: 81 }", []),
        ("healthcheck: { path: /, port: 82 }", ["unreachable-target-check"]),  # nobody declares it
        ("healthcheck: { path: /, port: 53 }", ["unreachable-target-check"]),  # it is udp
        ("healthcheck: { path: /, port: 0 }", ["unreachable-target-check"]),
        ("healthcheck: { path: /, port: 65536 }", ["unreachable-target-check"]),
        ("healthcheck: { path: /, matcher: 200 }", []),
        ("healthcheck: { path: /, matcher: '200,204,499' }", []),
        ("healthcheck: { path: /, matcher: 200-399 }", []),
        ("healthcheck: { path: /, matcher: 399-200 }", ["status-code-format"]),
        ("healthcheck: { path: /, matcher: 500 }", ["status-code-format"]),
        ("healthcheck: { path: /, matcher: 200-500 }", ["status-code-format"]),
        ("healthcheck: { path: /, matcher: 199 }", ["status-code-format"]),
        ("healthcheck: { path: /, matcher: '200, 204' }", ["status-code-format"]),
    ],
)
def test_settings(reported: Callable[[str], list[str]], settings: str, expected: list[str]) -> None:
    flows = f"{HTTP}, {{ from: alb, to: web, ports: [80, 81] }}"
    assert reported(BELOW.format(flows=flows, groups="", balancer=f"target: web, {settings}")) == expected


@pytest.mark.parametrize(
    ("flows", "groups", "balancer", "expected"),
    [
        (f"{HTTP}, {FLOW}", "", "target: web", []),
        (HTTP, "", "target: wbe", ["unknown-target"]),
        (HTTP, "", "target: app", ["target-without-port"]),
        (f"{HTTP}, {{ from: alb, to: app }}", "", "target: app", ["target-without-port"]),
        (HTTP, "", "target: web", ["unreachable-target"]),
        (f"{HTTP}, {{ from: alb, to: web, ports: [81] }}", "", "target: web", ["unreachable-target"]),
        (HTTP, "service: sg-0123456789abcdef0", "target: web", []),
        # The port of the check is admitted with that of the requests, unless the ports are written.
        (f"{HTTP}, {FLOW}", "", "target: web, port: 80, healthcheck: { path: /, port: 81 }", []),
        (f"{HTTP}, {FLOW}", "", "target: web, healthcheck: { path: /, port: 81 }", []),
        (
            f"{HTTP}, {{ from: alb, to: web, ports: [80] }}",
            "",
            "target: web, healthcheck: { path: /, port: 81 }",
            ["unreachable-target-check"],
        ),
        (HTTP, "service: sg-0123456789abcdef0", "target: web, healthcheck: { path: /, port: 81 }", []),
        (FLOW, "", "target: web", ["closed-balancer"]),
        (f"{HTTP}, {{ from: abl, to: web }}", "", "target: web", ["unknown-endpoint"]),
        (f"{HTTP}, {{ from: alb, to: wbe }}", "", "target: web", ["unknown-endpoint"]),
        (f"{{ from: internet, to: abl }}, {FLOW}", "", "target: web", ["unknown-endpoint"]),
        (FLOW, "alb: sg-0123456789abcdef0", "target: web", []),
        (f"{HTTP}, {FLOW}", "", f"target: web, certificate: '{CERTIFICATE}'", ["closed-balancer"]),
        (f"{OPEN}, {FLOW}", "", f"target: web, certificate: '{CERTIFICATE}'", []),
        (f"{OPEN}, {FLOW}", "", "target: web", ["https-without-certificate"]),
        (f"{OPEN}, {FLOW}", "", "target: web, certificate: shop", ["unusable-certificate"]),
        (
            f"{OPEN}, {FLOW}",
            "",
            f"target: web, certificate: '{CERTIFICATE.replace('eu-west-1', 'us-east-1')}'",
            ["unusable-certificate"],
        ),
        (
            f"{OPEN}, {FLOW}",
            "",
            f"target: web, certificate: '{CERTIFICATE.replace('123456789012', '210987654321')}'",
            ["unusable-certificate"],
        ),
    ],
)
def test_flows_through_it(
    reported: Callable[[str], list[str]], flows: str, groups: str, balancer: str, expected: list[str]
) -> None:
    assert reported(BELOW.format(flows=flows, groups=groups, balancer=balancer)) == expected


@pytest.mark.parametrize(("timeout", "expected"), [(30, []), (31, ["short-deregistration"])])
def test_a_proxy_that_is_the_target_bounds_a_request(
    diagnose: Callable[[str], tuple[Diagnostic, ...]], timeout: int, expected: list[str]
) -> None:
    web = f"web: {{ build: {{ recipe: nginx, upstream: app, timeout: {timeout} }}, ports: [80] }}"
    below = BELOW.replace(
        'web: {{ image: nginx:1.28.0, ports: [80, 81, "53/udp"] }}', web.replace("{", "{{").replace("}", "}}")
    )
    below = below.replace("app: {{ image: nginx:1.28.0 }}", "app: {{ image: nginx:1.28.0, ports: [8080] }}")
    found = diagnose(below.format(flows=f"{HTTP}, {FLOW}", groups="", balancer="target: web, deregistration_delay: 30"))
    assert [one.rule for one in found] == expected
    assert [(related.span.line, one.words.named["needed"]) for one in found for related in one.related] == (
        [(3, timeout)] if expected else []
    )


def test_without_a_network_only_that_is_reported(reported: Callable[[str], list[str]]) -> None:
    web = "containers: { web: { image: nginx:1.28.0, ports: [80] } }\n"
    assert reported(f"{web}load_balancer: {{ target: web }}\nservice: {{}}\n") == ["service-without-network"]
