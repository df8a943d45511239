"""Where output goes: log drivers that Fargate has, their options, log groups of CloudWatch Logs and log routers."""

import difflib
import re
from collections.abc import Iterator

from chuoigen.aws import names, vocabulary
from chuoigen.aws.arn import regions
from chuoigen.aws.names import Kind
from chuoigen.diagnostics import Severity
from chuoigen.lint.each import each, log_mappings
from chuoigen.lint.rule import Finding, Rule, Subject
from chuoigen.messages import Key, Texts
from chuoigen.spec.container import Container
from chuoigen.spec.runtime import Logs
from chuoigen.yaml.document import KeyPath

_say = Texts(__name__)

_CONFIDENTIAL = r".*(?:token|password|passwd|secret|api[-_]?key|access[-_]?key)"
_AWSLOGS_KEYS = ("group", "retention", "kms_key", "stream_prefix", "mode", "max_buffer_size")
_ROOT = ("0", "root", "0:0", "root:root")
_DATETIME, _MULTILINE = "awslogs-datetime-format", "awslogs-multiline-pattern"


def _decided_by(subject: Subject, name: str) -> KeyPath:
    """Return the path of the logs mapping whose driver a container has."""
    own = subject.spec.containers[name].logs
    return ("logs",) if own is None or own.driver is None else ("containers", name, "logs")


@each(log_mappings)
def _driver(path: KeyPath, logs: Logs, driver: str) -> Iterator[Finding]:
    if logs.driver is not None and driver not in (*vocabulary.LOG_DRIVERS, vocabulary.NO_LOG_DRIVER):
        variant = "ec2" if driver in vocabulary.EC2_LOG_DRIVERS else "unknown"
        known = tuple(sorted(vocabulary.LOG_DRIVERS))
        yield Finding((*path, "driver"), _say(f"unsupported-log-driver.{variant}", driver=driver, known=known))


def _missing_option(subject: Subject) -> Iterator[Finding]:
    reported = set()
    for name, container in subject.plan.containers.items():
        given = {*container.logs.options, *(secret.variable for secret in container.logs.secret_options)}
        missing = tuple(option for option in vocabulary.SPLUNK_REQUIRED if option not in given)
        path = _decided_by(subject, name)
        if container.logs.driver == "splunk" and missing and path not in reported:
            reported.add(path)
            yield Finding((*path, "driver"), _say("missing-log-option", missing=missing))


@each(log_mappings)
def _unknown_option(path: KeyPath, logs: Logs, driver: str) -> Iterator[Finding]:
    known = vocabulary.AWSLOGS_OPTIONS
    for option in logs.options if driver == "awslogs" else ():
        if option not in known:
            choice = tuple(difflib.get_close_matches(option, known, 1)) or known
            message = _say("unknown-log-option", option=option, choice=choice)
            yield Finding((*path, "options", option), message, on_key=True)
    for option in logs.secret_options if driver == "awslogs" else ():
        yield Finding((*path, "secret_options", option), _say("unknown-log-option.secret", option=option), on_key=True)


@each(log_mappings)
def _secret_option(path: KeyPath, logs: Logs, driver: str) -> Iterator[Finding]:
    for option in logs.options:
        if driver != "awslogs" and re.fullmatch(_CONFIDENTIAL, option, re.IGNORECASE):
            yield Finding((*path, "options", option), _say("secret-in-log-option", option=option), on_key=True)


def _settings(subject: Subject, key: str, option: str) -> Iterator[tuple[KeyPath, str]]:
    for path, logs, driver in log_mappings(subject):
        value = getattr(logs, key)
        if value is not None and driver == "awslogs":
            yield (*path, key), value
        if option in logs.options:
            yield (*path, "options", option), logs.options[option]


def _mode(subject: Subject) -> Iterator[Finding]:
    for path, mode in _settings(subject, "mode", "mode"):
        if mode not in vocabulary.LOG_MODES:
            yield Finding(path, _say("unknown-log-mode", mode=mode))


def _buffer(subject: Subject) -> Iterator[Finding]:
    for path, size in _settings(subject, "max_buffer_size", "max-buffer-size"):
        if not re.fullmatch(r"[1-9]\d*[kmg]", size, re.ASCII):
            yield Finding(path, _say("log-buffer-format", size=size))


def _ignored(subject: Subject) -> Iterator[Finding]:
    others_use_awslogs = any(container.logs.driver == "awslogs" for container in subject.plan.containers.values())
    for path, logs, driver in log_mappings(subject):
        if driver == "awslogs" or driver not in vocabulary.LOG_DRIVERS or (path == ("logs",) and others_use_awslogs):
            continue
        for key in _AWSLOGS_KEYS:
            if getattr(logs, key) is not None:
                message = _say("ignored-log-key.driver", key=Key((*path, key)), driver=driver)
                yield Finding((*path, key), message, on_key=True)
    yield from _inherited_by_none(subject)


def _inherited_by_none(subject: Subject) -> Iterator[Finding]:
    """Find options of the spec whose driver no container has: they belong to no other one."""
    for path, logs, driver in log_mappings(subject):
        if path != ("logs",) or any(each.logs.driver == driver for each in subject.plan.containers.values()):
            continue
        for key in ("options", "secret_options"):
            if getattr(logs, key):
                message = _say("ignored-log-key.unused", key=Key((*path, key)), driver=driver)
                yield Finding((*path, key), message, on_key=True)


def _both_patterns(subject: Subject) -> Iterator[Finding]:
    """Find both options in what a container has: its own, and those that it inherits with the driver."""
    shared = next((found for found in log_mappings(subject) if found[0] == ("logs",)), None)
    for path, logs, driver in log_mappings(subject):
        places = dict.fromkeys(logs.options, path)
        if shared is not None and shared[2] == driver:
            places = dict.fromkeys(shared[1].options, shared[0]) | places
        if _DATETIME in places and _MULTILINE in places and path in (places[_DATETIME], places[_MULTILINE]):
            related = (((*places[_DATETIME], "options", _DATETIME), _say("two-multiline-options.note")),)
            message = _say("two-multiline-options", ignored=_MULTILINE, used=_DATETIME)
            yield Finding((*places[_MULTILINE], "options", _MULTILINE), message, on_key=True, related=related)


@each(log_mappings)
def _placeholder(path: KeyPath, logs: Logs, _: str) -> Iterator[Finding]:
    found = re.search(r"\{[^}]*\}?|\}", (logs.group or "").replace("{container}", ""))
    if found:
        message = _say("unknown-log-placeholder", group=logs.group or "", placeholder=found[0])
        yield Finding((*path, "group"), message)


@each(log_mappings)
def _retention(path: KeyPath, logs: Logs, driver: str) -> Iterator[Finding]:
    days, allowed = logs.retention, vocabulary.RETENTION_DAYS
    if days is not None and driver == "awslogs" and days not in allowed:
        longer = next((one for one in allowed if one > days), allowed[-1])
        yield Finding((*path, "retention"), _say("log-retention", days=days, longer=longer, allowed=allowed))


def _routers(subject: Subject) -> Iterator[tuple[str, Container]]:
    return ((name, container) for name, container in subject.spec.containers.items() if container.firelens is not None)


def _no_router(subject: Subject) -> Iterator[Finding]:
    routers, reported = dict(_routers(subject)), set()
    for name, container in subject.plan.containers.items():
        if container.logs.driver != "awsfirelens":
            continue
        path = (*_decided_by(subject, name), "driver")
        if name in routers:
            yield Finding(path, _say("missing-log-router.itself", router=name))
        elif not routers and path not in reported:
            reported.add(path)
            yield Finding(path, _say("missing-log-router", container=name))


def _router(subject: Subject) -> Iterator[Finding]:
    routers = [name for name, _ in _routers(subject)]
    for name in routers[1:]:
        related = ((("containers", routers[0], "firelens"), _say("misused-log-router.note")),)
        message = _say("misused-log-router.second", router=name, first=routers[0])
        yield Finding(("containers", name, "firelens"), message, on_key=True, related=related)
    used = any(container.logs.driver == "awsfirelens" for container in subject.plan.containers.values())
    if routers and not used:
        message = _say("misused-log-router.unused", router=routers[0])
        yield Finding(("containers", routers[0], "firelens"), message, on_key=True)


@each(_routers)
def _router_setting(name: str, container: Container) -> Iterator[Finding]:
    path = ("containers", name)
    if container.firelens is not None and container.firelens.options.get("config-file-type") == "s3":
        message = _say("log-router-setting.s3", router=name)
        yield Finding((*path, "firelens", "options", "config-file-type"), message)
    if container.user is not None and container.user not in _ROOT:
        yield Finding((*path, "user"), _say("log-router-setting.user", router=name, user=container.user))


def _region(subject: Subject) -> Iterator[Finding]:
    """Report lines that go to another region than the one in which the groups are made."""
    for path, logs, driver in log_mappings(subject):
        region = logs.options.get("awslogs-region")
        missing = region not in regions() and not names.violation(
            Kind.REGION, region or ""
        )  # a rule of its own says so
        if driver == "awslogs" and region not in (None, subject.spec.aws.region) and not missing:
            words = _say("foreign-log-region", written=region, region=subject.spec.aws.region)
            note = (("aws", "region"), _say("foreign-log-region.note"))
            yield Finding((*path, "options", "awslogs-region"), words, related=(note,))


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
    Rule("CG863", "foreign-log-region", Severity.ERROR, _region),
)
