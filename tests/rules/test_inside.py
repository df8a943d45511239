"""What a spec asks of images against what is inside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from chuoigen.diagnostics import Diagnostic


@pytest.mark.parametrize(
    ("image", "check", "expected"),
    [
        ("node:20-slim", "http: /up", ["check-without-tool"]),
        ("node:20", "http: /up", []),
        ("alpine:3.22.2", "http: /up", []),
        ("alpine:3.22.2", "command: curl -f http://127.0.0.1/", ["check-without-tool"]),
        ("alpine:3.22.2", "command: [CMD, curl, -f, 'http://127.0.0.1/']", ["check-without-tool"]),
        ("alpine:3.22.2", "command: wget -q http://127.0.0.1/", []),
        ("node:20-slim", "command: [CMD, /usr/bin/wget, x]", ["check-without-tool"]),
        ("node:20-slim", "command: node check.js", []),
        ("node:20-slim", "command: [CMD, node, curl.js]", []),
        ("gcr.io/distroless/static-debian12:nonroot", "command: /healthy", ["check-without-tool"]),
        ("gcr.io/distroless/static-debian12:nonroot", "command: [CMD, /healthy]", []),
        ("shop:1.0", "http: /up", []),
    ],
)
def test_tools_of_checks(reported: Callable[[str], list[str]], image: str, check: str, expected: list[str]) -> None:
    example = f"containers:\n  app: {{ image: '{image}', ports: [80], healthcheck: {{ {check} }} }}\n"
    assert reported(example) == expected


@pytest.mark.parametrize(
    ("dockerfile", "keys", "expected"),
    [
        ("FROM node:20-slim\n", "ports: [80], healthcheck: { http: / }", ["check-without-tool"]),
        ("FROM node:20-slim\nRUN apt-get install -y curl\n", "ports: [80], healthcheck: { http: / }", []),
        ("FROM node:20\nENV HOSTNAME=0.0.0.0\n", "", ["replaced-hostname"]),
        ("FROM node:20\nENV HOSTNAME=0.0.0.0\n", "environment: { HOSTNAME: 0.0.0.0 }", []),
        ("FROM node:20\nEXPOSE 3000 9000\n", "ports: [8080]", ["exposed-port-differs"]),
        ("FROM node:20\nEXPOSE 3000 9000\n", "ports: [8080, 9000]", []),
        ("FROM node:20\nEXPOSE 53/udp\n", "ports: [8080]", []),
        ("FROM node:20\nHEALTHCHECK CMD node x\n", "", ["ignored-image-check"]),
        ("FROM node:20\nHEALTHCHECK CMD node x\nHEALTHCHECK NONE\n", "", []),
        ("FROM node:20\nHEALTHCHECK CMD node x\n", "healthcheck: { command: [node, x] }", []),
    ],
)
def test_dockerfiles(
    reported: Callable[[str], list[str]], tmp_path: Path, dockerfile: str, keys: str, expected: list[str]
) -> None:
    (tmp_path / "Dockerfile").write_text(dockerfile, encoding="utf-8")
    assert reported(f"containers:\n  app: {{ build: {{ dockerfile: Dockerfile }}, {keys} }}\n") == expected


@pytest.mark.parametrize(
    ("zone", "image", "keys", "expected"),
    [
        ("Asia/Tokyo", "alpine:3.22.2", "", ["time-zone-without-data"]),
        ("Asia/Tokyo", "ubuntu:24.04", "environment: { TZ: UTC }", []),
        ("UTC", "ubuntu:24.04", "environment: { TZ: Asia/Tokyo }", ["time-zone-without-data"]),
        ("UTC", "alpine:3.22.2", "", []),
        ("Asia/Tokyo", "python:3.13.1-slim", "", []),
        ("Asia/Tokyo", "shop:1.0", "", []),
    ],
)
def test_time_zones(
    reported: Callable[[str], list[str]], zone: str, image: str, keys: str, expected: list[str]
) -> None:
    assert reported(f"timezone: {zone}\ncontainers:\n  app: {{ image: '{image}', {keys} }}\n") == expected


def test_the_check_that_an_image_brings_is_named(diagnose: Callable[[str], tuple[Diagnostic, ...]]) -> None:
    image = "public.ecr.aws/aws-observability/aws-otel-collector:v0.43.1"
    (found,) = diagnose(f"containers:\n  otel: {{ image: '{image}', ports: [13133], healthcheck: {{ http: / }} }}\n")
    assert '["CMD", "/healthcheck"]' in found.help
