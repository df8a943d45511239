"""The front-end for task definitions: one in a file, as it is registered or as it is described."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuoigen.aws.words import EcsWords
from chuoigen.inputs.ecs.parts import Pieces, part
from chuoigen.inputs.ecs.shape import Schema
from chuoigen.inputs.ecs.written import checked, parsed, unread
from chuoigen.inputs.front import FrontEnd, Reading, source
from chuoigen.inputs.translating import Raw
from chuoigen.yaml.unknown import Unknown

if TYPE_CHECKING:
    from chuoigen.inputs.files import Files
    from chuoigen.yaml.document import Document

FORM = "task-definition"
_WRAPPER = "taskDefinition"
_MARKS = {"containerDefinitions", _WRAPPER}


def read(content: bytes, name: str, _files: Files, *, certain: bool) -> Reading:
    """Read a task definition, in JSON or in YAML, in the words of the file."""
    written, found = parsed(content, name, FORM)
    sources = (source(content, name, written, FORM),)
    if written is None or not (certain or _MARKS & written.data.keys()):
        return Reading(sources, unread(found, certain=certain) if written is None else ())
    return Reading(sources, found, (part(pieces(written)),))


def document(content: bytes, name: str) -> Document | None:
    """Return a file as a task definition as it was written; None where it is none."""
    written, _ = parsed(content, name, FORM)
    return written if written is not None and _MARKS & written.data.keys() else None


def family(written: Document) -> str:
    """Return the family that a task definition says; "" where it is unknown."""
    inner = written.data.get(_WRAPPER)
    named = (inner if isinstance(inner, dict) else written.data).get("family")
    return named if isinstance(named, str) and not isinstance(named, Unknown) else ""


def pieces(written: Document) -> Pieces:
    """Return the task definition of a document; describing prints it in a wrapper, with its tags beside it."""
    wrapped = isinstance(written.data.get(_WRAPPER), dict)
    root, found = checked(written, (_WRAPPER,) if wrapped else (), Schema.TASK_DEFINITION)
    beside = Raw(written, (), written.data, frozenset()).get("tags")
    return Pieces(task=root, found=tuple(found), tags=beside if wrapped and isinstance(beside, Raw) else None)


FRONT_END = FrontEnd(read, EcsWords())
