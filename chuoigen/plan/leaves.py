"""The single values of a plan with their sources, and where in a file a source is written."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from chuoigen.messages import ENGLISH, Message
from chuoigen.provenance import Trace
from chuoigen.record import Record
from chuoigen.resources import Ref
from chuoigen.yaml.document import Document, KeyPath


class Leaf(Record):
    """A single value of a plan: `own` are the keys that it was computed from, `sources` those and what it hangs on."""

    path: KeyPath
    value: Any
    own: frozenset[KeyPath]
    sources: frozenset[KeyPath]


def leaves(value: object, trace: Trace) -> Iterator[Leaf]:
    """Yield every single value of a plan with its path and its sources; what is empty is a value of its own."""
    yield from _below(value, trace, (), (None, None))


def _below(value: Any, trace: Trace, path: KeyPath, holder: tuple[Any, Any]) -> Iterator[Leaf]:
    if isinstance(value, Record) and not value.ATOM:
        for name in value.FIELDS:
            # A constant has no sources of its own: it was chosen where it stands.
            yield from _below(
                getattr(value, name), trace, (*path, name), (value, name) if trace.knows(value, name) else holder
            )
    elif isinstance(value, dict) and value:
        for key, child in value.items():
            yield from _below(child, trace, (*path, key), (value, key) if trace.knows(value, key) else holder)
    elif isinstance(value, tuple) and any(isinstance(child, Record) for child in value):
        for index, child in enumerate(value):
            yield from _below(child, trace, (*path, index), holder)
    else:
        holder = (value, None) if trace.knows(value, None) else holder
        yield Leaf(path, _plain(value), trace.own(*holder), trace.all(*holder))


def _plain(value: Any) -> Any:
    if isinstance(value, Message):
        return ENGLISH.text(value)
    if isinstance(value, Ref):
        return value.mark
    return list(value) if isinstance(value, tuple) else dict(value) if isinstance(value, dict) else value


def written(paths: Iterable[KeyPath], document: Document) -> tuple[KeyPath, ...]:
    """Return the keys of a file that say something about these keys, in the order of the file.

    A key that is not written is said by the short form that it stands in (`health_check: /path`), else by nothing; a
    mapping says nothing by itself.
    """
    found = set()
    for path in paths:
        place = path
        while place not in document.places:
            place = place[:-1]
        if not isinstance(_at(document.data, place), Mapping):
            found.add(place)
    return tuple(sorted(found, key=lambda place: _line(place, document)))


def _line(path: KeyPath, document: Document) -> tuple[str, int, int]:
    span = document.places[path].value
    return span.file, span.line, span.column


def _at(data: Any, path: KeyPath) -> Any:
    for part in path:
        data = data[part]
    return data
