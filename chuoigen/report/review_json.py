"""Reviews for scripts: one document of version 1, the same keys always."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from chuoigen.review import Class

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chuoigen.report.reviews import Line, Review

VERSION = 1
"""Version of the format: a number that grows when a key changes its meaning or goes."""


def render(reviews: Sequence[Review]) -> str:
    """Return {"version": 1, "classes": […], "changes": […], "cost": {…}}."""
    lines = [line for review in reviews for line in review.lines]
    document = {
        "version": VERSION,
        "classes": [one.value for one in Class if any(one in line.classes for line in lines)],
        "changes": [_change(line) for line in lines],
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
