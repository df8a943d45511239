"""What the sections of the page are made of: rows with a cell for each stage, and whether the stages differ."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from chuoigen.messages import Message
from chuoigen.record import Record

if TYPE_CHECKING:
    from chuoigen.plan import Plan

Facts = Iterator[tuple[Message, tuple[Message, ...]]]
"""What there is to say of one stage: a label, and the lines of its cell."""
Shown = Callable[[Message], str]
"""A message as text that may be shown."""


class Row(Record):
    """A row: `cells` has the lines of each stage, none for a stage without it; one cell where all have the same.

    What differs only by the name of the stage itself, as the names of things do, does not count as different.
    """

    label: str
    cells: tuple[tuple[str, ...], ...]
    differs: bool


def side_by_side(stages: Sequence[Plan], facts: Callable[[Plan], Facts], shown: Shown) -> tuple[Row, ...]:
    """Return the rows of all stages, in the order of the first that has each."""
    found: dict[str, dict[int, tuple[str, ...]]] = {}
    for number, plan in enumerate(stages):
        for label, lines in facts(plan):
            found.setdefault(shown(label), {})[number] = tuple(shown(line) for line in lines)
    return tuple(
        _row(label, [cells.get(number, ()) for number in range(len(stages))], stages) for label, cells in found.items()
    )


def _row(label: str, cells: list[tuple[str, ...]], stages: Sequence[Plan]) -> Row:
    meant = {tuple(_without(line, plan.stage) for line in cell) for cell, plan in zip(cells, stages, strict=True)}
    same = len(set(cells)) == 1
    return Row(label, (cells[0],) if same else tuple(cells), len(meant) > 1)


def _without(line: str, stage: str | None) -> str:
    """Return a line with a mark in place of the name of its stage."""
    return re.sub(rf"(?<![^\W_]){re.escape(stage)}(?![^\W_])", "\0", line) if stage else line
