"""What is wrong with YAML that cannot be read: told by places and text, never by the words of a parser."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from yaml.error import MarkedYAMLError

from chuoigen.yaml import document
from chuoigen.yaml.document import parse
from tests.repository import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chuoigen.diagnostics import Diagnostic

Place = tuple[int, int]

DEEP = "mappings and lists are nested more than 50 levels deep here"
ESCAPE = "double quotes have no such escape"
TAG = '"!" starts a tag in YAML, and what follows does not fit'
TRAILING = "unexpected text after the end of a value"

BROKEN: list[tuple[str, Place, str]] = [
    # indentation
    ("a:\n\tb: 1\n", (2, 1), "a tab cannot indent YAML"),
    ("a:\n  - b: 1\n  c: 2\n", (3, 3), 'a list item ("- …") is expected here'),
    ("a:\n  - b: 1\n   c: 2\n", (3, 4), "the indentation of this line matches none of the lines above"),
    ("a:\n  - 1\n b: 2\n", (3, 2), "the indentation of this line matches none of the lines above"),
    ("a:\n  b: c\n d\n", (3, 2), "the indentation of this line matches none of the lines above"),
    # quotes
    ("a: 'it''s\nb: ''\nc: x\n", (1, 4), "this quoted text is never closed"),
    ("a: 'it\nb: 'c'\n", (2, 5), TRAILING),
    ("a: 'x''\n", (1, 4), "this quoted text is never closed"),
    ('a: "\\', (1, 4), "this quoted text is never closed"),
    ('a: "x\n---\nb: "y"\n', (1, 4), "this quoted text is never closed"),
    ('"a b"\nc: 1\n', (2, 1), "this line does not belong to what is above it"),
    ('x: 1\n"a b"\nc: 1\n', (2, 1), "this line is neither a key nor a value"),
    # escapes, each at its backslash
    (r'a: "x\d"', (1, 6), ESCAPE),
    (r'a: "C:\new\users"', (1, 11), ESCAPE),
    (r'a: "\x4"', (1, 5), ESCAPE),
    (r'a: "\u12"', (1, 5), ESCAPE),
    (r'a: "é\U00110000"', (1, 6), ESCAPE),
    (r'a: "\n\U7FFFFFFF"', (1, 7), ESCAPE),
    (r'a: ["b", {c: "\UFFFFFFFF"}]', (1, 15), ESCAPE),
    # signs
    ("a: & b\n", (1, 4), '"&" starts an anchor in YAML, and what follows does not fit'),
    ("a: [*]\n", (1, 5), '"*" starts an alias in YAML, and what follows does not fit'),
    ("a: [b, !x!y z]\n", (1, 8), TAG),
    ("a: !<b\n", (1, 4), TAG),
    ("a: !<b c> d\n", (1, 4), TAG),
    ("a: 'b' *c\n", (1, 8), TRAILING),
    ("a: 'b' &c\n", (1, 8), TRAILING),
    ("x: 1\n*y\nz: 2\n", (2, 1), "this line is neither a key nor a value"),
    ("a: >0\n  b\n", (1, 5), "unexpected text after | or >"),
    ("a: |+ b\n  c\n", (1, 7), "unexpected text after | or >"),
    # brackets
    ("a: [:]\n", (1, 5), '":" does not fit into this list or mapping in brackets'),
    ("a: [,]\n", (1, 5), '"," does not fit into this list or mapping in brackets'),
    ("a: [b: {c, d}\n", (1, 4), "this list or mapping in brackets is never closed"),
    ("a: &x !!map {b: c\n", (1, 13), "this list or mapping in brackets is never closed"),
    ("a: [1, 2}\n", (1, 9), '"}" does not fit into this list or mapping in brackets'),
    ("a: [1] x\n", (1, 8), TRAILING),
    ("a: [1, 'x' y]\n", (1, 12), '"y" does not fit into this list or mapping in brackets'),
    # directives
    ("%YAML x\n---\na: 1\n", (1, 1), "this YAML directive is not understood"),
    ("%YAML 1.1\n%YAML 1.1\n---\na: 1\n", (2, 1), "this YAML directive is not understood"),
    ("%TAG ! tag:x,2000:\n%TAG ! tag:y,2000:\n---\na: 1\n", (2, 1), "this YAML directive is not understood"),
    ("%YAML 1.1\na: 1\n", (1, 1), 'no "---" follows this YAML directive'),
]


def told(text: str) -> list[tuple[Place, str]]:
    return [((found.span.line, found.span.column), found.message) for found in parse(text, "spec.yaml")[1]]


@pytest.fixture(params=["libyaml", "python"])
def _either_parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "python":
        monkeypatch.setattr(document, "LOADER", yaml.SafeLoader)


@pytest.mark.usefixtures("_either_parser")
@pytest.mark.parametrize(("text", "place", "message"), BROKEN)
def test_both_parsers_lead_to_the_same_place_and_words(text: str, place: Place, message: str) -> None:
    assert told(text) == [(place, message)]


@pytest.mark.usefixtures("_either_parser")
@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: " + "[" * 2000, (1, 53)),
        ("a: " + "{" * 2000, (1, 53)),
        ("a: [['[', \"[\", # [[[\n  x, " + "[" * 2000, (2, 53)),
        ("a:\n  - b: " + "[" * 2000 + "]" * 2000, (2, 55)),
    ],
    ids=["lists", "mappings", "brackets that are text", "closed"],
)
def test_a_depth_that_the_parser_itself_refuses_is_told_as_our_own_limit(text: str, place: Place) -> None:
    (found,) = parse(text, "spec.yaml")[1]
    assert (found.code, found.message) == ("CG003", DEEP)
    assert (found.span.line, found.span.column) == place


def test_the_bracket_around_a_misfit_is_shown() -> None:
    (found,) = parse("a: [b, {c: 'd' e}]\n", "spec.yaml")[1]
    assert [(item.span.line, item.span.column) for item in found.related] == [(1, 8)]


def test_an_endless_number_in_a_directive_is_the_directive_s_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "LOADER", yaml.SafeLoader)
    assert told("%YAML 1." + "9" * 5000 + "\n---\na: 1\n") == [((1, 1), "this YAML directive is not understood")]


@pytest.mark.parametrize(
    ("after", "error"),
    [
        (0, MarkedYAMLError()),
        (3, MarkedYAMLError()),
        (3, yaml.YAMLError("no marks")),
        (3, yaml.scanner.ScannerError()),
        (3, ValueError("as Python says it")),
        (3, OverflowError()),
    ],
)
def test_an_error_of_an_unknown_kind_is_told_as_such(
    monkeypatch: pytest.MonkeyPatch, after: int, error: Exception
) -> None:
    """No release of PyYAML has raised these; the next one may."""
    read = yaml.parse

    def parse_until(text: str, Loader: Any) -> Iterator[yaml.Event]:  # noqa: N803 - PyYAML's name
        events = read(text, Loader=Loader)
        for _ in range(after):
            yield next(events)
        raise error

    monkeypatch.setattr(yaml, "parse", parse_until)
    (found,) = parse("a: {b: c}\n", "spec.yaml")[1]
    assert found.message == "YAML cannot be read from here on"
    assert found.help == "check the indentation, quotes and brackets of this line and of the one above"
    assert (found.span.line, found.span.end_line) == (1, 1)


# --- laws -----------------------------------------------------------------------------------------------------------

SOUND = [
    (ROOT / "tests" / "cases" / "bad-shape" / "spec.yaml").read_text(encoding="utf-8"),
    "a: 1\nb:\n  - x: 'it''s'\n    y: \"q\\n\"\n  - z: [1, {k: v}, \"s\"]\nc: &x {d: e}\ne: *x\nf: |\n  text\ng: !!str 12\n",
]
SIGNS = list(":-\t'\"[]{},@`%*&!|>?#\\\n")
PIECES = [
    "\n  ",
    "- ",
    ": ",
    ", ",
    "? ",
    "&a ",
    "*a ",
    "!<a",
    "---\n",
    "...\n",
    "%YAML 1.1\n",
    "\\x",
    "\\U00110000",
    "[" * 1100,
]
YAML_LIKE = st.text(st.sampled_from("ab: -?[]{}#&*!|>'\"%@`,\n\n\t\\~0.é𠮷"), max_size=60)


@st.composite
def broken(draw: st.DrawFn) -> str:
    """Break a sound text as a slip of the hand would: a piece more, or a piece less."""
    text = draw(st.sampled_from(SOUND))
    for _ in range(draw(st.integers(1, 2))):
        index = draw(st.integers(0, len(text)))
        if draw(st.booleans()):
            text = text[:index] + draw(st.sampled_from(SIGNS + PIECES)) + text[index:]
        else:
            text = text[:index] + text[index + draw(st.integers(1, 8)) :]
    return text


def assert_inside(found: Diagnostic, text: str) -> None:
    """The span lies in the text, and where it is not empty it holds something."""
    lines = re.split(r"\r\n|\r|\n", text)
    span = found.span
    assert 1 <= span.line <= span.end_line <= len(lines)
    assert 1 <= span.column <= len(lines[span.line - 1]) + 1
    assert 1 <= span.end_column <= len(lines[span.end_line - 1]) + 1
    assert (span.line, span.column) <= (span.end_line, span.end_column)


@pytest.mark.parametrize("loader", [getattr(yaml, "CSafeLoader", yaml.SafeLoader), yaml.SafeLoader])
@settings(max_examples=200)
@given(text=st.one_of(broken(), YAML_LIKE))
def test_whatever_is_broken_is_a_diagnostic_inside_the_text(loader: Any, text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(document, "LOADER", loader)
        read, found = parse(text, "spec.yaml")
    assert read is not None or found
    for item in found:
        assert item.message
        assert item.help
        assert_inside(item, text)
        for related in item.related:
            assert 1 <= related.span.line <= item.span.line


@pytest.mark.parametrize("loader", [getattr(yaml, "CSafeLoader", yaml.SafeLoader), yaml.SafeLoader])
@settings(max_examples=100)
@given(text=st.one_of(broken(), YAML_LIKE))
def test_the_words_of_the_parser_do_not_matter(loader: Any, text: str) -> None:
    """The next release may say anything: what is told stays the same."""
    read = yaml.parse

    def reworded(text: str, Loader: Any) -> Iterator[yaml.Event]:  # noqa: N803 - PyYAML's name
        try:
            yield from read(text, Loader=Loader)
        except MarkedYAMLError as error:
            yield from ()
            raise type(error)("other", error.context_mark, "words", error.problem_mark) from None
        except (ValueError, ArithmeticError) as error:
            raise type(error)("other words") from None

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(document, "LOADER", loader)
        expected = parse(text, "spec.yaml")[1]
        patch.setattr(yaml, "parse", reworded)
        assert parse(text, "spec.yaml")[1] == expected
