"""A task definition with placeholders into one without: each gets a value of the kind that AWS's schema has there.

What is compared is then a whole task definition with a whole one, and what stands in for a placeholder is the same in
both.
"""

from __future__ import annotations

import functools
import re
from typing import Any

from chuoigen.inputs.ecs.shape import Schema, schema_of
from chuoigen.yaml.unknown import KINDS, Unknown, placeholders

_WORDS = {
    "cpu": "256",
    "memory": "512",
    "networkMode": "awsvpc",
    "logDriver": "awslogs",
    "condition": "START",
    "protocol": "tcp",
    "pidMode": "task",
}
"""What stands in for a text that is one of a few words, or a number; any other text stands for itself."""
_NUMBER = 80
IMAGE = "stand-in"
"""The image of a container that has none yet: a pipeline writes it into the file."""


def concrete(definition: dict[str, Any]) -> dict[str, Any]:
    """Return a task definition, without a wrapper, in which nothing is unknown."""
    schema = schema_of(Schema.TASK_DEFINITION)
    found = _value(definition, schema)
    for container in found.get("containerDefinitions") or ():
        if not container.get("image"):
            container["image"] = IMAGE
    return dict(found)


def _value(value: Any, schema: dict[str, Any]) -> Any:
    schema = _resolved(schema)
    if isinstance(value, Unknown):
        return _stand_in(value, schema)
    if isinstance(value, dict):
        members, rest = schema.get("properties", {}), schema.get("additionalProperties")
        default: dict[str, Any] = rest if isinstance(rest, dict) else {}
        known = {key: child for key, child in value.items() if not isinstance(key, Unknown)}
        return {key: _named(key, child, members.get(key, default)) for key, child in known.items()}
    if isinstance(value, list):
        return [_value(item, schema.get("items", {})) for item in value]
    return value


def _named(key: str, value: Any, schema: dict[str, Any]) -> Any:
    kinds = _resolved(schema).get("type", ())
    if isinstance(value, Unknown) and key in _WORDS and "string" in kinds:
        return _WORDS[key]
    return _value(value, schema)


def _stand_in(value: Unknown, schema: dict[str, Any]) -> Any:
    kinds = schema.get("type", ())
    words = [word for word in schema.get("enum", ()) if word is not None]
    if words:
        return words[0]
    if "integer" in kinds or "number" in kinds:
        return _NUMBER
    if "boolean" in kinds:
        return True
    return None if "array" in kinds or "object" in kinds else stood_in(value)


def stood_in(text: str) -> str:
    """Return a text with a word in place of each placeholder: what it says about itself."""
    if not placeholders(f'"{text}"', KINDS):  # the name of what a template puts there
        return re.sub("[^a-z0-9]+", "-", text.lower()).strip("-") or "value"
    for word in ("", "value"):  # what says nothing about itself, as a row of x, is a placeholder again
        for one in placeholders(f'"{text}"', KINDS):  # some of them are known by the quotes around them
            said = re.sub("[^a-z0-9]+", "-", one.hint.lower()).strip("-")
            text = text.replace(one.text, word or said or "value", 1)
    return text


def _resolved(schema: dict[str, Any]) -> dict[str, Any]:
    reference = schema.get("$ref")
    return _definition(str(reference).rpartition("/")[2]) if reference else schema


@functools.cache
def _definition(name: str) -> dict[str, Any]:
    return dict(schema_of(Schema.TASK_DEFINITION)["$defs"][name])
