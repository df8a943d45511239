"""A fact is a value with the document that says it and the day on which that was checked.

`fact` returns the value itself, as a number, text, tuple or mapping that also has `source` and `checked`; so a table of
facts is used as plain values are. Records of facts, such as a Limit or a NameRule, have fields of these names.
"""

from __future__ import annotations

from typing import Any, TypeVar

T = TypeVar("T")


class _Number(int):
    source: str
    checked: str


class _Word(str):  # noqa: SLOT000  as the others
    source: str
    checked: str


class _Words(tuple[object, ...]):  # noqa: SLOT001  a tuple has no room for slots
    source: str
    checked: str


class _Table(dict[object, object]):
    source: str
    checked: str


_KINDS: dict[type, Any] = {int: _Number, str: _Word, tuple: _Words, dict: _Table}


def fact(value: T, source: str, checked: str) -> T:
    """Return the value with its source and the day, YYYY-MM-DD, on which the source was read.

    Raises KeyError for a value that is no number, text, tuple or dict.
    """
    found: T = _KINDS[type(value)](value)
    vars(found).update(source=source, checked=checked)
    return found
