"""Puts the drawing together: places, wires along lanes, the VPC, the security groups and the legend."""

from collections.abc import Iterator

from chuoigen.artifacts.diagram.boxes import FACT, FACT_LINE, chip, line, signed
from chuoigen.artifacts.diagram.layout import MARGIN, PANEL_TOP, PITCH, WIDTHS, Layout, bundled, laid_out, shared
from chuoigen.artifacts.diagram.picture import SIGNS, Band, Link, Picture, announced
from chuoigen.artifacts.diagram.shapes import Box, Drawing, Rect, Run, Stroke, Text, Wire
from chuoigen.artifacts.diagram.text_fit import clean, width
from chuoigen.artifacts.diagram.wire_lanes import Bundle, End, arranged, arrowhead, wires

_BAND = 54
_INSET = 20
_LEGEND = {
    "traffic": "connects to",
    "write": "writes to a volume",
    "read": "reads from a volume",
    "logs": "sends its output",
}


def composed(picture: Picture) -> Drawing:
    """Return the whole drawing."""
    layout = laid_out(picture)
    drawn = tuple(wire for name in layout.zones for wire in _zone(layout, name))
    panel = _panel_frame(picture, layout)
    bands = tuple(_bands(picture, layout, panel))
    if bands:
        panel = Rect(panel.x, panel.y, panel.width, bands[-1].frame.bottom + 16 - panel.y)
    right = max(layout.right(), panel.right)
    bottom = max(panel.bottom, layout.bottom("source", "service", "backend"))
    legend = tuple(_legend({wire.kind for wire in drawn}, set(picture.marks), bottom + 22, right))
    return Drawing(
        title=picture.title,
        description=picture.described,
        width=right + MARGIN,
        height=max([bottom, *(box.frame.bottom for box in legend)]) + MARGIN - 8,
        panel=_outline(panel, layout) if picture.vpc else "",
        boxes=tuple(placed.box for _, placed in sorted(layout.nodes.items(), key=lambda each: each[0] != "task")),
        wires=drawn,
        texts=(*_headings(picture, panel, right), *layout.captions),
        bands=bands,
        legend=legend,
        marked=bool(picture.marks),
    )


def _headings(picture: Picture, panel: Rect, right: int) -> tuple[Text, ...]:
    room = right - MARGIN
    texts = [
        line((Run(picture.title, "bold"),), MARGIN, 44, 22, room),
        line((Run(" · ".join(filter(None, picture.facts))),), MARGIN, 68, 13, room),
    ]
    if picture.vpc:
        runs = (Run("VPC ", "bold"), Run(picture.vpc, "mono"))
        texts.append(line(runs, panel.x + _INSET, PANEL_TOP + 26, 12, panel.width - 2 * _INSET))
    return tuple(texts)


def _zone(layout: Layout, name: str) -> Iterator[Wire]:
    """Draw the wires of one gutter: a lane for each bundle."""
    groups: dict[tuple[str, ...], list[Link]] = {}
    for link in layout.zones[name]:
        if _end(layout, link.source, link.source_row, name) and _end(layout, link.target, link.target_row, name):
            groups.setdefault(bundled(link), []).append(link)
    bundles = [_bundle(layout, name, links) for links in groups.values()]
    first = layout.columns.lanes[name]
    for number, bundle in enumerate(arranged(bundles, first)):
        yield from wires(bundle, first + number * PITCH + PITCH // 2)


def _bundle(layout: Layout, name: str, links: list[Link]) -> Bundle:
    kind, node, row = shared(links[0])
    fans_out = node == links[0].source
    others = [(link.target, link.target_row) if fans_out else (link.source, link.source_row) for link in links]
    ends = tuple(end for other in others if (end := _end(layout, *other, name)) is not None)
    return Bundle(kind, _end(layout, node, row, name) or ends[0], ends, tuple(links), fans_out)


def _end(layout: Layout, node: str, row: str, zone: str) -> End | None:
    """Return where a wire of a gutter touches a node: the gutter lies at its right, or at its left."""
    placed = layout.nodes.get(node)
    if placed is None or row not in placed.heights:
        return None
    at_left = placed.frame.x >= layout.columns.lanes[zone]
    return End(placed.frame.x if at_left else placed.frame.right, placed.heights[row])


def _panel_frame(picture: Picture, layout: Layout) -> Rect:
    """Return the rectangle of the VPC, as far as the columns go: backends lie in it, services do not."""
    pad = _INSET if picture.vpc else 0
    x = layout.columns.balancer - pad
    task = layout.nodes["task"].frame
    right = layout.columns.neighbours - 20
    if not picture.of_kind("backend", "service"):
        right = task.right + 10 + pad
    if any(node.inside for node in picture.nodes):
        right = layout.columns.neighbours + WIDTHS["backend"] + pad
    bottom = max(task.bottom + 8, layout.bottom("balancer", "backend", "job")) + _INSET
    return Rect(x, PANEL_TOP, right - x, bottom - PANEL_TOP)


def _outline(panel: Rect, layout: Layout) -> str:
    """Draw the VPC, with a notch at the top right for what stands there and is not in it."""
    x, y, right, bottom, r = panel.x, panel.y, panel.right, panel.bottom, 14
    cut, below = layout.columns.neighbours - 20, layout.notch
    corner = f"H{right - r}Q{right} {y} {right} {y + r}"
    if below and right > cut:
        corner = (
            f"H{cut - r}Q{cut} {y} {cut} {y + r}V{below - r}Q{cut} {below} {cut + r} {below}"
            f"H{right - r}Q{right} {below} {right} {below + r}"
        )
    return (
        f"M{x + r} {y}{corner}V{bottom - r}Q{right} {bottom} {right - r} {bottom}"
        f"H{x + r}Q{x} {bottom} {x} {bottom - r}V{y + r}Q{x} {y} {x + r} {y}Z"
    )


def _bands(picture: Picture, layout: Layout, panel: Rect) -> Iterator[Box]:
    """Draw each security group as a line below the columns, with a label under each of its members."""
    y = panel.bottom
    for band in picture.bands:
        tall = _BAND + FACT_LINE * len(band.changes)
        css = f"band {band.mark}".strip()
        yield _band(band, layout, Rect(panel.x + _INSET, y, panel.width - 2 * _INSET, tall, 8, css))
        y += tall + 8


def _band(band: Band, layout: Layout, frame: Rect) -> Box:
    square, letter = chip(band.letter, frame.x + 10, frame.y + 7)
    gone = "gone" if band.mark == "removed" else ""
    runs = (*signed(band.mark), Run(f"{band.name} ", "bold", gone), Run(band.said, css=f"muted {gone}".strip()))
    lines = [
        line(each, frame.x + 38, frame.y + 20 + FACT_LINE * number, FACT, frame.width - 52)
        for number, each in enumerate((runs, *band.changes))
    ]
    at: dict[int, list[str]] = {}
    for key in band.members:
        if key in layout.nodes:
            member = layout.nodes[key].frame
            label = {"task": "task", "balancer": "load balancer"}.get(key, key.partition(":")[2])
            at.setdefault(member.x + member.width // 2, []).append(label)
    middle = frame.bottom - 15
    pills, labels = [], []
    for x, members in sorted(at.items()):
        text = line((Run(", ".join(members)),), x, middle + 4, 11, 190, "middle")
        wide = width(text.runs[0].text, "plain", 11) + 18
        pills.append(Rect(x - wide // 2, middle - 9, wide, 18, 9, "pill"))
        labels.append(text)
    strokes = (Stroke(f"M{min(at)} {middle}H{max(at)}", "band-line"),) if len(at) > 1 else ()
    title = clean(announced(band.mark, band.described))
    return Box(f"group:{band.letter}", title, frame, (letter, *lines, *labels), (square, *pills), strokes)


def _legend(kinds: set[str], marks: set[str], y: int, right: int) -> Iterator[Box]:
    """Explain the lines and the marks that occur, in as many rows as the width needs."""
    x = MARGIN
    said = {**_LEGEND, **{mark: f"{sign} {mark}" for mark, sign in SIGNS.items()}}
    for key in (key for key in said if key in kinds or key in marks):
        wide = 40 + width(said[key], "plain", 12) + 16
        if x > MARGIN and x + wide > right:
            x, y = MARGIN, y + 22
        text = Text(x + 40, y + 14, (Run(said[key]),), 12, css="muted")
        line = Stroke(f"M{x} {y + 10}H{x + 26}", f"wire {key}")
        head = Stroke(arrowhead(End(x + 30, y + 10), 1, key), f"head {key}")
        strokes, frames = ((line, head), ()) if key in kinds else ((), (Rect(x, y + 3, 30, 14, 4, f"sample {key}"),))
        yield Box(f"legend:{key}", said[key], Rect(x, y, wide, 20, 0, "legend"), (text,), frames, strokes)
        x += wide + 10
