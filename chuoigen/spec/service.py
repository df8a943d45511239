"""The whole of a spec: a service, its task, and what is around it."""

from typing import Annotated, Any, Literal

from pydantic import Field

from chuoigen.spec.container import Container
from chuoigen.spec.model import Model, ShortForm
from chuoigen.spec.network import Backend, LoadBalancer, Network
from chuoigen.spec.runtime import Logs
from chuoigen.spec.scalars import Cpu, Memory, Seconds, Storage, Text, TypedText


class Aws(Model):
    """The account and the region."""

    account: Annotated[Text, Field(description='Account id, twelve digits, quoted: "999999999999".')]
    region: Annotated[Text, Field(description="Region, for example ap-northeast-1.")]


class Task(Model):
    """The task: its size, its roles, its platform."""

    cpu: Annotated[Cpu, Field(default=256, description="CPU of the task: 256 or 0.25 vCPU, up to 32 vCPU.")]
    memory: Annotated[Memory, Field(default=512, description="Memory of the task: 512, 512 MiB or 0.5 GB.")]
    family: Annotated[
        Text | None,
        Field(default=None, description="Family of the task definition. Default: `<name>-<stage>`."),
    ]
    execution_role: Annotated[
        Text | None,
        Field(
            default=None,
            description="Role with which ECS pulls images, writes logs and reads secrets: a name to create, or an ARN.",
        ),
    ]
    role: Annotated[
        Text | None,
        Field(default=None, description="Role of the processes themselves: a name to create, or an ARN."),
    ]
    platform: Annotated[Text, Field(default="linux/amd64", description="linux/amd64 or linux/arm64.")]
    ephemeral_storage: Annotated[
        Storage | None,
        Field(
            default=None,
            description="Disk of the task, 21 to 200 GiB. Default: the 20 GiB that come with it.",
        ),
    ]
    pid_mode: Annotated[
        Text | None, Field(default=None, description="`task`: all containers see each other's processes.")
    ]
    tags: Annotated[
        dict[str, TypedText],
        Field(default_factory=dict, description="Tags of the task definition and of what is created."),
    ]


class Efs(Model):
    """A file system of EFS."""

    file_system: Annotated[Text, Field(description="Id of the file system, fs-….")]
    root_directory: Annotated[Text | None, Field(default=None, description="Directory that is mounted. Default: /.")]
    access_point: Annotated[Text | None, Field(default=None, description="Id of an access point, fsap-….")]
    iam: Annotated[bool, Field(default=False, description="Whether the task role decides about access.")]
    transit_encryption: Annotated[bool, Field(default=True, description="Whether the traffic is encrypted.")]
    port: Annotated[int | None, Field(default=None, description="Local port of the encrypted traffic.")]


class Ebs(Model):
    """A volume of EBS, made for each task and deleted with it."""

    size: Annotated[Storage | None, Field(default=None, description="Size in GiB.")]
    type: Annotated[Text, Field(default="gp3", description="Volume type.")]
    iops: Annotated[int | None, Field(default=None, description="Operations a second.")]
    throughput: Annotated[int | None, Field(default=None, description="MiB a second (gp3 only).")]
    snapshot: Annotated[Text | None, Field(default=None, description="Snapshot it is made from.")]
    filesystem: Annotated[Literal["ext3", "ext4", "xfs"], Field(default="xfs", description="File system.")]
    encrypted: Annotated[bool, Field(default=True, description="Whether it is encrypted.")]
    role: Annotated[
        Text | None, Field(default=None, description="Infrastructure role with which ECS makes it: its ARN.")
    ]


class WrittenVolume(Model):
    """A volume. An empty mapping is storage that lives as long as the task."""

    efs: Annotated[Efs | None, Field(default=None, description="A file system of EFS, which outlives the task.")]
    ebs: Annotated[Ebs | None, Field(default=None, description="A volume of EBS, made for each task.")]


Volume = Annotated[WrittenVolume, ShortForm(lambda value: {} if value is None else value, {"type": "null"})]


class Deployment(Model):
    """How a new revision replaces the old one."""

    min_percent: Annotated[int, Field(default=100, description="Share of the desired tasks that must keep running.")]
    max_percent: Annotated[
        int, Field(default=200, description="Share of the desired tasks that may run, old and new together.")
    ]
    circuit_breaker: Annotated[bool, Field(default=True, description="Whether a deployment that fails is rolled back.")]


class Autoscaling(Model):
    """How many tasks there are, by load."""

    min: Annotated[int, Field(description="Fewest tasks.")]
    max: Annotated[int, Field(description="Most tasks.")]
    cpu: Annotated[int | None, Field(default=None, description="Mean CPU in percent that is kept.")]
    memory: Annotated[int | None, Field(default=None, description="Mean memory in percent that is kept.")]
    requests: Annotated[int | None, Field(default=None, description="Requests a task and minute that are kept.")]


class Capacity(Model):
    """What the tasks run on, by weight."""

    fargate: Annotated[int, Field(default=0, ge=0, description="Weight of FARGATE.")]
    spot: Annotated[int, Field(default=0, ge=0, description="Weight of FARGATE_SPOT.")]
    base: Annotated[int, Field(default=0, ge=0, description="Tasks that run on FARGATE before the weights count.")]


class Service(Model):
    """The ECS service that keeps the tasks running."""

    cluster: Annotated[Text | None, Field(default=None, description="Cluster. Default: `<name>-<stage>`.")]
    name: Annotated[Text | None, Field(default=None, description="Name of the service. Default: `<name>-<stage>`.")]
    desired_count: Annotated[int, Field(default=1, description="Tasks that are kept running.")]
    deployment: Annotated[
        Deployment,
        Field(
            default_factory=dict,
            validate_default=True,
            description="How a new revision replaces the old one.",
        ),
    ]
    autoscaling: Annotated[Autoscaling | None, Field(default=None, description="How many tasks there are, by load.")]
    health_check_grace_period: Annotated[
        Seconds | None,
        Field(
            default=None,
            description=(
                "Time after a start in which failed health checks do not count. Default: 60 s behind a load balancer."
            ),
        ),
    ]
    capacity: Annotated[
        Capacity | None,
        Field(default=None, description="Weights of Fargate and Fargate Spot. Default: Fargate only."),
    ]
    platform_version: Annotated[TypedText, Field(default="1.4.0", description="Fargate platform version.")]
    public_ip: Annotated[
        bool,
        Field(default=False, description="Whether tasks run in the public subnets and get a public address."),
    ]
    exec: Annotated[bool, Field(default=False, description="Whether `aws ecs execute-command` works.")]


class Pipeline(Model):
    """How images are built and pushed."""

    source_bucket: Annotated[Text | None, Field(default=None, description="Bucket to which the source is uploaded.")]
    image_tag: Annotated[
        TypedText,
        Field(
            default="commit",
            description="`commit`: the git commit, in immutable repositories; anything else is a tag that moves.",
        ),
    ]
    project: Annotated[Text | None, Field(default=None, description="CodeBuild project. Default: `<name>-<stage>`.")]


class Predecessor(Model):
    """What runs the service until now."""

    name: Annotated[Text, Field(description="What it is called.")]
    instances: Annotated[int, Field(ge=1, description="How many instances of it run.")]
    pool: Annotated[int, Field(ge=1, description="Connections that each instance opens.")]


class Cutover(Model):
    """Moving traffic from an older system, with a backend whose connections are limited."""

    predecessor: Annotated[Predecessor, Field(alias="from", description="What runs the service until now.")]
    backend: Annotated[
        Text | None,
        Field(default=None, description="The backend that both use. Default: the only one with a pool."),
    ]


class Spec(Model):
    """A service on AWS Fargate."""

    chuoigen: Annotated[Literal[1], Field(description="Version of this language: 1.")]
    extends: Annotated[
        Text | None,
        Field(default=None, description="Another spec, relative to this file, that this one changes."),
    ]
    partial: Annotated[
        bool,
        Field(
            default=False,
            description="Only to be extended: checked for its shape, never built. Not inherited.",
        ),
    ]
    name: Annotated[Text, Field(description="Name of the service.")]
    stage: Annotated[Text | None, Field(default=None, description="Stage, for example qa: a part of all names.")]
    aws: Annotated[Aws, Field(description="Account and region.")]
    timezone: Annotated[Text, Field(default="UTC", description="Time zone of the images, for example Asia/Tokyo.")]
    task: Annotated[
        Task,
        Field(default_factory=dict, validate_default=True, description="The task: size, roles, platform."),
    ]
    volumes: Annotated[dict[str, Volume], Field(default_factory=dict, description="Volumes by name.")]
    containers: Annotated[dict[str, Container], Field(description="Containers by name, one to ten.")]
    backends: Annotated[
        dict[str, Backend], Field(default_factory=dict, description="What the service connects to, by name.")
    ]
    network: Annotated[
        Network | None,
        Field(
            default=None,
            description="Where the tasks run and who may reach them; without it no service is made.",
        ),
    ]
    load_balancer: Annotated[
        LoadBalancer | None, Field(default=None, description="The load balancer in front; a worker has none.")
    ]
    service: Annotated[
        Service | None,
        Field(default=None, description="The ECS service. Default where there is a network: one task."),
    ]
    logs: Annotated[Logs | None, Field(default=None, description="Where the containers' output goes.")]
    pipeline: Annotated[Pipeline | None, Field(default=None, description="How images are built and pushed.")]
    cutover: Annotated[Cutover | None, Field(default=None, description="Moving traffic from an older system.")]


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of the language, for editors."""
    schema = Spec.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
