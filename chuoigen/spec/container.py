"""A container: what runs, what it may reach of the task, and how ECS watches over it."""

import re
from typing import Annotated, Any, Literal

from pydantic import Field

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
from chuoigen.spec.scalars import Cpu, Memory, Seconds, Text, TypedText
from chuoigen.spec.values import EnvironmentValue, SecretReference

_PORT = re.compile(r"(?:([0-9]+):)?([0-9]+)(?:/([A-Za-z]+))?")
_PORT_HELP = 'write the container\'s port: 80, "80/udp" or { container: 80, name: http }'


def _expand_port(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return {"container": int(value)}
    if isinstance(value, str):
        match = _PORT.fullmatch(value)
        if match is None:
            raise wrong(f"{shown(value)} is not a port", _PORT_HELP)
        port: dict[str, Any] = {"container": int(match[2])}
        if match[1]:
            port["host"] = int(match[1])
        if match[3]:
            port["protocol"] = match[3]
        return port
    if not isinstance(value, dict):
        raise wrong(f"{shown(value)} is not a port", _PORT_HELP)
    return value


def _expand_mount(value: Any) -> Any:
    if isinstance(value, str):
        path, colon, mode = value.rpartition(":")
        if colon and mode in ("ro", "rw"):
            return {"path": path, "read_only": mode == "ro"}
        return {"path": value}
    return value


def _expand_environment(value: Any) -> Any:
    """Understand compose's list form, `- NAME=value`, and report a variable that stands in it twice."""
    if not isinstance(value, list):
        return value
    variables: dict[str, str] = {}
    for item in value:
        name, equals, text = item.partition("=") if isinstance(item, str) else ("", "", "")
        if not equals:
            raise wrong(f"{shown(item)} in the list names no value", "write the environment as a mapping: NAME: value")
        if name in variables:
            help_text = "keep one of the two; better, write the environment as a mapping: NAME: value"
            raise wrong(f'variable "{name}" stands in the list twice', help_text, rule="duplicate-variable")
        variables[name] = text
    return variables


class Port(Model):
    """A port on which the container listens."""

    container: Annotated[int, Field(description="The port inside the container.")]
    host: Annotated[
        int | None,
        Field(
            default=None,
            description="The port of the host. On Fargate it can only be the container's own port.",
        ),
    ]
    protocol: Annotated[str, Field(default="tcp", description="tcp or udp.")]
    name: Annotated[Text | None, Field(default=None, description="Name of the port, for Service Connect.")]
    app_protocol: Annotated[
        str | None, Field(default=None, description="What is spoken on the port: http, http2 or grpc.")
    ]


class Mount(Model):
    """Where a volume appears in the container."""

    path: Annotated[Text, Field(description="Absolute path in the container.")]
    read_only: Annotated[bool, Field(default=False, description="Whether the container may only read.")]


class Publish(Model):
    """What the container puts into volumes when it starts."""

    static: Annotated[
        Text | None,
        Field(
            default=None,
            description="Volume into which the application's priv/static is copied at each start.",
        ),
    ]


class RegistryCredentials(Model):
    """The login of a private registry that is not ECR."""

    secrets_manager: Annotated[Text, Field(description="Name or ARN of the secret with user name and password.")]


class Container(Model):
    """One container of the task."""

    build: Annotated[
        Build | None,
        Field(default=None, description="How the image is built: a recipe, or the user's own Dockerfile."),
    ]
    image: Annotated[Text | None, Field(default=None, description="An image that is not built here.")]
    registry_credentials: Annotated[
        RegistryCredentials | None,
        Field(default=None, description="Login of a private registry other than ECR."),
    ]
    command: Annotated[list[Text] | None, command_list, Field(default=None, description="Command, as a list.")]
    entrypoint: Annotated[list[Text] | None, command_list, Field(default=None, description="Entry point, as a list.")]
    user: Annotated[
        TypedText | None,
        Field(default=None, description='User (and group) of the process: "1000", "1000:1000" or a name.'),
    ]
    working_dir: Annotated[Text | None, Field(default=None, description="Working directory of the process.")]
    read_only: Annotated[bool, Field(default=False, description="Whether the root file system is read-only.")]
    essential: Annotated[bool, Field(default=True, description="Whether the task stops when this container stops.")]
    cpu: Annotated[Cpu | None, Field(default=None, description="CPU units of the task reserved for it.")]
    memory: Annotated[
        Memory | None, Field(default=None, description="Memory in MiB above which the container is killed.")
    ]
    memory_reservation: Annotated[Memory | None, Field(default=None, description="Memory in MiB kept for it.")]
    ports: Annotated[
        list[Annotated[Port, ShortForm(_expand_port, {"anyOf": [{"type": "integer"}, {"type": "string"}]})]],
        Field(
            default_factory=list,
            description="Ports on which it listens; other containers see them on 127.0.0.1.",
        ),
    ]
    environment: Annotated[
        dict[str, EnvironmentValue],
        ShortForm(_expand_environment, {"type": "array", "items": {"type": "string"}}),
        Field(default_factory=dict, description="Environment variables by name."),
    ]
    secrets: Annotated[
        dict[str, SecretReference],
        Field(default_factory=dict, description="Environment variables whose values AWS fills in at the start."),
    ]
    env_files: Annotated[
        list[Text],
        Field(default_factory=list, description="ARNs of .env files in S3 with further variables."),
    ]
    mounts: Annotated[
        dict[str, Annotated[Mount, ShortForm(_expand_mount, {"type": "string"})]],
        Field(default_factory=dict, description="Volumes by name: `/path`, `/path:ro` or the long form."),
    ]
    publish: Annotated[
        Publish | None,
        Field(default=None, description="What it copies into volumes at each start (recipe phoenix)."),
    ]
    depends_on: Annotated[
        dict[str, Dependency],
        DependsOn,
        Field(
            default_factory=dict,
            description="Containers that must be started, healthy, complete or successful first.",
        ),
    ]
    healthcheck: Annotated[Healthcheck | None, Field(default=None, description="How ECS learns that it works.")]
    stop_timeout: Annotated[
        Seconds | None, Field(default=None, description="Time between SIGTERM and SIGKILL. Default: 30 s.")
    ]
    start_timeout: Annotated[
        Seconds | None, Field(default=None, description="How long those that depend on it wait for it.")
    ]
    ulimits: Annotated[
        dict[str, Ulimit],
        Field(default_factory=dict, description="Limits by name: `nofile: 65536` or soft and hard."),
    ]
    restart: Annotated[
        Restart | None, Field(default=None, description="Restart of this container alone, without the task.")
    ]
    init: Annotated[bool, Field(default=False, description="Whether an init process reaps orphans and passes signals.")]
    labels: Annotated[dict[str, TypedText], Field(default_factory=dict, description="Docker labels.")]
    capabilities: Annotated[
        Capabilities | None,
        Field(default=None, description="Linux capabilities to add (SYS_PTRACE only) or drop."),
    ]
    tmpfs: Annotated[
        dict[str, Tmpfs],
        Field(default_factory=dict, description="File systems in memory, by path: `/run: 16 MiB`."),
    ]
    sysctls: Annotated[
        dict[str, TypedText],
        Field(default_factory=dict, description="Kernel parameters of the task's namespace."),
    ]
    logs: Annotated[
        Logs | None,
        Field(default=None, description="Where its output goes, where that differs from the spec's logs."),
    ]
    firelens: Annotated[
        Firelens | None, Field(default=None, description="Makes this container the log router of the task.")
    ]
    version_consistency: Annotated[
        Literal["enabled", "disabled"] | None,
        Field(default=None, description="Whether ECS pins the image's digest for all tasks of a deployment."),
    ]
