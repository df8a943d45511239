"""Members of ECS's JSON spelt in another case, as ecspresso takes them.

It decodes with Go's encoding/json, which compares names without regard to case, and only warns of unknown ones
(kayac/ecspresso, config and unmarshalJSON, read 2026-11-28).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chuoigen.inputs.ecs.shape import Schema, schema_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chuoigen.yaml.document import Document, KeyPath, Place


def folded(document: Document, schema: Schema) -> Document:
    """Return a document with its members spelt as ECS does; its origins are the paths as they were written."""
    folding = _Folding(document, schema_of(schema).get("$defs", {}))
    data = folding.of(document.data, schema_of(schema), (), ())
    return document.replaced(data=data, places=folding.places, origins=folding.origins)


class _Folding:
    def __init__(self, document: Document, definitions: Mapping[str, Any]) -> None:
        self.document = document
        self.places: dict[KeyPath, Place] = {}
        self.origins: dict[KeyPath, KeyPath] = {}
        self._definitions = definitions

    def of(self, value: Any, schema: Mapping[str, Any], path: KeyPath, target: KeyPath) -> Any:
        """Return the value at a path, which stands at `target` in the result."""
        self.places[target], self.origins[target] = self.document.place(path), path
        schema = self._definitions.get(str(schema.get("$ref", "")).rpartition("/")[2], schema)
        if isinstance(value, list):
            items = schema.get("items", {})
            return [self.of(one, items, (*path, index), (*target, index)) for index, one in enumerate(value)]
        if not isinstance(value, dict):
            return value
        known = schema.get("properties", {})
        spelt = {member.lower(): member for member in known}
        data: dict[str, Any] = {}
        for key, child in value.items():
            near = str(spelt.get(key.lower(), key))
            member = key if near in value else near  # the exact one goes before
            inner = known.get(member, schema.get("additionalProperties"))
            data[member] = self.of(child, inner if isinstance(inner, dict) else {}, (*path, key), (*target, member))
        return data
