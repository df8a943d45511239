"""Images: which recipe builds one, on which bases, with what in it."""

import posixpath
import re
from collections.abc import Mapping

from chuoigen.aws import defaults as of_keys
from chuoigen.aws import images as known
from chuoigen.aws.limits import HTTP_PORT
from chuoigen.aws.sizing import CPU_UNITS_PER_VCPU
from chuoigen.inputs.project import Project
from chuoigen.plan.model import VolumePlan
from chuoigen.plan.naming import prefix_of
from chuoigen.plan.recipes import (
    ArgumentPlan,
    Base,
    DockerfilePlan,
    FluentdPlan,
    NginxPlan,
    PhoenixPlan,
    PreparedDirectory,
    TailPlan,
)
from chuoigen.plan.references import first_port, resolve
from chuoigen.plan.volumes import APP_UID, APP_USER, mounts_of
from chuoigen.spec import Spec
from chuoigen.spec.build import DockerfileBuild, FluentdBuild, NginxBuild, PhoenixBuild
from chuoigen.spec.values import WrittenArgument

UPLOAD_MIB_PER_SECOND = 4
"""What one task can be trusted to send to S3 at a shutdown: a quarter vCPU compressing, measured low on purpose."""
FLUSH_MARGIN_S = 10
CONNECTIONS_PER_MIB = 8
"""nginx's worker connections for each MiB of the task: two buffers of 16 KiB each, and room for the others."""
KEEPALIVE_MARGIN_S = 15
CHUNKS_DEFAULT_MIB = 256


class Recipe:
    """What recipes look at to decide about one container's image."""

    def __init__(self, spec: Spec, project: Project, name: str, volumes: Mapping[str, VolumePlan]) -> None:
        """Keep the spec, the files around it, the container's name and the volumes already decided."""
        self.spec = spec
        self.project = project
        self.name = name
        self.volumes = volumes
        self.container = spec.containers[name]

    def plan(self) -> PhoenixPlan | NginxPlan | FluentdPlan | DockerfilePlan | None:
        """Return the plan of the image, None for an image that is not built here."""
        build = self.container.build
        if isinstance(build, PhoenixBuild):
            return self._phoenix(build)
        if isinstance(build, NginxBuild):
            return self._nginx(build)
        if isinstance(build, FluentdBuild):
            return self._fluentd(build)
        return self._dockerfile(build) if build is not None else None

    def _path(self, key: str, default: str) -> str:
        return self.project.paths.get(("containers", self.name, "build", key)) or default

    def _arguments(self, written: Mapping[str, WrittenArgument]) -> tuple[ArgumentPlan, ...]:
        arguments = []
        for name, argument in written.items():
            store = (
                "ssm"
                if argument.ssm is not None
                else "secretsmanager"
                if argument.secrets_manager is not None
                else None
            )
            value = resolve(self.spec, argument.ref) if argument.ref is not None else argument.value
            text = None if store else value or ""
            arguments.append(ArgumentPlan(name, text, argument.ssm or argument.secrets_manager, store))
        return tuple(arguments)

    def _directories(self) -> tuple[PreparedDirectory, ...]:
        """Return the mounts that live as long as the task: every image that has one prepares it alike."""
        return tuple(
            PreparedDirectory(mount.path, self.volumes[mount.volume].owner)
            for mount in mounts_of(self.container)
            if mount.volume in self.volumes and not (self.volumes[mount.volume].efs or self.volumes[mount.volume].ebs)
        )

    def _phoenix(self, build: PhoenixBuild) -> PhoenixPlan:
        entry = known.phoenix(build.elixir) or known.PHOENIX[known.DEFAULT_ELIXIR]
        builder = (
            Base(build.builder, known.base_of(build.builder).package_manager) if build.builder else _base(entry.builder)
        )
        runtime = (
            Base(build.runtime, known.base_of(build.runtime).package_manager) if build.runtime else _base(entry.runtime)
        )
        log_dir = self._log_directory()
        static = self.container.publish.static if self.container.publish else None
        mounted = next((mount.path for mount in mounts_of(self.container) if mount.volume == static), None)
        assets = build.assets if build.assets is not None and build.assets.tool != "none" else None
        old = build.release == "distillery"
        defaults = {"MIX_ENV": "dev" if old else "prod", "LOG_DIR": log_dir}
        if old:
            defaults["SECRET_KEY_BASE"] = ""
        extra = ("curl",) if runtime.packager == "apt" and self.container.healthcheck else ()
        return PhoenixPlan(
            context=self._path("context", "."),
            generated=f"out/{self.project.output_name}/docker/{self.name}",
            builder=builder,
            runtime=runtime,
            elixir=build.elixir,
            release=build.release,
            release_name=build.release_name or re.sub(r"[^a-z0-9]+", "_", self.spec.name.lower()).strip("_") or "app",
            asset_tool=assets.tool if assets else None,
            package_manager=assets.package_manager if assets else None,
            asset_sources=tuple(assets.sources) if assets else (),
            asset_script=assets.script if assets else None,
            arguments=self._arguments(build.args),
            argument_defaults=defaults,
            build_packages=entry.build_packages if builder.packager == "apk" else ("build-essential", "git"),
            asset_packages=_asset_packages(entry, builder, assets.package_manager) if assets else (),
            packages=(*_runtime_packages(entry, runtime), *extra, *build.packages),
            root="/var/app",
            user=APP_USER,
            uid=APP_UID,
            port=first_port(self.container),
            log_dir=log_dir,
            static_source="/web-static",
            static_mount=mounted,
            directories=self._directories(),
            timezone=self.spec.timezone,
        )

    def _log_directory(self) -> str:
        """Return where the application writes its logs: the mount that a fluentd tails, or a usual place."""
        tailed = {
            volume
            for other in self.spec.containers.values()
            if isinstance(other.build, FluentdBuild)
            for volume in other.build.tail
        }
        mounts = mounts_of(self.container)
        return next((mount.path for mount in mounts if mount.volume in tailed), f"/var/log/{self.spec.name}")

    def _nginx(self, build: NginxBuild) -> NginxPlan:
        entry = known.NGINX.get(build.base or known.DEFAULT_NGINX)
        base = known.base_of(build.base or known.DEFAULT_NGINX)
        upstream = self.spec.containers.get(build.upstream) if build.upstream else None
        balancer = self.spec.load_balancer
        behind = balancer is not None and balancer.target == self.name
        check = self.container.healthcheck
        asked = balancer.health_check.path if balancer and behind and balancer.health_check else None
        limit = self.container.ulimits.get("nofile")
        nofile = limit.soft if limit and limit.soft > 1 else of_keys.NOFILE.value
        root = next((mount.path for mount in mounts_of(self.container) if mount.volume == build.static), None)
        health = asked or (check.http if check else None)
        front_page = health == "/" and upstream is None and root is not None  # a file answers for itself
        workers = max(1, self.spec.task.cpu // CPU_UNITS_PER_VCPU)
        idle = balancer.idle_timeout if balancer and behind else of_keys.IDLE_TIMEOUT_S.value
        return NginxPlan(
            base=Base(build.base or known.DEFAULT_NGINX, base.package_manager),
            packages=entry.packages if entry else ("curl", "tzdata"),
            port=first_port(self.container) or HTTP_PORT,
            upstream=build.upstream if upstream else None,
            upstream_port=(first_port(upstream) or HTTP_PORT) if upstream else None,
            root=root,
            health_path=None if front_page else health,
            workers=workers,
            connections=max(64, min(nofile // 2, self.spec.task.memory * CONNECTIONS_PER_MIB // workers)),
            nofile=nofile,
            keepalive=idle + KEEPALIVE_MARGIN_S,
            timeout=build.timeout,
            max_body_mib=build.max_body,
            arguments=self._arguments(build.args),
            directories=self._directories(),
            timezone=self.spec.timezone,
        )

    def _fluentd(self, build: FluentdBuild) -> FluentdPlan:
        entry = known.fluentd(build.version) or known.FLUENTD[known.DEFAULT_FLUENTD]
        base = Base(build.base, known.base_of(build.base).package_manager) if build.base else _base(entry.base)
        stop = self.container.stop_timeout or of_keys.STOP_TIMEOUT_S.value
        paths = {mount.volume: mount.path for mount in mounts_of(self.container)}
        state = paths.get(build.state or "", "/fluentd/state")
        room = max(1, (stop - FLUSH_MARGIN_S) * UPLOAD_MIB_PER_SECOND)
        total = build.buffer.total_limit or min(CHUNKS_DEFAULT_MIB, room)
        return FluentdPlan(
            base=base,
            version=build.version or entry.version,
            s3_plugin=build.s3_plugin or entry.s3_plugin,
            user=self.container.user or ("root" if entry.drops_user_by else entry.user),
            legacy=bool(entry.drops_user_by),
            tails=tuple(
                TailPlan(
                    volume=volume,
                    path=posixpath.join(paths.get(volume, "/var/log"), pattern),
                    position_file=posixpath.join(state, f"{volume}.pos"),
                    tag=f"{prefix_of(self.spec)}.{volume}",
                )
                for volume, pattern in build.tail.items()
            ),
            state=state,
            buffer_path=posixpath.join(state, "buffer"),
            prefix=build.s3.prefix if build.s3.prefix is not None else f"{prefix_of(self.spec)}/",
            flush_interval=build.s3.flush_interval,
            flush_at_shutdown=build.flush_at_shutdown,
            flush_threads=2,
            chunk_limit=min(build.buffer.chunk_limit, total),
            total_limit=total,
            retry_max_interval=max(1, stop // 4),
            flush_seconds=FLUSH_MARGIN_S + -(-total // UPLOAD_MIB_PER_SECOND),
            upload_mib_per_second=UPLOAD_MIB_PER_SECOND,
            packages=entry.packages if base.packager == _base(entry.base).packager else ("tzdata",),
            build_packages=entry.build_packages,
            gem_options=entry.gem_options,
            arguments=self._arguments(build.args),
            directories=self._directories(),
            timezone=self.spec.timezone,
        )

    def _dockerfile(self, build: DockerfileBuild) -> DockerfilePlan:
        return DockerfilePlan(
            dockerfile=self._path("dockerfile", posixpath.normpath(build.dockerfile)),
            context=self._path("context", "."),
            target=build.target,
            arguments=self._arguments(build.args),
        )


def _base(base: known.Base) -> Base:
    return Base(base.image, base.package_manager)


def _asset_packages(entry: known.Phoenix, builder: Base, manager: str) -> tuple[str, ...]:
    """Return what the bundler needs, in the words of the builder's distribution; Debian calls yarn yarnpkg."""
    if builder.packager == "apk":
        return entry.asset_packages[manager]
    return ("nodejs", "yarnpkg" if manager == "yarn" else manager)


def _runtime_packages(entry: known.Phoenix, runtime: Base) -> tuple[str, ...]:
    """Return what a release needs at run time, in the words of the runtime's distribution."""
    if runtime.packager == "apk":
        return entry.runtime_packages
    return ("libncurses6", "libstdc++6", "locales", "openssl", "tzdata")
