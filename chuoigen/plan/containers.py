"""Containers: everything that the task definition and the compose files say about one."""

from collections import ChainMap
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from chuoigen.aws import arn, limits, vocabulary
from chuoigen.inputs.project import Project
from chuoigen.plan import images, naming
from chuoigen.plan.model import (
    ContainerPlan,
    HealthPlan,
    ImagePlan,
    LogPlan,
    PortPlan,
    RestartPlan,
    TmpfsPlan,
    UlimitPlan,
    VolumePlan,
)
from chuoigen.plan.recipes import DockerfilePlan, FluentdPlan, NginxPlan, PhoenixPlan
from chuoigen.plan.references import LOOPBACK, first_port, resolve
from chuoigen.plan.volumes import mounts_of
from chuoigen.provenance import decision, each, keyed
from chuoigen.spec import Spec
from chuoigen.spec.build import DockerfileBuild, FluentdBuild, NginxBuild, PhoenixBuild
from chuoigen.spec.container import Container
from chuoigen.spec.network import Pool
from chuoigen.spec.runtime import Healthcheck, Logs

BuildPlan = PhoenixPlan | NginxPlan | FluentdPlan | DockerfilePlan

RETENTION_DEFAULT_DAYS = 30
MAX_BUFFER_SIZE = "25m"
"""More than AWS's own 10m: a burst of lines at a start fits, and lines are lost later."""
FIRST_TAG = "first"


def container_plan(spec: Spec, project: Project, name: str, volumes: Mapping[str, VolumePlan]) -> ContainerPlan:
    """Decide about one container."""
    written = spec.containers[name]
    build = _build(spec, project, name, volumes)
    return ContainerPlan(
        name=name,
        recipe=recipe_of(written),
        image=_image(spec, name, written),
        build=build,
        essential=written.essential,
        cpu=written.cpu,
        memory=written.memory,
        memory_reservation=written.memory_reservation,
        command=tuple(written.command or ()),
        entrypoint=tuple(written.entrypoint or ()),
        working_dir=written.working_dir,
        user=written.user,
        read_only=written.read_only,
        ports=tuple(PortPlan(port.container, port.protocol, port.name, port.app_protocol) for port in written.ports),
        environment=_environment(spec, name, by_name=False),
        compose_environment=_environment(spec, name, by_name=True),
        secrets=tuple(naming.secret_plan(spec, key, secret) for key, secret in written.secrets.items()),
        env_files=tuple(written.env_files),
        mounts=mounts_of(written),
        depends_on={other: dependency.condition for other, dependency in written.depends_on.items()},
        healthcheck=_health(written, build.runtime.packager if isinstance(build, PhoenixPlan) else None),
        stop_timeout=written.stop_timeout if written.stop_timeout is not None else limits.DEFAULT_STOP_TIMEOUT_S,
        start_timeout=written.start_timeout,
        ulimits=tuple(UlimitPlan(limit, value.soft, value.hard) for limit, value in written.ulimits.items()),
        restart=RestartPlan(tuple(written.restart.ignored_exit_codes), written.restart.attempt_period)
        if written.restart
        else None,
        init=written.init,
        labels=dict(written.labels),
        capabilities_add=tuple(written.capabilities.add) if written.capabilities else (),
        capabilities_drop=tuple(written.capabilities.drop) if written.capabilities else (),
        tmpfs=tuple(TmpfsPlan(path, tmpfs.size, tuple(tmpfs.options)) for path, tmpfs in written.tmpfs.items()),
        sysctls=dict(written.sysctls),
        logs=_logs(spec, name, written.logs),
        firelens_type=written.firelens.type if written.firelens else None,
        firelens_options=dict(written.firelens.options) if written.firelens else {},
        version_consistency=written.version_consistency,
        registry_credentials=_credentials(spec, written),
    )


@decision
def _build(spec: Spec, project: Project, name: str, volumes: Mapping[str, VolumePlan]) -> BuildPlan | None:
    return images.Recipe(spec, project, name, volumes).plan()


def recipe_of(container: Container) -> str:
    """Name how the image comes to be: phoenix, nginx, fluentd, dockerfile or image."""
    build = container.build
    if build is None:
        return "image"
    return "dockerfile" if isinstance(build, DockerfileBuild) else build.recipe


def moving_tag(spec: Spec) -> str | None:
    """Return the tag that all builds share, None when each build has the tag of its commit."""
    tag = spec.pipeline.image_tag if spec.pipeline else "commit"
    return None if tag == "commit" else tag


def _image(spec: Spec, name: str, written: Container) -> ImagePlan:
    registry = arn.ecr_registry(spec.aws.account, spec.aws.region)
    if written.build is None:
        image = written.image or ""
        host, slash, _ = image.partition("/")
        outside = host if slash and ("." in host or ":" in host) else "docker.io"
        return ImagePlan(image, outside, None, None, immutable=False, local=image)
    repository = written.build.repository or f"{naming.prefix_of(spec)}-{name}"
    tag = moving_tag(spec) or FIRST_TAG
    reference = f"{registry}/{repository}:{tag}"
    local = f"{naming.prefix_of(spec)}-{name}:local"
    return ImagePlan(reference, registry, repository, tag, immutable=moving_tag(spec) is None, local=local)


def _environment(spec: Spec, name: str, *, by_name: bool) -> dict[str, str]:
    """Return the variables as typed, references resolved, with those that the recipe reads behind them."""
    written = spec.containers[name]
    decided = _recipe_environment(spec, name, written, by_name=by_name)

    def text(key: str) -> str:
        value = written.environment.get(key)
        if value is None:
            return decided[key]()
        return (resolve(spec, value.ref, by_name=by_name) if value.ref is not None else value.value) or ""

    return keyed(dict.fromkeys((*written.environment, *decided)), text)


def _recipe_environment(spec: Spec, name: str, written: Container, *, by_name: bool) -> dict[str, Callable[[], str]]:
    """Return the variables that the recipe or a pool brings, each with what makes its text."""
    build = written.build
    variables: dict[str, Callable[[], str]] = {}
    if isinstance(build, NginxBuild) and build.upstream is not None:
        variables["APP_SERVER"] = lambda: (build.upstream if by_name else LOOPBACK) or ""
    if isinstance(build, FluentdBuild):
        variables["S3_BUCKET"] = lambda: build.s3.bucket
        variables["S3_REGION"] = lambda: build.s3.region or spec.aws.region
    for backend in spec.backends.values():
        pool = backend.pool
        if pool is not None and pool.container == name:
            variables[pool.variable] = partial(_size, pool)
    return {key: text for key, text in variables.items() if key not in written.secrets}


def _size(pool: Pool) -> str:
    return str(pool.size)


def _health(written: Container, packager: str | None) -> HealthPlan | None:
    check = written.healthcheck
    if check is None:
        return None
    command = tuple(check.command or ())
    if check.command is None:
        command = _http_command(written, check, packager)
    elif command and command[0] not in ("CMD", "CMD-SHELL"):
        command = ("CMD", *command)
    return HealthPlan(command, check.interval, check.timeout, check.retries, check.start_period)


def _http_command(written: Container, check: Healthcheck, packager: str | None) -> tuple[str, ...]:
    """Return the command that asks for a path, with a tool that the image has.

    nginx's image has curl, BusyBox in Alpine has wget; of other images it is not known, so that either is tried.
    """
    port = first_port(written) or 80
    url = f"http://{LOOPBACK}:{port}{check.http or '/'}"
    if isinstance(written.build, NginxBuild) or packager == "apt":
        return ("CMD", "curl", "-fsS", "-o", "/dev/null", url)
    if isinstance(written.build, PhoenixBuild):
        return ("CMD", "wget", "-q", "-O", "/dev/null", url)
    quoted = "'" + url.replace("'", "'\\''") + "'"
    return ("CMD-SHELL", f"curl -fsS -o /dev/null {quoted} || wget -q -O /dev/null {quoted} || exit 1")


def _logs(spec: Spec, name: str, own: Logs | None) -> LogPlan:
    shared = spec.logs
    extra = _both("options", own, shared)
    secret = _both("secret_options", own, shared)
    cloudwatch = _driver(own, shared) == "awslogs"

    def group() -> str:
        written = extra.get("awslogs-group")
        return written or naming.group_of(spec, name, _own_or_shared("group", own, shared))

    def mode() -> str:
        return _own_or_shared("mode", own, shared) or vocabulary.DEFAULT_LOG_MODE

    decided: dict[str, Callable[[], str]] = {
        "awslogs-group": group,
        "awslogs-region": lambda: spec.aws.region,
        "awslogs-stream-prefix": lambda: _own_or_shared("stream_prefix", own, shared) or spec.stage or spec.name,
        "mode": mode,
    }
    if cloudwatch and mode() == "non-blocking":
        decided["max-buffer-size"] = lambda: _own_or_shared("max_buffer_size", own, shared) or MAX_BUFFER_SIZE
    options = dict.fromkeys((*(decided if cloudwatch else ()), *extra))
    return LogPlan(
        driver=_driver(own, shared),
        options=keyed(options, lambda key: extra[key] if key in extra else decided[key]()),
        secret_options=each(secret, lambda key: naming.secret_plan(spec, key, secret[key])),
        group=group() if cloudwatch else None,
        retention=int(_own_or_shared("retention", own, shared) or RETENTION_DEFAULT_DAYS) if cloudwatch else None,
    )


def _driver(own: Logs | None, shared: Logs | None) -> str:
    return _own_or_shared("driver", own, shared) or "awslogs"


def _own_or_shared(key: str, own: Logs | None, shared: Logs | None) -> str | None:
    """Return what a container says of its log, else what the spec says for all."""
    for logs in (own, shared):
        value = getattr(logs, key) if logs is not None else None
        if value is not None:
            return str(value)
    return None


def _both(key: str, own: Logs | None, shared: Logs | None) -> ChainMap[str, Any]:
    """Return the options of both; a container's own goes before the shared one."""
    return ChainMap(*(getattr(logs, key) for logs in (own, shared) if logs is not None))


def _credentials(spec: Spec, written: Container) -> str | None:
    if written.registry_credentials is None:
        return None
    name = written.registry_credentials.secrets_manager
    return name if name.startswith("arn:") else arn.secret_arn(spec.aws.account, spec.aws.region, name)
