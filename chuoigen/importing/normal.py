"""Task definitions in a normal form, in which two are equal that mean the same to ECS on Fargate.

What is done away with stands in docs/adopting.md; the defaults are those of AWS (botocore 1.44.8, ecs,
RegisterTaskDefinition, and "Amazon ECS task definition parameters for Fargate", checked 2026-11-28).
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Any

from chuoigen.aws import arn, defaults
from chuoigen.plan.naming import is_own_tag
from chuoigen.spec import scalars

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from chuoigen.yaml.document import KeyPath

PRINTED = frozenset(
    {"taskDefinitionArn", "revision", "status", "requiresAttributes", "compatibilities", "registeredAt"}
    | {"registeredBy", "deregisteredAt", "deleteRequestedAt"}
)
"""Members that only the describe calls print."""
_IDENTITY = {
    "containerDefinitions": ("name",),
    "environment": ("name",),
    "secrets": ("name",),
    "secretOptions": ("name",),
    "ulimits": ("name",),
    "systemControls": ("namespace",),
    "dependsOn": ("containerName",),
    "mountPoints": ("containerPath",),
    "volumesFrom": ("sourceContainer",),
    "portMappings": ("containerPort", "containerPortRange", "protocol"),
    "volumes": ("name",),
    "tags": ("key",),
    "tmpfs": ("containerPath",),
    "resourceRequirements": ("type",),
    "extraHosts": ("hostname",),
    "properties": ("name",),
}
"""Lists whose order says nothing, by the members that tell their items apart."""
_SETS = frozenset({"add", "drop", "mountOptions", "ignoredExitCodes", "requiresCompatibilities", "credentialSpecs"})
"""Lists of single values whose order says nothing."""
_DEFAULTS: dict[tuple[str, ...], Any] = {
    ("networkMode",): "awsvpc",
    ("enableFaultInjection",): False,
    ("runtimePlatform", "cpuArchitecture"): "X86_64",
    ("runtimePlatform", "operatingSystemFamily"): "LINUX",
    ("ephemeralStorage", "sizeInGiB"): defaults.EPHEMERAL_STORAGE_GIB.value,
    ("volumes", "*", "configuredAtLaunch"): False,
    ("volumes", "*", "efsVolumeConfiguration", "rootDirectory"): "/",
    ("volumes", "*", "efsVolumeConfiguration", "transitEncryption"): "DISABLED",
    ("volumes", "*", "efsVolumeConfiguration", "authorizationConfig", "iam"): "DISABLED",
    ("volumes", "*", "s3filesVolumeConfiguration", "rootDirectory"): "/",
    **{
        ("containerDefinitions", "*", *member.split(".")): value
        for member, value in {
            "essential": True,
            "cpu": 0,
            "interactive": False,
            "pseudoTerminal": False,
            "privileged": False,
            "readonlyRootFilesystem": False,
            "disableNetworking": False,
            "versionConsistency": "enabled",
            "stopTimeout": defaults.STOP_TIMEOUT_S.value,
            "linuxParameters.initProcessEnabled": False,
            "portMappings.*.protocol": "tcp",
            "mountPoints.*.readOnly": False,
            "volumesFrom.*.readOnly": False,
            "healthCheck.interval": defaults.HEALTH_INTERVAL_S.value,
            "healthCheck.timeout": defaults.HEALTH_TIMEOUT_S.value,
            "healthCheck.retries": defaults.HEALTH_RETRIES.value,
            "healthCheck.startPeriod": 0,
            "restartPolicy.restartAttemptPeriod": defaults.RESTART_PERIOD_S.value,
            "logConfiguration.options.mode": defaults.LOG_MODE.value,
            "logConfiguration.options.max-buffer-size": defaults.AWS_LOG_BUFFER_SIZE,
            "ulimits.nofile.softLimit": defaults.NOFILE.value,
            "ulimits.nofile.hardLimit": defaults.NOFILE.value,
        }.items()
    },
}
"""What ECS takes where a member is not said, by its path; `*` is any name."""


class Normal:
    """The normal form for one account and region: by them a name and its ARN are the same."""

    def __init__(self, account: str, region: str) -> None:
        """Take the account and the region in which the task definition is registered."""
        self._account = account
        self._region = region

    def form(self, definition: dict[str, Any]) -> dict[str, Any]:
        """Return a task definition, as it is registered or printed, in the normal form: mappings by names."""
        inner = definition.get("taskDefinition", definition)
        known = {member: value for member, value in inner.items() if member not in PRINTED}
        known["tags"] = [tag for tag in known.get("tags") or () if not is_own_tag(str(tag.get("key")))]
        if "FARGATE" in (known.get("requiresCompatibilities") or ("FARGATE",)):
            known.pop("requiresCompatibilities", None)
        found = self._value(known, ())
        return found if isinstance(found, dict) else {}

    def _value(self, value: Any, path: KeyPath) -> Any:
        """Return a value in its normal form; None where it says nothing."""
        member = str(path[-1]) if path else ""
        if isinstance(value, dict):
            return self._mapping(_completed(value, path), path)
        if isinstance(value, list) and member in _IDENTITY and all(isinstance(item, dict) for item in value):
            return self._mapping(_keyed(value, _IDENTITY[member]), path)
        if isinstance(value, list):
            items = [self._value(item, (*path, index)) for index, item in enumerate(value) if item is not None]
            return (sorted(items, key=str) if member in _SETS else items) or None
        special = next((read for pattern, read in _READ.items() if _is_at(path, pattern)), None)
        if special is not None and isinstance(value, str):
            value = special(value, self._account, self._region)
        is_default = any(_is_at(path, pattern) and default == value for pattern, default in _DEFAULTS.items())
        return None if is_default or (value == "" and member != "value") else value

    def _mapping(self, value: dict[str, Any], path: KeyPath) -> dict[str, Any] | None:
        items = ((key, self._value(child, (*path, key))) for key, child in value.items())
        # An item of a list with names says something by being there.
        named = bool(path) and str(path[-1]) in _IDENTITY
        kept = {key: child if child is not None else {} for key, child in items if child is not None or named}
        if named and path[-1] == "ulimits" and kept.get("nofile") == {}:
            del kept["nofile"]
        return kept or None


def _completed(value: dict[str, Any], path: KeyPath) -> dict[str, Any]:
    """Return a structure without what its other members make meaningless."""
    if _is_at(path, ("containerDefinitions", "*", "restartPolicy")) and not value.get("enabled"):
        return {}
    if _is_at(path, ("containerDefinitions", "*", "logConfiguration", "options")) and value.get("mode") == "blocking":
        return {key: child for key, child in value.items() if key != "max-buffer-size"}  # there is no buffer
    if _is_at(path, ("volumes", "*", "host")) and not value.get("sourcePath"):
        return {}
    if _is_at(path, ("containerDefinitions", "*", "environment", "*")):
        return {**value, "value": value.get("value") or ""}
    if _is_at(path, ("tags", "*")):
        return {**value, "value": value.get("value") or ""}
    return value


def _keyed(items: Iterable[dict[str, Any]], members: tuple[str, ...]) -> dict[str, Any]:
    """Return the items of a list by what tells them apart; of several with one name each has a number behind it."""
    found: dict[str, Any] = {}
    for item in items:
        defaulted = {"protocol": "tcp", **{key: child for key, child in item.items() if child not in (None, "")}}
        name = "/".join(str(defaulted[member]) for member in members if member in defaulted)
        name = re.sub(r"(?<=.)/+$", "", name)
        rest = {key: child for key, child in item.items() if key not in members}
        if "hostPort" in rest and rest["hostPort"] in (None, 0, item.get("containerPort")):
            del rest["hostPort"]
        key, number = name, 1
        while found.get(key, rest) != rest:  # what is said twice is said once
            number += 1
            key = f"{name} ({number})"
        found[key] = rest
    return found


def _is_at(path: KeyPath, pattern: tuple[str, ...]) -> bool:
    return len(path) == len(pattern) and all(
        wanted in ("*", str(part)) for part, wanted in zip(path, pattern, strict=True)
    )


def _role(value: str, account: str, region: str) -> str:
    return value if value.startswith("arn:") else arn.role_arn(account, region, value)


def _reference(value: str, account: str, region: str) -> str:
    if value.startswith("arn:"):
        return value.removesuffix(":::")
    return arn.parameter_arn(account, region, value)


def _login(value: str, account: str, region: str) -> str:
    return value if value.startswith("arn:") else arn.secret_arn(account, region, value)


def _amount(kind: Any) -> Callable[[str, str, str], str]:
    read = kind.__metadata__[0].func

    def units(value: str, _account: str, _region: str) -> str:
        try:
            return str(read(value))
        except Exception:  # noqa: BLE001  pydantic's own class of errors: it is no amount, and stays what it is
            return value

    return units


def _folder(value: str, _account: str, _region: str) -> str:
    return posixpath.normpath(value)


_READ: dict[tuple[str, ...], Callable[[str, str, str], str]] = {
    ("executionRoleArn",): _role,
    ("taskRoleArn",): _role,
    ("cpu",): _amount(scalars.Cpu),
    ("memory",): _amount(scalars.Memory),
    ("containerDefinitions", "*", "secrets", "*", "valueFrom"): _reference,
    ("containerDefinitions", "*", "logConfiguration", "secretOptions", "*", "valueFrom"): _reference,
    ("containerDefinitions", "*", "repositoryCredentials", "credentialsParameter"): _login,
    ("volumes", "*", "efsVolumeConfiguration", "rootDirectory"): _folder,
}
"""What reads a text that ECS takes in several spellings, by its path."""
