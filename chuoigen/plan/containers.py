"""Containers: everything that the task definition and the compose files say about one."""

import re
from collections.abc import Callable, Mapping
from functools import partial

from chuoigen import recipes
from chuoigen.aws import arn, defaults, limits, vocabulary
from chuoigen.aws.registries import names_registry, registry_of
from chuoigen.inputs.project import Project
from chuoigen.plan import images, naming
from chuoigen.plan.connections import written_pools
from chuoigen.plan.definitions import (
    Capabilities,
    ContainerPlan,
    FirelensPlan,
    HealthPlan,
    ImagePlan,
    LinuxPlan,
    Login,
    PortPlan,
    RestartPlan,
    TmpfsPlan,
    UlimitPlan,
    VolumePlan,
    VolumesFromPlan,
)
from chuoigen.plan.logs import log_plan
from chuoigen.plan.overrides import overrides_of
from chuoigen.plan.recipes import BuildPlan
from chuoigen.plan.references import LOOPBACK, first_port, value_of
from chuoigen.plan.volumes import mounts_of
from chuoigen.provenance import decision, each, keyed
from chuoigen.spec import Spec
from chuoigen.spec.container import Container, WrittenImage
from chuoigen.spec.network import Pool
from chuoigen.spec.runtime import Healthcheck

FIRST_TAG = "first"


def container_plan(spec: Spec, project: Project, name: str, volumes: Mapping[str, VolumePlan]) -> ContainerPlan:
    """Decide about one container."""
    written = spec.containers[name]
    build = _build(spec, project, name, volumes)
    return ContainerPlan(
        name=name,
        image=_image(spec, name),
        repository_credentials=_credentials(spec, written),
        cpu=written.cpu,
        memory=written.memory,
        memory_reservation=written.memory_reservation,
        ports=tuple(
            PortPlan(port.container, port.container, port.protocol, port.name, port.app_protocol)
            for port in written.ports
        ),
        essential=written.essential,
        restart=RestartPlan(True, tuple(written.restart.ignored_exit_codes), written.restart.attempt_period)  # noqa: FBT003
        if written.restart
        else None,
        entrypoint=tuple(written.entrypoint or ()),
        command=tuple(written.command or recipes.of(written.build).command(written, written.build)),
        environment=_environment(spec, name, by_name=False),
        env_files=dict.fromkeys((each_file.file for each_file in written.env_files), "s3"),
        mounts=mounts_of(written),
        volumes_from=tuple(VolumesFromPlan(other.container, other.read_only) for other in written.volumes_from),
        linux=_linux(written),
        secrets=each(written.secrets, lambda key: naming.secret_plan(spec, key, written.secrets[key])),
        depends_on=keyed(written.depends_on, lambda other: vocabulary.CONDITIONS[written.depends_on[other].condition]),
        start_timeout=written.start_timeout,
        stop_timeout=written.stop_timeout if written.stop_timeout is not None else defaults.STOP_TIMEOUT_S.value,
        version_consistency=written.version_consistency,
        user=written.user,
        working_dir=written.working_dir,
        read_only=written.read_only,
        interactive=written.interactive or None,
        pseudo_terminal=written.pseudo_terminal or None,
        labels=keyed(written.labels, lambda key: written.labels[key]),
        ulimits=tuple(UlimitPlan(limit, value.soft, value.hard) for limit, value in written.ulimits.items()),
        logs=log_plan(spec, name, written.logs),
        healthcheck=_health(written, build),
        sysctls=keyed(written.sysctls, lambda key: written.sysctls[key]),
        firelens=FirelensPlan(written.firelens.type, dict(written.firelens.options)) if written.firelens else None,
        credential_specs=tuple(written.credential_specs),
        overrides=overrides_of(written.overrides),
        recipe=recipes.of(written.build).name,
        build=build,
        compose_environment=_environment(spec, name, by_name=True),
    )


def _linux(written: Container) -> LinuxPlan:
    kept = written.capabilities
    return LinuxPlan(
        capabilities=Capabilities(tuple(kept.add) if kept else (), tuple(kept.drop) if kept else ()),
        init_process_enabled=written.init or None,
        tmpfs=tuple(TmpfsPlan(path, tmpfs.size, tuple(tmpfs.options)) for path, tmpfs in written.tmpfs.items()),
    )


@decision
def _build(spec: Spec, project: Project, name: str, volumes: Mapping[str, VolumePlan]) -> BuildPlan | None:
    return images.build_plan(spec, project, name, volumes)


def moving_tag(spec: Spec) -> str | None:
    """Return the tag that all builds share, None when each build has the tag of its commit."""
    tag = spec.pipeline.image_tag if spec.pipeline else defaults.IMAGE_TAG.value
    return None if tag == "commit" else tag


def _image(spec: Spec, name: str) -> ImagePlan:
    registry = arn.ecr_registry(spec.aws.account, spec.aws.region)
    owner = images.image_owner(spec, name)
    build, named = spec.containers[owner].build, spec.containers[owner].image
    if build is None and named is not None and named.filled_by is not None:
        return _hole(registry, owner, named)
    if build is None:
        image = (named.name if named is not None else None) or ""
        return ImagePlan(image, registry_of(image), None, None, immutable=False, local=image)
    repository = naming.repository_of(spec, owner)
    tag = moving_tag(spec) or FIRST_TAG
    reference = f"{registry}/{repository}:{tag}"
    local = f"{naming.prefix_of(spec)}-{owner}:local"
    return ImagePlan(
        reference,
        registry,
        repository,
        tag,
        immutable=moving_tag(spec) is None,
        local=local,
        filled=f"{registry}/{repository}",
    )


def _hole(registry: str, owner: str, written: WrittenImage) -> ImagePlan:
    """Return the image that a pipeline fills in; ECS refuses the placeholder, so that nobody registers it by accident.

    Source: docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html, `image` (2026-11-28).
    """
    repository = written.repository or ""
    if repository and not names_registry(repository):
        repository = f"{registry}/{repository}"
    placeholder = written.placeholder or f"{re.sub('[^A-Z0-9]', '_', owner.upper())}_IMAGE"
    host = registry_of(repository) if repository else ""
    return ImagePlan(f"<{placeholder}>", host, None, None, immutable=False, local=placeholder, filled=repository)


def _environment(spec: Spec, name: str, *, by_name: bool) -> dict[str, str]:
    """Return the variables as typed, references resolved, with those that the recipe reads behind them."""
    written = spec.containers[name]
    decided = _recipe_environment(spec, name, written, by_name=by_name)

    def text(key: str) -> str:
        value = written.environment.get(key)
        if value is None:
            return decided[key]()
        return value_of(spec, value, by_name=by_name)

    return keyed(dict.fromkeys((*written.environment, *decided)), text)


def _recipe_environment(spec: Spec, name: str, written: Container, *, by_name: bool) -> dict[str, Callable[[], str]]:
    """Return the variables that the recipe or a pool brings, each with what makes its text."""
    variables: dict[str, Callable[[], str]] = {}
    brought = recipes.of(written.build).environment(spec, written.build, by_name=by_name)
    variables |= {key: partial(brought.__getitem__, key) for key in brought}
    for backend in spec.backends.values():
        for _, pool in written_pools(backend):
            if pool.container == name:
                variables[pool.variable] = partial(_size, pool)
    return {key: text for key, text in variables.items() if key not in written.secrets}


def _size(pool: Pool) -> str:
    return str(pool.size)


def _health(written: Container, build: BuildPlan | None) -> HealthPlan | None:
    check = written.healthcheck
    if check is None:
        return None
    return HealthPlan(
        command=_check_command(written, check, build),
        interval=check.interval,
        timeout=check.timeout,
        retries=check.retries,
        start_period=check.start_period,
    )


def _check_command(written: Container, check: Healthcheck, build: BuildPlan | None) -> tuple[str, ...]:
    if check.command is None:
        return _http_command(written, check, build)
    command = tuple(check.command)
    return command if not command or command[0] in ("CMD", "CMD-SHELL", "NONE") else ("CMD", *command)


def _http_command(written: Container, check: Healthcheck, build: BuildPlan | None) -> tuple[str, ...]:
    """Return the command that asks for a path, with a tool that the image has; where none is known either is tried."""
    port = first_port(written) or limits.HTTP_PORT
    url = f"http://{LOOPBACK}:{port}{check.http or defaults.TARGET_HEALTH_PATH.value}"
    command = recipes.of(written.build).http_check(build, url)
    if command is not None:
        return command
    quoted = "'" + url.replace("'", "'\\''") + "'"
    return ("CMD-SHELL", f"curl -fsS -o /dev/null {quoted} || wget -q -O /dev/null {quoted} || exit 1")


def _credentials(spec: Spec, written: Container) -> Login | None:
    if written.repository_credentials is None:
        return None
    name = written.repository_credentials.secrets_manager
    return Login(name if name.startswith("arn:") else arn.secret_arn(spec.aws.account, spec.aws.region, name))
