"""The ground that every model of the language stands on: strict, frozen, no unknown keys."""

from collections.abc import Callable
from typing import Any

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError
from pydantic_core.core_schema import no_info_before_validator_function

from chuoigen.messages import Argument, Message, Texts

JsonSchema = dict[str, Any]
_say = Texts(__name__)


class Model(BaseModel):
    """A mapping of the language. Building the validators is left to the root model: it halves the cold start."""

    model_config = ConfigDict(
        strict=True,
        frozen=True,
        extra="forbid",
        defer_build=True,
        use_attribute_docstrings=False,
        validate_by_name=False,
        validate_by_alias=True,
    )


class ShortForm:
    """Annotation: a value may also be written in a short form, which `expand` turns into the mapping.

    `expand` gets whatever was written and returns a mapping for pydantic, or the value itself when it is not a short
    form; `schema` describes the short form for editors.
    """

    def __init__(self, expand: Callable[[Any], Any], schema: JsonSchema) -> None:
        """Keep the expanding function and the JSON Schema of the short form."""
        self.expand = expand
        self.schema = schema

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Put the expansion before the model's own validation."""
        return no_info_before_validator_function(self.expand, handler(source))

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchema:
        """Say that either form is right."""
        return {"anyOf": [self.schema, handler(core)]}


UNFIXED: Any = object()
"""No value that is the one right answer; None is one."""


def wrong(words: Message, *, right: Any = UNFIXED) -> PydanticCustomError:
    """Return the error for a value that the language does not take.

    The id of `words` begins with the name of the rule that reports it. `right` is the value that was meant, where
    there is only one.
    """
    return PydanticCustomError("chuoigen", "{words}", {"words": words, "right": right})


def shown(value: Any, width: int = 60) -> Argument:
    """Name a written value in a message: its text in `width` characters, or what kind of thing it is."""
    if isinstance(value, dict):
        return _say("a-mapping")
    if isinstance(value, list):
        return _say("a-list")
    if value is None:
        return _say("nothing")
    text = str(getattr(value, "written", value))
    if isinstance(value, bool):
        text = text.lower()
    return f'"{text}"' if len(text) <= width else f'"{text[: width - 3]}…"'
