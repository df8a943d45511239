"""Parameters that Fargate refuses or ignores: whole keys, capabilities, limits, kernel settings."""

import difflib
import math
import re
from collections.abc import Callable, Iterator
from typing import Any

from chuoigen.aws import limits, vocabulary
from chuoigen.aws.refused import REFUSED_CONTAINER, REFUSED_TASK, Refusal
from chuoigen.diagnostics import Severity
from chuoigen.lint.rule import Finding, Rule, Subject
from chuoigen.messages import ENGLISH
from chuoigen.yaml.document import KeyPath

_LINKS = ("links", "external_links")
_DEVICES = ("devices", "device_cgroup_rules")
_OWN_RULE = ("privileged", *_LINKS, *_DEVICES, "network_mode")
# Docker refuses ids above the largest that a signed 32-bit integer holds.
_ID_MAX = 2_147_483_647
_USER_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*\$?")


def _refusal(path: KeyPath) -> Refusal | None:
    words = {"containers": REFUSED_CONTAINER, "task": REFUSED_TASK}.get(str(path[0]))
    return words.get(str(path[-1])) if words else None


def _asks_nothing(value: Any, refusal: Refusal) -> bool:
    """Say whether a value is the same as leaving the key out."""
    if value is None or value in ([], {}):
        return True
    return any(isinstance(value, type(allowed)) and value == allowed for allowed in refusal.allowed)


def _refused(keys: tuple[str, ...] | None) -> Callable[[Subject], Iterator[Finding]]:
    """Return the check that reports these keys; None: all keys that have no rule of their own."""

    def check(subject: Subject) -> Iterator[Finding]:
        for path, value in subject.refused.items():
            key, refusal = str(path[-1]), _refusal(path)
            mine = key in keys if keys is not None else key not in _OWN_RULE
            if not mine or refusal is None or _asks_nothing(value, refusal):
                continue
            owner = "the task" if path[0] == "task" else f'container "{path[1]}"'
            why, instead = ENGLISH.text(refusal.message), ENGLISH.help(refusal.message)
            yield Finding(path, f"{owner} cannot have {key}: {why}", instead, on_key=True)

    return check


def _pid_mode(subject: Subject) -> Iterator[Finding]:
    mode = subject.spec.task.pid_mode
    if mode is not None and mode not in vocabulary.PID_MODES:
        yield Finding(
            ("task", "pid_mode"),
            f'pid_mode "{mode}" is refused: a task on Fargate can only share a process namespace of its own',
            "write pid_mode: task for one namespace that all containers share, or delete the key",
        )


def _capabilities(subject: Subject) -> Iterator[tuple[KeyPath, str, str]]:
    """Yield path, name and whether it is added (`add`) or dropped (`drop`) of every capability."""
    for name, container in subject.spec.containers.items():
        if container.capabilities is not None:
            for key in ("add", "drop"):
                for index, capability in enumerate(getattr(container.capabilities, key)):
                    yield ("containers", name, "capabilities", key, index), capability, key


def _added_capability(subject: Subject) -> Iterator[Finding]:
    for path, capability, key in _capabilities(subject):
        known = capability in vocabulary.CAPABILITIES
        if key == "add" and known and capability not in vocabulary.CAPABILITIES_ADDABLE:
            allowed = ", ".join(vocabulary.CAPABILITIES_ADDABLE)
            yield Finding(
                path,
                f'container "{path[1]}" adds the capability {capability}, which Fargate refuses',
                f"the one that can be added is {allowed}; any can be dropped",
            )


def _unknown_capability(subject: Subject) -> Iterator[Finding]:
    for path, capability, _ in _capabilities(subject):
        if capability not in vocabulary.CAPABILITIES:
            yield Finding(path, f'"{capability}" is not a capability that ECS knows', _meant_capability(capability))


def _meant_capability(written: str) -> str:
    bare = written.upper().removeprefix("CAP_")
    close = difflib.get_close_matches(bare, vocabulary.CAPABILITIES, n=1)
    return f"write {close[0]}" if close else "write its name in capitals and without CAP_, for example NET_RAW"


def _kernel_parameter(subject: Subject) -> Iterator[Finding]:
    for name, container in subject.spec.containers.items():
        for parameter in container.sysctls:
            admitted = parameter in vocabulary.SYSTEM_CONTROLS
            if not admitted and not parameter.startswith(vocabulary.SYSTEM_CONTROL_PREFIXES):
                allowed = ", ".join(
                    [*vocabulary.SYSTEM_CONTROLS, *(f"{p}*" for p in vocabulary.SYSTEM_CONTROL_PREFIXES)]
                )
                yield Finding(
                    ("containers", name, "sysctls", parameter),
                    f'container "{name}" sets the kernel parameter {parameter}, which belongs to the host',
                    f"delete it; a task on Fargate can set {allowed}",
                    on_key=True,
                )


def _ineffective_ulimit(subject: Subject) -> Iterator[Finding]:
    for name, container in subject.spec.containers.items():
        for limit in container.ulimits:
            if limit in vocabulary.ULIMITS and limit not in vocabulary.ULIMITS_HONOURED:
                yield Finding(
                    ("containers", name, "ulimits", limit),
                    f'ulimit {limit} of container "{name}" has no effect: Fargate keeps its own value',
                    f"delete it; only {', '.join(vocabulary.ULIMITS_HONOURED)} can be set",
                    on_key=True,
                )


def _unknown_ulimit(subject: Subject) -> Iterator[Finding]:
    known = ", ".join(vocabulary.ULIMITS)
    for name, container in subject.spec.containers.items():
        for limit in container.ulimits:
            if limit not in vocabulary.ULIMITS:
                close = difflib.get_close_matches(limit.lower(), vocabulary.ULIMITS, n=1)
                yield Finding(
                    ("containers", name, "ulimits", limit),
                    f'"{limit}" is not a ulimit',
                    f'did you mean "{close[0]}"?' if close else f"known are {known}",
                    on_key=True,
                )


def _range(limit: str) -> limits.Limit:
    return limits.NOFILE if limit == "nofile" else limits.ULIMIT


def _ulimit_out_of_range(subject: Subject) -> Iterator[Finding]:
    for name, container in subject.spec.containers.items():
        for limit, written in container.ulimits.items():
            wrong = [amount for amount in (written.soft, written.hard) if not _range(limit).admits(amount)]
            if wrong and limit in vocabulary.ULIMITS:
                yield Finding(
                    ("containers", name, "ulimits", limit),
                    f'ulimit {limit} of container "{name}" is {wrong[0]}; it can be '
                    f"{ENGLISH.text(_range(limit).range)}",
                    f"write {ENGLISH.text(_range(limit).range)}",
                )


def _soft_above_hard(subject: Subject) -> Iterator[Finding]:
    for name, container in subject.spec.containers.items():
        for limit, written in container.ulimits.items():
            soft, hard = (math.inf if amount == -1 else amount for amount in (written.soft, written.hard))
            if soft > hard and _range(limit).admits(written.soft) and _range(limit).admits(written.hard):
                yield Finding(
                    ("containers", name, "ulimits", limit, "soft"),
                    f'soft limit {written.soft} of {limit} in container "{name}" is above the hard limit '
                    f"{written.hard}",
                    f"write a soft limit of at most {written.hard}",
                )


def _tmpfs_option(subject: Subject) -> Iterator[Finding]:
    for name, container in subject.spec.containers.items():
        for path, tmpfs in container.tmpfs.items():
            for index, written in enumerate(tmpfs.options):
                option, equals, _ = written.partition("=")
                valued = option in vocabulary.TMPFS_VALUED_OPTIONS
                if option in vocabulary.TMPFS_OPTIONS and bool(equals) is valued:
                    continue
                close = difflib.get_close_matches(option, vocabulary.TMPFS_OPTIONS, n=1)
                meant = f'"{close[0]}="' if close and close[0] in vocabulary.TMPFS_VALUED_OPTIONS else None
                yield Finding(
                    ("containers", name, "tmpfs", path, "options", index),
                    f'"{written}" is not a mount option that ECS takes for a tmpfs',
                    f"write {meant} and its value"
                    if meant
                    else f"write {close[0]}"
                    if close
                    else "known are, for example, noexec, nosuid, nodev, mode=1777",
                )


def _user_part(part: str) -> bool:
    if part.isascii() and part.isdecimal():
        return len(part) <= len(str(_ID_MAX)) and int(part) <= _ID_MAX
    return _USER_NAME.fullmatch(part) is not None


def _user_format(subject: Subject) -> Iterator[Finding]:
    for name, container in subject.spec.containers.items():
        user = container.user
        if user is None:
            continue
        parts = user.split(":")
        if len(parts) > 2 or not all(_user_part(part) for part in parts):  # noqa: PLR2004  user and group
            yield Finding(
                ("containers", name, "user"),
                f'user "{user}" of container "{name}" is neither a name nor an id',
                'write a name or an id from 0 on, alone or with a group: "1000", "1000:1000", "app:app"',
            )


RULES: tuple[Rule, ...] = (
    Rule("CG201", "privileged-container", Severity.ERROR, _refused(("privileged",))),
    Rule("CG202", "container-links", Severity.ERROR, _refused(_LINKS)),
    Rule("CG203", "host-device", Severity.ERROR, _refused(_DEVICES)),
    Rule("CG204", "unsupported-parameter", Severity.ERROR, _refused(None)),
    Rule("CG205", "network-mode", Severity.ERROR, _refused(("network_mode",))),
    Rule("CG206", "pid-mode", Severity.ERROR, _pid_mode),
    Rule("CG207", "added-capability", Severity.ERROR, _added_capability),
    Rule("CG208", "unknown-capability", Severity.ERROR, _unknown_capability),
    Rule("CG209", "kernel-parameter", Severity.ERROR, _kernel_parameter),
    Rule("CG210", "ineffective-ulimit", Severity.WARNING, _ineffective_ulimit),
    Rule("CG211", "unknown-ulimit", Severity.ERROR, _unknown_ulimit),
    Rule("CG212", "ulimit-out-of-range", Severity.ERROR, _ulimit_out_of_range),
    Rule("CG213", "soft-limit-above-hard", Severity.ERROR, _soft_above_hard),
    Rule("CG214", "tmpfs-option", Severity.ERROR, _tmpfs_option),
    Rule("CG215", "user-format", Severity.ERROR, _user_format),
)
