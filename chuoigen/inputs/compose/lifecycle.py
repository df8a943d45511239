"""How a compose service starts, is watched, and stops."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuoigen.inputs.compose.composition import members, switched
from chuoigen.inputs.compose.keys import HEALTHCHECK
from chuoigen.inputs.compose.values import number, seconds, whole
from chuoigen.inputs.translating import Raw
from chuoigen.messages import Texts
from chuoigen.yaml.scalars import Integer
from chuoigen.yaml.unknown import Unknown

if TYPE_CHECKING:
    from chuoigen.inputs.compose.composition import Composition
    from chuoigen.yaml.document import KeyPath

_CONDITIONS = {
    "service_started": "start",
    "service_healthy": "healthy",
    "service_completed_successfully": "success",
}
_DEFAULTS = {"interval": 30, "timeout": 30, "retries": 3}
"""What compose takes without the key (compose-spec, healthcheck; Docker's own defaults), checked 2026-11-28."""
_FORMS = ("CMD", "CMD-SHELL", "NONE")
_say = Texts(__name__)


def depends_on(raw: Raw, path: KeyPath, target: Composition) -> None:
    """Put together what a service waits for: a list of services, or conditions by service."""
    if isinstance(raw.value, list):
        for item in raw.items():
            if isinstance(item.value, str) and not isinstance(item.value, Unknown):
                _dependency(item, item.value, "start", path, target)
        return
    for name, waits in raw.members():
        condition = waits.get("condition")
        known = _CONDITIONS.get(str(condition.value))
        if isinstance(condition, Raw) and known is None and not isinstance(condition.value, Unknown):
            target.invalid(condition, "condition")
        else:
            _dependency(waits, name, known or ("start" if not condition else condition.value), path, target)


def _dependency(raw: Raw, name: str, condition: str, path: KeyPath, target: Composition) -> None:
    if name not in target.services:
        if target.whole:
            target.say(_say("unknown-dependency", service=name), "CG503", raw)
        return
    if not target.services[name]:
        target.leave(raw, _say("left-out", service=name))
        return
    at = (*path, "depends_on", name)
    target.put(at, raw, {})
    target.put((*at, "condition"), raw, condition)
    if condition == "success":
        target.put(("containers", name, "essential"), raw, False)  # noqa: FBT003  it ends before the others start


def restart(raw: Raw, _path: KeyPath, target: Composition) -> None:
    """Say who restarts what in ECS."""
    value = raw.value
    if not isinstance(value, Unknown) and value not in (False, "no"):
        target.cannot(raw, _say("compose-restart-policy", policy=str(value)), "CG017")


def stop(raw: Raw, path: KeyPath, target: Composition) -> None:
    """Put the time between SIGTERM and SIGKILL."""
    _duration(raw, (*path, "stop_timeout"), target)


def _duration(raw: Raw, path: KeyPath, target: Composition) -> None:
    """Put whole seconds; what is shorter or has a fraction becomes the next whole second."""
    if isinstance(raw.value, Unknown):
        target.put(path, raw, raw.value)
        return
    exact = seconds(raw.value)
    if exact is None:
        target.invalid(raw, "duration")
        return
    target.put(path, raw, whole(exact))
    if exact != int(exact):
        target.leave(raw, _say("rounded", carried=int(whole(exact))))


def healthcheck(raw: Raw, path: KeyPath, target: Composition) -> None:
    """Put a health check together, with the defaults that compose has and ECS has not."""
    at = (*path, "healthcheck")
    given = dict(members(raw, HEALTHCHECK, target, at))
    test = given.get("test")
    if _is_off(given):
        if target.at(at) is not None:
            del target.at(path)["healthcheck"]
        return
    if test is None and target.at((*at, "command")) is None:
        target.leave(raw, _say("no-test"))
        return
    target.put(at, raw, target.at(at) or {})
    if test is not None:
        _test(test, (*at, "command"), target)
    for key in ("interval", "timeout", "start_period"):
        if key in given:
            _duration(given[key], (*at, key), target)
    if "retries" in given:
        _retries(given["retries"], (*at, "retries"), target)
    for key, value in _DEFAULTS.items():
        if target.at((*at, key)) is None:
            target.put((*at, key), raw, Integer(value))


def _is_off(given: dict[str, Raw]) -> bool:
    test = given["test"].value if "test" in given else None
    off = "disable" in given and switched(given["disable"]) is True
    return off or (isinstance(test, list) and test[:1] == ["NONE"])


def _retries(raw: Raw, path: KeyPath, target: Composition) -> None:
    known = number(raw.value)
    if isinstance(raw.value, Unknown):
        target.put(path, raw, raw.value)
    elif known is None or known != int(known):
        target.invalid(raw, "number")
    else:
        target.put(path, raw, Integer(int(known)))


def _test(raw: Raw, path: KeyPath, target: Composition) -> None:
    """Put the command of a check: a text runs in a shell, a list says by its first word how it runs."""
    if not isinstance(raw.value, list):
        target.put(path, raw, [])
        target.put((*path, 0), raw, "CMD-SHELL")
        target.put((*path, 1), raw, raw.value)
        return
    first = raw.value[0] if raw.value else ""
    if not isinstance(first, Unknown) and first not in _FORMS:
        target.say(_say("health-check-command", words=_FORMS), "CG510", next(raw.items(), raw))
        target.void(path)
    target.copy(raw, path)
