"""Reviews for a terminal: a line for each change with its classes, and below it what it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuoigen.report.review_words import class_names, costs, described, events, places, summary
from chuoigen.report.terminal_text import escaped

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from chuoigen.messages import Reader
    from chuoigen.report.reviews import Review


def render(reviews: Sequence[Review], reader: Reader, today: dt.date) -> str:
    """Return the text of all reviews, with a blank line between two; by the day the age of prices is known."""
    return "\n".join("".join(f"{escaped(line)}\n" for line in _review(review, reader, today)) for review in reviews)


def _review(review: Review, reader: Reader, today: dt.date) -> Iterator[str]:
    yield reader.text(summary(review))
    yield from (f"  {reader.text(note)}" for note in review.notes)
    for line in review.lines:
        where = places(line, reader)
        yield f"  {described(line, reader)}  [{class_names(line, reader)}]{f'  {where}' if where else ''}"
        yield from (f"      {reader.text(effect)}" for effect in line.effects)
    if review.lines and review.bill is not None:
        first, *notes = costs(review.bill, today)
        yield f"  {reader.text(first)}"
        yield from (f"      {reader.text(note)}" for note in notes)
    for heading, below in events(review.timeline) if review.timeline else ():
        yield f"  {reader.text(heading)}"
        yield from (f"      {reader.text(event)}" for event in below)
