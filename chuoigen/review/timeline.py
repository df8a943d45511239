"""What happens when a change is applied: tasks and connections at each moment, how long it takes, and the way back.

Times are in seconds, and the longest that what is written allows. Nothing here knows how long an image takes to be
pulled, or a process to start before its first check.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from chuoigen.messages import Message, Texts
from chuoigen.plan import release
from chuoigen.plan.deployment import failures
from chuoigen.plan.release import starting, stopping
from chuoigen.record import Record
from chuoigen.review.before import jobs_before, seconds_before
from chuoigen.review.classes import Class
from chuoigen.review.moment import Moment
from chuoigen.review.wayback import way_back

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chuoigen.plan import Plan
    from chuoigen.review.changes import Change
    from chuoigen.review.classes import Both
    from chuoigen.review.side import Side

_say = Texts(__name__)
_ROUNDS = 500
_SCRIPT_WAITS_S = 600
"""How long scripts/deploy.sh waits for a service to be stable."""


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
    if not _is_known(before) or not _is_known(after):
        return None
    of = {one for change in changes for one in change.classes}
    old, new = before.plan, after.plan
    if Class.RESTART not in of:
        return _in_place(old, new)
    if _named(old) != _named(new):
        return _behind_jobs(_another(old, new, way_back(changes, both)), old, new)
    return _behind_jobs(_replaced(old, new, way_back(changes, both)), old, new)


def _is_known(side: Side) -> bool:
    """Say whether it is known how many tasks run, and how long their load balancer checks and drains them."""
    service = side.plan.service
    return side.counted and not (service is not None and service.load_balancers and not side.plan.target_groups)


def renewal(plan: Plan) -> Timeline | None:
    """Return what happens when all tasks of a plan are replaced by the same; None without a service."""
    return None if plan.service is None else _behind_jobs(_replaced(plan, plan, ()), plan, plan)


def _behind_jobs(found: Timeline, old: Plan, new: Plan) -> Timeline:
    """Return a deployment behind the jobs that scripts/deploy.sh runs first."""
    jobs, later = tuple(jobs_before(old, new)), seconds_before(new)
    moments = (moment.replaced(at=moment.at + later) for moment in found.moments)
    longest = None if found.longest is None else found.longest + later
    return found.replaced(moments=(*jobs, *moments), longest=longest)


def _replaced(old: Plan, new: Plan, back: tuple[Message, ...]) -> Timeline:
    if new.service is not None and new.service.deployment_configuration.shifts:
        return _shifting(old, new, back)
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


def _another(old: Plan, new: Plan, back: tuple[Message, ...]) -> Timeline:
    """Return what happens where the service is another one: it starts beside the old one, which stays."""
    rolling = _Rolling(old, new)
    had, wanted = rolling.old, rolling.wanted
    both = _connections(old, new, had, wanted)
    moments = (
        Moment(0, _say("start", count=wanted), had, wanted, both),
        Moment(rolling.starts, _say("done"), had, wanted, both),
    )
    notes = (_starting(rolling.starts), _say("beside"))
    return Timeline(moments, rolling.starts, notes, (_say("old-serves"),), back)


def _shifting(old: Plan, new: Plan, back: tuple[Message, ...]) -> Timeline:
    """Return what happens where all new tasks run beside the old ones, and traffic moves."""
    assert old.service is not None  # noqa: S101  the caller has looked
    assert new.service is not None  # noqa: S101  the same
    rolling = _Rolling(old, new)
    found = release.stages(new, rolling.old, rolling.wanted)
    moments = tuple(
        Moment(stage.at, stage.what, stage.old, stage.new, _connections(old, new, stage.old, stage.new))
        for stage in found
    )
    notes = [
        _starting(rolling.starts),
        _say("stopping", seconds=rolling.stops),
        *release.notes(new, seconds_before(new)),
    ]
    if new.load_balancer is not None and not old.service.deployment_configuration.shifts:
        notes.append(_say("first-rolling"))
    return Timeline(moments, moments[-1].at, tuple(notes), (_say("stays"),), back)


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
