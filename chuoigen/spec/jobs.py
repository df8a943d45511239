"""Jobs: tasks beside the service that run once and end."""

from typing import Annotated, Any, Literal

from pydantic import Field

from chuoigen.aws import defaults
from chuoigen.spec.container import expand_environment
from chuoigen.spec.model import Model, ShortForm
from chuoigen.spec.runtime import command_list
from chuoigen.spec.scalars import SEVERAL_LINES, Cpu, Memory, Seconds, Text
from chuoigen.spec.values import EnvironmentValue


class Schedule(Model):
    """When EventBridge Scheduler starts a job."""

    expression: Text
    """`cron(minutes hours day month weekday year)`, `rate(5 minutes)` or `at(2027-01-31T03:00:00)`."""
    timezone: Text | None = None
    """Time zone of the expression. Default: that of the spec."""
    flexible_window: Seconds | None = None
    """Time within which the job may start later, in whole minutes, up to a day. Default: it starts on time."""
    retries: int = defaults.JOB_RETRIES.value
    """How often the scheduler tries again when ECS does not take the task, 0 to 185. A job that fails is not tried
    again.
    """
    max_age: Seconds = defaults.JOB_MAX_AGE_S.value
    """How long the scheduler tries to start it, 1 minute to a day."""
    dead_letter_queue: Text | None = None
    """ARN of the SQS queue that gets what could not be started."""


def _expand_schedule(value: Any) -> Any:
    return {"expression": value} if isinstance(value, str) else value


class Job(Model):
    """A task that runs once and ends: one container of the spec, with what it depends on, and another command."""

    container: Text
    """Container of the spec that does the work: its image, variables, secrets and mounts. Its exit code is that of the
    job.
    """
    command: Annotated[list[Text] | None, command_list, SEVERAL_LINES] = None
    """Command, as a list. Default: that of the container."""
    environment: Annotated[
        dict[str, EnvironmentValue],
        ShortForm(expand_environment, {"type": "array", "items": {"type": "string"}}),
        SEVERAL_LINES,
    ] = Field(default_factory=dict)
    """Variables beside those of the container, or in place of them."""
    cpu: Cpu | None = None
    """CPU of the task. Default: that of the service's task."""
    memory: Memory | None = None
    """Memory of the task. Default: that of the service's task."""
    timeout: Seconds = defaults.JOB_TIMEOUT_S.value
    """How long the scripts wait until it has ended; then they fail, and the job goes on."""
    before: Literal["deploy"] | None = None
    """`deploy`: every deployment runs it first, with the new images, and stops when it fails. Several run in the order
    of the spec.
    """
    schedule: Annotated[Schedule, ShortForm(_expand_schedule, {"type": "string"})] | None = None
    """When it starts by itself. Default: somebody runs it, with `run-job.sh`."""
