"""JSON or YAML for Amazon ECS as it was written: parsed, and held against AWS's own schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chuoigen.diagnostics import Diagnostic, Severity
from chuoigen.inputs.ecs.shape import violations
from chuoigen.inputs.translating import Raw
from chuoigen.yaml import relaxed_json
from chuoigen.yaml.document import Document, KeyPath, parse

if TYPE_CHECKING:
    from chuoigen.inputs.ecs.shape import Schema

KINDS = ("double-brace", "dollar", "angle", "person")
"""The placeholders that people have in such files."""


def parsed(content: bytes, name: str, form: str) -> tuple[Document | None, tuple[Diagnostic, ...]]:
    """Parse a file with ECS's own JSON, or the same in YAML, in which people leave placeholders."""
    if relaxed_json.is_json(content):
        document, found = relaxed_json.parse(content, name, KINDS, form)
    else:
        document, found = parse(content, name, KINDS)
    # Who sends the file to AWS takes the last of two equal members.
    found = tuple(one.replaced(severity=Severity.WARNING) if one.rule == "duplicate-key" else one for one in found)
    return document.replaced(form=form) if document else None, found


def unread(found: tuple[Diagnostic, ...], *, certain: bool) -> tuple[Diagnostic, ...]:
    """Return what to report of a text that could not be parsed: nothing where it is a list or a word.

    Such a text only looked like the format, unless it is certain that it has it.
    """
    another = any(one.words.id in ("invalid-yaml.list", "invalid-yaml.value") for one in found)
    return () if another and not certain else found


def value_at(document: Document, path: KeyPath) -> Any:
    """Return the value at a path that is there."""
    value: Any = document.data
    for part in path:
        value = value[part]
    return value


def checked(document: Document, path: KeyPath, schema: Schema) -> tuple[Raw, list[Diagnostic]]:
    """Return the object at a path of a document without what cannot be used, and what is wrong with its shape."""
    value = value_at(document, path)
    found, unusable = violations(document, path, value, schema)
    return Raw(document, path, value, frozenset(unusable)), found
