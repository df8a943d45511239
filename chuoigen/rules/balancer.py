"""The load balancer: its target, how it learns that a task works, and its times."""

import difflib
import re
from collections.abc import Iterator

from chuoigen import recipes
from chuoigen.aws import limits, names
from chuoigen.diagnostics import Severity
from chuoigen.lint.rule import Finding, Rule, Subject
from chuoigen.messages import ENGLISH
from chuoigen.yaml.document import KeyPath

_TARGET: KeyPath = ("load_balancer", "target")
_CHECK: KeyPath = ("load_balancer", "health_check")


def _unknown_target(subject: Subject) -> Iterator[Finding]:
    balancer, containers = subject.spec.load_balancer, subject.spec.containers
    if balancer is not None and balancer.target not in containers:
        near = difflib.get_close_matches(balancer.target, containers, 1)
        known = f"write one of {', '.join(containers)}" if containers else "declare the container"
        yield Finding(_TARGET, f'target "{balancer.target}" is not a container', f"write {near[0]}" if near else known)


def _target_port(subject: Subject) -> Iterator[Finding]:
    balancer = subject.spec.load_balancer
    target = subject.spec.containers.get(balancer.target) if balancer else None
    if balancer is None or target is None:
        return
    ports = [port.container for port in target.ports if port.protocol == "tcp"]
    related: tuple[tuple[KeyPath, str], ...] = ((("containers", balancer.target), "the target is here"),)
    if not ports and recipes.of(target.build).needs_port:
        return  # which its recipe reports
    if not ports:
        message = f'target "{balancer.target}" declares no tcp port'
        yield Finding(
            _TARGET,
            message,
            f'write the port on which it listens under "{balancer.target}": ports: [80]',
            related=related,
        )
    elif balancer.port is not None and balancer.port not in ports:
        message = f'target "{balancer.target}" does not listen on port {balancer.port}'
        help_text = f"declared is {', '.join(str(port) for port in ports)}"
        yield Finding(("load_balancer", "port"), message, help_text, related=related)


def _out_of_range(subject: Subject) -> Iterator[Finding]:
    balancer = subject.spec.load_balancer
    if balancer is None:
        return
    check, path = balancer.health_check, ("load_balancer",)
    settings: list[tuple[KeyPath, int | None, limits.Limit]] = [
        ((*path, "idle_timeout"), balancer.idle_timeout, limits.ALB_IDLE_TIMEOUT_S),
        ((*path, "deregistration_delay"), balancer.deregistration_delay, limits.DEREGISTRATION_DELAY_S),
    ]
    if check is not None:
        settings += [
            ((*_CHECK, "interval"), check.interval, limits.TARGET_HEALTH_INTERVAL_S),
            ((*_CHECK, "timeout"), check.timeout, limits.TARGET_HEALTH_TIMEOUT_S),
            ((*_CHECK, "healthy"), check.healthy, limits.TARGET_HEALTH_THRESHOLD),
            ((*_CHECK, "unhealthy"), check.unhealthy, limits.TARGET_HEALTH_THRESHOLD),
        ]
    for where, value, limit in settings:
        if value is not None and not limit.admits(value):
            yield Finding(
                where,
                f"{where[-1]} is {value}, and Elastic Load Balancing refuses it",
                f"write {ENGLISH.text(limit.range)}",
            )


def _slow_check(subject: Subject) -> Iterator[Finding]:
    check = subject.spec.load_balancer.health_check if subject.spec.load_balancer else None
    if check is not None and check.timeout >= check.interval and limits.TARGET_HEALTH_TIMEOUT_S.admits(check.timeout):
        yield Finding(
            (*_CHECK, "timeout"),
            f"a check of the target may take {check.timeout} s, and the next begins after {check.interval} s",
            f"write less than {check.interval} s",
        )


def _matcher(subject: Subject) -> Iterator[Finding]:
    check = subject.spec.load_balancer.health_check if subject.spec.load_balancer else None
    if check is None:
        return
    codes = [int(code) for code in re.findall(r"\d{1,9}", check.matcher)]
    formed = re.fullmatch(r"\d{3}(?:-\d{3}|(?:,\d{3})*)", check.matcher, re.ASCII)
    if (
        not formed
        or not all(limits.MATCHER_CODE.admits(code) for code in codes)
        or ("-" in check.matcher and codes != sorted(codes))
    ):
        low, high = limits.MATCHER_CODE.low, limits.MATCHER_CODE.high
        message = f'matcher "{check.matcher}" is not a list or range of status codes that a target group takes'
        yield Finding((*_CHECK, "matcher"), message, f'write codes from {low} to {high}: "200", "200,204" or "200-299"')


def _path_format(subject: Subject) -> Iterator[Finding]:
    check = subject.spec.load_balancer.health_check if subject.spec.load_balancer else None
    complaint = names.violation(names.Kind.HEALTH_CHECK_PATH, check.path) if check else None
    if check is not None and complaint:
        yield Finding(
            (*_CHECK, "path"),
            f'path "{check.path}" of the target\'s health check {ENGLISH.text(complaint)}',
            "write a path, such as /health",
        )


def _long_delay(subject: Subject) -> Iterator[Finding]:
    balancer, delay = subject.spec.load_balancer, subject.plan.load_balancer
    target = subject.plan.containers.get(balancer.target) if balancer else None
    if balancer is None or delay is None or target is None or balancer.deregistration_delay is None:
        return
    if target.stop_timeout < balancer.deregistration_delay <= limits.DEREGISTRATION_DELAY_S.high:
        yield Finding(
            ("load_balancer", "deregistration_delay"),
            f"requests may run for {balancer.deregistration_delay} s after a task leaves, "
            f'and "{target.name}" is killed after {target.stop_timeout} s',
            f'delete deregistration_delay, or raise stop_timeout of "{target.name}"',
            related=((("containers", target.name, "stop_timeout"), f"it has {target.stop_timeout} s to stop"),),
        )


def _non_essential(subject: Subject) -> Iterator[Finding]:
    balancer = subject.spec.load_balancer
    target = subject.spec.containers.get(balancer.target) if balancer else None
    if balancer is not None and target is not None and not target.essential:
        message = f'target "{balancer.target}" is not essential: without it a task goes on and answers nothing'
        yield Finding(
            ("containers", balancer.target, "essential"),
            message,
            "delete essential",
            related=((_TARGET, "it is the target"),),
        )


RULES: tuple[Rule, ...] = (
    Rule("CG720", "unknown-target", Severity.ERROR, _unknown_target),
    Rule("CG721", "target-without-port", Severity.ERROR, _target_port),
    Rule("CG727", "balancer-setting-out-of-range", Severity.ERROR, _out_of_range),
    Rule("CG728", "overlapping-target-checks", Severity.ERROR, _slow_check),
    Rule("CG729", "status-code-format", Severity.ERROR, _matcher),
    Rule("CG730", "target-path-format", Severity.ERROR, _path_format),
    Rule("CG731", "long-deregistration", Severity.WARNING, _long_delay),
    Rule("CG732", "non-essential-target", Severity.WARNING, _non_essential),
)
