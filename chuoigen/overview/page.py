"""The page: sections in their order, rendered into one HTML file that needs no network and no script."""

from __future__ import annotations

import base64
import pathlib
import re
from typing import TYPE_CHECKING, Any

from chuoigen import templating
from chuoigen.artifacts import diagram
from chuoigen.messages import Message, Texts
from chuoigen.overview import access, service, times
from chuoigen.overview.findings import Note, accepted, reported
from chuoigen.overview.rows import Facts, Row, side_by_side
from chuoigen.record import Record
from chuoigen.report.outcome import sources_of
from chuoigen.report.terminal_text import escaped
from chuoigen.report.view import View
from chuoigen.rules import secret

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chuoigen.compiler import Judged
    from chuoigen.messages import Reader
    from chuoigen.plan import Plan

_say = Texts(__name__)
_TEMPLATES = pathlib.Path(__file__).parent / "templates"
_BETWEEN = re.compile(r"(?<=>)[^<>]+(?=<)")
"""Text of an SVG between its tags."""
_TABLES: tuple[tuple[str, Callable[[Plan], Facts]], ...] = (
    ("glance", service.glance),
    ("containers", service.containers),
    ("jobs", service.jobs),
    ("reach", access.reach),
    ("roles", access.roles),
    ("connections", service.connections),
    ("costs", service.costs),
    ("start", times.start),
    ("stop", times.stop),
    ("deployment", times.deployment),
)


class Stage(Record):
    """A spec on the page: its name there, its file, its picture, and what is to be known of it."""

    name: str
    file: str
    picture: str
    alt: str
    reported: tuple[Note, ...]
    accepted: tuple[Note, ...]


class Section(Record):
    """A section with rows; a section without any is left out."""

    id: str
    heading: str
    intro: str
    rows: tuple[Row, ...]


def page(specs: Sequence[Judged], reader: Reader) -> str:
    """Return the page of specs without errors, in the reader's language. What may be a secret is masked."""
    view = View.of(
        sources_of([one.loaded for one in specs]), [found for one in specs for found in one.diagnostics], secret()
    )
    discreet = view.reader(reader)
    plans = [one.plan for one in specs if one.plan is not None]
    names = _names(plans)

    def shown(message: Message) -> str:
        return escaped(discreet.text(message)) if message.module else escaped(view.text(message.id))

    stages = [_stage(one, name, view, discreet) for one, name in zip(specs, names, strict=True)]
    found = (_section(name, side_by_side(plans, facts, shown), shown) for name, facts in _TABLES)
    sections = [section for section in found if section.rows]
    words = {name: shown(_say(f"word.{name}")) for name in _WORDS}
    title = ", ".join(dict.fromkeys(plan.name for plan in plans))
    values: dict[str, Any] = {
        "language": reader.language,
        "title": shown(_say("title", name=title)),
        "intro": shown(
            _say("intro.several" if len(plans) > 1 else "intro.one", files=tuple(one.file for one in stages))
        ),
        "names": [escaped(view.text(name)) for name in names],
        "stages": stages,
        "sections": sections,
        "words": words,
        "number": len(stages),
    }
    return templating.render_from((_TEMPLATES,), "page.html.j2", **values)


_WORDS = (
    *("skip", "contents", "picture", "differs", "legend", "findings", "accepted", "nothing-found", "nothing-accepted"),
    *("what", "help", "reason", "absent", "scrolls"),
)


def _names(plans: Sequence[Plan]) -> list[str]:
    """Return what each stage is called: the stage, or more where two have the same."""
    stages = [plan.stage or plan.name for plan in plans]
    return stages if len(set(stages)) == len(stages) else [plan.spec_file for plan in plans]


def _section(name: str, rows: tuple[Row, ...], shown: Callable[[Message], str]) -> Section:
    return Section(name, shown(_say(f"section.{name}")), shown(_say(f"about.{name}")), rows)


def _stage(judged: Judged, name: str, view: View, reader: Reader) -> Stage:
    assert judged.plan is not None  # noqa: S101  the caller has looked
    svg = _BETWEEN.sub(lambda found: view.text(found[0]), diagram.render(judged.plan)[0].text)
    picture = f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode('ascii')}"
    return Stage(
        escaped(view.text(name)),
        escaped(judged.loaded.file),
        picture,
        escaped(reader.text(_say("alt", name=judged.plan.prefix))),
        tuple(_clean(one, view) for one in reported(judged, reader)),
        tuple(_clean(one, view) for one in accepted(judged, reader)),
    )


def _clean(note: Note, view: View) -> Note:
    return Note(*(escaped(view.text(getattr(note, name))) for name in Note.FIELDS))
