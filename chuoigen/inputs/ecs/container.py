"""A container definition of Amazon ECS into a container of the language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chuoigen.aws import limits
from chuoigen.diagnostics import Severity
from chuoigen.inputs.translating import Absent, Raw, Target, known_texts
from chuoigen.messages import Key, Texts
from chuoigen.spec.model import shown
from chuoigen.yaml.unknown import Unknown

if TYPE_CHECKING:
    from chuoigen.yaml.document import KeyPath

Known = tuple[frozenset[str] | None, frozenset[str] | None]
"""The names of the containers and of the volumes; None where one of them is unknown."""

_LISTED = {
    "image": "image",
    "command": "command",
    "entryPoint": "entrypoint",
    "user": "user",
    "workingDirectory": "working_dir",
    "readonlyRootFilesystem": "read_only",
    "interactive": "interactive",
    "pseudoTerminal": "pseudo_terminal",
    "essential": "essential",
    "memory": "memory",
    "memoryReservation": "memory_reservation",
    "stopTimeout": "stop_timeout",
    "startTimeout": "start_timeout",
    "versionConsistency": "version_consistency",
    "privileged": "privileged",
    "links": "links",
    "hostname": "hostname",
    "disableNetworking": "disable_networking",
    "dnsServers": "dns",
    "dnsSearchDomains": "dns_search",
    "extraHosts": "extra_hosts",
    "dockerSecurityOptions": "docker_security_options",
    "resourceRequirements": "resource_requirements",
    "dockerLabels": "labels",
    "credentialSpecs": "credential_specs",
}
_LINUX = {
    "capabilities": "capabilities",
    "initProcessEnabled": "init",
    "devices": "devices",
    "sharedMemorySize": "shm_size",
    "maxSwap": "memswap_limit",
    "swappiness": "mem_swappiness",
}
_HEALTHCHECK = {
    "command": "command",
    "interval": "interval",
    "timeout": "timeout",
    "retries": "retries",
    "startPeriod": "start_period",
}
_AWSLOGS = {
    "awslogs-group": "group",
    "awslogs-stream-prefix": "stream_prefix",
    "mode": "mode",
    "max-buffer-size": "max_buffer_size",
}
_AWSLOGS_REQUIRED = ("awslogs-group", "awslogs-region", "awslogs-stream-prefix")
_CHECK_WORDS = ("CMD", "CMD-SHELL", "NONE")
_NO_LOGS = "none"
"""A driver that stands for none: without logConfiguration a container of ECS on Fargate has no logs."""
_say = Texts(__name__)


def names_of(listed: Raw | Absent) -> frozenset[str] | None:
    """Return the names of the containers; None where one of them is unknown."""
    return known_texts(listed, "name")


def container(raw: Raw, name: str, target: Target, known: Known) -> None:
    """Put a container of that name together."""
    path: KeyPath = ("containers", name)
    if isinstance(raw.value, Unknown):
        target.put(path, raw, raw.value)
        return
    target.put(path, raw, {}, key=raw.get("name"))
    if not raw.get("name") and not raw.is_unusable("name"):
        target.say(_say("missing-key", container=name, key=Key(("name",))), "CG012", raw)
    if not raw.get("image"):
        target.fill((*path, "image"), Unknown(""))  # a pipeline writes it into the file
    for member, key in _LISTED.items():
        target.copy(raw.get(member), (*path, key))
    cpu = raw.get("cpu")
    target.note(cpu)
    if cpu.value != 0:
        target.copy(cpu, (*path, "cpu"))
    _environment(raw, path, target)
    _ports(raw, path, target)
    _mounts(raw, path, target, known[1])
    _volumes_from(raw, path, target, known[0])
    _starts(raw, path, target, known[0])
    _limits(raw, path, target)
    _logs(raw, path, target)


def _environment(raw: Raw, path: KeyPath, target: Target) -> None:
    for one, name in target.named(raw.get("environment"), "name", twice="duplicate-variable"):
        value = one.get("value")
        target.put((*path, "environment", name), value or one, value.value if value else "", key=one.get("name"))
    for one, name in target.named(raw.get("secrets"), "name"):
        _secret(one, (*path, "secrets", name), target)
    files = raw.get("environmentFiles")
    for file in files.items():
        value = file.get("value")
        item = target.add((*path, "env_files"), files, value, value.value)
        target.point((*item, "file"), value)
        target.note(file, file.get("type"))
    credentials = raw.get("repositoryCredentials").get("credentialsParameter")
    target.copy(credentials, (*path, "repository_credentials", "secrets_manager"))


def _secret(raw: Raw, path: KeyPath, target: Target) -> None:
    """Put a reference to a secret together: the name or ARN of a parameter, or an ARN of Secrets Manager with parts."""
    source = raw.get("valueFrom")
    written = source.value
    if not source:
        return
    target.put(path, source, {}, key=raw.get("name"))
    if isinstance(written, Unknown):
        target.put((*path, "ssm"), source, written)
        return
    if not written.startswith("arn:") or ":secretsmanager:" not in written:
        target.put((*path, "ssm"), source, written)
        return
    parts = written.split(":")
    reference, further = ":".join(parts[:7]), parts[7:]
    target.put((*path, "secrets_manager"), source, reference)
    for key, value in zip(("key", "version_stage", "version_id"), further, strict=False):
        if value:
            target.put((*path, key), source, value)


def _ports(raw: Raw, path: KeyPath, target: Target) -> None:
    listed = raw.get("portMappings")
    taken: list[tuple[int, int]] = []
    for port in listed.items():
        _ranges(port, path, target, taken)
        inside, host = port.get("containerPort"), port.get("hostPort")
        if not inside:
            _any_port(port, listed, (*path, "ports"), target)
            continue
        at = target.add((*path, "ports"), listed, port, {})
        target.copy(inside, (*at, "container"))
        target.note(host)
        if host.value != 0:
            target.copy(host, (*at, "host"))
        for member, key in {"protocol": "protocol", "name": "name", "appProtocol": "app_protocol"}.items():
            target.copy(port.get(member), (*at, key))


def _any_port(port: Raw, listed: Raw | Absent, path: KeyPath, target: Target) -> None:
    """Let a range of ports, which the language cannot say, stand for some port: the container serves something."""
    if port.get("containerPortRange"):
        if target.at(path) is None:
            target.put(path, listed, [])
        target.fill((*path, len(target.at(path))), {"container": Unknown("")})


def _ranges(port: Raw, path: KeyPath, target: Target, taken: list[tuple[int, int]]) -> None:
    """Report a range of ports that is none, or that overlaps one of `taken`; the language has no ranges."""
    written = port.get("containerPortRange")
    match = re.fullmatch(r"([0-9]{1,5})-([0-9]{1,5})", str(written.value)) if written else None
    if match is None:
        if written and not isinstance(written.value, Unknown):
            target.say(_say("invalid-value.range", value=shown(written.value)), "CG013", written)
        return
    first, last = int(match[1]), int(match[2])
    if first > last or not limits.PORT.admits(first) or not limits.PORT.admits(last):
        target.say(_say("invalid-value.range", value=shown(written.value)), "CG013", written)
    elif any(low <= last and first <= high for low, high in taken):
        words = _say("port-declared-twice", container=str(path[-1]), range=written.value)
        target.say(words, "CG304", written)
    taken.append((first, last))


def _mounts(raw: Raw, path: KeyPath, target: Target, volumes: frozenset[str] | None) -> None:
    listed, seen = raw.get("mountPoints"), set[str]()
    for mount in listed.items():
        volume, inside = mount.get("sourceVolume"), mount.get("containerPath")
        name = volume.value
        # One volume may be mounted twice in ECS; the language, whose mounts go by volumes, has the first.
        if not volume or not inside or name in seen or not _is_known(name, volumes):
            continue
        seen.add(name)
        target.put((*path, "mounts"), listed, target.at((*path, "mounts")) or {})
        target.put((*path, "mounts", name), mount, {}, key=volume)
        target.copy(inside, (*path, "mounts", name, "path"))
        target.copy(mount.get("readOnly"), (*path, "mounts", name, "read_only"))


def _volumes_from(raw: Raw, path: KeyPath, target: Target, containers: frozenset[str] | None) -> None:
    listed = raw.get("volumesFrom")
    for one in listed.items():
        source = one.get("sourceContainer")
        if source and _is_known(source.value, containers):
            at = target.add((*path, "volumes_from"), listed, one, {})
            target.copy(source, (*at, "container"))
            target.copy(one.get("readOnly"), (*at, "read_only"))


def _is_known(name: str, names: frozenset[str] | None) -> bool:
    """Say whether a reference can be judged: it is no placeholder, and no placeholder can be what it names."""
    return not isinstance(name, Unknown) and (names is not None)


def _starts(raw: Raw, path: KeyPath, target: Target, containers: frozenset[str] | None) -> None:
    """Put together when a container starts, how it is watched, and when it is restarted."""
    for one, name in target.named(raw.get("dependsOn"), "containerName"):
        condition = one.get("condition")
        if condition and _is_known(name, containers):
            target.put((*path, "depends_on", name), one, {}, key=one.get("containerName"))
            value = condition.value if isinstance(condition.value, Unknown) else condition.value.lower()
            target.put((*path, "depends_on", name, "condition"), condition, value)
    check = raw.get("healthCheck")
    if check:
        target.put((*path, "healthcheck"), check, {})
        for member, key in _HEALTHCHECK.items():
            target.copy(check.get(member), (*path, "healthcheck", key))
        _check_command(check, target, path)
    restart = raw.get("restartPolicy")
    target.note(restart, restart.get("enabled"))
    if restart.get("enabled").value is True:
        target.put((*path, "restart"), restart, {})
        target.copy(restart.get("ignoredExitCodes"), (*path, "restart", "ignored_exit_codes"))
        target.copy(restart.get("restartAttemptPeriod"), (*path, "restart", "attempt_period"))


def _check_command(check: Raw | Absent, target: Target, path: KeyPath) -> None:
    """Report a check whose first word does not say how it runs, and lay it over: the language adds such a word.

    RegisterTaskDefinition takes it and Fargate runs it as a program, against AWS's documentation; Docker knows no such
    check (github.com/aws/aws-cdk/issues/34389 of 2025-05-07 and aws-observability/aws-otel-community/issues/1320 of
    2025-05-14: both saw it healthy on Fargate; checked 2026-11-28).
    """
    words = list(check.get("command").items())
    first = words[0].value if words else ""
    if words and not isinstance(first, Unknown) and first not in _CHECK_WORDS:
        message = _say("health-check-command", words=_CHECK_WORDS[:2])
        target.say(message, "CG510", words[0], severity=Severity.WARNING)
        target.copy(check.get("command"), (*path, "overrides", "healthCheck", "command"))
        target.void((*path, "overrides"))
    if not words:
        target.void((*path, "healthcheck"))


def _limits(raw: Raw, path: KeyPath, target: Target) -> None:
    """Put together what limits a container: ulimits, capabilities, kernel parameters, file systems in memory."""
    for one, name in target.named(raw.get("ulimits"), "name"):
        target.put((*path, "ulimits", name), one, {}, key=one.get("name"))
        target.copy(one.get("softLimit"), (*path, "ulimits", name, "soft"))
        target.copy(one.get("hardLimit"), (*path, "ulimits", name, "hard"))
    for one, name in target.named(raw.get("systemControls"), "namespace"):
        value = one.get("value")
        target.put((*path, "sysctls", name), value or one, value.value if value else "", key=one.get("namespace"))
    linux = raw.get("linuxParameters")
    target.note(linux)
    for member, key in _LINUX.items():
        target.copy(linux.get(member), (*path, key))
    for one, name in target.named(linux.get("tmpfs"), "containerPath"):
        target.put((*path, "tmpfs", name), one, {}, key=one.get("containerPath"))
        if not one.get("size"):
            target.fill((*path, "tmpfs", name, "size"), Unknown(""))
        target.copy(one.get("size"), (*path, "tmpfs", name, "size"))
        target.copy(one.get("mountOptions"), (*path, "tmpfs", name, "options"))


def _logs(raw: Raw, path: KeyPath, target: Target) -> None:
    router = raw.get("firelensConfiguration")
    if router:
        target.put((*path, "firelens"), router, {})
        if not router.get("type"):
            target.fill((*path, "firelens", "type"), Unknown(""))
        target.copy(router.get("type"), (*path, "firelens", "type"))
        target.copy(router.get("options"), (*path, "firelens", "options"))
    logs, at = raw.get("logConfiguration"), (*path, "logs")
    driver, options = logs.get("logDriver"), logs.get("options")
    if not driver:
        target.fill(at, {"driver": Unknown("") if logs else _NO_LOGS})
        return
    target.put(at, logs, {})
    target.copy(driver, (*at, "driver"))
    target.note(options)
    named = _AWSLOGS if driver.value == "awslogs" else {}
    if isinstance(options, Raw):
        for option, value in options.members():
            target.copy(value, (*at, named[option]) if option in named else (*at, "options", option))
    for one, name in target.named(logs.get("secretOptions"), "name"):
        _secret(one, (*at, "secret_options", name), target)
    given = {*(options.value or {}), *(one.get("name").value for one in logs.get("secretOptions").items())}
    missing = tuple(option for option in _AWSLOGS_REQUIRED if option not in given)
    if named and missing and not any(isinstance(one, Unknown) for one in (options.value, *given)):
        target.say(_say("missing-log-option", missing=missing), "CG851", driver)
