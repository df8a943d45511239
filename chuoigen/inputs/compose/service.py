"""A service of compose into a container."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuoigen.aws import vocabulary
from chuoigen.inputs.compose import building, env_files, lifecycle, limits, mounts, ports, variables
from chuoigen.inputs.compose.composition import members, refused, switched
from chuoigen.inputs.compose.keys import SERVICE
from chuoigen.inputs.compose.values import text, words
from chuoigen.inputs.translating import Absent, Raw
from chuoigen.messages import Texts
from chuoigen.yaml.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Callable

    from chuoigen.inputs.compose.composition import Composition, Put
    from chuoigen.yaml.document import KeyPath

_LOCAL_DRIVERS = ("json-file", "local", "none", "journald")
"""Drivers that keep lines on the machine that runs Docker."""
_OPTIONS = {
    "awslogs-group": "group",
    "awslogs-stream-prefix": "stream_prefix",
    "mode": "mode",
    "max-buffer-size": "max_buffer_size",
}
_REGION = "awslogs-region"
_SHARED_MODES = ("bridge", "default")
_PLATFORM_PARTS = 2
_say = Texts(__name__)


def service(services: Raw | Absent, name: str, layers: list[Raw], target: Composition) -> None:
    """Put the container of that name together: what a service extends is laid first, itself last."""
    path: KeyPath = ("containers", name)
    target.put(path, layers[-1], target.at(path) or {})
    for raw in layers:
        for key, child in members(raw, SERVICE, target):
            _CARRIED[key](child, path, target)
    container = target.at(path)
    if "build" in container and "image" in container:
        del container["image"]  # under compose it names what is built
    if not container.keys() & {"build", "image"}:
        target.fill((*path, "image"), Unknown(""))
        if target.whole and not any(raw.value.get("build") or raw.value.get("provider") for raw in layers):
            target.say(_say("missing-image", service=name), "CG223", services, key=name)


def _copied(key: str) -> Put:
    return lambda raw, path, target: target.put((*path, key), raw, text(raw.value))


def _truth(key: str) -> Put:
    return lambda raw, path, target: target.put((*path, key), raw, switched(raw))


def _command(key: str) -> Put:
    """Return what puts a command: a list of words, or a line that is split as a shell does."""

    def put(raw: Raw, path: KeyPath, target: Composition) -> None:
        split = words(raw.value) if isinstance(raw.value, str) else None
        at = (*path, key)
        if isinstance(raw.value, list):
            target.put(at, raw, [])
            for item in raw.items():
                if isinstance(item.value, dict | list):
                    target.invalid(item, "text")
                else:
                    target.put((*at, len(target.at(at))), item, text(item.value))
        elif split is None:
            target.say(_say("invalid-value.quote"), "CG013", raw)
        else:
            target.put(at, raw, [])
            for index, word in enumerate(split):
                target.put((*at, index), raw, word)

    return put


def _logging(raw: Raw, path: KeyPath, target: Composition) -> None:
    """Put the driver, where a task has it, with its options."""
    driver, options, at = raw.get("driver"), raw.get("options"), (*path, "logs")
    if not isinstance(driver, Raw) or driver.value in _LOCAL_DRIVERS:
        target.leave(raw, _say("local-logs"))
        return
    if not isinstance(driver.value, Unknown) and driver.value not in vocabulary.LOG_DRIVERS:
        words_ = _say("unsupported-log-driver", driver=str(driver.value), known=tuple(vocabulary.LOG_DRIVERS))
        target.cannot(driver, words_, "CG850")
        return
    target.put(at, raw, {})
    target.copy(driver, (*at, "driver"))
    named = _OPTIONS if driver.value == "awslogs" else {}
    for option, value in options.members() if isinstance(options, Raw) else ():
        if not (named and option == _REGION) and not isinstance(value.value, dict | list):
            target.put((*at, named[option]) if option in named else (*at, "options", option), value, text(value.value))


def _network_mode(raw: Raw, _path: KeyPath, target: Composition) -> None:
    mode = raw.value
    if isinstance(mode, Unknown) or mode in _SHARED_MODES or mode.startswith("service:"):
        target.leave(raw, _say("one-network"))
    else:
        refused("network_mode", raw, target)


def _platform(raw: Raw, _path: KeyPath, target: Composition) -> None:
    """Put the platform of the task, of which there is one."""
    value = raw.value if isinstance(raw.value, Unknown) else "/".join(raw.value.split("/")[:_PLATFORM_PARTS])
    known = target.at(("task", "platform"))
    if known is None:
        target.put(("task", "platform"), raw, value)
    elif known != value and not isinstance(value, Unknown):
        target.cannot(raw, _say("unsupported-parameter.platform", platform=value, other=known), "CG204")


def _nothing(_raw: Raw, _path: KeyPath, _target: Composition) -> None:
    """Read elsewhere: it decides which services there are."""


_CARRIED: dict[str, Callable[[Raw, KeyPath, Composition], None]] = {
    "build": building.build,
    "cap_add": limits.capabilities("add"),
    "cap_drop": limits.capabilities("drop"),
    "command": _command("command"),
    "cpus": limits.cpus,
    "depends_on": lifecycle.depends_on,
    "deploy": limits.deploy,
    "entrypoint": _command("entrypoint"),
    "env_file": env_files.env_file,
    "environment": variables.environment,
    "extends": _nothing,
    "healthcheck": lifecycle.healthcheck,
    "image": _copied("image"),
    "init": _truth("init"),
    "labels": variables.labels,
    "logging": _logging,
    "mem_limit": limits.memory,
    "mem_reservation": limits.reservation,
    "network_mode": _network_mode,
    "platform": _platform,
    "ports": ports.ports,
    "profiles": _nothing,
    "read_only": _truth("read_only"),
    "restart": lifecycle.restart,
    "scale": limits.scale,
    "stop_grace_period": lifecycle.stop,
    "sysctls": variables.sysctls,
    "tmpfs": mounts.tmpfs,
    "tty": _truth("pseudo_terminal"),
    "ulimits": limits.ulimits,
    "user": _copied("user"),
    "volumes": mounts.volumes,
    "working_dir": _copied("working_dir"),
}
