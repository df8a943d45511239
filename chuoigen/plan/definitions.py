"""The task definition's parts as they are decided: volumes and containers, with the members that ECS takes.

Sizes are in ECS's units (CPU units, MiB, seconds) unless a name says otherwise. Mappings keep the order of the spec.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from chuoigen.aws.arn import ANY_SUFFIX, parse_secret
from chuoigen.aws.vocabulary import NO_LOG_DRIVER
from chuoigen.plan.recipes import BuildPlan
from chuoigen.record import Record
from chuoigen.resources import Shape


class EfsPlan(Record):
    """A file system of EFS behind a volume."""

    file_system_id: str
    root_directory: str
    access_point_id: str | None
    iam: bool
    transit_encryption: bool
    transit_encryption_port: int | None


class EbsPlan(Record):
    """An EBS volume that ECS makes for each task."""

    size: int | None
    type: str
    iops: int | None
    throughput: int | None
    snapshot: str | None
    initialization_rate: int | None
    tags: Mapping[str, str]
    propagate_tags: str | None
    filesystem_type: str
    encrypted: bool
    kms_key: str | None
    role_arn: str | None


class S3FilesPlan(Shape):
    """A file system of S3 Files behind a volume."""

    file_system_arn: str
    root_directory: str | None
    transit_encryption_port: int | None
    access_point_arn: str | None


class VolumePlan(Shape):
    """A volume of the task, and the containers that write and read it (names, in the spec's order).

    `owner` is the "uid:gid" that its directory must belong to so that its writers can write.
    """

    name: str
    efs: EfsPlan | None
    ebs: EbsPlan | None
    s3_files: S3FilesPlan | None
    writers: tuple[str, ...]
    readers: tuple[str, ...]
    owner: str

    def sent(self) -> Shape:
        """Return the volume as a task definition has it.

        The service says size and type of an EBS volume, so that one definition serves volumes of any size. With an
        access point the directory is the access point's, and ECS takes "/" or nothing.
        """
        efs = self.efs
        if self.ebs is not None or efs is None:
            return _Volume(self.name, None if self.ebs is None else True, None, self.s3_files)
        authorization = _Authorization(efs.access_point_id, "ENABLED" if efs.iam else None)
        encryption = "ENABLED" if efs.transit_encryption else "DISABLED"
        directory = None if efs.access_point_id else efs.root_directory
        port = efs.transit_encryption_port
        return _Volume(self.name, None, _Efs(efs.file_system_id, directory, encryption, port, authorization), None)


class _Authorization(Shape):
    access_point_id: str | None
    iam: str | None


class _Efs(Shape):
    file_system_id: str
    root_directory: str | None
    transit_encryption: str
    transit_encryption_port: int | None
    authorization_config: _Authorization


class _Volume(Shape):
    SPELT: ClassVar = {"s3_files": "s3filesVolumeConfiguration"}

    name: str
    configured_at_launch: bool | None
    efs_volume_configuration: _Efs | None
    s3_files: S3FilesPlan | None


class PortPlan(Shape):
    """A port of a container; on Fargate the host's port is the same."""

    SPELT: ClassVar = {"number": "containerPort"}

    number: int
    host_port: int
    protocol: str
    name: str | None
    app_protocol: str | None


class MountPlan(Shape):
    """A volume at a path of the container."""

    SPELT: ClassVar = {"volume": "sourceVolume", "path": "containerPath"}

    volume: str
    path: str
    read_only: bool


class VolumesFromPlan(Shape):
    """A container whose volumes another one mounts as well."""

    SPELT: ClassVar = {"container": "sourceContainer"}

    container: str
    read_only: bool


class SecretPlan(Shape):
    """A variable (or log option) that AWS fills in: `value_from` as ECS takes it.

    `resource` is the ARN (or ARN pattern) to which the execution role needs access, `service` is ssm or secretsmanager;
    `name` is the parameter's or secret's own name, None when only an ARN was written; `kms_key` the ARN of the key that
    encrypts it, where that is not AWS's own.
    """

    SPELT: ClassVar = {"variable": "name"}
    APART: ClassVar = frozenset({"service", "resource", "name", "kms_key"})

    variable: str
    value_from: str
    service: str
    resource: str
    name: str | None
    kms_key: str | None

    @property
    def build_reference(self) -> str:
        """What a buildspec of CodeBuild has for a secret: its name or ARN, then key, stage and id of the version.

        Source: AWS documentation, 'Build specification reference for CodeBuild', env/secrets-manager (2026-11-28).
        """
        given = parse_secret(self.value_from)
        parts = (given.key, given.version_stage, given.version_id) if given is not None else ()
        return ":".join((self.known_as, *parts)).rstrip(":")

    @property
    def known_as(self) -> str:
        """The name, or the ARN where that was written: what the calls that describe it take."""
        return self.name or self.resource.removesuffix(ANY_SUFFIX)

    @property
    def json_key(self) -> str | None:
        """The key of a secret that is a JSON object; None where the whole value is read."""
        given = parse_secret(self.value_from)
        return given.key or None if given is not None else None


class HealthPlan(Shape):
    """A container's health check; the command begins with CMD or CMD-SHELL."""

    command: tuple[str, ...]
    interval: int
    timeout: int
    retries: int
    start_period: int | None


class LogPlan(Shape):
    """Where a container's output goes. `group` and `retention` only for awslogs; options in ECS's own words.

    `given`: the group is there already. `kms_key` is the ARN of the key that encrypts it.

    ECS has no word for the driver `none`: a container without logConfiguration has no logs.
    """

    SPELT: ClassVar = {"driver": "logDriver"}
    APART: ClassVar = frozenset({"group", "retention", "given", "kms_key"})

    driver: str
    options: Mapping[str, str]
    secret_options: tuple[SecretPlan, ...]
    group: str | None
    retention: int | None
    given: bool
    kms_key: str | None

    def sent(self) -> Shape:
        """Return the log configuration as a task definition has it."""
        return _NoLogs() if self.driver == NO_LOG_DRIVER else self


class _NoLogs(Shape):
    pass


class ImagePlan(Shape):
    """An image: `reference` as the task definition names it first; `repository` is None when it is not built here.

    `local` is the name under which the build script and compose know it. `filled` is registry and repository where a
    deployment fills the image in: "" where only the pipeline knows them, None where the image is the written one.
    """

    VALUE = "reference"

    reference: str
    registry: str
    repository: str | None
    tag: str | None
    immutable: bool
    local: str
    filled: str | None = None

    @property
    def hole(self) -> bool:
        """Whether the task definition has a placeholder in its place."""
        return self.filled is not None and self.repository is None


class UlimitPlan(Shape):
    """A limit of the container."""

    SPELT: ClassVar = {"soft": "softLimit", "hard": "hardLimit"}

    name: str
    soft: int
    hard: int


class TmpfsPlan(Shape):
    """A file system in memory; size in MiB."""

    SPELT: ClassVar = {"path": "containerPath", "options": "mountOptions"}

    path: str
    size: int
    options: tuple[str, ...]


class Capabilities(Shape):
    """Linux capabilities."""

    add: tuple[str, ...]
    drop: tuple[str, ...]


class LinuxPlan(Shape):
    """What the kernel does for a container; `init_process_enabled` is True or not said."""

    capabilities: Capabilities
    init_process_enabled: bool | None
    tmpfs: tuple[TmpfsPlan, ...]


class RestartPlan(Shape):
    """ECS's restart policy; period in seconds."""

    SPELT: ClassVar = {"attempt_period": "restartAttemptPeriod"}

    enabled: bool
    ignored_exit_codes: tuple[int, ...]
    attempt_period: int | None


class FirelensPlan(Shape):
    """What makes a container the log router of the task."""

    type: str
    options: Mapping[str, str]


class Login(Shape):
    """The login of a private registry: the ARN of the secret with it."""

    credentials_parameter: str


class ContainerPlan(Shape):
    """One container. `recipe` is that of the spec, dockerfile or image; `build` is None where its image is not its own.

    `environment` is what runs on Fargate (and in one network namespace), `compose_environment` the same where
    containers reach each other by name. `depends_on` maps names to START, HEALTHY, COMPLETE or SUCCESS; `env_files` are
    ARNs of objects in S3. What has a default that differs between launch types is always said.
    """

    SPELT: ClassVar = {
        "ports": "portMappings",
        "restart": "restartPolicy",
        "entrypoint": "entryPoint",
        "env_files": "environmentFiles",
        "mounts": "mountPoints",
        "linux": "linuxParameters",
        "working_dir": "workingDirectory",
        "read_only": "readonlyRootFilesystem",
        "labels": "dockerLabels",
        "logs": "logConfiguration",
        "healthcheck": "healthCheck",
        "sysctls": "systemControls",
        "firelens": "firelensConfiguration",
    }
    PAIRS: ClassVar = {
        "environment": ("name", "value"),
        "env_files": ("value", "type"),
        "depends_on": ("containerName", "condition"),
        "sysctls": ("namespace", "value"),
    }
    APART: ClassVar = frozenset({"recipe", "build", "compose_environment", "overrides"})
    PATCH = "overrides"

    name: str
    image: ImagePlan
    repository_credentials: Login | None
    cpu: int | None
    memory: int | None
    memory_reservation: int | None
    ports: tuple[PortPlan, ...]
    essential: bool
    restart: RestartPlan | None
    entrypoint: tuple[str, ...]
    command: tuple[str, ...]
    environment: Mapping[str, str]
    env_files: Mapping[str, str]
    mounts: tuple[MountPlan, ...]
    volumes_from: tuple[VolumesFromPlan, ...]
    linux: LinuxPlan
    secrets: tuple[SecretPlan, ...]
    depends_on: Mapping[str, str]
    start_timeout: int | None
    stop_timeout: int
    version_consistency: str | None
    user: str | None
    working_dir: str | None
    read_only: bool
    interactive: bool | None
    pseudo_terminal: bool | None
    labels: Mapping[str, str]
    ulimits: tuple[UlimitPlan, ...]
    logs: LogPlan
    healthcheck: HealthPlan | None
    sysctls: Mapping[str, str]
    firelens: FirelensPlan | None
    credential_specs: tuple[str, ...]
    overrides: Mapping[str, Any]
    recipe: str
    build: BuildPlan | None
    compose_environment: Mapping[str, str]

    def mount(self, volume: str) -> MountPlan | None:
        """Return the mount of `volume`, None when this container has none."""
        return next((mount for mount in self.mounts if mount.volume == volume), None)
