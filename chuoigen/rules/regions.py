"""Where and in which time a service runs: regions and time zones that do not exist."""

import difflib
from collections.abc import Iterable, Iterator

from chuoigen import recipes
from chuoigen.aws import names
from chuoigen.aws.arn import regions
from chuoigen.aws.defaults import TIMEZONE
from chuoigen.aws.names import Kind
from chuoigen.aws.regions import PARTITIONS
from chuoigen.diagnostics import Severity
from chuoigen.lint.each import each, log_mappings
from chuoigen.lint.rule import Finding, Rule, Subject
from chuoigen.messages import Message, Texts
from chuoigen.yaml.document import KeyPath

_say = Texts(__name__)


def _regions(subject: Subject) -> Iterator[tuple[KeyPath, str]]:
    yield ("aws", "region"), subject.spec.aws.region
    for name, container in subject.spec.containers.items():
        for kind, text, key in recipes.of(container.build).names(container.build):
            if kind is Kind.REGION:
                yield ("containers", name, "build", *key), text


def _logged(subject: Subject) -> Iterator[tuple[KeyPath, str]]:
    """Yield the regions to which lines go; one of another form is told that it is not the service's."""
    yield from _regions(subject)
    for path, logs, driver in log_mappings(subject):
        if driver == "awslogs" and "awslogs-region" in logs.options:
            yield (*path, "options", "awslogs-region"), logs.options["awslogs-region"]


@each(_regions)
def _format(path: KeyPath, region: str) -> Iterator[Finding]:
    violation = names.violation(Kind.REGION, region)
    if violation:
        yield Finding(path, _say("region-format", region=region, violation=violation))


@each(_logged)
def _region(path: KeyPath, region: str) -> Iterator[Finding]:
    if region not in regions() and not names.violation(Kind.REGION, region):
        checked = max(partition.checked for partition in PARTITIONS.values())
        yield Finding(path, _unknown("unknown-region", region, regions(), checked))


def _time_zone(subject: Subject) -> Iterator[Finding]:
    zone = subject.spec.timezone
    if zone == TIMEZONE.value:
        return
    from chuoigen.aws.time_zones import CHECKED, TIME_ZONES  # a long list that most runs do without

    if zone not in TIME_ZONES:
        yield Finding(("timezone",), _unknown("unknown-time-zone", zone, TIME_ZONES, CHECKED))


def _unknown(rule: str, name: str, known: Iterable[str], checked: str) -> Message:
    """Say that a name is not listed, and which one was probably meant."""
    by_lower = {name.lower(): name for name in known}
    close = difflib.get_close_matches(name.lower(), by_lower, n=1, cutoff=0.75)
    if close:
        return _say(f"{rule}.close", written=name, meant=by_lower[close[0]])
    return _say(rule, written=name, checked=checked)


RULES: tuple[Rule, ...] = (
    Rule("CG833", "region-format", Severity.ERROR, _format),
    Rule("CG839", "unknown-region", Severity.WARNING, _region),
    Rule("CG840", "unknown-time-zone", Severity.ERROR, _time_zone),
)
