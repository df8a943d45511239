"""Text in HCL into nodes with their places, through tree-sitter, which comes with the extra `terraform`.

Literals are values; every other expression is unknown, with its text. Of what does not parse, the rest is read. A block
is an item of the list below its type; the labels of a block are keys below that.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from typing import TYPE_CHECKING, Any

from chuoigen.yaml.document import Document, Outline
from chuoigen.yaml.nodes import MAX_DEPTH, MAX_NODES, Builder, Node, refuse_depth, refuse_nodes
from chuoigen.yaml.text import Comment, RefusedError, SourceText
from chuoigen.yaml.unknown import Placeholder

if TYPE_CHECKING:
    from chuoigen.diagnostics import Diagnostic

_QUOTED = "literal_value"
_ENCODING = frozenset({"jsonencode", "tolist", "toset", "tomap", "tostring"})
"""Functions that change nothing about what their only argument says."""


class NoHclError(Exception):
    """The extra `terraform` is not installed."""


def parse(text: str | bytes, file: str, form: str) -> tuple[Document | None, tuple[Diagnostic, ...]]:
    """Read one file. There is no document when it is too large or is no text. Raises NoHclError."""
    source = SourceText(file)
    document = None
    try:
        source.read(text)
        reader = _Reader(source)
        root = reader.root()
        builder = Builder(source, root)
        data = builder.mapping(root, (), 1)
        # What is unknown is said by kinds: a document without them is known as a whole.
        document = Document(
            file, data, builder.places, reader.comments(), source.text, source.marked, ("dollar",), form
        )
    except RefusedError:
        pass
    return document, tuple(sorted(source.found, key=lambda found: found.sort_key))


def outline(text: str, file: str, _kinds: tuple[str, ...] = ()) -> Outline:
    """Read a text into nodes once more: a Document does not keep them, since they are many."""
    source = SourceText(file)
    try:
        source.read(text)
        return Outline(source, _Reader(source).root(), len(source.text))
    except (RefusedError, NoHclError):
        return Outline(source, None, 0)


class _Reader:
    """The tree of one text into nodes."""

    def __init__(self, source: SourceText) -> None:
        self.source = source
        self.tree = _tree(source.text)
        self._lines = source.text.encode().split(b"\n")
        self._line_starts = [0]
        for line in self._lines:
            self._line_starts.append(self._line_starts[-1] + len(line.decode(errors="replace")) + 1)
        self._count = 0

    def root(self) -> Node:
        """Return the whole file as a mapping."""
        body = next((child for child in self.tree.children if child.type == "body"), None)
        root = self._body(body, 1) if body is not None else None
        self.source.unknown = tuple(sorted(self.source.unknown, key=lambda one: one.start))
        return root or Node("mapping", 0, len(self.source.text), None)

    def comments(self) -> tuple[Comment, ...]:
        """Return the comments of one line."""
        found, waiting = [], [self.tree]
        while waiting:
            node = waiting.pop()
            waiting += node.children
            if node.type == "comment":
                found.append(self._comment(*self._span(node)))
        return tuple(sorted((one for one in found if one), key=lambda one: (one.line, one.column)))

    def _comment(self, start: int, end: int) -> Comment | None:
        written, starts = self.source.text[start:end].rstrip(), self.source.starts
        if "\n" in written:
            return None
        line = bisect_right(starts, start)
        column, own = start - starts[line - 1] + 1, not self.source.text[starts[line - 1] : start].strip()
        said = written.removeprefix("#").removeprefix("//").removeprefix("/*").removesuffix("*/").strip()
        return Comment(line, column, column + len(written), said, own)

    def _span(self, node: Any) -> tuple[int, int]:
        return self._index(node.start_point), self._index(node.end_point)

    def _index(self, point: Any) -> int:
        """Return the index of a place that is given by its row and its bytes in that."""
        row, column = int(point[0]), int(point[1])
        if row >= len(self._lines):
            return len(self.source.text)
        before = self._lines[row][:column].decode(errors="replace")
        return min(self._line_starts[row] + len(before), len(self.source.text))

    def _made(self, kind: str, node: Any, value: str = "", style: str = "") -> Node:
        self._count += 1
        start, end = self._span(node)
        made = Node(kind, start, end, None, value)
        made.style, made.flow = style, True
        if self._count > MAX_NODES:
            refuse_nodes(self.source, made)
        return made

    def _unknown(self, node: Any) -> Node:
        start, end = self._span(node)
        text = self.source.text[start:end]
        self.source.unknown += (Placeholder(start, end, text),)
        return self._made("scalar", node, text, '"')

    def _body(self, node: Any, depth: int) -> Node:
        """Return a body as a mapping: attributes, and blocks by their type."""
        made = self._made("mapping", node)
        if depth > MAX_DEPTH:
            refuse_depth(self.source, made.start)
        pairs: dict[str, tuple[Node, Node]] = {}
        for child in node.children:
            if child.type == "attribute" and len(child.children) > 2 and not child.children[0].is_missing:  # noqa: PLR2004  name = value
                key = self._name(child.children[0])
                pairs.setdefault(key.value, (key, self._expression(child.children[-1], depth + 1)))
            elif child.type == "block":
                self._block(child, pairs, depth)
        made.children = [one for pair in pairs.values() for one in pair]
        return made

    def _block(self, node: Any, pairs: dict[str, tuple[Node, Node]], depth: int) -> None:
        names = [self._name(child) for child in node.children if child.type in ("identifier", "string_lit")]
        bodies = [child for child in node.children if child.type == "body"]
        if not names:
            return
        body = self._body(bodies[0], depth + 1) if bodies else self._made("mapping", node)
        if names[0].value == "dynamic" and len(names) > 1:
            # How many there will be is an expression, and so is what stands in each.
            pairs[names[1].value] = (names[1], self._unknown(node))
            return
        known = pairs.setdefault(names[0].value, (names[0], self._made("list", node)))[1]
        for label in reversed(names[1:]):
            inner, body = body, Node("mapping", body.start, body.end)
            body.children, body.flow = [label, inner], True
        if known.kind == "list":
            known.children.append(body)
            known.end = body.end

    def _name(self, node: Any) -> Node:
        start, end = self._span(node)
        return self._made("scalar", node, self.source.text[start:end].strip('"'), '"')

    def _expression(self, node: Any, depth: int) -> Node:
        if depth > MAX_DEPTH:
            refuse_depth(self.source, self._span(node)[0])
        if node.has_error:
            return self._unknown(node)
        inner = node.children[0] if node.type == "expression" and len(node.children) == 1 else node
        if inner.type == _QUOTED:
            return self._literal(inner.children[0])
        if inner.type == "collection_value":
            return self._collection(inner.children[0], depth)
        if inner.type == "function_call":
            return self._call(inner, depth)
        if inner.type == "template_expr":
            return self._template(inner.children[0])
        start, end = self._span(inner)
        text = self.source.text[start:end]
        return self._made("scalar", inner, text) if _is_negative(text) else self._unknown(inner)

    def _literal(self, node: Any) -> Node:
        start, end = self._span(node)
        text = self.source.text[start:end]
        if node.type == "string_lit":
            return self._made("scalar", node, _decoded(text), '"')
        return self._made("scalar", node, text)

    def _template(self, node: Any) -> Node:
        """Return a text: known where nothing is put into it."""
        literals = [child for child in node.children if child.type == "template_literal"]
        parts = [child for child in node.children if child.type.startswith("template_")]
        if len(parts) != len(literals) or len(literals) > 1:
            return self._unknown(node)
        start, end = self._span(literals[0] if literals else node)
        text = self.source.text[start:end] if literals else ""
        return self._made("scalar", node, text if node.type == "heredoc_template" else _decoded(f'"{text}"'), "|")

    def _call(self, node: Any, depth: int) -> Node:
        name = self._name(node.children[0]).value
        arguments = [child for child in node.children if child.type == "function_arguments"]
        given = [child for child in arguments[0].children if child.type == "expression"] if arguments else []
        if name in _ENCODING and len(given) == 1:
            return self._expression(given[0], depth + 1)
        return self._unknown(node)

    def _collection(self, node: Any, depth: int) -> Node:
        if node.type == "tuple":
            made = self._made("list", node)
            made.children = [self._expression(one, depth + 1) for one in node.children if one.type == "expression"]
            return made
        made = self._made("mapping", node)
        for element in node.children:
            sides = [child for child in element.children if child.type == "expression"]
            if element.type == "object_elem" and len(sides) == 2:  # noqa: PLR2004  key and value
                made.children += [self._key(sides[0]), self._expression(sides[1], depth + 1)]
        return made

    def _key(self, node: Any) -> Node:
        """Return the key of an object: a name or a text; what is computed is unknown."""
        inner = node.children[0] if len(node.children) == 1 else node
        if inner.type == "variable_expr":
            return self._name(inner)
        if inner.type == _QUOTED and inner.children[0].type == "string_lit":
            return self._literal(inner.children[0])
        return self._unknown(node)


def _tree(text: str) -> Any:
    try:
        import tree_sitter  # an extra, and slow to import
        import tree_sitter_hcl
    except ImportError as error:
        raise NoHclError from error
    language = tree_sitter.Language(tree_sitter_hcl.language())
    return tree_sitter.Parser(language).parse(text.encode()).root_node


def _is_negative(text: str) -> bool:
    return text.startswith("-") and text[1:].isascii() and text[1:].isdecimal()


def _decoded(written: str) -> str:
    """Return the text of a quoted literal; HCL has JSON's escapes, and doubles a sign that would open a template."""
    try:
        value = str(json.loads(written, strict=False))
    except ValueError:
        value = written.strip('"')
    return value.replace("$${", "${").replace("%%{", "%{")
