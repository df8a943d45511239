"""The plan: everything that is decided about a service, ready to be written down; templates decide nothing more.

Sizes are in ECS's units (CPU units, MiB, seconds) unless a name says otherwise. Mappings keep the order of the spec.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

from chuoigen.messages import ENGLISH
from chuoigen.plan.recipes import DockerfilePlan, FluentdPlan, NginxPlan, PhoenixPlan
from chuoigen.plan.surroundings import BackendPlan, BudgetPlan, CutoverPlan, PipelinePlan, Reach
from chuoigen.record import Record
from chuoigen.resources import Ref, Resource, Shape, request
from chuoigen.resources.account import BuildProject, LogGroup, Repository
from chuoigen.resources.ecs import Cluster, ScalableTarget, ScalingPolicy, Service, TaskDefinition
from chuoigen.resources.iam import Policy, Role
from chuoigen.resources.network import IngressRule, Listener, LoadBalancer, SecurityGroup, TargetGroup

R = TypeVar("R", bound=Resource)


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
    """One container. `recipe` is phoenix, nginx, fluentd, dockerfile or image; `build` is None for image.

    `environment` is what runs on Fargate (and in one network namespace), `compose_environment` the same where
    containers reach each other by name. `depends_on` maps names to start, healthy, complete or success.
    """

    name: str
    recipe: str
    image: ImagePlan
    build: PhoenixPlan | NginxPlan | FluentdPlan | DockerfilePlan | None
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


class Plan(Record):
    """A service as it will be.

    `prefix` is `<name>-<stage>` (or the name alone); `output` is the name of the output folder; `spec_file` the spec's
    path in the repository. What a spec does not ask for is None or empty. `tags` are put on all that is made;
    `resources` are by their keys.
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
    volumes: Mapping[str, VolumePlan]
    containers: Mapping[str, ContainerPlan]
    backends: Mapping[str, BackendPlan]
    vpc: str | None
    resources: Mapping[str, Resource]
    reach: Mapping[str, Reach]
    pipeline: PipelinePlan | None
    budgets: Mapping[str, BudgetPlan]
    cutover: CutoverPlan | None

    def every(self, kind: type[R]) -> tuple[R, ...]:
        """Return the resources of a kind, in the plan's order."""
        return tuple(resource for resource in self.resources.values() if isinstance(resource, kind))

    def one(self, kind: type[R]) -> R | None:
        """Return the resource of a kind of which there is one at most."""
        return next(iter(self.every(kind)), None)

    def at(self, reference: Ref) -> Any:
        """Return what a reference stands for; None for what AWS decides when the resource is created."""
        return getattr(self.resources[reference.key], reference.attribute, None)

    def request(self, shape: Shape) -> dict[str, Any]:
        """Return the members of a request; what AWS decides later is a mark such as `@load-balancer@`, for scripts."""
        return request(shape, self._filled, ENGLISH.text)

    def _filled(self, reference: Ref) -> Any:
        known = self.at(reference)
        return reference.mark if known is None else known

    @property
    def built(self) -> tuple[ContainerPlan, ...]:
        """The containers whose images are built here."""
        return tuple(container for container in self.containers.values() if container.build is not None)

    @property
    def task(self) -> TaskDefinition:
        """The task definition."""
        return self.every(TaskDefinition)[0]

    @property
    def groups(self) -> tuple[SecurityGroup, ...]:
        """The security groups, made or joined."""
        return self.every(SecurityGroup)

    def rules(self, group: SecurityGroup) -> tuple[IngressRule, ...]:
        """Return the inbound rules of a group."""
        return tuple(rule for rule in self.every(IngressRule) if rule.group.key == group.key)

    def role(self, name: str) -> Role | None:
        """Return the role `execution`, `task` or `codebuild`."""
        return next((role for role in self.every(Role) if role.key == f"role:{name}"), None)

    def policy(self, role: Role) -> Policy:
        """Return the inline policy of a role."""
        return next(policy for policy in self.every(Policy) if policy.role_name.key == role.key)

    @property
    def load_balancer(self) -> LoadBalancer | None:
        """The load balancer; where there is one, there is a target group."""
        return self.one(LoadBalancer)

    @property
    def target_group(self) -> TargetGroup | None:
        """The target group of the load balancer."""
        return self.one(TargetGroup)

    @property
    def listeners(self) -> tuple[Listener, ...]:
        """The listeners of the load balancer, by port."""
        return self.every(Listener)

    @property
    def service(self) -> Service | None:
        """The service; where there is one, there is a cluster."""
        return self.one(Service)

    @property
    def cluster(self) -> Cluster | None:
        """The cluster of the service."""
        return self.one(Cluster)

    @property
    def autoscaling(self) -> ScalableTarget | None:
        """The bounds of the count of tasks; None where it is fixed."""
        return self.one(ScalableTarget)

    @property
    def scaling_policies(self) -> tuple[ScalingPolicy, ...]:
        """What changes the count of tasks."""
        return self.every(ScalingPolicy)

    @property
    def log_groups(self) -> tuple[LogGroup, ...]:
        """The log groups of the containers."""
        return self.every(LogGroup)

    @property
    def repositories(self) -> tuple[Repository, ...]:
        """The repositories of the images that are built here."""
        return self.every(Repository)

    @property
    def project(self) -> BuildProject | None:
        """The project that builds the images."""
        return self.one(BuildProject)
