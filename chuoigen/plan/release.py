"""A deployment as it goes by: how long tasks take to come and to go, and, where traffic moves, when it does.

Times are in seconds, and the longest that what is written allows. Nothing here knows how long an image takes to be
pulled, a process to start before its first check, or a hook to end.
"""

import functools
import math
from collections.abc import Iterator

from chuoigen.messages import Message, Texts
from chuoigen.plan.model import Plan
from chuoigen.record import Record
from chuoigen.resources.deployment import Deployment, LifecycleHook
from chuoigen.resources.network import TargetGroup

_say = Texts(__name__)
_ALL = 100
_MINUTE = 60
_DAY_MIN = 1440
_AT_EACH_STEP = frozenset({"PRE_PRODUCTION_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT"})
_SHOWN = 3
"""Steps of many that are shown before the rest is counted."""


class Stage(Record):
    """What holds from a moment on: the tasks that run, and the percentage of the traffic that the new ones get."""

    at: int
    what: Message
    old: int
    new: int
    traffic: float


def stages(plan: Plan, before: int, after: int) -> tuple[Stage, ...]:
    """Return the stages of a deployment from so many tasks to so many, all new ones beside the old ones."""
    assert plan.service is not None  # noqa: S101  a deployment has a service
    rollout, healthy = plan.service.deployment_configuration, starting(plan)
    found = [Stage(0, _say("start", count=after), before, after, 0), *_shift(plan, rollout, healthy, before, after)]
    baked = _baked(plan)
    found.append(Stage(baked, _say("drain", count=before), before, after, found[-1].traffic))
    return (*found, Stage(baked + stopping(plan), _say("done"), 0, after, found[-1].traffic))


def _shift(plan: Plan, rollout: Deployment, healthy: int, before: int, after: int) -> Iterator[Stage]:
    """Give the moments from the first healthy check on; of many equal steps the first ones and the last."""
    if plan.load_balancer is None:
        yield Stage(healthy, _say("beside"), before, after, 0)
        return
    shares, pause = _steps(rollout)
    if _tested(plan):
        yield Stage(healthy, _say("test"), before, after, 0)
    for number, share in enumerate(shares):
        at = healthy + number * pause
        if number < _SHOWN or number == len(shares) - 1:
            yield Stage(at, _say("all" if share >= _ALL else "share", share=f"{share:g}"), before, after, share)
        elif number == _SHOWN:
            yield Stage(at, _say("steps", count=len(shares) - _SHOWN - 1, seconds=pause), before, after, share)


def _tested(plan: Plan) -> bool:
    balanced = plan.service.load_balancers if plan.service is not None else ()
    advanced = (target.advanced_configuration for target in balanced)
    return any(one is not None and one.test_listener_rule is not None for one in advanced)


def _steps(rollout: Deployment) -> tuple[tuple[float, ...], int]:
    """Return the percentages of the traffic, step by step, and the seconds between two of them."""
    linear, canary = rollout.linear_configuration, rollout.canary_configuration
    if linear is not None:
        number = math.ceil(_ALL / linear.step_percent)
        shares = tuple(min(_ALL, round(step * linear.step_percent, 1)) for step in range(1, number + 1))
        return shares, linear.step_bake_time_in_minutes * _MINUTE
    if canary is not None and canary.canary_percent < _ALL:
        return (canary.canary_percent, _ALL), canary.canary_bake_time_in_minutes * _MINUTE
    return (_ALL,), 0


def _baked(plan: Plan) -> int:
    """Return when the old tasks begin to go."""
    assert plan.service is not None  # noqa: S101  a deployment has a service
    rollout = plan.service.deployment_configuration
    shares, pause = _steps(rollout) if plan.load_balancer is not None else ((_ALL,), 0)
    return starting(plan) + (len(shares) - 1) * pause + (rollout.bake_time_in_minutes or 0) * _MINUTE


def notes(plan: Plan, behind: int = 0) -> tuple[Message, ...]:
    """Return what is to be known of a deployment that moves traffic: what a bad release does, and what it waits for.

    `behind` are the seconds that pass before the deployment starts.
    """
    assert plan.service is not None  # noqa: S101  a deployment has a service
    rollout = plan.service.deployment_configuration
    shares, pause = _steps(rollout)
    found = []
    if plan.load_balancer is not None and len(shares) > 1:
        found.append(_say("bad.share", share=f"{shares[0]:g}", seconds=pause))
    watched = "alarms" if rollout.alarms is not None else "hooks" if rollout.lifecycle_hooks else "nothing"
    names = rollout.alarms.alarm_names if rollout.alarms is not None else ()
    found.append(_say(f"bad.{watched}", alarms=names))
    found.append(_say("back.short" if plan.load_balancer is not None else "back.beside", until=behind + _baked(plan)))
    found.append(_say("back.long", seconds=starting(plan)))
    found += [_hook(name, hook, len(shares)) for name, hook in rollout.lifecycle_hooks.items()]
    return (*found, *((_say("weights"),) if plan.load_balancer is not None else ()))


def _hook(name: str, hook: LifecycleHook, steps: int) -> Message:
    limit = hook.timeout_configuration
    minutes = limit.timeout_in_minutes if limit is not None else None
    goes_on = limit is not None and limit.action == "CONTINUE"
    often = steps > 1 and not _AT_EACH_STEP.isdisjoint(hook.lifecycle_stages)
    return _say(
        "hook.pause" if hook.hook_target_arn is None else "hook.function",
        name=name,
        stages=tuple(stage.lower() for stage in hook.lifecycle_stages),
        minutes=minutes or _DAY_MIN,
        then=_say("hook.goes-on" if goes_on else "hook.goes-back"),
        often=_say("hook.each-step" if often else "hook.once"),
    )


def starting(plan: Plan) -> int:
    """Return how long a new task takes until it counts, at most: checks of its containers, then of the balancer."""
    begun = starts(plan)
    grace = (plan.service.health_check_grace_period_seconds if plan.service else None) or 0

    def answers(target: TargetGroup) -> int:
        behind = begun[target.container][0] if target.container in begun else 0
        return max(behind, grace) + target.health_check_interval_seconds * target.healthy_threshold_count

    longest = max((ready for _, ready in begun.values()), default=0)
    return max(longest, *map(answers, plan.target_groups if plan.service else ()), 0)


def starts(plan: Plan) -> dict[str, tuple[int, int]]:
    """Return when each container begins, and when its health check is through, at the latest, from a task's start."""

    @functools.cache
    def begins(name: str) -> int:
        waits = (
            checked(other) if condition == "HEALTHY" else begins(other)
            for other, condition in plan.containers[name].depends_on.items()
            if other in plan.containers
        )
        return max(waits, default=0)

    @functools.cache
    def checked(name: str) -> int:
        check = plan.containers[name].healthcheck
        return begins(name) + ((check.start_period or 0) + check.interval * check.retries if check else 0)

    return {name: (begins(name), checked(name)) for name in plan.containers}


def stopping(plan: Plan) -> int:
    """Return how long an old task may take to go, at most: it is drained, then each container waits for those on it."""
    return draining(plan) + max((gone for _, gone in stops(plan).values()), default=0)


def draining(plan: Plan) -> int:
    """Return how long a task that is to stop still has its connections from the load balancer."""
    return max((target.deregistration_delay for target in plan.target_groups), default=0)


def stops(plan: Plan) -> dict[str, tuple[int, int]]:
    """Return when each container is told to stop, and when it is gone, at the latest, from the end of draining."""

    @functools.cache
    def told(name: str) -> int:
        after = (other for other, container in plan.containers.items() if name in container.depends_on)
        return max((told(other) + plan.containers[other].stop_timeout for other in after), default=0)

    return {name: (told(name), told(name) + one.stop_timeout) for name, one in plan.containers.items()}
