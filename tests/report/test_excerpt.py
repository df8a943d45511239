"""A line is cut around the span, and the carets stay below it."""

from __future__ import annotations

from typing import TYPE_CHECKING, SupportsIndex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuoigen.report.excerpt import WIDTH, Excerpt, excerpt
from chuoigen.report.terminal_text import columns

if TYPE_CHECKING:
    from collections.abc import Iterator


def test_a_short_line_is_shown_whole() -> None:
    assert excerpt('ports: ["8080:80"]', (8, 17)) == Excerpt('ports: ["8080:80"]', 8, 9)


def test_wide_characters_take_two_columns() -> None:
    assert excerpt("名前: バナナ!", (4, 7)) == Excerpt("名前: バナナ!", 6, 6)


def test_a_tab_takes_four_columns() -> None:
    assert excerpt("\tkey: x", (1, 4)) == Excerpt("    key: x", 4, 3)


def test_a_combining_character_takes_none() -> None:
    assert excerpt("cafe\u0301: x", (7, 8)) == Excerpt("cafe\u0301: x", 6, 1)


def test_a_control_character_takes_the_columns_of_its_escape() -> None:
    assert excerpt("a\x1b[0m: x", (7, 8)) == Excerpt("a\\x1b[0m: x", 10, 1)


def test_a_secret_is_masked_and_the_carets_move_along() -> None:
    line = "{ PASSWORD: hunter2, port: 80 }"
    assert excerpt(line, (27, 29), [(12, 19)]) == Excerpt("{ PASSWORD: •••, port: 80 }", 23, 2)


def test_carets_below_a_secret_do_not_tell_its_length() -> None:
    assert excerpt("PASSWORD: correct horse", (10, 23), [(10, 23)]) == Excerpt("PASSWORD: •••", 10, 3)


def test_a_long_line_is_cut_on_both_sides() -> None:
    line = "a" * 500 + "FAULT" + "b" * 500
    assert excerpt(line, (500, 505)) == Excerpt("…" + "a" * 40 + "FAULT" + "b" * 65 + "…", 41, 5)


def test_the_end_of_a_long_line_is_shown_as_far_back_as_fits() -> None:
    assert excerpt("a" * 500 + "FAULT", (500, 505)) == Excerpt("…" + "a" * 105 + "FAULT", 106, 5)


def test_the_beginning_of_a_long_line_is_shown_from_its_first_character() -> None:
    assert excerpt("FAULT" + "b" * 500, (0, 5)) == Excerpt("FAULT" + "b" * 105 + "…", 0, 5)


def test_a_span_behind_the_line_is_shown_at_its_end() -> None:
    assert excerpt("key:", (4, 4)) == Excerpt("key:", 4, 1)
    assert excerpt("key:", (90, 95)) == Excerpt("key:", 4, 1)
    assert excerpt("", (0, 0)) == Excerpt("", 0, 1)


def test_a_mask_that_begins_far_to_the_left_still_leaves_a_trace() -> None:
    shown = excerpt("x" * 1000, (600, 610), [(0, 1000)])
    assert "x" not in shown.text
    assert "•••" in shown.text


class Watched(str):  # noqa: SLOT000  it counts
    """A line that counts the characters that are taken out of it."""

    taken = 0

    def __getitem__(self, place: SupportsIndex | slice) -> str:
        part = super().__getitem__(place)
        self.taken += len(part)
        return part

    def __iter__(self) -> Iterator[str]:
        return map(self.__getitem__, range(len(self)))


@pytest.mark.parametrize("masked", [[], [(0, 1_000_000)]])
def test_no_more_is_read_of_a_long_line_than_can_be_shown(masked: list[tuple[int, int]]) -> None:
    line = Watched("x" * 1_000_000)
    excerpt(line, (500_000, 500_001), masked)
    assert 0 < line.taken < 20 * WIDTH


@given(
    line=st.text(alphabet=st.characters(exclude_characters="\r\n"), max_size=400),
    start=st.integers(0, 420),
    length=st.integers(0, 420),
    mask=st.tuples(st.integers(0, 420), st.integers(0, 420)),
)
def test_any_line_fits_and_the_carets_stay_below_it(line: str, start: int, length: int, mask: tuple[int, int]) -> None:
    shown = excerpt(line, (start, start + length), [mask])
    assert columns(shown.text) <= WIDTH + 2
    assert shown.width >= 1
    assert shown.offset <= columns(shown.text)
    assert shown.offset + shown.width <= max(columns(shown.text), shown.offset + 1)
