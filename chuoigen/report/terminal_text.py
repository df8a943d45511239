"""Text from a spec into text that a terminal or a log shows as it is: what would steer it becomes an escape."""

import re
import unicodedata

# C0 and C1 control characters steer terminals; U+2028 and U+2029 break lines; the others reverse the order in which
# text is shown (https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters, checked 2026-11-23) or, as half
# of a surrogate pair, cannot be written out at all.
_STEERING = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
# A line that begins with "::", and "##[" anywhere in it, are commands to GitHub's runner, "##vso[" to that of Azure
# (actions/runner, ActionCommand.cs; Azure DevOps, "Logging commands"; both checked 2026-11-28).
_COMMAND = re.compile(r"^\s*:(?=:)|#(?=#(?:vso)?\[)")
_SHORT = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}


def escaped(text: str) -> str:
    r"""Return the text on one line, with an escape such as \x1b for each character that is not to be shown.

    So has the first character of what a CI's runner would take for a command.
    """
    shown = _STEERING.sub(lambda match: _escape(match[0]), text)
    return _COMMAND.sub(lambda match: f"{match[0][:-1]}{_escape(match[0][-1])}", shown)


def escaped_lines(text: str) -> str:
    """Return text of several lines, tabs and line feeds kept, with an escape for all else that is not to be shown."""
    return _STEERING.sub(lambda match: match[0] if match[0] in "\t\n" else _escape(match[0]), text)


def _escape(character: str) -> str:
    code = ord(character)
    return _SHORT.get(character) or (f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}")  # noqa: PLR2004  a byte


def columns(text: str) -> int:
    """Return how many columns of a terminal the text takes: wide characters take two, combining ones none."""
    return sum(map(_columns, text))


def _columns(character: str) -> int:
    if character.isascii():
        return 1
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
