"""Whether a value is of the type that an annotation says: for values of modules that no type checker has seen."""

import types
import typing
from collections.abc import Iterable, Mapping
from typing import Any

from chuoigen.messages import LANGUAGES, Message, Reader
from chuoigen.record import Record

_PARTS = ("message", "help")


def fits(value: Any, promised: Any, names: Mapping[str, Any]) -> bool:
    """Say whether a value is of a type, all that it holds included; `names` are those that annotations may have.

    Raises what a message raises that cannot be said in some language.
    """
    if isinstance(promised, typing.TypeVar):
        bound: Any = promised.__bound__
        return fits(value, names[bound.__forward_arg__], names)
    origin, inner = typing.get_origin(promised), typing.get_args(promised)
    if origin in (typing.Union, types.UnionType):
        return any(fits(value, one, names) for one in inner)
    if origin is Iterable:
        return all(fits(item, inner[0], names) for item in value)
    if origin is None:
        return promised is Any or (isinstance(value, promised or types.NoneType) and _held_fits(value, promised, names))
    if not isinstance(value, origin):
        return False
    if origin is Mapping:
        return all(_items_fit(pair, inner, names) for pair in value.items())
    return origin is not tuple or _items_fit(value, inner, names)


def _items_fit(items: tuple[Any, ...], inner: tuple[Any, ...], names: Mapping[str, Any]) -> bool:
    if inner[-1] is Ellipsis:
        return all(fits(item, inner[0], names) for item in items)
    return len(items) == len(inner) and all(fits(item, one, names) for item, one in zip(items, inner, strict=True))


def _held_fits(value: Any, promised: Any, names: Mapping[str, Any]) -> bool:
    """Say whether the fields of a record fit that the promised class has; those of a class derived from it are open."""
    if isinstance(value, Message):
        for language in LANGUAGES:
            for part in _PARTS:
                Reader(language).text(value, part)
        return True
    if not isinstance(value, Record):
        return True
    hints = typing.get_type_hints(promised, localns=dict(names))
    return all(fits(getattr(value, name), hints[name], names) for name in promised.FIELDS)
