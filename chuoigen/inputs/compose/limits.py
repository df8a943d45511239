"""What limits a compose service: CPU, memory, ulimits, capabilities; and how many of it there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuoigen.inputs.compose.composition import members
from chuoigen.inputs.compose.keys import DEPLOY
from chuoigen.inputs.compose.values import mebibytes, number, whole
from chuoigen.inputs.translating import Absent, Raw
from chuoigen.messages import Texts
from chuoigen.yaml.scalars import Integer
from chuoigen.yaml.unknown import Unknown

if TYPE_CHECKING:
    from chuoigen.inputs.compose.composition import Composition, Put
    from chuoigen.yaml.document import KeyPath

_UNITS = 1024
"""CPU units of one processor."""
_say = Texts(__name__)


def cpus(raw: Raw, path: KeyPath, target: Composition) -> None:
    """Put the share of processors: units, of which a processor has 1024."""
    _amount(raw, (*path, "cpu"), number(raw.value), _UNITS, target, "number")


def memory(raw: Raw, path: KeyPath, target: Composition) -> None:
    """Put the limit of memory."""
    _amount(raw, (*path, "memory"), mebibytes(raw.value), 1, target, "bytes")


def reservation(raw: Raw, path: KeyPath, target: Composition) -> None:
    """Put the memory that is kept for the service."""
    _amount(raw, (*path, "memory_reservation"), mebibytes(raw.value), 1, target, "bytes")


def _amount(raw: Raw, path: KeyPath, amount: float | None, factor: int, target: Composition, expected: str) -> None:
    if isinstance(raw.value, Unknown):
        target.put(path, raw, raw.value)
    elif amount is None:
        target.invalid(raw, expected)
    elif amount:
        exact = amount * factor
        target.put(path, raw, whole(exact))
        if exact != int(exact):
            target.leave(raw, _say("rounded", carried=int(whole(exact))))


def scale(raw: Raw, _path: KeyPath, target: Composition) -> None:
    """Say that all containers of a task come together, once each."""
    if not isinstance(raw.value, Unknown) and number(raw.value) not in (0.0, 1.0):
        target.cannot(raw, _say("unsupported-parameter.scale", count=str(raw.value)), "CG204")


def deploy(raw: Raw, path: KeyPath, target: Composition) -> None:
    """Put the resources of a deployment together."""
    for key, child in members(raw, DEPLOY, target, path):
        if key == "replicas":
            scale(child, path, target)
        elif key == "resources":
            _resources(child, path, target)


def _resources(raw: Raw, path: KeyPath, target: Composition) -> None:
    limits, reserved = raw.get("limits"), raw.get("reservations")
    for member, put in (("memory", memory), ("cpus", cpus)):
        _with(limits.get(member), put, path, target)
    _with(reserved.get("memory"), reservation, path, target)
    if not limits.get("cpus"):
        _with(reserved.get("cpus"), cpus, path, target)
    for part in (limits.get("pids"), reserved.get("generic_resources")):
        if isinstance(part, Raw):
            target.leave(part, _say("resources"))
    if reserved.get("devices"):
        target.copy(reserved.get("devices"), (*path, "gpus"))


def _with(raw: Raw | Absent, put: Put, path: KeyPath, target: Composition) -> None:
    if isinstance(raw, Raw):
        put(raw, path, target)


def ulimits(raw: Raw, path: KeyPath, target: Composition) -> None:
    """Put limits by name: one number, or a soft and a hard one."""
    for name, limit in raw.members():
        at = (*path, "ulimits", name)
        parts = {"soft": limit.get("soft"), "hard": limit.get("hard")}
        if not isinstance(limit.value, dict):
            parts = {"soft": limit, "hard": limit}
        usable = {key: _count(part) for key, part in parts.items()}
        if None in usable.values():
            target.invalid(limit, "limit")
            continue
        target.put(at, limit, {})
        for key, value in usable.items():
            target.put((*at, key), parts[key], value)


def _count(raw: Raw | Absent) -> Integer | Unknown | None:
    if isinstance(raw.value, Unknown):
        return raw.value
    text = str(raw.value).removeprefix("-")
    known = text.isdecimal() and text.isascii() and number(text) is not None and not isinstance(raw.value, bool)
    return Integer(int(str(int(raw.value)))) if known else None


def capabilities(kind: str) -> Put:
    """Return what puts capabilities that are added or dropped, without the prefix that Docker takes too."""

    def put(raw: Raw, path: KeyPath, target: Composition) -> None:
        at = (*path, "capabilities", kind)
        for item in raw.items():
            if isinstance(item.value, str):
                name = item.value if isinstance(item.value, Unknown) else item.value.upper().removeprefix("CAP_")
                target.put((*path, "capabilities"), raw, target.at((*path, "capabilities")) or {})
                target.add(at, raw, item, name)
            else:
                target.invalid(item, "text")

    return put
