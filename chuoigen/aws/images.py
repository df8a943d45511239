"""The base images that recipes stand on, and what is known of each: distribution, packages, users, signals.

Checked 2026-11-23. A tag counts as verified when public Dockerfiles or image listings of 2026 use it; what
could not be verified says "from memory". `retired`: the distribution's release got no more fixes on that day.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

CHECKED = "2026-11-23"

Libc = Literal["musl", "glibc"]
PackageManager = Literal["apk", "apt"]


class Base(NamedTuple):
    """One image that a Dockerfile starts FROM."""

    image: str
    distribution: str
    """`alpine`, `debian` or `ubuntu`; empty when the name does not say it."""
    release: str
    """Release of the distribution as the tag says it: `3.22.5`, `bookworm`; empty when it floats."""
    source: str
    user: str = "root"
    """The user that the image runs as."""
    stop_signal: str = "SIGTERM"
    tools: tuple[str, ...] = ()
    """Which of curl and wget can be used in a health check."""
    tzdata: bool = False
    """Whether time zones are in the image."""
    retired: bool = False
    checked: str = CHECKED

    @property
    def libc(self) -> Libc:
        """The C library, which a release with native code has to find again."""
        return "musl" if self.distribution == "alpine" else "glibc"

    @property
    def package_manager(self) -> PackageManager:
        """What installs packages in the image."""
        return "apk" if self.distribution == "alpine" else "apt"


class Phoenix(NamedTuple):
    """The two images of an Elixir release, of one distribution and release, and the packages of each."""

    elixir: str
    otp: str
    releases: tuple[str, ...]
    """What can make a release of it: `mix`, `distillery`."""
    builder: Base
    runtime: Base
    build_packages: tuple[str, ...] = ("build-base", "git")
    runtime_packages: tuple[str, ...] = ("libgcc", "libstdc++", "ncurses-libs", "openssl", "tzdata")
    asset_packages: Mapping[str, tuple[str, ...]] = MappingProxyType(
        {"yarn": ("nodejs", "yarn"), "npm": ("nodejs", "npm")}
    )
    """What the bundler needs in the builder, by package manager."""


class Nginx(NamedTuple):
    """An nginx image; its master starts as root to bind port 80, its workers run as `user`."""

    base: Base
    packages: tuple[str, ...]
    """What has to be added for time zones and for a health check with curl."""
    user: str = "nginx"
    uid: int = 101


class Fluentd(NamedTuple):
    """A fluentd image and how the S3 plugin gets into it."""

    version: str
    base: Base
    uid: int
    gid: int
    s3_plugin: str
    packages: tuple[str, ...]
    """What has to be added for time zones."""
    build_packages: tuple[str, ...]
    """What gem needs to compile, to be removed in the same layer."""
    gem_options: tuple[str, ...]
    user: str = "fluent"
    entrypoint: tuple[str, ...] = ("tini", "--", "/bin/entrypoint.sh")
    command: tuple[str, ...] = ("fluentd",)
    config: str = "/fluentd/etc/fluent.conf"
    drops_user_by: str = ""
    """The words in the entrypoint that give up root; empty when the image itself starts as `user`."""


# Alpine, not Debian: the builder's tag says the exact release (3.22.5), so that the runtime can be the very
# same; nodejs and yarn are packages of the distribution; the image is small. What Phoenix's own generator
# gives as the reason for Debian, musl's resolver without TCP, ended with musl 1.2.4 in Alpine 3.18. Not the
# official `elixir:1.18-alpine`: which Alpine it stands on changes without notice.
# hexpm/bob, README: tags of hexpm/elixir are never changed, amd64 and arm64 are built for each.
_HEXPM = "hub.docker.com/r/hexpm/elixir, tag in use in public Dockerfiles of 2026"
_ALPINE = "hub.docker.com/_/alpine"


def _hexpm(elixir: str, otp: str, alpine: str, *, retired: bool = False) -> Phoenix:
    tag = f"{elixir}-erlang-{otp}-alpine-{alpine}"
    builder = Base(f"hexpm/elixir:{tag}", "alpine", alpine, _HEXPM, tools=("wget",), retired=retired)
    runtime = Base(f"alpine:{alpine}", "alpine", alpine, _ALPINE, tools=("wget",), retired=retired)
    return Phoenix(elixir, otp, ("mix",), builder, runtime)


# The newest patch of each minor version, on the newest Alpine that a tag is verified with.
PHOENIX: dict[str, Phoenix] = {
    # docker-library, elixir:1.6.0-alpine of January 2018: erlang:20-alpine, which is alpine:3.7.
    # Distillery's start script needs bash. npm is a package of its own in 3.7; from memory.
    "1.6": Phoenix(
        "1.6.0",
        "20",
        ("distillery",),
        Base("elixir:1.6.0-alpine", "alpine", "3.7", "hub.docker.com/_/elixir", tools=("wget",), retired=True),
        Base("alpine:3.7", "alpine", "3.7", _ALPINE, tools=("wget",), retired=True),
        runtime_packages=("bash", "openssl", "tzdata"),
        asset_packages={"yarn": ("nodejs", "yarn"), "npm": ("nodejs", "nodejs-npm")},
    ),
    "1.14": _hexpm("1.14.5", "25.3.2.4", "3.18.2", retired=True),
    "1.15": _hexpm("1.15.8", "26.2.5.14", "3.21.4", retired=True),
    "1.16": _hexpm("1.16.3", "26.2.5.21", "3.22.6"),
    "1.17": _hexpm("1.17.3", "27.1.2", "3.20.3", retired=True),
    "1.18": _hexpm("1.18.4", "27.3.4.16", "3.22.5"),
    "1.19": _hexpm("1.19.5", "28.3.1", "3.23.3"),
    "1.20": _hexpm("1.20.4", "29.1", "3.24.2"),
}
DEFAULT_ELIXIR = "1.20"

# nginx/docker-nginx, stable/alpine/Dockerfile and stable/alpine-slim/Dockerfile: curl, tzdata, STOPSIGNAL
# SIGQUIT, user nginx with uid and gid 101. wget is BusyBox's.
NGINX: dict[str, Nginx] = {
    "nginx:1.30.5-alpine3.24": Nginx(
        Base(
            "nginx:1.30.5-alpine3.24",
            "alpine",
            "3.24",
            "github.com/nginx/docker-nginx, stable/alpine, 1.30.5 of 2026-09",
            stop_signal="SIGQUIT",
            tools=("curl", "wget"),
            tzdata=True,
        ),
        packages=(),
    ),
    # In 2018 neither curl nor time zones were in it and it stopped at SIGTERM; the tag floats.
    "nginx:alpine": Nginx(
        Base("nginx:alpine", "alpine", "", "github.com/nginx/docker-nginx, mainline/alpine", tools=("wget",)),
        packages=("curl", "tzdata"),
    ),
}
DEFAULT_NGINX = "nginx:1.30.5-alpine3.24"

FLUENTD: dict[str, Fluentd] = {
    # fluent/fluentd-docker-image, v1.19/debian/Dockerfile: ruby:3.4-slim, `useradd -r` (which gives 999 on
    # Debian), USER fluent, tini, no curl and no wget. rubygems.org: fluent-plugin-s3 1.8.3 of 2025-02-18 is
    # the newest; it depends on aws-sdk-s3 and aws-sdk-sqs, which are Ruby only, and on bigdecimal, which
    # comes with Ruby. --conservative keeps gem from fetching a newer one, so nothing is compiled and no
    # build package is needed. tzdata is in Debian's base image; from memory.
    "1.19": Fluentd(
        version="1.19.3",
        base=Base(
            "fluent/fluentd:v1.19.3-debian-2.4",
            "debian",
            "",
            "hub.docker.com/r/fluent/fluentd; github.com/fluent/fluentd-docker-image, v1.19/debian",
            user="fluent",
            tzdata=True,
        ),
        uid=999,
        gid=999,
        s3_plugin="1.8.3",
        packages=(),
        build_packages=(),
        gem_options=("--no-document", "--conservative"),
    ),
    # Same repository, v1.2/alpine/Dockerfile: alpine:3.8, no USER, `adduser -S` (100, group nogroup); the
    # entrypoint ends in `exec su-exec fluent "$@"` under dumb-init. From memory: Ruby 2.5's gem may choose an
    # aws-sdk that needs a newer Ruby, so that a build today may have to pin aws-sdk-core to one of 2018.
    "1.2": Fluentd(
        version="1.2",
        base=Base(
            "fluent/fluentd:v1.2",
            "alpine",
            "3.8",
            "github.com/fluent/fluentd-docker-image, v1.2/alpine",
            tools=("wget",),
            retired=True,
        ),
        uid=100,
        gid=65533,
        s3_plugin="1.0.0",
        packages=("tzdata",),
        build_packages=("build-base", "ruby-dev"),
        gem_options=("--no-document",),
        entrypoint=("/bin/entrypoint.sh",),
        drops_user_by="su-exec fluent",
    ),
}
DEFAULT_FLUENTD = "1.19"

_RELEASE = r"(alpine|debian|ubuntu)(?:[-:]?v?([0-9][0-9.]*))?"
_DEBIAN = ("buster", "bullseye", "bookworm", "trixie")
_UBUNTU = ("focal", "jammy", "noble", "resolute")


def phoenix(elixir: str) -> Phoenix | None:
    """Return the images of an Elixir version, written as `1.18` or in full; None when it is not known."""
    known = PHOENIX.get(".".join(elixir.split(".")[:2]))
    return known if known and f"{known.elixir}.".startswith(f"{elixir}.") else None


def fluentd(version: str | None = None) -> Fluentd | None:
    """Return the image of a fluentd version, written as `1.19` or in full; None when it is not known."""
    wanted = (version or DEFAULT_FLUENTD).removeprefix("v")
    known = FLUENTD.get(".".join(wanted.split(".")[:2]))
    return known if known and f"{known.version}.".startswith(f"{wanted}.") else None


def base_of(image: str) -> Base:
    """Return what is known of an image; of one that is not in the tables, what its name says."""
    bases = [base for entry in PHOENIX.values() for base in (entry.builder, entry.runtime)]
    bases += [entry.base for entry in NGINX.values()]
    bases += [entry.base for entry in FLUENTD.values()]
    return next((base for base in bases if base.image == image), None) or _named(image)


def _named(image: str) -> Base:
    name = image.partition("@")[0].rpartition("/")[2]
    words = re.split(r"[-:.]", name)
    for distribution, codenames in (("debian", _DEBIAN), ("ubuntu", _UBUNTU)):
        release = next((word for word in words if word in codenames), "")
        if release:
            return Base(image, distribution, release, "the image's name")
    found = re.search(_RELEASE, name)
    if not found:
        return Base(image, "", "", "the image's name")
    tools = ("wget",) if found[1] == "alpine" else ()
    return Base(image, found[1], (found[2] or "").strip("."), "the image's name", tools=tools)
