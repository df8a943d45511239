"""How containers start, wait for each other, restart and stop."""

import difflib
import itertools
from collections.abc import Iterator

from chuoigen.aws import limits
from chuoigen.diagnostics import Severity
from chuoigen.lint.rule import Finding, Rule, Subject
from chuoigen.messages import ENGLISH


def _dependencies(subject: Subject) -> Iterator[tuple[str, str, str]]:
    """Yield the container that waits, the one it waits for, and the condition."""
    for name, container in subject.spec.containers.items():
        for other, dependency in container.depends_on.items():
            yield name, other, dependency.condition


def _itself(subject: Subject) -> Iterator[Finding]:
    for name, other, _ in _dependencies(subject):
        if name == other:
            yield Finding(
                ("containers", name, "depends_on", other),
                f'container "{name}" depends on itself and would never start',
                "delete it, or name another container",
                on_key=True,
            )


def _unknown(subject: Subject) -> Iterator[Finding]:
    known = list(subject.spec.containers)[: limits.CONTAINERS_MAX]
    for name, other, _ in _dependencies(subject):
        if other not in subject.spec.containers:
            others = [one for one in known if one != name]
            close = difflib.get_close_matches(other, others, n=1)
            advice = f"containers are {', '.join(others)}" if others else "delete it: there is no other container"
            yield Finding(
                ("containers", name, "depends_on", other),
                f'container "{name}" depends on "{other}", which is not a container',
                f'did you mean "{close[0]}"?' if close else advice,
                on_key=True,
            )


def _circles(subject: Subject) -> Iterator[list[str]]:
    """Yield the circles of dependencies, each from a container back to itself, without recursion."""
    graph = {
        name: [other for other in container.depends_on if other != name and other in subject.spec.containers]
        for name, container in subject.spec.containers.items()
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
        steps = list(itertools.pairwise(circle))
        yield Finding(
            ("containers", circle[0], "depends_on", circle[1]),
            f"containers wait for each other and none would start: {' → '.join(circle)}",
            "delete one of these dependencies",
            on_key=True,
            related=tuple(
                (("containers", name, "depends_on", other), f'"{name}" waits for "{other}"')
                for name, other in steps[1:]
            ),
        )


def _healthy(subject: Subject) -> Iterator[Finding]:
    for name, other, condition in _dependencies(subject):
        target = subject.spec.containers.get(other)
        if condition == "healthy" and target is not None and target.healthcheck is None and name != other:
            yield Finding(
                ("containers", name, "depends_on", other),
                f'container "{name}" waits until "{other}" is healthy, and "{other}" has no health check',
                f'write healthcheck in container "{other}" (one in its image does not count), or start here',
                related=((("containers", other), f'"{other}" is here'),),
            )


def _completion(subject: Subject) -> Iterator[Finding]:
    for name, other, condition in _dependencies(subject):
        target = subject.spec.containers.get(other)
        if condition in ("complete", "success") and target is not None and target.essential and name != other:
            yield Finding(
                ("containers", name, "depends_on", other),
                f'container "{name}" waits for the end of "{other}", which is essential: its end ends the task',
                f'write essential: false in container "{other}"',
                related=((("containers", other, "essential"), f'"{other}" is essential'),),
            )


def _timeout(subject: Subject, key: str, limit: limits.Limit) -> Iterator[Finding]:
    for name, container in subject.spec.containers.items():
        seconds = getattr(container, key)
        if seconds is not None and not limit.admits(seconds):
            yield Finding(
                ("containers", name, key),
                f'{key} of container "{name}" is {seconds} s; Fargate takes {ENGLISH.text(limit.range)}',
                f"write {ENGLISH.text(limit.range)}",
            )


def _stop_timeout(subject: Subject) -> Iterator[Finding]:
    yield from _timeout(subject, "stop_timeout", limits.STOP_TIMEOUT_S)


def _start_timeout(subject: Subject) -> Iterator[Finding]:
    yield from _timeout(subject, "start_timeout", limits.START_TIMEOUT_S)


def _start_too_short(subject: Subject) -> Iterator[Finding]:
    waited_for = {other for _, other, condition in _dependencies(subject) if condition == "healthy"}
    for name, container in subject.spec.containers.items():
        check = container.healthcheck
        if check is None:
            continue
        longest = (check.start_period or 0) + check.interval * check.retries
        given = container.start_timeout
        if name not in waited_for or given is None or given >= longest:
            continue
        fits = longest <= limits.START_TIMEOUT_S.high
        yield Finding(
            ("containers", name, "start_timeout"),
            f'start_timeout of container "{name}" is {given} s, and its health check may need {longest} s '
            "(start_period + interval times retries)",
            f"write start_timeout: {longest}s" if fits else "make interval, retries or start_period smaller",
            related=((("containers", name, "healthcheck"), "the health check is here"),),
        )


def _restart(subject: Subject) -> Iterator[Finding]:
    period, most = limits.RESTART_PERIOD_S, limits.RESTART_EXIT_CODES_MAX
    for name, container in subject.spec.containers.items():
        restart, path = container.restart, ("containers", name, "restart")
        if restart is None:
            continue
        if restart.attempt_period is not None and not period.admits(restart.attempt_period):
            seconds = restart.attempt_period
            message = f'attempt_period of container "{name}" is {seconds} s; ECS takes {ENGLISH.text(period.range)}'
            yield Finding((*path, "attempt_period"), message, f"write {ENGLISH.text(period.range)}")
        if len(restart.ignored_exit_codes) > most:
            count = len(restart.ignored_exit_codes)
            message = f'container "{name}" ignores {count} exit codes; ECS takes at most {most}'
            yield Finding((*path, "ignored_exit_codes"), message, "name fewer")
        for index, code in enumerate(restart.ignored_exit_codes):
            if not limits.EXIT_CODE.admits(code):
                message = f'{code} is not an exit code (container "{name}")'
                yield Finding(
                    (*path, "ignored_exit_codes", index), message, f"write {ENGLISH.text(limits.EXIT_CODE.range)}"
                )


RULES: tuple[Rule, ...] = (
    Rule("CG501", "dependency-on-itself", Severity.ERROR, _itself),
    Rule("CG502", "dependency-cycle", Severity.ERROR, _cycle),
    Rule("CG503", "unknown-dependency", Severity.ERROR, _unknown),
    Rule("CG504", "healthy-without-check", Severity.ERROR, _healthy),
    Rule("CG505", "completion-of-essential", Severity.ERROR, _completion),
    Rule("CG506", "stop-timeout-out-of-range", Severity.ERROR, _stop_timeout),
    Rule("CG507", "start-timeout-out-of-range", Severity.ERROR, _start_timeout),
    Rule("CG514", "start-timeout-too-short", Severity.WARNING, _start_too_short),
    Rule("CG515", "restart-policy", Severity.ERROR, _restart),
)
