"""Gives every node of the diagram its place: sources, load balancer, task, neighbours from left to right."""

from collections.abc import Iterable

from chuoigen.artifacts.diagram.boxes import ROW, Placed, height, place
from chuoigen.artifacts.diagram.picture import Link, Node, Picture
from chuoigen.artifacts.diagram.shapes import Rect, Run, Stroke, Text
from chuoigen.record import Record

MARGIN = 28
# Below the heading of the page; below the caption of the VPC.
PANEL_TOP = 92
TASK_TOP = PANEL_TOP + 42
WIDTHS = {"source": 176, "balancer": 226, "container": 404, "volume": 404, "backend": 226, "service": 226}
PITCH = 12
_GAP = 18
_VOLUME_GAP = 12
_CAPTION = 30
_CLOSE = 6
_OURS = ("container:", "job:")
"""Where links begin that go to the right."""


class Columns(Record):
    """Left edges of the columns, and where the lanes between them begin: front, into, talk, store, out."""

    balancer: int
    task: int
    card: int
    neighbours: int
    lanes: dict[str, int]


class Layout:
    """Where everything is. `zones` are the links by the gutter that their lanes run in."""

    def __init__(self, columns: Columns, zones: dict[str, list[Link]]) -> None:
        """Begin with nothing placed; `notch` is the bottom of what stands at the right outside the VPC, 0 for none."""
        self.columns = columns
        self.zones = zones
        self.nodes: dict[str, Placed] = {}
        self.captions: list[Text] = []
        self.notch = 0

    def bottom(self, *kinds: str) -> int:
        return max((box.frame.bottom for box in self.nodes.values() if box.kind in kinds), default=0)

    def right(self) -> int:
        return max(box.frame.right for box in self.nodes.values())


def zones(picture: Picture) -> dict[str, list[Link]]:
    """Sort the links by the gutter that their lanes run in."""
    found: dict[str, list[Link]] = {"front": [], "into": [], "talk": [], "store": [], "out": []}
    for link in picture.links:
        found[zone(link)].append(link)
    return found


def zone(link: Link) -> str:
    if link.kind in ("write", "read"):
        return "store"
    if not link.source.startswith(_OURS):
        return "front" if link.target == "balancer" else "into"
    return "talk" if link.target.startswith("container:") else "out"


def shared(link: Link) -> tuple[str, str, str]:
    """Say which end of a link is one for its whole bundle: kind, node, row."""
    at_source = link.kind == "read" or not link.source.startswith(_OURS)
    ends = (link.source, link.source_row) if at_source else (link.target, link.target_row)
    return (link.kind, *ends)


def bundled(link: Link) -> tuple[str, ...]:
    """Say which links share a lane: those of one kind with a common end, that both were there or are there."""
    return (*shared(link), link.mark)


def columns(picture: Picture, found: dict[str, list[Link]]) -> Columns:
    """Place the columns from left to right, with room for the lanes between them."""
    lanes = {name: len({bundled(link) for link in links}) * PITCH for name, links in found.items()}
    x = MARGIN
    x += WIDTHS["source"] + 24 if found["front"] or _direct(found) else 0
    front = x
    x += lanes["front"] + (24 if x > MARGIN else 0) + (20 if picture.vpc else 0)
    balancer = x
    into = x + (WIDTHS["balancer"] + 24 if picture.node("balancer") else 0)
    task = into + (lanes["into"] + 24 if lanes["into"] else 0)
    talk = task + 22
    card = talk + lanes["talk"] + 14
    store = card + WIDTHS["container"] + 20
    out = store + lanes["store"] + 44
    return Columns(
        balancer,
        task,
        card,
        out + lanes["out"] + 26,
        {"front": front, "into": into, "talk": talk, "store": store, "out": out},
    )


def _direct(found: dict[str, list[Link]]) -> bool:
    return any(link.source != "balancer" for link in found["into"])


def laid_out(picture: Picture) -> Layout:
    """Place everything that stands in columns."""
    found = zones(picture)
    layout = Layout(columns(picture, found), found)
    for head in picture.of_kind("task"):
        _place_task(picture, head, layout)
        _place_jobs(picture, layout)
    _place_balancer(picture, layout)
    _place_sources(picture, layout)
    _place_neighbours(picture, layout)
    return layout


def _place_task(picture: Picture, head: Node, layout: Layout) -> None:
    """Stack the containers and, below them, the volumes, and put the task's frame around."""
    at = layout.columns
    volumes = picture.of_kind("volume")
    y = TASK_TOP + height(head) + 8
    for node in picture.of_kind("container"):
        y = _stack(layout, node, at.card, y) + _GAP
    if volumes:
        layout.captions.append(Text(at.card, y + 14, (Run("Volumes", "bold"),), 12, css="caption"))
        y += _CAPTION
    for node in volumes:
        y = _stack(layout, node, at.card, y) + _VOLUME_GAP
    wide = at.lanes["out"] - 22 - at.task
    placed = place(head, at.task, TASK_TOP, wide)
    frame = placed.frame.replaced(height=y + 8 - TASK_TOP, radius=14)
    box = placed.box.replaced(frame=frame, strokes=_copies(picture, frame))
    layout.nodes["task"] = placed.replaced(box=box, heights={"": frame.middle})


def _place_jobs(picture: Picture, layout: Layout) -> None:
    """Stack the jobs below the task, as wide as it is."""
    jobs = picture.of_kind("job")
    task = layout.nodes["task"].frame
    y = task.bottom + _GAP
    if jobs:
        layout.captions.append(Text(task.x, y + 14, (Run("Jobs", "bold"),), 12, css="caption"))
        y += _CAPTION
    for node in jobs:
        layout.nodes[node.key] = place(node, task.x, y, task.width)
        y = layout.nodes[node.key].frame.bottom + _VOLUME_GAP


def _copies(picture: Picture, frame: Rect) -> tuple[Stroke, ...]:
    """Show the edges of two more tasks behind this one when the service runs several."""
    if not picture.several:
        return ()
    edges = (
        f"M{frame.right + n} {frame.y + 14 + n}V{frame.bottom - 14 + n}Q{frame.right + n} {frame.bottom + n} "
        f"{frame.right - 14 + n} {frame.bottom + n}H{frame.x + 14 + n}"
        for n in (4, 8)
    )
    return tuple(Stroke(edge, "copy") for edge in edges)


def _stack(layout: Layout, node: Node, x: int, y: int) -> int:
    layout.nodes[node.key] = place(node, x, y, WIDTHS[node.kind])
    return layout.nodes[node.key].frame.bottom


def _place_balancer(picture: Picture, layout: Layout) -> None:
    """Put the load balancer where the way to its target is straight, if that is not above the task."""
    for node in picture.of_kind("balancer"):
        targets = [layout.nodes.get(link.target) for link in picture.links if link.source == node.key]
        rows = [link.target_row for link in picture.links if link.source == node.key]
        row = next((at.heights.get(row, TASK_TOP) for at, row in zip(targets, rows, strict=True) if at), TASK_TOP)
        probe = place(node, 0, 0, WIDTHS["balancer"])
        _stack(layout, node, layout.columns.balancer, max(TASK_TOP, row - probe.heights["target"]))


def _place_sources(picture: Picture, layout: Layout) -> None:
    """Put each source at the height of where it goes; those that pass the load balancer stand below it."""
    floor = PANEL_TOP
    direct = max(layout.bottom("balancer") + 24, TASK_TOP) if picture.node("balancer") else TASK_TOP
    for node in sorted(picture.of_kind("source"), key=lambda node: node.key.endswith(":task")):
        wanted = _heights(layout, (link for link in _incoming(layout) if link.source == node.key))
        floor = max(floor, direct) if node.key.endswith(":task") else floor
        y = max(floor, sum(wanted) // max(1, len(wanted)) - height(node) // 2)
        floor = _stack(layout, node, MARGIN, y) + _GAP


def _incoming(layout: Layout) -> Iterable[Link]:
    return (*layout.zones["front"], *layout.zones["into"])


def _heights(layout: Layout, links: Iterable[Link]) -> list[int]:
    """Return the heights of the placed ends of links."""
    ends = [end for link in links for end in ((link.source, link.source_row), (link.target, link.target_row))]
    return [
        layout.nodes[node].heights[row]
        for node, row in ends
        if node in layout.nodes and row in layout.nodes[node].heights
    ]


def _place_neighbours(picture: Picture, layout: Layout) -> None:
    """Stack what is outside the VPC at the top right, and the backends below."""
    x = layout.columns.neighbours
    neighbours = picture.of_kind("service", "backend")
    outside = [node for node in neighbours if not node.inside]
    y = TASK_TOP
    for node in outside:
        y = _stack(layout, node, x, y) + _GAP
    if outside:
        layout.captions.append(
            Text(x, PANEL_TOP + 26, (Run("Outside the VPC" if picture.vpc else "AWS", "bold"),), 12, css="caption")
        )
        layout.notch = y
        y += _GAP
    wanted = [(min(_out(layout, node.key), default=0), node) for node in neighbours if node.inside]
    for at, node in sorted(wanted, key=lambda each: each[0]):
        y = _stack(layout, node, x, max(y, at - height(node) // 2)) + _GAP
    for node in (*outside, *(node for _, node in wanted)):
        layout.nodes[node.key] = _with_entry(layout, layout.nodes[node.key])


def _out(layout: Layout, key: str) -> list[int]:
    return _heights(layout, (link.replaced(target="") for link in layout.zones["out"] if link.target == key))


def _with_entry(layout: Layout, placed: Placed) -> Placed:
    """Choose the height at which wires reach a neighbour: straight if it can be, and never on another's wire."""
    frame, key = placed.frame, placed.box.key
    own = _out(layout, key)
    others = _heights(layout, (link.replaced(target="") for link in layout.zones["out"] if link.target != key))
    straight = [y for y in own if frame.y + ROW // 2 < y < frame.bottom - ROW // 2]
    near = sorted(range(frame.y + 10, frame.bottom - 9), key=lambda y: abs(y - frame.middle))
    free = (y for y in (*straight, *near) if all(abs(y - other) >= _CLOSE for other in others))
    return placed.replaced(heights={"": next(free, frame.middle)})
