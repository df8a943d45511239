"""The container of a workload and its sidecars into containers of the language."""

from __future__ import annotations

import os
import pathlib
import posixpath
from typing import TYPE_CHECKING

from chuoigen.aws.vocabulary import FIRELENS_TYPES
from chuoigen.diagnostics import Severity
from chuoigen.inputs.copilot import values
from chuoigen.inputs.translating import Absent, Raw
from chuoigen.messages import Texts
from chuoigen.yaml.scalars import Integer
from chuoigen.yaml.unknown import Unknown

if TYPE_CHECKING:
    from chuoigen.inputs.translating import Target
    from chuoigen.yaml.document import KeyPath

_CHECK = ["CMD-SHELL", "curl -f http://localhost/ || exit 1"]
_INTERVAL, _TIMEOUT, _RETRIES, _START = 10, 5, 2, 0
"""Copilot's defaults of a health check, in seconds and times (internal/pkg/manifest/workload_ecs.go, v1.33)."""
_ROUTER = "firelens_log_router"
_ROUTER_IMAGE = "public.ecr.aws/aws-observability/aws-for-fluent-bit:stable"
_ROUTER_TYPE = FIRELENS_TYPES[1]
_WORKSPACE = "copilot"
_say = Texts(__name__)


def main(root: Raw, name: str, target: Target) -> None:
    """Put the container of the workload itself."""
    path: KeyPath = ("containers", name)
    image = root.get("image")
    target.put(path, image or root, {})
    _image(image, path, target)
    values.command(root.get("entrypoint"), (*path, "entrypoint"), target)
    values.command(root.get("command"), (*path, "command"), target)
    values.variables(root.get("variables"), (*path, "environment"), target)
    values.secrets(root.get("secrets"), (*path, "secrets"), target)
    _env_file(root, target)
    target.copy(image.get("credentials"), (*path, "repository_credentials", "secrets_manager"))
    values.labels(image.get("labels"), (*path, "labels"), target)
    _depends_on(image, path, target)
    _healthcheck(image, path, target)
    port = image.get("port")
    if isinstance(port, Raw):
        _port(port, path, target)
    target.copy(root.get("storage").get("readonly_fs"), (*path, "read_only"))


def sidecar(raw: Raw, name: str, target: Target) -> None:
    """Put a sidecar."""
    path: KeyPath = ("containers", name)
    target.put(path, raw, {})
    image = raw.get("image")
    if isinstance(image.value, str):
        target.put((*path, "image"), image, image.value)
    else:
        _image(image, path, target)
    port = raw.get("port")
    if isinstance(port, Raw):
        _port(port, path, target)
    target.copy(raw.get("essential"), (*path, "essential"))
    target.copy(raw.get("credentialsParameter"), (*path, "repository_credentials", "secrets_manager"))
    values.command(raw.get("entrypoint"), (*path, "entrypoint"), target)
    values.command(raw.get("command"), (*path, "command"), target)
    values.variables(raw.get("variables"), (*path, "environment"), target)
    values.secrets(raw.get("secrets"), (*path, "secrets"), target)
    values.labels(raw.get("labels"), (*path, "labels"), target)
    _env_file(raw, target)
    _depends_on(raw, path, target)
    _healthcheck(raw, path, target)
    for mount in raw.get("mount_points").items():
        volume = mount.get("source_volume")
        if not isinstance(volume, Raw) or not isinstance(volume.value, str) or isinstance(volume.value, Unknown):
            continue
        if target.at(("volumes", volume.value)) is None:
            # A patch of the stack, in overrides/, may declare it.
            words = _say("undeclared-volume", volume=volume.value)
            target.say(words, "CG420", volume, severity=Severity.WARNING)
            continue
        _mount(mount, volume.value, path, target)
        target.note(volume)


def mounts(root: Raw, name: str, target: Target) -> None:
    """Put the mounts of the workload's own container: all of its volumes that have a path."""
    for volume, raw in _members(root.get("storage").get("volumes")):
        if raw.get("path"):
            _mount(raw, volume, ("containers", name), target)


def logging(root: Raw, name: str, target: Target) -> None:
    """Put the log router that Copilot adds for `logging`, unless that only says how long lines are kept."""
    raw = root.get("logging")
    asked = [key for key, _ in raw.members() if key != "retention"] if isinstance(raw, Raw) else []
    if not isinstance(raw, Raw) or not asked:
        return
    path, logs = ("containers", _ROUTER), ("containers", name, "logs")
    target.put(path, raw, {})
    image = raw.get("image")
    target.put((*path, "image"), image, image.value) if image else target.fill((*path, "image"), _ROUTER_IMAGE)
    metadata, file = raw.get("enableMetadata"), raw.get("configFilePath")
    target.put((*path, "firelens"), raw, {"type": _ROUTER_TYPE, "options": {}})
    on = "false" if metadata.value is False else "true"
    target.put((*path, "firelens", "options", "enable-ecs-log-metadata"), metadata or raw, on)
    if file:
        target.fill((*path, "firelens", "options", "config-file-type"), "file")
        target.put((*path, "firelens", "options", "config-file-value"), file, values.text(file.value))
    values.variables(raw.get("variables"), (*path, "environment"), target)
    values.secrets(raw.get("secrets"), (*path, "secrets"), target)
    _env_file(raw, target)
    target.put(logs, raw, {"driver": "awsfirelens"})
    values.variables(raw.get("destination"), (*logs, "options"), target)
    values.secrets(raw.get("secretOptions"), (*logs, "secret_options"), target)


def add_port(container: str, port: Raw, target: Target) -> None:
    """Put a port that only a listener names."""
    path: KeyPath = ("containers", container)
    known = {one["container"] for one in target.at((*path, "ports")) or []}
    plain = values.text(port.value).partition("/")[0]
    if target.at(path) is not None and plain not in map(str, known):
        _port(port, path, target)


def _members(raw: Raw | Absent) -> list[tuple[str, Raw]]:
    return list(raw.members()) if isinstance(raw, Raw) else []


def _port(raw: Raw, path: KeyPath, target: Target) -> None:
    """Put a port; that of a sidecar may have a protocol behind it: `2000/udp`."""
    written, _, protocol = values.text(raw.value).partition("/")
    if isinstance(raw.value, Unknown):
        value: object = raw.value
    elif written.isascii() and written.isdecimal() and len(written) <= len("65535"):
        value = Integer(int(written))
    else:
        target.say(_say("invalid-value.port"), "CG013", raw)
        return
    item = target.add((*path, "ports"), raw, raw, {})
    target.put((*item, "container"), raw, value)
    if protocol.lower() == "udp" and not isinstance(raw.value, Unknown):
        target.put((*item, "protocol"), raw, protocol.lower())


def _image(raw: Raw | Absent, path: KeyPath, target: Target) -> None:
    location, build = raw.get("location"), raw.get("build")
    if isinstance(location, Raw):
        target.put((*path, "image"), location, values.text(location.value))
    elif isinstance(build, Raw):
        _build(build, (*path, "build"), target)
    else:
        target.fill((*path, "image"), Unknown(""))


def _build(raw: Raw, path: KeyPath, target: Target) -> None:
    """Put a build. Paths are relative to the workspace; the context is the Dockerfile's folder unless it is said."""
    target.put(path, raw, {})
    file, context = (
        (raw, raw.get("context")) if isinstance(raw.value, str) else (raw.get("dockerfile"), raw.get("context"))
    )
    folder = values.text(context.value) if context else posixpath.dirname(values.text(file.value or "")) or "."
    name = values.text(file.value) if file else posixpath.join(folder, "Dockerfile")
    target.put((*path, "context"), context or raw, _from_manifest(raw, folder))
    target.put((*path, "dockerfile"), file or raw, _from_manifest(raw, name))
    target.copy(raw.get("target"), (*path, "target"))
    values.variables(raw.get("args"), (*path, "args"), target)


def _from_manifest(raw: Raw, path: str) -> str:
    """Return a path of the workspace relative to the manifest, copilot/<name>/manifest.yml in it."""
    above = pathlib.Path(os.path.abspath(raw.document.file)).parent.parent.name  # noqa: PTH100  resolve() would follow links
    if isinstance(path, Unknown) or above != _WORKSPACE:
        return Unknown(path)
    return path if path.startswith("/") else posixpath.normpath(posixpath.join("../..", path))


def _depends_on(raw: Raw | Absent, path: KeyPath, target: Target) -> None:
    for name, condition in _members(raw.get("depends_on")):
        value = condition.value if isinstance(condition.value, Unknown) else str(condition.value).lower()
        target.put((*path, "depends_on", name), condition, {"condition": value})


def _healthcheck(raw: Raw | Absent, path: KeyPath, target: Target) -> None:
    check, at = raw.get("healthcheck"), (*path, "healthcheck")
    if not isinstance(check, Raw):
        return
    target.put(at, check, {})
    if check.get("command"):
        values.command(check.get("command"), (*at, "command"), target)
    else:
        target.fill((*at, "command"), list(_CHECK))
    values.duration(check.get("interval"), (*at, "interval"), target, _INTERVAL)
    values.duration(check.get("timeout"), (*at, "timeout"), target, _TIMEOUT)
    values.duration(check.get("start_period"), (*at, "start_period"), target, _START)
    if check.get("retries"):
        values.number(check.get("retries"), (*at, "retries"), target)
    else:
        target.fill((*at, "retries"), Integer(_RETRIES))


def _mount(raw: Raw, volume: str, path: KeyPath, target: Target) -> None:
    """Put a mount, which is read-only unless it says otherwise."""
    at, only = (*path, "mounts", volume), raw.get("read_only")
    target.put(at, raw, {})
    target.copy(raw.get("path"), (*at, "path"))
    if only:
        target.copy(only, (*at, "read_only"))
    else:
        target.fill((*at, "read_only"), True)  # noqa: FBT003  Copilot's default


def _env_file(raw: Raw, target: Target) -> None:
    file = raw.get("env_file")
    if isinstance(file, Raw):
        target.leave(file, _say("env-file"))
        target.note(file)
