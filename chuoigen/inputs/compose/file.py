"""A compose file into one task: which services are its containers, what each is laid over, which volumes there are."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from chuoigen.diagnostics import ChuoigenError
from chuoigen.inputs.compose.composition import Composition, members
from chuoigen.inputs.compose.keys import ROOT
from chuoigen.inputs.compose.service import service
from chuoigen.inputs.compose.values import KINDS, settled
from chuoigen.inputs.compose.words import ComposeWords
from chuoigen.inputs.front import FrontEnd, Part, Reading, source
from chuoigen.inputs.translating import Raw
from chuoigen.messages import Texts
from chuoigen.yaml.document import Document, KeyPath, Place, parse
from chuoigen.yaml.unknown import Unknown

if TYPE_CHECKING:
    from chuoigen.inputs.files import Files
    from chuoigen.inputs.front import Source

FORM = "compose"
SAYS: tuple[KeyPath, ...] = (("task",), ("containers",), ("volumes",))
"""The parts of the language that a compose file can say."""
_SERVICE_KEYS = frozenset({"image", "build", "extends", "provider", "command", "environment", "volumes", "ports"})
_CHAIN_MOST = 20
_ALONE = re.compile(r"(?:docker-)?compose\.ya?ml")
"""The files that compose reads by itself; one of another name may be laid over one of these."""
_say = Texts(__name__)


def read(content: bytes, name: str, files: Files, *, certain: bool) -> Reading:
    """Read a compose file, with those that its services extend."""
    written, found = parse(content, name, KINDS, merges=True)
    if written is None:
        return Reading((source(content, name, None, FORM),), found)
    document = written.replaced(data=settled(written.data), form=FORM)
    sources = [source(content, name, document, FORM)]
    if not certain and not _is_compose(document):
        return Reading(tuple(sources))
    return Reading(tuple(sources), found, (_translated(document, files, sources),))


def _is_compose(document: Document) -> bool:
    services = document.data.get("services")
    return isinstance(services, dict) and any(
        isinstance(one, dict) and not _SERVICE_KEYS.isdisjoint(one) for one in services.values()
    )


def _translated(document: Document, files: Files, sources: list[Source]) -> Part:
    root = Raw(document, (), document.data, frozenset())
    services, declared = document.data.get("services"), document.data.get("volumes")
    known = _started(services) if isinstance(services, dict) else {}
    volumes = frozenset(declared) if isinstance(declared, dict) else frozenset()
    target = Composition(document, known, volumes, whole=_ALONE.fullmatch(os.path.basename(document.file)) is not None)  # noqa: PTH119  a name may be no path
    given = dict(members(root, ROOT, target, ()))
    target.fill(("chuoigen",), 1)
    named = given.get("name")
    target.put(("name",), named, named.value) if named else target.fill(("name",), Unknown("", "name"))
    target.fill(("aws",), {"account": Unknown("", "account"), "region": Unknown("", "region")})
    first = document.pointer(("services",), on_key=True)
    target.places["task",] = Place(first, first)
    target.fill(("task", "cpu"), Unknown("", "cpu"))
    target.fill(("task", "memory"), Unknown("", "memory"))
    _services(root, files, sources, target)
    _volumes(given.get("volumes"), target)
    target.data.setdefault("containers", {})
    if isinstance(services, Unknown):
        target.void(("containers",))
    written = document.replaced(data=target.data, places=target.places)
    return Part(
        document=written,
        diagnostics=tuple(dict.fromkeys(target.found)),
        says=SAYS,
        unwritten=tuple(target.unwritten),
        uncarried=tuple(target.uncarried),
        advice=True,
    )


def _started(services: dict[str, object]) -> dict[str, bool]:
    """Return for each service whether `docker compose up` starts it: one with a profile waits to be asked for."""
    return {name: not (isinstance(one, dict) and one.get("profiles")) for name, one in services.items()}


def _services(root: Raw, files: Files, sources: list[Source], target: Composition) -> None:
    listed = root.get("services")
    if not listed or listed.value == {}:
        target.say(_say("missing-key.services"), "CG012", root)
        target.void(("containers",))
        return
    target.put(("containers",), listed, {})
    for name in listed.value if isinstance(listed.value, dict) else ():
        one = listed.get(name)
        if isinstance(name, Unknown) or isinstance(one.value, Unknown):
            continue
        if not isinstance(one, Raw) or not isinstance(one.value, dict):
            target.say(_say("invalid-value.service", service=name), "CG013", listed, key=name)
        elif not target.services[name]:
            target.leave(one, _say("profile", service=name))
        else:
            service(listed, name, _layers(one, name, files, sources, target), target)


def _layers(own: Raw, name: str, files: Files, sources: list[Source], target: Composition) -> list[Raw]:
    """Return what a service extends, the furthest first, and itself."""
    layers, seen = [own], {(own.document.file, name)}
    while (extends := layers[0].get("extends")) and len(layers) < _CHAIN_MOST:
        base = _base(extends, layers[0].document, files, sources, target)
        if base is None or (base.document.file, base.path[-1]) in seen:
            if base is not None:
                _unusable(extends, "circle", target)
            break
        seen.add((base.document.file, str(base.path[-1])))
        layers.insert(0, base)
    return layers


def _base(extends: object, document: Document, files: Files, sources: list[Source], target: Composition) -> Raw | None:
    if not isinstance(extends, Raw):
        return None
    text = isinstance(extends.value, str)
    named, file = (extends if text else extends.get("service")), ("" if text else extends.get("file").value)
    if not named or isinstance(named.value, Unknown) or isinstance(file, Unknown):
        return None
    holder = document
    if isinstance(file, str) and file:
        below = os.path.normpath(os.path.join(os.path.dirname(document.file), file))  # noqa: PTH118, PTH120  the user's spelling
        found = _other(below, files, sources)
        if found is None:
            _unusable(extends, "file", target)
            return None
        holder = found
    base = Raw(holder, (), holder.data, frozenset()).get("services").get(str(named.value))
    if not isinstance(base, Raw) or not isinstance(base.value, dict):
        _unusable(extends, "service", target)
        return None
    return base


def _other(file: str, files: Files, sources: list[Source]) -> Document | None:
    """Return another compose file; None where it cannot be read."""
    for one in sources:
        if one.file == file:
            return one.document
    try:
        content = files.read(file)
    except ChuoigenError:
        return None
    written, _ = parse(content, file, KINDS, merges=True)
    document = written.replaced(data=settled(written.data), form=FORM) if written else None
    sources.append(source(content, file, document, FORM))
    return document


def _unusable(extends: object, variant: str, target: Composition) -> None:
    if isinstance(extends, Raw):
        target.say(_say(f"unusable-base.{variant}"), "CG010", extends)


def _volumes(raw: Raw | None, target: Composition) -> None:
    """Put the volumes that a container mounts. They live as long as the task, where Docker's live until removed."""
    mounted = {name for one in target.data.get("containers", {}).values() for name in one.get("mounts", {})}
    for name in raw.value if raw is not None and isinstance(raw.value, dict) else ():
        if name in mounted and raw is not None:
            one = Raw(raw.document, (*raw.path, name), raw.value[name], frozenset())
            target.put(("volumes", name), one, {})
            target.leave(one, _say("volume", volume=name))


FRONT_END = FrontEnd(read, ComposeWords())
