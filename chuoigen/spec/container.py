"""A container: what runs, what it may reach of the task, and how ECS watches over it."""

import re
from typing import Annotated, Any, Literal

from pydantic import Field

from chuoigen.aws import defaults
from chuoigen.messages import Texts
from chuoigen.spec.build import Build
from chuoigen.spec.model import Model, ShortForm, shown, wrong
from chuoigen.spec.runtime import (
    Capabilities,
    Dependency,
    DependsOn,
    Firelens,
    Healthcheck,
    Logs,
    Restart,
    Tmpfs,
    Ulimit,
    command_list,
)
from chuoigen.spec.scalars import SEVERAL_LINES, Cpu, Memory, Seconds, Text, TypedText
from chuoigen.spec.values import EnvironmentValue, SecretReference

_PORT = re.compile(r"(?:([0-9]+):)?([0-9]+)(?:/([A-Za-z]+))?")
_say = Texts(__name__)


def _expand_port(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return {"container": int(value)}
    if isinstance(value, str):
        match = _PORT.fullmatch(value)
        if match is None:
            raise wrong(_say("invalid-value.port", value=shown(value)))
        port: dict[str, Any] = {"container": int(match[2])}
        if match[1]:
            port["host"] = int(match[1])
        if match[3]:
            port["protocol"] = match[3]
        return port
    if not isinstance(value, dict):
        raise wrong(_say("invalid-value.port", value=shown(value)))
    return value


def _expand_mount(value: Any) -> Any:
    if isinstance(value, str):
        path, colon, mode = value.rpartition(":")
        if colon and mode in ("ro", "rw"):
            return {"path": path, "read_only": mode == "ro"}
        return {"path": value}
    return value


def _expand_volumes_from(value: Any) -> Any:
    if isinstance(value, str):
        container, colon, mode = value.rpartition(":")
        if colon and mode in ("ro", "rw"):
            return {"container": container, "read_only": mode == "ro"}
        return {"container": value}
    return value


def expand_environment(value: Any) -> Any:
    """Understand compose's list form, `- NAME=value`, and report a variable that stands in it twice."""
    if not isinstance(value, list):
        return value
    variables: dict[str, str] = {}
    for item in value:
        name, equals, text = item.partition("=") if isinstance(item, str) else ("", "", "")
        if not equals:
            raise wrong(_say("invalid-value.no-variable", value=shown(item)))
        if name in variables:
            raise wrong(_say("duplicate-variable", name=name))
        variables[name] = text
    return variables


class Port(Model):
    """A port on which the container listens."""

    container: int
    """The port inside the container."""
    host: int | None = None
    """The port of the host. On Fargate it can only be the container's own port."""
    protocol: str = defaults.PROTOCOL.value
    """tcp or udp."""
    name: Text | None = None
    """Name of the port, for Service Connect."""
    app_protocol: str | None = None
    """What is spoken on the port: http, http2 or grpc."""


class Mount(Model):
    """Where a volume appears in the container."""

    path: Text
    """Absolute path in the container."""
    read_only: bool = False
    """Whether the container may only read."""


class VolumesFrom(Model):
    """Another container, all of whose volumes are mounted at the same paths."""

    container: Text
    """Name of the other container."""
    read_only: bool = False
    """Whether this container may only read."""


class Publish(Model):
    """What the container puts into volumes when it starts."""

    static: Text | None = None
    """Volume into which the application's static files are copied at each start."""


class WrittenImage(Model):
    """An image that this container does not build: by its name, that of another container, or what a pipeline says."""

    name: Text | None = None
    """Registry, repository and tag or digest (the short form says just this)."""
    ref: Text | None = None
    """`containers.<name>.image`: the image of another container, built once, with another command."""
    filled_by: Literal["pipeline"] | None = None
    """`pipeline`: which image runs is decided when it is deployed, by `deploy.sh`, by the file `images.lock` or by a
    pipeline. The task definition has a placeholder there.
    """
    repository: Text | None = None
    """Where such images are: the name of an ECR repository of this account and region, or registry and repository.
    `deploy.sh` finds a tag there. Default: only the pipeline knows it.
    """
    placeholder: Text | None = None
    """What stands between `<` and `>` in the task definition, such as CodePipeline's `IMAGE1_NAME`. Default: the
    container's name in capitals, with `_IMAGE` behind it.
    """


Image = Annotated[
    WrittenImage,
    ShortForm(lambda value: {"name": value} if isinstance(value, str) else value, {"type": "string"}),
]


class RepositoryCredentials(Model):
    """The login of a private registry that is not ECR."""

    secrets_manager: Text
    """Name or ARN of the secret with user name and password."""
    kms_key: Text | None = None
    """ARN of the key of your own that encrypts the secret."""


class WrittenEnvFile(Model):
    """A file of variables in S3."""

    file: Text
    """ARN of the object, which ends with .env."""
    kms_key: Text | None = None
    """ARN of the key of your own that encrypts the object."""


EnvFile = Annotated[
    WrittenEnvFile,
    ShortForm(lambda value: {"file": value} if isinstance(value, str) else value, {"type": "string"}),
]


class Container(Model):
    """One container of the task."""

    build: Build | None = None
    """How the image is built: a recipe, or the user's own Dockerfile."""
    image: Image | None = None
    """An image that is not built here, `{ ref: containers.<name>.image }` for that of another container, or
    `{ filled_by: pipeline }` for one that is known when it is deployed.
    """
    repository_credentials: RepositoryCredentials | None = None
    """Login of a private registry other than ECR."""
    command: Annotated[list[Text] | None, command_list, SEVERAL_LINES] = None
    """Command, as a list."""
    entrypoint: Annotated[list[Text] | None, command_list, SEVERAL_LINES] = None
    """Entry point, as a list."""
    user: TypedText | None = None
    """User (and group) of the process: "1000", "1000:1000" or a name."""
    working_dir: Text | None = None
    """Working directory of the process."""
    read_only: bool = False
    """Whether the root file system is read-only."""
    pseudo_terminal: bool = False
    """Whether the process has a terminal: some programs colour or buffer their output by it."""
    interactive: bool = False
    """Whether standard input stays open: for programs that end when it is closed."""
    essential: bool = defaults.ESSENTIAL.value
    """Whether the task stops when this container stops."""
    cpu: Cpu | None = None
    """CPU units of the task reserved for it."""
    memory: Memory | None = None
    """Memory in MiB above which the container is killed."""
    memory_reservation: Memory | None = None
    """Memory in MiB kept for it."""
    ports: list[Annotated[Port, ShortForm(_expand_port, {"anyOf": [{"type": "integer"}, {"type": "string"}]})]] = Field(
        default_factory=list
    )
    """Ports on which it listens; other containers see them on 127.0.0.1."""
    environment: Annotated[
        dict[str, EnvironmentValue],
        ShortForm(expand_environment, {"type": "array", "items": {"type": "string"}}),
        SEVERAL_LINES,
    ] = Field(default_factory=dict)
    """Environment variables by name."""
    secrets: dict[str, SecretReference] = Field(default_factory=dict)
    """Environment variables whose values AWS fills in at the start."""
    env_files: list[EnvFile] = Field(default_factory=list)
    """ARNs of .env files in S3 with further variables, or the long form."""
    mounts: dict[str, Annotated[Mount, ShortForm(_expand_mount, {"type": "string"})]] = Field(default_factory=dict)
    """Volumes by name: `/path`, `/path:ro` or the long form."""
    volumes_from: list[Annotated[VolumesFrom, ShortForm(_expand_volumes_from, {"type": "string"})]] = Field(
        default_factory=list
    )
    """Containers whose volumes it mounts as they do: `app`, or `app:ro` to read only."""
    publish: Publish | None = None
    """What it copies into volumes at each start (recipes that publish)."""
    depends_on: Annotated[dict[str, Dependency], DependsOn] = Field(default_factory=dict)
    """Containers that must be started, healthy, complete or successful first."""
    healthcheck: Healthcheck | None = None
    """How ECS learns that it works."""
    stop_timeout: Seconds | None = None
    """Time between SIGTERM and SIGKILL. Default: 30 s."""
    start_timeout: Seconds | None = None
    """How long those that depend on it wait for it."""
    ulimits: dict[str, Ulimit] = Field(default_factory=dict)
    """Limits by name: `nofile: 65536` or soft and hard."""
    restart: Restart | None = None
    """Restart of this container alone, without the task."""
    init: bool = False
    """Whether an init process reaps orphans and passes signals."""
    labels: Annotated[dict[str, TypedText], SEVERAL_LINES] = Field(default_factory=dict)
    """Docker labels."""
    capabilities: Capabilities | None = None
    """Linux capabilities to add (SYS_PTRACE only) or drop."""
    tmpfs: dict[str, Tmpfs] = Field(default_factory=dict)
    """File systems in memory, by path: `/run: 16 MiB`."""
    sysctls: dict[str, TypedText] = Field(default_factory=dict)
    """Kernel parameters of the task's namespace."""
    logs: Logs | None = None
    """Where its output goes, where that differs from the spec's logs."""
    firelens: Firelens | None = None
    """Makes this container the log router of the task."""
    version_consistency: Literal["enabled", "disabled"] | None = None
    """Whether ECS pins the image's digest for all tasks of a deployment."""
    credential_specs: list[Text] = Field(default_factory=list)
    """Where the credentials of a domain of Active Directory are: `credentialspecdomainless:` and an ARN."""
    overrides: dict[str, Any] = Field(default_factory=dict)
    """Members of the container definition as ECS has them, laid over what is generated: a last resort for what the
    language cannot say. A mapping is merged, any other value replaces, null removes.
    """
