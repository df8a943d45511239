"""What is written on one side of a change, and where; what is not written there is its default, where it has one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from chuoigen.record import Record
from chuoigen.yaml.document import Integer, Real

if TYPE_CHECKING:
    from chuoigen.review.side import Side
    from chuoigen.yaml.document import Document, KeyPath


class Place(Record):
    """A line of a file, from 1."""

    file: str
    line: int


class Value(Record):
    """A value as it is written: data of JSON, and its place. A default has no place."""

    data: Any
    place: Place | None


def value_at(side: Side | None, path: KeyPath | None) -> Value | None:
    """Return what a side says at some keys; None where it has no such part. A whole spec is said by its name."""
    if side is None or path is None:
        return None
    document = side.document
    if path == ():
        return Value(side.plan.prefix, Place(document.file, 1))
    if path in document.places:
        return Value(_plain(_at(document.data, path)), _place(document, path))
    above = written_path(side, path)
    if above != path:
        return Value(_plain(_at(document.data, above)), _place(document, above))
    return Value(_plain(_spelled(side.spec, path)), None)


def written_path(side: Side | None, path: KeyPath | None) -> KeyPath:
    """Return the keys of a value as they are written: those of the short form, where it is said by one."""
    if side is None or path is None:
        return ()
    above = path
    while above not in side.document.places:
        above = above[:-1]
    return path if isinstance(_at(side.document.data, above), Mapping | list) else above


def _place(document: Document, path: KeyPath) -> Place:
    place = document.places[path]
    span = place.key or place.value
    return Place(span.file, span.line)


def _at(data: Any, path: KeyPath) -> Any:
    for part in path:
        data = data[part]
    return data


def _spelled(spec: Any, path: KeyPath) -> Any:
    """Return the value of a key in the model, which has the defaults."""
    for part in path:
        fields = getattr(type(spec), "model_fields", None)
        if fields is None:
            spec = spec[part]
        else:
            spec = getattr(spec, next((name for name, field in fields.items() if field.alias == part), str(part)))
    return spec if isinstance(spec, str | int | float | bool | list) else None


def _plain(data: Any) -> Any:
    """Return plain data of JSON; a number as it was written where that says more than the number."""
    if isinstance(data, Mapping):
        return {str(key): _plain(child) for key, child in data.items()}
    if isinstance(data, list):
        return [_plain(child) for child in data]
    if isinstance(data, Integer):
        return int(data)
    return float(data) if isinstance(data, Real) else data
