"""The JSON Schema of the whole language, put together from the models of the root and of each recipe."""

import json
from collections.abc import Iterable
from typing import Any

from pydantic import PydanticUserError

from chuoigen.spec.build import ANY_BUILD, ImageBuild
from chuoigen.spec.descriptions import described
from chuoigen.spec.model import JsonSchema, Model


def whole(root: type[Model], builds: Iterable[type[ImageBuild]]) -> JsonSchema:
    """Return the JSON Schema (draft 2020-12) of `root`, where a build may be any of `builds`, keys described.

    A mapping of a recipe that has the name of another one is called after its build as well.
    """
    schema = described(root.model_json_schema(by_alias=True), root, Model)
    definitions: dict[str, Any] = schema["$defs"]
    options = []
    for build in builds:
        part = _part(build)
        own = {**part.pop("$defs"), build.__name__: part}
        for name in [name for name, one in own.items() if definitions.get(name, one) != one]:
            renamed = f"{build.__name__}.{name}"
            text = json.dumps(own).replace(f'"#/$defs/{name}"', f'"#/$defs/{renamed}"')
            own = {renamed if key == name else key: one for key, one in json.loads(text).items()}
        definitions.update(own)
        options.append({"$ref": f"#/$defs/{next(reversed(own))}"})
    forms = definitions["Container"]["properties"]["build"]["anyOf"]
    forms[forms.index(ANY_BUILD)] = {"oneOf": options}
    schema["$defs"] = dict(sorted(definitions.items()))
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def unusable(build: type[ImageBuild]) -> str:
    """Return why the language of a recipe has no JSON Schema; "" when it has one."""
    try:
        _part(build)
    except PydanticUserError as error:
        return error.message
    return ""


def _part(build: type[ImageBuild]) -> JsonSchema:
    return described(build.model_json_schema(by_alias=True), build, Model)
