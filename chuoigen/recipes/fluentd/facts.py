"""The images of fluentd, and how the S3 plugin gets into them.

Checked 2026-11-23.
"""

from __future__ import annotations

from chuoigen.recipes.bases import Base, base_of
from chuoigen.record import Record


class Image(Record):
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


IMAGES: dict[str, Image] = {
    # fluent/fluentd-docker-image, v1.19/debian/Dockerfile: ruby:3.4-slim, `useradd -r` (which gives 999 on
    # Debian), USER fluent, tini, no curl and no wget. rubygems.org: fluent-plugin-s3 1.8.3 of 2025-02-18 is
    # the newest; it depends on aws-sdk-s3 and aws-sdk-sqs, which are Ruby only, and on bigdecimal, which
    # comes with Ruby. --conservative keeps gem from fetching a newer one, so nothing is compiled and no
    # build package is needed. tzdata is in Debian's base image; a build without the zone stops at `test -f`.
    "1.19": Image(
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
    # entrypoint ends in `exec su-exec fluent "$@"` under dumb-init. Not verified: Ruby 2.5's gem may choose an
    # aws-sdk that needs a newer Ruby, so that a build today may have to pin aws-sdk-core to one of 2018.
    "1.2": Image(
        version="1.2",
        base=Base(
            "fluent/fluentd:v1.2",
            "alpine",
            "3.8",
            "github.com/fluent/fluentd-docker-image, v1.2/alpine",
            tools=("wget",),
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
DEFAULT = "1.19"


def image(version: str | None = None) -> Image | None:
    """Return the image of a fluentd version, written as `1.19` or in full; None when it is not known."""
    wanted = (version or DEFAULT).removeprefix("v")
    known = IMAGES.get(".".join(wanted.split(".")[:2]))
    return known if known and f"{known.version}.".startswith(f"{wanted}.") else None


def known(image: str) -> Base:
    """Return what is known of an image that stands in this table, or what its name says."""
    return base_of(image, (entry.base for entry in IMAGES.values()))
