"""Two pictures laid over each other: what only one of them has, or has otherwise, is marked.

A sign stands before whatever is marked, so that nobody needs to see colours.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import TypeVar

from chuoigen.artifacts.diagram.boxes import signed
from chuoigen.artifacts.diagram.picture import SIGNS, Band, Node, Picture, Row
from chuoigen.artifacts.diagram.shapes import Run

Line = tuple[Run, ...]
_Kind = TypeVar("_Kind")
NOTHING = Picture("", "", (), "", "", several=False, nodes=(), links=(), bands=())
"""The picture of a spec that is not there."""


def difference(before: Picture, after: Picture) -> Picture:
    """Return the picture of both: what is there now first, kind by kind, then what is gone."""
    old, new = ({node.key: node for node in one.nodes} for one in (before, after))
    nodes = (
        *(_node(old[key], node) if key in old else node.replaced(mark="added") for key, node in new.items()),
        *(node.replaced(mark="removed") for key, node in old.items() if key not in new),
    )
    links = (
        *(link if link in before.links else link.replaced(mark="added") for link in after.links),
        *(link.replaced(mark="removed") for link in before.links if link not in after.links),
    )
    bands = tuple(_bands(before.bands, after.bands))
    facts = [_both(*pair) for pair in zip_longest(before.facts, after.facts, fillvalue="")]
    made = Picture(
        after.spec_file or before.spec_file,
        _both(before.title, after.title),
        tuple(facts),
        _described((*nodes, *bands)),
        _both(before.vpc, after.vpc),
        before.several or after.several,
        nodes,
        links,
        bands,
    ).lettered()
    counts = [f"{made.marks.count(mark)} {mark}" for mark in SIGNS if mark in made.marks]
    return made.replaced(facts=(*facts, ", ".join(counts) or "no difference"))


def _both(before: str, after: str) -> str:
    return before or after if before == after or not (before and after) else f"{before} → {after}"


def _described(found: Iterable[Node | Band]) -> str:
    """Name, mark by mark, what differs."""
    by_mark = {mark: [one.name for one in found if one.mark == mark] for mark in SIGNS}
    said = [f"{mark}: {', '.join(names)}" for mark, names in by_mark.items() if names]
    return f"Difference of two services. {'; '.join(said) or 'All boxes are the same'}."


def _node(before: Node, after: Node) -> Node:
    """Return a node that is on both sides, with the lines of both; what differs is marked."""
    heads = [
        line
        for old, new in ((before.title, after.title), (before.badge, after.badge))
        if old != new
        for line in _signed((("removed", old), ("added", new)))
    ]
    facts = [line if not mark else _line(mark, line) for mark, line in _merged(before.facts, after.facts)]
    left, right = _rows(before.left, after.left), _rows(before.right, after.right)
    made = after.replaced(facts=(*heads, *facts), left=left, right=right)
    same = made.facts == after.facts and all(mark == "" for mark, _ in _merged(before.rows, after.rows))
    return made if same else made.replaced(mark="changed")


def _rows(before: tuple[Row, ...], after: tuple[Row, ...]) -> tuple[Row, ...]:
    """Return the rows of both sides; one that says something else is there twice, and wires end at what it says now."""
    there = {row.id for row in after}
    return tuple(
        row
        if not mark
        else Row(f"{row.id} before" if mark == "removed" and row.id in there else row.id, _line(mark, row.runs))
        for mark, row in _merged(before, after)
    )


def _merged(before: Sequence[_Kind], after: Sequence[_Kind]) -> Iterator[tuple[str, _Kind]]:
    """Give the items of both in the order of now, each gone one where it was; another order is no difference."""
    found = [("" if item in before else "added", item) for item in after]
    place = 0
    for item in before:
        if item in after:
            place = found.index(("", item)) + 1
        else:
            found.insert(place, ("removed", item))
            place += 1
    yield from found


def _signed(texts: Iterable[tuple[str, str]]) -> Iterator[Line]:
    """Give a marked line for each text that is one."""
    yield from (_line(mark, (Run(text),)) for mark, text in texts if text)


def _line(mark: str, runs: Line) -> Line:
    """Put the sign of its mark before a line, and strike it through when it is gone."""
    if mark == "removed":
        runs = tuple(run.replaced(css=f"{run.css} gone".strip()) for run in runs)
    return (*signed(mark), *runs) if runs else runs


def _bands(before: Sequence[Band], after: Sequence[Band]) -> Iterator[Band]:
    """Give the security groups of both; one on both sides says, a line each, whom it admits more and whom no more."""
    old, there = {band.key: band for band in before}, {band.key for band in after}
    for band in after:
        past = old.get(band.key)
        if past is None:
            yield band.replaced(mark="added")
            continue
        changes = [
            *_signed((("removed", past.name), ("added", band.name)) if past.name != band.name else ()),
            *_signed((mark, f"admits {who}") for mark, who in _merged(past.admits, band.admits) if mark),
            *_signed((mark, f"member {who}") for mark, who in _merged(past.members, band.members) if mark),
        ]
        yield band.replaced(mark="changed", changes=tuple(changes)) if changes else band
    yield from (band.replaced(mark="removed") for band in before if band.key not in there)
