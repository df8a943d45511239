"""What a spec asks of an image against what is inside: tools of health checks, HOSTNAME, time zones, ports."""

import json
import re
from collections.abc import Iterator

from chuoigen.aws import defaults
from chuoigen.diagnostics import Severity
from chuoigen.lint.rule import Answering, Finding, Rule, Subject, answering
from chuoigen.messages import Key, Texts
from chuoigen.recipes.inside import CURL, SHELL, WGET, ZONES, Inside

_say = Texts(__name__)
_CLIENTS = (CURL, WGET)
_HOSTNAME = "HOSTNAME"
_TIME_ZONE = "TZ"


def _known(subject: Subject) -> Iterator[tuple[Answering, Inside]]:
    """Yield the containers of whose image something is known that no recipe of chuoigen wrote."""
    for asked in answering(subject, built=False):
        inside = asked.recipe.inside(asked.plan, asked.made)
        if inside is not None and inside.image:
            yield asked, inside


def _without_tool(subject: Subject) -> Iterator[Finding]:
    for asked, inside in _known(subject):
        written, check = asked.container.healthcheck, asked.plan.healthcheck
        if written is None or check is None:
            continue
        script = check.command[:1] == ("CMD-SHELL",)
        words = check.command[1:] if script else check.command[1:2]
        called = tuple(tool for tool in _CLIENTS if any(re.search(rf"(?:^|[\s/;&|(]){tool}\b", word) for word in words))
        lacking = "shell" if script and inside.lacks(SHELL) else "client" if called and inside.lacks(*called) else None
        if lacking is not None:
            kind = "dockerfile" if asked.plan.build is not None else "check" if inside.check else "image"
            message = _say(
                f"check-without-tool.{lacking}.{kind}",
                container=asked.name, image=inside.image, called=called, check=json.dumps(inside.check),
            )  # fmt: skip
            yield Finding(("containers", asked.name, "healthcheck", "http" if written.http else "command"), message)


def _hostname(subject: Subject) -> Iterator[Finding]:
    for asked, inside in _known(subject):
        if _HOSTNAME in inside.environment and _HOSTNAME not in asked.plan.environment:
            value = inside.environment[_HOSTNAME]
            words = _say("replaced-hostname", container=asked.name, value=value)
            yield Finding((*asked.path, "dockerfile"), words)


def _time_zone(subject: Subject) -> Iterator[Finding]:
    zone = subject.spec.timezone
    for asked, inside in _known(subject):
        variable = asked.container.environment.get(_TIME_ZONE)
        wanted = variable.value if variable is not None else zone
        if wanted in (None, "", defaults.TIMEZONE.value) or not inside.lacks(ZONES):
            continue
        path = ("containers", asked.name, "environment", _TIME_ZONE) if variable is not None else ("timezone",)
        kind = "dockerfile" if asked.plan.build is not None else "image"
        words = _say(f"time-zone-without-data.{kind}", zone=wanted, container=asked.name, image=inside.image)
        yield Finding(path, words)


def _exposed(subject: Subject) -> Iterator[Finding]:
    for asked, inside in _known(subject):
        written = {port.number for port in asked.plan.ports if port.protocol == "tcp"}
        if written and inside.ports and written.isdisjoint(inside.ports):
            ports = tuple(sorted(written))
            words = _say("exposed-port-differs", container=asked.name, exposed=inside.ports, ports=ports)
            yield Finding(("containers", asked.name, "ports"), words, on_key=True)


def _own_check(subject: Subject) -> Iterator[Finding]:
    for asked, inside in _known(subject):
        if inside.own_check and asked.container.healthcheck is None:
            key = Key(("containers", asked.name, "healthcheck"))
            yield Finding((*asked.path, "dockerfile"), _say("ignored-image-check", container=asked.name, key=key))


RULES: tuple[Rule, ...] = (
    Rule("CG310", "exposed-port-differs", Severity.WARNING, _exposed),
    Rule("CG516", "check-without-tool", Severity.WARNING, _without_tool),
    Rule("CG517", "ignored-image-check", Severity.INFO, _own_check),
    Rule("CG666", "replaced-hostname", Severity.WARNING, _hostname),
    Rule("CG667", "time-zone-without-data", Severity.WARNING, _time_zone),
)
