"""How containers start, wait for each other, are checked for health, restart and stop."""

import difflib
import itertools
from collections.abc import Iterator

from chuoigen.aws import limits, names
from chuoigen.diagnostics import Severity
from chuoigen.lint.each import containers, each
from chuoigen.lint.rule import Finding, Rule, Subject
from chuoigen.messages import Key, Texts
from chuoigen.spec.container import Container
from chuoigen.spec.runtime import Healthcheck
from chuoigen.yaml.document import KeyPath

_say = Texts(__name__)

_CHECK_NUMBERS = {
    "interval": limits.HEALTH_INTERVAL_S,
    "timeout": limits.HEALTH_TIMEOUT_S,
    "retries": limits.HEALTH_RETRIES,
    "start_period": limits.HEALTH_START_PERIOD_S,
}


def _dependencies(subject: Subject) -> Iterator[tuple[KeyPath, str, str, str]]:
    """Yield the path, the container that waits, the one it waits for, and the condition."""
    for name, container in containers(subject):
        for other, dependency in container.depends_on.items():
            yield ("containers", name, "depends_on", other), name, other, dependency.condition


@each(_dependencies)
def _itself(path: KeyPath, name: str, other: str, _: str) -> Iterator[Finding]:
    if name == other:
        yield Finding(path, _say("dependency-on-itself", container=name), on_key=True)


def _unknown(subject: Subject) -> Iterator[Finding]:
    known = list(subject.spec.containers)[: limits.CONTAINERS_MAX]
    for path, name, other, _ in _dependencies(subject):
        if other not in subject.spec.containers:
            others = tuple(one for one in known if one != name)
            choice = tuple(difflib.get_close_matches(other, others, n=1)) or others
            rule = "unknown-dependency" if choice else "unknown-dependency.none"
            yield Finding(path, _say(rule, container=name, other=other, choice=choice), on_key=True)
    for name, container in containers(subject):
        for index, source in enumerate(container.volumes_from):
            if source.container not in subject.spec.containers:
                words = _say("unknown-dependency.volumes", container=name, other=source.container)
                yield Finding(("containers", name, "volumes_from", index, "container"), words)


def _circles(subject: Subject) -> Iterator[list[str]]:
    """Yield the circles of dependencies, each from a container back to itself, without recursion."""
    graph = {
        name: [other for other in container.depends_on if other != name and other in subject.spec.containers]
        for name, container in containers(subject)
    }
    done: set[str] = set()
    closed: set[str] = set()  # one circle through each container is enough to begin with
    for start, following in graph.items():
        if start in done:
            continue
        trail, waiting = {start: 0}, [iter(following)]
        while trail:
            other = next(waiting[-1], None)
            if other is None:
                done.add(trail.popitem()[0])
                waiting.pop()
            elif other in trail and other not in closed:
                closed.add(other)
                yield [*list(trail)[trail[other] :], other]
            elif other not in done and other not in trail:
                trail[other] = len(trail)
                waiting.append(iter(graph[other]))


def _cycle(subject: Subject) -> Iterator[Finding]:
    for circle in _circles(subject):
        steps = [(("containers", one, "depends_on", other), one, other) for one, other in itertools.pairwise(circle)]
        related = tuple(
            (path, _say("dependency-cycle.note", container=name, other=other)) for path, name, other in steps[1:]
        )
        message = _say("dependency-cycle", circle=" → ".join(circle))
        yield Finding(steps[0][0], message, on_key=True, related=related)


def _healthy(subject: Subject) -> Iterator[Finding]:
    for path, name, other, condition in _dependencies(subject):
        target = subject.spec.containers.get(other)
        if condition == "healthy" and target is not None and target.healthcheck is None and name != other:
            related = ((("containers", other), _say("healthy-without-check.note", other=other)),)
            yield Finding(path, _say("healthy-without-check", container=name, other=other), related=related)


def _completion(subject: Subject) -> Iterator[Finding]:
    for path, name, other, condition in _dependencies(subject):
        target = subject.spec.containers.get(other)
        if condition in ("complete", "success") and target is not None and target.essential and name != other:
            note = _say("completion-of-essential.note", other=other)
            related = ((("containers", other, "essential"), note),)
            yield Finding(path, _say("completion-of-essential", container=name, other=other), related=related)


def _outside(rule: str, path: KeyPath, name: str, value: int | None, limit: limits.Limit) -> Iterator[Finding]:
    """Yield a finding where a number of a container is written that ECS does not accept."""
    if value is not None and not limit.admits(value):
        message = _say(rule, key=Key(path), container=name, value=value, allowed=limit.range)
        yield Finding(path, message)


@each(containers)
def _stop_timeout(name: str, container: Container) -> Iterator[Finding]:
    path, rule = ("containers", name, "stop_timeout"), "stop-timeout-out-of-range"
    yield from _outside(rule, path, name, container.stop_timeout, limits.STOP_TIMEOUT_S)


@each(containers)
def _start_timeout(name: str, container: Container) -> Iterator[Finding]:
    path, rule = ("containers", name, "start_timeout"), "start-timeout-out-of-range"
    yield from _outside(rule, path, name, container.start_timeout, limits.START_TIMEOUT_S)


def _start_too_short(subject: Subject) -> Iterator[Finding]:
    awaited = {other for _, _, other, condition in _dependencies(subject) if condition == "healthy"}
    for name, container in containers(subject):
        check, given = container.healthcheck, container.start_timeout
        if check is None or name not in awaited or given is None:
            continue
        longest = (check.start_period or 0) + check.interval * check.retries
        if given < longest:
            variant = "fits" if longest <= limits.START_TIMEOUT_S.high else "too-long"
            message = _say(f"start-timeout-too-short.{variant}", container=name, given=given, longest=longest)
            related = ((("containers", name, "healthcheck"), _say("start-timeout-too-short.note")),)
            yield Finding(("containers", name, "start_timeout"), message, related=related)


@each(containers)
def _restart(name: str, container: Container) -> Iterator[Finding]:
    restart, most = container.restart, limits.RESTART_EXIT_CODES_MAX
    if restart is None:
        return
    path = ("containers", name, "restart", "attempt_period")
    yield from _outside("restart-policy.period", path, name, restart.attempt_period, limits.RESTART_PERIOD_S)
    codes, path = restart.ignored_exit_codes, ("containers", name, "restart", "ignored_exit_codes")
    if len(codes) > most:
        yield Finding(path, _say("restart-policy.count", container=name, count=len(codes), max=most))
    for index, code in enumerate(codes):
        yield from _outside("restart-policy.exit-code", (*path, index), name, code, limits.EXIT_CODE)


def _checks(subject: Subject) -> Iterator[tuple[KeyPath, str, Container, Healthcheck]]:
    for name, container in containers(subject):
        if container.healthcheck is not None:
            yield ("containers", name, "healthcheck"), name, container, container.healthcheck


@each(_checks)
def _check_out_of_range(path: KeyPath, name: str, _: Container, check: Healthcheck) -> Iterator[Finding]:
    for key, limit in _CHECK_NUMBERS.items():
        yield from _outside("health-check-out-of-range", (*path, key), name, getattr(check, key), limit)


@each(_checks)
def _unclear_check(path: KeyPath, name: str, _: Container, check: Healthcheck) -> Iterator[Finding]:
    if (check.http is None) is (check.command is None):
        variant = "neither" if check.http is None else "both"
        yield Finding(path, _say(f"unclear-health-check.{variant}", container=name), on_key=True)


@each(_checks)
def _check_command(path: KeyPath, name: str, _: Container, check: Healthcheck) -> Iterator[Finding]:
    words = check.command
    if words is None or check.http is not None:
        return
    if not words or words in (["CMD"], ["CMD-SHELL"]):
        variant = "empty"
    elif words[0] == "CMD-SHELL" and len(words) > 2:  # noqa: PLR2004  the word and the command line
        variant = "several-words"
    elif words[0] == "NONE":
        variant = "none"
    else:
        return
    yield Finding((*path, "command"), _say(f"health-check-command.{variant}", container=name))


@each(_checks)
def _overlap(path: KeyPath, name: str, _: Container, check: Healthcheck) -> Iterator[Finding]:
    if check.timeout >= check.interval:
        key = "timeout" if "timeout" in check.model_fields_set else "interval"
        message = _say("overlapping-health-checks", container=name, timeout=check.timeout, interval=check.interval)
        yield Finding((*path, key), message)


@each(_checks)
def _without_port(path: KeyPath, name: str, container: Container, check: Healthcheck) -> Iterator[Finding]:
    if check.http is not None and not any(port.protocol == "tcp" for port in container.ports):
        message = _say("health-check-without-port", container=name, path=check.http)
        yield Finding((*path, "http"), message)


@each(_checks)
def _check_path(path: KeyPath, name: str, _: Container, check: Healthcheck) -> Iterator[Finding]:
    violation = names.violation(names.Kind.HEALTH_CHECK_PATH, check.http) if check.http is not None else None
    if violation:
        message = _say("health-check-path", path=check.http or "", container=name, violation=violation)
        yield Finding((*path, "http"), message)


RULES: tuple[Rule, ...] = (
    Rule("CG501", "dependency-on-itself", Severity.ERROR, _itself),
    Rule("CG502", "dependency-cycle", Severity.ERROR, _cycle),
    Rule("CG503", "unknown-dependency", Severity.ERROR, _unknown),
    Rule("CG504", "healthy-without-check", Severity.ERROR, _healthy),
    Rule("CG505", "completion-of-essential", Severity.ERROR, _completion),
    Rule("CG506", "stop-timeout-out-of-range", Severity.ERROR, _stop_timeout),
    Rule("CG507", "start-timeout-out-of-range", Severity.ERROR, _start_timeout),
    Rule("CG508", "health-check-out-of-range", Severity.ERROR, _check_out_of_range),
    Rule("CG509", "unclear-health-check", Severity.ERROR, _unclear_check),
    Rule("CG510", "health-check-command", Severity.ERROR, _check_command),
    Rule("CG511", "overlapping-health-checks", Severity.WARNING, _overlap),
    Rule("CG512", "health-check-without-port", Severity.ERROR, _without_port),
    Rule("CG513", "health-check-path", Severity.ERROR, _check_path),
    Rule("CG514", "start-timeout-too-short", Severity.WARNING, _start_too_short),
    Rule("CG515", "restart-policy", Severity.ERROR, _restart),
)
