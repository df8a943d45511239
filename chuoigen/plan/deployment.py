"""How a new revision replaces the old one."""

import math

from chuoigen.aws import arn, defaults, limits
from chuoigen.plan.overrides import overrides_of
from chuoigen.plan.permissions import role_key
from chuoigen.provenance import keyed
from chuoigen.resources import Ref
from chuoigen.resources.deployment import (
    CanaryConfiguration,
    CircuitBreaker,
    Deployment,
    DeploymentAlarms,
    EarlySuccess,
    HookTimeout,
    LifecycleHook,
    LinearConfiguration,
    Threshold,
)
from chuoigen.spec import Spec
from chuoigen.spec.deployment import Canary, Hook, Linear, WrittenBreaker
from chuoigen.spec.deployment import Deployment as Written
from chuoigen.spec.deployment import Threshold as WrittenThreshold

HOOKS = "hooks"
"""The role with which ECS calls the functions of hooks."""
_MINUTE = 60


def deployment(spec: Spec, written: Written) -> Deployment:
    """Return how a service is deployed; what the strategy has no use for is not in it."""
    return Deployment(
        deployment_circuit_breaker=_breaker(written.circuit_breaker),
        maximum_percent=written.maximum_percent,
        minimum_healthy_percent=written.minimum_healthy_percent,
        alarms=DeploymentAlarms(tuple(written.alarms), rollback=True, enable=True) if written.alarms else None,
        strategy=written.strategy.upper() if shifts(written) else None,
        bake_time_in_minutes=_bake_time(written),
        lifecycle_hooks=keyed(written.hooks, lambda name: _hook(spec, written.hooks[name])),
        linear_configuration=_linear(written),
        canary_configuration=_canary(written),
        early_success_criteria=_early_success(written),
    )


def shifts(written: Written) -> bool:
    """Say whether all new tasks run beside the old ones, and traffic moves between them."""
    return written.strategy != "rolling"


def bake_time(written: Written) -> int:
    """Return for how many seconds the old tasks stay after the traffic has moved; 0 for a rolling deployment."""
    if not shifts(written):
        return 0
    return defaults.BAKE_TIME_S.value if written.bake_time is None else written.bake_time


def _bake_time(written: Written) -> int | None:
    return bake_time(written) // _MINUTE if shifts(written) or written.bake_time is not None else None


def _hook(spec: Spec, written: Hook) -> LifecycleHook:
    limited = written.timeout is not None or written.on_timeout is not None
    action = written.on_timeout.upper() if written.on_timeout else None
    return LifecycleHook(
        target_type="PAUSE" if written.function is None else "AWS_LAMBDA",
        hook_target_arn=function_arn(spec, written),
        role_arn=None if written.function is None else Ref(role_key(HOOKS), "arn"),
        lifecycle_stages=tuple(stage.upper() for stage in written.stages),
        hook_details=overrides_of(written.details),
        timeout_configuration=HookTimeout(written.timeout // _MINUTE if written.timeout else None, action)
        if limited
        else None,
    )


def function_arn(spec: Spec, written: Hook) -> str | None:
    """Return the ARN of a hook's function; None where it only pauses."""
    name = written.function
    return arn.function_arn(spec.aws.account, spec.aws.region, name) if name is not None else None


def _linear(written: Written) -> LinearConfiguration | None:
    if written.strategy != "linear":
        return None
    said = written.linear or Linear.model_validate({})
    return LinearConfiguration(_share(said.step_percent), said.step_bake_time // _MINUTE)


def _canary(written: Written) -> CanaryConfiguration | None:
    if written.strategy != "canary":
        return None
    said = written.canary or Canary.model_validate({})
    return CanaryConfiguration(_share(said.percent), said.bake_time // _MINUTE)


def _share(percent: float) -> float:
    """Return a whole percentage as such: 10 rather than 10.0."""
    return int(percent) if percent == int(percent) else float(percent)


def _breaker(written: WrittenBreaker) -> CircuitBreaker:
    return CircuitBreaker(
        enable=written.enabled,
        rollback=written.enabled and written.rollback,
        reset_on_healthy_task=written.reset_on_healthy_task,
        threshold_configuration=_threshold(written.threshold) if written.threshold is not None else None,
    )


def _threshold(written: WrittenThreshold) -> Threshold:
    if written.count is not None:
        return Threshold("COUNT", written.count)
    return Threshold("BOUNDED_PERCENT" if written.bounded else "UNBOUNDED_PERCENT", written.percent or 0)


def _early_success(written: Written) -> EarlySuccess | None:
    early = written.early_success
    if early is None:
        return None
    return EarlySuccess(
        enable=True,
        healthy_percent=early.healthy_percent,
        source_service_revision_cleanup=early.cleanup.upper(),
    )


def failures(breaker: CircuitBreaker, count: int) -> int:
    """Return how many tasks fail until the circuit breaker ends a deployment of `count` tasks."""
    threshold = breaker.threshold_configuration or Threshold("BOUNDED_PERCENT", limits.BREAKER_PERCENT)
    if threshold.type == "COUNT":
        return threshold.value
    share = math.ceil(count * threshold.value / 100)
    within = limits.BREAKER_FAILURES
    return min(within.high, max(within.low, share)) if threshold.type == "BOUNDED_PERCENT" else share
