"""Alarms: what somebody must hear of."""

from typing import Annotated, Literal

from pydantic import Field

from chuoigen.aws import defaults
from chuoigen.spec.model import Model
from chuoigen.spec.scalars import Seconds, Text

Percent = Annotated[int, Field(ge=1, le=100)]
Kind = Literal["cpu", "memory", "running_tasks", "unhealthy_targets", "errors", "queue_age", "deployments"]


class Alarms(Model):
    """Alarms of CloudWatch about the service, and deployments that fail; an empty mapping makes those that suit it."""

    topic: Text | None = None
    """ARN of the SNS topic that is told, and that is there. Default: one is made, `<name>-<stage>-alarms`."""
    kms_key: Text | None = None
    """ARN of the key of your own that encrypts the topic that is made."""
    cpu: Percent = defaults.ALARM_CPU.value
    """Mean CPU in percent from which on it is an alarm."""
    memory: Percent = defaults.ALARM_MEMORY.value
    """Mean memory in percent from which on it is an alarm."""
    errors: Percent = defaults.ALARM_ERRORS.value
    """Percent of requests answered with 5xx by the target from which on it is an alarm."""
    queue_age: Seconds | None = None
    """Age of the oldest message of the queue that the tasks work off, from which on it is an alarm. Default: none."""
    minutes: Annotated[int, Field(ge=1, le=1440)] = defaults.ALARM_MINUTES.value
    """How many minutes in a row it must be so."""
    without: list[Kind] = Field(default_factory=list)
    """What there is no alarm for: cpu, memory, running_tasks, unhealthy_targets, errors, queue_age, deployments."""
