"""The front-end for templates of CloudFormation: every service and task definition of ECS that one creates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chuoigen.inputs.cloudformation import conditions
from chuoigen.inputs.cloudformation.intrinsics import TAGS, Values, named
from chuoigen.inputs.cloudformation.loops import unrolled
from chuoigen.inputs.cloudformation.properties import as_ecs
from chuoigen.inputs.cloudformation.spelling import TemplateWords
from chuoigen.inputs.ecs.parts import Pieces, part
from chuoigen.inputs.ecs.shape import Schema
from chuoigen.inputs.ecs.written import checked, unread
from chuoigen.inputs.front import FrontEnd, Part, Reading, source
from chuoigen.messages import Texts
from chuoigen.record import Record
from chuoigen.yaml import relaxed_json
from chuoigen.yaml.document import Document, parse

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chuoigen.inputs.cloudformation.conditions import World
    from chuoigen.inputs.files import Files
    from chuoigen.inputs.translating import Raw

FORM = "cloudformation"
KINDS = ("double-brace", "angle", "person")
"""The placeholders of templates: `{{resolve:…}}`, and what people leave for others. `${…}` belongs to Fn::Sub."""

_say = Texts(__name__)
_TASK, _SERVICE = "AWS::ECS::TaskDefinition", "AWS::ECS::Service"


class _Group(Record):
    """The names of a service and of the task definition that it has, which stand in one template; "" for none."""

    service: str
    task: str


def read(content: bytes, name: str, _files: Files, *, certain: bool) -> Reading:
    """Read a template in JSON or in YAML."""
    if relaxed_json.is_json(content):
        written, found = relaxed_json.parse(content, name, KINDS, FORM)
    else:
        written, found = parse(content, name, KINDS, TAGS)
        written = written.replaced(form=FORM) if written else None
    sources = (source(content, name, written, FORM),)
    if written is None:
        return Reading(sources, unread(found, certain=certain))
    written, loops = unrolled(written)
    resources = _resources(written)
    parts = [one for group in _groups(resources) for one in _parts(written, resources, group)]
    if loops and any(kind in written.text for kind in (_TASK, _SERVICE)):
        parts.append(Part(written, remark=_say("loop", file=name, loops=loops)))
    return Reading(sources, found if parts or certain else (), tuple(parts))


def _resources(written: Document) -> dict[str, Mapping[str, Any]]:
    """Return the resources of ECS that are judged, by name."""
    listed = written.data.get("Resources")
    return {
        name: resource
        for name, resource in (listed.items() if isinstance(listed, dict) else ())
        if isinstance(resource, dict)
        and resource.get("Type") in (_TASK, _SERVICE)
        and isinstance(resource.get("Properties"), dict)
        and not any(key.startswith("Fn::") for key in resource["Properties"])  # a macro writes them
    }


def _groups(resources: Mapping[str, Mapping[str, Any]]) -> Iterator[_Group]:
    """Yield each service with its task definition, and the task definitions that no service of the template has."""
    tasks = {name for name, resource in resources.items() if resource["Type"] == _TASK}
    taken: set[str] = set()
    for name, resource in resources.items():
        if resource["Type"] == _SERVICE:
            own = [one for one in _named_in(resource["Properties"].get("TaskDefinition")) if one in tasks]
            taken.update(own)
            yield from (_Group(name, task) for task in own or [""])
    yield from (_Group("", name) for name in resources if name in tasks - taken)


def _named_in(value: Any) -> Iterator[str]:
    """Yield the resources that a value refers to, in any world."""
    if isinstance(value, dict):
        yield named(value)
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for child in children:
        yield from _named_in(child)


def _parts(written: Document, resources: Mapping[str, Mapping[str, Any]], group: _Group) -> Iterator[Part]:
    """Yield what a group comes to in each world in which its conditions let it be."""
    own = {name: resources[name] for name in (group.service, group.task) if name}
    needed = [resource["Condition"] for resource in own.values() if isinstance(resource.get("Condition"), str)]
    names = {*needed, *(one for resource in own.values() for one in conditions.used(resource["Properties"]))}
    seen: list[dict[str, Any]] = []
    for world in conditions.worlds(written.data, names):
        if not all(world[name] for name in needed):
            continue
        pieces = _pieces(written, group, world)
        data = {name: raw.value for name, raw in (("task", pieces.task), ("service", pieces.service)) if raw}
        if data not in seen:
            seen.append(data)
            yield part(pieces, name=group.service or group.task, when=conditions.said(world))


def _pieces(written: Document, group: _Group, world: World) -> Pieces:
    values = Values(written.data, world)
    found: list[Any] = []
    raws: dict[str, Raw | None] = {"": None}
    for name, schema in ((group.service, Schema.SERVICE), (group.task, Schema.TASK_DEFINITION)):
        if name:
            properties = as_ecs(written, ("Resources", name, "Properties"), schema, values)
            raws[name], wrong = checked(properties, (), schema)
            found += wrong
    return Pieces(task=raws[group.task], service=raws[group.service], found=tuple(found))


FRONT_END = FrontEnd(read, TemplateWords())
