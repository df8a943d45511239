"""When containers start and stop, and how a deployment goes, as long as it may take at most."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuoigen.messages import Texts, verbatim
from chuoigen.report.review_words import clock, events
from chuoigen.review.timeline import draining, renewal, starting, starts, stopping, stops

if TYPE_CHECKING:
    from chuoigen.overview.rows import Facts
    from chuoigen.plan import Plan

_say = Texts(__name__)


def start(plan: Plan) -> Facts:
    """Say when each container of a new task begins."""
    for name, (begins, ready) in starts(plan).items():
        checked = plan.containers[name].healthcheck is not None
        times = (_say("begins", time=clock(begins)), *((_say("ready", time=clock(ready)),) if checked else ()))
        yield verbatim(name), times
    yield _say("whole-task"), (_say("counts", time=clock(starting(plan))),)


def stop(plan: Plan) -> Facts:
    """Say when each container of a task that goes is told to stop."""
    delay = draining(plan)
    if delay:
        yield _say("balancer"), (_say("drained", time=clock(delay)),)
    for name, (told, gone) in stops(plan).items():
        yield verbatim(name), (_say("told", time=clock(delay + told)), _say("killed", time=clock(delay + gone)))
    yield _say("whole-task"), (_say("gone", time=clock(stopping(plan))),)


def deployment(plan: Plan) -> Facts:
    """Say what happens when all tasks are replaced, and when that fails."""
    happens = renewal(plan)
    if happens is None:
        return
    (heading, moments), *others = events(happens)
    yield _say("replaced"), (heading, *moments)
    if happens.failed:
        yield others[0][0], happens.failed
