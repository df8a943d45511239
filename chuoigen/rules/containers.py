"""The containers: how many, with which names and words to run, and the parameters that Fargate refuses or ignores."""

import difflib
import math
import re
from collections.abc import Callable, Iterator
from typing import Any

from chuoigen.aws import limits, names, vocabulary
from chuoigen.aws.names import Kind
from chuoigen.aws.refused import REFUSED_CONTAINER, REFUSED_SERVICE, REFUSED_TASK, Refusal
from chuoigen.diagnostics import Severity
from chuoigen.lint.each import containers, each
from chuoigen.lint.rule import Finding, Rule, Subject
from chuoigen.messages import Key, Message, Texts
from chuoigen.spec.container import Container
from chuoigen.spec.runtime import WrittenTmpfs, WrittenUlimit
from chuoigen.yaml.document import KeyPath

_say = Texts(__name__)

# What ECS's JSON puts around a name and its value: quotes, the two keys, brackets, commas.
_PAIR_OVERHEAD_BYTES = 24
_LINKS = ("links", "external_links")
_DEVICES = ("devices", "device_cgroup_rules")
_OWN_RULE = ("privileged", *_LINKS, *_DEVICES, "network_mode")
# Docker refuses ids above the largest that a signed 32-bit integer holds.
_ID_MAX = 2_147_483_647
_USER_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*\$?")


def _no_container(subject: Subject) -> Iterator[Finding]:
    if not subject.spec.containers:
        yield Finding(("containers",), _say("no-container"), on_key=True)


def _too_many(subject: Subject) -> Iterator[Finding]:
    named, most = list(subject.spec.containers), limits.CONTAINERS_MAX
    if len(named) > most:
        words = _say("too-many-containers", count=len(named), most=most)
        yield Finding(("containers", named[most]), words, on_key=True)


def _no_essential(subject: Subject) -> Iterator[Finding]:
    named = subject.spec.containers
    if named and not any(container.essential for container in named.values()):
        yield Finding(("containers", next(iter(named)), "essential"), _say("no-essential-container"))


@each(containers)
def _name_format(name: str, _: Container) -> Iterator[Finding]:
    violation = names.violation(Kind.CONTAINER, name)
    if violation:
        words = _say("container-name-format", container=name, violation=violation)
        yield Finding(("containers", name), words, on_key=True)


def _bytes(container: Container) -> int:
    """Estimate what the container takes in the task definition, from below."""
    pairs = [(name, value.value or "") for name, value in container.environment.items()]
    pairs += [(name, str(secret.ssm or secret.secrets_manager or "")) for name, secret in container.secrets.items()]
    pairs += container.labels.items()
    words = [*(container.command or ()), *(container.entrypoint or ())]
    size = sum(len(f"{name}{value}".encode(errors="replace")) + _PAIR_OVERHEAD_BYTES for name, value in pairs)
    return size + sum(len(word.encode(errors="replace")) for word in words)


def _too_large(subject: Subject) -> Iterator[Finding]:
    sizes = {name: _bytes(container) for name, container in subject.spec.containers.items()}
    total, most = sum(sizes.values()), limits.TASK_DEFINITION_BYTES_MAX
    if total > most:
        largest = max(sizes, key=lambda name: sizes[name])
        words = _say("task-definition-too-large", total=total, most=most, container=largest, share=sizes[largest])
        yield Finding(("containers", largest), words, on_key=True)


def _refusal(path: KeyPath) -> Refusal | None:
    tables = {"containers": REFUSED_CONTAINER, "task": REFUSED_TASK, "service": REFUSED_SERVICE}
    refusals = tables.get(str(path[0]))
    return refusals.get(str(path[-1])) if refusals else None


def _asks_nothing(value: Any, refusal: Refusal) -> bool:
    """Say whether a value is the same as leaving the key out."""
    if value is None or value in ([], {}):
        return True
    return any(isinstance(value, type(allowed)) and value == allowed for allowed in refusal.allowed)


def _refused(rule: str, keys: tuple[str, ...] | None) -> Callable[[Subject], Iterator[Finding]]:
    """Return the check of a rule that reports these keys; None: all keys that have no rule of their own."""

    def check(subject: Subject) -> Iterator[Finding]:
        for path, value in subject.refused.items():
            key, refusal = str(path[-1]), _refusal(path)
            mine = key in keys if keys is not None else key not in _OWN_RULE
            if not mine or refusal is None or _asks_nothing(value, refusal):
                continue
            whole = len(path) == 2  # noqa: PLR2004  a part of the spec and its key
            owner = _say(f"owner.{path[0]}") if whole else _say("owner.container", container=str(path[1]))
            words = _say(rule, owner=owner, key=Key(path), reason=refusal.message)
            yield Finding(path, words, on_key=True)

    return check


def _capabilities(subject: Subject) -> Iterator[tuple[KeyPath, str, str]]:
    """Yield path, name and whether it is added (`add`) or dropped (`drop`) of every capability."""
    for name, container in subject.spec.containers.items():
        if container.capabilities is not None:
            for key in ("add", "drop"):
                for index, capability in enumerate(getattr(container.capabilities, key)):
                    yield ("containers", name, "capabilities", key, index), capability, key


@each(_capabilities)
def _added_capability(path: KeyPath, capability: str, key: str) -> Iterator[Finding]:
    allowed = tuple(vocabulary.CAPABILITIES_ADDABLE)
    if key == "add" and capability in vocabulary.CAPABILITIES and capability not in allowed:
        yield Finding(
            path, _say("added-capability", container=str(path[1]), capability=capability, capabilities=allowed)
        )


@each(_capabilities)
def _unknown_capability(path: KeyPath, capability: str, _: str) -> Iterator[Finding]:
    if capability not in vocabulary.CAPABILITIES:
        bare = capability.upper().removeprefix("CAP_")
        close = difflib.get_close_matches(bare, vocabulary.CAPABILITIES, n=1)
        words = (
            _say("unknown-capability.close", capability=capability, meant=close[0])
            if close
            else _say("unknown-capability", capability=capability)
        )
        yield Finding(path, words)


@each(containers)
def _kernel_parameter(name: str, container: Container) -> Iterator[Finding]:
    prefixes = vocabulary.SYSTEM_CONTROL_PREFIXES
    allowed = (*vocabulary.SYSTEM_CONTROLS, *(f"{prefix}*" for prefix in prefixes))
    for parameter in container.sysctls:
        if parameter not in vocabulary.SYSTEM_CONTROLS and not parameter.startswith(prefixes):
            words = _say("kernel-parameter", container=name, parameter=parameter, parameters=allowed)
            yield Finding(("containers", name, "sysctls", parameter), words, on_key=True)


def _ulimits(subject: Subject) -> Iterator[tuple[KeyPath, str, str, WrittenUlimit]]:
    """Yield path, container, name and limits of every ulimit."""
    for name, container in subject.spec.containers.items():
        for limit, written in container.ulimits.items():
            yield ("containers", name, "ulimits", limit), name, limit, written


@each(_ulimits)
def _ineffective_ulimit(path: KeyPath, name: str, limit: str, _: WrittenUlimit) -> Iterator[Finding]:
    if limit in vocabulary.ULIMITS and limit not in vocabulary.ULIMITS_HONOURED:
        words = _say("ineffective-ulimit", limit=limit, container=name, limits=tuple(vocabulary.ULIMITS_HONOURED))
        yield Finding(path, words, on_key=True)


@each(_ulimits)
def _unknown_ulimit(path: KeyPath, _: str, limit: str, __: WrittenUlimit) -> Iterator[Finding]:
    if limit not in vocabulary.ULIMITS:
        close = difflib.get_close_matches(limit.lower(), vocabulary.ULIMITS, n=1)
        words = (
            _say("unknown-ulimit.close", limit=limit, meant=close[0])
            if close
            else _say("unknown-ulimit", limit=limit, limits=tuple(vocabulary.ULIMITS))
        )
        yield Finding(path, words, on_key=True)


def _range(limit: str) -> limits.Limit:
    return limits.NOFILE if limit == "nofile" else limits.ULIMIT


@each(_ulimits)
def _ulimit_out_of_range(path: KeyPath, name: str, limit: str, written: WrittenUlimit) -> Iterator[Finding]:
    admitted = _range(limit)
    wrong = [amount for amount in (written.soft, written.hard) if not admitted.admits(amount)]
    if wrong and limit in vocabulary.ULIMITS:
        words = _say(
            "ulimit-out-of-range",
            limit=limit,
            container=name,
            amount=wrong[0],
            range=admitted.range,
        )
        yield Finding(path, words)


@each(_ulimits)
def _soft_above_hard(path: KeyPath, name: str, limit: str, written: WrittenUlimit) -> Iterator[Finding]:
    soft, hard = (math.inf if amount == -1 else amount for amount in (written.soft, written.hard))
    if soft > hard and _range(limit).admits(written.soft) and _range(limit).admits(written.hard):
        words = _say("soft-limit-above-hard", limit=limit, container=name, soft=written.soft, hard=written.hard)
        yield Finding((*path, "soft"), words)


def _tmpfs(subject: Subject) -> Iterator[tuple[KeyPath, WrittenTmpfs]]:
    for name, container in subject.spec.containers.items():
        for path, tmpfs in container.tmpfs.items():
            yield ("containers", name, "tmpfs", path), tmpfs


@each(_tmpfs)
def _tmpfs_option(path: KeyPath, tmpfs: WrittenTmpfs) -> Iterator[Finding]:
    for index, written in enumerate(tmpfs.options):
        option, equals, _ = written.partition("=")
        valued = option in vocabulary.TMPFS_VALUED_OPTIONS
        if option not in vocabulary.TMPFS_OPTIONS or bool(equals) is not valued:
            yield Finding((*path, "options", index), _unknown_option(written, option))


def _unknown_option(written: str, option: str) -> Message:
    close = difflib.get_close_matches(option, vocabulary.TMPFS_OPTIONS, n=1)
    if not close:
        return _say("tmpfs-option", option=written)
    if close[0] in vocabulary.TMPFS_VALUED_OPTIONS:
        return _say("tmpfs-option.value", option=written, meant=close[0])
    return _say("tmpfs-option.close", option=written, meant=close[0])


def _user_part(part: str) -> bool:
    if part.isascii() and part.isdecimal():
        return len(part) <= len(str(_ID_MAX)) and int(part) <= _ID_MAX
    return _USER_NAME.fullmatch(part) is not None


@each(containers)
def _user_format(name: str, container: Container) -> Iterator[Finding]:
    parts = container.user.split(":") if container.user is not None else []
    if len(parts) > 2 or not all(_user_part(part) for part in parts):  # noqa: PLR2004  user and group
        words = _say("user-format", user=container.user or "", container=name)
        yield Finding(("containers", name, "user"), words)


RULES: tuple[Rule, ...] = (
    Rule("CG201", "privileged-container", Severity.ERROR, _refused("privileged-container", ("privileged",))),
    Rule("CG202", "container-links", Severity.ERROR, _refused("container-links", _LINKS)),
    Rule("CG203", "host-device", Severity.ERROR, _refused("host-device", _DEVICES)),
    Rule("CG204", "unsupported-parameter", Severity.ERROR, _refused("unsupported-parameter", None)),
    Rule("CG205", "network-mode", Severity.ERROR, _refused("network-mode", ("network_mode",))),
    Rule("CG207", "added-capability", Severity.ERROR, _added_capability),
    Rule("CG208", "unknown-capability", Severity.ERROR, _unknown_capability),
    Rule("CG209", "kernel-parameter", Severity.ERROR, _kernel_parameter),
    Rule("CG210", "ineffective-ulimit", Severity.WARNING, _ineffective_ulimit),
    Rule("CG211", "unknown-ulimit", Severity.ERROR, _unknown_ulimit),
    Rule("CG212", "ulimit-out-of-range", Severity.ERROR, _ulimit_out_of_range),
    Rule("CG213", "soft-limit-above-hard", Severity.ERROR, _soft_above_hard),
    Rule("CG214", "tmpfs-option", Severity.ERROR, _tmpfs_option),
    Rule("CG215", "user-format", Severity.ERROR, _user_format),
    Rule("CG221", "no-container", Severity.ERROR, _no_container),
    Rule("CG222", "too-many-containers", Severity.ERROR, _too_many),
    Rule("CG225", "no-essential-container", Severity.ERROR, _no_essential),
    Rule("CG226", "container-name-format", Severity.ERROR, _name_format),
    Rule("CG235", "task-definition-too-large", Severity.ERROR, _too_large),
)
