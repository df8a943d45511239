"""The load balancer: its target, its health checks and timeouts, who may reach it and what it may reach."""

import difflib
import re
from collections.abc import Iterator

from chuoigen import recipes
from chuoigen.aws import arn, limits, names
from chuoigen.diagnostics import Severity
from chuoigen.lint.rule import Finding, Rule, Subject
from chuoigen.messages import Key, Texts
from chuoigen.plan.network import ALB, INTERNET, ports_of
from chuoigen.spec import Spec
from chuoigen.spec.network import WrittenHealth
from chuoigen.yaml.document import KeyPath

_say = Texts(__name__)

_BALANCER: KeyPath = ("load_balancer",)
_TARGET: KeyPath = ("load_balancer", "target")
_CHECK: KeyPath = ("load_balancer", "healthcheck")
_HTTPS = 443
_SETTINGS = {"idle_timeout": limits.ALB_IDLE_TIMEOUT_S, "deregistration_delay": limits.DEREGISTRATION_DELAY_S}
_CHECK_SETTINGS = {
    "interval": limits.TARGET_HEALTH_INTERVAL_S,
    "timeout": limits.TARGET_HEALTH_TIMEOUT_S,
    "healthy": limits.TARGET_HEALTH_THRESHOLD,
    "unhealthy": limits.TARGET_HEALTH_THRESHOLD,
}


def _check(subject: Subject) -> WrittenHealth | None:
    return subject.spec.load_balancer.healthcheck if subject.spec.load_balancer else None


def _unknown_target(subject: Subject) -> Iterator[Finding]:
    balancer, containers = subject.spec.load_balancer, tuple(subject.spec.containers)
    if balancer is not None and balancer.target not in containers:
        choice = tuple(difflib.get_close_matches(balancer.target, containers, 1)) or containers
        rule = "unknown-target" if choice else "unknown-target.none"
        yield Finding(_TARGET, _say(rule, target=balancer.target, choice=choice))


def _target_port(subject: Subject) -> Iterator[Finding]:
    balancer = subject.spec.load_balancer
    target = subject.spec.containers.get(balancer.target) if balancer else None
    if balancer is None or target is None:
        return
    ports = tuple(port.container for port in target.ports if port.protocol == "tcp")
    related = ((("containers", balancer.target), _say("target-without-port.note")),)
    if not ports and recipes.of(target.build).needs_port:
        return  # which its recipe reports
    if not ports:
        yield Finding(_TARGET, _say("target-without-port.none", target=balancer.target), related=related)
    elif balancer.port is not None and balancer.port not in ports:
        message = _say("target-without-port.other", target=balancer.target, port=balancer.port, declared=ports)
        yield Finding(("load_balancer", "port"), message, related=related)


def _unreachable_target(subject: Subject) -> Iterator[Finding]:
    balancer, network, plan = subject.spec.load_balancer, subject.spec.network, subject.plan.target_group
    target = subject.spec.containers.get(balancer.target) if balancer else None
    if balancer is None or network is None or plan is None or target is None or _joined(subject, "service"):
        return
    listening = {port.container for port in target.ports if port.protocol == "tcp"}
    flows = [allow for allow in network.allow if allow.source == ALB and allow.target == balancer.target]
    if (
        plan.port in listening
        and not _misspelt(subject)
        and not any(plan.port in ports_of(subject.spec, allow) for allow in flows)
    ):
        message = _say("unreachable-target", target=balancer.target, port=plan.port)
        yield Finding(_TARGET, message, related=((("network", "allow"), _say("unreachable-target.note")),))


def _unreachable_check(subject: Subject) -> Iterator[Finding]:
    """Report a health check whose port no container declares, or no flow from the load balancer opens."""
    check, network, spec = _check(subject), subject.spec.network, subject.spec
    if check is None or check.port is None or network is None:
        return
    path, listens = (*_CHECK, "port"), _listens(spec, check.port)
    if not limits.PORT.admits(check.port):
        yield Finding(path, _say("unreachable-target-check.range", port=check.port, allowed=limits.PORT.range))
    elif not listens:
        yield Finding(path, _say("unreachable-target-check.undeclared", port=check.port))
    elif not _joined(subject, "service") and not _misspelt(subject) and _refused(spec, check.port, listens):
        message = _say("unreachable-target-check.closed", port=check.port, target=listens[0])
        yield Finding(path, message, related=((("network", "allow"), _say("unreachable-target.note")),))


def _listens(spec: Spec, port: int) -> tuple[str, ...]:
    """Return the containers that declare the port: those of a task share its address."""
    return tuple(
        name
        for name, container in spec.containers.items()
        if any(each.container == port and each.protocol == "tcp" for each in container.ports)
    )


def _refused(spec: Spec, port: int, listens: tuple[str, ...]) -> bool:
    flows = spec.network.allow if spec.network else ()
    return not any(allow.source == ALB and allow.target in listens and port in ports_of(spec, allow) for allow in flows)


def _joined(subject: Subject, role: str) -> bool:
    """Say whether a group exists already: its rules are then not this spec's."""
    groups = subject.spec.network.security_groups if subject.spec.network else None
    return (getattr(groups, role, None) or "").startswith("sg-")


def _misspelt(subject: Subject) -> bool:
    """Say whether an end of an allowed flow is not defined: it may be the flow that seems to be missing."""
    targets = {ALB, *subject.spec.containers, *subject.spec.backends}
    sources = {INTERNET, ALB, *subject.spec.containers}
    return any(
        allow.target not in targets or not (allow.source in sources or re.search(r"^sg-|/|^[\d.]+$|:", allow.source))
        for allow in (subject.spec.network.allow if subject.spec.network else ())
    )


def _https(subject: Subject) -> Iterator[Finding]:
    balancer, network = subject.spec.load_balancer, subject.spec.network
    if balancer is None or network is None or balancer.certificate is not None:
        return
    for index, allow in enumerate(network.allow):
        if allow.target == ALB and _HTTPS in (allow.ports or ()):
            path = ("network", "allow", index, "ports", (allow.ports or []).index(_HTTPS))
            related = ((_BALANCER, _say("https-without-certificate.note")),)
            yield Finding(path, _say("https-without-certificate"), related=related)


def _closed(subject: Subject) -> Iterator[Finding]:
    """Report flows to the load balancer that are missing: all of them, or HTTPS."""
    balancer, network = subject.spec.load_balancer, subject.spec.network
    if balancer is None or network is None or _joined(subject, "alb") or _misspelt(subject):
        return
    ports = {port for allow in network.allow if allow.target == ALB for port in ports_of(subject.spec, allow)}
    if not ports:
        variant = "both" if balancer.certificate else "http"
        yield Finding(_BALANCER, _say(f"closed-balancer.{variant}"), on_key=True)
    elif balancer.certificate is not None and _HTTPS not in ports:
        yield Finding(("load_balancer", "certificate"), _say("closed-balancer.https"), on_key=True)


def _certificate(subject: Subject) -> Iterator[Finding]:
    balancer, aws = subject.spec.load_balancer, subject.spec.aws
    if balancer is None or balancer.certificate is None:
        return
    path, written = ("load_balancer", "certificate"), balancer.certificate
    violation, parsed = names.violation(names.Kind.CERTIFICATE_ARN, written), arn.parse(written)
    if violation:
        yield Finding(path, _say("unusable-certificate.format", certificate=written, violation=violation))
    elif parsed is None:
        return
    elif parsed.region not in ("", aws.region) and not names.violation(names.Kind.REGION, aws.region):
        yield Finding(path, _say("unusable-certificate.region", region=parsed.region, wanted=aws.region))
    elif parsed.account != aws.account and not names.violation(names.Kind.ACCOUNT_ID, aws.account):
        yield Finding(path, _say("unusable-certificate.account", account=parsed.account, wanted=aws.account))


def _subnets(subject: Subject) -> Iterator[Finding]:
    balancer, network, service = subject.spec.load_balancer, subject.spec.network, subject.spec.service
    if balancer is None or network is None:
        return
    kind, variant = ("private", "internal") if balancer.internal else ("public", "internet-facing")
    count = len(getattr(network.subnets, kind))
    tasks_too = count == 0 and (service is not None and service.assign_public_ip) == (kind == "public")
    if count < limits.ALB_SUBNETS_MIN and not tasks_too:
        message = _say(f"too-few-balancer-subnets.{variant}", count=count, min=limits.ALB_SUBNETS_MIN)
        related = ((_BALANCER, _say("too-few-balancer-subnets.note")),)
        yield Finding(("network", "subnets", kind), message, on_key=True, related=related)


def _out_of_range(subject: Subject) -> Iterator[Finding]:
    for path, settings, written in (
        (_BALANCER, _SETTINGS, subject.spec.load_balancer),
        (_CHECK, _CHECK_SETTINGS, _check(subject)),
    ):
        for key, limit in settings.items():
            value, where = getattr(written, key, None), (*path, key)
            if value is not None and not limit.admits(value):
                message = _say("balancer-setting-out-of-range", key=Key(where), value=value, allowed=limit.range)
                yield Finding(where, message)


def _slow_check(subject: Subject) -> Iterator[Finding]:
    check = _check(subject)
    if check is not None and check.timeout >= check.interval and limits.TARGET_HEALTH_TIMEOUT_S.admits(check.timeout):
        message = _say("overlapping-target-checks", timeout=check.timeout, interval=check.interval)
        yield Finding((*_CHECK, "timeout"), message)


def _matcher(subject: Subject) -> Iterator[Finding]:
    check = _check(subject)
    if check is None:
        return
    limit = limits.MATCHER_CODE
    codes = [int(code) for code in re.findall(r"\d{1,9}", check.matcher)]
    formed = re.fullmatch(r"\d{3}(?:-\d{3}|(?:,\d{3})*)", check.matcher, re.ASCII)
    if not formed or not all(limit.admits(code) for code in codes) or ("-" in check.matcher and codes != sorted(codes)):
        message = _say("status-code-format", matcher=check.matcher, low=limit.low, high=limit.high)
        yield Finding((*_CHECK, "matcher"), message)


def _path_format(subject: Subject) -> Iterator[Finding]:
    check = _check(subject)
    violation = names.violation(names.Kind.HEALTH_CHECK_PATH, check.path) if check else None
    if check is not None and violation:
        message = _say("target-path-format", path=check.path, violation=violation)
        yield Finding((*_CHECK, "path"), message)


def _non_essential(subject: Subject) -> Iterator[Finding]:
    balancer = subject.spec.load_balancer
    target = subject.spec.containers.get(balancer.target) if balancer else None
    if balancer is not None and target is not None and not target.essential:
        path, related = ("containers", balancer.target, "essential"), ((_TARGET, _say("non-essential-target.note")),)
        yield Finding(path, _say("non-essential-target", target=balancer.target), related=related)


RULES: tuple[Rule, ...] = (
    Rule("CG720", "unknown-target", Severity.ERROR, _unknown_target),
    Rule("CG721", "target-without-port", Severity.ERROR, _target_port),
    Rule("CG722", "unreachable-target", Severity.ERROR, _unreachable_target),
    Rule("CG723", "https-without-certificate", Severity.ERROR, _https),
    Rule("CG724", "closed-balancer", Severity.ERROR, _closed),
    Rule("CG725", "unusable-certificate", Severity.ERROR, _certificate),
    Rule("CG726", "too-few-balancer-subnets", Severity.ERROR, _subnets),
    Rule("CG727", "balancer-setting-out-of-range", Severity.ERROR, _out_of_range),
    Rule("CG728", "overlapping-target-checks", Severity.ERROR, _slow_check),
    Rule("CG729", "status-code-format", Severity.ERROR, _matcher),
    Rule("CG730", "target-path-format", Severity.ERROR, _path_format),
    Rule("CG732", "non-essential-target", Severity.WARNING, _non_essential),
    Rule("CG741", "unreachable-target-check", Severity.ERROR, _unreachable_check),
)
