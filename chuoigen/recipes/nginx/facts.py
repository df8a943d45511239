"""The images of nginx.

Checked 2026-11-23.
"""

from __future__ import annotations

from chuoigen.recipes.answers import Digests
from chuoigen.recipes.bases import Base, base_of
from chuoigen.record import Record


class Image(Record):
    """An nginx image; its master starts as root to bind port 80, its workers run as `user`."""

    base: Base
    packages: tuple[str, ...]
    """What has to be added for time zones and for a health check with curl."""
    user: str = "nginx"
    uid: int = 101


# nginx/docker-nginx, stable/alpine/Dockerfile and stable/alpine-slim/Dockerfile: curl, tzdata, STOPSIGNAL
# SIGQUIT, user nginx with uid and gid 101. wget is BusyBox's.
IMAGES: dict[str, Image] = {
    "nginx:1.30.5-alpine3.24": Image(
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
    "nginx:alpine": Image(
        Base("nginx:alpine", "alpine", "", "github.com/nginx/docker-nginx, mainline/alpine", tools=("wget",)),
        packages=("curl", "tzdata"),
    ),
}
PRIVATE_RANGES = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
"""What VPCs are usually made of: RFC 1918, RFC 6598 (Amazon VPC user guide, "VPC CIDR blocks", checked 2026-11-28)."""
HEADER_KIB = 20
"""A line of a header with 16 KiB, which a load balancer passes, and its name (Elastic Load Balancing, "Quotas for your
Application Load Balancers": HTTP headers, checked 2026-11-28).
"""
DEFAULT = "nginx:1.30.5-alpine3.24"
DIGESTS = Digests("mix phx.digest", r"-[0-9a-f]{32}\.[^/]+$")
"""Where the recipe behind says nothing: an MD5 before the suffix, the most usual name that cannot be a date."""


def known(image: str) -> Base:
    """Return what is known of an image that stands in this table, or what its name says."""
    return base_of(image, (entry.base for entry in IMAGES.values()))
