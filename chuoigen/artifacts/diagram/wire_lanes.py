"""Turns bundles of wires that share an end into lanes beside each other, in the order in which the fewest cross."""

from collections.abc import Sequence

from chuoigen.artifacts.diagram.picture import Link
from chuoigen.artifacts.diagram.shapes import Wire
from chuoigen.record import Record

CORNER = 8
# Wires in one row would be read as one: that costs more than any crossing.
_COINCIDENCE = 100
_CLOSE = 5
# A line ends inside its arrowhead, so that the tip stays sharp.
_NECK = 4


class End(Record):
    """Where a wire touches a box."""

    x: int
    y: int


class Bundle(Record):
    """Wires of one kind that meet in one end. `ends` are the others, in the order of `links`."""

    kind: str
    shared: End
    ends: tuple[End, ...]
    links: tuple[Link, ...]
    fans_out: bool
    """Whether the wires begin in the shared end, else they finish there."""

    def heights(self, *, left: bool, x: int) -> list[int]:
        """Return the heights at which wires come to a lane at `x` from its left, or from its right."""
        return [end.y for end in (self.shared, *self.ends) if (end.x < x) == left]

    @property
    def span(self) -> tuple[int, int]:
        heights = [end.y for end in (self.shared, *self.ends)]
        return min(heights), max(heights)


def arranged(bundles: Sequence[Bundle], x: int) -> list[Bundle]:
    """Order the bundles from left to right around `x`: neighbours change places as long as that saves crossings."""
    order = list(range(len(bundles)))
    cost = {
        (first, second): crossings(bundles[first], bundles[second], x)
        for first in order
        for second in order
        if first != second
    }
    for _ in bundles:
        for place in range(len(order) - 1):
            first, second = order[place : place + 2]
            if cost[second, first] < cost[first, second]:
                order[place : place + 2] = [second, first]
    return [bundles[number] for number in order]


def crossings(first: Bundle, second: Bundle, x: int) -> int:
    """Count how often two bundles cross when the lane of the first is left of the lane of the second."""
    (low, high), (other_low, other_high) = first.span, second.span
    out, into = first.heights(left=False, x=x), second.heights(left=True, x=x)
    crossed = sum(other_low < y < other_high for y in out) + sum(low < y < high for y in into)
    return crossed + _COINCIDENCE * sum(abs(y - other) < _CLOSE for y in out for other in into)


def wires(bundle: Bundle, lane: int) -> list[Wire]:
    """Draw the wires of a bundle along a lane: the farthest in each direction whole, the others as branches of it."""
    order = sorted(zip(bundle.ends, bundle.links, strict=True), key=lambda each: -abs(each[0].y - bundle.shared.y))
    found, drawn = [], set()
    for end, link in order:
        direction = (end.y > bundle.shared.y) - (end.y < bundle.shared.y)
        branch = direction != 0 and direction in drawn
        drawn.add(direction)
        path = _branch(end, lane, bundle) if branch else _whole(end, lane, bundle)
        tip, come = (end, lane) if bundle.fans_out else (bundle.shared, lane)
        head = "" if branch and not bundle.fans_out else arrowhead(tip, 1 if come < tip.x else -1, bundle.kind)
        found.append(Wire(link.source, link.target, bundle.kind, path, head, link.mark))
    return found


def _whole(end: End, lane: int, bundle: Bundle) -> str:
    first, last = (bundle.shared, end) if bundle.fans_out else (end, bundle.shared)
    if first.y == last.y:
        return f"M{first.x} {first.y}H{last.x - (_NECK if last.x > first.x else -_NECK)}"
    down = 1 if last.y > first.y else -1
    radius = min(CORNER, abs(last.y - first.y) // 2, abs(lane - first.x), abs(last.x - lane))
    enter, leave = (1 if lane > first.x else -1), (1 if last.x > lane else -1)
    return (
        f"M{first.x} {first.y}H{lane - enter * radius}Q{lane} {first.y} {lane} {first.y + down * radius}"
        f"V{last.y - down * radius}Q{lane} {last.y} {lane + leave * radius} {last.y}H{last.x - leave * _NECK}"
    )


def _branch(end: End, lane: int, bundle: Bundle) -> str:
    """Draw from the lane to the end, or from the end to the lane, with the corner towards the shared end."""
    up = -1 if bundle.shared.y < end.y else 1
    side = 1 if end.x > lane else -1
    radius = min(CORNER, abs(bundle.shared.y - end.y), abs(end.x - lane))
    if bundle.fans_out:
        return f"M{lane} {end.y + up * radius}Q{lane} {end.y} {lane + side * radius} {end.y}H{end.x - side * _NECK}"
    return f"M{end.x} {end.y}H{lane + side * radius}Q{lane} {end.y} {lane} {end.y + up * radius}"


def arrowhead(tip: End, forward: int, kind: str) -> str:
    """Return the head of an arrow that points right (1) or left (-1): open for reading, else filled."""
    back = tip.x - 8 * forward
    closed = "" if kind == "read" else "Z"
    return f"M{back} {tip.y - 4}L{tip.x} {tip.y}L{back} {tip.y + 4}{closed}"
