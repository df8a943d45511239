"""No regular expression of the package takes more than linear time, whatever the text: tried on texts made from each."""

from __future__ import annotations

import itertools
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.laws import pumping

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
SIZES = (12, 16, 20, 24, 28, 32, 36, 40, 160, 640, 2_560, 10_240, 40_960)
JUDGED_FROM_S = 0.03
"""What a slow machine loses by itself is less."""
SUSPECT_FROM_S = 0.003
"""Only what is as slow as this is tried on the longest text: most are ten times as fast."""
POWER = 1.6
"""Linear time grows with the first power of the length, quadratic with the second."""
TRIES = 3


def run(expression: str, flags: int, how: str) -> Callable[[str], Any]:
    """Return the use of an expression on a text."""
    compiled = re.compile(expression, flags)
    if how in ("finditer", "scanner"):
        return lambda text: sum(1 for _ in compiled.finditer(text))
    if how in ("sub", "subn"):
        return lambda text: compiled.sub("", text)
    use: Callable[[str], Any] = getattr(
        compiled, how if how in ("match", "fullmatch", "findall", "split") else "search"
    )
    return use


def seconds(use: Callable[[str], Any], text: str, tries: int = 1) -> float:
    def once() -> float:
        start = time.process_time()
        use(text)
        return time.process_time() - start

    return min(once() for _ in range(tries))


def slow(expression: str, flags: int, how: str) -> str | None:
    """Return the beginning of a text on which the expression is slower than its length explains."""
    use = run(expression, flags, how)
    return next((make(30) for make in pumping.texts(expression, flags) if backtracks(use, make)), None)


def backtracks(use: Callable[[str], Any], make: Callable[[int], str]) -> bool:
    """Say whether the time grows faster than the text; sizes grow slowly at first, for what is exponential."""
    for shorter, longer in itertools.pairwise(SIZES):
        if longer == SIZES[-1] and seconds(use, make(shorter)) < SUSPECT_FROM_S:
            return False
        if seconds(use, make(longer)) > JUDGED_FROM_S:
            short, long = seconds(use, make(shorter), TRIES), seconds(use, make(longer), TRIES)
            return long > JUDGED_FROM_S and long > short * (longer / shorter) ** POWER
    return False


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
