"""The JSON Schema of a whole spec into one that an editor can hold against any file, also one of several stages."""

from typing import Any

JsonSchema = dict[str, Any]

_DEFINITION = "#/$defs/"
_PART = "Part"
_NOTHING: JsonSchema = {"type": "null"}


def for_any_file(schema: JsonSchema) -> JsonSchema:
    """Return a schema that asks for what is required only of a file that stands alone.

    In a file that extends another one, or that is only to be extended, every key may be missing, and null removes one.
    """
    whole = {key: value for key, value in schema.items() if not key.startswith("$")}
    definitions = {"Spec": whole, **schema.get("$defs", {})}
    parts = {f"{name}{_PART}": _part(definition) for name, definition in definitions.items()}
    return {
        "$schema": schema["$schema"],
        "title": schema["title"],
        "description": schema["description"],
        "if": {
            "anyOf": [
                {"required": ["extends"]},
                {"required": ["partial"], "properties": {"partial": {"const": True}}},
            ]
        },
        "then": {"$ref": f"{_DEFINITION}Spec{_PART}"},
        "else": {"$ref": f"{_DEFINITION}Spec"},
        "$defs": {**definitions, **parts},
    }


def _part(schema: Any) -> Any:
    """Return a schema for a part of what another one describes."""
    if isinstance(schema, list):
        return [_part(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    part = {key: _part(value) for key, value in schema.items() if key not in ("required", "properties", "$ref")}
    if "oneOf" in part:
        part["anyOf"] = part.pop("oneOf")  # without what is required, a mapping may be several of them
    if "$ref" in schema:
        part["$ref"] = f"{schema['$ref']}{_PART}"
    if "properties" in schema:
        part["properties"] = {key: _or_nothing(value) for key, value in schema["properties"].items()}
    if isinstance(schema.get("additionalProperties"), dict):
        part["additionalProperties"] = _or_nothing(schema["additionalProperties"])
    return part


def _or_nothing(schema: JsonSchema) -> JsonSchema:
    """Return the schema of a value that may be null; what describes it stays where editors look for it."""
    part: JsonSchema = _part(schema)
    options = part.pop("anyOf", None)
    if options is not None:
        return {**part, "anyOf": [*options, *([] if _NOTHING in options else [_NOTHING])]}
    described: JsonSchema = {key: part.pop(key) for key in ("description", "title", "default") if key in part}
    return {**described, "anyOf": [part, _NOTHING]}
