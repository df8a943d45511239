"""What is decided about an nginx."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuoigen import recipes
from chuoigen.aws import defaults
from chuoigen.aws.limits import HTTP_PORT
from chuoigen.aws.sizing import CPU_UNITS_PER_VCPU
from chuoigen.plan import durations
from chuoigen.plan.recipes import Base, BuildPlan
from chuoigen.plan.references import first_port
from chuoigen.recipes.answers import Digests
from chuoigen.recipes.nginx import facts
from chuoigen.recipes.servers import KEEP_ALIVE_MARGIN_S

if TYPE_CHECKING:
    from chuoigen.plan.images import Asked
    from chuoigen.recipes.nginx.language import NginxBuild

CONNECTIONS_PER_MIB = 8
"""Worker connections for each MiB of the task: two buffers of 16 KiB each, and room for the others."""
SHUTDOWN_MARGIN_S = 5
"""How long before its stop timeout nginx closes what is still open, so that it exits by itself."""
UPSTREAM_KEEPALIVE_S = 30
"""How long an idle connection to the upstream is kept, unless the upstream itself closes it sooner."""
UPSTREAM_KEEPALIVE_UNKNOWN_S = 1


class NginxPlan(BuildPlan):
    """An nginx. `upstream` is the container's name, its port `upstream_port`; `root` the document root.

    `digests` are the files in it whose names never stand for another content. `keepalive` (seconds) exceeds the load
    balancer's idle time-out; `upstream_keepalive` is less than `upstream_idle`, for which the upstream keeps an idle
    connection (None: not known). `trusted` are the ranges whose X-Forwarded-For is believed. The health check asks the
    upstream for `check_host` (None: as it came), with `check_secure` as if by HTTPS. `graceful` (seconds) is what open
    requests have at a stop. `workers` and `connections` fit the task's size; `header_kib` is the largest header.
    """

    base: Base
    packages: tuple[str, ...]
    port: int
    upstream: str | None
    upstream_port: int | None
    upstream_idle: int | None
    upstream_keepalive: int
    root: str | None
    digests: Digests
    health_path: str | None
    check_host: str | None
    check_secure: bool
    trusted: tuple[str, ...]
    header_kib: int
    workers: int
    connections: int
    nofile: int
    keepalive: int
    graceful: int
    timeout: int
    max_body_mib: int
    timezone: str


def nginx_plan(asked: Asked[NginxBuild]) -> NginxPlan:
    """Decide how it listens, what it serves and passes on, and how much of both the task has room for."""
    build, spec, container = asked.build, asked.spec, asked.container
    entry = facts.IMAGES.get(build.base or facts.DEFAULT)
    base = facts.known(build.base or facts.DEFAULT)
    upstream = spec.containers.get(build.upstream) if build.upstream else None
    balancer = spec.load_balancer
    behind = balancer is not None and balancer.target == asked.name
    check = container.healthcheck
    wanted = balancer.healthcheck.path if balancer and behind and balancer.healthcheck else None
    limit = container.ulimits.get("nofile")
    nofile = limit.soft if limit and limit.soft > 1 else defaults.NOFILE.value
    root = asked.mount_of(build.static)
    health = wanted or (check.http if check else None)
    front_page = health == "/" and upstream is None and root is not None  # a file answers for itself
    workers = max(1, spec.task.cpu // CPU_UNITS_PER_VCPU)
    stop = container.stop_timeout if container.stop_timeout is not None else defaults.STOP_TIMEOUT_S.value
    known = durations.kept(spec, asked.project, build.upstream) if build.upstream else None
    upstream_idle = known.seconds if known is not None else None
    return NginxPlan(
        base=Base(base.image, base.package_manager),
        packages=entry.packages if entry else ("curl", "tzdata"),
        port=first_port(container) or HTTP_PORT,
        upstream=build.upstream if upstream else None,
        upstream_port=(first_port(upstream) or HTTP_PORT) if upstream else None,
        upstream_idle=upstream_idle,
        upstream_keepalive=_upstream_keepalive(build, upstream_idle),
        root=root,
        digests=_digests(asked),
        health_path=None if front_page else health,
        check_host=build.check_host,
        check_secure=balancer is not None and behind and balancer.certificate is not None,
        trusted=tuple(build.trusted or facts.PRIVATE_RANGES) if behind else (),
        header_kib=facts.HEADER_KIB,
        workers=workers,
        connections=max(64, min(nofile // 2, spec.task.memory * CONNECTIONS_PER_MIB // workers)),
        nofile=nofile,
        keepalive=durations.asked_idle(spec, asked.name) + KEEP_ALIVE_MARGIN_S,
        graceful=max(1, stop - SHUTDOWN_MARGIN_S),
        timeout=build.timeout if build.timeout is not None else durations.asked_idle(spec, asked.name),
        max_body_mib=build.max_body,
        arguments=asked.arguments(),
        directories=asked.directories(),
        timezone=spec.timezone,
    )


def _upstream_keepalive(build: NginxBuild, idle: int | None) -> int:
    """Return for how long a connection to the upstream is kept: less than the upstream keeps it, whoever that is.

    Of the usual servers Gunicorn closes first, after 2 s.
    """
    if build.upstream_keepalive is not None:
        return build.upstream_keepalive
    return UPSTREAM_KEEPALIVE_UNKNOWN_S if idle is None else max(0, min(UPSTREAM_KEEPALIVE_S, idle - 1))


def _digests(asked: Asked[NginxBuild]) -> Digests:
    """Return what the recipe says of the files that it publishes; of others what most builds here have."""
    static = asked.build.static
    builds = (each.build for each in asked.spec.containers.values() if each.publish and each.publish.static == static)
    return next((said for build in builds if (said := recipes.of(build).digests) is not None), facts.DIGESTS)
