"""No regular expression of the package takes more steps than in proportion to the text: tried on texts made from each."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.laws import backtracking, pumping

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parents[2]
SIZES = (64, 512)
"""What grows with the power of the text grows from each of them to twice as much; a bounded repetition stops growing."""
FACTOR = 1.5
"""Linear steps are as many for each character of a text twice as long, quadratic ones twice as many."""
MOST = 1000
"""Steps for each character, where counting ends."""


@pytest.fixture(autouse=True)
def _deep_stack() -> Iterator[None]:
    """Let an expression that is run in Python nest as deep as its texts are long."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(100_000)
    yield
    sys.setrecursionlimit(before)


def matches(expression: str, flags: int, how: str, text: str) -> list[int]:
    """Return where the matches end that Python's engine finds."""
    compiled = re.compile(expression, flags)
    if how in ("match", "fullmatch", "search"):
        found = getattr(compiled, how)(text)
        return [found.end()] if found else []
    return [found.end() for found in compiled.finditer(text)]


def slow(expression: str, flags: int, how: str) -> str | None:
    """Return the beginning of a text on which the expression takes more steps than its length explains."""
    run = backtracking.Expression(expression, flags)

    def steps(text: str) -> float:
        try:
            ends = run.ends(text, how, MOST * (len(text) + 1))
        except backtracking.TooManyStepsError:
            return MOST
        assert ends == matches(expression, flags, how, text), (expression, text)
        return run.steps / (len(text) + 1)

    def grows(make: Callable[[int], str], size: int) -> bool:
        short, long = steps(make(size)), steps(make(2 * size))
        return long >= MOST or long > FACTOR * short + 1

    makers = pumping.texts(expression, flags)
    return next((make(30) for make in makers if all(grows(make, size) for size in SIZES)), None)


def test_no_expression_backtracks_through_a_long_text() -> None:
    script = [sys.executable, "-m", "tests.laws.expressions"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    printed = subprocess.run(script, cwd=ROOT, env=environment, check=True, capture_output=True, text=True).stdout
    used = json.loads(printed)
    assert len(used) > 100
    found = {f"{where} {how} {pattern}": slow(pattern, flags, how) for pattern, flags, how, where in used}
    assert {use: text for use, text in found.items() if text is not None} == {}


@pytest.mark.parametrize(
    ("expression", "how"),
    [
        (r"[a-z][a-z0-9+.-]*://[^\s/:@]*:[^\s/@]+@", "search"),
        (r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ", "search"),
        (r"\$\{[A-Z]+:[^}]*\}", "search"),
        (r"([0-9]+(?:\.[0-9]+)?)\s*([a-z]+)", "findall"),
        (r"get_env\s*\(?\s*x", "search"),
        (r"(?:a|b)*c", "search"),
        (r"(a*)*b", "fullmatch"),
    ],
)
def test_an_expression_that_backtracks_is_noticed(expression: str, how: str) -> None:
    assert slow(expression, 0, how) is not None


@pytest.mark.parametrize(
    ("expression", "how"),
    [
        (r"[a-z0-9]+(?:[._-][a-z0-9]+)*", "fullmatch"),
        (r"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{10,}\.eyJ", "search"),
        (r"get_env\s*+(?:\(\s*+)?x", "search"),
        (r"a{1,40}b", "search"),
    ],
)
def test_an_expression_that_does_not_is_let_through(expression: str, how: str) -> None:
    assert slow(expression, 0, how) is None
