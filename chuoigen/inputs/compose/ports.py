"""The ports of a compose service: what it listens on. What is published on the host has no place in a task."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chuoigen.inputs.compose.values import number, parted
from chuoigen.inputs.translating import Raw
from chuoigen.messages import Texts
from chuoigen.yaml.scalars import Integer
from chuoigen.yaml.unknown import Unknown

if TYPE_CHECKING:
    from chuoigen.inputs.compose.composition import Composition
    from chuoigen.yaml.document import KeyPath

_RANGE = re.compile(r"([0-9]{1,5})(?:-([0-9]{1,5}))?")
_LONG = {"name": "name", "protocol": "protocol", "app_protocol": "app_protocol"}
_RANGE_MOST = 100
_HIGHEST = 65_535
_APP_PROTOCOLS = ("http", "http2", "grpc")
_say = Texts(__name__)


def ports(listed: Raw, path: KeyPath, target: Composition) -> None:
    """Put the ports together, each once."""
    for item in listed.items():
        if isinstance(item.value, dict):
            _long(listed, item, path, target)
        elif isinstance(item.value, str | int) and not isinstance(item.value, bool):
            _short(listed, item, path, target)
        else:
            target.invalid(item, "port")


def _short(listed: Raw, item: Raw, path: KeyPath, target: Composition) -> None:
    """Put `[[address:]published:]target[/protocol]` together."""
    written = item.value if isinstance(item.value, str) else str(item.value)
    *before, last = parted(written, ":")
    inside, _, protocol = last.partition("/")
    if isinstance(last, Unknown):
        inside, protocol = last, ""
    if before:
        target.leave(item, _say("published", published=before[-1]))
    for port in _numbers(item, inside, target):
        _add(listed, item, port, protocol, path, target)


def _long(listed: Raw, item: Raw, path: KeyPath, target: Composition) -> None:
    inside, protocol = item.get("target"), item.get("protocol")
    if not isinstance(inside, Raw):
        target.say(_say("missing-key", key="target"), "CG012", item)
        return
    published = item.get("published")
    if isinstance(published, Raw):
        target.leave(published, _say("published", published=str(published.value)))
    text = inside.value if isinstance(inside.value, Unknown) else str(inside.value)
    for port in _numbers(inside, text, target):
        at = _add(listed, item, port, str(protocol.value or ""), path, target)
        name, spoken = item.get("name"), item.get("app_protocol")
        if at and name:
            target.copy(name, (*at, "name"))
        if at and spoken.value in _APP_PROTOCOLS:
            target.copy(spoken, (*at, "app_protocol"))
        elif isinstance(spoken, Raw):
            target.leave(spoken, _say("app-protocol", protocol=str(spoken.value), known=_APP_PROTOCOLS))


def _numbers(raw: Raw, text: str, target: Composition) -> list[Integer | Unknown]:
    """Return the ports that a text says: one, a range of them, or one that is unknown."""
    if isinstance(text, Unknown):
        return [text]
    match = _RANGE.fullmatch(text)
    first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
    if match is None or not 1 <= first <= last <= _HIGHEST:
        target.invalid(raw, "port")
        return []
    if last - first >= _RANGE_MOST:
        target.leave(raw, _say("range", range=text, most=_RANGE_MOST))
        return []
    return [Integer(port) for port in range(first, last + 1)]


def _add(
    listed: Raw, item: Raw, port: Integer | Unknown, protocol: str, path: KeyPath, target: Composition
) -> KeyPath | None:
    """Put a port behind the others; one that is there already, published twice, is no second one."""
    known = target.at((*path, "ports")) or []
    spoken = protocol.lower() if protocol and not isinstance(protocol, Unknown) else ""
    same = [one for one in known if one["container"] == port and one.get("protocol", "tcp") == (spoken or "tcp")]
    if same and number(port) is not None:
        return None
    at = target.add((*path, "ports"), listed, item, {})
    target.put((*at, "container"), item, port)
    if spoken and spoken != "tcp":
        target.put((*at, "protocol"), item, spoken)
    return at
