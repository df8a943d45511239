"""The whole of a spec: a service, its task, and what is around it."""

from typing import Annotated, Any, Literal

from pydantic import Field

from chuoigen import recipes
from chuoigen.aws import defaults
from chuoigen.spec.alarms import Alarms
from chuoigen.spec.balancer import LoadBalancer
from chuoigen.spec.connect import ServiceConnect
from chuoigen.spec.container import Container
from chuoigen.spec.deployment import Deployment
from chuoigen.spec.discovery import Discovery
from chuoigen.spec.jobs import Job
from chuoigen.spec.model import Model, ShortForm
from chuoigen.spec.network import Backend, Network
from chuoigen.spec.permissions import Permission
from chuoigen.spec.runtime import Logs
from chuoigen.spec.scalars import Cpu, Memory, Seconds, Storage, Text, TypedText
from chuoigen.spec.scaling import Autoscaling


class Aws(Model):
    """The account and the region."""

    account: Text
    """Account id, twelve digits, quoted: "999999999999"."""
    region: Text
    """Region, for example ap-northeast-1."""
    permissions_boundary: Text | None = None
    """ARN of the managed policy that bounds every role that is made and names none of its own."""


class WrittenRole(Model):
    """A role: a name to create, or the ARN of one that is there. Only one that is created takes further keys."""

    name: Text | None = None
    """Name of a role to create, or the ARN of one that is there (the short form says just this). Default:
    `<name>-<stage>-execution`, `-task` or `-codebuild`.
    """
    path: Text | None = None
    """Path of the role, for example /services/. Default: /."""
    managed_policies: list[Text] = Field(default_factory=list)
    """ARNs of managed policies that are attached to it."""
    permissions_boundary: Text | None = None
    """ARN of the managed policy that bounds what it may do."""

    @property
    def given(self) -> bool:
        """Whether it is there already, and nobody's here to change."""
        return (self.name or "").startswith("arn:")


Role = Annotated[
    WrittenRole, ShortForm(lambda value: {"name": value} if isinstance(value, str) else value, {"type": "string"})
]


class Task(Model):
    """The task: its size, its roles, its platform."""

    cpu: Cpu = defaults.CPU.value
    """CPU of the task: 256 or 0.25 vCPU, up to 32 vCPU."""
    memory: Memory = defaults.MEMORY_MIB.value
    """Memory of the task: 512, 512 MiB or 0.5 GB."""
    family: Text | None = None
    """Family of the task definition. Default: `<name>-<stage>`."""
    execution_role: Role | None = None
    """Role with which ECS pulls images, writes logs and reads secrets: a name to create, an ARN, or the long form.
    Default: `<name>-<stage>-execution`.
    """
    task_role: Role | None = None
    """Role of the processes themselves: a name to create, an ARN, or the long form."""
    platform: Text = defaults.PLATFORM.value
    """linux/amd64 or linux/arm64."""
    ephemeral_storage: Storage | None = None
    """Disk of the task, 21 to 200 GiB. Default: the 20 GiB that come with it."""
    pid_mode: Text | None = None
    """`task`: all containers see each other's processes."""
    tags: dict[str, TypedText] = Field(default_factory=dict)
    """Tags of the task definition and of what is created."""
    enable_fault_injection: bool = False
    """Whether AWS Fault Injection Service may disturb the tasks."""
    overrides: dict[str, Any] = Field(default_factory=dict)
    """Members of the task definition as ECS has them, laid over what is generated: a last resort for what the language
    cannot say. A mapping is merged, any other value replaces, null removes.
    """


class EfsAuthorization(Model):
    """How EFS decides about access."""

    access_point_id: Text | None = None
    """Id of an access point, fsap-…."""
    iam: bool = False
    """Whether the task role decides about access."""


class Efs(Model):
    """A file system of EFS."""

    file_system_id: Text
    """Id of the file system, fs-…."""
    root_directory: Text | None = None
    """Directory that is mounted. Default: /."""
    authorization_config: EfsAuthorization = Field(default_factory=dict, validate_default=True)
    """How EFS decides about access."""
    transit_encryption: bool = defaults.EFS_ENCRYPTED.value
    """Whether the traffic is encrypted."""
    transit_encryption_port: int | None = None
    """Local port of the encrypted traffic."""


class S3Files(Model):
    """A file system of S3 Files."""

    file_system_arn: Text
    """ARN of the file system."""
    root_directory: Text | None = None
    """Directory that is mounted. Default: /."""
    access_point_arn: Text | None = None
    """ARN of an access point."""
    transit_encryption_port: int | None = None
    """Local port of the encrypted traffic."""


class Ebs(Model):
    """A volume of EBS, made for each task and deleted with it."""

    size: Storage | None = None
    """Size in GiB."""
    type: Text = defaults.EBS_TYPE.value
    """Volume type."""
    iops: int | None = None
    """Operations a second."""
    throughput: int | None = None
    """MiB a second (gp3 only)."""
    initialization_rate: int | None = None
    """MiB a second at which data comes from the snapshot, for a volume that has one."""
    tags: dict[str, TypedText] = Field(default_factory=dict)
    """Tags of each volume."""
    propagate_tags: Literal["none", "service", "task_definition"] | None = None
    """Whose tags each volume gets besides. Default: nobody's."""
    snapshot: Text | None = None
    """Snapshot it is made from."""
    filesystem_type: Literal["ext3", "ext4", "xfs"] = defaults.EBS_FILE_SYSTEM.value
    """File system."""
    encrypted: bool = defaults.EBS_ENCRYPTED.value
    """Whether it is encrypted."""
    kms_key: Text | None = None
    """ARN of the key of your own that encrypts it. Default: the account's key for EBS."""
    role: Text | None = None
    """Infrastructure role with which ECS makes it: its ARN."""


class WrittenVolume(Model):
    """A volume. An empty mapping is storage that lives as long as the task."""

    efs: Efs | None = None
    """A file system of EFS, which outlives the task."""
    ebs: Ebs | None = None
    """A volume of EBS, made for each task."""
    s3_files: S3Files | None = None
    """A file system of S3 Files, which outlives the task."""


Volume = Annotated[WrittenVolume, ShortForm(lambda value: {} if value is None else value, {"type": "null"})]


class Capacity(Model):
    """What the tasks run on, by weight."""

    fargate: Annotated[int, Field(ge=0)] = defaults.FARGATE_WEIGHT.value
    """Weight of FARGATE."""
    fargate_spot: Annotated[int, Field(ge=0)] = defaults.SPOT_WEIGHT.value
    """Weight of FARGATE_SPOT."""
    base: Annotated[int, Field(ge=0)] = defaults.CAPACITY_BASE.value
    """Tasks that run on FARGATE before the weights count."""


class MetricResolution(Model):
    """Seconds between two values of the service's metrics."""

    cpu: Literal[20, 60] | None = None
    """CPUUtilization: 20 or 60. Default: 60."""
    memory: Literal[20, 60] | None = None
    """MemoryUtilization: 20 or 60. Default: 60."""


class Service(Model):
    """The ECS service that keeps the tasks running."""

    cluster: Text | None = None
    """Cluster: a name to create, or the ARN of one that is there. Default: `<name>-<stage>`."""
    name: Text | None = None
    """Name of the service. Default: `<name>-<stage>`."""
    desired_count: int = defaults.DESIRED_COUNT.value
    """Tasks that are kept running."""
    deployment: Deployment = Field(default_factory=dict, validate_default=True)
    """How a new revision replaces the old one."""
    autoscaling: Autoscaling | None = None
    """How many tasks there are, by load."""
    health_check_grace_period: Seconds | None = None
    """Time after a start in which failed health checks do not count. Default: behind a load balancer 60 s,
    or as long as the target and what it waits for say that they start.
    """
    capacity_provider_strategy: Capacity | None = None
    """Weights of Fargate and Fargate Spot. Default: Fargate only."""
    platform_version: TypedText = defaults.PLATFORM_VERSION.value
    """Fargate platform version."""
    assign_public_ip: bool = False
    """Whether tasks run in the public subnets and get a public address."""
    enable_execute_command: bool = False
    """Whether `aws ecs execute-command` works."""
    availability_zone_rebalancing: bool | None = None
    """Whether ECS moves tasks between zones to balance them. Default: where more than 100 percent may run."""
    propagate_tags: Literal["none", "service", "task_definition"] = defaults.PROPAGATE_TAGS.value
    """Whose tags the tasks get."""
    enable_ecs_managed_tags: bool = defaults.MANAGED_TAGS.value
    """Whether ECS tags the tasks with the names of cluster and service."""
    metric_resolution: MetricResolution | None = None
    """Seconds between two values of the service's metrics, which alarms and scaling read."""
    overrides: dict[str, Any] = Field(default_factory=dict)
    """Members of CreateService as ECS has them, laid over what is generated: a last resort for what the language
    cannot say. A mapping is merged, any other value replaces, null removes.
    """


class RegistryLogin(Model):
    """The login of a private registry that the builds pull from: a JSON secret with username and password."""

    secrets_manager: Text
    """Name or ARN of the secret."""
    kms_key: Text | None = None
    """ARN of the key of your own that encrypts the secret."""


class Pipeline(Model):
    """How images are built and pushed."""

    source_bucket: Text | None = None
    """Bucket to which the source is uploaded."""
    artifact_bucket: Text | None = None
    """Bucket of the CodePipeline that runs CodeBuild: the source comes from it, `imagedefinitions.json` goes there."""
    kms_key: Text | None = None
    """ARN of the key of your own that encrypts these buckets, and what the project gives out."""
    role: Role | None = None
    """Role of CodeBuild: an ARN, or the long form without a name, since one that is made is always called
    `<name>-<stage>-codebuild`.
    """
    image_tag: TypedText = defaults.IMAGE_TAG.value
    """`commit`: the git commit, in immutable repositories; anything else is a tag that moves."""
    project: Text | None = None
    """CodeBuild project. Default: `<name>-<stage>`."""
    logins: dict[str, RegistryLogin] = Field(default_factory=dict)
    """Logins of private registries whose images the builds start from, by the host of the registry. Registries of ECR
    need none.
    """


class Predecessor(Model):
    """What runs the service until now."""

    name: Text
    """What it is called."""
    instances: Annotated[int, Field(ge=1)]
    """How many instances of it run."""
    pool: Annotated[int, Field(ge=1)]
    """Connections that each instance opens."""


class Cutover(Model):
    """Moving traffic from an older system, with a backend whose connections are limited."""

    predecessor: Predecessor = Field(alias="from")
    """What runs the service until now."""
    backend: Text | None = None
    """The backend that both use. Default: the only one with a pool."""


class Spec(Model):
    """A service on AWS Fargate."""

    chuoigen: Literal[1]
    """Version of this language: 1."""
    extends: Text | None = None
    """Another spec, relative to this file, that this one changes."""
    partial: bool = False
    """Only to be extended: checked for its shape, never built. Not inherited."""
    name: Text
    """Name of the service."""
    stage: Text | None = None
    """Stage, for example qa: a part of all names."""
    aws: Aws
    """Account and region."""
    timezone: Text = defaults.TIMEZONE.value
    """Time zone of the images, for example Asia/Tokyo."""
    task: Task = Field(default_factory=dict, validate_default=True)
    """The task: size, roles, platform."""
    permissions: dict[str, Permission] = Field(default_factory=dict)
    """What the processes may do in AWS, by names of your own: statements of the task role."""
    volumes: dict[str, Volume] = Field(default_factory=dict)
    """Volumes by name."""
    containers: dict[str, Container]
    """Containers by name, one to ten."""
    backends: dict[str, Backend] = Field(default_factory=dict)
    """What the service connects to, by name."""
    network: Network | None = None
    """Where the tasks run and who may reach them; without it no service is made."""
    load_balancer: LoadBalancer | None = None
    """The load balancer in front; a worker has none."""
    discovery: Discovery | None = None
    """A DNS name under which other tasks find the tasks of the service."""
    service_connect: ServiceConnect | None = None
    """How the service takes part in Service Connect."""
    service: Service | None = None
    """The ECS service. Default where there is a network: one task."""
    jobs: dict[str, Job] = Field(default_factory=dict)
    """Tasks beside the service that run once and end, by name: migrations, nightly work."""
    logs: Logs | None = None
    """Where the containers' output goes."""
    alarms: Alarms | None = None
    """Alarms about the service, and whom they tell."""
    pipeline: Pipeline | None = None
    """How images are built and pushed."""
    cutover: Cutover | None = None
    """Moving traffic from an older system."""


def json_schema(*, elsewhere: bool = False) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of the language; `elsewhere` adds recipes from other packages."""
    from chuoigen.spec.schema import whole  # only the schema and the reference want the descriptions

    known = recipes.installed()[0] if elsewhere else recipes.built_in()
    return whole(Spec, [recipe.language for recipe in (*known, recipes.named(recipes.DOCKERFILE))])
