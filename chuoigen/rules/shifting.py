"""Deployments that move traffic from old tasks to new ones, and what they wait for: numbers, hooks, combinations."""

import re
from collections.abc import Iterator

from chuoigen.aws import limits, names
from chuoigen.aws.names import Kind
from chuoigen.diagnostics import Severity
from chuoigen.lint.each import each
from chuoigen.lint.rule import Finding, Rule, Subject
from chuoigen.messages import Key, Texts
from chuoigen.plan.deployment import bake_time, shifts
from chuoigen.spec.deployment import Deployment, Hook
from chuoigen.yaml.document import KeyPath

_say = Texts(__name__)

_DEPLOYMENT: KeyPath = ("service", "deployment")
_MINUTE = 60
_TENTHS = 10
_NO_PAUSE = ("test_traffic_shift", "production_traffic_shift")
_FUNCTION = r"[A-Za-z0-9_-]{1,64}|arn:[a-z-]+:lambda:[a-z0-9-]+:\d{12}:function:[A-Za-z0-9_-]{1,64}(:[A-Za-z0-9_$-]+)?"
_OF_STRATEGY = {"linear": ("linear",), "canary": ("canary",), "early_success": ("rolling",)}
_OF_TRAFFIC = ("test_traffic", "alternate_target_group", "infrastructure_role")
"""Keys about traffic between two target groups."""


def _deployments(subject: Subject) -> Iterator[tuple[Deployment]]:
    if subject.spec.service is not None:
        yield (subject.spec.service.deployment,)


def _hooks(subject: Subject) -> Iterator[tuple[KeyPath, str, Hook]]:
    for (written,) in _deployments(subject):
        for name, hook in written.hooks.items():
            yield (*_DEPLOYMENT, "hooks", name), name, hook


def _times(written: Deployment) -> Iterator[tuple[KeyPath, int | None, limits.Limit]]:
    yield ("bake_time",), written.bake_time, limits.BAKE_TIME_S
    if written.linear is not None:
        yield ("linear", "step_bake_time"), written.linear.step_bake_time, limits.BAKE_TIME_S
    if written.canary is not None:
        yield ("canary", "bake_time"), written.canary.bake_time, limits.BAKE_TIME_S
    for name, hook in written.hooks.items():
        yield ("hooks", name, "timeout"), hook.timeout, limits.HOOK_TIMEOUT_S


@each(_deployments)
def _time(written: Deployment) -> Iterator[Finding]:
    for below, seconds, limit in _times(written):
        path = (*_DEPLOYMENT, *below)
        if seconds is not None and not limit.admits(seconds):
            message = _say("deployment-time.range", key=Key(path), seconds=seconds, allowed=limit.range)
            yield Finding(path, message)
        elif seconds is not None and seconds % _MINUTE:
            yield Finding(path, _say("deployment-time.minutes", key=Key(path), seconds=seconds))


@each(_deployments)
def _share(written: Deployment) -> Iterator[Finding]:
    shares: list[tuple[KeyPath, float, limits.Limit]] = []
    if written.linear is not None:
        shares.append((("linear", "step_percent"), written.linear.step_percent, limits.LINEAR_TENTHS))
    if written.canary is not None:
        shares.append((("canary", "percent"), written.canary.percent, limits.CANARY_TENTHS))
    for below, percent, tenths in shares:
        path, number = (*_DEPLOYMENT, *below), round(percent * _TENTHS, 6)
        if not tenths.admits(number) or number != int(number):
            least = f"{tenths.low / _TENTHS:g}"
            message = _say("traffic-share", key=Key(path), percent=f"{percent:g}", least=least)
            yield Finding(path, message)


@each(_deployments)
def _other_strategy(written: Deployment) -> Iterator[Finding]:
    strategies = {**_OF_STRATEGY, **dict.fromkeys(_OF_TRAFFIC, ("blue_green", "linear", "canary"))}
    for key, taken in strategies.items():
        if getattr(written, key) is not None and written.strategy not in taken:
            path = (*_DEPLOYMENT, key)
            message = _say("other-strategy", key=Key(path), strategy=written.strategy, taken=taken)
            note = ((*_DEPLOYMENT, "strategy"), _say("other-strategy.note"))
            related = (note,) if "strategy" in written.model_fields_set else ()
            yield Finding(path, message, on_key=True, related=related)


def _no_balancer(subject: Subject) -> Iterator[Finding]:
    if subject.spec.load_balancer is not None:
        return
    for (written,) in _deployments(subject):
        if written.strategy in ("linear", "canary"):
            yield Finding((*_DEPLOYMENT, "strategy"), _say("shift-without-balancer", strategy=written.strategy))
        for key in _OF_TRAFFIC if shifts(written) else ():
            if getattr(written, key) is not None:
                path = (*_DEPLOYMENT, key)
                yield Finding(path, _say("shift-without-balancer.key", key=Key(path)), on_key=True)


@each(_hooks)
def _hook(path: KeyPath, name: str, hook: Hook) -> Iterator[Finding]:
    if hook.function is not None:
        if not re.fullmatch(_FUNCTION, hook.function):
            yield Finding((*path, "function"), _say("deployment-hook.function", hook=name))
        return
    if hook.details:
        yield Finding((*path, "details"), _say("deployment-hook.details", hook=name), on_key=True)
    for index, stage in enumerate(hook.stages):
        if stage in _NO_PAUSE:
            yield Finding((*path, "stages", index), _say("deployment-hook.pause", hook=name, stage=stage))


@each(_deployments)
def _hook_count(written: Deployment) -> Iterator[Finding]:
    kinds = {"functions": 0, "pauses": 0}
    for name, hook in written.hooks.items():
        kind = "pauses" if hook.function is None else "functions"
        kinds[kind] += 1
        if kinds[kind] == limits.HOOKS_MAX + 1:
            message = _say(f"deployment-hooks.{kind}", most=limits.HOOKS_MAX)
            yield Finding((*_DEPLOYMENT, "hooks", name), message, on_key=True)


@each(_deployments)
def _rolling_hooks(written: Deployment) -> Iterator[Finding]:
    if written.hooks and not shifts(written):
        yield Finding((*_DEPLOYMENT, "hooks"), _say("hooks-of-rolling"), on_key=True)


@each(_deployments)
def _breaker(written: Deployment) -> Iterator[Finding]:
    for key in ("threshold", "reset_on_healthy_task"):
        if shifts(written) and getattr(written.circuit_breaker, key) is not None:
            path = (*_DEPLOYMENT, "circuit_breaker", key)
            yield Finding(path, _say("breaker-beside-rolling", key=Key(path)), on_key=True)


def _short_bake(subject: Subject) -> Iterator[Finding]:
    target = subject.plan.target_group
    for (written,) in _deployments(subject):
        if target is None or not shifts(written) or bake_time(written) >= target.deregistration_delay:
            continue
        delay = target.deregistration_delay
        message = _say("bake-shorter-than-drain", seconds=bake_time(written), delay=delay, least=-(-delay // _MINUTE))
        note = (("load_balancer", "deregistration_delay"), _say("bake-shorter-than-drain.note", delay=delay))
        yield Finding((*_DEPLOYMENT, "bake_time"), message, related=(note,))


@each(_deployments)
def _unwatched(written: Deployment) -> Iterator[Finding]:
    if shifts(written) and not written.alarms and not written.hooks:
        yield Finding((*_DEPLOYMENT, "strategy"), _say("unwatched-release", strategy=written.strategy))


def _test_port(subject: Subject) -> Iterator[Finding]:
    for (written,) in _deployments(subject):
        if written.test_traffic is None or not shifts(written) or subject.spec.load_balancer is None:
            continue
        path, port = (*_DEPLOYMENT, "test_traffic", "port"), written.test_traffic.port
        served = [listener.port for listener in subject.plan.listeners]
        if not limits.PORT.admits(port):
            yield Finding(path, _say("test-port.range", port=port, allowed=limits.PORT.range))
        elif port in (limits.HTTP_PORT, limits.HTTPS_PORT):
            yield Finding(path, _say("test-port.taken", port=port))
        elif port in served and not _reached(subject, port):
            yield Finding(path, _say("test-port.closed", port=port))


def _reached(subject: Subject, port: int) -> bool:
    allowed = subject.spec.network.allow if subject.spec.network is not None else []
    return any(allow.target == "alb" and port in (allow.ports or []) for allow in allowed)


def _staying(subject: Subject) -> Iterator[Finding]:
    """Report what sends requests to a target beside the one rule of a listener that ECS moves."""
    balancer, path = subject.spec.load_balancer, ("load_balancer",)
    for (written,) in _deployments(subject):
        if balancer is None or not shifts(written):
            continue
        note = (((*_DEPLOYMENT, "strategy"), _say("traffic-that-stays.note")),)
        for name in balancer.targets:
            yield Finding((*path, "targets", name), _say("traffic-that-stays.target"), on_key=True, related=note)
        for name, rule in balancer.rules.items():
            if rule.redirect is None and rule.respond is None:
                message = _say("traffic-that-stays.rule", rule=name)
                yield Finding((*path, "rules", name), message, on_key=True, related=note)
        default = balancer.default
        if default is not None and (default.redirect or default.respond or len(default.forward or {"": 1}) > 1):
            yield Finding((*path, "default"), _say("traffic-that-stays.default"), on_key=True, related=note)


def _same_group(subject: Subject) -> Iterator[Finding]:
    first = subject.plan.target_group
    for (written,) in _deployments(subject):
        if first is not None and shifts(written) and written.alternate_target_group == first.name:
            path = (*_DEPLOYMENT, "alternate_target_group")
            note = (("load_balancer", "target_group"), _say("same-target-group.note", name=first.name))
            yield Finding(path, _say("same-target-group", name=first.name), related=(note,))


@each(_deployments)
def _roles(written: Deployment) -> Iterator[Finding]:
    for key in ("infrastructure_role", "hook_role"):
        role = getattr(written, key)
        violation = names.violation(Kind.IAM_ROLE_ARN, role) if role is not None else None
        if violation is not None:
            yield Finding((*_DEPLOYMENT, key), _say("deployment-role", role=role, violation=violation))
    if written.hook_role is not None and not any(hook.function for hook in written.hooks.values()):
        yield Finding((*_DEPLOYMENT, "hook_role"), _say("deployment-role.idle"), on_key=True)


RULES: tuple[Rule, ...] = (
    Rule("CG763", "deployment-time", Severity.ERROR, _time),
    Rule("CG764", "traffic-share", Severity.ERROR, _share),
    Rule("CG765", "other-strategy", Severity.ERROR, _other_strategy),
    Rule("CG766", "shift-without-balancer", Severity.ERROR, _no_balancer),
    Rule("CG767", "deployment-hook", Severity.ERROR, _hook),
    Rule("CG768", "deployment-hooks", Severity.ERROR, _hook_count),
    Rule("CG769", "hooks-of-rolling", Severity.WARNING, _rolling_hooks),
    Rule("CG770", "breaker-beside-rolling", Severity.WARNING, _breaker),
    Rule("CG771", "bake-shorter-than-drain", Severity.WARNING, _short_bake),
    Rule("CG772", "unwatched-release", Severity.WARNING, _unwatched),
    Rule("CG773", "test-port", Severity.ERROR, _test_port),
    Rule("CG774", "deployment-role", Severity.ERROR, _roles),
    Rule("CG776", "same-target-group", Severity.ERROR, _same_group),
    Rule("CG775", "traffic-that-stays", Severity.ERROR, _staying),
)
