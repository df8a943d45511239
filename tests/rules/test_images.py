"""Bases, versions and files of images that are built."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def phoenix(keys: str) -> str:
    return f"containers:\n  app: {{ build: {{ recipe: phoenix, {keys} }} }}\n"


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ('elixir: "1.18"', []),
        ('elixir: "1.18.4"', []),
        ('elixir: "1.18.99"', ["unknown-version"]),
        ('elixir: "1.9"', ["unknown-version"]),
        ("elixir: latest", ["unknown-version"]),
        ('elixir: "1.6"', ["retired-base", "unsupported-release"]),
        ('elixir: "1.8"', ["unsupported-release"]),
        ('elixir: "1.8", release: distillery', ["unknown-version"]),
        ('elixir: "1.6", release: distillery', ["retired-base"]),
        ('elixir: "1.18", release: distillery', ["archived-distillery"]),
        ('elixir: "1.99", builder: "elixir:1.99-alpine3.22", runtime: "alpine:3.22.5"', []),
        ('elixir: "1.99", builder: "elixir:1.99-alpine3.22"', ["unknown-version"]),
        ('elixir: "1.18", runtime: "alpine:3.22"', []),
        ('elixir: "1.18", runtime: "alpine:3.23.3"', ["mismatched-bases"]),
        ('elixir: "1.18", runtime: "debian:bookworm"', ["mismatched-bases"]),
        ('elixir: "1.18", runtime: "registry.example.com:5000/own:3"', ["private-base"]),
        ('elixir: "1.18", runtime: "registry.example.com:5000/own"', ["floating-base", "private-base"]),
        ('elixir: "1.18", runtime: "alpine:latest"', ["floating-base"]),
        ('elixir: "1.18", platform: linux/amd64', []),
        ('elixir: "1.18", platform: linux/arm64', ["foreign-build-platform"]),
    ],
)
def test_phoenix(reported: Callable[[str], list[str]], keys: str, expected: list[str]) -> None:
    assert sorted(reported(phoenix(keys))) == expected


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ("nginx:alpine", ["floating-base"]),
        ("nginx", ["floating-base"]),
        ("nginx:stable", ["floating-base"]),
        ("nginx:1.30-alpine", []),
        ("nginx:bookworm", []),
        ("nginx@sha256:" + "a" * 64, []),
    ],
)
def test_pinned_bases(reported: Callable[[str], list[str]], base: str, expected: list[str]) -> None:
    spec = f"containers:\n  web: {{ build: {{ recipe: nginx, base: '{base}' }}, ports: [80] }}\n"
    assert reported(spec) == expected


def test_a_context_outside_the_repository(reported: Callable[[str], list[str]], tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM scratch\n", encoding="utf-8")
    build = "containers:\n  app: {{ build: {{ context: {}, dockerfile: {} }} }}\n"
    assert reported(build.format(".", "Dockerfile")) == []
    assert reported(build.format("..", "Dockerfile")) == ["file-outside-repository"]
    assert reported(build.format("a/../..", "Dockerfile")) == ["file-outside-repository"]
    assert reported(build.format(".", "../Dockerfile")) == ["file-outside-repository"]
    assert reported(build.format(".", "Dockerfile.absent")) == ["missing-dockerfile"]


def test_a_default_repository_is_shared_when_another_container_names_it(reported: Callable[[str], list[str]]) -> None:
    build = 'recipe: phoenix, elixir: "1.18"'
    web = f"  web: {{ build: {{ {build}, repository: shop-qa-app }} }}\n"
    assert reported(f"containers:\n  app: {{ build: {{ {build} }} }}\n{web}") == ["shared-repository"]


OWN = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop-qa-app"


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        ("{ ref: containers.app.image }", []),
        ("{ ref: containers.ap.image }", ["unknown-image-reference"]),
        ("{ ref: containers.migrate.image }", ["unknown-image-reference"]),
        ("{ name: 'nginx:1.28.0', ref: containers.app.image }", ["ambiguous-image"]),
        (f"'{OWN}:first'", ["image-of-this-spec"]),
        (f"'{OWN}@sha256:{'0' * 64}'", ["image-of-this-spec"]),
        (f"'{OWN}s:first'", []),
    ],
)
def test_the_image_of_another_container(reported: Callable[[str], list[str]], image: str, expected: list[str]) -> None:
    example = f"containers:\n  app: {{ build: {{ recipe: nginx }}, ports: [80] }}\n  migrate: {{ image: {image} }}\n"
    assert reported(example) == expected
