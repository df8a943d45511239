"""How many tasks there are: by load, by the length of a queue, by the clock."""

from typing import Annotated, Literal

from pydantic import Field

from chuoigen.aws import defaults
from chuoigen.spec.model import Model
from chuoigen.spec.scalars import Seconds, Text, TypedText


class Cooldown(Model):
    """How long a change of the count of tasks is waited for before the next one."""

    scale_out: Seconds | None = None
    """After tasks were added. Default: 300 s."""
    scale_in: Seconds | None = None
    """After tasks were removed. Default: 300 s."""


class Queue(Model):
    """A queue of SQS that the tasks work off."""

    name: Text
    """Name of the queue, in the account and the region of the service."""
    messages_per_task: Annotated[int, Field(ge=1)]
    """Visible messages for each running task that are kept: the longest delay that is allowed, divided by the time
    that a task needs for one message.
    """


class ScalingMetric(Model):
    """A metric of CloudWatch that goes down as tasks are added."""

    namespace: Text
    """Namespace of the metric."""
    name: Text
    """Name of the metric."""
    dimensions: dict[str, TypedText] = Field(default_factory=dict)
    """Dimensions of the metric, all that it is published with."""
    statistic: Literal["Average", "Minimum", "Maximum", "SampleCount", "Sum"] = defaults.SCALING_STATISTIC.value
    """Statistic of the metric."""
    unit: Text | None = None
    """Unit that the metric is published with."""
    target: Annotated[int, Field(ge=1)]
    """Value that is kept."""


class ScheduledCount(Model):
    """Bounds of the count of tasks from a time on: one of cron, rate and at, one or both of min and max."""

    cron: Text | None = None
    """Six fields: minutes, hours, day of the month, month, day of the week, year: `0 8 ? * MON-FRI *`."""
    rate: Text | None = None
    """A number and a unit: `1 hour`, `2 days`."""
    at: Text | None = None
    """Once: `2027-01-31T08:00:00`."""
    timezone: Text | None = None
    """Time zone of cron and at. Default: that of the spec."""
    min: int | None = None
    """Fewest tasks from then on."""
    max: int | None = None
    """Most tasks from then on."""


class Autoscaling(Model):
    """How many tasks there are, by load."""

    min: int
    """Fewest tasks."""
    max: int
    """Most tasks."""
    cpu: int | None = None
    """Mean CPU in percent that is kept."""
    memory: int | None = None
    """Mean memory in percent that is kept."""
    requests: int | None = None
    """Requests a task and minute that are kept."""
    queue: Queue | None = None
    """Messages in a queue for each task that are kept."""
    metrics: dict[str, ScalingMetric] = Field(default_factory=dict)
    """Metrics of your own, by a name for each."""
    cooldown: Cooldown | None = None
    """How long a change of the count is waited for before the next one."""
    scale_in: bool = defaults.SCALE_IN.value
    """Whether load that is gone removes tasks."""
    schedule: dict[str, ScheduledCount] = Field(default_factory=dict)
    """Other bounds from a time on, by a name for each."""
