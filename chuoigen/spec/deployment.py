"""How a new revision replaces the old one."""

from typing import Annotated, Any, Literal

from pydantic import Field

from chuoigen.aws import defaults
from chuoigen.spec.model import Model, ShortForm
from chuoigen.spec.scalars import Seconds, Text


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


class Linear(Model):
    """Traffic that moves in equal steps."""

    step_percent: float = defaults.LINEAR_PERCENT.value
    """Share of the traffic that moves in each step, 3 to 100 percent."""
    step_bake_time: Seconds = defaults.LINEAR_BAKE_TIME_S.value
    """Time between two steps."""


class Canary(Model):
    """A small share of the traffic that moves first, and the rest at once."""

    percent: float = defaults.CANARY_PERCENT.value
    """Share of the traffic that moves first, 0.1 to 100 percent."""
    bake_time: Seconds = defaults.CANARY_BAKE_TIME_S.value
    """Time until the rest moves."""


class TestTraffic(Model):
    """A listener of its own, which leads to the new tasks before they get the requests of users."""

    port: int
    """Port of the load balancer that it listens on; `network.allow` says who reaches it."""


Stage = Literal[
    "reconcile_service",
    "pre_scale_up",
    "post_scale_up",
    "test_traffic_shift",
    "post_test_traffic_shift",
    "pre_production_traffic_shift",
    "production_traffic_shift",
    "post_production_traffic_shift",
]
"""Stages of a deployment at which hooks run, in their order."""


class Hook(Model):
    """What a deployment waits for at a stage: a function of Lambda, or somebody who lets it go on."""

    stages: Annotated[list[Stage], Field(min_length=1)]
    """Stages at which it runs."""
    function: Text | None = None
    """Function of Lambda, which exists: its name, or its ARN. Without one the deployment pauses until somebody lets it
    go on.
    """
    details: dict[str, Any] = Field(default_factory=dict)
    """What the function is given, in your own words."""
    timeout: Seconds | None = None
    """How long it may take, 1 minute to 14 days. Default: 24 hours."""
    on_timeout: Literal["rollback", "continue"] | None = None
    """What happens after that. Default: the deployment is rolled back."""


class Deployment(Model):
    """How a new revision replaces the old one."""

    strategy: Literal["rolling", "blue_green", "linear", "canary"] = defaults.STRATEGY.value
    """`rolling`: tasks are replaced a few at a time. `blue_green`: all new tasks run beside the old ones, and the
    traffic moves at once. `linear`: it moves in equal steps. `canary`: a small share of it moves first.
    """
    bake_time: Seconds | None = None
    """How long the old tasks stay after all traffic has moved, so that the way back is short. Default: 5 minutes, and
    with a rolling deployment what ECS makes of the alarms.
    """
    linear: Linear | None = None
    """The steps of `linear`."""
    canary: Canary | None = None
    """The first share of `canary`."""
    test_traffic: TestTraffic | None = None
    """A listener that leads to the new tasks before the traffic of users moves. Default: none."""
    hooks: dict[str, Hook] = Field(default_factory=dict)
    """What a deployment waits for at its stages, by names of your own."""
    alternate_target_group: Text | None = None
    """Name of the second target group, between which and the first one the traffic moves. Default: that of the first
    one with -alt behind it.
    """
    infrastructure_role: Text | None = None
    """ARN of a role that is there, with which ECS moves the traffic. Default: one is made,
    `<name>-<stage>-infrastructure`.
    """
    hook_role: Text | None = None
    """ARN of a role that is there, with which ECS calls the functions of hooks. Default: one is made,
    `<name>-<stage>-hooks`.
    """
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
