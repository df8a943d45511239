"""Turns a node into a box of a given width: its title, facts and rows, and the heights at which wires meet the rows."""

from collections.abc import Mapping

from chuoigen.artifacts.diagram.picture import SIGNS, Node, Row, announced
from chuoigen.artifacts.diagram.shapes import Box, Icon, Rect, Run, Stroke, Text
from chuoigen.artifacts.diagram.text_fit import clean, shorten, width
from chuoigen.record import Record

PAD = 14
TITLE = 14
FACT = 12
TITLE_LINE = 26
FACT_LINE = 18
ROW = 20
_CHIP = 18
_ICON = 26
# A volume's rows stand beside its title, and begin where its name may no longer stand.
_BESIDE = 172
_LOOKS = {"job": "task"}
"""Kinds that look like another: a job is a task of its own."""


class Placed(Record):
    """A box in its place, and the height of each row (of the middle, for the empty row)."""

    kind: str
    box: Box
    heights: Mapping[str, int]

    @property
    def frame(self) -> Rect:
        return self.box.frame


def height(node: Node) -> int:
    """Say how tall the node's box is."""
    rows = max(len(node.left), len(node.right)) * ROW
    head = _head(node)
    if node.kind == "volume":
        return max(head, rows + 12)
    return head + (rows + 12 if rows else 0)


def _head(node: Node) -> int:
    return TITLE_LINE + FACT_LINE * len(node.facts) + 12


def place(node: Node, x: int, y: int, wide: int) -> Placed:
    """Put the node's box with its top left corner at x, y."""
    frame = Rect(x, y, wide, height(node), 8, f"{_LOOKS.get(node.kind, node.kind)} {node.mark}".strip())
    beside = node.kind == "volume" and bool(node.right)
    room = (_BESIDE if beside else wide - PAD) - PAD
    badge, rects, taken = _corner(node, frame)
    title = line(_titled(node), x + PAD + _ICON, y + TITLE_LINE, TITLE, room - _ICON - taken)
    facts = [
        line(runs, x + PAD, y + TITLE_LINE + FACT_LINE * number, FACT, room)
        for number, runs in enumerate(node.facts, start=1)
    ]
    heights, texts = _rows(node, frame, beside=beside)
    rule = y + _head(node)
    strokes = (Stroke(f"M{x} {rule}H{frame.right}", "rule"),) if heights and not beside else ()
    box = Box(
        node.key,
        clean(announced(node.mark, node.name)),
        frame,
        (title, *badge, *facts, *texts),
        rects,
        strokes,
        (Icon(node.icon, x + PAD, y + 12),),
    )
    return Placed(node.kind, box, {"": frame.middle, **heights})


def _titled(node: Node) -> tuple[Run, ...]:
    title = Run(node.title, "bold", "gone" if node.mark == "removed" else "")
    return (*signed(node.mark), title)


def signed(mark: str) -> tuple[Run, ...]:
    """Return the sign that stands before something marked."""
    return (Run(f"{SIGNS[mark]} ", "bold", mark),) if mark else ()


def _corner(node: Node, frame: Rect) -> tuple[tuple[Text, ...], tuple[Rect, ...], int]:
    """Put the badge or the chips into the top right corner; return what they take of the title's room."""
    right, y = frame.right - PAD, frame.y + 12
    if node.badge:
        taken = width(node.badge, "plain", FACT)
        return (Text(right, frame.y + TITLE_LINE, (Run(node.badge),), FACT, "end", css="badge"),), (), taken + 8
    letters, rects = [], []
    for number, letter in enumerate(reversed(node.chips)):
        x = right - _CHIP - number * (_CHIP + 4)
        box, text = chip(letter, x, y)
        rects.append(box)
        letters.append(text)
    return tuple(reversed(letters)), tuple(reversed(rects)), len(rects) * (_CHIP + 4)


def chip(letter: str, x: int, y: int) -> tuple[Rect, Text]:
    """Return the small square with the letter of a security group."""
    text = Text(x + _CHIP // 2, y + 13, (Run(letter, "bold"),), 11, "middle", css="letter")
    return Rect(x, y, _CHIP, _CHIP, 4, "chip"), text


def _rows(node: Node, frame: Rect, *, beside: bool) -> tuple[dict[str, int], list[Text]]:
    """Place the rows of both sides: what both need is theirs, else the left side gets at least two fifths."""
    room = frame.width - (_BESIDE if beside else PAD) - PAD
    first = frame.y + _head(node) + 6 + ROW // 2
    if beside:
        first = frame.y + (frame.height - ROW * len(node.right)) // 2 + ROW // 2
    left, right = _needs(node.left), _needs(node.right)
    gap = 12 if left and right else 0
    if left + gap + right > room:
        left = min(left, max(room * 2 // 5, room - gap - right))
        right = room - gap - left
    heights, texts = {}, []
    for rows, x, anchor, wide in (
        (node.left, frame.x + PAD, "start", left),
        (node.right, frame.right - PAD, "end", right),
    ):
        for number, row in enumerate(rows):
            heights[row.id] = first + number * ROW
            texts.append(line(row.runs, x, heights[row.id] + 4, FACT, wide, anchor))
    return heights, texts


def _needs(rows: tuple[Row, ...]) -> int:
    return max((sum(width(run.text, run.face, _size(run, FACT)) for run in row.runs) for row in rows), default=0)


def _size(run: Run, size: int) -> int:
    """Return the font size of a run: letters of equal width look larger than they are."""
    return size - 1 if run.face == "mono" else size


def line(runs: tuple[Run, ...], x: int, y: int, size: int, room: int, anchor: str = "start") -> Text:
    """Fit runs into `room` pixels: the longest is shortened first, then the next."""
    cleaned = [run.replaced(text=_spaced(run.text)) for run in runs]
    fitted = list(cleaned)
    for index in sorted(range(len(runs)), key=lambda number: -len(cleaned[number].text)):
        others = sum(
            width(run.text, run.face, _size(run, size)) for number, run in enumerate(fitted) if number != index
        )
        run = fitted[index]
        text = shorten(run.text, run.face, _size(run, size), room - others)
        fitted[index] = run.replaced(text=text)
    whole = "".join(run.text for run in cleaned)
    cut = fitted != cleaned
    return Text(x, y, tuple(fitted), size, anchor, whole.strip() if cut else "")


def _spaced(text: str) -> str:
    """Clean a run and keep the one space that parts it from its neighbours; SVG shows no more than one."""
    before = " " if text[:1] == " " else ""
    after = " " if text.rstrip() and text[-1:] == " " else ""
    return f"{before}{clean(text)}{after}"
