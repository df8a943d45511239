"""Alarms: those that tell nobody, those that never fire, and those that fire all the time."""

from collections.abc import Iterator

from chuoigen.aws import arn
from chuoigen.diagnostics import Severity
from chuoigen.lint.rule import Finding, Rule, Subject
from chuoigen.messages import Key, Texts

_say = Texts(__name__)


def _topic(subject: Subject) -> Iterator[Finding]:
    written = subject.spec.alarms.topic if subject.spec.alarms is not None else None
    if written is None:
        return
    parsed, region = arn.parse(written), subject.spec.aws.region
    if parsed is None or arn.topic(written) is None:
        yield Finding(("alarms", "topic"), _say("topic-format", written=written))
    elif parsed.region != region:
        yield Finding(("alarms", "topic"), _say("topic-format.region", written=parsed.region, region=region))


def _idle(subject: Subject) -> Iterator[Finding]:
    """Find keys that nothing follows from, for want of what the alarm would be about."""
    alarms, service = subject.spec.alarms, subject.spec.service
    if alarms is None:
        return
    if subject.plan.service is None:
        yield Finding(("alarms",), _say("idle-alarm-key.service"), on_key=True)
        return
    scaling = service.autoscaling if service is not None else None
    lacking = (
        ("queue_age", "queue", scaling is None or scaling.queue is None),
        ("errors", "balancer", subject.plan.target_group is None),
        ("kms_key", "topic", alarms.topic is not None),
    )
    for key, variant, idle in lacking:
        if idle and key in alarms.model_fields_set:
            path = ("alarms", key)
            yield Finding(path, _say(f"idle-alarm-key.{variant}", key=Key(path)), on_key=True)


def _within_scaling(subject: Subject) -> Iterator[Finding]:
    alarms, service = subject.spec.alarms, subject.spec.service
    scaling = service.autoscaling if service is not None else None
    for key in ("cpu", "memory") if alarms is not None and scaling is not None else ():
        kept, limit = getattr(scaling, key), getattr(alarms, key)
        if kept is not None and limit <= kept and key not in (alarms.without if alarms is not None else ()):
            note = ((("service", "autoscaling", key), _say("alarm-within-scaling.note")),)
            words = _say("alarm-within-scaling", key=Key(("alarms", key)), limit=limit, kept=kept)
            yield Finding(("alarms", key), words, related=note)


RULES: tuple[Rule, ...] = (
    Rule("CG430", "topic-format", Severity.ERROR, _topic),
    Rule("CG431", "idle-alarm-key", Severity.WARNING, _idle),
    Rule("CG432", "alarm-within-scaling", Severity.WARNING, _within_scaling),
)
