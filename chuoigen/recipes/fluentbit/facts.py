"""The images of fluent-bit, how one with a shell comes to be, and how long a release is maintained.

Checked 2026-11-27.
"""

from __future__ import annotations

from chuoigen.recipes.bases import Base, base_of
from chuoigen.record import Record

CHECKED = "2026-11-27"

_IMAGES = "docs.fluentbit.io, 'Docker', tags; github.com/fluent/fluent-bit, dockerfiles/Dockerfile and SECURITY.md"

# The image of fluent-bit is distroless: no shell, no apt, nothing for a health check. What is in it was built on Debian
# trixie, so that it runs on Debian trixie with the libraries that the stage `debug` of its Dockerfile installs. The
# generated Dockerfile starts it once, so that a missing library stops the build. tzdata is in neither by a promise.
RUNTIME = Base(
    "debian:trixie-20260803-slim",
    "debian",
    "trixie",
    "hub.docker.com/_/debian, used by public Dockerfiles of 2026",
    checked=CHECKED,
)
PACKAGES = (
    "ca-certificates",
    "curl",
    "libatomic1",
    "libcurl4t64",
    "libpq5",
    "libsasl2-2",
    "libssl3t64",
    "libstdc++6",
    "libsystemd0",
    "libyaml-0-2",
    "tzdata",
    "zlib1g",
)


class Image(Record):
    """A release of fluent-bit and the image that holds it."""

    version: str
    source: Base


def _image(version: str, end: str | None) -> Image:
    name = f"fluent/fluent-bit:{version}"
    return Image(
        version,
        Base(
            name,
            "debian",
            "trixie",
            _IMAGES,
            product=f"fluent-bit {version.rpartition('.')[0]}",
            product_end=end,
            checked=CHECKED,
        ),
    )


IMAGES: dict[str, Image] = {
    # SECURITY.md of 2026-08-14 (commit 00821ba, checked 2026-11-28): the end of 5.1 is "to be announced"; 4.2 ended on
    # 2026-07-30. endoflife.date has other days.
    "5.1": _image("5.1.3", None),
    "5.0": _image("5.0.8", "2026-11-30"),
}
DEFAULT = "5.1"

USER = "10001:10001"
"""Nobody in particular: neither Debian nor fluent-bit's image has a user for it, and any image takes a number."""
PROGRAM = "/fluent-bit/bin/fluent-bit"
ROUTER = "/fluent-bit/etc/fluent-bit.conf"
"""Where ECS puts the configuration that FireLens generates (ECS developer guide, "Route logs to FireLens")."""
EXTRA = "/fluent-bit/etc/router.conf"
"""Where the image has what that configuration includes: the value of config-file-value."""
HEALTH = "/api/v1/health"
"""The path of the HTTP server that answers 200 while it is well (docs.fluentbit.io, "Monitoring")."""


def image(version: str | None = None) -> Image | None:
    """Return the image of a fluent-bit version, written as `5.1` or in full; None when it is not known."""
    wanted = (version or DEFAULT).removeprefix("v")
    known = IMAGES.get(".".join(wanted.split(".")[:2]))
    return known if known and f"{known.version}.".startswith(f"{wanted}.") else None


def known(image: str) -> Base:
    """Return what is known of an image that stands here, or what its name says."""
    return base_of(image, (RUNTIME, *(entry.source for entry in IMAGES.values())))
