"""Containers: everything that the task definition and the compose files say about one."""

from collections.abc import Mapping

from chuoigen import recipes
from chuoigen.aws import arn, defaults, limits
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
from chuoigen.plan.recipes import BuildPlan
from chuoigen.plan.references import LOOPBACK, first_port, resolve
from chuoigen.plan.volumes import mounts_of
from chuoigen.spec import Spec
from chuoigen.spec.container import Container
from chuoigen.spec.runtime import Healthcheck, Logs

FIRST_TAG = "first"


def container_plan(spec: Spec, project: Project, name: str, volumes: Mapping[str, VolumePlan]) -> ContainerPlan:
    """Decide about one container."""
    written = spec.containers[name]
    build = images.build_plan(spec, project, name, volumes)
    return ContainerPlan(
        name=name,
        recipe=recipes.of(written.build).name,
        image=_image(spec, name, written),
        build=build,
        essential=written.essential,
        cpu=written.cpu,
        memory=written.memory,
        memory_reservation=written.memory_reservation,
        command=tuple(written.command or recipes.of(written.build).command(written, written.build)),
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
        healthcheck=_health(written, build),
        stop_timeout=written.stop_timeout if written.stop_timeout is not None else defaults.STOP_TIMEOUT_S.value,
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


def moving_tag(spec: Spec) -> str | None:
    """Return the tag that all builds share, None when each build has the tag of its commit."""
    tag = spec.pipeline.image_tag if spec.pipeline else defaults.IMAGE_TAG.value
    return None if tag == "commit" else tag


def _image(spec: Spec, name: str, written: Container) -> ImagePlan:
    registry = arn.ecr_registry(spec.aws.account, spec.aws.region)
    if written.build is None:
        image = written.image or ""
        host, slash, _ = image.partition("/")
        outside = host if slash and ("." in host or ":" in host) else "docker.io"
        return ImagePlan(image, outside, None, None, immutable=False, local=image)
    owner = images.image_owner(spec, name)
    build = spec.containers[owner].build
    repository = (build.repository if build else None) or f"{naming.prefix_of(spec)}-{owner}"
    tag = moving_tag(spec) or FIRST_TAG
    reference = f"{registry}/{repository}:{tag}"
    local = f"{naming.prefix_of(spec)}-{owner}:local"
    return ImagePlan(reference, registry, repository, tag, immutable=moving_tag(spec) is None, local=local)


def _environment(spec: Spec, name: str, *, by_name: bool) -> dict[str, str]:
    """Return the variables as typed, references resolved, with those that the recipe reads behind them."""
    written = spec.containers[name]
    variables = {}
    for key, value in written.environment.items():
        text = resolve(spec, value.ref, by_name=by_name) if value.ref is not None else value.value
        variables[key] = text if text is not None else ""
    for key, text in _recipe_environment(spec, name, written, by_name=by_name).items():
        variables.setdefault(key, text)
    return variables


def _recipe_environment(spec: Spec, name: str, written: Container, *, by_name: bool) -> dict[str, str]:
    variables = dict(recipes.of(written.build).environment(spec, written.build, by_name=by_name))
    for backend in spec.backends.values():
        if backend.pool is not None and backend.pool.container == name:
            variables[backend.pool.variable] = str(backend.pool.size)
    return {key: text for key, text in variables.items() if key not in written.secrets}


def _health(written: Container, build: BuildPlan | None) -> HealthPlan | None:
    check = written.healthcheck
    if check is None:
        return None
    command = tuple(check.command or ())
    if check.command is None:
        command = _http_command(written, check, build)
    elif command and command[0] not in ("CMD", "CMD-SHELL"):
        command = ("CMD", *command)
    return HealthPlan(command, check.interval, check.timeout, check.retries, check.start_period)


def _http_command(written: Container, check: Healthcheck, build: BuildPlan | None) -> tuple[str, ...]:
    """Return the command that asks for a path, with a tool that the image has; where none is known either is tried."""
    port = first_port(written) or limits.HTTP_PORT
    url = f"http://{LOOPBACK}:{port}{check.http or defaults.TARGET_HEALTH_PATH.value}"
    command = recipes.of(written.build).http_check(build, url)
    if command is not None:
        return command
    quoted = "'" + url.replace("'", "'\\''") + "'"
    return ("CMD-SHELL", f"curl -fsS -o /dev/null {quoted} || wget -q -O /dev/null {quoted} || exit 1")


def _logs(spec: Spec, name: str, own: Logs | None) -> LogPlan:
    shared = spec.logs

    def said(key: str) -> str | None:
        for logs in (own, shared):
            value = getattr(logs, key) if logs is not None else None
            if value is not None:
                return str(value)
        return None

    driver = said("driver") or defaults.LOG_DRIVER.value
    extra = {**(dict(shared.options) if shared else {}), **(dict(own.options) if own else {})}
    secret = {**(dict(shared.secret_options) if shared else {}), **(dict(own.secret_options) if own else {})}
    secrets = tuple(naming.secret_plan(spec, key, value) for key, value in secret.items())
    if driver != "awslogs":
        return LogPlan(driver, extra, secrets, None, None)
    group = extra.get("awslogs-group") or naming.group_of(spec, name, said("group"))
    mode = said("mode") or defaults.LOG_MODE.value
    options = {
        "awslogs-group": group,
        "awslogs-region": spec.aws.region,
        "awslogs-stream-prefix": said("stream_prefix") or spec.stage or spec.name,
        "mode": mode,
    }
    if mode == "non-blocking":
        options["max-buffer-size"] = said("max_buffer_size") or defaults.LOG_BUFFER_SIZE.value
    retention = said("retention")
    days = int(retention) if retention else defaults.LOG_RETENTION_DAYS.value
    return LogPlan(driver, {**options, **extra}, secrets, group, days)


def _credentials(spec: Spec, written: Container) -> str | None:
    if written.registry_credentials is None:
        return None
    name = written.registry_credentials.secrets_manager
    return name if name.startswith("arn:") else arn.secret_arn(spec.aws.account, spec.aws.region, name)
