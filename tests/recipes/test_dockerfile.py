"""A Dockerfile of the user's own is read as docker reads it, as far as it says what is in the image."""

from __future__ import annotations

import pytest

from chuoigen.inputs.project import Project
from chuoigen.inputs.validation import validate
from chuoigen.plan import plan
from chuoigen.recipes.dockerfile.reading import read
from chuoigen.recipes.inside import Inside, public
from chuoigen.yaml.document import parse


def inside(text: str, target: str | None = None, **given: str) -> Inside:
    found = read(text, given, target)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "image"),
    [
        ("FROM node:20-slim\n", "node:20-slim"),
        ("from --platform=$BUILDPLATFORM node:20-slim as base\n", "node:20-slim"),
        ("ARG V=20\nFROM node:${V}-slim\n", "node:20-slim"),
        ("ARG V\nFROM node:${V:-20}-slim\n", "node:20-slim"),
        ("ARG V\nFROM node:$V-slim\n", ""),
        ("FROM golang:1 AS build\nRUN x\nFROM debian:12\n", "debian:12"),
        ("FROM debian:12 AS base\nFROM base AS middle\nFROM MIDDLE\n", "debian:12"),
        ("# FROM alpine:3\nFROM \\\n  # here\n  debian:12\n", "debian:12"),
        ("# escape=`\nFROM `\n debian:12\n", "debian:12"),
    ],
)
def test_the_image_on_which_the_last_stage_stands(text: str, image: str) -> None:
    assert inside(text).image == image


def test_a_target_is_a_stage_by_name_or_number() -> None:
    text = "FROM debian:12 AS base\nFROM alpine:3 AS tools\nFROM scratch\n"
    assert inside(text).image == "scratch"
    assert inside(text, "Tools").image == "alpine:3"
    assert inside(text, "0").image == "debian:12"
    assert read(text, {}, "absent") is None
    assert read("RUN x\n", {}, None) is None


def test_a_build_argument_goes_before_its_default() -> None:
    text = "ARG V=20\nFROM node:$V-slim\n"
    assert inside(text, V="22").image == "node:22-slim"


@pytest.mark.parametrize(
    ("body", "curl"),
    [
        ("RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*", True),
        (
            "RUN apt-get update \\\n    # tools\n && apt-get install -y --no-install-recommends \\\n    curl=8.* git",
            True,
        ),
        ("RUN <<EOF\napt-get update\napt-get install -y curl\nEOF", True),
        ("RUN apt-get install -y git", False),
        ("RUN apt-get install -y libcurl4", False),
        ("RUN apt-get install -y curl && curl x && apt-get purge -y curl", None),
        ("COPY --from=tools /usr/bin/curl /usr/bin/curl", None),
        ("RUN curl -fsS https://example.com", None),
        ("ADD rootfs.tar.gz /", None),
        ("COPY --from=tools / /", None),
        ("COPY . .", False),
    ],
)
def test_what_is_known_of_curl(body: str, curl: bool | None) -> None:
    assert inside(f"FROM node:20-slim\n{body}\n").has.get("curl") is curl


def test_what_one_stage_installs_the_stage_on_it_has_and_others_have_not() -> None:
    text = "FROM debian:12 AS base\nRUN apt-get install -y curl\n"
    assert inside(f"{text}FROM base\n").has["curl"] is True
    assert inside(f"{text}FROM debian:12\n").has["curl"] is False


@pytest.mark.parametrize(
    ("body", "ports"),
    [
        ("EXPOSE 3000", (3000,)),
        ("EXPOSE 3000/tcp 53/udp 8000-8002", (3000, 8000, 8001, 8002)),
        ("ENV PORT=3000\nEXPOSE $PORT", (3000,)),
        ("ARG PORT=3000\nEXPOSE ${PORT}", (3000,)),
        ("EXPOSE $PORT", None),
        ("EXPOSE 1-60000", None),
        ("RUN x", ()),
    ],
)
def test_exposed_ports(body: str, ports: tuple[int, ...] | None) -> None:
    assert inside(f"FROM node:20\n{body}\n").ports == ports


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("ENV HOSTNAME=0.0.0.0 PORT=3000", {"HOSTNAME": "0.0.0.0", "PORT": "3000"}),  # noqa: S104  text of a file
        ("ENV HOSTNAME 0.0.0.0", {"HOSTNAME": "0.0.0.0"}),  # noqa: S104
        ('ENV HOSTNAME="0.0.0.0" TOKEN=abc', {"HOSTNAME": "0.0.0.0"}),  # noqa: S104
        ("ENV TOKEN=abc", {}),
        ("ENV HOSTNAME='0.0", {}),
    ],
)
def test_of_variables_only_those_are_kept_that_are_looked_at(body: str, expected: dict[str, str]) -> None:
    assert inside(f"FROM node:20\n{body}\n").environment == expected


@pytest.mark.parametrize(
    ("image", "lacks"),
    [
        ("node:20-slim", ("curl", "wget")),
        ("docker.io/library/node:20-slim", ("curl", "wget")),
        ("public.ecr.aws/docker/library/python:3.13-slim", ("curl", "wget")),
        ("mcr.microsoft.com/dotnet/aspnet:9.0", ("curl", "wget")),
        ("mcr.microsoft.com/dotnet/aspnet:9.0-noble-chiseled", ("sh", "curl", "wget")),
        ("gcr.io/distroless/nodejs22-debian12", ("sh", "curl", "wget")),
        ("scratch", ("sh", "curl", "wget", "tzdata")),
        ("alpine", ("curl", "tzdata")),
        ("ubuntu:24.04", ("curl", "wget", "tzdata")),
        ("node:20", ()),
        ("nginx:1.28-alpine", ()),
        ("gcr.io/distroless/static-debian12:debug", ()),
        ("registry.example.com/node:20-slim", ()),
        ("shop:1", ()),
    ],
)
def test_public_images(image: str, lacks: tuple[str, ...]) -> None:
    found = public(image)
    assert tuple(thing for thing in ("sh", "curl", "wget", "tzdata") if found.lacks(thing)) == lacks


@pytest.mark.parametrize(
    ("text", "user"),
    [
        ("FROM php:8\nUSER 65534:65534\n", "65534:65534"),
        ("FROM php:8 AS base\nUSER app\nFROM base\n", "app"),
        ("FROM php:8\nUSER app\nRUN x\nUSER root\n", "root"),
        ("FROM php:8\nARG U=app\nUSER $U\n", "app"),
        ("FROM php:8\nARG U\nUSER $U\n", ""),
        ("FROM php:8\n", ""),
    ],
)
def test_the_user_of_the_process(text: str, user: str) -> None:
    assert inside(text).user == user


SPEC = """
chuoigen: 1
name: shop
aws: { account: "123456789012", region: eu-west-1 }
timezone: Asia/Tokyo
containers:
  app: { build: { dockerfile: Dockerfile }, ports: [3000], healthcheck: { http: /up } }
"""


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("FROM node:20\n", ("CMD", "curl")),
        ("FROM alpine:3.22\n", ("CMD", "wget")),
        ("FROM node:20-slim\nRUN apt-get install -y curl\n", ("CMD", "curl")),
        ("FROM node:20-slim\n", ("CMD-SHELL", "curl -fsS -o /dev/null 'http://127.0.0.1:3000/up' || wget")),
        ("FROM shop\n", ("CMD-SHELL", "curl -fsS -o /dev/null 'http://127.0.0.1:3000/up' || wget")),
    ],
)
def test_a_check_uses_the_tool_that_the_image_has(text: str, begins: tuple[str, str]) -> None:
    document, _ = parse(SPEC, "qa.yaml")
    assert document is not None
    spec = validate(document, partial=False).spec
    assert spec is not None
    app = plan(spec, Project(spec_file="qa.yaml", texts={"Dockerfile": text})).containers["app"]
    assert app.healthcheck is not None
    assert app.healthcheck.command[0] == begins[0]
    assert app.healthcheck.command[1].startswith(begins[1])
    assert app.environment == {"TZ": "Asia/Tokyo"}
