"""How a new revision replaces the old one."""

from typing import Annotated, Literal

from pydantic import Field

from chuoigen.aws import defaults
from chuoigen.spec.model import Model, ShortForm
from chuoigen.spec.scalars import Text


class Threshold(Model):
    """Tasks that may fail before a deployment has failed: one of count and percent."""

    count: Annotated[int | None, Field(ge=1)] = None
    """So many tasks."""
    percent: Annotated[int | None, Field(ge=1)] = None
    """Share of the desired tasks."""
    bounded: bool = defaults.BREAKER_BOUNDED.value
    """Whether the share is at least 3 tasks and at most 200."""


class WrittenBreaker(Model):
    """When a deployment whose tasks do not stay has failed, and what happens then."""

    enabled: bool = defaults.CIRCUIT_BREAKER.value
    """Whether tasks that do not stay make a deployment fail (the short form says just this)."""
    rollback: bool = defaults.CIRCUIT_BREAKER.value
    """Whether a deployment that has failed is rolled back."""
    threshold: Threshold | None = None
    """Tasks that may fail. Default: half of the desired tasks, at least 3 and at most 200."""
    reset_on_healthy_task: bool | None = None
    """Whether a task that becomes healthy sets the count of failures back to 0. Default: it does."""


def _expand_breaker(value: object) -> object:
    return {"enabled": value} if isinstance(value, bool) else value


Breaker = Annotated[WrittenBreaker, ShortForm(_expand_breaker, {"type": "boolean"})]


class EarlySuccess(Model):
    """When a rolling deployment is done although not every task is there yet."""

    healthy_percent: int
    """Share of the desired tasks of the new revision that must be healthy."""
    cleanup: Literal["blocking", "deferred"] = defaults.EARLY_CLEANUP.value
    """`blocking`: the old tasks are gone before the deployment is done. `deferred`: they go after that."""


class Deployment(Model):
    """How a new revision replaces the old one."""

    minimum_healthy_percent: int = defaults.MIN_PERCENT.value
    """Share of the desired tasks that must keep running."""
    maximum_percent: int = defaults.MAX_PERCENT.value
    """Share of the desired tasks that may run, old and new together."""
    circuit_breaker: Breaker = Field(default=defaults.CIRCUIT_BREAKER.value, validate_default=True)
    """Whether a deployment that fails is rolled back, or when it has failed."""
    alarms: list[Text] = Field(default_factory=list)
    """Names of CloudWatch alarms, which exist already: a deployment during which one of them fires is rolled back."""
    early_success: EarlySuccess | None = None
    """When a deployment is done although not every task is there yet. Default: when all are, and the old ones gone."""
