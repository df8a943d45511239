"""What happens when a change is applied: tasks and connections at each moment, how long it takes, and the way back.

Times are in seconds, and the longest that what is written allows. Nothing here knows how long an image takes to be
pulled, or a process to start before its first check.
"""

from __future__ import annotations

import functools
import math
from typing import TYPE_CHECKING

from chuoigen.messages import Message, Texts
from chuoigen.plan.deployment import failures
from chuoigen.record import Record
from chuoigen.review.classes import Class
from chuoigen.review.wayback import way_back

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from chuoigen.plan import Plan
    from chuoigen.resources.network import TargetGroup
    from chuoigen.review.changes import Change
    from chuoigen.review.classes import Both

_say = Texts(__name__)
_ROUNDS = 500
_SCRIPT_WAITS_S = 600
"""How long scripts/deploy.sh waits for a service to be stable."""


class Moment(Record):
    """What runs from a moment on: tasks of the old and of the new revision, connections by backend."""

    at: int
    what: Message
    old: int
    new: int
    connections: Mapping[str, int]


class Timeline(Record):
    """The moments of a deployment. `longest` is its end, None where it never ends.

    `notes` are what is to be known of it, `failed` what a deployment that fails leaves behind, `back` what stands
    against rolling back; empty where it is possible.
    """

    moments: tuple[Moment, ...]
    longest: int | None
    notes: tuple[Message, ...]
    failed: tuple[Message, ...]
    back: tuple[Message, ...]


def timeline(changes: Sequence[Change], both: Both) -> Timeline | None:
    """Return what happens; None where no tasks run before and after, or where the count and the tasks stay."""
    before, after = both.before, both.after
    if not changes or before is None or after is None:
        return None
    if before.plan.service is None or after.plan.service is None:
        return None
    of = {one for change in changes for one in change.classes}
    old, new = before.plan, after.plan
    if Class.RESTART not in of:
        return _in_place(old, new)
    if _named(old) != _named(new):
        return _another(old, new, changes)
    return _replaced(old, new, way_back(changes))


def renewal(plan: Plan) -> Timeline | None:
    """Return what happens when all tasks of a plan are replaced by the same; None without a service."""
    return None if plan.service is None else _replaced(plan, plan, ())


def _replaced(old: Plan, new: Plan, back: tuple[Message, ...]) -> Timeline:
    rolling = _Rolling(old, new)
    moments = tuple(rolling.moments())
    notes = [_starting(rolling.starts), _say("stopping", seconds=rolling.stops)]
    if moments[-1].old or rolling.new < rolling.wanted:
        notes.append(_say("stuck"))
    longest = moments[-1].at if rolling.new == rolling.wanted and not rolling.old else None
    if longest is not None and longest > _SCRIPT_WAITS_S:
        notes.append(_say("script-gives-up", minutes=_SCRIPT_WAITS_S // 60))
    return Timeline(_shortened(moments), longest, tuple(notes), tuple(_failed(new, rolling)), back)


def _named(plan: Plan) -> tuple[str, str]:
    """Return what a service is known by: its cluster and its name."""
    cluster, service = plan.cluster, plan.service
    return cluster.cluster_name if cluster else "", service.service_name if service else ""


def _starting(seconds: int) -> Message:
    return _say("starting" if seconds else "unchecked", seconds=seconds)


def _another(old: Plan, new: Plan, changes: Sequence[Change]) -> Timeline:
    """Return what happens where the service is another one: it starts beside the old one, which stays."""
    rolling = _Rolling(old, new)
    had, wanted = rolling.old, rolling.wanted
    both = _connections(old, new, had, wanted)
    moments = (
        Moment(0, _say("start", count=wanted), had, wanted, both),
        Moment(rolling.starts, _say("done"), had, wanted, both),
    )
    notes = (_starting(rolling.starts), _say("beside"))
    return Timeline(moments, rolling.starts, notes, (_say("old-serves"),), way_back(changes))


def _in_place(old: Plan, new: Plan) -> Timeline | None:
    """Return what a change of the count does; tasks that run stay, or drain."""
    assert old.service is not None  # noqa: S101  the caller has looked
    assert new.service is not None  # noqa: S101  the same
    had, wanted = old.service.desired_count, new.service.desired_count
    if had == wanted or new.autoscaling is not None:
        return None
    rolling = _Rolling(old, new)
    what = _say("more" if wanted > had else "fewer", count=abs(wanted - had))
    seconds = rolling.starts if wanted > had else rolling.stops
    most = max(had, wanted)
    moments = (
        Moment(0, what, most, 0, _connections(new, new, most, 0)),
        Moment(seconds, _say("done"), wanted, 0, _connections(new, new, wanted, 0)),
    )
    return Timeline(moments, seconds, (_say("no-restart"),), (), ())


class _Rolling:
    """ECS's rolling deployment: as many new tasks as the maximum admits, then as few old ones as the minimum does."""

    def __init__(self, old: Plan, new: Plan) -> None:
        self.plans = old, new
        assert old.service is not None  # noqa: S101  the caller has looked
        assert new.service is not None  # noqa: S101  the same
        self.old, self.new, self.at = old.service.desired_count, 0, 0
        # Auto scaling has chosen a count by now, which a deployment leaves; the written one is as good as any.
        self.wanted = self.old if new.autoscaling is not None else new.service.desired_count
        share = new.service.deployment_configuration
        self.least = math.ceil(self.wanted * share.minimum_healthy_percent / 100)
        self.most = math.floor(self.wanted * share.maximum_percent / 100)
        self.starts, self.stops = starting(new), stopping(old)

    def moments(self) -> Iterator[Moment]:
        """Give each moment at which something changes."""
        for _ in range(_ROUNDS):
            started = min(self.wanted - self.new, max(0, self.most - self.old - self.new))
            if started:
                self.new += started
                yield self._moment(_say("start", count=started))
                self.at += self.starts
            stopped = min(self.old, max(0, self.old + self.new - self.least))
            if stopped:
                yield self._moment(_say("drain.healthy" if started else "drain.first", count=stopped))
                self.at += self.stops
                self.old -= stopped
            if not started and not stopped:
                break
        yield self._moment(_say("done"))

    def _moment(self, what: Message) -> Moment:
        return Moment(self.at, what, self.old, self.new, _connections(*self.plans, self.old, self.new))


def _connections(before: Plan, after: Plan, old: int, new: int) -> dict[str, int]:
    """Return the connections of so many tasks of both revisions; those that drain still hold theirs."""
    held: dict[str, int] = {}
    for plan, tasks in ((before, old), (after, new)):
        for name, budget in plan.budgets.items():
            held[name] = held.get(name, 0) + tasks * budget.per_task
    return held


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


def _failed(plan: Plan, rolling: _Rolling) -> Iterator[Message]:
    assert plan.service is not None  # noqa: S101  the caller has looked
    breaker = plan.service.deployment_configuration.deployment_circuit_breaker
    if breaker.enable:
        tries = failures(breaker, rolling.wanted)
        which = _say("fails.in-all" if breaker.reset_on_healthy_task is False else "fails.in-a-row", tries=tries)
        yield _say("fails.back" if breaker.rollback else "fails.stops", which=which)
    else:
        yield _say("fails.for-ever", count=rolling.least)
    alarms = plan.service.deployment_configuration.alarms
    if alarms is not None:
        yield _say("fails.alarms", alarms=alarms.alarm_names)
    yield _say("stays")


def _shortened(moments: tuple[Moment, ...]) -> tuple[Moment, ...]:
    """Return the first moments and the last one of a long deployment."""
    first = 4
    if len(moments) <= first + 2:
        return moments
    between = moments[first]
    rest = between.replaced(what=_say("and-so-on", count=len(moments) - first - 1))
    return (*moments[:first], rest, moments[-1])
