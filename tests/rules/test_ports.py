"""Which ports a task may have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from chuoigen.diagnostics import Diagnostic


@pytest.mark.parametrize(
    ("ports", "expected"),
    [
        ("80", []),
        ('"80:80"', []),
        ('"80/udp"', []),
        ('"8080:80"', ["host-port-differs"]),
        ('"0:80"', ["host-port-differs"]),
        ("{ container: 80, host: 80 }", []),
        ("{ container: 80, host: 8080 }", ["host-port-differs"]),
        ("1", []),
        ("65535", []),
        ("0", ["port-out-of-range"]),
        ("65536", ["port-out-of-range"]),
        ("80, 81", []),
        ("80, 80", ["port-declared-twice"]),
        ('53, "53/udp"', ["port-declared-twice"]),
        ('"80/TCP"', ["unknown-protocol"]),
        ("{ container: 80, protocol: sctp }", ["unknown-protocol"]),
        ("{ container: 80, name: a, app_protocol: grpc }", []),
        ("{ container: 80, name: a, app_protocol: HTTP }", ["unknown-app-protocol"]),
        ("{ container: 80, name: a-1_b }", []),
        ("{ container: 80, name: -a }", ["port-name-format"]),
        ("{ container: 80, name: a.b }", ["port-name-format"]),
        ("{ container: 80, name: a }, { container: 81, name: a }", ["port-name-used-twice"]),
    ],
)
def test_ports_of_one_container(about_app: Callable[[str], list[str]], ports: str, expected: list[str]) -> None:
    assert about_app(f"ports: [{ports}]") == expected


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("80", "81", []),
        ("80", "80", ["port-on-two-containers"]),
        ("53", '"53/udp"', []),
        ('"53/udp"', '"53/udp"', ["port-on-two-containers"]),
        ("{ container: 80, name: web }", "{ container: 81, name: web }", ["port-name-used-twice"]),
    ],
)
def test_ports_of_two_containers(
    reported: Callable[[str], list[str]], first: str, second: str, expected: list[str]
) -> None:
    app = f"  app: {{ image: nginx:1.28.0, ports: [{first}] }}"
    web = f"  web: {{ image: nginx:1.28.0, ports: [{second}] }}"
    assert reported(f"containers:\n{app}\n{web}") == expected


def test_the_fix_and_the_other_place_are_shown(diagnose: Callable[[str], tuple[Diagnostic, ...]]) -> None:
    found = diagnose(
        'containers:\n  a: { image: nginx:1.28.0, ports: [80] }\n  b: { image: nginx:1.28.0, ports: ["81:80"] }'
    )
    differs, shared = found if found[0].rule == "host-port-differs" else found[::-1]
    assert differs.help.startswith("write 80;")
    assert [related.span.line for related in shared.related] == [3]


@pytest.mark.parametrize(
    ("keys", "found"),
    [
        ("image: php:8, user: '65534', ports: [80]", ["privileged-port"]),
        ("image: php:8, user: '65534', ports: [8080, 443, 53/udp]", ["privileged-port"] * 2),
        ("image: php:8, user: 'root', ports: [80]", []),
        ("image: php:8, user: '0:1000', ports: [80]", []),
        ("image: php:8, ports: [80]", []),  # whose user nobody knows
        ("image: php:8, user: '65534', ports: [80], sysctls: {net.ipv4.ip_unprivileged_port_start: '0'}", []),
        ("build: {recipe: nginx}, user: '101', ports: [443]", ["privileged-port"]),
        ("build: {recipe: nginx}, ports: [80]", []),
        ("build: {recipe: phoenix, elixir: '1.18'}, ports: [80]", ["privileged-port"]),
        ("build: {recipe: node, node: '24', main: a.js}, ports: [443]", ["privileged-port"]),
        ("build: {recipe: python, application: 'a:b'}, ports: [80]", ["privileged-port"]),
    ],
)
def test_only_root_opens_the_first_ports(reported: Callable[[str], list[str]], keys: str, found: list[str]) -> None:
    names = [name for name in reported(f"containers:\n  app: {{ {keys} }}\n") if name == "privileged-port"]
    assert names == found


def test_the_user_of_a_dockerfile_opens_ports(reported: Callable[[str], list[str]], tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM php:8\nUSER 65534\n", encoding="utf-8")
    text = "containers:\n  app: { build: ., ports: [80] }\n"
    assert reported(text) == ["privileged-port"]
    (tmp_path / "Dockerfile").write_text("FROM php:8\nUSER root\n", encoding="utf-8")
    assert reported(text) == []
