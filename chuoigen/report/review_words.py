"""How a review is worded, on a terminal and in a pull request alike."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from chuoigen.messages import Message, Reader, Texts
from chuoigen.review import Class

if TYPE_CHECKING:
    from chuoigen.report.reviews import Line, Review

_say = Texts(__name__)
_LONGEST = 100
"""Characters of a value that are shown."""


def summary(review: Review) -> Message:
    """Return the line above the changes: how many there are, and how many of each class."""
    title = review.title or review.file
    if not review.lines:
        return _say("same-but-files" if review.difference else "same", title=title)
    return _say("changes", title=title, count=len(review.lines), classes=_counted(review))


def _counted(review: Review) -> tuple[Message, ...]:
    counts = {one: sum(one in line.classes for line in review.lines) for one in Class}
    return tuple(_say("counted", name=class_name(one), count=count) for one, count in counts.items() if count)


def class_name(one: Class) -> Message:
    """Return the name of a class."""
    return _say(f"class.{one.replace(' ', '-')}")


def class_names(line: Line, reader: Reader) -> str:
    """Return the classes of a change, the most important first."""
    return " · ".join(reader.text(class_name(one)) for one in line.classes)


def described(line: Line, reader: Reader) -> str:
    """Return a change in a line: its keys, what was there before, what is there now."""
    variant = line.kind
    if line.kind == "changed":
        variant = "beside" if line.before is None and line.after is None else "changed"
    return reader.text(_say(f"line.{variant}", path=line.path, before=value(line.before), after=value(line.after)))


def value(data: Any) -> str:
    """Return data on one line, as YAML's flow style has it, shortened where it is long."""
    text = _flow(data)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _flow(data: Any) -> str:
    if isinstance(data, dict):
        return f"{{{', '.join(f'{key}: {_flow(child)}' for key, child in data.items())}}}"
    if isinstance(data, list):
        return f"[{', '.join(map(_flow, data))}]"
    if data == "" or (isinstance(data, str) and data != data.strip()):
        return json.dumps(data, ensure_ascii=False)
    return data if isinstance(data, str) else json.dumps(data)


def places(line: Line, reader: Reader) -> str:
    """Return where a change is written, on both sides; a side that only has a default says so."""
    old, new = (f"{place[0]}:{place[1]}" if place else "" for place in line.places)
    if line.kind == "changed" and (old or new):
        default = reader.text(_say("default"))
        return f"{old or default} → {new or default}"
    return " → ".join(filter(None, dict.fromkeys((old, new))))
