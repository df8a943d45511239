"""JSON Schemas of the two requests that people keep in files, made from botocore's model of Amazon ECS.

A schema says what has the right shape for AWS: members, types, words of enumerations, what is required. Whether Fargate
takes it is what `chuoigen lint` says. What only the describe calls print is marked `readOnly`; null means absent.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import botocore
import botocore.session

if TYPE_CHECKING:
    from botocore.model import ServiceModel, Shape

# Schema, the shapes of the requests that take the file, and that of the answer which prints it.
FILES = {
    "task-definition": (("RegisterTaskDefinitionRequest",), "TaskDefinition"),
    "service": (("CreateServiceRequest", "UpdateServiceRequest"), "Service"),
}
TYPES = {
    "string": "string",
    "integer": "integer",
    "long": "integer",
    "boolean": "boolean",
    "double": "number",
    "float": "number",
    "timestamp": None,  # the CLI prints text, an SDK a number of seconds
}


def schemas() -> dict[str, str]:
    """Return the text of each schema by its path in the repository."""
    model = botocore.session.get_session().get_service_model("ecs")
    return {
        f"schema/{name}.schema.json": json.dumps(schema(model, name, requests, answer), indent=2) + "\n"
        for name, (requests, answer) in FILES.items()
    }


def schema(model: ServiceModel, name: str, requests: tuple[str, ...], answer: str) -> dict[str, Any]:
    """Return the schema (draft 2020-12) of what one of `requests` takes or `answer` prints."""
    definitions: dict[str, Any] = {}
    members: dict[str, Any] = {}
    printed = model.shape_for(answer).members
    for shape in (model.shape_for(request) for request in requests):
        for member, kind in shape.members.items():
            members.setdefault(member, reference(kind, definitions))
    for member, kind in printed.items():
        members.setdefault(member, {**reference(kind, definitions), "readOnly": True})
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Amazon ECS {name.replace('-', ' ')}",
        "description": f"{' and '.join(requests)}, and what describing prints; from botocore {botocore.__version__}.",
        "type": "object",
        "additionalProperties": False,
        "properties": members,
        "$defs": dict(sorted(definitions.items())),
    }


def reference(shape: Shape, definitions: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a member; a structure stands once among the definitions, and a document is any object."""
    if getattr(shape, "is_document_type", False):
        return {"type": ["object", "null"]}
    if shape.type_name == "structure":
        if shape.name not in definitions:
            definitions[shape.name] = {}  # a shape may lie in itself
            definitions[shape.name] = structure(shape, definitions)
        return {"$ref": f"#/$defs/{shape.name}"}
    if shape.type_name == "list":
        return {"type": ["array", "null"], "items": reference(shape.member, definitions)}
    if shape.type_name == "map":
        return {"type": ["object", "null"], "additionalProperties": reference(shape.value, definitions)}
    if shape.type_name == "string" and shape.enum:
        return {"enum": [*shape.enum, None]}
    word = TYPES[shape.type_name]
    return {"type": [word, "null"]} if word else {}


def structure(shape: Shape, definitions: dict[str, Any]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "type": ["object", "null"],
        "additionalProperties": False,
        "properties": {name: reference(member, definitions) for name, member in shape.members.items()},
    }
    return {**described, "required": list(shape.required_members)} if shape.required_members else described
