"""The properties of a resource into ECS's own JSON with its places: functions resolved, names and types as in ECS."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from chuoigen.inputs.cloudformation.intrinsics import NOTHING, Values, is_function
from chuoigen.inputs.cloudformation.spelling import members
from chuoigen.inputs.ecs.shape import Schema, schema_of
from chuoigen.yaml.document import Document, Integer, KeyPath, Place
from chuoigen.yaml.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

_TRUTH = {"true": True, "false": False}


def as_ecs(template: Document, path: KeyPath, schema: Schema, values: Values) -> Document:
    """Return the object of ECS that the properties at `path` are in a world, as a document of its own.

    Its origins are the paths in the template. A property that CloudFormation does not know keeps its name, so that
    nothing is missed; one that has a name of ECS's is given an other one, which is as wrong there.
    """
    reader = _Reader(template, schema_of(schema), values)
    data = reader.read(path, schema_of(schema), "", ())
    document = template.replaced(places=reader.places, origins=reader.origins, kinds=template.kinds)
    return document.replaced(data=data if isinstance(data, dict) else {})


class _Reader:
    def __init__(self, template: Document, whole: Mapping[str, Any], values: Values) -> None:
        self.template = template
        self.values = values
        self.places: dict[KeyPath, Place] = {}
        self.origins: dict[KeyPath, KeyPath] = {}
        self._definitions: Mapping[str, Any] = whole.get("$defs", {})

    def read(self, path: KeyPath, schema: Mapping[str, Any], parent: str, target: KeyPath) -> Any:
        """Return the value at a path of the template, and note where it stands; `target` is its path in the result."""
        self.places[target] = self.template.place(path)
        self.origins[target] = path
        value = self._at(path)
        while is_function(value):
            branch = self.values.branch(value.get("Fn::If"))
            if branch is None:
                return self._computed(value, self._definition(schema))
            path = (*path, "Fn::If", branch)
            self.places[target] = Place(self.places[target].key, self.template.place(path).value)
            self.origins[target] = path
            value = self._at(path)
        definition = self._definition(schema)
        if isinstance(value, dict):
            return self._mapping(path, value, (definition, parent), target)
        if isinstance(value, list):
            return self._list(path, value, (definition, parent), target)
        return _typed(value, definition)

    def _computed(self, value: Any, definition: Mapping[str, Any]) -> Any:
        found = self.values.value(value)
        return found if found is NOTHING else _typed(found, definition) if not isinstance(found, list | dict) else found

    def _mapping(
        self, path: KeyPath, value: Mapping[str, Any], kind: tuple[Mapping[str, Any], str], target: KeyPath
    ) -> Any:
        definition, parent = kind
        if any(key.startswith("Fn::") for key in value):
            return Unknown("Fn::Transform", "Fn::Transform")  # a macro writes it
        names = members(definition, parent)
        known, data = set(names.values()), {}
        for key in value:
            member = names.get(key, f"{key} " if key in known else key)
            inner = definition.get("properties", {}).get(member, definition.get("additionalProperties"))
            child = self.read((*path, key), inner if isinstance(inner, dict) else {}, key, (*target, member))
            if child is not NOTHING:
                data[member] = child
        return data

    def _list(self, path: KeyPath, value: list[Any], kind: tuple[Mapping[str, Any], str], target: KeyPath) -> list[Any]:
        definition, parent = kind
        data: list[Any] = []
        for index in range(len(value)):
            child = self.read((*path, index), definition.get("items", {}), parent, (*target, len(data)))
            if child is not NOTHING:
                data.append(child)
        return data

    def _at(self, path: KeyPath) -> Any:
        value: Any = self.template.data
        for part in path:
            value = value[part]
        return value

    def _definition(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        named = str(schema.get("$ref", "")).rpartition("/")[2]
        found: Mapping[str, Any] = self._definitions.get(named, schema)
        return found


def _typed(value: Any, definition: Mapping[str, Any]) -> Any:
    """Return a scalar as ECS has it: CloudFormation takes numbers and truth values as text, and text for them."""
    kinds = definition.get("type", ())
    if isinstance(value, Unknown) or not kinds:
        return value
    if "string" in kinds and isinstance(value, bool | int | float):
        return str(value).lower() if isinstance(value, bool) else str(getattr(value, "written", value))
    if "integer" in kinds and isinstance(value, str) and re.fullmatch("-?[0-9]{1,18}", value):
        return Integer(int(value), value)
    if "integer" in kinds and isinstance(value, float) and value.is_integer():
        return Integer(int(value))
    return _TRUTH.get(value.lower(), value) if "boolean" in kinds and isinstance(value, str) else value
