"""What a listener does with requests: targets, rules with their priorities and conditions, actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chuoigen.plan.covering import covers
from chuoigen.spec.balancer import ListenerRule

if TYPE_CHECKING:
    from collections.abc import Callable

BELOW = """\
containers:
  web: {{ image: nginx:1.28.0, ports: [80, 81] }}
  api: {{ image: nginx:1.28.0, ports: [8080] }}
network:
  vpc: vpc-0123456789abcdef0
  subnets: {{ private: [subnet-0123456789abcdef0, subnet-0123456789abcdef1], public: [subnet-01234567, subnet-12345678] }}
  allow:
    - {{ from: internet, to: alb }}
    - {{ from: alb, to: web }}
    - {{ from: alb, to: api }}
load_balancer: {{ target: web, {balancer} }}
"""
RULE = "rules: {{ a: {{ priority: 1, path: /a, {} }} }}"


def rule(text: str) -> str:
    return RULE.format(text)


def condition(text: str) -> str:
    return f"rules: {{ a: {{ priority: 1, {text} }} }}"


@pytest.mark.parametrize(
    ("balancer", "expected"),
    [
        (rule("forward: web"), []),
        (rule("forward: api"), ["unknown-forward"]),
        (rule("forward: { web: 1, api: 1 }"), ["unknown-forward"]),
        ("targets: { api: {} }, " + rule("forward: api"), []),
        ("targets: { api: {} }, " + rule("forward: web"), ["idle-target"]),
        ("targets: { api: {} }, default: { forward: api }", ["idle-target"]),
        ("targets: { api: { port: 81 } }, default: { forward: { web: 1, api: 1 } }", ["target-without-port"]),
        ("targets: { ipa: {} }, default: { forward: { web: 1, ipa: 1 } }", ["unknown-target"]),
        ("targets: { b: { container: web, port: 81 } }, default: { forward: { web: 1, b: 1 } }", []),
        ("targets: { b: { container: wbe } }, default: { forward: { web: 1, b: 1 } }", ["unknown-target"]),
        ("targets: { web: { port: 81 } }", ["balancer-name"]),
        (rule("forward: web, respond: 404"), ["several-actions"]),
        (rule("redirect: { host: b.example }, respond: 404"), ["several-actions"]),
        (rule("respond: 404"), []),
        (rule("respond: 301"), ["fixed-response"]),
        (rule("respond: { status: 200, type: text/xml }"), ["fixed-response"]),
        (rule(f"respond: {{ status: 200, body: {'x' * 1024} }}"), []),
        (rule(f"respond: {{ status: 200, body: {'x' * 1025} }}"), ["fixed-response"]),
        (rule(f"respond: {{ status: 200, body: {'é' * 513} }}"), ["fixed-response"]),
        (rule("redirect: { path: /b }"), []),
        (rule("redirect: { path: b }"), ["redirect"]),
        (rule("redirect: {}"), ["redirect"]),
        (rule("redirect: { port: 65536 }"), ["redirect"]),
        (rule("redirect: { host: b.example, status: 302 }"), []),
        (rule("redirect: { host: b.example, status: 307 }"), ["redirect"]),
        ("targets: { api: {} }, " + rule("forward: { web: 999, api: 0 }"), []),
        ("targets: { api: {} }, " + rule("forward: { web: 1000, api: 1 }"), ["forward-weight"]),
        ("targets: { api: {} }, " + rule("forward: { web: 0, api: 0 }"), ["forward-weight"]),
        ("targets: { api: {} }, " + rule("forward: { web: 1, api: 1 }, sticky: 7200"), []),
        ("targets: { api: {} }, " + rule("forward: { web: 1, api: 1 }, sticky: 604801"), ["forward-weight"]),
        (rule("forward: web, sticky: 60"), ["forward-weight"]),
        ("sticky: 604800", []),
        ("sticky: 0", ["balancer-setting-out-of-range"]),
        ("sticky: { cookie: session, duration: 604801 }", ["balancer-setting-out-of-range"]),
        ("slow_start: 30", []),
        ("slow_start: 0", []),
        ("slow_start: 29", ["balancer-setting-out-of-range"]),
        ("slow_start: 901", ["balancer-setting-out-of-range"]),
        ("protocol: grpc", ["protocol-without-https"]),
        ("protocol: http2", ["protocol-without-https"]),
        ("rules: { a b: { priority: 1, path: /a } }", ["balancer-name"]),
        ("rules: { a: { priority: 0, path: /a } }", ["rule-priority"]),
        ("rules: { a: { priority: 50000, path: /a } }", []),
        ("rules: { a: { priority: 50001, path: /a } }", ["rule-priority"]),
        ("rules: { a: { priority: 1, path: /a }, b: { priority: 1, path: /b } }", ["rule-priority"]),
        ("rules: { a: { priority: 1, path: /* }, b: { priority: 2, path: /b } }", ["shadowed-rule"]),
        ("rules: { a: { priority: 2, path: /* }, b: { priority: 1, path: /b } }", []),
    ],
)
def test_requests(reported: Callable[[str], list[str]], balancer: str, expected: list[str]) -> None:
    assert reported(BELOW.format(balancer=balancer)) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("host: a.example.com", []),
        ('host: "*.example.com"', []),
        ("host: localhost", ["rule-condition"]),
        ("host: a.example.1", ["rule-condition"]),
        ("host: a_b.example.com", ["rule-condition"]),
        (f"host: {'a' * 125}.de", []),
        (f"host: {'a' * 126}.de", ["rule-condition"]),
        ("path: a", ["rule-condition"]),
        ('path: "*.png"', []),
        ("path: /a?b=c", ["rule-condition"]),
        ("path: [/a, /b, /c, /d, /e]", []),
        ("path: [/a, /b, /c, /d, /e, /f]", ["rule-condition"]),
        ("path: [/a, /b, /c], host: [d.example, e.example, f.example]", ["rule-condition"]),
        ('path: "/*/*/*/*/*/*"', []),
        ('path: "/*/*/*/*/*/*/*"', ["rule-condition"]),
        ("method: [GET, HEAD]", []),
        ("method: get", ["rule-condition"]),
        ("source_ip: 10.0.0.0/8", []),
        ("source_ip: 10.0.0.5/8", ["rule-condition"]),
        ("source_ip: 10.0.0.5", ["rule-condition"]),
        ("source_ip: 2001:db8::/32", []),
        ("header: { X-Tenant: [a, b] }", []),
        ("header: { Host: a.example }", ["rule-condition"]),
        ('header: { "X Tenant": a }', ["rule-condition"]),
        ('query: { a: 1, "": b }', []),
        ("forward: web", ["rule-condition"]),
    ],
)
def test_conditions(reported: Callable[[str], list[str]], written: str, expected: list[str]) -> None:
    assert reported(BELOW.format(balancer=condition(written))) == expected


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ({"path": ["/*"]}, {"path": ["/a/*"]}, True),
        ({"path": ["/a/*"]}, {"path": ["/*"]}, False),
        ({"path": ["/a/?"]}, {"path": ["/a/b"]}, True),
        ({"path": ["/a/?"]}, {"path": ["/a/*"]}, False),
        ({"path": ["/A"]}, {"path": ["/a"]}, False),
        ({"host": ["A.example.com"]}, {"host": ["a.EXAMPLE.com"]}, True),
        ({"host": ["*.example.com"]}, {"host": ["a.example.com"], "path": ["/a"]}, True),
        ({"host": ["a.example.com"], "path": ["/a"]}, {"host": ["a.example.com"]}, False),
        ({"path": ["/a", "/b"]}, {"path": ["/b"]}, True),
        ({"path": ["/b"]}, {"path": ["/a", "/b"]}, False),
        ({"source_ip": ["10.0.0.0/8"]}, {"source_ip": ["10.1.0.0/16"]}, True),
        ({"source_ip": ["10.1.0.0/16"]}, {"source_ip": ["10.0.0.0/8"]}, False),
        ({"source_ip": ["10.0.0.0/8"]}, {"source_ip": ["2001:db8::/32"]}, False),
        ({"header": {"X-A": ["1"]}}, {"header": {"x-a": ["1"]}}, True),
        ({"header": {"X-A": ["1"]}}, {"header": {"X-B": ["1"]}}, False),
        ({"query": {"": ["1"]}}, {"query": {"a": ["1"]}}, True),
        ({"query": {"a": ["1"]}}, {"query": {"": ["1"]}}, False),
        ({"method": ["GET", "HEAD"]}, {"method": ["GET"]}, True),
    ],
)
def test_one_rule_takes_all_of_another(first: dict[str, object], second: dict[str, object], expected: bool) -> None:
    one, other = (ListenerRule.model_validate({"priority": 1, **written}) for written in (first, second))
    assert covers(one, other) is expected


LISTENER = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/shared/50dc6c495c0c9188/f2f7dc8efc522ab2"
GIVEN = """\
containers: {{ api: {{ image: nginx:1.28.0, ports: [8080] }} }}
network:
  vpc: vpc-0123456789abcdef0
  subnets: {{ private: [subnet-0123456789abcdef0, subnet-0123456789abcdef1] }}
  security_groups: {{ {groups} }}
  allow: [{{ from: alb, to: api }}]
load_balancer: {{ target: api, {balancer} }}
"""
OURS = "rules: { a: { priority: 1, path: /a } }"


@pytest.mark.parametrize(
    ("groups", "balancer", "expected"),
    [
        ("alb: sg-0123456789abcdef0", f"listener: '{LISTENER}', {OURS}", []),
        ("alb: sg-0123456789abcdef0", f"listener: '{LISTENER}', protocol: grpc, {OURS}", []),
        ("alb: sg-0123456789abcdef0", f"listener: '{LISTENER}'", ["idle-target"]),
        ("", f"listener: '{LISTENER}', {OURS}", ["existing-balancer-group"]),
        ("alb: shop-alb", f"listener: '{LISTENER}', {OURS}", ["existing-balancer-group"]),
        ("alb: sg-0123456789abcdef0", f"listener: shared, {OURS}", ["existing-listener"]),
        (
            "alb: sg-0123456789abcdef0",
            f"listener: '{LISTENER.replace('/app/', '/net/')}', {OURS}",
            ["existing-listener"],
        ),
        ("alb: sg-0123456789abcdef0", f"listener: '{LISTENER.replace('eu-', 'us-')}', {OURS}", ["existing-listener"]),
        ("alb: sg-0123456789abcdef0", f"listener: '{LISTENER}', name: a, {OURS}", ["existing-listener"]),
        (
            "alb: sg-0123456789abcdef0",
            f"listener: '{LISTENER}', default: {{ respond: 404 }}, {OURS}",
            ["existing-listener"],
        ),
    ],
)
def test_a_listener_that_is_there_already(
    reported: Callable[[str], list[str]], groups: str, balancer: str, expected: list[str]
) -> None:
    assert reported(GIVEN.format(groups=groups, balancer=balancer)) == expected


def test_traffic_of_a_listener_of_somebody_else_is_not_moved(reported: Callable[[str], list[str]]) -> None:
    written = GIVEN.format(groups="alb: sg-0123456789abcdef0", balancer=f"listener: '{LISTENER}', {OURS}")
    assert "existing-listener" in reported(f"{written}service: {{ deployment: {{ strategy: blue_green }} }}\n")
