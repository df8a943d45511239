"""Reviews for scripts: one document of version 1, the same keys always."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from chuoigen.aws.prices import AS_OF, BY_REGION, HOURS
from chuoigen.review import Class

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chuoigen.messages import Reader
    from chuoigen.report.reviews import Line, Review
    from chuoigen.review.cost import Bill, Cost

VERSION = 1
"""Version of the format: a number that grows when a key changes its meaning or goes."""


def render(reviews: Sequence[Review], reader: Reader) -> str:
    """Return {"version": 1, "classes": […], "changes": […], "cost": {…}}."""
    lines = [line for review in reviews for line in review.lines]
    document = {
        "version": VERSION,
        "classes": [one.value for one in Class if any(one in line.classes for line in lines)],
        "changes": [_change(line) for line in lines],
        "cost": {
            "currency": "USD",
            "hours": HOURS,
            "prices": {"as_of": AS_OF, "source": getattr(BY_REGION, "source", "")},
            "services": [_cost(review, review.bill, reader) for review in reviews if review.bill is not None],
        },
    }
    return json.dumps(document, indent=2) + "\n"


def _change(line: Line) -> dict[str, Any]:
    """Return a change; its source is where it is written now, or where it was. null: it is written nowhere."""
    place = line.places[1] or line.places[0]
    return {
        "path": line.path,
        "before": line.before,
        "after": line.after,
        "classes": [one.value for one in line.classes],
        "source": {"file": place[0], "line": place[1]} if place else None,
    }


def _cost(review: Review, bill: Bill, reader: Reader) -> dict[str, Any]:
    """Return the monthly cost of a service; null where there is none, or no price of its region is known."""
    return {
        "file": review.file,
        "region": bill.region,
        "before": _amounts(bill.before),
        "after": _amounts(bill.after),
        "notes": [reader.text(note) for note in bill.notes],
    }


def _amounts(cost: Cost | None) -> dict[str, float] | None:
    if cost is None:
        return None
    return {name: round(getattr(cost, name), 2) for name in ("minimum", "desired", "maximum")}
