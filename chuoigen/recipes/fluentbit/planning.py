"""What is decided about a fluent-bit."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from chuoigen.aws import defaults
from chuoigen.plan.naming import prefix_of
from chuoigen.plan.recipes import BuildPlan
from chuoigen.plan.references import first_port
from chuoigen.recipes import stopping
from chuoigen.recipes.fluentbit import facts
from chuoigen.recipes.stopping import Stop
from chuoigen.record import Record

if TYPE_CHECKING:
    from chuoigen.plan.images import Asked
    from chuoigen.recipes.fluentbit.language import FluentbitBuild, S3Output

_STARTS_S = 5
"""Until it reads, also at a quarter of a CPU. From memory: it is one program of 20 MB that starts within a second."""
_AGAIN_S = 8
"""How long one try to send the rest may take: it tries at its start and at its end, and not in between."""


class TailPlan(Record):
    """Log files that fluent-bit tails: `path` with the pattern, its database of positions, the tag of its lines."""

    volume: str
    path: str
    database: str
    tag: str


class OutputPlan(Record):
    """What goes to S3: sizes in MiB, times in seconds."""

    prefix: str
    flush_interval: int
    object_size: int
    total_limit: int


class FluentbitPlan(BuildPlan):
    """A fluent-bit. `router`: FireLens starts it with a configuration of its own, which includes the generated one.

    `source` is the image that holds fluent-bit, empty when `base` does. `state` is the directory of buffers and
    positions, `port` that of its HTTP server, None without one. Times in seconds.
    """

    source: str
    base: str
    version: str
    packages: tuple[str, ...]
    user: str
    router: bool
    tails: tuple[TailPlan, ...]
    state: str
    output: OutputPlan | None
    grace: int
    port: int | None
    stop: Stop
    flush_seconds: int
    timezone: str


def fluentbit_plan(asked: Asked[FluentbitBuild]) -> FluentbitPlan:
    """Decide what it reads, where it keeps it, and how much of it can be sent before the task is killed."""
    build, container = asked.build, asked.container
    entry = facts.image(build.version) or facts.IMAGES[facts.DEFAULT]
    stop = container.stop_timeout or defaults.STOP_TIMEOUT_S.value
    state = asked.mount_of(build.state or "") or "/fluent-bit/state"
    total = build.buffer.total_limit or stopping.buffer_for(stop)
    router = container.firelens is not None
    return FluentbitPlan(
        source="" if build.base else entry.source.image,
        base=build.base or facts.RUNTIME.image,
        version=build.version or entry.version,
        packages=() if build.base else facts.PACKAGES,
        user=container.user or ("0" if router else facts.USER),
        router=router,
        tails=tuple(
            TailPlan(
                volume=volume,
                path=posixpath.join(asked.mount_of(volume) or "/var/log", pattern),
                database=posixpath.join(state, f"{volume}.db"),
                tag=f"{prefix_of(asked.spec)}.{volume}",
            )
            for volume, pattern in build.tail.items()
        ),
        state=state,
        output=_output(build.s3, f"{prefix_of(asked.spec)}/", total) if build.s3 else None,
        grace=max(1, stop // 4),
        port=first_port(container),
        stop=stopping.stop_of(stop, total, starts=_STARTS_S, again=_AGAIN_S),
        flush_seconds=stopping.flush_seconds(total),
        arguments=asked.arguments(),
        directories=asked.directories(),
        timezone=asked.spec.timezone,
    )


def _output(written: S3Output, prefix: str, total: int) -> OutputPlan:
    return OutputPlan(
        prefix=written.prefix if written.prefix is not None else prefix,
        flush_interval=written.flush_interval,
        object_size=written.object_size,
        total_limit=total,
    )
