"""How ECS replaces the tasks of a service, members in the order of AWS's own model."""

from typing import ClassVar

from chuoigen.resources.resource import Shape


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


class EarlySuccess(Shape):
    """From which share of healthy tasks on a rolling deployment is done, and whether the old tasks are gone by then."""

    enable: bool
    healthy_percent: int
    source_service_revision_cleanup: str


class Deployment(Shape):
    """How a new revision replaces the old one; shares of the desired count in percent."""

    deployment_circuit_breaker: CircuitBreaker
    maximum_percent: int
    minimum_healthy_percent: int
    alarms: DeploymentAlarms | None
    early_success_criteria: EarlySuccess | None
