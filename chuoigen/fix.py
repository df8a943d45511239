"""What may be changed in a file, as data: edits by path, and whether they keep what was meant."""

from __future__ import annotations

from typing import Any

from chuoigen.record import Record

KeyPath = tuple[str | int, ...]


class Replace(Record):
    """Another value in place of the one at `path`: plain data."""

    path: KeyPath
    value: Any


class Rename(Record):
    """Another key in place of the last of `path`."""

    path: KeyPath
    key: str


class Remove(Record):
    """No key, or no item, at `path`; a comment on its line goes with it."""

    path: KeyPath


class Insert(Record):
    """A new entry: a mapping's goes behind its last, a list's before the item at that index, or behind all."""

    path: KeyPath
    value: Any


class Uncomment(Record):
    """No comment at this line and column, both from 1; a line that holds nothing else goes with it."""

    line: int
    column: int


Edit = Replace | Rename | Remove | Insert | Uncomment


class Fix(Record):
    """What puts a finding right: edits that are made together, in one file.

    `safe`: it has one right answer and keeps what was meant. Whoever finds the fault leaves `file` empty: it is the
    file in which the values stand.
    """

    edits: tuple[Edit, ...]
    safe: bool = True
    file: str = ""
