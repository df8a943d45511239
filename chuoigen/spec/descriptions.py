"""What the language's reference says about each key: the docstrings that stand below the fields of the models.

They are read from the source when somebody asks, since a description that every field carries makes each start slower.
Other languages have them in `keys/<language>/<module>.yaml` beside the module.
"""

import ast
import functools
import inspect
import itertools
import sys
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from chuoigen.messages import catalogue


def description(model: type[BaseModel], field: str) -> str:
    """Return the text below a field of a model or of the classes it inherits from, on one line; "" without one."""
    for cls in model.__mro__:
        ours = issubclass(cls, BaseModel) and not cls.__module__.startswith("pydantic.")
        text = _docstrings(cls.__module__).get((cls.__name__, field)) if ours else None
        if text:
            return text
    return ""


def translated(model: type[BaseModel], field: str, language: str) -> str:
    """Return the same in another language than English; "" where it is not translated, as of a stranger's recipe."""
    for cls in model.__mro__:
        texts = catalogue(cls.__module__, language, "keys").get(cls.__name__, {})
        if field in texts:
            return str(texts[field])
    return ""


@functools.cache
def _docstrings(module: str) -> dict[tuple[str, str], str]:
    """Return the attribute docstrings of a module's classes, by class and attribute."""
    found = {}
    for cls in ast.parse(inspect.getsource(sys.modules[module])).body:
        body = cls.body if isinstance(cls, ast.ClassDef) else []
        for field, text in itertools.pairwise(body):
            if (
                isinstance(field, ast.AnnAssign)
                and isinstance(field.target, ast.Name)
                and isinstance(cls, ast.ClassDef)
            ):
                match text:
                    case ast.Expr(value=ast.Constant(value=str(words))):
                        found[cls.name, field.target.id] = " ".join(words.split())
    return found


def described(schema: dict[str, Any], root: type[BaseModel], base: type[BaseModel]) -> dict[str, Any]:
    """Return the JSON Schema of `root` with the descriptions of all keys; its other models inherit from `base`."""
    near = (
        root.__module__.rpartition(".")[0] or root.__module__
    )  # recipes give the same name to different models of their own
    models = {model.__name__: model for model in sorted(_below(base), key=lambda one: one.__module__.startswith(near))}
    definitions = {name: _with_descriptions(part, models[name]) for name, part in schema.get("$defs", {}).items()}
    return {**_with_descriptions(schema, root), "$defs": definitions}


def _with_descriptions(schema: dict[str, Any], model: type[BaseModel]) -> dict[str, Any]:
    keys = {field.alias or name: name for name, field in model.model_fields.items()}
    properties = {
        key: {**part, "description": description(model, keys[key])}
        for key, part in schema.get("properties", {}).items()
    }
    return {**schema, "properties": properties}


def _below(cls: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for subclass in cls.__subclasses__():
        yield subclass
        yield from _below(subclass)
