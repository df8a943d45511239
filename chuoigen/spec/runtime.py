"""The parts of a container that say how it starts, stops, logs and is limited."""

import re
from typing import Annotated, Any, Literal

from pydantic import Field

from chuoigen.aws import defaults
from chuoigen.aws.vocabulary import COMPOSE_CONDITIONS, CONDITIONS
from chuoigen.messages import Texts
from chuoigen.spec.model import UNFIXED, Model, ShortForm, shown, wrong
from chuoigen.spec.scalars import SEVERAL_LINES, Days, Memory, Seconds, Text, TypedText
from chuoigen.spec.values import SecretReference

_say = Texts(__name__)
_CONDITIONS = {**{word: word for word in CONDITIONS}, **COMPOSE_CONDITIONS}


def _refuse_text(value: Any) -> Any:
    if isinstance(value, str):
        raise wrong(_say("invalid-value.command-line", value=shown(value)))
    return value


command_list = ShortForm(_refuse_text, {"not": {}})
"""Annotation of commands: a list of words, and a clear answer to a command line."""


def _expand_condition(value: Any) -> Any:
    if isinstance(value, dict):
        condition = value.get("condition")
        return {
            **value,
            "condition": _CONDITIONS.get(condition, condition) if isinstance(condition, str) else condition,
        }
    if isinstance(value, str) and value in _CONDITIONS:
        return {"condition": _CONDITIONS[value]}
    if isinstance(value, str) and value.lower() in _CONDITIONS:
        return {"condition": value.lower()}
    raise wrong(_say("invalid-value.condition", value=shown(value)))


def _expand_dependencies(value: Any) -> Any:
    """Understand compose's short form, a list of names: they must be started."""
    if isinstance(value, list) and all(isinstance(name, str) for name in value):
        return dict.fromkeys(value, "start")
    return value


class WrittenDependency(Model):
    """What must be true of another container before this one starts."""

    condition: Literal["start", "healthy", "complete", "success"]
    """start, healthy, complete or success."""


Dependency = Annotated[
    WrittenDependency,
    ShortForm(_expand_condition, {"enum": ["start", "healthy", "complete", "success"]}),
]
DependsOn = ShortForm(_expand_dependencies, {"type": "array", "items": {"type": "string"}})


class Healthcheck(Model):
    """A check that runs inside the container; only this one counts, not the Dockerfile's."""

    http: Text | None = None
    """Path that must answer 2xx or 3xx on the container's first port. An image that no recipe builds must have a
    shell, and curl or wget.
    """
    command: Annotated[
        list[Text] | None,
        ShortForm(lambda value: ["CMD-SHELL", value] if isinstance(value, str) else value, {"type": "string"}),
        SEVERAL_LINES,
    ] = None
    """Command, as a list; a first word CMD or CMD-SHELL is understood: ["CMD", "true"]."""
    interval: Seconds = defaults.HEALTH_INTERVAL_S.value
    """Time between two checks."""
    timeout: Seconds = defaults.HEALTH_TIMEOUT_S.value
    """How long one check may take."""
    retries: int = defaults.HEALTH_RETRIES.value
    """Failures in a row that make the container unhealthy."""
    start_period: Seconds | None = None
    """Time after the start in which failures do not count."""


def _expand_ulimit(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return {"soft": int(value), "hard": int(value)}
    if not isinstance(value, dict):
        number = int(value) if isinstance(value, str) and re.fullmatch("[0-9]{1,9}", value) else UNFIXED
        raise wrong(_say("invalid-value.limit", value=shown(value)), right=number)
    return value


class WrittenUlimit(Model):
    """A soft and a hard limit."""

    soft: int
    """Soft limit."""
    hard: int
    """Hard limit."""


Ulimit = Annotated[WrittenUlimit, ShortForm(_expand_ulimit, {"type": "integer"})]


def _expand_restart(value: Any) -> Any:
    if isinstance(value, str):
        raise wrong(_say("compose-restart-policy", value=shown(value)))
    return value


class WrittenRestart(Model):
    """ECS's restart policy of one container."""

    ignored_exit_codes: list[int] = Field(default_factory=list)
    """Exit codes after which it is not restarted."""
    attempt_period: Seconds | None = None
    """How long it must have run to be restarted. Default: 300 s."""


Restart = Annotated[WrittenRestart, ShortForm(_expand_restart, {"not": {}})]


class Capabilities(Model):
    """Linux capabilities."""

    add: list[Text] = Field(default_factory=list)
    """Capabilities to add: only SYS_PTRACE."""
    drop: list[Text] = Field(default_factory=list)
    """Capabilities to take away."""


class WrittenTmpfs(Model):
    """A file system in memory; it counts as the task's memory."""

    size: Memory
    """Size in MiB."""
    options: list[Text] = Field(default_factory=list)
    """Mount options, for example noexec."""


Tmpfs = Annotated[
    WrittenTmpfs,
    ShortForm(
        lambda value: value if isinstance(value, dict) else {"size": value},
        {"anyOf": [{"type": "integer"}, {"type": "string"}]},
    ),
]


class Logs(Model):
    """Where the output of containers goes. What a container says replaces what the spec says."""

    driver: Text | None = None
    """awslogs, splunk or awsfirelens; none: what the container prints is lost. Default: awslogs."""
    group: Text | None = None
    """CloudWatch log group: a name to create, or the ARN of one that is there; `{container}` stands for the container's
    name. Default: `/ecs/<name>-<stage>/{container}`.
    """
    retention: Days | None = None
    """How long CloudWatch keeps the lines. Default: 30 days."""
    kms_key: Text | None = None
    """ARN of the key of your own that encrypts the group. Its policy must admit CloudWatch Logs. Default: CloudWatch's
    own key.
    """
    stream_prefix: Text | None = None
    """First part of the streams' names. Default: the stage."""
    mode: Text | None = None
    """non-blocking loses lines when its buffer is full; blocking makes the container wait. Default: non-
    blocking, said explicitly.
    """
    max_buffer_size: Text | None = None
    """Buffer of the non-blocking mode. Default: 25m."""
    options: dict[str, TypedText] = Field(default_factory=dict)
    """Further options of the driver, in its own words."""
    secret_options: dict[str, SecretReference] = Field(default_factory=dict)
    """Options whose values are secrets."""


class Firelens(Model):
    """The log router of the task (FireLens)."""

    type: Literal["fluentd", "fluentbit"]
    """What the router runs."""
    options: dict[str, TypedText] = Field(default_factory=dict)
    """Options, for example config-file-type."""
