"""Members of CreateService that hold with others: the rate of a volume, the balance between zones."""

from collections.abc import Iterator

from chuoigen.aws import limits
from chuoigen.diagnostics import Severity
from chuoigen.lint.rule import Finding, Rule, Subject
from chuoigen.messages import Texts

_say = Texts(__name__)


def _initialization(subject: Subject) -> Iterator[Finding]:
    allowed = limits.EBS_INITIALIZATION_RATE
    for name, volume in subject.spec.volumes.items():
        rate = volume.ebs.initialization_rate if volume.ebs is not None else None
        if volume.ebs is None or rate is None:
            continue
        path = ("volumes", name, "ebs", "initialization_rate")
        if volume.ebs.snapshot is None:
            yield Finding(path, _say("ebs-initialization", volume=name), on_key=True)
        elif not allowed.admits(rate):
            yield Finding(path, _say("ebs-initialization.range", volume=name, rate=rate, allowed=allowed.range))


def _rebalancing(subject: Subject) -> Iterator[Finding]:
    service = subject.spec.service
    if service is None or service.availability_zone_rebalancing is not True:
        return
    most = service.deployment.maximum_percent
    if most <= 100:  # noqa: PLR2004  percent
        note = (("service", "deployment", "maximum_percent"), _say("zone-rebalancing.note"))
        path = ("service", "availability_zone_rebalancing")
        yield Finding(path, _say("zone-rebalancing", most=most), related=(note,))


RULES: tuple[Rule, ...] = (
    Rule("CG780", "ebs-initialization", Severity.ERROR, _initialization),
    Rule("CG781", "zone-rebalancing", Severity.ERROR, _rebalancing),
)
