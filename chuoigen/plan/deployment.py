"""How a new revision replaces the old one."""

import math

from chuoigen.aws import limits
from chuoigen.resources.deployment import CircuitBreaker, Deployment, DeploymentAlarms, EarlySuccess, Threshold
from chuoigen.spec.deployment import Deployment as Written
from chuoigen.spec.deployment import Threshold as WrittenThreshold
from chuoigen.spec.deployment import WrittenBreaker


def deployment(written: Written) -> Deployment:
    """Return how a service is deployed."""
    return Deployment(
        deployment_circuit_breaker=_breaker(written.circuit_breaker),
        maximum_percent=written.maximum_percent,
        minimum_healthy_percent=written.minimum_healthy_percent,
        alarms=DeploymentAlarms(tuple(written.alarms), rollback=True, enable=True) if written.alarms else None,
        early_success_criteria=_early_success(written),
    )


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
