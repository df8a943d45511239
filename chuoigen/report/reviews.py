"""What a comparison found, ready to be printed: plain data without secrets, which another process can hand over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from chuoigen.inputs.secret_forms import names_secret
from chuoigen.inputs.secret_values import REFERENCES
from chuoigen.messages import Texts
from chuoigen.record import Record
from chuoigen.report.view import MASK, View
from chuoigen.review import Class, Comparison
from chuoigen.review.effects import effects
from chuoigen.review.locks import only_images
from chuoigen.review.timeline import timeline

if TYPE_CHECKING:
    from chuoigen.inputs.load import Source
    from chuoigen.messages import Message
    from chuoigen.review import Change
    from chuoigen.review.cost import Bill
    from chuoigen.review.timeline import Timeline
    from chuoigen.review.values import Value
    from chuoigen.yaml.document import KeyPath


_say = Texts(__name__)


class Line(Record):
    """A change. `before` and `after` are data of JSON, None where there is nothing; places are (file, line)."""

    kind: str
    path: str
    before: Any
    after: Any
    places: tuple[tuple[str, int] | None, tuple[str, int] | None]
    classes: tuple[Class, ...]
    effects: tuple[Message, ...]


class Review(Record):
    """The changes of one service. `difference` is the unified diff of its files, `notes` what is to be known of it."""

    file: str
    lines: tuple[Line, ...]
    difference: str = ""
    bill: Bill | None = None
    timeline: Timeline | None = None
    title: Message | None = None
    notes: tuple[Message, ...] = ()


def review_of(file: str, comparison: Comparison, sources: Mapping[str, Source], difference: str = "") -> Review:
    """Return what a reader may see of a comparison; `sources` are the files of both sides."""
    view = View(sources)
    lines = tuple(_line(change, comparison, view) for change in comparison.changes)
    happens = None if comparison.beside else timeline(comparison.changes, comparison.both)
    notes = (_say("only-images"),) if only_images(comparison) else ()
    return Review(file, lines, difference, comparison.bill, happens, notes=notes)


def _line(change: Change, comparison: Comparison, view: View) -> Line:
    before, after = (_data(value, change.path, view) for value in (change.before, change.after))
    heard = () if change.classes == (Class.NOTHING,) else effects(change.moved, comparison.both)
    said = tuple(_discreet(message, view) for message in heard)
    places = (_place(change.before), _place(change.after))
    return Line(change.kind, dotted(change.path), before, after, places, change.classes, said)


def dotted(path: KeyPath) -> str:
    """Return keys as a reader writes them: network.allow[0].ports."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")


def _place(value: Value | None) -> tuple[str, int] | None:
    return (value.place.file, value.place.line) if value is not None and value.place is not None else None


def _data(value: Value | None, path: KeyPath, view: View) -> Any:
    if value is None:
        return None
    secretive = any(isinstance(part, str) and names_secret(part) for part in path) and path[-1] not in REFERENCES
    return _masked(value.data, view, secret=secretive)


def _masked(data: Any, view: View, *, secret: bool = False) -> Any:
    if isinstance(data, Mapping):
        return {
            key: _masked(child, view, secret=(secret or names_secret(str(key))) and key not in REFERENCES)
            for key, child in data.items()
        }
    if isinstance(data, list | tuple):
        return [_masked(child, view, secret=secret) for child in data]
    if isinstance(data, bool) or data is None:
        return data
    if secret:
        return MASK
    text = view.text(str(data))
    return data if text == str(data) else text


def _discreet(message: Message, view: View) -> Message:
    """Return a message whose arguments hold no secret of the files."""
    arguments = ((name, view.text(value) if isinstance(value, str) else value) for name, value in message.arguments)
    return message.replaced(arguments=tuple(arguments))
