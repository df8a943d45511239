"""The images and packages of Elixir and of Phoenix releases.

Checked 2026-11-23, the ends of Elixir and OTP 2026-11-28.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING

from chuoigen.recipes.bases import Base, base_of
from chuoigen.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chuoigen.recipes.phoenix.language import PhoenixBuild

KEEP_ALIVE_S = 60
"""Cowboy: src/cowboy_http.erl, idle_timeout 60000; Bandit: ThousandIsland.ServerConfig, read_timeout 60_000; checked
2026-11-28.
"""
_IDLE = re.compile(r"\b(?:idle_timeout|read_timeout):\s*+([\w:]++)")

CLUSTER_SINCE_OTP = 25
"""The first with `-dist_listen false`, by which a remote shell needs no port (erlang/otp, erts/doc/references/
erl_cmd.md, with `-start_epmd` and `-erl_epmd_port`, by which all nodes have one known port; checked 2026-11-28).
"""
CLUSTER_QUERY = "DNS_CLUSTER_QUERY"
"""The variable that config/runtime.exs of a new application reads for dns_cluster (phoenix, installer/templates/
phx_single/config/runtime.exs; checked 2026-11-28).
"""
FIRST_JIT_OTP = 25
"""The first whose JIT has a flag that helps under emulation."""
MIX_RELEASES_SINCE = (1, 9)
"""Elixir's changelog for 1.9: `mix release` is new."""


class Release(Record):
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


# Alpine, not Debian: the builder's tag says the exact release (3.22.5), so that the runtime can be the very
# same; nodejs and yarn are packages of the distribution; the image is small. What Phoenix's own generator
# gives as the reason for Debian, musl's resolver without TCP, ended with musl 1.2.4 in Alpine 3.18. Not the
# official `elixir:1.18-alpine`: which Alpine it stands on changes without notice.
# hexpm/bob, README: tags of hexpm/elixir are never changed, amd64 and arm64 are built for each.
_HEXPM = "hub.docker.com/r/hexpm/elixir, tag in use in public Dockerfiles of 2026"
_ALPINE = "hub.docker.com/_/alpine"


# The last days of fixes: github.com/endoflife-date/endoflife.date, products/{elixir,erlang}.md at a70eca3 of
# 2026-08-22, checked 2026-11-28. Elixir 1.16 and later have none yet: the five newest minors get security fixes.
_ELIXIR_ENDS = {"1.6": "2020-10-06", "1.14": "2025-10-16", "1.15": "2026-06-03"}
_OTP_ENDS = {
    "20": "2020-06-21",
    "25": "2025-05-17",
    "26": "2026-05-26",
    "27": "2027-05-20",
    "28": "2028-05-20",
    "29": "2029-05-11",
}


def _end(elixir: str, otp: str) -> tuple[str, str]:
    """Return what is the first to get no more fixes, Elixir or the Erlang below it, and its last day."""
    minor, major = ".".join(elixir.split(".")[:2]), otp.partition(".")[0]
    ends = [(_OTP_ENDS[major], f"Erlang/OTP {major}")]
    ends += [(_ELIXIR_ENDS[minor], f"Elixir {minor}")] if minor in _ELIXIR_ENDS else []
    day, product = min(ends)
    return product, day


def _hexpm(elixir: str, otp: str, alpine: str) -> Release:
    tag = f"{elixir}-erlang-{otp}-alpine-{alpine}"
    product, end = _end(elixir, otp)
    image = f"hexpm/elixir:{tag}"
    builder = Base(image, "alpine", alpine, _HEXPM, tools=("wget",), product=product, product_end=end)
    runtime = Base(f"alpine:{alpine}", "alpine", alpine, _ALPINE, tools=("wget",))
    return Release(elixir, otp, ("mix",), builder, runtime)


# The newest patch of each minor version, on the newest Alpine that a tag is verified with.
RELEASES: dict[str, Release] = {
    # docker-library, elixir:1.6.0-alpine of January 2018: erlang:20-alpine, which is alpine:3.7.
    # Distillery's start script needs bash. npm is a package of its own there, nodejs-npm until Alpine 3.8
    # (github.com/vimagick/dockerfiles, issue 55; kevinvincent/hassio-addons, pull request 23; checked 2026-11-28).
    "1.6": Release(
        "1.6.0",
        "20",
        ("distillery",),
        Base("elixir:1.6.0-alpine", "alpine", "3.7", "hub.docker.com/_/elixir", tools=("wget",)),
        Base("alpine:3.7", "alpine", "3.7", _ALPINE, tools=("wget",)),
        runtime_packages=("bash", "openssl", "tzdata"),
        asset_packages={"yarn": ("nodejs", "yarn"), "npm": ("nodejs", "nodejs-npm")},
    ),
    "1.14": _hexpm("1.14.5", "25.3.2.4", "3.18.2"),
    "1.15": _hexpm("1.15.8", "26.2.5.14", "3.21.4"),
    "1.16": _hexpm("1.16.3", "26.2.5.21", "3.22.6"),
    "1.17": _hexpm("1.17.3", "27.1.2", "3.20.3"),
    "1.18": _hexpm("1.18.4", "27.3.4.16", "3.22.5"),
    "1.19": _hexpm("1.19.5", "28.3.1", "3.23.3"),
    "1.20": _hexpm("1.20.4", "29.1", "3.24.2"),
}
DEFAULT_ELIXIR = "1.20"


def unpictured(build: PhoenixBuild) -> bool:
    """Say whether an image is neither known nor written."""
    return release(build.elixir) is None and not (build.builder and build.runtime)


def without_release(build: PhoenixBuild) -> bool:
    """Say whether the version cannot do what the spec asks of it: `mix release` came with 1.9."""
    return build.release == "mix" and () < numbers(build.elixir) < MIX_RELEASES_SINCE


def keep_alive(texts: Iterable[str]) -> int | None:
    """Return for how long the server keeps an idle connection by the texts of config/; None where they do not say."""
    said = {found for text in texts for found in _IDLE.findall(text)}
    if not said:
        return KEEP_ALIVE_S
    only = said.pop().replace("_", "")
    return int(only) // 1000 if not said and re.fullmatch(r"\d{1,9}", only) else None


def emulation_flags(image: str, otp: str) -> str | None:
    """Return the flags with which Erlang's JIT runs under QEMU in user mode, as on a Mac that builds for another CPU.

    It crashes there with code that is mapped twice: +JMsingle, since OTP 26, maps it once, and +JPperf implies that
    (erlang/otp, erts/doc/references/erl_cmd.md, and pull request 6340; checked 2026-11-28). A compiler that runs on its
    own CPU does not notice. None where the OTP is too old to know the flags, or not known.
    """
    major = major_otp(image, otp)
    if major < FIRST_JIT_OTP:
        return None
    return "+JPperf true" if major == FIRST_JIT_OTP else "+JMsingle true"


def major_otp(image: str, otp: str = "") -> int:
    """Return the major version of the OTP that an image's name says, else that of `otp`; 0 where it is not known."""
    said = re.search(r"-erlang-(\d{1,3})", image)
    return int(said[1]) if said else int(otp.partition(".")[0] or 0)


def numbers(version: str) -> tuple[int, ...]:
    """Return the leading numbers of a version, empty for text that does not begin with one."""
    found = re.match(r"v?(\d{1,6}(?:\.\d{1,6})*)", version)
    return tuple(int(part) for part in found[1].split(".")) if found else ()


def release(elixir: str) -> Release | None:
    """Return the images of an Elixir version, written as `1.18` or in full; None when it is not known."""
    known = RELEASES.get(".".join(elixir.split(".")[:2]))
    return known if known and f"{known.elixir}.".startswith(f"{elixir}.") else None


def known(image: str) -> Base:
    """Return what is known of an image that stands in these tables, or what its name says."""
    return base_of(image, (base for entry in RELEASES.values() for base in (entry.builder, entry.runtime)))
