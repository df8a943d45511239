"""What is decided about a fluentd."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from chuoigen.aws import defaults
from chuoigen.plan.naming import prefix_of
from chuoigen.plan.recipes import Base, BuildPlan
from chuoigen.recipes import stopping
from chuoigen.recipes.fluentd import facts
from chuoigen.recipes.stopping import Stop
from chuoigen.record import Record

if TYPE_CHECKING:
    from chuoigen.plan.images import Asked
    from chuoigen.recipes.fluentd.language import FluentdBuild

_STARTS_S = 15
"""Until it reads: 7.7 s were measured at a quarter of a CPU (fluentd 1.19.3, 2026-11-27)."""
_AGAIN_S = 40
"""How long one run gets to send what the last one left: it tries again every few seconds."""


class TailPlan(Record):
    """Log files that fluentd tails: `path` with the pattern, its position file, the tag of its lines."""

    volume: str
    path: str
    position_file: str
    tag: str


class FluentdPlan(BuildPlan):
    """A fluentd. Sizes in MiB, times in seconds; `state` is the directory of buffer and position files.

    `flush_seconds` is how long the end takes with a full buffer.
    """

    base: Base
    version: str
    s3_plugin: str
    user: str
    legacy: bool
    tails: tuple[TailPlan, ...]
    state: str
    buffer_path: str
    prefix: str
    flush_interval: int
    flush_at_shutdown: bool
    flush_threads: int
    chunk_limit: int
    total_limit: int
    retry_max_interval: int
    stop: Stop
    flush_seconds: int
    packages: tuple[str, ...]
    build_packages: tuple[str, ...]
    gem_options: tuple[str, ...]
    timezone: str


def fluentd_plan(asked: Asked[FluentdBuild]) -> FluentdPlan:
    """Decide what it reads, where it keeps it, and how much of it can be sent before the task is killed."""
    build, container = asked.build, asked.container
    entry = facts.image(build.version) or facts.IMAGES[facts.DEFAULT]
    base = facts.known(build.base) if build.base else entry.base
    stop = container.stop_timeout or defaults.STOP_TIMEOUT_S.value
    state = asked.mount_of(build.state or "") or "/fluentd/state"
    total = build.buffer.total_limit or stopping.buffer_for(stop)
    return FluentdPlan(
        base=Base(base.image, base.package_manager),
        version=build.version or entry.version,
        s3_plugin=build.s3_plugin or entry.s3_plugin,
        user=container.user or ("root" if entry.drops_user_by else entry.user),
        legacy=bool(entry.drops_user_by),
        tails=tuple(
            TailPlan(
                volume=volume,
                path=posixpath.join(asked.mount_of(volume) or "/var/log", pattern),
                position_file=posixpath.join(state, f"{volume}.pos"),
                tag=f"{prefix_of(asked.spec)}.{volume}",
            )
            for volume, pattern in build.tail.items()
        ),
        state=state,
        buffer_path=posixpath.join(state, "buffer"),
        prefix=build.s3.prefix if build.s3.prefix is not None else f"{prefix_of(asked.spec)}/",
        flush_interval=build.s3.flush_interval,
        flush_at_shutdown=build.flush_at_shutdown,
        flush_threads=2,
        chunk_limit=min(build.buffer.chunk_limit, total),
        total_limit=total,
        retry_max_interval=max(1, stop // 4),
        stop=stopping.stop_of(stop, total, starts=_STARTS_S, again=_AGAIN_S),
        flush_seconds=stopping.flush_seconds(total),
        packages=entry.packages if base.package_manager == entry.base.package_manager else ("tzdata",),
        build_packages=entry.build_packages,
        gem_options=entry.gem_options,
        arguments=asked.arguments(),
        directories=asked.directories(),
        timezone=asked.spec.timezone,
    )
