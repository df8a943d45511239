"""Things that are there already, named by their ARNs: in the account and region of the spec, and never changed."""

from collections.abc import Iterator

from chuoigen.aws import arn
from chuoigen.diagnostics import Severity
from chuoigen.lint.rule import Finding, Rule, Subject
from chuoigen.messages import Texts
from chuoigen.spec.runtime import Logs
from chuoigen.yaml.document import KeyPath

_say = Texts(__name__)


def _logs(subject: Subject) -> Iterator[tuple[KeyPath, Logs]]:
    if subject.spec.logs is not None:
        yield ("logs",), subject.spec.logs
    for name, container in subject.spec.containers.items():
        if container.logs is not None:
            yield ("containers", name, "logs"), container.logs


def _named(subject: Subject) -> Iterator[tuple[KeyPath, str]]:
    """Yield what may be named by an ARN and is used under its name, in the place where the service is."""
    service = subject.spec.service
    if service is not None and service.cluster is not None:
        yield ("service", "cluster"), service.cluster
    for path, logs in _logs(subject):
        if logs.group is not None:
            yield (*path, "group"), logs.group
    if subject.spec.service_connect is not None:
        yield ("service_connect", "namespace"), subject.spec.service_connect.namespace
    if subject.spec.discovery is not None:
        for key in ("namespace", "service"):
            yield ("discovery", key), getattr(subject.spec.discovery, key) or ""


def _elsewhere(subject: Subject) -> Iterator[Finding]:
    place = (subject.spec.aws.region, subject.spec.aws.account)
    for path, written in _named(subject):
        parsed = arn.parse(written)
        if parsed is not None and (parsed.region, parsed.account) != place:
            words = _say("existing-elsewhere", region=parsed.region, account=parsed.account)
            yield Finding(path, words)


def _retention(subject: Subject) -> Iterator[Finding]:
    for path, logs in _logs(subject):
        if logs.retention is not None and arn.log_group(logs.group or "") is not None:
            yield Finding((*path, "retention"), _say("retention-of-existing-group"))


RULES: tuple[Rule, ...] = (
    Rule("CG874", "existing-elsewhere", Severity.ERROR, _elsewhere),
    Rule("CG875", "retention-of-existing-group", Severity.WARNING, _retention),
)
