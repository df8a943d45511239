"""The law of unknown values: nothing fails because of one, and nothing is said that might not be true."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chuoigen.compiler import judge
from chuoigen.fix import Insert, Remove, Rename, Replace
from chuoigen.inputs.files import Disk, Overlay
from chuoigen.inputs.load import Loader
from chuoigen.yaml.document import parse
from chuoigen.yaml.edits import EditRefusedError, edited
from chuoigen.yaml.unknown import Unknown, placeholders
from tests.laws.mutations import specs
from tests.repository import SMALL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chuoigen.compiler import Judged

Path = tuple[str | int, ...]
MARK = "{{ open }}"
CASES = specs()


def front_end(text: str, kinds: tuple[str, ...] = ("double-brace",)) -> Judged:
    """Judge a spec of a format that has placeholders; no file is written."""
    files = Overlay(Disk(), {"/nowhere/spec.yaml": text.encode()})
    return judge(Loader(files, kinds).load("/nowhere/spec.yaml"))


def lines_of(data: dict[str, Any]) -> str:
    """Write data with each value on a line of its own, so that no other value moves when one is replaced."""
    return json.dumps(data, indent=1, ensure_ascii=False)


def said(judged: Judged) -> set[tuple[str, int]]:
    return {(one.rule, one.span.line) for one in judged.diagnostics}


def paths(value: Any, path: Path = (), *, nodes: bool = False) -> Iterator[Path]:
    """Yield the path of every scalar, or, with `nodes`, of every mapping and list that is not empty."""
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield from paths(child, (*path, key), nodes=nodes)
    if path and (bool(value) if nodes and isinstance(value, dict | list) else not nodes and not children):
        yield path


def marked(value: Any, at: Path) -> Any:
    if not at:
        return MARK
    if isinstance(value, dict):
        return {key: marked(child, at[1:]) if key == at[0] else child for key, child in value.items()}
    return [marked(child, at[1:]) if index == at[0] else child for index, child in enumerate(value)]


def at(value: Any, path: Path) -> Any:
    for part in path:
        value = value[part]
    return value


def fresh() -> list[list[Path]]:
    """Return for each case the paths of its scalars, less those that stand the same in a case before it."""
    seen: set[tuple[Path, str]] = set()
    found = []
    for data in CASES:
        here = {path: (path, repr(at(data, path))) for path in paths(data)}
        found.append([path for path, key in here.items() if key not in seen])
        seen |= set(here.values())
    return found


FRESH = fresh()


@pytest.mark.parametrize("number", range(len(CASES)))
def test_with_any_scalar_unknown_nothing_new_is_said(number: int) -> None:
    data = CASES[number]
    known = said(front_end(lines_of(data)))
    for path in FRESH[number]:
        assert said(front_end(lines_of(marked(data, path)))) <= known, path


@settings(max_examples=100)
@given(st.data())
def test_with_several_scalars_unknown_nothing_new_is_said(draw: st.DataObject) -> None:
    data = draw.draw(st.sampled_from(CASES))
    known = said(front_end(lines_of(data)))
    chosen = draw.draw(st.lists(st.sampled_from(list(paths(data))), min_size=2, max_size=6, unique=True))
    for path in chosen:
        data = marked(data, path)
    assert said(front_end(lines_of(data))) <= known


@settings(max_examples=100)
@given(st.data())
def test_a_whole_node_may_be_unknown(draw: st.DataObject) -> None:
    data = draw.draw(st.sampled_from(CASES))
    path = draw.draw(st.sampled_from(list(paths(data, nodes=True))))
    text = lines_of(marked(data, path))
    judged = front_end(text)
    line = next(number for number, one in enumerate(text.splitlines(), start=1) if MARK in one)
    assert line not in {one.span.line for one in judged.diagnostics}


# --- a placeholder is a value with a span ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "kinds", "value", "hint"),
    [
        ("{{ name }}", ("double-brace",), "{{ name }}", "name"),
        ("'a-{{name}}-b'", ("double-brace",), "a-{{name}}-b", "name"),
        ("{{ a # b }}", ("double-brace",), "{{ a # b }}", "a # b"),
        ("${NAME}", ("dollar",), "${NAME}", "NAME"),
        ('"${a}/${b}" # why', ("dollar",), "${a}/${b}", "a"),
        ("<NAME>", ("angle",), "<NAME>", "NAME"),
        ("[<NAME>]", ("angle", "dollar"), "<NAME>", "NAME"),
    ],
)
def test_a_scalar_with_a_placeholder_is_unknown(written: str, kinds: tuple[str, ...], value: str, hint: str) -> None:
    document, found = parse(f"a: {written}\nb: 1\n", "x", kinds)
    assert document is not None, found
    first = document.data["a"][0] if isinstance(document.data["a"], list) else document.data["a"]
    assert isinstance(first, Unknown)
    assert (first, first.hint) == (value, hint)
    place = document.places[("a", 0) if "[" in written else ("a",)]
    assert place.value.column == 4 + written.startswith("[")
    assert document.text == f"a: {written}\nb: 1\n"


@pytest.mark.parametrize("written", ["{{ x }}", "${X}", "<X>"])
def test_a_format_without_placeholders_has_none(written: str) -> None:
    document, _ = parse(f"a: '{written}'\n", "x")
    assert document is not None
    assert type(document.data["a"]) is str
    assert placeholders(written, ()) == ()


def test_a_dollar_in_a_spec_stays_text_that_is_reported() -> None:
    text = SMALL + "    environment: { A: '${HOME}' }\n"
    assert [one.rule for one in front_end(text, ()).diagnostics] == ["interpolated-variable"]
    assert front_end(text, ("dollar",)).diagnostics == ()


def test_what_is_wrong_beside_an_unknown_is_said() -> None:
    text = (
        SMALL
        + "    environment: { A: '{{ a }}', B: true }\n    ports: ['{{ port }}', '8080:80']\n    stop_timeout: 180\n"
    )
    assert sorted(one.rule for one in front_end(text).diagnostics) == [
        "host-port-differs",
        "stop-timeout-out-of-range",
        "unquoted-value",
    ]


def test_a_comment_that_silences_what_is_unknown_is_not_called_unused() -> None:
    text = SMALL + "    stop_timeout: '{{ t }}' # chuoigen: ignore[stop-timeout-out-of-range] the template knows\n"
    assert front_end(text).diagnostics == ()


@pytest.mark.parametrize(
    "edit",
    [
        Replace(("a",), 1),
        Replace(("b",), 1),
        Remove(("a",)),
        Remove(("b",)),
        Remove(("b", "c")),
        Replace(("b", "c"), 2),
    ],
)
def test_an_edit_of_something_unknown_is_refused(edit: Replace | Remove) -> None:
    document, _ = parse("a: '{{ x }}'\nb: { c: '{{ y }}', d: 1 }\n", "x", ("double-brace",))
    assert document is not None
    with pytest.raises(EditRefusedError, match="unknown"):
        edited(document, [edit])


def test_an_edit_beside_something_unknown_keeps_it() -> None:
    document, _ = parse("a: {{ x }} # {{ y }}\nb: { c: '{{ y }}', d: 1 }\n", "x", ("double-brace",))
    assert document is not None
    changed = edited(document, [Replace(("b", "d"), 2), Rename(("a",), "z"), Insert(("b", "e"), 3)])
    assert changed.text == "z: {{ x }} # {{ y }}\nb: { c: '{{ y }}', d: 2, e: 3 }\n"
    assert isinstance(changed.data["z"], Unknown)
