"""Tasks that run once: how a script runs one, and how EventBridge Scheduler does; members in AWS's order."""

from collections.abc import Mapping
from typing import ClassVar

from chuoigen.resources.ecs import NetworkConfiguration, TaskDefinition
from chuoigen.resources.resource import Ref, Resource, Shape


class JobDefinition(TaskDefinition):
    """The task definition of a job."""


class RunTask(Shape):
    """The request of run-task, without its revision."""

    SPELT: ClassVar = {"enable_ecs_managed_tags": "enableECSManagedTags"}

    cluster: Ref
    enable_ecs_managed_tags: bool
    launch_type: str
    network_configuration: NetworkConfiguration
    platform_version: str
    propagate_tags: str
    started_by: str


class DeadLetters(Shape):
    """The queue that gets what could not be started."""

    PASCAL: ClassVar = True

    arn: str


class Retries(Shape):
    """How long and how often the scheduler tries to start a task; the age is in seconds."""

    PASCAL: ClassVar = True

    maximum_event_age_in_seconds: int
    maximum_retry_attempts: int


class ScheduledNetwork(Shape):
    """The network of a task that the scheduler starts."""

    PASCAL: ClassVar = True

    subnets: tuple[str, ...]
    security_groups: tuple[Ref, ...]
    assign_public_ip: str


class ScheduledConfiguration(Shape):
    """The one member of a NetworkConfiguration, which the scheduler spells as ECS does."""

    awsvpc_configuration: ScheduledNetwork


class EcsParameters(Shape):
    """The task that the scheduler starts: of the newest active revision, since its ARN names a family."""

    PASCAL: ClassVar = True
    SPELT: ClassVar = {"enable_ecs_managed_tags": "EnableECSManagedTags"}

    task_definition_arn: str
    task_count: int
    launch_type: str
    network_configuration: ScheduledConfiguration
    platform_version: str
    enable_ecs_managed_tags: bool
    propagate_tags: str


class ScheduleTarget(Shape):
    """What a schedule starts, and with which role."""

    PASCAL: ClassVar = True

    arn: str
    role_arn: Ref
    dead_letter_config: DeadLetters | None
    retry_policy: Retries
    ecs_parameters: EcsParameters


class FlexibleWindow(Shape):
    """The minutes within which the scheduler may start later."""

    PASCAL: ClassVar = True

    mode: str
    maximum_window_in_minutes: int | None


class ScheduleGroup(Resource):
    """A group of schedules; schedules themselves have no tags."""

    PASCAL: ClassVar = True
    PAIRS: ClassVar = {"tags": ("Key", "Value")}
    APART: ClassVar = Resource.APART | {"arn"}

    name: str
    tags: Mapping[str, str]
    arn: str


class Schedule(Resource):
    """A schedule of EventBridge Scheduler."""

    PASCAL: ClassVar = True

    name: str
    group_name: Ref
    schedule_expression: str
    schedule_expression_timezone: str
    target: ScheduleTarget
    flexible_time_window: FlexibleWindow
