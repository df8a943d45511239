"""The picture of a difference: what is marked, and that nobody needs to see colours for it."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuoigen import templating
from chuoigen.artifacts.diagram import FORMS, NOTHING, Picture, difference, pictured
from tests.artifacts.plans import plan_of
from tests.artifacts.test_diagram import SPEC, boxes
from tests.laws.test_strings import HOSTILE

SIGNS = {"added": "+", "removed": "\u2212", "changed": "\u00b1"}
EDITS = {
    '  helper: { image: "example/helper:1", essential: false, mounts: { files: "/files:ro" } }\n':
        '  worker: { image: "example/worker:1", mounts: { files: /files } }\n',
    "interval: 15s": "interval: 20s",
    "    - { from: alb, to: web }\n": "    - { from: alb, to: web }\n    - { from: 10.0.0.0/8, to: web }\n",
}  # fmt: skip
"""What becomes of SPEC: a container goes and another comes, a check is rarer, and someone else is admitted."""


def edited() -> str:
    text = SPEC
    for old, new in EDITS.items():
        assert old in text
        text = text.replace(old, new)
    return text


def of(before: str, after: str) -> Picture:
    return difference(pictured(plan_of(before)), pictured(plan_of(after)))


def marks(picture: Picture) -> dict[str, str]:
    nodes = {node.key: node.mark for node in picture.nodes}
    return {key: mark for key, mark in {**nodes, **{band.key: band.mark for band in picture.bands}}.items() if mark}


def test_a_difference_of_nothing_has_no_mark_in_any_form() -> None:
    same = of(SPEC, SPEC)
    assert same.marks == ()
    assert same.facts[-1] == "no difference"
    assert not {"legend:added", "legend:removed", "legend:changed"} & boxes(FORMS["svg"](same)).keys()
    assert "legend" not in FORMS["mermaid"](same).casefold() + FORMS["dot"](same).casefold()


def test_another_order_is_no_difference() -> None:
    lines = SPEC.splitlines(keepends=True)
    first = next(number for number, line in enumerate(lines) if "from: internet" in line)
    lines[first : first + 2] = lines[first : first + 2][::-1]
    assert "".join(lines) != SPEC
    assert of(SPEC, "".join(lines)).marks == ()


def test_what_came_went_and_differs_is_marked_and_nothing_else() -> None:
    assert marks(of(SPEC, edited())) == {
        "container:worker": "added",
        "container:helper": "removed",
        "container:app": "changed",
        "volume:files": "changed",
        "source:10.0.0.0/8:task": "added",
        "service": "changed",
    }


def test_the_way_back_has_the_opposite_marks() -> None:
    opposite = {"added": "removed", "removed": "added", "changed": "changed"}
    there, back = of(SPEC, edited()), of(edited(), SPEC)
    assert marks(back) == {key: opposite[mark] for key, mark in marks(there).items()}
    assert sorted(opposite[link.mark] for link in there.links if link.mark) == sorted(
        link.mark for link in back.links if link.mark
    )


def test_all_of_what_was_not_there_is_new() -> None:
    made = pictured(plan_of(SPEC))
    new, gone = difference(NOTHING, made), difference(made, NOTHING)
    for picture, mark in ((new, "added"), (gone, "removed")):
        assert picture.marks == (mark,) * (len(made.nodes) + len(made.links) + len(made.bands))
    assert new.title == gone.title == made.title


def test_a_changed_line_is_there_before_and_after() -> None:
    words = boxes(FORMS["svg"](of(SPEC, edited())))["container:app"]
    minus = SIGNS["removed"]
    assert f"{minus} healthy if test a < b && echo 'c' > \"d\" every 15 s | + healthy if" in words
    assert "every 20 s" in words


@pytest.mark.parametrize("form", list(FORMS))
def test_marks_are_told_by_sign_line_and_legend(form: str) -> None:
    """Colours taken away, the three marks still look different, and the legend says what each means."""
    text = html.unescape(FORMS[form](of(SPEC, edited()))).replace("#8722;", SIGNS["removed"])
    text = re.sub(r"#43;", "+", text).replace("#177;", SIGNS["changed"])
    for mark, sign in SIGNS.items():
        assert f"{sign} {mark}" in text, mark
    found = {
        "svg": r"(?m)^    \.(?:added|removed|changed)[^{]*\{ stroke: #\w+; ([^}]*)\}",
        "mermaid": r"classDef \w+ stroke:#\w+,(.*)",
        "dot": r'style="(\w+)", penwidth=\d, color',
    }[form]
    assert len(set(re.findall(found, text))) == len(SIGNS)


@given(text=st.sampled_from(HOSTILE) | st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30))
def test_a_label_of_mermaid_holds_no_markup_and_any_text(text: str) -> None:
    """Only entities and characters that mean nothing to Mermaid 11.17 in any place (tried in it on 2026-11-28)."""
    text = text.replace("\t", " ")
    label = templating.mermaid(text)
    assert re.sub(r"#([0-9]+);", lambda found: chr(int(found[1])), label) == text
    plain = re.sub(r"#[0-9]+;", "\0", label)
    assert [c for c in plain if not (c.isalnum() or c in " ,/()=-.+_\0")] == []
    assert re.search(r"(?:^|[^\w])[-+._]|[-+._](?:[^\w]|$)", plain) is None


@given(text=st.text(st.sampled_from('ab\\"&;<>{}|lnN'), max_size=12))
def test_a_label_of_graphviz_ends_where_it_should(text: str) -> None:
    label = templating.dot(text)
    assert re.fullmatch(r'(?:[^"\\]|\\["\\])*', label)
    assert html.unescape(re.sub(r"\\(.)", r"\1", label)) == text
