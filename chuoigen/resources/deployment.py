"""How ECS replaces the tasks of a service, members in the order of AWS's own model."""

from collections.abc import Mapping
from typing import Any, ClassVar

from chuoigen.resources.network import TargetGroup
from chuoigen.resources.resource import Ref, Shape


class Threshold(Shape):
    """Tasks that may fail: a number of them, or a share of the desired ones in percent."""

    type: str
    value: int


class CircuitBreaker(Shape):
    """Whether a deployment that fails is stopped, and rolled back; from so many failed tasks on, where that is said."""

    enable: bool
    rollback: bool
    reset_on_healthy_task: bool | None
    threshold_configuration: Threshold | None


class DeploymentAlarms(Shape):
    """Alarms of CloudWatch, by their names, that make a deployment fail."""

    # All three are needed to remove the alarms of before (aws/copilot-cli, pull request 4565, checked 2026-11-28).
    NONE: ClassVar = {"alarmNames": [], "rollback": False, "enable": False}

    alarm_names: tuple[str, ...]
    rollback: bool
    enable: bool


class AlternateGroup(TargetGroup):
    """The second target group of a target: ECS registers the new tasks in the one that gets no traffic."""


class AdvancedConfiguration(Shape):
    """How ECS moves the traffic of a target group: the other group, the rules, and the role that it takes on."""

    alternate_target_group_arn: Ref
    production_listener_rule: Ref
    test_listener_rule: Ref | None
    role_arn: Ref


class HookTimeout(Shape):
    """How long a hook may take, and what happens after that."""

    timeout_in_minutes: int | None
    action: str | None


class LifecycleHook(Shape):
    """What a deployment waits for at some stages: a function of Lambda, or, for PAUSE, ContinueServiceDeployment."""

    target_type: str
    hook_target_arn: str | None
    role_arn: Ref | None
    lifecycle_stages: tuple[str, ...]
    hook_details: Mapping[str, Any]
    timeout_configuration: HookTimeout | None


class LinearConfiguration(Shape):
    """Equal steps in which the traffic moves."""

    step_percent: float
    step_bake_time_in_minutes: int


class CanaryConfiguration(Shape):
    """The share of the traffic that moves first."""

    canary_percent: float
    canary_bake_time_in_minutes: int


class EarlySuccess(Shape):
    """From which share of healthy tasks on a rolling deployment is done, and whether the old tasks are gone by then."""

    enable: bool
    healthy_percent: int
    source_service_revision_cleanup: str


class Deployment(Shape):
    """How a new revision replaces the old one; shares of the desired count in percent. None is the rolling strategy."""

    deployment_circuit_breaker: CircuitBreaker
    maximum_percent: int
    minimum_healthy_percent: int
    alarms: DeploymentAlarms | None
    strategy: str | None
    bake_time_in_minutes: int | None
    lifecycle_hooks: Mapping[str, LifecycleHook]
    linear_configuration: LinearConfiguration | None
    canary_configuration: CanaryConfiguration | None
    early_success_criteria: EarlySuccess | None

    @property
    def shifts(self) -> bool:
        """Whether all new tasks run beside the old ones, and traffic moves between them."""
        return self.strategy is not None
