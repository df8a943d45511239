"""The nodes of a YAML text into plain data with the place of each path; what no spec can hold is reported."""

from __future__ import annotations

import copy
import math
import re
from typing import TYPE_CHECKING, Any, NoReturn

from chuoigen.diagnostics import Related, Span
from chuoigen.messages import Texts
from chuoigen.record import Record
from chuoigen.yaml.scalars import MAX_DIGITS, Real, Scalar, kind_of, read_plain
from chuoigen.yaml.unknown import HOLE, Unknown, restored

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chuoigen.yaml.text import SourceText

# Chuoi's spec has depth 7 and some 300 nodes; a bomb of brackets or aliases is answered at once.
MAX_DEPTH = 50
MAX_NODES = 50_000

_say = Texts(__name__)

_TAG = "tag:yaml.org,2002:"
_SHOWN = 40  # characters of the user's text that a message repeats

KeyPath = tuple[str | int, ...]


class Place(Record):
    """Where a value and, in a mapping, its key stand; a value that was left out has an empty span."""

    key: Span | None
    value: Span


class Node:
    """A stretch of text; a mapping's children are keys and values by turns, an alias's the anchored node.

    `style` is the sign that opens a scalar, a quote or | or >, and empty for a plain one.
    """

    __slots__ = ("anchored", "children", "end", "flow", "is_open", "kind", "start", "style", "tag", "value")

    def __init__(self, kind: str, start: int, end: int, tag: str | None = None, value: str = "") -> None:
        self.kind = kind
        self.start = start
        self.end = end
        self.tag = tag
        self.value = value
        self.style = ""
        self.children: list[Node] = []
        self.flow = False
        self.is_open = False
        self.anchored = False

    @property
    def target(self) -> Node:
        """The node itself or, for an alias, the anchored one."""
        return self.children[0] if self.kind == "alias" else self

    @property
    def plain(self) -> bool:
        """Whether this is a scalar without quotes."""
        return self.kind == "scalar" and not self.style


def refuse_depth(source: SourceText, index: int) -> NoReturn:
    """Stop at the index where a node starts that lies too deep."""
    source.refuse(index, index + 1, _say("excessive-input.depth", most=MAX_DEPTH))


def refuse_nodes(source: SourceText, node: Node) -> NoReturn:
    """Stop at the node that is one too many."""
    source.refuse(node.start, node.end, _say("excessive-input.nodes", most=MAX_NODES))


class Builder:
    """Nodes into plain data, with the place of each path; what a spec cannot hold is reported, all of it."""

    def __init__(
        self, source: SourceText, root: Node, tags: Mapping[str, str] | None = None, *, merges: bool = False
    ) -> None:
        """Take the text and its root, and what `parse` takes."""
        self.source = source
        self.merges = merges
        self._tags = tags or {}
        self.places: dict[KeyPath, Place] = {(): Place(None, source.span(root.start, root.end))}
        self._count = 0

    def mapping(self, node: Node, path: KeyPath | None, depth: int) -> dict[str, Any]:
        """Build a mapping; what a dropped key holds is checked, but has no path and leaves no place."""
        first: dict[str, Span] = {}
        data: dict[str, Any] = {}
        for key_node, value_node in _pairs(node):
            if self.merges and _is_merge(key_node):
                continue
            key, where = self._key(key_node), (key_node.start, key_node.end)
            if key is None:
                self._value(value_node, None, depth)
            elif key in first:
                related = (Related(first[key], _say("duplicate-key.note")),)
                self.source.report(*where, _say("duplicate-key", key=key[:_SHOWN]), related=related)
                self._value(value_node, None, depth)
            else:
                first[key] = span = self.source.span(*where)
                data[key] = self._value(value_node, None if path is None else (*path, key), depth, span)
        if self.merges:
            self._merge(node, data, path, depth)
        return data

    def _merge(self, node: Node, data: dict[str, Any], path: KeyPath | None, depth: int) -> None:
        """Add what `<<` merges into a mapping: what is written there wins, then what is merged first."""
        seen, waiting = {id(node)}, _merged(node)
        while waiting:
            one = waiting.pop(0)
            if id(one) in seen:
                continue
            seen.add(id(one))
            if one.kind != "mapping":
                self.source.report(one.start, one.end, _say("unusable-key.merged"))
                continue
            for key_node, value_node in _pairs(one):
                key = None if _is_merge(key_node) else self._key(key_node)
                if key is not None and key not in data:
                    span = self.source.span(key_node.start, key_node.end)
                    data[key] = self._value(value_node, None if path is None else (*path, key), depth, span)
            waiting[:0] = _merged(one)

    def _value(self, node: Node, path: KeyPath | None, depth: int, key: Span | None = None) -> Any:
        self._count += 1 if key is None else 2
        if self._count > MAX_NODES:
            refuse_nodes(self.source, node)
        if path is not None:
            self.places[path] = Place(key, self.source.span(node.start, node.end))
        target = node.target
        if target.tag in self._tags:
            return self._tagged(target, path, depth)
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

    def _tagged(self, node: Node, path: KeyPath | None, depth: int) -> Any:
        """Build a mapping of one key, which the tag stands for."""
        if depth == MAX_DEPTH:
            refuse_depth(self.source, node.start)
        key = self._tags[str(node.tag)]
        inner = copy.copy(node)
        inner.tag = None
        return {key: self._value(inner, None if path is None else (*path, key), depth + 1)}

    def _key(self, node: Node) -> str | None:
        target = node.target
        if target.kind != "scalar":
            is_list = target.kind == "list"
            self.source.report(node.start, node.end, _say("unusable-key.list" if is_list else "unusable-key.mapping"))
            return None
        if _is_merge(target):
            self.source.report(node.start, node.end, _say("unusable-key.merge"))
            return None
        value, written = self._scalar(target), target.value[:_SHOWN]
        if not isinstance(value, str):
            kind = _say("kind.boolean" if isinstance(value, bool) else "kind.null" if value is None else "kind.number")
            words = _say("unusable-key", key=written, kind=kind) if written else _say("unusable-key.empty")
            self.source.report(node.start, node.end, words)
        return value if isinstance(value, Unknown) else target.value

    def _scalar(self, node: Node) -> Scalar:
        unknown = self.source.unknown and self.source.unknown_in(node.start, node.end)
        if unknown:
            return Unknown(restored(node.value, unknown), unknown[0].hint)
        if node.tag == HOLE:
            return Unknown(node.value, node.value)
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
            self.source.refuse(node.start, node.end, _say("excessive-input.number", most=MAX_DIGITS))
        if isinstance(value, Real) and not math.isfinite(value):
            self.source.report(node.start, node.end, _say("invalid-yaml.number", number=node.value))
            return node.value
        return value

    def _report_tag(self, node: Node) -> None:
        match = re.search(r"!\S*", self.source.text[node.start : node.end])
        fault = "invalid-yaml.misfit-tag" if str(node.tag).startswith(_TAG) else "invalid-yaml.unknown-tag"
        self.source.report(node.start, node.end, _say(fault, tag=match[0][:_SHOWN] if match else str(node.tag)))


def _pairs(node: Node) -> Iterator[tuple[Node, Node]]:
    return zip(node.children[::2], node.children[1::2], strict=True)


def _is_merge(key: Node) -> bool:
    return key.plain and key.value == "<<"


def _merged(node: Node) -> list[Node]:
    """Return what the keys `<<` of a mapping name."""
    values = [value.target for key, value in _pairs(node) if _is_merge(key)]
    return [item.target for value in values for item in (value.children if value.kind == "list" else [value])]
