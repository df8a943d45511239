"""A compose file into one task: which services are its containers, what each is laid over, which volumes there are."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from chuoigen.diagnostics import ChuoigenError
from chuoigen.inputs.compose.composition import Composition, members
from chuoigen.inputs.compose.keys import ROOT
from chuoigen.inputs.compose.service import service
from chuoigen.inputs.compose.values import KINDS, TAGS, settled
from chuoigen.inputs.compose.words import ComposeWords
from chuoigen.inputs.front import FrontEnd, Part, Reading, source
from chuoigen.inputs.translating import Absent, Raw
from chuoigen.messages import Texts
from chuoigen.record import Record
from chuoigen.yaml.document import Document, KeyPath, Place, parse
from chuoigen.yaml.several import documents
from chuoigen.yaml.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from chuoigen.diagnostics import Diagnostic
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
    """Read a compose file, with those that its services extend; of several documents each is laid over those before."""
    parts, found = _documents(content, name)
    if not parts:
        return Reading((source(content, name, None, FORM),), found)
    sources = [source(content, name, parts[0], FORM)]
    if not certain and not any(map(_is_compose, parts)):
        return Reading(tuple(sources))
    return Reading(tuple(sources), found, (_translated(parts, files, sources),))


def _documents(content: bytes, name: str) -> tuple[list[Document], tuple[Diagnostic, ...]]:
    """Return the documents of a file, the first with the comments and the text of all; none where one is no YAML."""
    read_ = [parse(text, name, KINDS, TAGS, merges=True) for text in documents(content)]
    found = tuple(one for _, wrong in read_ for one in wrong)
    parts = [one.replaced(data=settled(one.data), form=FORM) for one, _ in read_ if one is not None]
    if len(parts) < len(read_):
        return [], found
    comments = tuple(comment for one in parts for comment in one.comments)
    whole = content.decode("utf-8-sig", "replace") if len(parts) > 1 else parts[0].text
    return [parts[0].replaced(comments=comments, text=whole), *parts[1:]], found


def _is_compose(document: Document) -> bool:
    services = document.data.get("services")
    return isinstance(services, dict) and any(
        isinstance(one, dict) and not _SERVICE_KEYS.isdisjoint(one) for one in services.values()
    )


def _translated(parts: list[Document], files: Files, sources: list[Source]) -> Part:
    document, seen = parts[0], {parts[0].file}
    own = [Raw(one, (), one.data, frozenset()) for one in parts]
    root = own[0]
    included = [found for one in own for found in _included(one, files, sources, seen)]
    roots = [*(one for one in included if not one.missing), *map(_Included, own)]
    known = {name: on for one in roots for name, on in _started(one.root.get("services").value).items()}
    volumes = frozenset(name for one in roots for name in _names(one.root.get("volumes").value))
    whole = _ALONE.fullmatch(os.path.basename(document.file)) is not None  # noqa: PTH119  a name may be no path
    target = Composition(document, files, known, volumes, whole=whole)
    for one in included:
        if one.missing:
            target.say(_say("unusable-base.include", file=one.missing), "CG010", one.root)
    given = dict(members(root, ROOT, target))
    target.fill(("chuoigen",), 1)
    named = given.get("name")
    target.put(("name",), named, named.value) if named else target.fill(("name",), Unknown("", "name"))
    target.fill(("aws",), {"account": Unknown("", "account"), "region": Unknown("", "region")})
    first = document.pointer(("services",), on_key=True)
    target.places["task",] = Place(first, first)
    target.fill(("task", "cpu"), Unknown("", "cpu"))
    target.fill(("task", "memory"), Unknown("", "memory"))
    _services([one.root for one in roots], sources, target)
    for one in roots:
        _volumes(one.root.get("volumes"), target)
    target.data.setdefault("containers", {})
    if any(isinstance(one.root.get("services").value, Unknown) for one in roots):
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


class _Included(Record):
    """The root of a file that belongs to a composition; or where one is included that is `missing`."""

    root: Raw
    missing: str = ""


def _included(root: Raw, files: Files, sources: list[Source], seen: set[str]) -> Iterator[_Included]:
    """Yield what a file includes, and what that includes, before it. A file that comes again is passed over."""
    listed = root.get("include")
    for item in listed.items() if isinstance(listed.value, list) else [listed] if isinstance(listed, Raw) else ():
        long = item.get("path") if isinstance(item.value, dict) else item
        for named in long.items() if isinstance(long.value, list) else (long,):
            if not isinstance(named, Raw) or not isinstance(named.value, str) or isinstance(named.value, Unknown):
                continue
            file = _below(root.document, named.value)
            if file in seen or len(seen) > _CHAIN_MOST:
                continue
            seen.add(file)
            document = _other(file, files, sources)
            if document is None:
                yield _Included(named, missing=named.value)
                continue
            below = Raw(document, (), document.data, frozenset())
            yield from _included(below, files, sources, seen)
            yield _Included(below)


def _below(document: Document, name: str) -> str:
    """Return the path of a file that another one names."""
    return os.path.normpath(os.path.join(os.path.dirname(document.file), name))  # noqa: PTH118, PTH120  the user's spelling


def _names(declared: object) -> Iterable[str]:
    return declared if isinstance(declared, dict) else ()


def _started(services: object) -> dict[str, bool]:
    """Return for each service whether `docker compose up` starts it: one with a profile waits to be asked for."""
    listed = services if isinstance(services, dict) else {}
    return {name: not (isinstance(one, dict) and one.get("profiles")) for name, one in listed.items()}


def _services(roots: list[Raw], sources: list[Source], target: Composition) -> None:
    """Put the services of all files together; a service that two have is laid one over the other."""
    layers: dict[str, list[Raw]] = {}
    holders: dict[str, Raw] = {}
    lists = [listed for root in roots if isinstance(listed := root.get("services"), Raw) and listed.value != {}]
    if not lists:
        target.say(_say("missing-key.services"), "CG012", roots[-1])
        target.void(("containers",))
        return
    target.put(("containers",), lists[-1], {})
    for listed in lists:
        for name in _names(listed.value):
            one = listed.get(name)
            if isinstance(name, Unknown) or isinstance(one.value, Unknown):
                continue
            if not isinstance(one, Raw) or not isinstance(one.value, dict):
                target.say(_say("invalid-value.service", service=name), "CG013", listed, key=name)
            elif not target.services[name]:
                target.leave(one, _say("profile", service=name))
            else:
                layers[name] = [*layers.get(name, ()), *_layers(one, name, sources, target)]
                holders[name] = listed
    for name, own in layers.items():
        service(holders[name], name, own, target)


def _layers(own: Raw, name: str, sources: list[Source], target: Composition) -> list[Raw]:
    """Return what a service extends, the furthest first, and itself."""
    layers, seen = [own], {(own.document.file, name)}
    while (extends := layers[0].get("extends")) and len(layers) < _CHAIN_MOST:
        base = _base(extends, layers[0].document, sources, target)
        if base is None or (base.document.file, base.path[-1]) in seen:
            if base is not None:
                _unusable(extends, "circle", target)
            break
        seen.add((base.document.file, str(base.path[-1])))
        layers.insert(0, base)
    return layers


def _base(extends: object, document: Document, sources: list[Source], target: Composition) -> Raw | None:
    if not isinstance(extends, Raw):
        return None
    text = isinstance(extends.value, str)
    named, file = (extends if text else extends.get("service")), ("" if text else extends.get("file").value)
    if not named or isinstance(named.value, Unknown) or isinstance(file, Unknown):
        return None
    holder = document
    if isinstance(file, str) and file:
        found = _other(_below(document, file), target.files, sources)
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
    written, _ = parse(content, file, KINDS, TAGS, merges=True)
    document = written.replaced(data=settled(written.data), form=FORM) if written else None
    sources.append(source(content, file, document, FORM))
    return document


def _unusable(extends: object, variant: str, target: Composition) -> None:
    if isinstance(extends, Raw):
        target.say(_say(f"unusable-base.{variant}"), "CG010", extends)


def _volumes(raw: Raw | Absent, target: Composition) -> None:
    """Put the volumes that a container mounts. They live as long as the task, where Docker's live until removed."""
    mounted = {name for one in target.data.get("containers", {}).values() for name in one.get("mounts", {})}
    for name in _names(raw.value):
        if name in mounted and isinstance(raw, Raw):
            one = Raw(raw.document, (*raw.path, name), raw.value[name], frozenset())
            target.put(("volumes", name), one, {})
            target.leave(one, _say("volume", volume=name))


def gathers(content: bytes, name: str, files: Files) -> tuple[str, ...]:
    """Name the files that a compose file includes, which are judged with it."""
    sources: list[Source] = []
    roots = [Raw(one, (), one.data, frozenset()) for one in _documents(content, name)[0]]
    found = [one for root in roots for one in _included(root, files, sources, {name})]
    return tuple(one.root.document.file for one in found if not one.missing)


FRONT_END = FrontEnd(read, ComposeWords(), gathers)
