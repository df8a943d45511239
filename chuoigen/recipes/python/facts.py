"""The images of Python, its package managers, and what Gunicorn, Uvicorn, Celery and Django do by themselves.

Checked 2026-11-27: tags by public Dockerfiles and image listings of 2026, options and defaults by the sources of
gunicorn 27.0.1, uvicorn 0.54.0, celery 5.7.0 and Django 5.2.19. The last days are those
of endoflife.date at a70eca3 of 2026-08-22 (checked 2026-11-28).
"""

from __future__ import annotations

import re
from types import MappingProxyType

from chuoigen.recipes.answers import Digests
from chuoigen.recipes.bases import Base, base_of
from chuoigen.record import Record

CHECKED = "2026-11-27"
_SOURCE = "docker-library/official-images, library/python; github.com/python/devguide, release-cycle.json"


class Release(Record):
    """A Python version, and the image that both stages stand on: a virtual environment holds to its interpreter."""

    python: str
    base: Base


def _slim(python: str, end: str) -> Release:
    # Debian, not Alpine: most wheels of PyPI are for glibc. The devguide names months; the last day is taken.
    image = f"python:{python}-slim-trixie"
    return Release(python, Base(image, "debian", "trixie", _SOURCE, product_end=end, checked=CHECKED))


# docker-library/python, slim-trixie/Dockerfile: neither curl nor wget; the interpreter is /usr/local/bin/python3.
RELEASES: dict[str, Release] = {
    "3.10": _slim("3.10.21", "2026-10-31"),
    "3.11": _slim("3.11.16", "2027-10-31"),
    "3.12": _slim("3.12.14", "2028-10-31"),
    "3.13": _slim("3.13.15", "2029-10-31"),
    "3.14": _slim("3.14.8", "2030-10-31"),
}
DEFAULT = "3.14"
"""Not 3.15 of October 2026: many packages with native code have no wheels for it yet."""

TOOLS = MappingProxyType({"uv": "uv==0.13.9", "poetry": "poetry==2.5.1"})
"""What is installed in the builder, by package manager (PyPI, 2026-11-27); pip is in the image."""

SERVER_KEEP_ALIVE_S = MappingProxyType({"gunicorn": 2, "uvicorn": 5})
"""How long a server keeps an idle connection unless it is told: gunicorn/config.py, Keepalive; uvicorn/main.py,
--timeout-keep-alive. Both are shorter than the 60 s of a load balancer. Gunicorn's sync worker keeps none at all.
"""
KEEP_ALIVE_OPTIONS = MappingProxyType({"gunicorn": "--keep-alive", "uvicorn": "--timeout-keep-alive"})
KEEP_ALIVE_S = 75
"""What the recipe tells them: the load balancer's 60 s and a margin."""
THREADS = 4
"""Gunicorn takes its gthread worker where there is more than one (gunicorn/config.py, Threads)."""
HEARTBEATS = "/dev/shm"  # noqa: S108  a path in a container
"""Gunicorn touches a file of each worker all the time; on a disk that blocks (its FAQ, "blocking os.fchmod")."""
WORKER_MIB = 256
"""The memory of the task for each worker that is started unasked; chuoigen's own estimate for a small Django."""
PORT = 8000
"""Where both servers listen by themselves."""
CELERY_STOP_S = 120
"""What a worker should have to end its tasks: the longest stop timeout of Fargate (ECS, ContainerDefinition)."""

DIGESTS = Digests("Django's ManifestStaticFilesStorage", r"\.[0-9a-f]{12}\.[^/]+$")
"""Twelve digits of an MD5 before the suffix (django/contrib/staticfiles/storage.py, file_hash)."""


def release(version: str) -> Release | None:
    """Return the image of a Python version, written as `3.14` or in full; None when it is not known."""
    found = RELEASES.get(".".join(version.split(".")[:2]))
    return found if found and f"{found.python}.".startswith(f"{version}.") else None


def minor(version: str) -> str | None:
    """Return `3.14` of what .python-version says, `3.14.2` or `cpython-3.14`; None where it names no such version."""
    found = re.match(r"\s*(?:cpython[-@])?(3\.\d{1,3})\b", version)
    return found[1] if found else None


def unpictured(python: str | None, base: str | None) -> bool:
    """Say whether a version is written for which an image is neither known nor written."""
    return python is not None and release(python) is None and base is None


def known(image: str) -> Base:
    """Return what is known of an image that stands in these tables, or what its name says."""
    return base_of(image, (entry.base for entry in RELEASES.values()))
