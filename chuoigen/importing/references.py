"""Values that are one and stand in two places: a variable takes them from where they are, as a person writes it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from chuoigen.yaml.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

LOOPBACK = "127.0.0.1"
_REGIONS = frozenset({"AWS_REGION", "AWS_DEFAULT_REGION"})


def with_references(data: dict[str, Any], *, by_name: bool) -> dict[str, Any]:
    """Return the data with references in place of variables that repeat another value of the spec.

    `DB_HOST: 127.0.0.1` beside `DB_PORT: 5432` is the one other container that listens on 5432, and a variable with
    both the address of it. What may be meant otherwise stays as it is. `by_name`: containers reach each other by
    their names, as under compose, so that `DB_HOST: db` is the container of that name.
    """
    containers = data["containers"]
    listeners = dict(_listeners(containers))
    shared = {number for number, name in _listeners(containers) if listeners[number] != name}
    known = {number: name for number, name in listeners.items() if number not in shared}
    told = dict(containers)
    for name, one in containers.items():
        written = one.get("environment") if isinstance(one, dict) else None
        if isinstance(written, dict):
            others = {number: other for number, other in known.items() if other != name}
            found = _environment(written, others, data["aws"]["region"])
            told[name] = {**one, "environment": _named(found, others, name, containers) if by_name else found}
    return {**data, "containers": told}


def _listeners(containers: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the first port of each container, by which a reference knows it, as text."""
    for name, one in containers.items():
        ports = one.get("ports") if isinstance(one, dict) else None
        first = next(
            (port for port in ports or () if isinstance(port, dict) and port.get("protocol", "tcp") == "tcp"), {}
        )
        number = first.get("container")
        if isinstance(number, int):
            yield str(number), name


def _environment(written: dict[str, Any], others: dict[str, str], region: Any) -> dict[str, Any]:
    found = dict(written)
    for name, value in written.items():
        if not isinstance(value, str) or isinstance(value, Unknown):
            continue
        if name in _REGIONS and value == region:
            found[name] = {"ref": "aws.region"}
        stem, _, kind = name.rpartition("_")
        if kind == "HOST" and value == LOOPBACK:
            container = others.get(str(written.get(f"{stem}_PORT", "")))
            if container:
                found[name] = {"ref": f"containers.{container}.host"}
                found[f"{stem}_PORT"] = {"ref": f"containers.{container}.port"}
        match = re.fullmatch(re.escape(LOOPBACK) + r":([0-9]+)", value)
        if match and match[1] in others:
            found[name] = {"ref": f"containers.{others[match[1]]}.address"}
    return found


def _named(written: dict[str, Any], ports: dict[str, str], name: str, containers: dict[str, Any]) -> dict[str, Any]:
    """Return variables with references to the containers whose names they hold, and to their ports."""
    found = dict(written)
    for key, value in written.items():
        stem, _, kind = key.rpartition("_")
        if kind != "HOST" or not isinstance(value, str) or value not in containers or value == name:
            continue
        found[key] = {"ref": f"containers.{value}.host"}
        if ports.get(str(written.get(f"{stem}_PORT", ""))) == value:
            found[f"{stem}_PORT"] = {"ref": f"containers.{value}.port"}
    return found
