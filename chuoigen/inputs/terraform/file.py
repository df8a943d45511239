"""A file of Terraform: every service and task definition of ECS that it makes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chuoigen.diagnostics import Diagnostic, Severity, Span
from chuoigen.inputs.ecs.parts import Pieces, part
from chuoigen.inputs.ecs.shape import Schema
from chuoigen.inputs.ecs.written import checked
from chuoigen.inputs.front import FrontEnd, Part, Reading, source
from chuoigen.inputs.terraform.hcl import NoHclError, outline, parse
from chuoigen.inputs.terraform.members import TerraformWords
from chuoigen.inputs.terraform.resources import SERVICE, TASK, Reader
from chuoigen.messages import Texts
from chuoigen.yaml.document import Document, Place
from chuoigen.yaml.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chuoigen.inputs.files import Files
    from chuoigen.inputs.front import Source
    from chuoigen.inputs.translating import Raw
    from chuoigen.yaml.document import KeyPath

FORM = "terraform"
_SCHEMAS = {TASK: Schema.TASK_DEFINITION, SERVICE: Schema.SERVICE}
_IGNORED = frozenset({"unknown-key"})
"""Faults of a shape that the provider passes over."""
_say = Texts(__name__)


def read(content: bytes, name: str, files: Files, *, certain: bool) -> Reading:
    """Read a file of HCL with the templates that it names."""
    try:
        written, found = parse(content, name, FORM)
    except NoHclError:
        return _without_extra(content, name)
    sources = [source(content, name, written, FORM)]
    if written is None:
        return Reading(tuple(sources), found)
    parts = tuple(_parts(written, files, sources))
    return Reading(tuple(sources), found if parts or certain else (), parts)


def _without_extra(content: bytes, name: str) -> Reading:
    """Say what has to be installed."""
    start = Span(name, 1, 1, 1, 1)
    document = Document(name, {}, {(): Place(None, start)}, (), form=FORM)
    return Reading((source(content, name, None, FORM),), (), (Part(document, remark=_say("extra", file=name)),))


def _parts(written: Document, files: Files, sources: list[Source]) -> Iterator[Part]:
    """Yield each service with its task definition, and the task definitions that no service of the file has."""
    raws = {kind: dict(_resources(written, kind, files, sources)) for kind in (TASK, SERVICE)}
    taken: set[str] = set()
    for name, (service, found) in raws[SERVICE].items():
        task = _named(service, raws[TASK])
        taken.add(task)
        own, wrong = raws[TASK].get(task, (None, []))
        yield part(Pieces(task=own, service=service, found=(*found, *wrong)), name=name)
    for name, (own, wrong) in raws[TASK].items():
        if name not in taken:
            yield part(Pieces(task=own, found=tuple(wrong)), name=name)


def _named(service: Raw, tasks: dict[str, Any]) -> str:
    """Return the task definition of the file that a service has; "" where it is another."""
    value = service.get("taskDefinition").value
    parts = value.split(".") if isinstance(value, Unknown) else []
    name = parts[1] if parts[:1] == [TASK] and len(parts) > 1 else ""
    return name if name in tasks else ""


def _resources(
    written: Document, kind: str, files: Files, sources: list[Source]
) -> Iterator[tuple[str, tuple[Raw, list[Diagnostic]]]]:
    """Yield the resources of a type by name, with what is wrong with their shapes."""
    listed = written.data.get("resource")
    for index, block in enumerate(listed) if isinstance(listed, list) else ():
        named = block.get(kind) if isinstance(block, dict) else None
        for name, body in named.items() if isinstance(named, dict) else ():
            if isinstance(body, dict):
                path: KeyPath = ("resource", index, kind, name)
                document = Reader(written, files, sources).as_ecs(kind, path, body)
                raw, found = checked(document, (), _SCHEMAS[kind])
                yield name, (raw, [_lenient(one) for one in found])


def _lenient(found: Diagnostic) -> Diagnostic:
    return found.replaced(severity=Severity.WARNING) if found.rule in _IGNORED else found


FRONT_END = FrontEnd(read, TerraformWords(), outline=outline)
