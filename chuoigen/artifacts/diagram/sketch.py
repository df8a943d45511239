"""A picture for languages that place things themselves, Mermaid and Graphviz: labelled boxes and arrows by ids."""

import re
from collections.abc import Iterable

from chuoigen.artifacts.diagram.picture import SIGNS, Band, Link, Node, Picture
from chuoigen.artifacts.diagram.shapes import Run
from chuoigen.artifacts.diagram.text_fit import clean
from chuoigen.record import Record

_WORDS = {"write": "writes", "read": "is read by", "logs": "logs"}


class Sketched(Record):
    """A box: an id of ASCII letters, digits and underscores, what it is, and what stands in it, line by line."""

    id: str
    kind: str
    lines: tuple[str, ...]
    mark: str


class Arrow(Record):
    """An arrow from one box to another, with a label or an empty one."""

    source: str
    target: str
    label: str
    mark: str


class Sketch(Record):
    """A picture: `task` holds the boxes `within`; `groups` are the security groups, `marks` those that occur."""

    spec_file: str
    title: str
    task: Sketched
    within: tuple[Sketched, ...]
    around: tuple[Sketched, ...]
    groups: tuple[Sketched, ...]
    arrows: tuple[Arrow, ...]
    legend: tuple[Sketched, ...]


def sketched(picture: Picture) -> Sketch:
    """Return the sketch of a picture that has a task."""
    ids = _ids([node.key for node in picture.nodes])
    boxes = [_box(ids[node.key], node) for node in picture.nodes]
    there = {link.source for link in picture.links} | {link.target for link in picture.links}
    assert there <= ids.keys()  # noqa: S101  every link has its nodes
    return Sketch(
        clean(picture.spec_file),
        clean(" · ".join(filter(None, (picture.title, *picture.facts)))),
        next(box for box in boxes if box.kind == "task"),
        tuple(box for box in boxes if box.kind in ("container", "volume")),
        tuple(box for box in boxes if box.kind not in ("task", "container", "volume")),
        tuple(_group(number, band) for number, band in enumerate(picture.bands)),
        tuple(Arrow(ids[link.source], ids[link.target], _label(link), link.mark) for link in picture.links),
        tuple(
            Sketched(f"legend_{mark}", "legend", (f"{sign} {mark}",), mark)
            for mark, sign in SIGNS.items()
            if mark in picture.marks
        ),
    )


def _ids(keys: Iterable[str]) -> dict[str, str]:
    """Give each key an id that both languages take without quotes; no two are the same."""
    found: dict[str, str] = {}
    for key in keys:
        name = number = re.sub(r"[^A-Za-z0-9]+", "_", key)
        count = 1
        while number in found.values():
            count += 1
            number = f"{name}_{count}"
        found[key] = number
    return found


def _box(id_: str, node: Node) -> Sketched:
    chips = f"groups {', '.join(node.chips)}" if node.chips else ""
    within = map(_text, (*node.facts, *(row.runs for row in node.rows)))
    lines = map(clean, (_signed(node.mark, node.title), node.badge, *within, chips))
    return Sketched(id_, node.kind, tuple(filter(None, lines)), node.mark)


def _group(number: int, band: Band) -> Sketched:
    lines = (_signed(band.mark, f"{band.letter}: {band.name}"), band.said, *map(_text, band.changes))
    return Sketched(f"group_{number}", "group", tuple(map(clean, lines)), band.mark)


def _label(link: Link) -> str:
    """Say what a link is: what it does to a volume or to logs, else the port that it leads to."""
    port = link.target_row.removeprefix("port:").removesuffix("/tcp") if link.target_row.startswith("port:") else ""
    return _signed(link.mark, _WORDS.get(link.kind, port))


def _signed(mark: str, text: str) -> str:
    return f"{SIGNS[mark]} {text}".strip() if mark else text


def _text(runs: tuple[Run, ...]) -> str:
    return "".join(run.text for run in runs)
