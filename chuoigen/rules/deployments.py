"""What a deployment watches while it replaces the tasks."""

from collections.abc import Iterator

from chuoigen.aws import limits
from chuoigen.diagnostics import Severity
from chuoigen.lint.rule import Finding, Rule, Subject
from chuoigen.messages import Texts
from chuoigen.yaml.document import KeyPath

_say = Texts(__name__)

_ALARMS: KeyPath = ("service", "deployment", "alarms")


def _alarms(subject: Subject) -> Iterator[Finding]:
    """Report what names no alarm: an ARN, a name that is too long, a name that stands there before."""
    names = subject.spec.service.deployment.alarms if subject.spec.service else []
    for index, name in enumerate(names):
        path, first = (*_ALARMS, index), names.index(name)
        if first < index:
            related = (((*_ALARMS, first), _say("deployment-alarms.note")),)
            yield Finding(path, _say("deployment-alarms.repeated", alarm=name), related=related)
        elif name.startswith("arn:"):
            yield Finding(path, _say("deployment-alarms.arn", alarm=name.rpartition(":alarm:")[2] or name))
        elif not limits.ALARM_NAME_LENGTH.admits(len(name)):
            yield Finding(path, _say("deployment-alarms.length", length=len(name), most=limits.ALARM_NAME_LENGTH.high))


RULES: tuple[Rule, ...] = (Rule("CG760", "deployment-alarms", Severity.ERROR, _alarms),)
