"""Changes to a Document, made on its text as it was written: comments, quotes, style and line ends stay.

An edit names a path and what becomes of it, and is plain data; where it falls is found when it is made. What results is
read again, and must hold exactly the old data with that change: an edit that this cannot be said of is refused.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from chuoigen.fix import Edit, Insert, Remove, Rename, Replace, Uncomment
from chuoigen.record import Record
from chuoigen.yaml import relaxed_json
from chuoigen.yaml.document import Document, KeyPath, outline, parse
from chuoigen.yaml.unknown import Unknown
from chuoigen.yaml.writing import written

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chuoigen.diagnostics import Span
    from chuoigen.yaml.nodes import Node


class Replacement(Record):
    """Another text between two indices of a Document's text, and the lines and columns of these."""

    start: int
    end: int
    text: str
    span: Span


class EditRefusedError(Exception):
    """An edit that cannot be made, or not with the others; the message says why."""


def edited(document: Document, edits: Sequence[Edit]) -> Document:
    """Return the document with all edits made; paths mean the document as it was.

    Raises EditRefusedError: two edits overlap, a path is not there, it lies behind an anchor or an alias (it would
    change elsewhere too) or holds something unknown, or the text that results does not say what was asked for.
    """
    parts: list[str] = []
    last = 0
    for one in replacements(document, edits):
        parts += (document.text[last : one.start], one.text)
        last = one.end
    text = "".join((*parts, document.text[last:]))
    if _is_json(document):
        result, _ = relaxed_json.parse(text, document.file, document.kinds, document.form)
    else:
        result, _ = parse(text, document.file, document.kinds, document.tags)
    if result is None or not _same(result.data, _Wanted(edits).of(document.data)):
        raise EditRefusedError("the text that results would not say what was asked for")
    return result.replaced(marked=document.marked, form=document.form)


def _is_json(document: Document) -> bool:
    """Say whether a document of another format was read as JSON; a spec is YAML, whatever it looks like."""
    return bool(document.form) and relaxed_json.begins(document.text)


def replacements(document: Document, edits: Sequence[Edit]) -> tuple[Replacement, ...]:
    """Return what the edits do to the text, in order and apart. Raises EditRefusedError, as `edited` does."""
    return Editable(document).replacements(edits)


class Editable:
    """A document's text with its nodes, in which edits find their indices; made once for many questions."""

    def __init__(self, document: Document) -> None:
        self.data = document.data
        nodes = relaxed_json.outline if _is_json(document) else outline
        read = nodes(document.text, document.file, document.kinds)
        assert read.root is not None  # noqa: S101  a Document could be read
        self.source, self.root = read.source, read.root
        self.text = self.source.text
        starts = self.source.starts
        self.comments = {(one.line, one.column): one for one in document.comments}
        self.places = [starts[one.line - 1] + one.column - 1 for one in document.comments]
        match = re.search(r"\r\n|\n|\r", self.text)
        self.line_break = match[0] if match else "\n"

    def replacements(self, edits: Sequence[Edit]) -> tuple[Replacement, ...]:
        """Return what edits do to the text together, in order and apart. Raises EditRefusedError, as `edited` does."""
        removed: dict[KeyPath, list[KeyPath]] = {}
        found: list[tuple[int, int, str]] = []
        for edit in edits:
            if isinstance(edit, Remove):
                removed.setdefault(edit.path[:-1], []).append(edit.path)
            else:
                found.append(self.of(edit))
        for paths in removed.values():
            found += self.removals(paths)
        found.sort(key=lambda one: one[:2])
        if any(after[0] < before[1] for before, after in pairwise(found)):
            raise EditRefusedError("two edits overlap")
        return tuple(Replacement(start, end, new, self.source.span(start, end)) for start, end, new in found)

    def of(self, edit: Replace | Rename | Insert | Uncomment) -> tuple[int, int, str]:
        """Return the stretch of the text that an edit replaces, and by what."""
        if isinstance(edit, Uncomment):
            return self.uncommented(edit)
        if not edit.path:
            raise EditRefusedError("the root of a file cannot be replaced")
        parent = self.collection(edit.path[:-1])
        if isinstance(edit, Insert):
            return self.inserted(parent, edit)
        index = _index(parent, edit.path)
        if isinstance(edit, Replace):
            self.refuse_unknown(edit.path)
            return self.replaced(parent, index, edit.value)
        if parent.kind != "mapping" or _position(parent, edit.key) is not None:
            raise EditRefusedError(f'there is no key to be renamed to "{edit.key}"')
        key = parent.children[2 * index]
        if key.kind == "alias":
            raise EditRefusedError(f"{_dotted(edit.path)} is said elsewhere")
        _refuse_shared(key)
        return key.start, key.end, written(edit.key, key.style)

    def collection(self, path: KeyPath) -> Node:
        """Return the mapping or list at a path; nothing on the way to it may be repeated elsewhere."""
        node = self.root
        for length in range(len(path) + 1):
            if node.kind == "alias" or node.anchored:
                raise EditRefusedError(f"{_dotted(path[:length])} is said in two places at once")
            if node.kind == "scalar":
                break
            if length < len(path):
                node = _value(node, _index(node, path[: length + 1]))
        if node.kind not in ("mapping", "list"):
            raise EditRefusedError(f"there is no mapping and no list at {_dotted(path)}")
        return node

    def refuse_unknown(self, path: KeyPath) -> None:
        """Refuse to touch what holds something unknown: nobody can say what would be lost."""
        value: Any = self.data
        try:
            for part in path:
                value = value[part]
        except (LookupError, TypeError) as error:
            raise EditRefusedError(f"there is nothing at {_dotted(path)}") from error
        if _holds_unknown(value):
            raise EditRefusedError(f"{_dotted(path)} holds something unknown")

    def replaced(self, parent: Node, index: int, value: Any) -> tuple[int, int, str]:
        node = _value(parent, index)
        _refuse_shared(node)
        new, behind = written(value, node.style), self.behind(parent, index)
        if behind is None:
            return node.start, node.end, f": {new}"
        if node.start == node.end:
            return behind, behind, f" {new}"
        gap = self.text[behind : node.start]
        if self.commented(behind, node.start) or (gap and not re.search("[\r\n]", gap)) or _is_bare(parent):
            return node.start, node.end, new
        return behind, node.end, f" {new}"

    def behind(self, parent: Node, index: int) -> int | None:
        """Return the index behind what announces a value, a colon or a dash; None for a key without a colon."""
        if parent.kind == "list":
            return _value(parent, index).start if parent.flow else self.start(parent, index) + 1
        match = re.compile(r"\s*:").match(self.text, parent.children[2 * index].end)
        return match.end() if match else None

    def inserted(self, parent: Node, edit: Insert) -> tuple[int, int, str]:
        name, new = edit.path[-1], written(edit.value)
        count, fits = _count(parent), isinstance(name, str) == (parent.kind == "mapping")
        if not fits or (isinstance(name, str) and _position(parent, name) is not None):
            raise EditRefusedError(f'"{name}" cannot be inserted here')
        if parent.kind == "mapping":
            new = f"{written(name)}: {new}"
        if not count:
            return parent.end - 1, parent.end - 1, new
        before = isinstance(name, int) and name < count
        start = self.start(parent, int(name) if before else 0)
        if parent.flow:
            end = _value(parent, count - 1).end
            return (start, start, f"{new}, ") if before else (end, end, f", {new}")
        new = new if parent.kind == "mapping" else f"- {new}"
        column = " " * (start - self.line(start)[0])
        if before:
            return start, start, f"{new}{self.line_break}{column}"
        end = self.line(parent.end)[1]
        return end, end, f"{self.line_break}{column}{new}"

    def uncommented(self, edit: Uncomment) -> tuple[int, int, str]:
        comment = self.comments.get((edit.line, edit.column))
        if comment is None:
            raise EditRefusedError(f"there is no comment at {edit.line}:{edit.column}")
        start = self.source.starts[edit.line - 1] + edit.column - 1
        first, last = self.line(start)
        if comment.own_line:
            return first, self.next_line(last), ""
        return first + len(self.text[first:start].rstrip()), last, ""

    def removals(self, paths: Sequence[KeyPath]) -> Iterator[tuple[int, int, str]]:
        """Yield what removing entries of one collection does to the text: neighbours go together."""
        above = paths[0][:-1]
        parent = self.collection(above)
        indices = sorted({_index(parent, path) for path in paths})
        for path in paths:
            self.refuse_unknown(path)
            _refuse_shared(_value(parent, _index(parent, path)))
        if len(indices) == _count(parent):
            empty: Any = {} if parent.kind == "mapping" else []
            if above:
                outside = self.collection(above[:-1])
                yield self.replaced(outside, _index(outside, above), empty)
            else:
                yield parent.start, parent.end, "{}"
            return
        first = 0
        for place, index in enumerate(indices):
            if place + 1 == len(indices) or indices[place + 1] > index + 1:
                yield (*self.removed(parent, indices[first], index), "")
                first = place + 1

    def removed(self, parent: Node, first: int, last: int) -> tuple[int, int]:
        """Return the stretch to be cut out for a row of entries, of which not all are removed."""
        start, end = self.start(parent, first), _value(parent, last).end
        begin = self.start(parent, last + 1) if last + 1 < _count(parent) else None
        if not parent.flow:
            line, last_line = self.line(start)[0], self.line(end)[1]
            if not self.text[line:start].strip() and not self.without_comment(end, last_line).strip():
                return line, self.next_line(last_line)
            if begin is None:
                raise EditRefusedError("this entry shares its line with something else")
            return start, end if self.commented(end, begin) else begin
        if begin is not None and not self.commented(end, begin):
            return start, begin
        if begin is None and not self.commented(_value(parent, first - 1).end, start):
            return _value(parent, first - 1).end, end
        comma = re.compile(r"\s*,").match(self.text, end)
        return start, comma.end() if comma else end

    def start(self, parent: Node, index: int) -> int:
        """Return where an entry begins: its key, its dash or, in brackets, its value."""
        if parent.kind == "mapping":
            return parent.children[2 * index].start
        if parent.flow:
            return parent.children[index].start
        place = parent.children[index - 1].end if index else parent.start
        while (match := re.compile(r"\s*(#[^\r\n]*)?").match(self.text, place)) and match.end() > place:
            place = match.end()
        if self.text[place : place + 1] != "-":
            raise EditRefusedError("this list does not begin with a dash")
        return place

    def line(self, index: int) -> tuple[int, int]:
        """Return where the line of an index begins, and where its text ends."""
        begin = self.source.starts[self.source.span(index, index).line - 1]
        match = re.compile(r"[^\r\n]*").match(self.text, begin)
        return begin, match.end() if match else begin

    def next_line(self, end: int) -> int:
        match = re.compile(r"\r\n|\n|\r").match(self.text, end)
        return match.end() if match else end

    def commented(self, start: int, end: int) -> bool:
        return bisect_left(self.places, start) < bisect_left(self.places, end)

    def without_comment(self, start: int, end: int) -> str:
        first = bisect_left(self.places, start)
        return self.text[start : min([end, *self.places[first : first + 1]])]


def _refuse_shared(node: Node) -> None:
    if _anchored(node):
        raise EditRefusedError("this is repeated elsewhere by its anchor")


def _anchored(node: Node) -> bool:
    return node.kind != "alias" and (node.anchored or any(map(_anchored, node.children)))


def _is_bare(parent: Node) -> bool:
    """Say whether nothing announces a value: it stands in brackets."""
    return parent.kind == "list" and parent.flow


def _dotted(path: KeyPath) -> str:
    return ".".join(map(str, path))


def _count(node: Node) -> int:
    return len(node.children) // (2 if node.kind == "mapping" else 1)


def _value(node: Node, index: int) -> Node:
    return node.children[2 * index + 1 if node.kind == "mapping" else index]


def _position(node: Node, part: str | int) -> int | None:
    """Return the place of a key or an item among a node's entries; of equal keys the first one is meant."""
    if node.kind == "mapping":
        return next((index for index, key in enumerate(node.children[::2]) if key.target.value == part), None)
    return part if isinstance(part, int) and 0 <= part < len(node.children) else None


def _index(node: Node, path: KeyPath) -> int:
    index = _position(node, path[-1])
    if index is None:
        raise EditRefusedError(f"there is nothing at {_dotted(path)}")
    return index


def _holds_unknown(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_holds_unknown, value.values()))
    return any(map(_holds_unknown, value)) if isinstance(value, list) else isinstance(value, Unknown)


class _Wanted:
    """What edits ask of the data, by path, so that each value is asked once."""

    def __init__(self, edits: Sequence[Edit]) -> None:
        self.replaced: dict[KeyPath, Any] = {}
        self.renamed: dict[KeyPath, str] = {}
        self.removed: set[KeyPath] = set()
        self.inserted: dict[KeyPath, dict[str | int, Any]] = {}
        self.touched: set[KeyPath] = set()
        for edit in edits:
            if isinstance(edit, Uncomment):
                continue
            self.touched.update(edit.path[:length] for length in range(len(edit.path) + 1))
            if isinstance(edit, Replace):
                self.replaced[edit.path] = edit.value
            elif isinstance(edit, Rename):
                self.renamed[edit.path] = edit.key
            elif isinstance(edit, Remove):
                self.removed.add(edit.path)
            else:
                self.inserted.setdefault(edit.path[:-1], {})[edit.path[-1]] = edit.value

    def of(self, value: Any, path: KeyPath = ()) -> Any:
        """Return the value at a path as the edits want it."""
        if path not in self.touched:
            return value
        if path in self.replaced:
            return self.replaced[path]
        inserted = dict(self.inserted.get(path, {}))
        if isinstance(value, dict):
            kept = [(key, (*path, key)) for key in value if (*path, key) not in self.removed]
            return {self.renamed.get(here, key): self.of(value[key], here) for key, here in kept} | inserted
        if isinstance(value, list):
            items = []
            for index, child in enumerate(value):
                here = (*path, index)
                items += [inserted.pop(index)] if index in inserted else []
                items += [] if here in self.removed else [self.of(child, here)]
            return items + list(inserted.values())
        return value


def _same(one: Any, other: Any) -> bool:
    """Compare data with its order; numbers by how they are written."""
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, bool) or isinstance(other, bool) or not isinstance(one, int | float):
        return type(one) is type(other) and one == other
    return isinstance(other, int | float) and str(getattr(one, "written", one)) == str(getattr(other, "written", other))
