"""Texts on which a regular expression would take more than linear time, made from the expression itself.

Backtracking costs where a repetition can be entered at many places of one long text: `unit * n`, where the unit is what
the expression begins with, or what one of its repetitions takes. Both are read off the parsed expression.
"""

from __future__ import annotations

import functools
import re
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BEFORE = ("", "-", " ", '"')
BEHIND = ("", "\x00")
CATEGORIES = {op.CATEGORY_DIGIT: "1", op.CATEGORY_SPACE: " ", op.CATEGORY_WORD: "a", op.CATEGORY_NOT_SPACE: "a"}
SAMPLES = "aZ1 -_.:/\"'\n\t\\,;=#$%{}[]()<>@é"
LONGEST = 24


def character(items: Any) -> str:
    """Return a character of a class."""
    if items[0][0] is op.NEGATE:
        refused = "".join(character([item]) for item in items[1:])
        return next(sample for sample in SAMPLES if sample not in refused)
    kind, value = items[0]
    if kind is op.LITERAL:
        return chr(value)
    if kind is op.RANGE:
        return chr(value[0])
    return CATEGORIES.get(value, "!")


def witness(tree: Any) -> str:
    """Return a text that the expression takes, or nearly: assertions are left out."""
    found = ""
    for kind, value in tree:
        if kind is op.LITERAL:
            found += chr(value)
        elif kind is op.NOT_LITERAL:
            found += next(sample for sample in SAMPLES if ord(sample) != value)
        elif kind is op.ANY:
            found += "a"
        elif kind is op.IN:
            found += character(value)
        elif kind in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
            found += witness(value[2]) * min(max(value[0], 1), LONGEST)
        elif kind is op.BRANCH:
            found += witness(value[1][0])
        elif kind is op.SUBPATTERN:
            found += witness(value[3])
        elif kind is op.ATOMIC_GROUP:
            found += witness(value)
    return found


def repeated(tree: Any, ahead: str = "") -> Iterator[tuple[str, str]]:
    """Yield what each repetition and each alternative takes once, behind what the expression takes ahead of it."""
    for index, (kind, value) in enumerate(tree):
        before = ahead + witness(tree[:index])
        if kind in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
            yield before, witness(value[2])
            yield from repeated(value[2], before)
            for inner, detail in value[2]:
                if inner is op.IN:
                    yield from ((before, chr(member[1])) for member in detail if member[0] is op.LITERAL)
        elif kind is op.BRANCH:
            for branch in value[1]:
                yield before, witness(branch)
                yield from repeated(branch, before)
        elif kind is op.SUBPATTERN:
            yield from repeated(value[3], before)
        elif kind in (op.ASSERT, op.ASSERT_NOT):
            yield from repeated(value[1], before)


def texts(expression: str, flags: int) -> Iterator[Callable[[int], str]]:
    """Yield what makes texts, of about as many characters as asked for, that are hard for an expression if any is."""
    tree = parser.parse(expression, flags & ~re.DEBUG)
    whole = witness(tree)[:LONGEST]
    starts = [whole[:length] for length in range(1, len(whole) + 1)]
    units = [("", before + start) for start in starts for before in BEFORE]
    for ahead, unit in repeated(tree):
        units += [("", unit), (whole[:1], unit), (ahead, unit)] if unit else []
    for ahead, unit in dict.fromkeys(units):
        for behind in BEHIND:
            yield functools.partial(text, ahead, unit, behind)


def text(ahead: str, unit: str, behind: str, size: int) -> str:
    return ahead + unit * (size // len(unit)) + behind
