"""What pydantic finds wrong with merged data, as diagnostics at the places that were written, with what repairs it."""

import difflib
import inspect
import re
import typing
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from chuoigen.diagnostics import Diagnostic, Severity
from chuoigen.fix import Edit, Fix, Remove, Rename, Replace
from chuoigen.messages import LANGUAGES, Argument, InLanguages, Message, Texts
from chuoigen.spec import Spec
from chuoigen.spec.build import ImageBuild, judged_by
from chuoigen.spec.foreign import LIKE, SAME, snake
from chuoigen.spec.model import UNFIXED, shown
from chuoigen.yaml.document import Document, KeyPath
from chuoigen.yaml.unknown import Unknown

CODES = {
    "unknown-key": "CG011",
    "missing-key": "CG012",
    "invalid-value": "CG013",
    "unquoted-value": "CG014",
    "plain-secret": "CG015",
    "duplicate-variable": "CG016",
    "compose-restart-policy": "CG017",
    "unfilled-value": "CG018",
}
"""Rules that the shape itself reports, with their codes."""

_QUIET = ("secrets", "secret_options", "args", "environment", "repository_credentials")
_EXPECTED = {
    "string_type": "text",
    "int_type": "a-whole-number",
    "int_from_float": "a-whole-number",
    "bool_type": "true-or-false",
    "list_type": "a-list",
    "dict_type": "a-mapping",
    "model_type": "a-mapping",
    "model_attributes_type": "a-mapping",
}
_TRUTH = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
_CLEAR = 4
"""Letters from which one wrong letter leaves a key clear."""
_say = Texts(__name__)


def written_path(data: Any, loc: tuple[int | str, ...]) -> KeyPath:
    """Map pydantic's `loc` to a path of the document: tags, `[key]` and what short forms add are none."""
    path: list[int | str] = []
    current = data
    for part in loc:
        inside = isinstance(current, dict) and part in current
        if inside or (isinstance(current, list) and isinstance(part, int) and part < len(current)):
            current = current[part]
            path.append(part)
    return tuple(path)


def diagnose(document: Document, data: dict[str, Any], detail: ErrorDetails) -> Diagnostic:
    """Return the diagnostic of one of pydantic's errors; `data` is what was validated."""
    kind, loc = detail["type"], detail["loc"]
    path = written_path(data, loc)
    edits: tuple[Edit, ...] = ()
    safe, on_key = True, kind in ("missing", "extra_forbidden")
    if kind == "missing":
        words = _say("missing-key", where=_where(path), key=str(loc[-1]), description=_description(data, loc))
    elif kind == "extra_forbidden":
        words, edits, safe = _unknown_key(data, loc, document)
    else:
        words, right = (
            (detail["ctx"]["words"], detail["ctx"]["right"]) if kind == "chuoigen" else _mismatch(data, detail, path)
        )
        edits = (Replace(path, right),) if right is not UNFIXED else ()
        if words.id == "duplicate-variable":
            edits = _repeated(path, detail["input"])
    rule = words.id.partition(".")[0]
    file = document.place(path).value.file
    fix = Fix(edits, safe, file) if edits else None
    return Diagnostic(rule, CODES[rule], Severity.ERROR, document.pointer(path, on_key=on_key), words, fix=fix)


def unfilled(document: Document, path: KeyPath, value: Unknown) -> Diagnostic:
    """Return the diagnostic of a value of a spec that nobody has written yet."""
    words = _say("unfilled-value" if value else "unfilled-value.unnamed", key=str(path[-1]), hole=str(value))
    return Diagnostic("unfilled-value", CODES["unfilled-value"], Severity.ERROR, document.pointer(path), words)


def _where(path: KeyPath) -> Argument:
    return ".".join(str(part) for part in path) or _say("the-spec")


def _mismatch(data: dict[str, Any], detail: ErrorDetails, path: KeyPath) -> tuple[Message, Any]:
    """Return what is said about a value of the wrong kind, and the value that was meant where there is only one.

    What may be a secret is never repeated.
    """
    kind, value = detail["type"], detail["input"]
    quiet = any(part in _QUIET for part in path)
    found = _say("another-value") if quiet and isinstance(value, str | int | float) else shown(value)
    about = _description(data, detail["loc"])
    if kind == "string_type" and isinstance(value, int | float):
        text = str(getattr(value, "written", str(value).lower()))
        if not quiet:
            return _say("invalid-value.unquoted", text=text), text
    if kind in _EXPECTED:
        expected = _say(_EXPECTED[kind])
        return _say("invalid-value.kind", expected=expected, found=found, description=about), _meant(kind, value)
    if kind == "literal_error":
        taken = choices(data, detail["loc"])
        near = [choice for choice in taken if isinstance(value, str) and str(choice) == value.lower()]
        quoted = all(isinstance(choice, str) for choice in taken)
        words = _say(f"invalid-value.{'choice' if quoted else 'number'}", choices=taken, found=found, description=about)
        return words, near[0] if near else UNFIXED
    if kind == "string_too_short":
        return _say("invalid-value.empty", description=about), UNFIXED
    if kind == "greater_than_equal":
        return _say("invalid-value.small", found=found, least=detail["ctx"]["ge"], description=about), UNFIXED
    # A kind of error that no model gave when this was written.
    return _say("invalid-value.other", found=found, description=about), UNFIXED


def choices(data: dict[str, Any], loc: tuple[int | str, ...]) -> tuple[Any, ...]:
    """Return the values that the key at `loc` takes, from its declaration; pydantic's own list is a sentence."""
    while len(loc) > 1 and isinstance(loc[-1], int):
        loc = loc[:-1]  # an item of a list is declared with the list
    model = _model_at(data, loc[:-1])
    field = _field(model, str(loc[-1])) if model else None
    return tuple(_literals(field and field.annotation))


def _literals(annotation: Any) -> Iterator[Any]:
    """Yield the values that an annotation lists, through unions."""
    arguments = typing.get_args(annotation)
    if typing.get_origin(annotation) is typing.Literal:
        yield from arguments
    else:
        for argument in arguments:
            yield from _literals(argument)


def _meant(kind: str, value: Any) -> Any:
    """Return the number or truth value that was put in quotes."""
    if kind == "int_type" and isinstance(value, str) and re.fullmatch("[0-9]{1,9}", value):
        return int(value)
    return _TRUTH.get(value.lower(), UNFIXED) if kind == "bool_type" and isinstance(value, str) else UNFIXED


def _repeated(path: KeyPath, items: Any) -> tuple[Edit, ...]:
    """Return the edits that leave of equal items the first; none where a variable has two values."""
    kept = [item for index, item in enumerate(items) if item not in items[:index]]  # an item may be a mapping
    names = {str(item).partition("=")[0] for item in kept}
    indices = [index for index, item in enumerate(items) if item in items[:index]]
    return tuple(Remove((*path, index)) for index in indices) if len(names) == len(kept) else ()


def _unknown_key(
    data: dict[str, Any], loc: tuple[int | str, ...], document: Document
) -> tuple[Message, tuple[Edit, ...], bool]:
    """Return what is said about a key that means nothing, the edits that write what was meant, whether that is safe."""
    path, model, word = written_path(data, loc), _model_at(data, loc[:-1]), str(loc[-1])
    known = tuple(sorted(field.alias or name for name, field in model.model_fields.items())) if model else ()
    meant, certain = _meant_key(model.__name__ if model else "", word, known)
    arguments: dict[str, Argument] = {"key": word, "where": _where(path[:-1]), "known": known}
    if not meant:
        return _say("unknown-key.known" if known else "unknown-key", **arguments), (), True
    free = (*path[:-1], meant) not in document.places and path[-1:] == loc[-1:]
    edits = (Rename(path, meant),) if free and certain is not None else ()
    return _say("unknown-key.meant", meant=meant, **arguments), edits, bool(certain)


def _meant_key(model: str, word: str, known: tuple[str, ...]) -> tuple[str, bool | None]:
    """Return the key that was meant ("" if nobody knows), and whether that is certain; None: its values differ."""
    plain = snake(word)
    if plain in known:
        return plain, True
    for table, certain in ((SAME, True), (LIKE, None)):
        meant = table.get(model, {}).get(plain)
        if meant in known:
            return str(meant), certain
    near = difflib.get_close_matches(plain, known, n=2, cutoff=0.7)
    if not near:
        return "", None
    clear = len(near) == 1 and len(plain) >= _CLEAR and _differ_in_one(plain, near[0])
    return near[0], True if clear else False if len(near) == 1 else None


def _differ_in_one(one: str, other: str) -> bool:
    """Say whether one letter is missing, too many, another, or two stand the wrong way round."""
    first = next(
        (index for index, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(map(len, (one, other)))
    )
    rest, remains = one[first:], other[first:]
    return (
        rest[1:] == remains
        or rest == remains[1:]
        or rest[1:] == remains[1:]
        or (rest[:2] == remains[1::-1] and rest[2:] == remains[2:])
    )


def _description(data: dict[str, Any], loc: tuple[int | str, ...]) -> InLanguages:
    """Return what the reference says about the key at `loc`, in all languages."""
    from chuoigen.spec.descriptions import description, translated  # reads sources: only once something is wrong

    model = _model_at(data, loc[:-1])
    fields = model.model_fields.items() if model else ()
    name = next((name for name, field in fields if loc[-1] in (field.alias, name)), None)
    if model is None or name is None:
        return InLanguages(())
    english, *others = LANGUAGES
    said = ((english, description(model, name)), *((other, translated(model, name, other)) for other in others))
    return InLanguages(tuple((language, f"{loc[-1]}: {text}") for language, text in said if text))


def _model_at(data: Any, loc: tuple[int | str, ...]) -> type[BaseModel] | None:
    """Return the model that judges the mapping at `loc`, walking pydantic's own names."""
    candidates: list[type[BaseModel]] = [Spec]
    value = data
    for part in loc:
        if isinstance(value, dict):
            value = value.get(part)
        elif isinstance(value, list) and isinstance(part, int):
            value = value[part]
        models = [model for model in candidates if isinstance(part, str) and _field(model, part) is not None]
        if models:
            field = _field(models[0], str(part))
            candidates = (
                list(_models_in(field.annotation)) + [m for extra in field.metadata for m in _models_in(extra)]
                if field
                else []
            )
            if ImageBuild in candidates:
                candidates = [judged_by(value)]
    return candidates[0] if candidates else None


def _field(model: type[BaseModel], name: str) -> Any:
    by_alias = {field.alias or key: field for key, field in model.model_fields.items()}
    return by_alias.get(name)


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """Yield the models that an annotation names, through unions, lists, mappings and annotations."""
    if inspect.isclass(annotation) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in typing.get_args(annotation):
        yield from _models_in(argument)
