"""The images of Ruby and Node.js, the packages that gems need, and what Rails, Puma and Sidekiq do by themselves.

Checked 2026-11-23. Tags are those of docker-library/official-images in August 2026.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING

from chuoigen.recipes.answers import Digests
from chuoigen.recipes.bases import CHECKED, Base, base_of
from chuoigen.record import Record

if TYPE_CHECKING:
    from chuoigen.recipes.rails.language import RailsBuild


class Ruby(Record):
    """A Ruby version, and the image that is both stages' base."""

    version: str
    base: Base


def _ruby(version: str, end: str) -> Ruby:
    source = "docker-library/official-images, library/ruby; www.ruby-lang.org/en/downloads/branches"
    image = f"ruby:{version}-slim-trixie"
    return Ruby(version, Base(image, "debian", "trixie", source, product_end=end))


# docker-library/ruby, slim-trixie/Dockerfile: neither curl nor wget; GEM_HOME is /usr/local/bundle; libyaml is there,
# its headers are not. The ends: ruby-lang.org gives them for 3.2 and 3.3, github.com/endoflife-date/endoflife.date,
# products/ruby.md at a70eca3 of 2026-08-22 (checked 2026-11-28), for all.
RUBIES: dict[str, Ruby] = {
    "3.2": _ruby("3.2.11", "2026-03-31"),
    "3.3": _ruby("3.3.12", "2027-03-31"),
    "3.4": _ruby("3.4.10", "2028-03-31"),
    "4.0": _ruby("4.0.6", "2029-03-31"),
}
DEFAULT_RUBY = "4.0"

NODE = Base(
    "node:24.19.0-trixie-slim",
    "debian",
    "trixie",
    "docker-library/official-images, library/node; github.com/nodejs/Release",
    product_end="2028-04-30",
)
"""Node.js with npm and yarn 1, from which the builder takes them; glibc is the builder's."""


class GemPackages(Record):
    """The packages of Debian that a gem needs: headers when it is compiled, libraries or programs when it runs."""

    build: tuple[str, ...]
    runtime: tuple[str, ...]
    source: str = "the gem's README; packages.debian.org for trixie and bookworm"
    checked: str = CHECKED


GEM_PACKAGES: dict[str, GemPackages] = {
    "pg": GemPackages(("libpq-dev",), ("libpq5",)),
    "mysql2": GemPackages(("default-libmysqlclient-dev",), ("libmariadb3",)),
    "trilogy": GemPackages(("libssl-dev",), ()),
    "sqlite3": GemPackages(("libsqlite3-dev",), ("libsqlite3-0",)),
    # In trixie the package is libvips42t64, which provides this name.
    "ruby-vips": GemPackages((), ("libvips42",)),
    "mini_magick": GemPackages((), ("imagemagick",)),
}
BUILD_PACKAGES = ("build-essential", "git", "libyaml-dev", "pkg-config")
"""What native gems are compiled with; psych, which Ruby's own YAML is, needs libyaml's headers."""
JEMALLOC = "libjemalloc2"
JEMALLOC_FILES = MappingProxyType(
    {
        "linux/amd64": "/usr/lib/x86_64-linux-gnu/libjemalloc.so.2",
        "linux/arm64": "/usr/lib/aarch64-linux-gnu/libjemalloc.so.2",
    }
)
"""Where Debian's package puts the library, by platform (packages.debian.org, file list, checked 2026-11-23)."""
LOCK_PLATFORMS = MappingProxyType({"linux/amd64": "x86_64-linux", "linux/arm64": "aarch64-linux"})
"""What Bundler calls a platform; "ruby" in a lock file stands for all of them."""

DUMMY_KEY_SINCE = (7, 1)
"""SECRET_KEY_BASE_DUMMY makes Rails take a random key (railties/CHANGELOG.md of 7.1, checked 2026-11-23)."""
ASSET_GEMS = ("sprockets-rails", "propshaft")
"""Either defines the task assets:precompile; an application that has none of them is an API alone."""
DIGESTS = Digests("Sprockets, Propshaft", r"^/assets/.*-([0-9a-f]{8}|[0-9a-f]{32}|[0-9a-f]{64})\.[^/]+$")
"""Propshaft: eight digits of a SHA-1 (lib/propshaft/asset.rb, checked 2026-11-23); Sprockets: a whole digest.

Eight digits may also be a date, so that only names below /assets/ count, where everything has a digest.
"""

PUMA_PORT = 3000
"""Where Rails' own config/puma.rb listens."""

SIDEKIQ_TIMEOUT_S = 25
"""How long a Sidekiq that was asked to stop lets jobs run (lib/sidekiq/config.rb, timeout, checked 2026-11-23)."""
SIDEKIQ_CLEANUP_S = 4
"""After that it pushes the jobs back to Redis and waits 3 s for their threads (lib/sidekiq/manager.rb), then ends."""


def ruby(version: str) -> Ruby | None:
    """Return the image of a Ruby version, written as `3.4` or in full; None when it is not known."""
    found = RUBIES.get(".".join(version.split(".")[:2]))
    return found if found and f"{found.version}.".startswith(f"{version}.") else None


def unpictured(build: RailsBuild) -> bool:
    """Say whether a version is written for which an image is neither known nor written."""
    return build.ruby is not None and ruby(build.ruby) is None and build.base is None


def known(image: str) -> Base:
    """Return what is known of an image that stands in these tables, or what its name says."""
    return base_of(image, (*(entry.base for entry in RUBIES.values()), NODE))


def numbers(version: str) -> tuple[int, ...]:
    """Return the leading numbers of a version, empty for text that does not begin with one."""
    found = re.match(r"\d{1,6}(?:\.\d{1,6})*", version)
    return tuple(int(part) for part in found[0].split(".")) if found else ()
