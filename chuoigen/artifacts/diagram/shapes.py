"""What the drawing consists of: boxes with lines of text, and the wires between their rows; coordinates in pixels."""

from chuoigen.record import Record


class Run(Record):
    """A piece of a line in one face: plain, bold or mono; `css` names its look."""

    text: str
    face: str = "plain"
    css: str = ""


class Text(Record):
    """A line at its baseline; `anchor` is start, middle or end; `full` is what was shortened away, else empty."""

    x: int
    y: int
    runs: tuple[Run, ...]
    size: int
    anchor: str = "start"
    full: str = ""
    css: str = ""


class Rect(Record):
    """A rectangle with rounded corners."""

    x: int
    y: int
    width: int
    height: int
    radius: int = 0
    css: str = ""

    @property
    def right(self) -> int:
        return self.x + self.width

    @property
    def bottom(self) -> int:
        return self.y + self.height

    @property
    def middle(self) -> int:
        return self.y + self.height // 2


class Stroke(Record):
    """A line, dash or outline that is no wire: the data of an SVG path."""

    path: str
    css: str


class Icon(Record):
    """A symbol of the template, 18 pixels square, at its top left corner."""

    name: str
    x: int
    y: int


class Box(Record):
    """Something with a frame: `key` says what (container:web), `title` is read to who cannot see it."""

    key: str
    title: str
    frame: Rect
    texts: tuple[Text, ...] = ()
    rects: tuple[Rect, ...] = ()
    strokes: tuple[Stroke, ...] = ()
    icons: tuple[Icon, ...] = ()

    @property
    def id(self) -> str:
        """The key as an XML id: names may hold characters that ids may not."""
        return "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "-" for c in self.key)


class Wire(Record):
    """A line from box to box; `kind` is traffic, write, read or logs. `head` is the data of its arrowhead, or empty."""

    source: str
    target: str
    kind: str
    path: str
    head: str
    mark: str = ""


class Drawing(Record):
    """Everything on the page, back to front."""

    title: str
    description: str
    width: int
    height: int
    panel: str
    boxes: tuple[Box, ...]
    wires: tuple[Wire, ...]
    texts: tuple[Text, ...]
    bands: tuple[Box, ...]
    legend: tuple[Box, ...]
    marked: bool
