"""The comment of a pull request: never longer than GitHub takes, and what is left out is said."""

from __future__ import annotations

import datetime as dt

import pytest

from chuoigen.messages import ENGLISH
from chuoigen.report.review_markdown import MARKER, render
from chuoigen.report.reviews import Line, Review
from chuoigen.review import Class

TODAY = dt.date(2026, 11, 28)
GITHUB_TAKES = 65_536


def review(lines: int, difference: int, name: str = "spec/qa.yaml") -> Review:
    line = Line("changed", "task.memory", "512 MiB", "x" * 100, (None, None), (Class.RESTART,), ())
    return Review(name, (line,) * lines, "diff --git a/a b/a\n" + "+line\n" * difference if difference else "")


@pytest.mark.parametrize(
    ("reviews", "left_out"),
    [
        ([review(1, 10)], ()),
        ([review(300, 10)], ()),
        ([review(300, 20_000)], ("`chuoigen diff --files` shows all of it",)),
        ([review(200, 20_000), review(200, 20_000)], ("`chuoigen diff --files` shows all of it",)),
        ([review(1, 0), review(1, 20_000)], ("`chuoigen diff --files` shows all of it",)),
        ([review(2_000, 10)], ("`chuoigen diff --against` prints all of it",)),
        ([review(1, 1_000, f"spec/{number}.yaml") for number in range(150)], ()),
    ],
    ids=["short", "a long table", "long files", "two of both", "one without files", "too long a table", "many specs"],
)
def test_a_comment_is_never_longer_than_github_takes(reviews: list[Review], left_out: tuple[str, ...]) -> None:
    text = render(reviews, ENGLISH, TODAY)
    assert len(text) < GITHUB_TAKES
    assert text.startswith(f"{MARKER}\n\n**")
    assert text.count("<details>") == text.count("</details>")
    assert text.count("```") % 2 == 0
    for said in left_out:
        assert said in text
    assert text.endswith("\n")
    if not left_out:
        assert "left out" not in text or "diff --files" in text


def test_errors_stand_first() -> None:
    assert render([review(1, 0)], ENGLISH, TODAY, errors=2).splitlines()[2].startswith("**2 errors stand against ")
