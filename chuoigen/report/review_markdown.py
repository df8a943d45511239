"""Reviews as one comment on a pull request: summary, table, folded files; the same change gives the same bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuoigen.messages import Texts
from chuoigen.report.review_words import class_names, costs, described, events, places, summary
from chuoigen.report.terminal_text import escaped, escaped_lines

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from chuoigen.messages import Reader
    from chuoigen.report.reviews import Line, Review
    from chuoigen.review.timeline import Timeline

_say = Texts(__name__)
MARKER = "<!-- chuoigen diff -->"
"""By it a comment is found again, to be updated."""
_LONGEST = 65_000
"""Characters of a comment; GitHub takes 65,536 (GitHub documentation, checked 2026-11-28)."""
_FOLD = 500
"""Characters around a file diff at most."""


def render(reviews: Sequence[Review], reader: Reader, today: dt.date, errors: int = 0) -> str:
    """Return the comment. `errors` stand against specs that are not among those that were compared.

    File diffs have the room that the rest leaves; what is too long even so ends with a line that says so.
    """
    parts = [["", *_review(review, reader, today)] for review in reviews]
    if errors:
        parts.insert(0, ["", f"**{reader.text(_say('errors', count=errors))}**"])
    differing = [number for number, review in enumerate(reviews, start=len(parts) - len(reviews)) if review.difference]
    used = sum(len(line) + 1 for part in parts for line in part) + len(MARKER)
    room = (_LONGEST - used) // max(1, len(differing)) - _FOLD
    for number in differing if room > 0 else ():
        difference = reviews[number - len(parts)].difference
        parts[number] += _folded(difference, reader, room)
    return _whole("\n".join((MARKER, *(line for part in parts for line in part))), reader)


def _whole(text: str, reader: Reader) -> str:
    if len(text) < _LONGEST:
        return f"{text}\n"
    end = reader.text(_say("long"))
    return f"{text[: _LONGEST - len(end)].rpartition(chr(10))[0]}\n\n{end}\n"


def _review(review: Review, reader: Reader, today: dt.date) -> Iterator[str]:
    yield f"**{_cell(reader.text(summary(review)))}**"
    yield from (f"\n{_cell(reader.text(note))}" for note in review.notes)
    if review.lines:
        yield ""
        yield f"| {' | '.join(reader.text(_say(name)) for name in ('change', 'classes', 'effects', 'place'))} |"
        yield "|---|---|---|---|"
        yield from (_row(line, reader) for line in review.lines)
    if review.lines and review.bill is not None:
        first, *notes = (_cell(reader.text(message)) for message in costs(review.bill, today))
        yield f"\n{first}"
        if notes:
            yield f"<br><sub>{'; '.join(notes)}</sub>"
    if review.timeline:
        yield from _applied(review.timeline, reader)


def _applied(timeline: Timeline, reader: Reader) -> Iterator[str]:
    first, *others = ((_cell(reader.text(heading)), below) for heading, below in events(timeline))
    yield ""
    yield f"<details><summary>{first[0]}</summary>"
    for heading, below in (("", first[1]), *others):
        yield ""
        yield from ((heading, "") if heading else ())
        yield from (f"- {_cell(reader.text(event))}" for event in below)
    yield ""
    yield "</details>"


def _row(line: Line, reader: Reader) -> str:
    effects = "<br>".join(_cell(reader.text(effect)) for effect in line.effects)
    change, where = _cell(described(line, reader)), _cell(places(line, reader))
    return f"| {change} | {class_names(line, reader)} | {effects} | {where} |"


def _folded(difference: str, reader: Reader, room: int) -> Iterator[str]:
    files = difference.count("\ndiff --git ") + 1
    fence = "`" * (max((len(run) for run in _runs(difference)), default=0) + 1)
    fence = max(fence, "```", key=len)
    cut = difference[:room].rpartition("\n")[0] if len(difference) > room else difference.rstrip("\n")
    yield ""
    yield f"<details><summary>{reader.text(_say('files', count=files))}</summary>"
    yield ""
    yield f"{fence}diff"
    yield escaped_lines(cut)
    yield fence
    if len(difference) > room:
        yield reader.text(_say("cut"))
    yield ""
    yield "</details>"


def _runs(text: str) -> Iterator[str]:
    import re

    yield from re.findall("`{3,}", text)


def _cell(text: str) -> str:
    """Return text as a cell of a table holds it: no markup of its own, and no mention of people or issues."""
    plain = "".join(f"\\{character}" if character in "\\`*_[]<>|#~" else character for character in escaped(text))
    return plain.replace("@", "@\u2060").replace("&", "&amp;")
