"""What `parse` makes of YAML: values, places, comments, and a diagnostic for each way in which a text can be bad."""

from __future__ import annotations

import copy
import string
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from chuoigen.yaml import document as source
from chuoigen.yaml.document import Comment, Document, Integer, Real, parse

Corners = tuple[int, int, int, int]


def good(text: str | bytes) -> Document:
    document, diagnostics = parse(text, "spec.yaml")
    assert diagnostics == ()
    assert document is not None
    return document


def faults(text: str | bytes) -> list[tuple[str, Corners, str]]:
    return [(found.code, corners(found.span), found.message) for found in parse(text, "spec.yaml")[1]]


def corners(span: Any) -> Corners:
    assert span.file == "spec.yaml"
    return (span.line, span.column, span.end_line, span.end_column)


@pytest.fixture(params=["libyaml", "python"])
def either_parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """PyYAML has two parsers; which one a user has depends on how it was installed."""
    if request.param == "python":
        monkeypatch.setattr(source, "LOADER", yaml.SafeLoader)


# --- values ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("NULL", None),
        ("nUll", "nUll"),
        ("true", True),
        ("False", False),
        ("tRUE", "tRUE"),
        ("yes", "yes"),
        ("on", "on"),
        ("No", "No"),
        ("0", 0),
        ("010", 10),
        ("012345678901", 12345678901),
        ("-7", -7),
        ("+7", 7),
        ("0o17", 15),
        ("0x1F", 31),
        ("0b11", "0b11"),
        ("1_000", "1_000"),
        ("22:22", "22:22"),
        ("2001-01-01", "2001-01-01"),
        ("1.10", 1.1),
        (".5", 0.5),
        ("1.", 1.0),
        ("1e3", 1000.0),
        ("-1.5E-1", -0.15),
        ("1.6.0", "1.6.0"),
        ("0.25 vCPU", "0.25 vCPU"),
        ("e3", "e3"),
        (".", "."),
        ("'12'", "12"),
        ('"true"', "true"),
        ("''", ""),
        ("!!str 12", "12"),
        ("! 12", "12"),
        ('!!int "12"', 12),
        ("!!bool true", True),
        ("!!null ''", None),
        ("\uff11\uff12", "\uff11\uff12"),
        ("=", "="),
        (r'"\u2028\x41\t"', "\u2028A\t"),
    ],
)
def test_plain_scalars_mean_what_yaml_1_2_says(written: str, value: object) -> None:
    data = good(f"k: {written}\n").data
    assert data == {"k": value}
    assert isinstance(data["k"], type(value))


@pytest.mark.parametrize("written", ["010", "0x1F", "+7", "9" * 40])
def test_integers_remember_how_they_were_typed(written: str) -> None:
    value = good(f"k: {written}").data["k"]
    assert isinstance(value, Integer)
    assert value.written == written


def test_reals_remember_how_they_were_typed() -> None:
    value = good("k: 1.10").data["k"]
    assert isinstance(value, Real)
    assert (value, value.written) == (1.1, "1.10")


def test_a_copied_number_still_knows_how_it_was_typed() -> None:
    copied = copy.deepcopy(good("k: [010, 1.10]").data["k"])
    assert [item.written for item in copied] == ["010", "1.10"]


def test_numbers_made_in_python_are_written_as_python_does() -> None:
    assert (Integer(12).written, Real(1.5).written) == ("12", "1.5")


@pytest.mark.usefixtures("either_parser")
def test_data_is_plain_and_ordered() -> None:
    document = good("b: {x: [1, a, {y: }]}\na:\n- - 2\n- |\n  one\n  two\n")
    assert document.data == {"b": {"x": [1, "a", {"y": None}]}, "a": [[2], "one\ntwo\n"]}
    assert list(document.data) == ["b", "a"]


# --- places ---------------------------------------------------------------------------------------------------------

NESTED = """\
task:
  cpu: 256   # comment
  tags: {a: "x y", b: [1, 22]}
containers:
  - image:
    text: |
      # not a comment

  # a comment
  - >-
    folded

last: plain
  goes on
"""


@pytest.mark.usefixtures("either_parser")
@pytest.mark.parametrize(
    ("path", "key", "value"),
    [
        ((), None, (1, 1, 14, 10)),
        (("task",), (1, 1, 1, 5), (2, 3, 3, 31)),
        (("task", "cpu"), (2, 3, 2, 6), (2, 8, 2, 11)),
        (("task", "tags"), (3, 3, 3, 7), (3, 9, 3, 31)),
        (("task", "tags", "a"), (3, 10, 3, 11), (3, 13, 3, 18)),
        (("task", "tags", "b", 1), None, (3, 27, 3, 29)),
        (("containers",), (4, 1, 4, 11), (5, 3, 11, 11)),
        (("containers", 0), None, (5, 5, 7, 22)),
        (("containers", 0, "image"), (5, 5, 5, 10), (5, 11, 5, 11)),
        (("containers", 0, "text"), (6, 5, 6, 9), (6, 11, 7, 22)),
        (("containers", 1), None, (10, 5, 11, 11)),
        (("last",), (13, 1, 13, 5), (13, 7, 14, 10)),
    ],
)
def test_each_key_and_value_has_its_exact_place(
    path: tuple[str | int, ...], key: Corners | None, value: Corners
) -> None:
    place = good(NESTED).places[path]
    assert (place.key and corners(place.key)) == key
    assert corners(place.value) == value


def test_what_was_not_written_has_the_place_of_its_nearest_ancestor() -> None:
    document = good(NESTED)
    assert document.place(("task", "tags", "c", "d")) == document.places[("task", "tags")]
    assert document.place(("nothing",)) == document.places[()]


@pytest.mark.usefixtures("either_parser")
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("encode", [False, True])
def test_columns_count_characters_whatever_the_encoding(newline: str, mark: str, encode: bool) -> None:
    text = mark + newline.join(["バナナ: {𠮷é: ü}  # 𠮷", "é: [b,", "  𠮷]", ""])
    document = good(text.encode() if encode else text)
    assert document.data == {"バナナ": {"𠮷é": "ü"}, "é": ["b", "𠮷"]}
    places = {path: place.key and corners(place.key) for path, place in document.places.items()}
    assert places[("バナナ",)] == (1, 1, 1, 4)
    assert places[("バナナ", "𠮷é")] == (1, 7, 1, 9)
    assert corners(document.places[("バナナ", "𠮷é")].value) == (1, 11, 1, 12)
    assert corners(document.places[("é",)].value) == (2, 4, 3, 5)
    assert document.comments == (Comment(1, 15, 18, "𠮷", own_line=False),)


@pytest.mark.usefixtures("either_parser")
def test_an_alias_stands_at_itself_and_its_content_where_it_was_written() -> None:
    document = good("a: &x {k: 1}\nb:\n  c: *x\nd: [*x]\n")
    assert document.data == {"a": {"k": 1}, "b": {"c": {"k": 1}}, "d": [{"k": 1}]}
    assert document.data["a"] is not document.data["b"]["c"]
    assert corners(document.places[("b",)].value) == (3, 3, 3, 8)
    assert corners(document.places[("b", "c")].value) == (3, 6, 3, 8)
    assert corners(document.places[("b", "c", "k")].value) == (1, 11, 1, 12)
    assert corners(document.places[("d", 0)].value) == (4, 5, 4, 7)


@pytest.mark.usefixtures("either_parser")
def test_a_value_that_was_left_out_is_an_empty_span_behind_its_key() -> None:
    document = good("? a\n? b\n: c\nd:   # none\ne: {f, g: }\n")
    assert document.data == {"a": None, "b": "c", "d": None, "e": {"f": None, "g": None}}
    assert corners(document.places[("a",)].value) == (1, 4, 1, 4)
    assert corners(document.places[("d",)].value) == (4, 3, 4, 3)
    assert corners(document.places[("e", "f")].value) == (5, 6, 5, 6)


# --- comments -------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("either_parser")
def test_comments_are_found_and_number_signs_in_text_are_not() -> None:
    text = (
        "#first\n"
        'a: "# no" #  second  \n'
        "b: x#no\n"
        "c: |  # third\n"
        "  # no\n"
        "\n"
        "  # fourth, left of the text above? no, text\n"
        "# fifth\n"
        "d: 'it''s # no\n"
        "  # no'\n"
        " # sixth\n"
        "e: [1, # seventh\n"
        "  '#2']#\n"
        "# last # one"
    )
    assert good(text).comments == (
        Comment(1, 1, 7, "first", own_line=True),
        Comment(2, 11, 20, "second", own_line=False),
        Comment(4, 7, 14, "third", own_line=False),
        Comment(8, 1, 8, "fifth", own_line=True),
        Comment(11, 2, 9, "sixth", own_line=True),
        Comment(12, 8, 17, "seventh", own_line=False),
        Comment(13, 8, 9, "", own_line=False),
        Comment(14, 1, 13, "last # one", own_line=True),
    )


# --- keys -----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("either_parser")
def test_all_equal_keys_are_reported_with_the_first_and_the_first_value_stays() -> None:
    text = "a: 1\nb: {x: 1, x: {y: 1, y: 2}}\na: 2\n'a': 3\n"
    document, found = parse(text, "spec.yaml")
    assert document is not None
    assert document.data == {"a": 1, "b": {"x": 1}}
    assert [(item.rule, item.code, item.message, corners(item.span)) for item in found] == [
        ("duplicate-key", "CG002", 'the key "x" is written twice', (2, 11, 2, 12)),
        ("duplicate-key", "CG002", 'the key "y" is written twice', (2, 21, 2, 22)),
        ("duplicate-key", "CG002", 'the key "a" is written twice', (3, 1, 3, 2)),
        ("duplicate-key", "CG002", 'the key "a" is written twice', (4, 1, 4, 4)),
    ]
    assert [corners(item.related[0].span) for item in found] == [
        (2, 5, 2, 6), (2, 15, 2, 16), (1, 1, 1, 2), (1, 1, 1, 2),
    ]  # fmt: skip
    assert set(document.places) == {(), ("a",), ("b",), ("b", "x")}


def test_a_fault_below_an_anchor_is_reported_once() -> None:
    assert faults("a: &x {k: 1, k: 2, 8: 3}\nb: *x\nc: *x\n") == [
        ("CG002", (1, 14, 1, 15), 'the key "k" is written twice'),
        ("CG004", (1, 20, 1, 21), "the key 8 is a number, not text"),
    ]


@pytest.mark.parametrize(
    ("key", "kept", "message"),
    [
        ("8080", "8080", "the key 8080 is a number, not text"),
        ("010", "010", "the key 010 is a number, not text"),
        ("1.5", "1.5", "the key 1.5 is a number, not text"),
        ("true", "true", "the key true is a boolean, not text"),
        ("~", "~", "the key ~ is null, not text"),
        ("[a]", None, "a list cannot be a key"),
        ("{{ x }}", None, "a mapping cannot be a key"),
        ("<<", None, "<< merges nothing in YAML 1.2"),
    ],
)
def test_a_key_that_is_not_text_is_reported_and_parsing_goes_on(key: str, kept: str | None, message: str) -> None:
    document, found = parse(f"a: 1\n{key}: {{b: 2}}\n", "spec.yaml")
    assert document is not None
    expected: dict[str, object] = {"a": 1}
    assert document.data == (expected if kept is None else {**expected, kept: {"b": 2}})
    assert {(item.rule, item.code) for item in found} == {("unusable-key", "CG004")}
    assert (found[0].message, corners(found[0].span)) == (message, (2, 1, 2, 1 + len(key)))


def test_an_empty_key_is_reported() -> None:
    document, found = parse("a:\n  ?\n  : 1\n", "spec.yaml")
    assert document is not None
    assert document.data == {"a": {"": 1}}
    assert [(item.code, item.message, corners(item.span)) for item in found] == [
        ("CG004", "the key is empty", (2, 4, 2, 4))
    ]


def test_help_for_keys_says_what_to_write() -> None:
    found = parse("80: a\n<<: {}\n", "spec.yaml")[1]
    assert [item.help for item in found] == ['write "80", in quotes', "share keys between specs with extends"]


@pytest.mark.parametrize("key", ["'8080'", "on", "22:22", "'<<'", "!!str 5", "yes", "=", "*x "])
def test_text_may_be_a_key(key: str) -> None:
    assert len(good(f"a: &x b\n{key}: 1\n").data) == 2


# --- text that cannot be read ---------------------------------------------------------------------------------------


@pytest.mark.usefixtures("either_parser")
@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("", (1, 1, 1, 1), "the file is empty"),
        ("\ufeff \n", (1, 1, 1, 1), "the file is empty"),
        ("# only\n", (1, 1, 1, 1), "the file contains only comments"),
        ("- a\n- b\n", (1, 1, 2, 4), "the file contains a list, and a mapping is expected"),
        ("text", (1, 1, 1, 5), "the file contains a single value, and a mapping is expected"),
        ("a:\n\tb: 1\n", (2, 1, 2, 2), "a tab cannot indent YAML"),
        ("a: 1\n\tb: 1\n", (2, 1, 2, 2), "a tab cannot indent YAML"),
        ("é: 'x\nb: 1\n", (1, 4, 1, 5), "this quoted text is never closed"),
        ('a: "x', (1, 4, 1, 5), "this quoted text is never closed"),
        ("a: [1,\n", (1, 4, 1, 5), "this list or mapping in brackets is never closed"),
        ("a: [{x: 1\n\n", (1, 5, 1, 6), "this list or mapping in brackets is never closed"),
        ("a: {x: 1\nb: 1\n", (2, 2, 2, 3), '":" does not fit into this list or mapping in brackets'),
        ("a: 1\n  b: 2\n", (2, 4, 2, 5), "a key is not allowed here: the value above has not ended"),
        ("a: b: c\n", (1, 5, 1, 6), 'a second ": " in one line'),
        ("x: 1\na:1\nb: 2\n", (2, 1, 2, 2), "this line is neither a key nor a value"),
        (
            "a:\n    x: 1\n  y: 2\n",
            (3, 3, 3, 4),
            "the indentation of this line matches none of the lines above",
        ),
        ("a: 1\n: 2\n", (2, 1, 2, 2), "there is no key before this colon"),
        ("a: 1\n- b\n", (2, 1, 2, 2), "a list item is among keys here"),
        ("- a\nb: 1\n", (2, 1, 2, 2), 'a list item ("- …") is expected here'),
        (" a: 1\nb: 2\n", (2, 1, 2, 2), "this line does not belong to what is above it"),
        ("a: - x\n", (1, 4, 1, 5), "a list item cannot start here"),
        ("a: 'it's'\n", (1, 8, 1, 9), "unexpected text after the end of a value"),
        ('- "x" y\n', (1, 7, 1, 8), "unexpected text after the end of a value"),
        ("a: @x\n", (1, 4, 1, 5), 'a value cannot start with "@"'),
        ("a: `x`\n", (1, 4, 1, 5), 'a value cannot start with "`"'),
        ("a: %x\n", (1, 4, 1, 5), 'a value cannot start with "%"'),
        ("a: ]\n", (1, 4, 1, 5), 'a value cannot start with "]"'),
        ("a: ? x\n", (1, 4, 1, 5), '"?" cannot start a value'),
        ("a: *.log\n", (1, 4, 1, 5), '"*" starts an alias in YAML, and what follows does not fit'),
        ("a: *x\n", (1, 4, 1, 6), 'the anchor of "*x" is not defined above'),
        ("a: &x [*x]\n", (1, 8, 1, 10), 'the anchor of "*x" is used inside its own value'),
        ("a: !x!y z\n", (1, 4, 1, 5), '"!" starts a tag in YAML, and what follows does not fit'),
        ("a: |x\n  b\n", (1, 5, 1, 6), "unexpected text after | or >"),
        ("%YAML 3.0\n---\na: 1\n", (1, 1, 1, 2), "this YAML directive is not understood"),
        ("a: 1\nb: \0\n", (2, 4, 2, 5), "the character U+0000 is not allowed in YAML text"),
        ("a: é\x1b\n", (1, 5, 1, 6), "the character U+001B is not allowed in YAML text"),
        ("a: x\u2028\n", (1, 5, 1, 6), "the character U+2028 is not allowed in YAML text"),
        ("a: \ufeffx\n", (1, 4, 1, 5), "the character U+FEFF is not allowed in YAML text"),
        ("a: \ud800\n", (1, 4, 1, 5), "the character U+D800 is not allowed in YAML text"),
    ],
)
def test_text_that_cannot_be_read_is_one_diagnostic_at_its_place(text: str, place: Corners, message: str) -> None:
    document, found = parse(text, "spec.yaml")
    assert document is None
    assert [(item.rule, item.code, item.message, corners(item.span)) for item in found] == [
        ("invalid-yaml", "CG001", message, place)
    ]
    assert found[0].help


def test_a_colon_without_a_space_in_brackets_is_a_diagnostic() -> None:
    assert faults("a: {b:[c]}") == [("CG001", (1, 6, 1, 7), "a space is missing after this colon")]


def test_an_unknown_escape_is_a_diagnostic() -> None:
    assert faults(r'a: "\d"') == [("CG001", (1, 5, 1, 6), "double quotes have no such escape")]


def test_the_bracket_that_was_opened_is_shown_beside_what_does_not_fit() -> None:
    (found,) = parse("a: [1, 2\nb: 1\n", "spec.yaml")[1]
    assert [(corners(item.span), item.message) for item in found.related] == [
        ((1, 4, 1, 5), "the bracket is opened here")
    ]


@pytest.mark.parametrize(
    ("data", "place", "message"),
    [
        (b"a: 1\n\xc3\xa9: caf\xe9\n", (2, 7, 2, 7), "the byte 0xE9 is not UTF-8"),
        (b"\xef\xbb\xbf\xff: 1", (1, 1, 1, 1), "the byte 0xFF is not UTF-8"),
        (b"a: \xed\xa0\x80", (1, 4, 1, 4), "the byte 0xED is not UTF-8"),
        ("a: 1\n".encode("utf-16"), (1, 1, 1, 1), "the file is encoded as UTF-16 or UTF-32"),
        ("a: 1\n".encode("utf-16-be"), (1, 1, 1, 1), "the file is encoded as UTF-16 or UTF-32"),
        ("a: 1\n".encode("utf-16-le"), (1, 1, 1, 1), "the file is encoded as UTF-16 or UTF-32"),
        ("a: 1\n".encode("utf-32"), (1, 1, 1, 1), "the file is encoded as UTF-16 or UTF-32"),
        (b"a: \0\n", (1, 4, 1, 5), "the character U+0000 is not allowed in YAML text"),
    ],
)
def test_bytes_that_are_not_utf_8_text_are_a_diagnostic(data: bytes, place: Corners, message: str) -> None:
    assert faults(data) == [("CG001", place, message)]


@pytest.mark.usefixtures("either_parser")
@pytest.mark.parametrize(
    ("text", "data", "place", "message"),
    [
        ("a: 1\n---\nb: [\n", {"a": 1}, (2, 1, 2, 2), "a second document starts here"),
        ("a: !Ref x\nb: 1\n", {"a": "x", "b": 1}, (1, 4, 1, 10), "the tag !Ref has no meaning here"),
        ("a: !!binary aGk=", {"a": "aGk="}, (1, 4, 1, 17), "the tag !!binary does not fit this value"),
        (
            "a: !!timestamp 2001-01-01",
            {"a": "2001-01-01"},
            (1, 4, 1, 26),
            "the tag !!timestamp does not fit this value",
        ),
        ("a: !!int x", {"a": "x"}, (1, 4, 1, 11), "the tag !!int does not fit this value"),
        (
            "a: !!python/object:os.x {}",
            {"a": {}},
            (1, 4, 1, 27),
            "the tag !!python/object:os.x does not fit this value",
        ),
        ("a: !Sub\n  - x\n", {"a": ["x"]}, (1, 4, 2, 6), "the tag !Sub has no meaning here"),
        ("a: .inf\n", {"a": ".inf"}, (1, 4, 1, 8), ".inf is not a number that a spec can use"),
        ("a: .NaN\n", {"a": ".NaN"}, (1, 4, 1, 8), ".NaN is not a number that a spec can use"),
        (r'a: "x\0"', {"a": "x\0"}, (1, 4, 1, 9), "this text contains the control character U+0000"),
    ],
)
def test_faults_that_leave_the_shape_clear_come_with_a_document(
    text: str, data: dict[str, object], place: Corners, message: str
) -> None:
    document, _ = parse(text, "spec.yaml")
    assert document is not None
    assert document.data == data
    assert faults(text) == [("CG001", place, message)]


# --- limits ---------------------------------------------------------------------------------------------------------

LAUGHS = "a0: &a0 ha\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 20))


@pytest.mark.usefixtures("either_parser")
@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a: " + "[" * 100_000, 1, "mappings and lists are nested more than 50 levels deep here"),
        ("- " * 100_000, 1, "mappings and lists are nested more than 50 levels deep here"),
        ("{a: " * 100_000, 1, "mappings and lists are nested more than 50 levels deep here"),
        (
            "a: &a " + "[" * 40 + "]" * 40 + "\nb: " + "[" * 20 + "*a" + "]" * 20,
            1,
            "mappings and lists are nested more than 50 levels deep here",
        ),
        (LAUGHS, 4, "the file has more than 50000 keys and values, those repeated through aliases included"),
        (
            "a: [" + "1," * 60_000 + "]",
            1,
            "the file has more than 50000 keys and values, those repeated through aliases included",
        ),
        ("a: 1\nb: " + "9" * 1_000_000, 2, "this number has more than 40 digits or is too large"),
        ("a: 1\nb: 0." + "9" * 40, 2, "this number has more than 40 digits or is too large"),
        ("a: 1\nb: -1e999", 2, "this number has more than 40 digits or is too large"),
        ("a: 1\n" + "9" * 41 + ": 2", 2, "this number has more than 40 digits or is too large"),
        ("#" * (1 << 20) + "\n", 1, "the file has 1048577 bytes; at most 1048576 are read"),
        ("é" * (1 << 19) + "\n", 1, "the file has 1048577 bytes; at most 1048576 are read"),
    ],
    ids=lambda value: value[:12] if isinstance(value, str) else str(value),
)
def test_bombs_are_refused(text: str, line: int, message: str) -> None:
    document, found = parse(text, "spec.yaml")
    assert document is None
    assert [(item.rule, item.code, item.message) for item in found] == [("excessive-input", "CG003", message)]
    if not text.startswith("a0:"):
        assert found[0].span.line == line


def test_the_limits_themselves_are_allowed() -> None:
    assert good("a: " + "[" * 49 + "]" * 49).data.keys() == {"a"}
    assert good("a: 1\n#" + "x" * ((1 << 20) - 6)).data == {"a": 1}
    assert good("a: " + "9" * 40).data == {"a": int("9" * 40)}
    assert len(good("a: [" + "1," * 49_997 + "]").data["a"]) == 49_997


# --- laws -----------------------------------------------------------------------------------------------------------

YAML_LIKE = st.text(st.sampled_from("ab: -?[]{}#&*!|>'\"%@`,\n\n\t\r\\<~0.é𠮷\ufeff\0\u2028\x85"), max_size=60)
KEYS = st.text(string.ascii_letters + "é𠮷", min_size=1, max_size=5)


@settings(derandomize=True, max_examples=400)
@given(st.one_of(YAML_LIKE, st.text(), st.binary(), YAML_LIKE.map(str.encode)))
def test_any_text_is_a_document_or_a_diagnostic(text: str | bytes) -> None:
    document, found = parse(text, "spec.yaml")
    assert document is not None or found
    lines = (text.decode("utf-8", "replace") if isinstance(text, bytes) else text).count
    for item in found:
        span = item.span
        assert 1 <= span.line <= lines("\n") + lines("\r") + 1
        assert (span.line, span.column) <= (span.end_line, span.end_column)
    if document is not None:
        assert () in document.places


@settings(derandomize=True, max_examples=100)
@given(st.dictionaries(KEYS, st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]))))
def test_quoted_text_comes_back_and_its_place_holds_it(data: dict[str, str]) -> None:
    quoted = {key: "'" + value.replace("'", "''") + "'" for key, value in data.items()}
    lines = [f"'{key}': {value}" for key, value in quoted.items()]
    document, found = parse("\n".join(["first: 1", *lines]), "spec.yaml")
    if "first" in data:
        return
    assert found == ()
    assert document is not None
    assert document.data == {"first": 1, **data}
    for number, key in enumerate(data):
        span = document.places[(key,)].value
        assert (span.line, span.end_line) == (number + 2, number + 2)
        assert lines[number][span.column - 1 : span.end_column - 1] == quoted[key]
