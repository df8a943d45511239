"""Base images and what is known of each: distribution, release, user, signals; and when a release gets no more fixes.

Checked 2026-11-23. A tag counts as verified when public Dockerfiles or image listings of 2026 use it. Nothing here
looks at the clock: the same spec has the same findings on every day.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from chuoigen.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterable

CHECKED = "2026-11-23"

Libc = Literal["musl", "glibc"]
PackageManager = Literal["apk", "apt"]

END_OF_LIFE = {
    # Two years after each release (alpinelinux.org/releases).
    ("alpine", "3.7"): "2019-11-01",
    ("alpine", "3.8"): "2020-05-01",
    ("alpine", "3.9"): "2020-11-01",
    ("alpine", "3.10"): "2021-05-01",
    ("alpine", "3.11"): "2021-11-01",
    ("alpine", "3.12"): "2022-05-01",
    ("alpine", "3.13"): "2022-11-01",
    ("alpine", "3.14"): "2023-05-01",
    ("alpine", "3.15"): "2023-11-01",
    ("alpine", "3.16"): "2024-05-23",
    ("alpine", "3.17"): "2024-11-22",
    ("alpine", "3.18"): "2025-05-09",
    ("alpine", "3.19"): "2025-11-01",
    ("alpine", "3.20"): "2026-04-01",
    ("alpine", "3.21"): "2026-11-01",
    ("alpine", "3.22"): "2027-05-01",
    ("alpine", "3.23"): "2027-11-01",
    ("alpine", "3.24"): "2028-06-01",
    # The end of long-term support (wiki.debian.org/LTS), after which the images get nothing more.
    ("debian", "jessie"): "2020-06-30",
    ("debian", "stretch"): "2022-07-01",
    ("debian", "buster"): "2024-06-30",
    ("debian", "bullseye"): "2026-08-31",
    ("debian", "bookworm"): "2028-06-30",
    ("debian", "trixie"): "2030-06-30",
    # The end of standard support (ubuntu.com/about/release-cycle): what is fixed later is for subscribers.
    ("ubuntu", "xenial"): "2021-04-02",
    ("ubuntu", "bionic"): "2023-05-31",
    ("ubuntu", "focal"): "2025-05-31",
    ("ubuntu", "jammy"): "2027-04-01",
    ("ubuntu", "noble"): "2029-05-31",
    ("ubuntu", "resolute"): "2031-04-30",
}
"""The day after which a release of a distribution gets no more fixes.

github.com/endoflife-date/endoflife.date, products/{alpine-linux,debian,ubuntu}.md at a70eca3 of 2026-08-22, checked
2026-11-28: eol of Alpine and Ubuntu, eoes of Debian.
"""


class Base(Record):
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
    product: str = ""
    """What is in it, as its makers call it: Node.js 20."""
    product_end: str | None = None
    """The day after which what is in it (Ruby, Node.js, …) gets no more fixes, as its makers say."""
    checked: str = CHECKED

    @property
    def libc(self) -> Libc:
        """The C library, which a release with native code has to find again."""
        return "musl" if self.distribution == "alpine" else "glibc"

    @property
    def package_manager(self) -> PackageManager:
        """What installs packages in the image."""
        return "apk" if self.distribution == "alpine" else "apt"

    @property
    def end_of_life(self) -> str | None:
        """The first day after which a part of it gets no more fixes; None when it is not known."""
        release = ".".join(self.release.split(".")[:2])
        days = (END_OF_LIFE.get((self.distribution, release)), self.product_end)
        return min((day for day in days if day is not None), default=None)

    @property
    def ended(self) -> str:
        """Name the part that gets no more fixes after end_of_life, the product or the distribution's release."""
        distribution = f"{self.distribution} {self.release}".strip()
        return self.product if self.product and self.end_of_life == self.product_end else distribution

    @property
    def retired(self) -> bool:
        """Whether it got no more fixes on the day on which the facts were checked."""
        return self.end_of_life is not None and self.end_of_life < self.checked


_RELEASE = r"(alpine|debian|ubuntu)(?:[-:]?v?([0-9][0-9.]*))?"
_DEBIAN = tuple(release for name, release in END_OF_LIFE if name == "debian")
_UBUNTU = tuple(release for name, release in END_OF_LIFE if name == "ubuntu")
CODENAMES = (*_DEBIAN, *_UBUNTU)


def base_of(image: str, known: Iterable[Base] = ()) -> Base:
    """Return what is known of an image; of one that is not among `known`, what its name says."""
    return next((base for base in known if base.image == image), None) or _named(image)


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
