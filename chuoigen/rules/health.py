"""Health checks of containers: what they run, how often, for how long."""

from collections.abc import Iterator

from chuoigen.aws import limits, names
from chuoigen.diagnostics import Severity
from chuoigen.lint.rule import Finding, Rule, Subject
from chuoigen.messages import ENGLISH
from chuoigen.spec.container import Container
from chuoigen.spec.runtime import Healthcheck


def _checks(subject: Subject) -> Iterator[tuple[str, Container, Healthcheck]]:
    for name, container in subject.spec.containers.items():
        if container.healthcheck is not None:
            yield name, container, container.healthcheck


def _check_out_of_range(subject: Subject) -> Iterator[Finding]:
    ranges = {
        "interval": limits.HEALTH_INTERVAL_S,
        "timeout": limits.HEALTH_TIMEOUT_S,
        "retries": limits.HEALTH_RETRIES,
        "start_period": limits.HEALTH_START_PERIOD_S,
    }
    for name, _, check in _checks(subject):
        for key, limit in ranges.items():
            number = getattr(check, key)
            if number is not None and not limit.admits(number):
                yield Finding(
                    ("containers", name, "healthcheck", key),
                    f'{key} of the health check of container "{name}" is {number}; ECS takes '
                    f"{ENGLISH.text(limit.range)}",
                    f"write {ENGLISH.text(limit.range)}",
                )


def _unclear_check(subject: Subject) -> Iterator[Finding]:
    for name, _, check in _checks(subject):
        if (check.http is None) is (check.command is None):
            fault = "says neither http nor command" if check.http is None else "says both http and command"
            yield Finding(
                ("containers", name, "healthcheck"),
                f'the health check of container "{name}" {fault}',
                'write http: /health, or command: ["CMD", "program", "argument"]',
                on_key=True,
            )


def _check_command(subject: Subject) -> Iterator[Finding]:
    for name, _, check in _checks(subject):
        words = check.command
        if words is None or check.http is not None:
            continue
        if not words or words in (["CMD"], ["CMD-SHELL"]):
            fault, advice = "runs nothing", 'write ["CMD", "program", "argument"]'
        elif words[0] == "CMD-SHELL" and len(words) > 2:  # noqa: PLR2004  the word and the command line
            fault = "gives CMD-SHELL several words; the shell reads only the first of them"
            advice = f'write ["CMD", …], or one line: ["CMD-SHELL", "{words[1]} …"]'
        elif words[0] == "NONE":
            fault, advice = "is switched off by NONE", "delete healthcheck: ECS takes no check from the image"
        else:
            continue
        yield Finding(
            ("containers", name, "healthcheck", "command"),
            f'the health check of container "{name}" {fault}',
            advice,
        )


def _overlap(subject: Subject) -> Iterator[Finding]:
    for name, _, check in _checks(subject):
        if check.timeout >= check.interval:
            key = "timeout" if "timeout" in check.model_fields_set else "interval"
            yield Finding(
                ("containers", name, "healthcheck", key),
                f'a health check of container "{name}" may take {check.timeout} s, '
                f"and the next one is due after {check.interval} s",
                "write a timeout that is shorter than the interval",
            )


def _without_port(subject: Subject) -> Iterator[Finding]:
    for name, container, check in _checks(subject):
        if check.http is not None and not any(port.protocol == "tcp" for port in container.ports):
            yield Finding(
                ("containers", name, "healthcheck", "http"),
                f'the health check of container "{name}" asks for {check.http}, and no tcp port is declared',
                "write the port under ports, or a command instead of http",
            )


def _check_path(subject: Subject) -> Iterator[Finding]:
    for name, _, check in _checks(subject):
        complaint = names.violation(names.Kind.HEALTH_CHECK_PATH, check.http) if check.http is not None else None
        if complaint:
            yield Finding(
                ("containers", name, "healthcheck", "http"),
                f'the health check path "{check.http}" of container "{name}" {ENGLISH.text(complaint)}',
                "write the path alone, for example /health",
            )


RULES: tuple[Rule, ...] = (
    Rule("CG508", "health-check-out-of-range", Severity.ERROR, _check_out_of_range),
    Rule("CG509", "unclear-health-check", Severity.ERROR, _unclear_check),
    Rule("CG510", "health-check-command", Severity.ERROR, _check_command),
    Rule("CG511", "overlapping-health-checks", Severity.WARNING, _overlap),
    Rule("CG512", "health-check-without-port", Severity.ERROR, _without_port),
    Rule("CG513", "health-check-path", Severity.ERROR, _check_path),
)
