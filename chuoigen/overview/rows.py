"""What the sections of the page are made of: rows with a cell for each stage, and whether the stages differ."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from chuoigen.messages import Message
from chuoigen.record import Record

if TYPE_CHECKING:
    from chuoigen.plan import Plan


class Bar(Record):
    """A stretch of time in seconds, or of what there is `of` something; on the page in per cent.

    Without `of` the longest one of the section, in all stages, is the whole.
    """

    begin: float
    end: float
    of: float | None = None


Line = Message | Bar
Facts = Iterator[tuple[Message, tuple[Line, ...]]]
"""What there is to say of one stage: a label, and the lines of its cell."""
Shown = Callable[[Message], str]
"""A message as text that may be shown."""
Cell = tuple[str | Bar, ...]


class Row(Record):
    """A row: `cells` has the lines of each stage, none for a stage without it; one cell where all have the same.

    What differs only by the name of the stage itself, as the names of things do, does not count as different.
    """

    label: str
    cells: tuple[Cell, ...]
    differs: bool


def side_by_side(stages: Sequence[Plan], facts: Callable[[Plan], Facts], shown: Shown) -> tuple[Row, ...]:
    """Return the rows of all stages, in the order of the first that has each."""
    said = [tuple(facts(plan)) for plan in stages]
    longest = max(
        (line.end for rows in said for _, lines in rows for line in lines if isinstance(line, Bar)), default=0
    )
    found: dict[str, dict[int, Cell]] = {}
    for number, rows in enumerate(said):
        for label, lines in rows:
            cell = (_scaled(line, longest) if isinstance(line, Bar) else shown(line) for line in lines)
            found.setdefault(shown(label), {})[number] = tuple(one for one in cell if one is not None)
    numbers = range(len(stages))
    return tuple(_row(label, [cells.get(number, ()) for number in numbers], stages) for label, cells in found.items())


def _scaled(bar: Bar, longest: float) -> Bar | None:
    """Return a bar in per cent, no longer than the whole; none where nothing takes any time."""
    whole = bar.of or longest
    return Bar(*(round(min(100, 100 * part / whole), 2) for part in (bar.begin, bar.end))) if whole else None


def _row(label: str, cells: list[Cell], stages: Sequence[Plan]) -> Row:
    meant = {tuple(_without(line, plan.stage) for line in cell) for cell, plan in zip(cells, stages, strict=True)}
    same = len(set(cells)) == 1
    return Row(label, (cells[0],) if same else tuple(cells), len(meant) > 1)


def _without(line: str | Bar, stage: str | None) -> str | None:
    """Return a line with a mark in place of the name of its stage; a bar says no more than the text beside it."""
    if isinstance(line, Bar):
        return None
    return re.sub(rf"(?<![^\W_]){re.escape(stage)}(?![^\W_])", "\0", line) if stage else line
