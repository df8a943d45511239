"""Where output goes: drivers that Fargate has, their options, and the groups of CloudWatch Logs."""

import difflib
import re
from collections.abc import Iterator

from chuoigen.aws import vocabulary
from chuoigen.diagnostics import Severity
from chuoigen.lint.rule import Finding, Rule, Subject
from chuoigen.spec.runtime import Logs
from chuoigen.yaml.document import KeyPath

_CONFIDENTIAL = r".*(?:token|password|passwd|secret|api[-_]?key|access[-_]?key)"
_AWSLOGS_KEYS = ("group", "retention", "stream_prefix", "mode", "max_buffer_size")
_ROOT = ("0", "root", "0:0", "root:root")


def _written(subject: Subject) -> Iterator[tuple[KeyPath, Logs, str]]:
    """Yield every logs mapping with its path and the driver that is in force there."""
    shared = subject.spec.logs
    usual = (shared.driver if shared else None) or "awslogs"
    if shared is not None:
        yield ("logs",), shared, usual
    for name, container in subject.spec.containers.items():
        if container.logs is not None:
            yield ("containers", name, "logs"), container.logs, container.logs.driver or usual


def _driver(subject: Subject) -> Iterator[Finding]:
    for path, logs, driver in _written(subject):
        if logs.driver is None or driver in vocabulary.LOG_DRIVERS:
            continue
        why = "needs an EC2 instance" if driver in vocabulary.EC2_LOG_DRIVERS else "is not one of ECS"
        yield Finding(
            (*path, "driver"),
            f'log driver "{driver}" {why}',
            f"write one of {', '.join(sorted(vocabulary.LOG_DRIVERS))}",
        )


def _missing_option(subject: Subject) -> Iterator[Finding]:
    told = set()
    for name, container in subject.plan.containers.items():
        if container.logs.driver != "splunk":
            continue
        given = {*container.logs.options, *(secret.variable for secret in container.logs.secret_options)}
        missing = [option for option in vocabulary.SPLUNK_REQUIRED if option not in given]
        own = subject.spec.containers[name].logs
        path: KeyPath = ("logs",) if own is None or own.driver is None else ("containers", name, "logs")
        if missing and path not in told:
            told.add(path)
            yield Finding(
                (*path, "driver"),
                f'log driver "splunk" has no {" and no ".join(missing)}',
                "write splunk-url under options, and splunk-token under secret_options",
            )


def _unknown_option(subject: Subject) -> Iterator[Finding]:
    for path, logs, driver in _written(subject):
        if driver != "awslogs":
            continue
        for option in logs.options:
            if option not in vocabulary.AWSLOGS_OPTIONS:
                near = difflib.get_close_matches(option, vocabulary.AWSLOGS_OPTIONS, 1)
                known = f"known are {', '.join(vocabulary.AWSLOGS_OPTIONS)}"
                message = f'log driver "awslogs" has no option "{option}"'
                yield Finding((*path, "options", option), message, f"write {near[0]}" if near else known, on_key=True)
        for option in logs.secret_options:
            message = f'log driver "awslogs" takes no secrets, and "{option}" is one'
            yield Finding((*path, "secret_options", option), message, "delete the option", on_key=True)


def _secret_option(subject: Subject) -> Iterator[Finding]:
    for path, logs, driver in _written(subject):
        for option in logs.options:
            if driver != "awslogs" and re.fullmatch(_CONFIDENTIAL, option, re.IGNORECASE):
                yield Finding(
                    (*path, "options", option),
                    f'log option "{option}" is written out, for all who may read the task definition',
                    "move it to secret_options: { ssm: /path/of/the/parameter }",
                    on_key=True,
                )


def _settings(subject: Subject, key: str, option: str) -> Iterator[tuple[KeyPath, str]]:
    for path, logs, driver in _written(subject):
        value = getattr(logs, key)
        if value is not None and driver == "awslogs":
            yield (*path, key), value
        if option in logs.options:
            yield (*path, "options", option), logs.options[option]


def _mode(subject: Subject) -> Iterator[Finding]:
    for path, mode in _settings(subject, "mode", "mode"):
        if mode not in vocabulary.LOG_MODES:
            yield Finding(path, f'log mode "{mode}" does not exist', "write non-blocking or blocking")


def _buffer(subject: Subject) -> Iterator[Finding]:
    for path, size in _settings(subject, "max_buffer_size", "max-buffer-size"):
        if not re.fullmatch(r"[1-9]\d*[kmg]", size, re.ASCII):
            yield Finding(
                path,
                f'log buffer size "{size}" cannot be read by the driver',
                "write a number and k, m or g, such as 25m",
            )


def _ignored(subject: Subject) -> Iterator[Finding]:
    for path, logs, driver in _written(subject):
        if driver == "awslogs" or driver not in vocabulary.LOG_DRIVERS:
            continue
        for key in _AWSLOGS_KEYS:
            if getattr(logs, key) is not None and not (path == ("logs",) and _others_use_awslogs(subject)):
                message = f'{key} has no meaning for log driver "{driver}"'
                yield Finding(
                    (*path, key), message, "delete it; what the driver takes stands under options", on_key=True
                )


def _others_use_awslogs(subject: Subject) -> bool:
    return any(container.logs.driver == "awslogs" for container in subject.plan.containers.values())


def _both_patterns(subject: Subject) -> Iterator[Finding]:
    first, second = "awslogs-datetime-format", "awslogs-multiline-pattern"
    for path, logs, _ in _written(subject):
        if first in logs.options and second in logs.options:
            yield Finding(
                (*path, "options", second),
                f"{second} has no effect beside {first}",
                "keep one of the two",
                on_key=True,
                related=(((*path, "options", first), "the other is here"),),
            )


def _placeholder(subject: Subject) -> Iterator[Finding]:
    for path, logs, _ in _written(subject):
        rest = (logs.group or "").replace("{container}", "")
        found = re.search(r"\{[^}]*\}?|\}", rest)
        if found:
            yield Finding(
                (*path, "group"),
                f'log group "{logs.group}" has {found[0]}, which stands for nothing',
                "{container} is the one placeholder; write the rest out",
            )


def _retention(subject: Subject) -> Iterator[Finding]:
    for path, logs, driver in _written(subject):
        days = logs.retention
        if days is None or driver != "awslogs" or days in vocabulary.RETENTION_DAYS:
            continue
        longer = next(
            (allowed for allowed in vocabulary.RETENTION_DAYS if allowed > days), vocabulary.RETENTION_DAYS[-1]
        )
        listed = ", ".join(str(allowed) for allowed in vocabulary.RETENTION_DAYS)
        message = f"CloudWatch Logs cannot keep lines for {days} days"
        yield Finding((*path, "retention"), message, f"write {longer} days; allowed are {listed}")


def _routers(subject: Subject) -> list[str]:
    return [name for name, container in subject.spec.containers.items() if container.firelens is not None]


def _no_router(subject: Subject) -> Iterator[Finding]:
    routers, told = _routers(subject), set()
    for name, container in subject.plan.containers.items():
        if container.logs.driver != "awsfirelens":
            continue
        own = subject.spec.containers[name].logs
        path: KeyPath = (
            ("logs", "driver") if own is None or own.driver is None else ("containers", name, "logs", "driver")
        )
        if name in routers:
            message = f'log router "{name}" sends its own output to itself'
            yield Finding(path, message, f"write logs: {{ driver: awslogs }} for {name}")
        elif not routers and path not in told:
            told.add(path)
            message = f'"{name}" logs through awsfirelens, and no container is the log router'
            yield Finding(path, message, "give one container firelens: { type: fluentbit }")


def _router(subject: Subject) -> Iterator[Finding]:
    routers = _routers(subject)
    for name in routers[1:]:
        yield Finding(
            ("containers", name, "firelens"),
            f'"{name}" is a second log router beside "{routers[0]}"',
            "a task has one log router: delete one of the two",
            on_key=True,
            related=((("containers", routers[0], "firelens"), "the first is here"),),
        )
    used = any(container.logs.driver == "awsfirelens" for container in subject.plan.containers.values())
    if routers and not used:
        message = f'no container sends its output to log router "{routers[0]}"'
        yield Finding(
            ("containers", routers[0], "firelens"),
            message,
            "write logs: { driver: awsfirelens } for those that should",
            on_key=True,
        )


def _router_setting(subject: Subject) -> Iterator[Finding]:
    for name in _routers(subject):
        container = subject.spec.containers[name]
        options = container.firelens.options if container.firelens else {}
        if options.get("config-file-type") == "s3":
            path = ("containers", name, "firelens", "options", "config-file-type")
            yield Finding(
                path,
                f'log router "{name}" reads its configuration from S3, which Fargate does not support',
                "write file, and put the file into the image",
            )
        if container.user is not None and container.user not in _ROOT:
            message = f'log router "{name}" runs as user {container.user}, and ECS takes only root for it'
            yield Finding(("containers", name, "user"), message, 'delete user, or write "0"')


RULES: tuple[Rule, ...] = (
    Rule("CG850", "unsupported-log-driver", Severity.ERROR, _driver),
    Rule("CG851", "missing-log-option", Severity.ERROR, _missing_option),
    Rule("CG852", "unknown-log-option", Severity.ERROR, _unknown_option),
    Rule("CG853", "secret-in-log-option", Severity.WARNING, _secret_option, secret=True),
    Rule("CG854", "unknown-log-mode", Severity.ERROR, _mode),
    Rule("CG855", "log-buffer-format", Severity.ERROR, _buffer),
    Rule("CG856", "ignored-log-key", Severity.WARNING, _ignored),
    Rule("CG857", "two-multiline-options", Severity.WARNING, _both_patterns),
    Rule("CG858", "unknown-log-placeholder", Severity.ERROR, _placeholder),
    Rule("CG859", "log-retention", Severity.ERROR, _retention),
    Rule("CG860", "missing-log-router", Severity.ERROR, _no_router),
    Rule("CG861", "misused-log-router", Severity.ERROR, _router),
    Rule("CG862", "log-router-setting", Severity.ERROR, _router_setting),
)
