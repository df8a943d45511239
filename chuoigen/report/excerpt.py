"""One line of a spec into what a terminal shows of it: cut around the span, secrets masked, carets in place."""

from collections.abc import Sequence

from chuoigen.inputs.secret_forms import Range
from chuoigen.record import Record
from chuoigen.report.terminal_text import columns, escaped
from chuoigen.report.view import MASK

WIDTH = 110
"""Columns of a terminal that an excerpt may take."""
_BEFORE = 40
_TAB = "    "


class Excerpt(Record):
    """What is shown of a line; the carets start after `offset` columns and take `width`."""

    text: str
    offset: int
    width: int


def excerpt(line: str, span: Range, masked: Sequence[Range] = ()) -> Excerpt:
    """Show a line around a span. A span beyond the end of the line is shown behind its last character."""
    start = min(max(span[0], 0), len(line))
    end = min(max(span[1], start), len(line))
    # Nothing further away than this could be shown, and a line may hold a million characters.
    low, high = max(0, start - WIDTH), min(len(line), start + 2 * WIDTH)
    near = [part for part in masked if part[0] < high and part[1] > low]
    part = line[low:high]
    if not near and part.isascii() and part.isprintable():  # as most are; a thousand may stand on one line
        shown, widths = list(part), [1] * len(part)
    else:
        shown = [_shown(line, index, low, near) for index in range(low, high)]
        widths = [columns(text) for text in shown]
    first, last = _window(widths, start - low, whole=(low, high) == (0, len(line)))
    opening = "…" if low + first > 0 else ""
    closing = "…" if low + last < len(line) else ""
    return Excerpt(
        text=opening + "".join(shown[first:last]) + closing,
        offset=len(opening) + sum(widths[first : start - low]),
        width=max(1, sum(widths[start - low : min(end - low, last)])),
    )


def _shown(line: str, index: int, low: int, masked: Sequence[Range]) -> str:
    """Return what stands for one character; of a masked stretch, only the first leaves a trace."""
    for start, end in masked:
        if start <= index < end:
            return MASK if index == max(start, low) else ""
    return _TAB if line[index] == "\t" else escaped(line[index])


def _window(widths: Sequence[int], start: int, *, whole: bool) -> Range:
    """Return the indices between which the line is shown: all of it where it fits."""
    if whole and sum(widths) <= WIDTH:
        return 0, len(widths)
    first = _back(widths, start, _BEFORE)
    last, used = first, 0
    while last < len(widths) and used + widths[last] <= WIDTH:
        used += widths[last]
        last += 1
    return (_back(widths, first, WIDTH - used) if last == len(widths) else first), last


def _back(widths: Sequence[int], index: int, room: int) -> int:
    """Return the index from which the characters before `index` fit into so many columns."""
    while index > 0 and widths[index - 1] <= room:
        index -= 1
        room -= widths[index]
    return index
