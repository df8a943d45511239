"""Images, commands, environment files, names and number of containers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable


DIGEST = "sha256:" + "0123456789abcdef" * 4


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        ("nginx:1.28.0", []),
        (f"nginx@{DIGEST}", []),
        (f"nginx:latest@{DIGEST}", []),
        ("registry.example.com:5000/shop/app:1.0", []),
        ("registry.example.com:5000/shop/app", ["mutable-image-tag"]),
        ("nginx", ["mutable-image-tag"]),
        ("nginx:latest", ["mutable-image-tag"]),
        ("nginx:stable", ["mutable-image-tag"]),
        ("nginx:1.28-alpine", []),
        ("Nginx:1.28.0", ["image-reference"]),
        ("nginx@sha256:abc", ["image-reference"]),
        ("nginx:", ["image-reference"]),
        ("${IMAGE}", ["image-reference"]),
        ("a" * 256 + ":1", ["image-reference"]),
    ],
)
def test_images(reported: Callable[[str], list[str]], image: str, expected: list[str]) -> None:
    assert reported(f'containers:\n  app:\n    image: "{image}"\n') == expected


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("command: [serve, $PORT]", ["unexpanded-variable"]),
        ('command: [serve, "--port=${PORT}"]', ["unexpanded-variable"]),
        ("command: [migrate, '&&', serve]", ["unexpanded-variable"]),
        ("command: [serve, $PORT, $HOST]", ["unexpanded-variable"]),
        ("command: [awk, '{ print $1 }']", []),
        ("command: [grep, 'costs 5$']", []),
        ("command: [sh, -c, 'exec serve $PORT']", []),
        ("command: [/bin/bash, -c, 'exec serve $PORT']", []),
        ("entrypoint: [sh, -c], command: ['exec serve $PORT']", []),
        ("entrypoint: [serve], command: [$PORT]", ["unexpanded-variable"]),
        ("healthcheck: { command: [CMD, test, $OK] }", ["unexpanded-variable"]),
        ("healthcheck: { command: [test, $OK] }", ["unexpanded-variable"]),
        ("healthcheck: { command: [CMD-SHELL, 'test $OK'] }", []),
        ("healthcheck: { command: 'test $OK' }", []),
        ("healthcheck: { command: [CMD, sh, -c, 'test $OK'] }", []),
        ("env_files: [arn:aws:s3:::shop/qa/app.env]", []),
        ("env_files: [arn:aws-cn:s3:::shop/app.env]", []),
        ("env_files: [arn:aws:s3:::shop/app.conf]", ["env-file-format"]),
        ("env_files: [arn:aws:s3:::shop]", ["env-file-format"]),
        ("env_files: [app.env]", ["env-file-format"]),
        ("publish: {}", []),
    ],
)
def test_words_and_files(about_app: Callable[[str], list[str]], keys: str, expected: list[str]) -> None:
    assert about_app(keys) == expected


@pytest.mark.parametrize(
    ("count", "expected"),
    [(1, []), (10, []), (11, ["too-many-containers"]), (20, ["too-many-containers"])],
)
def test_the_number_of_containers(reported: Callable[[str], list[str]], count: int, expected: list[str]) -> None:
    lines = [f"  c{number}: {{ image: nginx:1.28.0 }}" for number in range(count)]
    assert reported("\n".join(["containers:", *lines])) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("app_1-a", []),
        ("a" * 255, []),
        ("a" * 256, ["container-name-format"]),
        ("app.1", ["container-name-format"]),
        ("my app", ["container-name-format"]),
        ("", ["container-name-format"]),
    ],
)
def test_names(reported: Callable[[str], list[str]], name: str, expected: list[str]) -> None:
    logs = "logs: { group: /shop/one }"
    assert reported(f'containers:\n  "{name}": {{ image: nginx:1.28.0, {logs} }}') == expected


@pytest.mark.parametrize(
    ("upstream", "ports", "expected"),
    [
        ("app", "[4000]", []),
        ("app", "[]", ["upstream-without-port"]),
        ("app", '["4000/udp"]', ["upstream-without-port"]),
        ("api", "[4000]", ["unknown-upstream"]),
        ("web", "[4000]", ["unknown-upstream"]),
    ],
)
def test_upstreams(reported: Callable[[str], list[str]], upstream: str, ports: str, expected: list[str]) -> None:
    app = f"  app: {{ image: nginx:1.28.0, ports: {ports} }}"
    web = f"  web: {{ build: {{ recipe: nginx, upstream: {upstream} }}, ports: [80] }}"
    assert reported(f"containers:\n{app}\n{web}") == expected
