"""What tells somebody that a service is not well, members in AWS's order."""

from collections.abc import Mapping
from typing import ClassVar

from chuoigen.resources.resource import Ref, Resource, Shape

_TAGS = {"tags": ("Key", "Value")}


class Topic(Resource):
    """A topic of SNS; its policy is an attribute, as text."""

    PASCAL: ClassVar = True
    PAIRS: ClassVar = _TAGS
    APART: ClassVar = Resource.APART | {"arn", "given"}

    name: str
    attributes: Mapping[str, str]
    tags: Mapping[str, str]
    arn: str
    given: bool

    @property
    def existing(self) -> bool:
        """Whether it is given by its ARN."""
        return self.given


class AlarmMetric(Shape):
    """A metric of CloudWatch."""

    PASCAL: ClassVar = True
    PAIRS: ClassVar = {"dimensions": ("Name", "Value")}

    namespace: str
    metric_name: str
    dimensions: Mapping[str, str | Ref]


class AlarmStat(Shape):
    """A metric, and the statistic of it in each period of seconds."""

    PASCAL: ClassVar = True

    metric: AlarmMetric
    period: int
    stat: str


class AlarmQuery(Shape):
    """One line of a computation, of which one is the result."""

    PASCAL: ClassVar = True

    id: str
    metric_stat: AlarmStat | None
    expression: str | None
    return_data: bool


class Alarm(Resource):
    """An alarm: one metric, or a computation over several; its period is in seconds."""

    PASCAL: ClassVar = True
    SPELT: ClassVar = {"ok_actions": "OKActions"}
    PAIRS: ClassVar = {**_TAGS, "dimensions": ("Name", "Value")}

    alarm_name: str
    ok_actions: tuple[Ref, ...]
    alarm_actions: tuple[Ref, ...]
    metric_name: str | None
    namespace: str | None
    statistic: str | None
    dimensions: Mapping[str, str | Ref]
    period: int | None
    evaluation_periods: int
    threshold: int
    comparison_operator: str
    treat_missing_data: str
    metrics: tuple[AlarmQuery, ...]
    tags: Mapping[str, str]


class EventRule(Resource):
    """A rule of EventBridge: the events that it takes, as text, and the topic that gets them."""

    PASCAL: ClassVar = True
    PAIRS: ClassVar = _TAGS
    APART: ClassVar = Resource.APART | {"target"}

    name: str
    event_pattern: str
    tags: Mapping[str, str]
    target: Ref
