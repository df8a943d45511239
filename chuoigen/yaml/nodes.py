"""The nodes of a YAML text into plain data with the place of each path; what no spec can hold is reported."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn

from chuoigen.diagnostics import Related, Span
from chuoigen.messages import verbatim
from chuoigen.yaml.scalars import MAX_DIGITS, Real, Scalar, kind_of, read_plain

if TYPE_CHECKING:
    from chuoigen.yaml.text import SourceText

# Chuoi's spec has depth 7 and some 300 nodes; a bomb of brackets or aliases is answered at once.
MAX_DEPTH = 50
MAX_NODES = 50_000

_TAG = "tag:yaml.org,2002:"
_SHOWN = 40  # characters of the user's text that a message repeats

KeyPath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value and, in a mapping, its key stand; a value that was left out has an empty span."""

    key: Span | None
    value: Span


@dataclass(slots=True)
class Node:
    """A stretch of text; a mapping's children are keys and values by turns, an alias's the anchored node."""

    kind: str
    start: int
    end: int
    tag: str | None
    value: str = ""
    plain: bool = False
    flow: bool = False
    children: list[Node] = field(default_factory=list)
    is_open: bool = False

    @property
    def target(self) -> Node:
        """The node itself or, for an alias, the anchored one."""
        return self.children[0] if self.kind == "alias" else self


def refuse_depth(source: SourceText, index: int) -> NoReturn:
    """Stop at the index where a node starts that lies too deep."""
    message = f"mappings and lists lie more than {MAX_DEPTH} deep in each other here"
    source.refuse(index, index + 1, message, "no key of a spec lies that deep", code="CG003")


def refuse_nodes(source: SourceText, node: Node) -> NoReturn:
    """Stop at the node that is one too many."""
    message = f"the file has more than {MAX_NODES:,} keys and values, those repeated through aliases included"
    source.refuse(node.start, node.end, message, "split it into several files with extends", code="CG003")


class Builder:
    """Nodes into plain data, with the place of each path; what a spec cannot hold is reported, all of it."""

    def __init__(self, source: SourceText, root: Node) -> None:
        self.source = source
        self.places: dict[KeyPath, Place] = {(): Place(None, source.span(root.start, root.end))}
        self._count = 0

    def mapping(self, node: Node, path: KeyPath | None, depth: int) -> dict[str, Any]:
        """Build a mapping; what a dropped key holds is checked, but has no path and leaves no place."""
        first: dict[str, Span] = {}
        data: dict[str, Any] = {}
        for key_node, value_node in zip(node.children[::2], node.children[1::2], strict=True):
            key, where = self._key(key_node), (key_node.start, key_node.end)
            if key is None:
                self._value(value_node, None, depth)
            elif key in first:
                message, advice = f'the key "{key[:_SHOWN]}" is written twice', "keep one of the two"
                related = (Related(first[key], verbatim("it is written here first")),)
                self.source.report(*where, message, advice, code="CG002", related=related)
                self._value(value_node, None, depth)
            else:
                first[key] = span = self.source.span(*where)
                data[key] = self._value(value_node, None if path is None else (*path, key), depth, span)
        return data

    def _value(self, node: Node, path: KeyPath | None, depth: int, key: Span | None = None) -> Any:
        self._count += 1 if key is None else 2
        if self._count > MAX_NODES:
            refuse_nodes(self.source, node)
        if path is not None:
            self.places[path] = Place(key, self.source.span(node.start, node.end))
        target = node.target
        if target.kind == "scalar":
            return self._scalar(target)
        if depth == MAX_DEPTH:
            refuse_depth(self.source, node.start)
        if target.tag not in (None, "!", _TAG + ("map" if target.kind == "mapping" else "seq")):
            self._report_tag(target)
        if target.kind == "mapping":
            return self.mapping(target, path, depth + 1)
        return [
            self._value(child, None if path is None else (*path, index), depth + 1)
            for index, child in enumerate(target.children)
        ]

    def _key(self, node: Node) -> str | None:
        target = node.target
        if target.kind != "scalar":
            advice = "write the key as text; put it in quotes if it holds brackets or braces"
            self.source.report(node.start, node.end, f"a {target.kind} cannot be a key", advice, code="CG004")
            return None
        if target.plain and target.value == "<<":
            message, advice = "<< merges nothing in YAML 1.2", "share keys between specs with extends"
            self.source.report(node.start, node.end, message, advice, code="CG004")
            return None
        value, written = self._scalar(target), target.value[:_SHOWN]
        if not isinstance(value, str):
            what = "true or false" if isinstance(value, bool) else "a number" if value is not None else "null"
            message = f"the key {written} is {what}, not text" if written else "the key is empty"
            advice = f'write "{written}", in quotes' if written else 'write a key before the ":"'
            self.source.report(node.start, node.end, message, advice, code="CG004")
        return target.value

    def _scalar(self, node: Node) -> Scalar:
        if node.tag in ("!", _TAG + "str") or (node.tag is None and not node.plain):
            return node.value
        value = self._plain(node)
        if node.tag in (None, _TAG + kind_of(value)):
            return value
        self._report_tag(node)
        return node.value

    def _plain(self, node: Node) -> Scalar:
        try:
            value = read_plain(node.value)
        except OverflowError:
            message = f"this number has more than {MAX_DIGITS} digits or is too large"
            self.source.refuse(node.start, node.end, message, "put it in quotes if it is text", code="CG003")
        if isinstance(value, Real) and not math.isfinite(value):
            message = f"{node.value} is not a number that a spec can hold"
            self.source.report(node.start, node.end, message, "put it in quotes if it is text")
            return node.value
        return value

    def _report_tag(self, node: Node) -> None:
        match = re.search(r"!\S*", self.source.text[node.start : node.end])
        tag = match[0][:_SHOWN] if match else node.tag
        message = (
            f"the tag {tag} has no meaning in a spec"
            if not str(node.tag).startswith(_TAG)
            else (f"the tag {tag} does not fit this value")
        )
        self.source.report(node.start, node.end, message, "remove the tag; put the value in quotes if it is text")
