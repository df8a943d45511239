"""Puts the drawing together: places, wires along lanes, the VPC, the security groups and the legend."""

from collections.abc import Iterator

from chuoigen.artifacts.diagram import scene
from chuoigen.artifacts.diagram.boxes import chip, line
from chuoigen.artifacts.diagram.layout import MARGIN, PANEL_TOP, PITCH, WIDTHS, Layout, laid_out, shared, task_count
from chuoigen.artifacts.diagram.scene import Band, Link
from chuoigen.artifacts.diagram.shapes import Box, Drawing, Rect, Run, Stroke, Text, Wire
from chuoigen.artifacts.diagram.text_fit import clean, width
from chuoigen.artifacts.diagram.wire_lanes import Bundle, End, arranged, arrowhead, wires
from chuoigen.plan.model import Plan
from chuoigen.resources import unique

_BAND = 54
_INSET = 20
_LEGEND = {
    "traffic": "connects to",
    "write": "writes to a volume",
    "read": "reads from a volume",
    "logs": "sends its output",
}


def composed(plan: Plan) -> Drawing:
    """Return the whole drawing."""
    layout = laid_out(plan)
    drawn = tuple(wire for name in layout.zones for wire in _zone(layout, name))
    panel = _panel_frame(plan, layout)
    bands = tuple(_bands(plan, layout, panel))
    if bands:
        panel = Rect(panel.x, panel.y, panel.width, bands[-1].frame.bottom + 16 - panel.y)
    right = max(layout.right(), panel.right)
    bottom = max(panel.bottom, layout.bottom("source", "service", "backend"))
    legend = tuple(_legend(drawn, bottom + 22, right))
    heading = f"{plan.prefix} on AWS Fargate"
    return Drawing(
        title=heading,
        description=_description(plan),
        width=right + MARGIN,
        height=max([bottom, *(box.frame.bottom for box in legend)]) + MARGIN - 8,
        panel=_outline(panel, layout) if plan.vpc else "",
        boxes=tuple(placed.box for _, placed in sorted(layout.nodes.items(), key=lambda each: each[0] != "task")),
        wires=drawn,
        texts=(*_headings(plan, panel, heading, right), *layout.captions),
        bands=bands,
        legend=legend,
    )


def _description(plan: Plan) -> str:
    """Say in words what can be seen, for those who cannot see it."""
    parts = [f"One task with the containers {', '.join(plan.containers)}"]
    if plan.volumes:
        parts.append(f"the volumes {', '.join(plan.volumes)}")
    if plan.backends:
        parts.append(f"the backends {', '.join(plan.backends)}")
    if plan.load_balancer is not None:
        behind = " and ".join(unique(group.container for group in plan.target_groups))
        parts.append(f"the load balancer {plan.load_balancer.name} in front of {behind}")
    return clean("; ".join(parts) + ".")


def _headings(plan: Plan, panel: Rect, heading: str, right: int) -> tuple[Text, ...]:
    facts = [f"account {plan.account}", plan.region, task_count(plan), f"from {plan.spec_file}"]
    said = (Run(" · ".join(fact for fact in facts if fact)),)
    room = right - MARGIN
    texts = [line((Run(heading, "bold"),), MARGIN, 44, 22, room), line(said, MARGIN, 68, 13, room)]
    if plan.vpc is not None:
        runs = (Run("VPC ", "bold"), Run(plan.vpc, "mono"))
        texts.append(line(runs, panel.x + _INSET, PANEL_TOP + 26, 12, panel.width - 2 * _INSET))
    return tuple(texts)


def _zone(layout: Layout, name: str) -> Iterator[Wire]:
    """Draw the wires of one gutter: a lane for each bundle."""
    groups: dict[tuple[str, str, str], list[Link]] = {}
    for link in layout.zones[name]:
        if _end(layout, link.source, link.source_row, name) and _end(layout, link.target, link.target_row, name):
            groups.setdefault(shared(link), []).append(link)
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


def _panel_frame(plan: Plan, layout: Layout) -> Rect:
    """Return the rectangle of the VPC, as far as the columns go: backends lie in it, services do not."""
    pad = _INSET if plan.vpc else 0
    x = layout.columns.balancer - pad
    task = layout.nodes["task"].frame
    right = layout.columns.neighbours - 20
    if not any(box.frame.css in ("backend", "service") for box in (placed.box for placed in layout.nodes.values())):
        right = task.right + 10 + pad
    if any(True for _ in scene.admitting(plan)):
        right = layout.columns.neighbours + WIDTHS["backend"] + pad
    bottom = max(task.bottom + 8, layout.bottom("balancer", "backend")) + _INSET
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


def _bands(plan: Plan, layout: Layout, panel: Rect) -> Iterator[Box]:
    """Draw each security group as a line below the columns, with a label under each of its members."""
    y = panel.bottom
    for band in scene.bands(plan):
        yield _band(band, layout, Rect(panel.x + _INSET, y, panel.width - 2 * _INSET, _BAND, 8, "band"))
        y += _BAND + 8


def _band(band: Band, layout: Layout, frame: Rect) -> Box:
    square, letter = chip(band.letter, frame.x + 10, frame.y + 7)
    runs = (Run(f"{band.name} ", "bold"), Run(band.admits, css="muted"))
    name = line(runs, frame.x + 38, frame.y + 20, 12, frame.width - 52)
    at: dict[int, list[str]] = {}
    for key in band.members:
        if key in layout.nodes:
            member = layout.nodes[key].frame
            label = {"task": "task", "balancer": "load balancer"}.get(key, key.partition(":")[2])
            at.setdefault(member.x + member.width // 2, []).append(label)
    middle = frame.y + 39
    pills, labels = [], []
    for x, members in sorted(at.items()):
        text = line((Run(", ".join(members)),), x, middle + 4, 11, 190, "middle")
        wide = width(text.runs[0].text, "plain", 11) + 18
        pills.append(Rect(x - wide // 2, middle - 9, wide, 18, 9, "pill"))
        labels.append(text)
    strokes = (Stroke(f"M{min(at)} {middle}H{max(at)}", "band-line"),) if len(at) > 1 else ()
    title = clean(f"Security group {band.name}: {band.admits}")
    return Box(f"group:{band.letter}", title, frame, (letter, name, *labels), (square, *pills), strokes)


def _legend(drawn: tuple[Wire, ...], y: int, right: int) -> Iterator[Box]:
    """Explain the lines that occur, in as many rows as the width needs."""
    x = MARGIN
    kinds = {wire.kind for wire in drawn}
    for kind in (kind for kind in _LEGEND if kind in kinds):
        wide = 40 + width(_LEGEND[kind], "plain", 12) + 16
        if x > MARGIN and x + wide > right:
            x, y = MARGIN, y + 22
        text = Text(x + 40, y + 14, (Run(_LEGEND[kind]),), 12, css="muted")
        sample = Stroke(f"M{x} {y + 10}H{x + 26}", f"wire {kind}")
        head = Stroke(arrowhead(End(x + 30, y + 10), 1, kind), f"head {kind}")
        yield Box(f"legend:{kind}", _LEGEND[kind], Rect(x, y, wide, 20, 0, "legend"), (text,), (), (sample, head))
        x += wide + 10
