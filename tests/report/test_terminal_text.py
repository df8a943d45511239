"""Text that would steer a terminal is shown as escapes."""

from __future__ import annotations

import pytest

from chuoigen.report.terminal_text import columns, escaped


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain text, ünïcode, 日本語, 🍌", "plain text, ünïcode, 日本語, 🍌"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\nb\tc\rd", "a\\nb\\tc\\rd"),
        ("\x9b31m", "\\x9b31m"),
        ("\x00\x7f", "\\x00\\x7f"),
        ("admin\u202egnp.exe", "admin\\u202egnp.exe"),
        ("\u2028", "\\u2028"),
        ("\udcff", "\\udcff"),
        ("::error::x.yaml", "\\x3a:error::x.yaml"),
        (" ::add-mask::x", " \\x3a:add-mask::x"),
        ("a ##[group]b ##vso[task.x]c", "a \\x23#[group]b \\x23#vso[task.x]c"),
        ("A::B.c, issue #5, ## [x]", "A::B.c, issue #5, ## [x]"),
    ],
)
def test_what_would_steer_a_terminal_is_escaped(text: str, shown: str) -> None:
    assert escaped(text) == shown


@pytest.mark.parametrize(
    ("text", "expected"), [("abc", 3), ("日本", 4), ("ｱ", 1), ("\uff21", 2), ("e\u0301", 1), ("🍌", 2), ("", 0)]
)
def test_columns_of_a_terminal(text: str, expected: int) -> None:
    assert columns(text) == expected
