"""Scaling by queue, by metrics of one's own and by the clock."""

import re
from collections.abc import Iterator

from chuoigen.aws import limits
from chuoigen.diagnostics import Severity
from chuoigen.lint.each import each
from chuoigen.lint.rule import Finding, Rule, Subject
from chuoigen.messages import Message, Texts
from chuoigen.plan.schedule_expression import fault_of
from chuoigen.spec.scaling import Autoscaling, ScheduledCount
from chuoigen.yaml.document import KeyPath

_say = Texts(__name__)
_SCALING: KeyPath = ("service", "autoscaling")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_KINDS = ("cron", "rate", "at")


def _autoscaling(subject: Subject) -> Autoscaling | None:
    return subject.spec.service.autoscaling if subject.spec.service else None


def _actions(subject: Subject) -> Iterator[tuple[KeyPath, ScheduledCount, Autoscaling]]:
    scaling = _autoscaling(subject)
    if scaling is not None:
        for name, action in scaling.schedule.items():
            yield (*_SCALING, "schedule", name), action, scaling


def _names(subject: Subject) -> Iterator[Finding]:
    scaling = _autoscaling(subject)
    if scaling is None:
        return
    for section, named in (("metrics", scaling.metrics), ("schedule", scaling.schedule)):
        for name in named:
            if not _NAME.fullmatch(name):
                yield Finding((*_SCALING, section, name), _say("scaling-name", name=name), on_key=True)


@each(_actions)
def _when(path: KeyPath, action: ScheduledCount, _: Autoscaling) -> Iterator[Finding]:
    written = [kind for kind in _KINDS if getattr(action, kind) is not None]
    if len(written) != 1:
        yield Finding(path, _say("schedule-time", count=len(written)), on_key=True)
        return
    (kind,) = written
    fault = fault_of(f"{kind}({getattr(action, kind)})")
    # Whether Application Auto Scaling wants a ? among the days, as EventBridge Scheduler does, is not documented.
    if fault is not None and fault.kind != "days":
        yield Finding((*path, kind), _say(f"schedule-time.{kind}", value=getattr(action, kind)))
    if action.timezone is not None and kind == "rate":
        yield Finding((*path, "timezone"), _say("schedule-time.idle-zone"), on_key=True)
    elif action.timezone is not None:
        from chuoigen.aws.time_zones import TIME_ZONES  # a long list that most runs do without

        if action.timezone not in TIME_ZONES:
            yield Finding((*path, "timezone"), _say("schedule-time.zone", zone=action.timezone))


@each(_actions)
def _bounds(path: KeyPath, action: ScheduledCount, scaling: Autoscaling) -> Iterator[Finding]:
    allowed, found = limits.AUTOSCALING_CAPACITY, False
    for key, value in (("min", action.min), ("max", action.max)):
        if value is not None and not allowed.admits(value):
            found = True
            yield Finding((*path, key), _say("schedule-bounds.range", value=value, allowed=allowed.range))
    if action.min is None and action.max is None:
        yield Finding(path, _say("schedule-bounds.none"), on_key=True)
    elif not found:
        yield from (Finding((*path, key), words) for key, words in _swapped(action, scaling))


def _swapped(action: ScheduledCount, scaling: Autoscaling) -> Iterator[tuple[str, Message]]:
    """Give a bound that is on the wrong side of the other one: of the action's own, else of the service's."""
    fewest = scaling.min if action.min is None else action.min
    most = scaling.max if action.max is None else action.max
    if fewest > most:
        yield "min" if action.min is not None else "max", _say("schedule-bounds", min=fewest, max=most)


def _queue_name(subject: Subject) -> Iterator[Finding]:
    scaling = _autoscaling(subject)
    if scaling is None or scaling.queue is None:
        return
    path, name = (*_SCALING, "queue", "name"), scaling.queue.name
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,80}|[A-Za-z0-9_-]{1,75}[.]fifo", name):
        yield Finding(path, _say("queue-name", name=name))


RULES: tuple[Rule, ...] = (
    Rule("CG782", "scaling-name", Severity.ERROR, _names),
    Rule("CG783", "schedule-time", Severity.ERROR, _when),
    Rule("CG784", "schedule-bounds", Severity.ERROR, _bounds),
    Rule("CG785", "queue-name", Severity.ERROR, _queue_name),
)
