"""Which lines of generated files a key of a spec decides: the spec is changed there in memory and built again.

Nothing is told from the code that writes a file. A key decides a line when another value, another name or the absence
of the key gives another line, so what is said here is what a person would see who made that change.
"""

from __future__ import annotations

import copy
import difflib
import functools
import itertools
import pathlib
import random
from typing import TYPE_CHECKING, Any

from chuoigen import artifacts
from chuoigen.aws import defaults
from chuoigen.compiler import render
from chuoigen.inputs.project import survey
from chuoigen.inputs.validation import misshapen, validate
from chuoigen.plan import plan, traced
from chuoigen.plan.leaves import leaves
from chuoigen.record import Record
from chuoigen.yaml.document import Integer, KeyPath, Real

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from chuoigen.inputs.load import Loaded
    from chuoigen.plan import Plan

Texts = dict[str, str]
"""The texts of generated files by their paths."""

_MOST = 4
"""Other values of one key that are tried, at most, of those that have a valid shape."""
_TOGETHER = 48
"""Edits that are tried in one build, at most: of more, one is likelier to hide what another does."""
_GROUPS = 4
"""Groups into which edits are parted before the first build, at least."""
_NEAR = 2
"""Lines around one of words that another line has, too, which are looked at while several edits are tried."""
_TWICE = 2
_INSIDE = len(("containers", "name", "key"))
_OUTSIDE = ("internet", "10.1.2.0/24")
_WORDS = ("7", "https://other.example", "arn:aws:iam::123456789012:role/other", "linux/arm64")
_UNITS = ("s", " MiB", " GiB", "m")


class Origin(Record):
    """A key that decides a line: what it says (`value`), that it is there (`presence`), or by its default."""

    path: KeyPath
    kind: str


class Edit(Record):
    """A change of a spec at a path: another value or name there (`value`), or nothing (`presence`)."""

    path: KeyPath
    kind: str
    make: Callable[[dict[str, Any]], dict[str, Any]]


class Rebuild:
    """Builds a loaded spec again with other data."""

    def __init__(self, loaded: Loaded, decided: Plan, file: str = "") -> None:
        """Take a spec that has a plan. With a `file`, only the family of files that holds it is made."""
        assert loaded.document is not None  # noqa: S101  it has a plan
        self.loaded, self.document, self.plan = loaded, loaded.document, decided
        self._render = _renderer(decided, file)
        self.texts = self._render(decided)
        self._place = {path: number for number, path in enumerate(self.document.places)}

    def moved(self, path: KeyPath, kind: str = "value") -> Iterator[Mapping[str, frozenset[int]]]:
        """Give, for each change at a path, the lines of the files that are not there any more (counted from 1)."""
        for edit in self.edits([path], kind)[path]:
            yield self._gone([edit]) or {}

    def origins(self, file: str, wanted: range) -> tuple[Origin, ...]:
        """Return the keys that decide these lines of a file, in the order of the spec; unwritten ones come last."""
        known = [path for path in self.document.places if path]
        found = dict.fromkeys(self._deciding(known, "value", file, wanted), "value")
        rest = [path for path in known if path not in found]
        found |= dict.fromkeys(self._deciding(rest, "presence", file, wanted), "presence")
        # Whatever holds such a key is there with it: that need not be said.
        holders = {path[:end] for path in found for end in range(1, len(path))}
        said = [path for path in known if found.get(path) == "value" or (path in found and path not in holders)]
        unwritten = self._unwritten()
        by_default = self._deciding(unwritten, "value", file, wanted)
        return (
            *(Origin(path, found[path]) for path in said),
            *(Origin(path, "default") for path in unwritten if path in by_default),
        )

    def edits(self, paths: Sequence[KeyPath], kind: str) -> dict[KeyPath, list[Edit]]:
        """Return up to four edits for each path, those that leave a valid shape; all are judged together."""
        found: dict[KeyPath, list[Edit]] = {path: [] for path in paths}
        offered = {
            path: iter(_edits(self.document.data, path, kind, f"x{number}")) for number, path in enumerate(paths, 1)
        }
        while offered:
            batch = {path: edit for path, edits in offered.items() if (edit := next(edits, None)) is not None}
            for edit in self._valid(list(batch.values())):
                found[edit.path].append(edit)
            offered = {path: offered[path] for path in batch if len(found[path]) < _MOST}
        return found

    def _valid(self, edits: list[Edit]) -> list[Edit]:
        """Return the edits that leave a valid shape, each by itself."""
        if not edits:
            return []
        wrong = misshapen(self._edited(edits))
        if not wrong:
            return edits
        if len(edits) == 1:
            return []
        # An edit may be wrong at its own place, or make what is around it wrong, for which another may be to blame.
        at = [edit for edit in edits if any(_below(path, edit.path) for path in wrong)]
        around = [edit for edit in edits if edit not in at and any(_below(edit.path, path) for path in wrong)]
        if not at and not around:
            around = edits
        alone = [edit for edit in (*at, *around) if len(edits) > 1 and self._valid([edit])]
        rest = [edit for edit in edits if edit not in at and edit not in around]
        return [*self._valid(rest), *alone]

    def _edited(self, edits: Sequence[Edit]) -> dict[str, Any]:
        """Return the data with all edits, the last in the file first, so that none takes away another's place."""
        data = self.document.data
        for edit in sorted(edits, key=lambda one: -self._place.get(one.path, -1)):
            data = edit.make(data)
        return data

    def _deciding(self, paths: Sequence[KeyPath], kind: str, file: str, wanted: range) -> set[KeyPath]:
        """Return the paths at which an edit takes one of these lines away.

        Edits that are tried together may hide what one of them does. So each path is tried twice at least, every time
        with others, which are drawn by a fixed chance.
        """
        found: set[KeyPath] = set()
        edits = {path: each * _TWICE if len(each) == 1 else each for path, each in self.edits(paths, kind).items()}
        for number, each in enumerate(itertools.zip_longest(*edits.values())):
            due = [edit for edit in each if edit is not None and edit.path not in found]
            random.Random(number).shuffle(due)  # noqa: S311  no secret
            groups = max(_GROUPS, -(-len(due) // _TOGETHER))
            for first in range(groups):
                found |= {edit.path for edit in self._taking(due[first::groups], file, wanted)}
        return found

    def _taking(self, edits: list[Edit], file: str, wanted: range) -> Iterator[Edit]:
        """Give the edits that take one of these lines away: halves that leave all of them are not looked into."""
        moved = self._gone(edits, file) if edits else {}
        several = len(edits) > 1
        near = self._around(file, wanted) if several else wanted
        if moved is not None and moved.get(file, frozenset()).isdisjoint(near):
            return
        if several:
            middle = len(edits) // 2
            yield from self._taking(edits[:middle], file, wanted)
            yield from self._taking(edits[middle:], file, wanted)
        elif moved is not None:
            yield from edits

    def _around(self, file: str, wanted: range) -> range:
        """Return these lines, with those around them where another line of the same words may take a place."""
        lines = self.texts[file].splitlines()
        alike = any(lines.count(lines[number - 1]) > 1 for number in wanted)
        return range(wanted.start - _NEAR, wanted.stop + _NEAR) if alike else wanted

    def _gone(self, edits: Sequence[Edit], file: str = "") -> Mapping[str, frozenset[int]] | None:
        """Return the lines that go with edits, of one file or by all; None where nothing can be written with them."""
        texts = self._built(self._edited(edits), [edit.path for edit in edits])
        if texts is None:
            return None
        asked = {file: self.texts[file]} if file else self.texts
        return {name: lines for name, text in asked.items() if (lines := gone(text, texts.get(name, "")))}

    def _built(self, data: dict[str, Any], paths: Sequence[KeyPath]) -> Texts | None:
        """Return what other data give; None for a shape that is refused, and for what no plan can be written of."""
        document = self.document.replaced(data=data)
        found = validate(document, partial=False)
        if found.spec is None or found.diagnostics:
            return None
        around = any(path[0] == "containers" and (len(path) < _INSIDE or path[2] == "build") for path in paths)
        project = survey(pathlib.Path(self.loaded.file), document) if around else self.loaded.project
        try:
            decided = plan(found.spec, project)
            return self.texts if decided == self.plan else self._render(decided)
        except Exception:  # noqa: BLE001  no rule has judged it: a name that leads nowhere has no files
            return None

    def _unwritten(self) -> tuple[KeyPath, ...]:
        """Return the keys with a default that the plan asked for and that are not written."""
        assert self.loaded.spec is not None  # noqa: S101  it has a plan
        decided = leaves(*traced(self.loaded.spec, self.loaded.project))
        asked = dict.fromkeys(path for leaf in decided for path in sorted(leaf.own, key=str))
        return tuple(path for path in asked if path not in self.document.places and defaults.of(path) is not None)


def _below(path: KeyPath, top: KeyPath) -> bool:
    return path[: len(top)] == top


def gone(before: str, after: str) -> frozenset[int]:
    """Return the numbers of the lines, from 1, that one text has and the other has not at that place."""
    if before == after:
        return frozenset()
    old, new = before.splitlines(), after.splitlines()
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    kept = {number for block in matcher.get_matching_blocks() for number in range(block.a, block.a + block.size)}
    return frozenset(number + 1 for number in range(len(old)) if number not in kept)


def _renderer(decided: Plan, file: str) -> Callable[[Plan], Texts]:
    for family in artifacts.FAMILIES if file else ():
        if any(made.path == file for made in family.render(decided)):
            return lambda other: {made.path: made.text for made in family.render(other)}
    return lambda other: {path: made.text for path, made in render(other).items()}


def _edits(data: dict[str, Any], path: KeyPath, kind: str, ending: str) -> Iterator[Edit]:
    """Give the edits of a kind at a path, the likeliest first: another name for the key, other values, or nothing.

    Names end otherwise at each path: where one is changed in the same way in two places, nothing would be noticed.
    """
    holder, last = _at(data, path[:-1]), path[-1]
    written = last in holder if isinstance(holder, dict) else isinstance(holder, list)
    if kind == "presence":
        yield Edit(path, kind, lambda data: _changed(data, path, lambda there: _less(there, last)))
        return
    if isinstance(holder, dict) and written:
        yield Edit(path, kind, lambda data: _changed(data, path, lambda there: _renamed(there, last, ending)))
    fact = defaults.of(path)
    value = _at(data, path) if written else fact.value if fact is not None else None
    if not isinstance(value, dict | list):
        for other in _others(value, data, ending):
            yield Edit(path, kind, functools.partial(_put, path=path, value=other))


def _changed(data: dict[str, Any], path: KeyPath, change: Callable[[Any], Any]) -> dict[str, Any]:
    """Return data with a change of what holds a path."""
    made: dict[str, Any] = _put(data, path[:-1], change(_at(data, path[:-1])))
    return made


def _less(holder: Any, last: str | int) -> Any:
    holder = copy.copy(holder)
    del holder[last]
    return holder


def _renamed(holder: dict[Any, Any], last: str | int, ending: str) -> dict[Any, Any]:
    return {f"{key}{ending}" if key == last else key: child for key, child in holder.items()}


def _others(value: Any, data: dict[str, Any], ending: str) -> Iterator[Any]:
    """Give other values of the same kind, the likeliest first."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        for number in (value * 2 + 1, value + 1, max(0, value - 7)):
            yield Integer(number)
            yield from (f"{number}{unit}" for unit in _UNITS)
    elif isinstance(value, float):
        yield Real(value * 2)
    elif isinstance(value, str):
        digits = value[: len(value) - len(value.lstrip("0123456789"))]
        if digits:
            yield from (f"{number}{value[len(digits) :]}" for number in (int(digits) * 2, int(digits) + 1))
        yield f"{value}{ending}"
        sections = (data.get(section) or () for section in ("containers", "backends", "volumes"))
        names = [name for section in sections for name in section if name != value]
        # One name, and who is no part of the service, before all other names: they say more.
        yield from (word for word in (*names[:1], *_OUTSIDE, *names[1:], *_WORDS, *_words()) if word != value)


def _words() -> tuple[str, ...]:
    """Return the words that the defaults of the language are made of."""
    return ("tcp", "udp", "disabled", "blocking", "non-blocking", "HEALTHY", "START", "alb")


def _at(data: Any, path: KeyPath) -> Any:
    for part in path:
        if isinstance(data, list):
            data = data[part] if isinstance(part, int) and part < len(data) else None
        else:
            data = data.get(part) if isinstance(data, dict) else None
    return data


def _put(data: Any, path: KeyPath, value: Any) -> Any:
    """Return data with another value at a path, with mappings on the way where nothing is; the rest is shared."""
    if not path:
        return value
    made: Any = copy.copy(data) if isinstance(data, dict | list) else {}
    below = _at(made, path[:1])
    made[path[0]] = _put(below, path[1:], value)
    return made
