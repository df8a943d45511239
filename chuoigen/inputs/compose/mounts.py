"""The volumes that a compose service mounts, and its file systems in memory."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chuoigen.inputs.compose.composition import switched
from chuoigen.inputs.compose.values import mebibytes, parted, whole
from chuoigen.inputs.translating import Raw
from chuoigen.messages import Texts
from chuoigen.record import Record
from chuoigen.yaml.unknown import Unknown

if TYPE_CHECKING:
    from chuoigen.inputs.compose.composition import Composition
    from chuoigen.yaml.document import KeyPath

_FOLDER = re.compile(r"[./~\\]|[A-Za-z]:[\\/]")
_SOCKET = "docker.sock"
_say = Texts(__name__)


class _Mount(Record):
    """One mount as it is written in either form."""

    kind: str
    source: str
    path: str
    read_only: bool | Unknown


def volumes(listed: Raw, path: KeyPath, target: Composition) -> None:
    """Put the mounts of named volumes together; say what else is mounted."""
    for item in listed.items():
        mount = _long(item, path, target) if isinstance(item.value, dict) else _short(item, target)
        if mount is None:
            continue
        if mount.kind == "volume" and mount.source:
            _named(listed, item, mount, path, target)
        elif mount.kind == "volume":
            target.leave(item, _say("anonymous", path=mount.path))
        elif mount.kind == "bind":
            variant = "unsupported-volume.docker" if _SOCKET in mount.source else "unsupported-volume.folder"
            target.cannot(item, _say(variant, source=mount.source, path=mount.path), "CG402")
        elif mount.kind:
            target.cannot(item, _say("unsupported-volume.kind", kind=mount.kind), "CG402")


def _short(item: Raw, target: Composition) -> _Mount | None:
    """Read `[source:]path[:options]`. A folder of Windows has a colon of its own."""
    if not isinstance(item.value, str):
        target.invalid(item, "volume")
        return None
    drive = item.value[:2] if re.match(r"[A-Za-z]:[\\/]", item.value) else ""
    parts = parted(item.value, ":") if not drive else item.value[2:].split(":")
    source, path = (f"{drive}{parts[0]}", parts[1]) if len(parts) > 1 else ("", parts[0])
    options = parts[2].split(",") if len(parts) > 2 else []  # noqa: PLR2004  source, path, options
    kind = "bind" if isinstance(parts[0], Unknown) or _FOLDER.match(source) else "volume"
    return _Mount(kind if source else "volume", source, path, "ro" in options)


def _long(item: Raw, path: KeyPath, target: Composition) -> _Mount | None:
    kind, source, inside = item.get("type"), item.get("source"), item.get("target")
    if not inside:
        target.say(_say("missing-key", key="target"), "CG012", item)
        return None
    if kind.value == "tmpfs":
        size = item.get("tmpfs").get("size")
        _memory(item, str(inside.value), str(size.value) if size else "", (), path, target)
        return None
    only = item.get("read_only")
    read_only = switched(only) if isinstance(only, Raw) else False
    written = str(source.value or "")
    kinds = "volume" if not kind else str(kind.value)
    return _Mount(kinds, written, inside.value if isinstance(inside.value, str) else str(inside.value), bool(read_only))


def _named(listed: Raw, item: Raw, mount: _Mount, path: KeyPath, target: Composition) -> None:
    if mount.source not in target.volumes:
        if target.whole:
            target.say(_say("undeclared-volume", volume=mount.source), "CG420", item)
        return
    at = (*path, "mounts", mount.source)
    if target.at((*path, "mounts")) is None:
        target.put((*path, "mounts"), listed, {})
    known = target.at(at)
    if known is not None and known["path"] != mount.path:
        target.leave(item, _say("twice", volume=mount.source))
        return
    target.put(at, item, {})
    target.put((*at, "path"), item, mount.path)
    if mount.read_only is not False:
        target.put((*at, "read_only"), item, mount.read_only)


def tmpfs(raw: Raw, path: KeyPath, target: Composition) -> None:
    """Put file systems in memory together: `/run` or `/run:size=64m,mode=755`."""
    for item in raw.items() if isinstance(raw.value, list) else (raw,):
        if not isinstance(item.value, str):
            target.invalid(item, "tmpfs")
            continue
        where, _, written = item.value.partition(":")
        options = [option for option in written.split(",") if option]
        size = next((option.partition("=")[2] for option in options if option.startswith("size=")), "")
        others = tuple(option for option in options if not option.startswith("size="))
        if isinstance(item.value, Unknown):
            target.leave(item, _say("unknown-tmpfs"))
        else:
            _memory(item, where, size, others, path, target)


def _memory(item: Raw, where: str, size: str, options: tuple[str, ...], path: KeyPath, target: Composition) -> None:
    at = (*path, "tmpfs", where)
    target.put(at, item, {})
    amount = mebibytes(size) if size else None
    if amount is None and size and "$" not in size:
        target.invalid(item, "tmpfs")
    if amount is None:
        target.fill((*at, "size"), Unknown(""))
        target.leave(item, _say("tmpfs-size", path=where))
    else:
        target.put((*at, "size"), item, whole(amount))
    if options:
        target.put((*at, "options"), item, list(options))
