"""How a review is worded, on a terminal and in a pull request alike."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

from chuoigen.aws.prices import AS_OF
from chuoigen.messages import Message, Reader, Texts
from chuoigen.review import Class

if TYPE_CHECKING:
    from chuoigen.report.reviews import Line, Review
    from chuoigen.review.cost import Bill, Cost
    from chuoigen.review.moment import Moment
    from chuoigen.review.timeline import Timeline

_say = Texts(__name__)
_LONGEST = 100
"""Characters of a value that are shown."""
_OLD_DAYS = 183
"""Days from which prices are called old."""


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
    if not line.path:
        variant = f"whole.{line.kind}"
    elif line.kind == "changed":
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


def costs(bill: Bill, today: dt.date) -> tuple[Message, ...]:
    """Return what a service costs before and after a change, and what is to be known of that."""
    if not bill.known:
        return (_say("cost.unknown", region=bill.region),)
    sums = (_sums(bill.before, bill.after),)
    old_prices = (today - dt.date.fromisoformat(AS_OF)).days > _OLD_DAYS
    notes = bill.notes if bill.before != bill.after else ()
    return (*sums, *notes, *((_say("cost.old"),) if old_prices else ()))


def _sums(old: Cost | None, new: Cost | None) -> Message:
    variant = "changes" if old and new else "new" if new else "gone"
    if old == new:
        variant = "same"
    steps = tuple(
        _step(None if old is None else getattr(old, name), None if new is None else getattr(new, name))
        for name in ("desired", "minimum", "maximum")
    )
    if len(set(steps)) == 1:
        return _say(f"cost.{variant}.fixed", desired=steps[0])
    return _say(f"cost.{variant}.scaled", **dict(zip(("desired", "least", "most"), steps, strict=True)))


def _step(before: float | None, after: float | None) -> Message:
    if before is None or after is None or before == after:
        return _say("cost.amount", amount=usd(after if after is not None else before or 0.0))
    return _say("cost.step", before=usd(before), after=usd(after), change=f"{after - before:+.2f}")


def usd(amount: float) -> str:
    """Return an amount to the cent."""
    return f"{amount:.2f}"


def events(timeline: Timeline) -> tuple[tuple[Message, tuple[Message, ...]], ...]:
    """Return what happens when a change is applied: headings, each with the lines below it."""
    longest = timeline.longest
    head = _say("applied.never") if longest is None else _say("applied.longest", time=clock(longest))
    moments = tuple(_moment(moment) for moment in timeline.moments)
    back = (_say("back.impossible"), timeline.back) if timeline.back else (_say("back.possible"), ())
    failed = ((_say("failed"), timeline.failed),) if timeline.failed else ()
    return ((head, (*moments, *timeline.notes)), *failed, back)


def _moment(moment: Moment) -> Message:
    held = tuple(_say("connections", backend=name, count=count) for name, count in moment.connections.items())
    variant = "moment.connected" if held else "moment.alone"
    return _say(variant, time=clock(moment.at), what=moment.what, old=moment.old, new=moment.new, held=held)


def clock(seconds: int) -> str:
    """Return a time as minutes and seconds."""
    return f"{seconds // 60}:{seconds % 60:02}"


def places(line: Line, reader: Reader) -> str:
    """Return where a change is written, on both sides; a side that only has a default says so."""
    old, new = (f"{place[0]}:{place[1]}" if place else "" for place in line.places)
    if line.kind == "changed" and (old or new):
        default = reader.text(_say("default"))
        return f"{old or default} → {new or default}"
    return " → ".join(filter(None, dict.fromkeys((old, new))))
