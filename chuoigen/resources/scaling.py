"""What changes the count of tasks, members in the order of Application Auto Scaling's model."""

from collections.abc import Mapping
from typing import ClassVar

from chuoigen.resources.resource import Ref, Resource, Shape


class _Scaled(Resource):
    PASCAL: ClassVar = True


class ScalableTarget(_Scaled):
    """How many tasks the service may have; without tags, which the API takes for a new target only."""

    service_namespace: str
    resource_id: str
    scalable_dimension: str
    min_capacity: int
    max_capacity: int


class Metric(Shape):
    """What is measured; requests are those of a balancer with its target group."""

    PASCAL: ClassVar = True

    predefined_metric_type: str
    resource_label: Ref | None


class MetricName(Shape):
    """A metric of CloudWatch."""

    PASCAL: ClassVar = True
    PAIRS: ClassVar = {"dimensions": ("Name", "Value")}

    dimensions: Mapping[str, str]
    metric_name: str
    namespace: str


class MetricStat(Shape):
    """A metric and the statistic of it."""

    PASCAL: ClassVar = True

    metric: MetricName
    stat: str


class MetricQuery(Shape):
    """One line of a computation: a metric or an expression over others, of which one is the result."""

    PASCAL: ClassVar = True

    expression: str | None
    id: str
    metric_stat: MetricStat | None
    return_data: bool


class CustomMetric(Shape):
    """A metric of the spec, or the computation of one."""

    PASCAL: ClassVar = True
    PAIRS: ClassVar = {"dimensions": ("Name", "Value")}

    metric_name: str | None
    namespace: str | None
    dimensions: Mapping[str, str]
    statistic: str | None
    unit: str | None
    metrics: tuple[MetricQuery, ...]


class Tracking(Shape):
    """The value that is kept; cooldowns in seconds."""

    PASCAL: ClassVar = True

    target_value: int
    predefined_metric_specification: Metric | None
    customized_metric_specification: CustomMetric | None
    scale_out_cooldown: int | None
    scale_in_cooldown: int | None
    disable_scale_in: bool | None


class ScalingPolicy(_Scaled):
    """A policy that keeps a measure at a value by changing the count of tasks."""

    policy_name: str
    service_namespace: str
    resource_id: str
    scalable_dimension: str
    policy_type: str
    target_tracking_scaling_policy_configuration: Tracking


class TargetAction(Shape):
    """The bounds that an action sets; None leaves one as it is."""

    PASCAL: ClassVar = True

    min_capacity: int | None
    max_capacity: int | None


class ScheduledAction(_Scaled):
    """Other bounds from a time on."""

    service_namespace: str
    schedule: str
    timezone: str | None
    scheduled_action_name: str
    resource_id: str
    scalable_dimension: str
    scalable_target_action: TargetAction
