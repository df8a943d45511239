"""The models of the language into its reference: every key with what it takes, its default and what it is for."""

from __future__ import annotations

import json
import re
import types
import typing
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Any

from annotated_types import Ge
from pydantic import BaseModel, BeforeValidator

from chuoigen import recipes
from chuoigen.aws.refused import REFUSED_CONTAINER, REFUSED_TASK, REFUSED_VOLUME, Refusal
from chuoigen.messages import ENGLISH
from chuoigen.spec import Spec, scalars
from chuoigen.spec.build import ImageBuild
from chuoigen.spec.descriptions import description as described
from chuoigen.spec.foreign import LIKE, SAME
from chuoigen.spec.model import ShortForm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic.fields import FieldInfo

PROSE = Path(__file__).with_name("language.md")

# Word and unit of each kind of single value; a default is shown with its unit.
KINDS: dict[Any, tuple[str, str]] = {
    scalars.Cpu: ("[CPU](#units)", ""),
    scalars.Memory: ("[memory](#units)", " MiB"),
    scalars.Seconds: ("[time](#units)", "s"),
    scalars.Days: ("[days](#units)", " days"),
    scalars.Storage: ("[storage](#units)", " GiB"),
    scalars.TypedText: ("text", ""),
    scalars.EnvironmentText: ("text", ""),
}
READERS = {kind.__metadata__[0].func: words for kind, words in KINDS.items()}
SINGLE = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "`true` or `false`",
    dict: "mapping",
    Any: "anything",
}
SHORT = {
    "string": "text",
    "boolean": "true or false",
    "integer": "number",
    "number": "number",
    "array": "list of text",
    "null": "nothing",
}
DEFAULT = re.compile(r"\s*Default: (.+?)\.?$")
REFUSED = {
    "task": REFUSED_TASK,
    "volumes.<name>": REFUSED_VOLUME,
    "containers.<name>": REFUSED_CONTAINER,
}

Models = type[BaseModel]


def reference() -> str:
    """Return docs/language.md."""
    places = canonical()
    sections = [section(model, places) for model in ordered(Spec, places, set())]
    keys = "\n".join([*sections, refused()])
    return PROSE.read_text(encoding="utf-8").replace("<!-- keys -->\n", keys).replace("<!-- words -->\n", words(places))


def words(places: dict[Models, list[str]]) -> str:
    """Return a table of the words that others have for our keys."""
    by_name = {model.__name__: where[0] for model, where in places.items()}
    rows = [
        f"| `{word}` | `{f'{by_name[model]}.{key}'.strip('.')}` | {'yes' if table is LIKE else ''} |"
        for table in (SAME, LIKE)
        for model, words_of in table.items()
        for word, key in words_of.items()
        if model in by_name
    ]
    head = ["| there | here | written in another way |", "|---|---|---|"]
    return "\n".join([*head, *sorted(rows)]) + "\n"


def canonical() -> dict[Models, list[str]]:
    """Return the paths of each model, the shortest first: its section stands there."""
    places: dict[Models, list[str]] = {Spec: [""]}
    waiting: deque[tuple[Models, str]] = deque([(Spec, "")])
    while waiting:
        model, path = waiting.popleft()
        for inner, place in below(model, path):
            if inner not in places:
                waiting.append((inner, place))
            places.setdefault(inner, []).append(place)
    return places


def ordered(model: Models, places: dict[Models, list[str]], seen: set[Models]) -> Iterator[Models]:
    """Yield the models in the order of reading: each section before those of its keys."""
    seen.add(model)
    yield model
    for inner, place in below(model, places[model][0]):
        if inner not in seen and places[inner][0] == place:
            yield from ordered(inner, places, seen)


def below(model: Models, path: str) -> Iterator[tuple[Models, str]]:
    """Yield the models of the keys of a model, each with its path."""
    hints = typing.get_type_hints(model, include_extras=True)
    for name, field in model.model_fields.items():
        key = field.alias or name
        yield from models_in(hints[name], f"{path}.{key}" if path else key)


def models_in(annotation: Any, path: str) -> Iterator[tuple[Models, str]]:
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if annotation is ImageBuild:
        yield from ((model, path) for model in builds())
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation, path
    elif origin is typing.Annotated:
        yield from models_in(arguments[0], path)
    elif origin is list:
        yield from models_in(arguments[0], f"{path}[]")
    elif origin is dict:
        yield from models_in(arguments[1], f"{path}.<name>")
    else:
        for argument in arguments:
            yield from models_in(argument, path)


def builds() -> list[Models]:
    """Return the models of which one judges each build."""
    own = recipes.named(recipes.DOCKERFILE)
    return [recipe.language for recipe in (*recipes.built_in(), own)]


def section(model: Models, places: dict[Models, list[str]]) -> str:
    """Return heading, description and table of one mapping."""
    head = [f"## {title(model, places)}\n", f"{(model.__doc__ or '').strip()}\n"]
    others = [place for place in dict.fromkeys(places[model]) if place != places[model][0]]
    if others:
        head.append(f"The same at {', '.join(f'`{place}`' for place in others)}.\n")
    hints = typing.get_type_hints(model, include_extras=True)
    own = vars(model).get("__annotations__", {})  # before those that it inherits
    rows = [
        row(field.alias or name, field, described(model, name), hints[name], places)
        for name, field in sorted(model.model_fields.items(), key=lambda item: item[0] not in own)
    ]
    return "\n".join([*head, "| key | takes | default | |", "|---|---|---|---|", *rows]) + "\n"


def title(model: Models, places: dict[Models, list[str]]) -> str:
    """Return the heading of a model; builds stand at one path and differ by their recipe."""
    path = places[model][0]
    recipe = model.model_fields.get("recipe")
    if recipe is not None:
        return f"`{path}` with `recipe: {typing.get_args(recipe.annotation)[0]}`"
    if "dockerfile" in model.model_fields:
        return f"`{path}` with `dockerfile`"
    return f"`{path}`" if path else "The whole file"


def anchor(heading: str) -> str:
    """Return the name that GitHub gives to a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def row(key: str, field: FieldInfo, description: str, hint: Any, places: dict[Models, list[str]]) -> str:
    description = description or "Which recipe builds the image."
    stated = DEFAULT.search(description)
    default = f"`{field.default}`"
    if field.is_required():
        default = "**required**"
    elif stated:
        default, description = stated[1], description[: stated.start()]
    elif field.default_factory is not None or field.default is None:
        default = ""
    elif isinstance(field.default, bool):
        default = f"`{str(field.default).lower()}`"
    elif isinstance(field.default, int):
        default = f"`{field.default}{unit(hint)}`"
    least = [f", at least {limit.ge}" for limit in field.metadata if isinstance(limit, Ge)]
    cells = (f"`{key}`", takes(hint, places) + "".join(least), default, description)
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def takes(annotation: Any, places: dict[Models, list[str]]) -> str:
    """Say in words what may be written, short forms first."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if annotation is ImageBuild:
        return " or ".join(takes(model, places) for model in builds())
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return f"[mapping](#{anchor(title(annotation, places))})"
    if origin is typing.Annotated:
        known = next((READERS[part.func] for part in arguments[1:] if reader(part)), None)
        words = [known[0]] if known else [takes(arguments[0], places)]
        short = [words_of(part.schema) for part in arguments[1:] if isinstance(part, ShortForm)]
        return " or ".join(dict.fromkeys([*(word for word in short if word), *words]))
    if origin is typing.Literal:
        return " or ".join(f"`{value}`" for value in arguments)
    if origin is list:
        inner = takes(arguments[0], places)
        return f"list: {inner}" if " or " in inner else f"list of {inner}"
    if origin is dict:
        return f"mapping: name → {takes(arguments[1], places)}"
    if origin in (typing.Union, types.UnionType):
        parts = [takes(argument, places) for argument in arguments if argument is not type(None)]
        return " or ".join(dict.fromkeys(parts))
    return SINGLE[annotation]


def reader(part: Any) -> bool:
    return isinstance(part, BeforeValidator) and part.func in READERS


def words_of(schema: dict[str, Any]) -> str:
    """Return the words for the JSON Schema of a short form; nothing for one that only refuses."""
    if "enum" in schema:
        return " or ".join(f"`{value}`" for value in schema["enum"])
    if "anyOf" in schema:
        return " or ".join(words_of(option) for option in schema["anyOf"])
    kinds = schema.get("type", [])
    return " or ".join(SHORT[kind] for kind in ([kinds] if isinstance(kinds, str) else kinds))


def unit(hint: Any) -> str:
    parts = typing.get_args(hint)[1:] if typing.get_origin(hint) is typing.Annotated else ()
    return next((READERS[part.func][1] for part in parts if reader(part)), "")


def refused() -> str:
    """Return the tables of the keys that are understood, so that the answer can say why Fargate refuses them."""
    head = "## Keys that are understood and refused\n"
    parts = [head, "Fargate takes none of these. Each is reported where it stands, with the reason and the remedy.\n"]
    for path, table in REFUSED.items():
        parts += [f"### Refused in `{path}`\n", "| key | why | instead |", "|---|---|---|"]
        parts += [refusal(key, entry) for key, entry in table.items()]
        parts.append("")
    return "\n".join(parts).rstrip("\n") + "\n"


def refusal(key: str, entry: Refusal) -> str:
    through = "".join(f" (`{json.dumps(value)}` is let through)" for value in entry.allowed)
    return f"| `{key}` | {ENGLISH.text(entry.message)}{through} | {ENGLISH.help(entry.message)} |"
