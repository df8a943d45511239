"""The load balancer: its target, its health checks and timeouts, who may reach it and what it may reach."""

import difflib
import re
from collections.abc import Iterator

from chuoigen import recipes
from chuoigen.aws import arn, limits, names
from chuoigen.aws.limits import Limit
from chuoigen.diagnostics import Severity
from chuoigen.lint.rule import Finding, Rule, Subject
from chuoigen.messages import Key, Texts
from chuoigen.plan import targets
from chuoigen.plan.network import ALB, INTERNET, ports_of
from chuoigen.spec import Spec
from chuoigen.spec.balancer import Balanced, WrittenHealth
from chuoigen.yaml.document import KeyPath

_say = Texts(__name__)

_BALANCER: KeyPath = ("load_balancer",)
_HTTPS = 443
_CHECK_SETTINGS = {
    "interval": limits.TARGET_HEALTH_INTERVAL_S,
    "timeout": limits.TARGET_HEALTH_TIMEOUT_S,
    "healthy": limits.TARGET_HEALTH_THRESHOLD,
    "unhealthy": limits.TARGET_HEALTH_THRESHOLD,
}


Each = tuple[KeyPath, str, Balanced]
"""A target: where the spec says it, the container behind it, and what is said."""


def _targets(subject: Subject) -> Iterator[Each]:
    balancer = subject.spec.load_balancer
    if balancer is not None:
        for name in targets.names(balancer):
            yield targets.path(balancer, name), targets.container(balancer, name), targets.written(balancer, name)


def _checks(subject: Subject) -> Iterator[tuple[KeyPath, WrittenHealth, Balanced]]:
    for path, _, target in _targets(subject):
        if target.healthcheck is not None:
            yield (*path, "healthcheck"), target.healthcheck, target


def _named(subject: Subject) -> Iterator[Each]:
    """Yield each target, at the place that names its container."""
    balancer = subject.spec.load_balancer
    if balancer is not None:
        for name in targets.names(balancer):
            path = targets.container_path(balancer, name)
            yield path, targets.container(balancer, name), targets.written(balancer, name)


def _unknown_target(subject: Subject) -> Iterator[Finding]:
    containers = tuple(subject.spec.containers)
    for path, name, _ in _named(subject):
        if name not in containers:
            choice = tuple(difflib.get_close_matches(name, containers, 1)) or containers
            rule = "unknown-target" if choice else "unknown-target.none"
            yield Finding(path, _say(rule, target=name, choice=choice), on_key=path[-1] not in ("target", "container"))


def _target_port(subject: Subject) -> Iterator[Finding]:
    for (path, name, target), (above, _, _) in zip(_named(subject), _targets(subject), strict=True):
        container = subject.spec.containers.get(name)
        ports = tuple(port.container for port in container.ports if port.protocol == "tcp") if container else ()
        if container is None or (not ports and recipes.of(container.build).needs_port):
            continue  # which another rule reports, or its recipe
        related = ((("containers", name), _say("target-without-port.note")),)
        if not ports:
            yield Finding(path, _say("target-without-port.none", target=name), related=related)
        elif target.port is not None and target.port not in ports:
            message = _say("target-without-port.other", target=name, port=target.port, declared=ports)
            yield Finding((*above, "port"), message, related=related)


def _unreachable_target(subject: Subject) -> Iterator[Finding]:
    balancer, network = subject.spec.load_balancer, subject.spec.network
    if balancer is None or network is None or _joined(subject, "service") or _misspelt(subject):
        return
    for name in targets.names(balancer):
        container, port = targets.container(balancer, name), targets.port(subject.spec, balancer, name)
        flows = [allow for allow in network.allow if allow.source == ALB and allow.target == container]
        if port in _tcp(subject.spec, container) and not any(port in ports_of(subject.spec, one) for one in flows):
            message = _say("unreachable-target", target=container, port=port)
            note = (("network", "allow"), _say("unreachable-target.note"))
            yield Finding(targets.container_path(balancer, name), message, related=(note,))


def _tcp(spec: Spec, name: str) -> set[int]:
    container = spec.containers.get(name)
    return {port.container for port in container.ports if port.protocol == "tcp"} if container is not None else set()


def _unreachable_check(subject: Subject) -> Iterator[Finding]:
    """Report a health check whose port no container declares, or no flow from the load balancer opens."""
    spec = subject.spec
    for above, check, _ in _checks(subject) if spec.network is not None else ():
        if check.port is None:
            continue
        path, listens = (*above, "port"), _listens(spec, check.port)
        if not limits.PORT.admits(check.port):
            yield Finding(path, _say("unreachable-target-check.range", port=check.port, allowed=limits.PORT.range))
        elif not listens:
            yield Finding(path, _say("unreachable-target-check.undeclared", port=check.port))
        elif not _joined(subject, "service") and not _misspelt(subject) and _refused(spec, check.port, listens):
            message = _say("unreachable-target-check.closed", port=check.port, target=listens[0])
            yield Finding(path, message, related=((("network", "allow"), _say("unreachable-target.note")),))


def _listens(spec: Spec, port: int) -> tuple[str, ...]:
    """Return the containers that declare the port: those of a task share its address."""
    return tuple(name for name in spec.containers if port in _tcp(spec, name))


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
    if balancer is None or network is None or balancer.certificate is not None or balancer.listener is not None:
        return
    for index, allow in enumerate(network.allow):
        if allow.target == ALB and _HTTPS in (allow.ports or ()):
            path = ("network", "allow", index, "ports", (allow.ports or []).index(_HTTPS))
            related = ((_BALANCER, _say("https-without-certificate.note")),)
            yield Finding(path, _say("https-without-certificate"), related=related)


def _closed(subject: Subject) -> Iterator[Finding]:
    """Report flows to the load balancer that are missing: all of them, or HTTPS."""
    balancer, network = subject.spec.load_balancer, subject.spec.network
    given = balancer is not None and balancer.listener is not None
    if balancer is None or network is None or given or _joined(subject, "alb") or _misspelt(subject):
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
    if balancer is None or network is None or balancer.listener is not None:
        return
    kind, variant = ("private", "internal") if balancer.internal else ("public", "internet-facing")
    count = len(getattr(network.subnets, kind))
    tasks_too = count == 0 and (service is not None and service.assign_public_ip) == (kind == "public")
    if count < limits.ALB_SUBNETS_MIN and not tasks_too:
        message = _say(f"too-few-balancer-subnets.{variant}", count=count, min=limits.ALB_SUBNETS_MIN)
        related = ((_BALANCER, _say("too-few-balancer-subnets.note")),)
        yield Finding(("network", "subnets", kind), message, on_key=True, related=related)


def _ranges(subject: Subject) -> Iterator[tuple[KeyPath, Limit, int | None]]:
    """Yield each number with what Elastic Load Balancing takes; None where it is not written."""
    balancer = subject.spec.load_balancer
    if balancer is not None:
        yield (*_BALANCER, "idle_timeout"), limits.ALB_IDLE_TIMEOUT_S, balancer.idle_timeout
    for path, _, target in _targets(subject):
        yield (*path, "deregistration_delay"), limits.DEREGISTRATION_DELAY_S, target.deregistration_delay
        yield (*path, "slow_start"), limits.SLOW_START_S, target.slow_start or None
        if target.sticky is not None:
            yield (*path, "sticky", "duration"), limits.STICKY_DURATION_S, target.sticky.duration
    for path, check, _ in _checks(subject):
        for key, limit in _CHECK_SETTINGS.items():
            yield (*path, key), limit, getattr(check, key)


def _out_of_range(subject: Subject) -> Iterator[Finding]:
    for where, limit, value in _ranges(subject):
        if value is not None and not limit.admits(value):
            message = _say("balancer-setting-out-of-range", key=Key(where), value=value, allowed=limit.range)
            yield Finding(where, message)


def _slow_check(subject: Subject) -> Iterator[Finding]:
    for path, check, _ in _checks(subject):
        if check.timeout >= check.interval and limits.TARGET_HEALTH_TIMEOUT_S.admits(check.timeout):
            message = _say("overlapping-target-checks", timeout=check.timeout, interval=check.interval)
            yield Finding((*path, "timeout"), message)


def _matcher(subject: Subject) -> Iterator[Finding]:
    for path, check, target in _checks(subject):
        grpc, matcher = target.protocol == "grpc", check.matcher
        if matcher is None:
            continue
        limit, digits = (limits.GRPC_CODE, r"\d{1,2}") if grpc else (limits.MATCHER_CODE, r"\d{3}")
        codes = [int(code) for code in re.findall(r"\d{1,9}", matcher)]
        formed = re.fullmatch(rf"{digits}(?:-{digits}|(?:,{digits})*)", matcher, re.ASCII)
        if not formed or not all(map(limit.admits, codes)) or ("-" in matcher and codes != sorted(codes)):
            variant = "status-code-format.grpc" if grpc else "status-code-format"
            message = _say(variant, matcher=matcher, low=limit.low, high=limit.high)
            yield Finding((*path, "matcher"), message)


def _path_format(subject: Subject) -> Iterator[Finding]:
    for path, check, _ in _checks(subject):
        violation = names.violation(names.Kind.HEALTH_CHECK_PATH, check.path)
        if violation:
            yield Finding((*path, "path"), _say("target-path-format", path=check.path, violation=violation))


def _non_essential(subject: Subject) -> Iterator[Finding]:
    for path, name, _ in _named(subject):
        target = subject.spec.containers.get(name)
        if target is not None and not target.essential:
            related = ((path, _say("non-essential-target.note")),)
            yield Finding(("containers", name, "essential"), _say("non-essential-target", target=name), related=related)


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
