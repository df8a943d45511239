"""What a drawing shows: nodes with rows of text, links between rows, security groups; no places and no form yet.

The SVG, Mermaid and Graphviz pictures are made of it, and so is the picture of a difference.
"""

from collections.abc import Callable

from chuoigen.artifacts.diagram.shapes import Run
from chuoigen.record import Record

SIGNS = {"added": "+", "removed": "\u2212", "changed": "\u00b1"}
"""What stands before something marked, by its mark."""


def announced(mark: str, words: str) -> str:
    """Say first what became of something, where it is marked."""
    return f"{mark}: {words}" if mark else words


class Row(Record):
    """A line at a node's side where wires end; without runs it is only a place."""

    id: str
    runs: tuple[Run, ...]


class Node(Record):
    """A box to be: `badge` stands at the right of its title, `chips` are the letters of its security groups.

    `inside` are neighbours in the VPC. In the picture of a difference `mark` is added, removed or changed.
    """

    key: str
    kind: str
    title: str
    icon: str
    badge: str = ""
    chips: tuple[str, ...] = ()
    facts: tuple[tuple[Run, ...], ...] = ()
    left: tuple[Row, ...] = ()
    right: tuple[Row, ...] = ()
    described: str = ""
    inside: bool = False
    mark: str = ""

    @property
    def name(self) -> str:
        """Say in a few words what it is, for those who cannot see it."""
        return self.described or f"{self.kind} {self.title}"

    @property
    def rows(self) -> tuple[Row, ...]:
        return (*self.left, *self.right)


class Link(Record):
    """A wire to be, from a row of one node to a row of another (an empty row is the middle of the side)."""

    kind: str
    source: str
    source_row: str
    target: str
    target_row: str
    mark: str = ""


class Band(Record):
    """A security group: which it is, what it is called, whom it admits, the keys of the nodes that are in it.

    `changes` are lines that the picture of a difference has more.
    """

    key: str
    name: str
    admits: tuple[str, ...]
    members: tuple[str, ...]
    letter: str = ""
    mark: str = ""
    changes: tuple[tuple[Run, ...], ...] = ()

    @property
    def described(self) -> str:
        """Say in words what it is, for those who cannot see it."""
        return f"Security group {self.name}: {self.said}"

    @property
    def said(self) -> str:
        """Say in one line whom the group lets in."""
        return f"admits {'; '.join(self.admits)}" if self.admits else "admits nobody"


class Picture(Record):
    """Everything that is shown of one service, or of two: then each node, link and band may have a `mark`.

    Nodes come kind by kind, containers as requests pass them. `facts` are the line below the title, `described` the
    whole in words, `vpc` the id of the VPC or empty, `several` whether the service runs more tasks than one.
    """

    spec_file: str
    title: str
    facts: tuple[str, ...]
    described: str
    vpc: str
    several: bool
    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    bands: tuple[Band, ...]

    @property
    def marks(self) -> tuple[str, ...]:
        """The marks of all that has one."""
        kinds = ([one.mark for one in self.nodes], [one.mark for one in self.links], [one.mark for one in self.bands])
        return tuple(mark for marks in kinds for mark in marks if mark)

    def node(self, key: str) -> Node | None:
        return next((node for node in self.nodes if node.key == key), None)

    def of_kind(self, *kinds: str) -> tuple[Node, ...]:
        return tuple(node for node in self.nodes if node.kind in kinds)

    def reworded(self, word: Callable[[str], str]) -> "Picture":
        """Return the picture with other words in the lines of its boxes, as where secrets are masked."""

        def runs(line: tuple[Run, ...]) -> tuple[Run, ...]:
            return tuple(run.replaced(text=word(run.text)) for run in line)

        def rows(side: tuple[Row, ...]) -> tuple[Row, ...]:
            return tuple(row.replaced(runs=runs(row.runs)) for row in side)

        return self.replaced(
            nodes=tuple(
                node.replaced(facts=tuple(map(runs, node.facts)), left=rows(node.left), right=rows(node.right))
                for node in self.nodes
            )
        )

    def lettered(self) -> "Picture":
        """Give each group, in order, a letter, and its members a chip with it."""
        alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
        bands = tuple(
            band.replaced(letter=alphabet[number] if number < len(alphabet) else str(number))
            for number, band in enumerate(self.bands)
        )
        nodes = tuple(
            node.replaced(chips=tuple(band.letter for band in bands if node.key in band.members)) for node in self.nodes
        )
        return self.replaced(bands=bands, nodes=nodes)
