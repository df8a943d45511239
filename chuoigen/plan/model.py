"""The plan: everything that is decided about a service, ready to be written down; templates decide nothing more.

Sizes are in ECS's units (CPU units, MiB, seconds) unless a name says otherwise. Mappings keep the order of the spec.
"""

from collections.abc import Mapping

from chuoigen.aws.arn import ANY_SUFFIX
from chuoigen.plan.recipes import BuildPlan
from chuoigen.plan.surroundings import (
    AutoscalingPlan,
    BackendPlan,
    BudgetPlan,
    CutoverPlan,
    GroupPlan,
    LoadBalancerPlan,
    PipelinePlan,
    Reach,
    RolePlan,
    ServicePlan,
)
from chuoigen.record import Record


class EfsPlan(Record):
    """A file system of EFS behind a volume."""

    file_system: str
    root_directory: str
    access_point: str | None
    iam: bool
    transit_encryption: bool
    port: int | None


class EbsPlan(Record):
    """An EBS volume that ECS makes for each task."""

    size: int | None
    type: str
    iops: int | None
    throughput: int | None
    snapshot: str | None
    filesystem: str
    encrypted: bool
    role_arn: str | None


class VolumePlan(Record):
    """A volume of the task, and the containers that write and read it (names, in the spec's order).

    `owner` is the "uid:gid" that its directory must belong to so that its writers can write.
    """

    name: str
    efs: EfsPlan | None
    ebs: EbsPlan | None
    writers: tuple[str, ...]
    readers: tuple[str, ...]
    owner: str


class PortPlan(Record):
    """A port of a container; on Fargate the host's port is the same."""

    number: int
    protocol: str
    name: str | None
    app_protocol: str | None


class MountPlan(Record):
    """A volume at a path of the container."""

    volume: str
    path: str
    read_only: bool


class SecretPlan(Record):
    """A variable (or log option) that AWS fills in: `value_from` as ECS takes it.

    `resource` is the ARN (or ARN pattern) to which the execution role needs access, `service` is ssm or secretsmanager;
    `name` is the parameter's or secret's own name, None when only an ARN was written.
    """

    variable: str
    value_from: str
    service: str
    resource: str
    name: str | None

    @property
    def known_as(self) -> str:
        """The name, or the ARN where that was written: what the calls that describe it take."""
        return self.name or self.resource.removesuffix(ANY_SUFFIX)


class HealthPlan(Record):
    """A container's health check; the command begins with CMD or CMD-SHELL."""

    command: tuple[str, ...]
    interval: int
    timeout: int
    retries: int
    start_period: int | None


class LogPlan(Record):
    """Where a container's output goes. `group` and `retention` only for awslogs; options in ECS's own words."""

    driver: str
    options: Mapping[str, str]
    secret_options: tuple[SecretPlan, ...]
    group: str | None
    retention: int | None


class ImagePlan(Record):
    """An image: `reference` as the task definition names it first; `repository` is None when it is not built here.

    `local` is the name under which the build script and compose know it.
    """

    reference: str
    registry: str
    repository: str | None
    tag: str | None
    immutable: bool
    local: str


class UlimitPlan(Record):
    """A limit of the container."""

    name: str
    soft: int
    hard: int


class TmpfsPlan(Record):
    """A file system in memory; size in MiB."""

    path: str
    size: int
    options: tuple[str, ...]


class RestartPlan(Record):
    """ECS's restart policy; period in seconds."""

    ignored_exit_codes: tuple[int, ...]
    attempt_period: int | None


class ContainerPlan(Record):
    """One container. `recipe` is that of the spec, dockerfile or image; `build` is None where its image is not its own.

    `environment` is what runs on Fargate (and in one network namespace), `compose_environment` the same where
    containers reach each other by name. `depends_on` maps names to start, healthy, complete or success.
    """

    name: str
    recipe: str
    image: ImagePlan
    build: BuildPlan | None
    essential: bool
    cpu: int | None
    memory: int | None
    memory_reservation: int | None
    command: tuple[str, ...]
    entrypoint: tuple[str, ...]
    working_dir: str | None
    user: str | None
    read_only: bool
    ports: tuple[PortPlan, ...]
    environment: Mapping[str, str]
    compose_environment: Mapping[str, str]
    secrets: tuple[SecretPlan, ...]
    env_files: tuple[str, ...]
    mounts: tuple[MountPlan, ...]
    depends_on: Mapping[str, str]
    healthcheck: HealthPlan | None
    stop_timeout: int
    start_timeout: int | None
    ulimits: tuple[UlimitPlan, ...]
    restart: RestartPlan | None
    init: bool
    labels: Mapping[str, str]
    capabilities_add: tuple[str, ...]
    capabilities_drop: tuple[str, ...]
    tmpfs: tuple[TmpfsPlan, ...]
    sysctls: Mapping[str, str]
    logs: LogPlan
    firelens_type: str | None
    firelens_options: Mapping[str, str]
    version_consistency: str | None
    registry_credentials: str | None

    def mount(self, volume: str) -> MountPlan | None:
        """Return the mount of `volume`, None when this container has none."""
        return next((mount for mount in self.mounts if mount.volume == volume), None)


class TaskPlan(Record):
    """The task: cpu in units, memory in MiB, ephemeral storage in GiB (None: the 20 that come with it)."""

    family: str
    cpu: int
    memory: int
    architecture: str
    platform: str
    ephemeral_storage: int | None
    pid_mode: str | None
    tags: Mapping[str, str]
    execution_role: RolePlan | None
    role: RolePlan | None


class Plan(Record):
    """A service as it will be.

    `prefix` is `<name>-<stage>` (or the name alone); `output` is the name of the output folder; `spec_file` the spec's
    path in the repository. What a spec does not ask for is None or empty. `tags` are put on all that is made.
    """

    name: str
    stage: str | None
    prefix: str
    output: str
    spec_file: str
    account: str
    region: str
    partition: str
    registry: str
    timezone: str
    tags: Mapping[str, str]
    task: TaskPlan
    volumes: Mapping[str, VolumePlan]
    containers: Mapping[str, ContainerPlan]
    backends: Mapping[str, BackendPlan]
    vpc: str | None
    groups: tuple[GroupPlan, ...]
    reach: tuple[Reach, ...]
    load_balancer: LoadBalancerPlan | None
    service: ServicePlan | None
    autoscaling: AutoscalingPlan | None
    pipeline: PipelinePlan | None
    budgets: tuple[BudgetPlan, ...]
    cutover: CutoverPlan | None

    @property
    def built(self) -> tuple[ContainerPlan, ...]:
        """The containers whose images are built here."""
        return tuple(container for container in self.containers.values() if container.build is not None)
