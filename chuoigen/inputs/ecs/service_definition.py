"""The front-end for services: those of a file, each with its task definition where that lies beside it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from chuoigen.aws.words import EcsWords
from chuoigen.diagnostics import ChuoigenError
from chuoigen.inputs.ecs import service, task_definition
from chuoigen.inputs.ecs.parts import Pieces, part
from chuoigen.inputs.ecs.service_faults import CALL
from chuoigen.inputs.ecs.shape import Schema
from chuoigen.inputs.ecs.written import checked, parsed, unread, value_at
from chuoigen.inputs.front import FrontEnd, Reading, Source, source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chuoigen.inputs.files import Files
    from chuoigen.inputs.translating import Raw
    from chuoigen.yaml.document import Document, KeyPath

FORM = "service-definition"
_WRAPPERS = (CALL, "service")
_LIST = "services"
_MARKS = frozenset(
    {"desiredCount", "launchType", "networkConfiguration", "deploymentConfiguration", "loadBalancers"}
    | {"schedulingStrategy", "capacityProviderStrategy", "serviceName", "taskDefinition", "cluster"}
)
_MARKS_LEAST = 2
"""Of so many of these members a service has at least."""
_TASKS = ("task-definition", "task_definition", "taskdef", "task-def", "ecs-task-def", "task")
_ENDINGS = (".json", ".yaml", ".yml")
"""What a task definition beside a service is called, where it is not called after its family."""


def read(content: bytes, name: str, files: Files, *, certain: bool) -> Reading:
    """Read a service, or what describe-services prints of several."""
    written, found = parsed(content, name, FORM)
    own = source(content, name, written, FORM)
    if written is None or not (certain or any(_is_service(written, path) for path in _paths(written))):
        return Reading((own,), unread(found, certain=certain) if written is None else ())
    sources, parts = [own], []
    for path in _paths(written):
        root, wrong = checked(written, path, Schema.SERVICE)
        task = _task(root, written, files)
        if task is not None and task[0].file != name:
            sources.append(task[0])
        beside = task[1] if task is not None else Pieces()
        both = beside.replaced(service=root, found=(*wrong, *beside.found))
        parts.append(part(both, name=str(root.get("serviceName").value or "")))
    return Reading(tuple({one.file: one for one in sources}.values()), found, tuple(parts))


def pieces(written: Document) -> Pieces:
    """Return the first service of a document."""
    root, found = checked(written, next(iter(_paths(written)), ()), Schema.SERVICE)
    return Pieces(service=root, found=tuple(found))


def gathers(content: bytes, name: str, files: Files) -> tuple[str, ...]:
    """Name the task definitions that the services of a file are judged with."""
    return tuple(one.file for one in read(content, name, files, certain=False).sources if one.file != name)


def _paths(written: Document) -> list[KeyPath]:
    """Return where the services of a document stand."""
    listed = written.data.get(_LIST)
    if isinstance(listed, list):
        return [(_LIST, index) for index in range(len(listed))]
    return [next(((one,) for one in _WRAPPERS if isinstance(written.data.get(one), dict)), ())]


def _is_service(written: Document, path: KeyPath) -> bool:
    value = value_at(written, path)
    return isinstance(value, dict) and (path == (CALL,) or len(_MARKS & value.keys()) >= _MARKS_LEAST)


def _task(root: Raw, written: Document, files: Files) -> tuple[Source, Pieces] | None:
    """Return the task definition of a service: in the same file, or in a file beside it whose family it names."""
    if isinstance(written.data.get("taskDefinition"), dict):
        return Source(written.file, written.text, written, FORM), task_definition.pieces(written)
    family = service.family(root)
    if not family:
        return None
    for file in _beside(written.file, family):
        if file == written.file or not files.is_file(file):
            continue
        try:
            content = files.read(file)
        except ChuoigenError:
            continue
        found = task_definition.document(content, file)
        if found is not None and task_definition.family(found) == family:
            return source(content, file, found, task_definition.FORM), task_definition.pieces(found)
    return None


def _beside(file: str, family: str) -> Iterator[str]:
    """Yield the files beside one that may hold the task definition of a family."""
    folder = os.path.dirname(file)  # noqa: PTH120  the user's spelling of the path is kept
    for name in (*_TASKS, family):
        for ending in _ENDINGS:
            yield os.path.join(folder, name + ending)  # noqa: PTH118  the same


FRONT_END = FrontEnd(read, EcsWords(), gathers)
