"""What is inside images that nobody here builds: which public images have a shell, curl, wget and time zones.

Checked 2026-11-28. What an image is not known to have or to lack is left out of its row.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING

from chuoigen.record import Record

if TYPE_CHECKING:
    from collections.abc import Mapping

SHELL, CURL, WGET, ZONES = "sh", "curl", "wget", "tzdata"
"""What a row speaks of: three programs, and the time zones of the system."""

READ_VARIABLES = ("HOSTNAME", "PORT")
"""The variables of a Dockerfile that are looked at; of the others nothing is kept, since one may hold a secret."""


class Inside(Record):
    """What is known of the inside of an image.

    `image` is the public image that it is or starts from; empty where that is not known. `has` says of a thing whether
    it is there; what is not in it is not known. `check` is the health check that its makers give it. The rest is what
    its Dockerfile says: variables, exposed TCP ports (None: not all of them are known), whether it has a HEALTHCHECK,
    its USER (empty where that is not known), and the images from elsewhere on which its stages stand.
    """

    image: str = ""
    has: Mapping[str, bool] = MappingProxyType({})
    check: tuple[str, ...] = ()
    environment: Mapping[str, str] = MappingProxyType({})
    ports: tuple[int, ...] | None = ()
    own_check: bool = False
    user: str = ""
    bases: tuple[str, ...] = ()

    def lacks(self, *things: str) -> bool:
        """Say whether it is known to have none of these."""
        return all(self.has.get(thing) is False for thing in things)


class _Public(Record):
    pattern: str
    has: Mapping[str, bool]
    source: str
    check: tuple[str, ...] = ()


_NOTHING = {SHELL: False, CURL: False, WGET: False}
_SHELL_ALONE = {SHELL: True, CURL: False, WGET: False}
_BUSYBOX = {SHELL: True, CURL: False, WGET: True}
_DOTNET = r"mcr\.microsoft\.com/dotnet/(?:aspnet|runtime|runtime-deps):"
_PUBLIC = (
    _Public(r"scratch", {**_NOTHING, ZONES: False}, "docs.docker.com, 'Base images': an empty image"),
    _Public(r"busybox:.*", {**_BUSYBOX, ZONES: False}, "hub.docker.com/_/busybox"),
    _Public(r"alpine:.*", {**_BUSYBOX, ZONES: False}, "gliderlabs/docker-alpine#136"),
    _Public(r"ruby:.*alpine.*", {**_BUSYBOX, ZONES: False}, "docker-library/ruby#502"),
    # Node.js brings time zones of its own, in ICU.
    _Public(r"node:.*alpine.*", _BUSYBOX, "nodejs/docker-node, 20/alpine3.23/Dockerfile"),
    _Public(r"python:.*alpine.*", {**_BUSYBOX, ZONES: True}, "docker-library/python, alpine3.24/Dockerfile"),
    _Public(r"(?:node|ruby):.*slim.*", _SHELL_ALONE, "nodejs/docker-node, 20/trixie-slim/Dockerfile; #1970"),
    _Public(r"python:.*slim.*", {**_SHELL_ALONE, ZONES: True}, "docker-library/python, 3.11/slim-trixie/Dockerfile"),
    _Public(
        r"(?:node|ruby|python|golang|buildpack-deps):(?!.*(?:alpine|slim|curl|windows|nano)).*",
        {SHELL: True, CURL: True, WGET: True},
        "docker-library/buildpack-deps, debian/trixie/curl/Dockerfile",
    ),
    _Public(r"nginx:(?!.*alpine-slim).*", {SHELL: True, CURL: True}, "nginx/docker-nginx, stable/alpine/Dockerfile"),
    _Public(r"debian:.*", _SHELL_ALONE, "hub.docker.com/_/debian"),
    _Public(r"ubuntu:.*", {**_SHELL_ALONE, ZONES: False}, "AdoptOpenJDK/openjdk-docker#249"),
    _Public(_DOTNET + r".*(?:chiseled|distroless).*", _NOTHING, "dotnet/dotnet-docker, ubuntu-chiseled.md"),
    _Public(_DOTNET + r".*alpine.*", _BUSYBOX, "dotnet/dotnet-docker#2379"),
    _Public(_DOTNET + r".*", _SHELL_ALONE, "dotnet/dotnet-docker#2379"),
    _Public(r"gcr\.io/distroless/(?!.*:.*debug).*", {**_NOTHING, ZONES: True}, "GoogleContainerTools/distroless"),
    _Public(
        r"(?:public\.ecr\.aws/aws-observability|amazon)/aws-otel-collector:.*",
        _NOTHING,
        "aws-observability/aws-otel-collector#2034",
        ("CMD", "/healthcheck"),
    ),
    _Public(
        r"(?:ghcr\.io/open-telemetry/opentelemetry-collector-releases|otel)/opentelemetry-collector.*",
        _NOTHING,
        "open-telemetry/opentelemetry-collector-releases, Dockerfiles FROM scratch",
    ),
    _Public(
        r"quay\.io/signalfx/splunk-otel-collector:.*",
        {CURL: False, WGET: False},
        "signalfx/splunk-otel-collector#1945",
    ),
)
_MIRRORS = ("docker.io/library/", "docker.io/", "public.ecr.aws/docker/library/", "library/")


def public(image: str) -> Inside:
    """Return what is known of a public image, by its name and tag."""
    name = image.partition("@")[0]
    for mirror in _MIRRORS:
        name = name.removeprefix(mirror)
    tagged = name if ":" in name.rpartition("/")[2] or name == "scratch" else f"{name}:latest"
    found = next((row for row in _PUBLIC if re.fullmatch(row.pattern, tagged)), None)
    return Inside(image, found.has, found.check) if found is not None else Inside(image)
