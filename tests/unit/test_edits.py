"""Edits on the text of a file: what is asked for happens, and nothing else; what cannot be said to is refused."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chuoigen.fix import Edit, Insert, Remove, Rename, Replace, Uncomment
from chuoigen.yaml.document import Document, parse
from chuoigen.yaml.edits import EditRefusedError, edited, replacements
from chuoigen.yaml.writing import written

if TYPE_CHECKING:
    from collections.abc import Iterator


def read(text: str | bytes) -> Document:
    document, found = parse(text, "spec.yaml")
    assert document is not None, found
    return document


def after(text: str, *edits: Edit) -> str:
    return edited(read(text), edits).text


# --- each edit in each style ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "edit", "expected"),
    [
        ("a: 1\n", Replace(("a",), 2), "a: 2\n"),
        ("a:   1   # why\n", Replace(("a",), "x"), "a:   x   # why\n"),
        ("a: 'it''s'\n", Replace(("a",), "isn't"), "a: 'isn''t'\n"),
        ('a: "x"\n', Replace(("a",), 'say "no"'), 'a: "say \\"no\\""\n'),
        ("a: true\n", Replace(("a",), "true"), 'a: "true"\n'),
        ("a: 1.10\n", Replace(("a",), "1.10"), 'a: "1.10"\n'),
        ("a: x\n", Replace(("a",), "x: y # z"), 'a: "x: y # z"\n'),
        ("a: x\n", Replace(("a",), "line\nline\u2028\x07"), 'a: "line\\nline\\u2028\\u0007"\n'),
        ("a:\nb: 1\n", Replace(("a",), ""), 'a: ""\nb: 1\n'),
        ("a: # why\nb: 1\n", Replace(("a",), "x"), "a: x # why\nb: 1\n"),
        ("a: |\n  one\n  two\nb: 1\n", Replace(("a",), "x"), "a: x\nb: 1\n"),
        ("a:\n  b: 1\n  c: 2\nd: 3\n", Replace(("a",), "x"), "a: x\nd: 3\n"),
        ("a: # why\n  b: 1\nd: 3\n", Replace(("a",), [1, "x"]), "a: # why\n  [1, x]\nd: 3\n"),
        ("a:\n- 1\n- 2\n", Replace(("a", 1), {"b": 80}), "a:\n- 1\n- { b: 80 }\n"),
        ("a:\n  -\n  - 2\n", Replace(("a", 0), 1), "a:\n  - 1\n  - 2\n"),
        ("a: [1,2, 3]\n", Replace(("a", 1), "x"), "a: [1,x, 3]\n"),
        ('{"a":1,"b":2}\n', Replace(("a",), "x"), '{"a": x,"b":2}\n'),
        ("{a, b: 1}\n", Replace(("a",), 2), "{a: 2, b: 1}\n"),
        ("a: &x 1\nb: *x\nc: 2\n", Replace(("b",), 2), "a: &x 1\nb: 2\nc: 2\n"),
        ("a: 1 # why\r\nb: 2\r\n", Replace(("a",), 3), "a: 3 # why\r\nb: 2\r\n"),
        ('"portMappings": [80]\n', Rename(("portMappings",), "ports"), '"ports": [80]\n'),
        ("a: {bB: 1, c: 2} # x\n", Rename(("a", "bB"), "b_b"), "a: {b_b: 1, c: 2} # x\n"),
        ("a: 1\n", Rename(("a",), "true"), '"true": 1\n'),
        ("a: 1 # gone\n# about b\nb: 2\n", Remove(("a",)), "# about b\nb: 2\n"),
        ("a: 1\nb:\n  c: 2\n  d: |\n    text\n\ne: 3\n", Remove(("b",)), "a: 1\n\ne: 3\n"),
        ("a: 1\r\nb: 2\r\nc: 3\r\n", Remove(("b",)), "a: 1\r\nc: 3\r\n"),
        ("a: 1\nb: 2", Remove(("b",)), "a: 1\n"),
        ("a:\n  b: 1\nc: 2\n", Remove(("a", "b")), "a: {}\nc: 2\n"),
        ("a: 1\n", Remove(("a",)), "{}\n"),
        ("a: [1, 2, 3]\n", Remove(("a", 0)), "a: [2, 3]\n"),
        ("a: [1, 2, 3]\n", Remove(("a", 2)), "a: [1, 2]\n"),
        ("a: [1]\n", Remove(("a", 0)), "a: []\n"),
        ("a: {b: 1, c: 2}\n", Remove(("a", "b")), "a: {c: 2}\n"),
        ("a: [\n  1, # one\n  2, # two\n]\n", Remove(("a", 0)), "a: [\n   # one\n  2, # two\n]\n"),
        ("a: [\n  1,\n  2,\n]\n", Remove(("a", 1)), "a: [\n  1,\n]\n"),
        ("a:\n- b: 1\n  c: 2\n- d: 3\n", Remove(("a", 0, "b")), "a:\n- c: 2\n- d: 3\n"),
        ("a:\n- b: 1 # b\n  # c\n  c: 2\n", Remove(("a", 0, "b")), "a:\n-  # b\n  # c\n  c: 2\n"),
        ("a:\n- - 1\n  - 2\n", Remove(("a", 0, 0)), "a:\n- - 2\n"),
        ("a:\n  - 1\n  # two\n  - 2\n", Remove(("a", 1)), "a:\n  - 1\n  # two\n"),
        ("a:\n  b: 1 # why\nc: 2\n", Insert(("a", "d"), "x"), "a:\n  b: 1 # why\n  d: x\nc: 2\n"),
        ("a: 1", Insert(("b",), 2), "a: 1\nb: 2"),
        ("a: 1\r\n", Insert(("b",), 2), "a: 1\r\nb: 2\r\n"),
        ("a: {}\n", Insert(("a", "b"), 2), "a: {b: 2}\n"),
        ("a: {b: 1}\n", Insert(("a", "c"), [1]), "a: {b: 1, c: [1]}\n"),
        ("a: [1, 3]\n", Insert(("a", 1), 2), "a: [1, 2, 3]\n"),
        ("a: [1]\n", Insert(("a", 1), 2), "a: [1, 2]\n"),
        ("a:\n- 1\n- 3\n", Insert(("a", 1), 2), "a:\n- 1\n- 2\n- 3\n"),
        ("a:\n- 1\n- 3\n", Insert(("a", 2), 4), "a:\n- 1\n- 3\n- 4\n"),
        ("a: 1 # gone  \nb: 2\n", Uncomment(1, 6), "a: 1\nb: 2\n"),
        ("a: 1\n  # gone\nb: 2\n", Uncomment(2, 3), "a: 1\nb: 2\n"),
        ("a: '#' #x\n", Uncomment(1, 8), "a: '#'\n"),
    ],
)
def test_an_edit_keeps_what_stands_around_it(text: str, edit: Edit, expected: str) -> None:
    assert after(text, edit) == expected


def test_a_byte_order_mark_stays() -> None:
    changed = edited(read(b"\xef\xbb\xbfa: 1\r\n"), [Replace(("a",), 2)])
    assert changed.encoded == b"\xef\xbb\xbfa: 2\r\n"


def test_edits_are_made_together_and_mean_the_text_as_it_was() -> None:
    text = "a: [1, 2, 3, 4]\nb: {c: 1, d: 2}\ne: x # note\n"
    edits: list[Edit] = [
        Remove(("a", 0)),
        Remove(("a", 1)),
        Replace(("a", 3), 9),
        Rename(("b",), "bee"),
        Insert(("b", "f"), 3),
        Insert(("b", "g"), 4),
        Replace(("e",), "new"),
        Uncomment(3, 6),
    ]
    assert after(text, *edits) == "a: [3, 9]\nbee: {c: 1, d: 2, f: 3, g: 4}\ne: new\n"


@pytest.mark.parametrize(
    ("text", "edits", "reason"),
    [
        ("a: {b: 1, c: 2}\n", [Remove(("a",)), Replace(("a", "b"), 2)], "overlap"),
        ("a: 1\nb: 2\n", [Replace(("a",), 2), Replace(("a",), 3)], "overlap"),
        ("a: &x {b: 1}\nc: *x\n", [Replace(("a", "b"), 2)], "in two places"),
        ("a: &x {b: 1}\nc: *x\n", [Replace(("c", "b"), 2)], "in two places"),
        ("a: {b: &x 1}\nc: *x\nd: 1\n", [Remove(("a",))], "by its anchor"),
        ("a: &x b\n*x : 1\n", [Rename(("b",), "c")], "said elsewhere"),
        ("a: 1\n", [Replace(("b",), 2)], "there is nothing at b"),
        ("a: 1\n", [Replace(("a", "b"), 2)], "no mapping and no list at a"),
        ("a: [1]\n", [Remove(("a", 1))], "there is nothing at a.1"),
        ("a: 1\n", [Replace((), {})], "the root"),
        ("a: 1\nb: 2\n", [Rename(("a",), "b")], 'no key to be renamed to "b"'),
        ("a: 1\nb: 2\n", [Insert(("b",), 3)], '"b" cannot be inserted'),
        ("a: [1]\n", [Insert(("a", "x"), 3)], '"x" cannot be inserted'),
        ("a: 1\n", [Uncomment(1, 1)], "no comment at 1:1"),
        ("a: 1\nb: 2\n", [Remove(("a",)), Remove(("b",)), Insert(("c",), 1)], "would not say"),
        ("? a\n: b: 1\n  c: 2\n", [Remove(("a", "c")), Remove(("a", "b")), Insert(("a", "d"), 3)], "would not say"),
    ],
)
def test_what_cannot_be_done_is_refused(text: str, edits: list[Edit], reason: str) -> None:
    with pytest.raises(EditRefusedError, match=reason):
        edited(read(text), edits)


def test_a_replacement_says_where_it_falls() -> None:
    (one,) = replacements(read("a: 1\nb: 'two' # x\n"), [Replace(("b",), "three")])
    assert (one.start, one.end, one.text) == (8, 13, "'three'")
    assert (one.span.line, one.span.column, one.span.end_line, one.span.end_column) == (2, 4, 2, 9)


# --- any document ---------------------------------------------------------------------------------------------------

WORDS = st.sampled_from(["a", "b", "web", "log-tmp", "x y", "true", "1.10", "it's", 'say "x"', "#c", "a: b", "é"])
SCALARS = st.one_of(WORDS, st.integers(-9, 99), st.booleans(), st.none())
DATA = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=12,
)
ROOTS = st.dictionaries(WORDS, DATA, min_size=1, max_size=4)


class Typist:
    """Writes data as YAML as different people would: each choice of style is drawn."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw

    def one_of(self, *choices: str) -> str:
        return self.draw(st.sampled_from(choices))

    def scalar(self, value: Any) -> str:
        if isinstance(value, str) and self.draw(st.booleans()):
            return self.one_of(written(value, '"'), written(value, "'"))
        return self.one_of("null", "~") if value is None else written(value)

    def flow(self, value: Any, column: int) -> str:
        break_ = "\n" + " " * column
        gap = self.one_of("", " ", break_, f" # note{break_}")
        if isinstance(value, dict) and value:
            comma = self.one_of(", ", ",", f",{break_}", f", # note{break_}")
            items = [f"{self.scalar(key)}: {self.flow(child, column)}" for key, child in value.items()]
            return "{" + gap + comma.join(items) + self.one_of("", ",", " ") + break_ * ("#" in gap) + "}"
        if isinstance(value, list) and value:
            items = [self.flow(child, column) for child in value]
            return "[" + gap + self.one_of(", ", ",", f",{break_}").join(items) + self.one_of("", " ") + "]"
        return written(value) if isinstance(value, dict | list) else self.scalar(value)

    def block(self, value: Any, column: int) -> Iterator[str]:
        """Yield the lines of a collection that is not empty, the first without its indentation."""
        indent = " " * column
        entries = value.items() if isinstance(value, dict) else ((None, child) for child in value)
        for number, (key, child) in enumerate(entries):
            first = indent if number else ""
            if number:
                yield from self.draw(st.sampled_from([[], [""], [f"{indent}# about the next"]]))
            opening = f"{first}- " if key is None else f"{first}{self.scalar(key)}:"
            yield from self.entry(opening, child, column, compact=key is None)

    def entry(self, opening: str, child: Any, column: int, *, compact: bool) -> Iterator[str]:
        note = self.one_of("", " # note", "  # why: [x]")
        inside = column + self.draw(st.sampled_from([2, 4]))
        if not isinstance(child, dict | list) or not child or self.draw(st.booleans()):
            space = "" if compact else " "
            if child is None and self.draw(st.booleans()):
                yield opening.rstrip() + note
            else:
                yield f"{opening}{space}{self.flow(child, inside)}{note}"
        elif compact and self.draw(st.booleans()):
            first, *rest = self.block(child, column + 2)
            yield opening + first
            yield from rest
        else:
            first, *rest = self.block(child, inside)
            yield opening.rstrip() + note
            yield " " * inside + first
            yield from rest


@st.composite
def documents(draw: st.DrawFn) -> tuple[dict[str, Any], bytes]:
    """Draw data and a text of it; keys and words that need quotes, comments, either line end, a byte order mark."""
    data = draw(ROOTS)
    typist = Typist(draw)
    lines = list(typist.block(data, 0)) if draw(st.booleans()) else [typist.flow(data, 1)]
    text = (
        draw(st.sampled_from(["", "# head\n", "---\n"]))
        + "\n".join(lines)
        + draw(st.sampled_from(["", "\n", "\n# end\n"]))
    )
    mark = draw(st.sampled_from(["", "\ufeff"]))
    return data, (mark + text.replace("\n", draw(st.sampled_from(["\n", "\r\n"])))).encode()


def paths_in(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in entries:
        yield (*path, key)
        yield from paths_in(child, (*path, key))


def at(data: Any, path: tuple[str | int, ...]) -> Any:
    for part in path:
        data = data[part]
    return data


@st.composite
def changes(draw: st.DrawFn, data: dict[str, Any]) -> tuple[Edit, Any, tuple[str | int, ...]]:
    """Draw an edit, the data that it should give (made here by plain means), and the path whose lines it may touch."""
    expected = copy.deepcopy(data)
    path = draw(st.sampled_from(list(paths_in(data))))
    parent, name = at(expected, path[:-1]), path[-1]
    kind = draw(st.sampled_from(["replace", "rename", "remove", "insert"]))
    if kind == "replace":
        parent[name] = value = draw(DATA)
        return Replace(path, value), expected, path
    if kind == "remove":
        del parent[name]
        return Remove(path), expected, path[:-1]
    new = draw(st.sampled_from(["new", "new: 2", "null"]))
    if kind == "rename":
        assume(isinstance(parent, dict))
        entries = [(new if key == name else key, child) for key, child in parent.items()]
        parent.clear()
        parent.update(entries)
        return Rename(path, str(new)), expected, path
    value = draw(DATA)
    if isinstance(parent, dict):
        parent[new] = value
        return Insert((*path[:-1], new), value), expected, path[:-1]
    index = draw(st.integers(0, len(parent)))
    parent.insert(index, value)
    return Insert((*path[:-1], index), value), expected, path[:-1]


def plain(value: Any) -> Any:
    """Give data without how numbers were typed, and with its order."""
    if isinstance(value, dict):
        return [(key, plain(child)) for key, child in value.items()]
    if isinstance(value, list):
        return [plain(child) for child in value]
    return (type(value).__name__ if isinstance(value, bool) or value is None else "", value)


def lines_of(data: bytes) -> list[bytes]:
    return data.splitlines(keepends=True)


@given(st.data())
def test_after_an_edit_the_data_has_that_change_and_all_other_lines_are_the_same(draw: st.DataObject) -> None:
    data, text = draw.draw(documents())
    document = read(text)
    assert plain(document.data) == plain(data)
    edit, expected, touched = draw.draw(changes(data))
    changed = edited(document, [edit])
    assert plain(read(changed.encoded).data) == plain(expected)
    while touched and isinstance(touched[-1], int):
        touched = touched[:-1]  # the dash of an item may stand above it
    place = document.places[touched]
    first, last = (place.key or place.value).line, place.value.end_line
    before, now = lines_of(text), lines_of(changed.encoded)
    assert now[: first - 1] == before[: first - 1]
    untouched = before[last:]
    assert not untouched or now[-len(untouched) :] == untouched


@given(st.data())
def test_a_comment_goes_alone(draw: st.DataObject) -> None:
    data, text = draw.draw(documents())
    document = read(text)
    assume(document.comments)
    comment = draw.draw(st.sampled_from(document.comments))
    changed = edited(document, [Uncomment(comment.line, comment.column)])
    assert plain(changed.data) == plain(data)
    left = [one.text for one in document.comments if one is not comment]
    assert [one.text for one in changed.comments] == left
