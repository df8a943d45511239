"""How a deployment replaces the tasks: what it watches, when it has failed, when it is done."""

from collections.abc import Iterator

from chuoigen.aws import limits
from chuoigen.diagnostics import Severity
from chuoigen.lint.rule import Finding, Rule, Subject
from chuoigen.messages import Texts
from chuoigen.spec.deployment import Deployment
from chuoigen.yaml.document import KeyPath

_say = Texts(__name__)

_DEPLOYMENT: KeyPath = ("service", "deployment")
_ALARMS: KeyPath = (*_DEPLOYMENT, "alarms")


def _written(subject: Subject) -> Deployment | None:
    return subject.spec.service.deployment if subject.spec.service else None


def _alarms(subject: Subject) -> Iterator[Finding]:
    """Report what names no alarm: an ARN, a name that is too long, a name that stands there before."""
    written = _written(subject)
    names = written.alarms if written is not None else []
    for index, name in enumerate(names):
        path, first = (*_ALARMS, index), names.index(name)
        if first < index:
            related = (((*_ALARMS, first), _say("deployment-alarms.note")),)
            yield Finding(path, _say("deployment-alarms.repeated", alarm=name), related=related)
        elif name.startswith("arn:"):
            yield Finding(path, _say("deployment-alarms.arn", alarm=name.rpartition(":alarm:")[2] or name))
        elif not limits.ALARM_NAME_LENGTH.admits(len(name)):
            yield Finding(path, _say("deployment-alarms.length", length=len(name), most=limits.ALARM_NAME_LENGTH.high))


def _threshold(subject: Subject) -> Iterator[Finding]:
    written, path = _written(subject), (*_DEPLOYMENT, "circuit_breaker", "threshold")
    breaker = written.circuit_breaker if written is not None else None
    if breaker is None or breaker.threshold is None:
        return
    threshold = breaker.threshold
    if not breaker.enabled:
        yield Finding(path, _say("breaker-threshold.disabled"), on_key=True)
    elif (threshold.count is None) == (threshold.percent is None):
        variant = "neither" if threshold.count is None else "both"
        yield Finding(path, _say(f"breaker-threshold.{variant}"), on_key=True)
    elif threshold.count is not None and "bounded" in threshold.model_fields_set:
        yield Finding((*path, "bounded"), _say("breaker-threshold.bounded"), on_key=True)


def _early_success(subject: Subject) -> Iterator[Finding]:
    written, path = _written(subject), (*_DEPLOYMENT, "early_success", "healthy_percent")
    if written is None or written.early_success is None:
        return
    share, least = written.early_success.healthy_percent, written.minimum_healthy_percent
    if not limits.EARLY_SUCCESS_PERCENT.admits(share):
        yield Finding(path, _say("early-success.range", value=share, allowed=limits.EARLY_SUCCESS_PERCENT.range))
    elif share < least:
        note = ((*_DEPLOYMENT, "minimum_healthy_percent"), _say("early-success.note", least=least))
        yield Finding(path, _say("early-success.below", value=share, least=least), related=(note,))


RULES: tuple[Rule, ...] = (
    Rule("CG760", "deployment-alarms", Severity.ERROR, _alarms),
    Rule("CG761", "breaker-threshold", Severity.ERROR, _threshold),
    Rule("CG762", "early-success", Severity.ERROR, _early_success),
)
