"""What AWS's own schema says against raw JSON for Amazon ECS, at the places of that JSON and in our own words."""

from __future__ import annotations

import difflib
import enum
import functools
import json
import pathlib
import re
from typing import TYPE_CHECKING, Any, cast

from chuoigen.aws.words import EcsWords
from chuoigen.diagnostics import Diagnostic, Severity
from chuoigen.inputs.violations import CODES
from chuoigen.messages import Argument, Key, Message, Texts
from chuoigen.spec.model import shown
from chuoigen.yaml.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jsonschema import ValidationError
    from jsonschema.protocols import Validator

    from chuoigen.yaml.document import Document, KeyPath

_PACKAGE = pathlib.Path(__file__).parents[2]
_KINDS = {
    "string": "text",
    "integer": "a-whole-number",
    "number": "a-number",
    "boolean": "true-or-false",
    "array": "a-list",
    "object": "an-object",
}
_QUIET = frozenset({"environment", "secrets", "secretOptions", "options", "dockerLabels"})
"""Members whose values may be secrets, and are not repeated."""
_ANNOTATIONS = frozenset({"$schema", "$comment"})
_NEAR = 0.7
_say = Texts(__name__)


class Schema(enum.Enum):
    """What a value is held against: the name of its schema, which is also that of the text that names the whole."""

    TASK_DEFINITION = "task-definition"
    SERVICE = "service"


def violations(
    document: Document, above: KeyPath, value: Any, schema: Schema
) -> tuple[list[Diagnostic], list[KeyPath]]:
    """Return what is wrong with the shape of the value at a path, and the paths that cannot be used because of it."""
    found: list[Diagnostic] = []
    unusable: list[KeyPath] = []
    for error in _validator(schema).iter_errors(value):
        inside: KeyPath = tuple(error.absolute_path)
        for words, at, on_key in _said(error, inside, _say(f"the-{schema.value}")):
            rule, path = words.id.partition(".")[0], (*above, *at)
            span, origin = document.pointer(path, on_key=on_key), (document.origins or {}).get(path, path)
            found.append(Diagnostic(rule, CODES[rule], Severity.ERROR, span, words, path=origin, form=document.form))
            if rule != "missing-key":
                unusable.append(path)
    return found, unusable


def known_members(definition: str) -> frozenset[str]:
    """Return the members of a task definition, or of a structure in it, in AWS's schema."""
    whole = schema_of(Schema.TASK_DEFINITION)
    return frozenset((whole["$defs"][definition] if definition else whole)["properties"])


def violations_of_part(members: Mapping[str, Any], definition: str) -> Iterator[tuple[Message, KeyPath, bool]]:
    """Yield what is wrong with some members of a task definition, or of a structure in it that AWS's schema defines.

    `CreateService` stands for the whole of a service. It comes with the path in them, and with whether it is about the
    key there. What is missing is not asked for, and null is always taken.
    """
    from jsonschema import Draft202012Validator  # slow to import, and hardly any spec needs it

    kind = Schema.SERVICE if definition == "CreateService" else Schema.TASK_DEFINITION
    whole = schema_of(kind)
    inside = definition and kind is Schema.TASK_DEFINITION
    schema = {"$ref": f"#/$defs/{definition}", "$defs": whole["$defs"]} if inside else whole
    for error in Draft202012Validator(schema).iter_errors(_without_null(members)):
        if error.validator != "required":
            yield from _said(error, tuple(error.absolute_path), _say(f"the-{kind.value}"))


def _without_null(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_null(child) for key, child in value.items() if child is not None}
    return value


@functools.cache
def _validator(schema: Schema) -> Validator:
    from jsonschema import Draft202012Validator  # slow to import, and only raw JSON needs it

    return Draft202012Validator(schema_of(schema))


@functools.cache
def schema_of(schema: Schema) -> dict[str, Any]:
    """Return a schema that was made of AWS's model."""
    name = f"{schema.value}.schema.json"
    installed = _PACKAGE / "schema" / name
    file = installed if installed.exists() else _PACKAGE.parent / "schema" / name
    read: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return read


def _said(error: ValidationError, path: KeyPath, whole: Message) -> Iterator[tuple[Message, KeyPath, bool]]:
    """Yield for an error what is said, at which path, and whether at its key."""
    value, kind = cast("Any", error.instance), error.validator
    asked, schema = cast("Any", error.validator_value), cast("Any", error.schema)
    if isinstance(value, Unknown) or value == "":
        return  # empty text is taken for nothing
    if kind == "additionalProperties":
        known = tuple(schema["properties"])
        for member in value:
            if member not in known and not (isinstance(member, Unknown) or member in _ANNOTATIONS):
                yield _unknown(member, _where(path, whole), known), (*path, member), True
    elif kind == "required":
        # There is an error for each of them, which does not say in data for which: what is said twice counts once.
        for member in asked:
            if member not in value:
                yield _say("missing-key", where=_where(path, whole), key=Key((member,))), path, True
    elif kind == "enum":
        choices = tuple(choice for choice in asked if choice is not None)
        near = next((one for one in choices if str(value).upper() == one.upper()), "")
        variant = "invalid-value.choice-near" if near else "invalid-value.choice"
        yield _say(variant, choices=choices, found=_found(value, path), meant=near), path, False
    elif kind == "type":
        wanted = next(one for one in asked if one != "null")
        yield _mistyped(value, wanted, path), path, False


def _mistyped(value: Any, wanted: str, path: KeyPath) -> Message:
    expected, found = _say(_KINDS[wanted]), _found(value, path)
    quiet = not _QUIET.isdisjoint(path)
    if wanted == "string" and isinstance(value, bool | int | float) and not quiet:
        text = "true" if value is True else "false" if value is False else str(getattr(value, "written", value))
        return _say("invalid-value.quotes", expected=expected, found=found, text=f'"{text}"')
    number = wanted in ("integer", "number") and isinstance(value, str) and re.fullmatch("[0-9]{1,9}", value)
    if (number or (wanted == "boolean" and value in ("true", "false"))) and not quiet:
        return _say("invalid-value.no-quotes", expected=expected, found=found, text=value)
    return _say("invalid-value", expected=expected, found=found)


def _found(value: Any, path: KeyPath) -> Argument:
    if not _QUIET.isdisjoint(path) and isinstance(value, str | int | float):
        return _say("another-value")
    return shown(value)


def _where(path: KeyPath, whole: Message) -> Argument:
    """Name a place: its members from the root, in the words of the file."""
    parts = tuple(Key((part,)) if isinstance(part, str) else part for part in path)
    return _say("in-members", path=parts) if parts else whole


def _unknown(member: str, where: Argument, known: tuple[str, ...]) -> Message:
    meant = _meant(member, known)
    arguments: dict[str, Argument] = {"key": member, "where": where, "known": tuple(Key((one,)) for one in known)}
    if meant:
        return _say("unknown-key.meant", meant=Key((meant,)), **arguments)
    return _say("unknown-key", **arguments)


def _meant(member: str, known: tuple[str, ...]) -> str:
    """Return the member that was meant: in another spelling, by our word for it, or nearly spelt so; "" for none."""
    plain = re.sub(r"[^a-z0-9]", "", member.lower())
    spelt = {one.lower(): one for one in known}
    if plain in spelt:
        return spelt[plain]
    ours = EcsWords().word((member,))
    if ours in known:
        return ours
    near = difflib.get_close_matches(plain, spelt, n=1, cutoff=_NEAR)
    return spelt[near[0]] if near else ""
