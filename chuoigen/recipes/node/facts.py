"""The images of Node.js, its package managers, and how long its servers keep idle connections.

Checked 2026-11-27. The last days are those of github.com/nodejs/Release, schedule.json; endoflife.date has the same at
a70eca3 of 2026-08-22 (checked 2026-11-28).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chuoigen.recipes.bases import Base, base_of
from chuoigen.record import Record

if TYPE_CHECKING:
    from chuoigen.recipes.node.language import NodeBuild

CHECKED = "2026-11-27"
UID = 1000
"""Of the user `node` in all variants: github.com/nodejs/docker-node, Dockerfiles of 22, 24 and 26."""

_SOURCE = "github.com/nodejs/docker-node, Dockerfile of the variant, and public Dockerfiles of 2026; nodejs/Release"


class Release(Record):
    """A line of Node.js: its newest version that is verified, and its image, which both stages stand on."""

    node: str
    base: Base


def _slim(node: str, debian: str, end: str) -> Release:
    # Debian, not Alpine: Node.js offers builds for musl as experimental only, and packages with native code have
    # prebuilt files for glibc.
    product = f"Node.js {node.partition('.')[0]}"
    image = f"node:{node}-{debian}-slim"
    base = Base(image, "debian", debian, _SOURCE, product=product, product_end=end, checked=CHECKED)
    return Release(node, base)


RELEASES: dict[str, Release] = {
    "20": _slim("20.20.2", "bookworm", "2026-04-30"),
    "22": _slim("22.23.2", "trixie", "2027-04-30"),
    "24": _slim("24.19.0", "trixie", "2028-04-30"),
    "26": _slim("26.7.0", "trixie", "2029-04-30"),
}
DEFAULT = "24"

MANAGERS = {"yarn": ("yarn", "1.22.22"), "berry": ("@yarnpkg/cli-dist", "4.18.1"), "pnpm": ("pnpm", "10.34.8")}
"""What is installed in the builder: the package, and the version unless package.json names one.

npm is in every image. yarn 1 is in those before 26, Corepack in those before 25 (github.com/nodejs/docker-node, issue
2264); from npm's registry each is had in the same way everywhere. Versions of the registry on 2026-11-27.
"""

LONG_KEEP_ALIVE_SINCE = 26
"""github.com/nodejs/node, pull request 62782 (semver-major, April 2026): http.Server.keepAliveTimeout is 65 s."""
KEEP_ALIVE_S = 65
KEEP_ALIVE_BEFORE_S = 5
"""nodejs.org/api/http.html of 22 and 24, server.keepAliveTimeout: 5000 ms."""


def release(version: str) -> Release | None:
    """Return the images of a Node.js version, written as `24` or in full; None when it is not known."""
    known = RELEASES.get(version.partition(".")[0])
    return known if known and f"{known.node}.".startswith(f"{version}.") else None


def unpictured(build: NodeBuild) -> bool:
    """Say whether an image is neither known nor written."""
    return release(build.node) is None and not (build.builder and build.runtime)


def keep_alive(build: NodeBuild) -> int:
    """Return the seconds for which the application keeps an idle connection."""
    if build.keep_alive is not None:
        return build.keep_alive
    found = re.match(r"v?(\d{1,6})", build.node)
    return KEEP_ALIVE_S if found and int(found[1]) >= LONG_KEEP_ALIVE_SINCE else KEEP_ALIVE_BEFORE_S


def known(image: str) -> Base:
    """Return what is known of an image that stands in these tables, or what its name says."""
    return base_of(image, (entry.base for entry in RELEASES.values()))
