"""When containers start and stop, and how a deployment goes, as long as it may take at most."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuoigen.messages import Texts, verbatim
from chuoigen.overview.rows import Bar
from chuoigen.plan.release import draining, starting, starts, stopping, stops
from chuoigen.report.review_words import clock, events
from chuoigen.review.timeline import renewal

if TYPE_CHECKING:
    from chuoigen.overview.rows import Facts
    from chuoigen.plan import Plan

_say = Texts(__name__)


def start(plan: Plan) -> Facts:
    """Say when each container of a new task begins, and when it is healthy."""
    for name, (begins, ready) in starts(plan).items():
        checked = plan.containers[name].healthcheck is not None
        healthy = (_say("ready", time=clock(ready)), Bar(begins, ready)) if checked else ()
        yield verbatim(name), (_say("begins", time=clock(begins)), *healthy)
    counts = starting(plan)
    yield _say("whole-task"), (_say("counts", time=clock(counts)), Bar(0, counts))


def stop(plan: Plan) -> Facts:
    """Say when each container of a task that goes is told to stop, and when it is gone."""
    delay = draining(plan)
    if delay:
        yield _say("balancer"), (_say("drained", time=clock(delay)), Bar(0, delay))
    for name, (told, gone) in stops(plan).items():
        begin, end = delay + told, delay + gone
        yield verbatim(name), (_say("told", time=clock(begin)), _say("killed", time=clock(end)), Bar(begin, end))
    whole = stopping(plan)
    yield _say("whole-task"), (_say("gone", time=clock(whole)), Bar(0, whole))


def deployment(plan: Plan) -> Facts:
    """Say what happens when all tasks are replaced, and when that fails."""
    happens = renewal(plan)
    if happens is None:
        return
    heading, moments = events(happens)[0]
    yield _say("replaced"), (heading, *moments)
    if happens.failed:
        yield _say("fails"), happens.failed
