"""JSON as people keep it in repositories: with comments, trailing commas and placeholders, also where no quotes stand.

YAML's parser is not used for it: tabs, `//` and `/* */` are no YAML.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from typing import NoReturn

from chuoigen.diagnostics import Diagnostic, Related
from chuoigen.messages import Texts
from chuoigen.yaml.document import Document, Outline
from chuoigen.yaml.nodes import MAX_DEPTH, MAX_NODES, Builder, Node, refuse_depth, refuse_nodes
from chuoigen.yaml.text import Comment, RefusedError, SourceText

_BLANK = re.compile(r"[\s]+|//[^\r\n]*|#[^\r\n]*|/\*(?s:.*?)\*/")
_STRING = re.compile(r'"(?:[^"\\\r\n]|\\.)*"')
_BARE = re.compile(r"[^\s,:\[\]{}\"]+")
_LITERAL = re.compile(r"true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_HIDDEN = "\ue000"
"""What stands for a placeholder in the text that is read; see chuoigen/yaml/unknown.py."""
_SURROGATE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_BEGINNING = 10_000
"""Bytes in which the first character that is neither blank nor comment is looked for."""
_CLOSING = {"mapping": "}", "list": "]"}

_say = Texts(__name__)


def begins(text: str) -> bool:
    """Say whether a text begins as JSON does; YAML that begins so is JSON, or nearly."""
    return re.match(r"\ufeff?\s*(?:\{|//|/\*)", text) is not None


def is_json(content: bytes) -> bool:
    """Say whether the bytes of a file begin as JSON does."""
    return begins(content[:_BEGINNING].decode(errors="replace"))


def parse(
    text: str | bytes, file: str, kinds: tuple[str, ...] = (), form: str = ""
) -> tuple[Document | None, tuple[Diagnostic, ...]]:
    """Read one JSON object; `file` only names the text in spans, `form` is the format that the document has.

    Never raises for bad text. There is no document when the text cannot be read to its end or is too large.
    """
    source = SourceText(file, kinds=kinds)
    reader = _Reader(source)
    document = None
    try:
        source.read(text)
        root = reader.root()
        builder = Builder(source, root)
        data = builder.mapping(root, (), 1)
        comments = tuple(reader.comments)
        document = Document(file, data, builder.places, comments, source.text, source.marked, kinds, form)
    except RefusedError:
        pass
    return document, tuple(sorted(source.found, key=lambda found: found.sort_key))


def outline(text: str, file: str, kinds: tuple[str, ...] = ()) -> Outline:
    """Read a text into nodes once more, as far as that goes: a Document does not keep them, since they are many."""
    source = SourceText(file, kinds=kinds)
    reader = _Reader(source)
    try:
        source.read(text)
        return Outline(source, reader.root(), len(source.text))
    except RefusedError:
        return Outline(source, reader.first, reader.index)


class _Reader:
    """One text into nodes, within the limits of depth and number."""

    def __init__(self, source: SourceText) -> None:
        self.source = source
        self.comments: list[Comment] = []
        self.first: Node | None = None
        self.index = 0
        self._open: list[Node] = []
        self._count = 0

    def root(self) -> Node:
        """Read the one object of the text; refuse a text that is anything else."""
        self._blank()
        if self._next() != "{":
            variant = "empty" if not self._next() else "list" if self._next() == "[" else "value"
            self._refuse(variant)
        self._value()
        self._blank()
        if self._next() or self.first is None:
            self._refuse("behind")
        return self.first

    def _next(self) -> str:
        return self.source.parsed[self.index : self.index + 1]

    def _refuse(self, variant: str) -> NoReturn:
        related = (
            (Related(self.source.span(self._open[-1].start, self._open[-1].start + 1), _say("invalid-yaml.opened")),)
            if self._open
            else ()
        )
        end = min(self.index + 1, len(self.source.text))
        self.source.report(self.index, end, _say(f"invalid-yaml.{variant}"), related=related)
        raise RefusedError

    def _blank(self) -> None:
        """Go on to what is neither blank nor comment."""
        while match := _BLANK.match(self.source.parsed, self.index):
            self.index = match.end()
            if match[0].startswith(("//", "#", "/*")):
                self._comment(*match.span())

    def _comment(self, start: int, end: int) -> None:
        text, starts = self.source.text, self.source.starts
        line, written = bisect_right(starts, start), text[start:end]
        if "\n" in written or "\r" in written:
            return
        column, own = start - starts[line - 1] + 1, not text[starts[line - 1] : start].strip()
        said = written.removeprefix("#").removeprefix("//").removeprefix("/*").removesuffix("*/").strip()
        self.comments.append(Comment(line, column, column + len(written), said, own))

    def _add(self, node: Node) -> Node:
        self._count += 1
        if self._count > MAX_NODES:
            refuse_nodes(self.source, node)
        if self._open:
            self._open[-1].children.append(node)
        else:
            self.first = node
        return node

    def _value(self) -> None:
        if self._next() in ("{", "["):
            node = Node("mapping" if self._next() == "{" else "list", self.index, self.index)
            node.is_open = node.flow = True
            self._add(node)
            if len(self._open) >= MAX_DEPTH:
                refuse_depth(self.source, node.start)
            self._open.append(node)
            self.index += 1
            self._items(node)
            self._open.pop()
            node.end, node.is_open = self.index, False
        else:
            self._scalar()

    def _items(self, node: Node) -> None:
        """Read the items up to the closing bracket, which is read too."""
        closing = _CLOSING[node.kind]
        while True:
            self._blank()
            if self._next() == closing:
                self.index += 1
                return
            if self._is_loose(node):
                continue
            if node.kind == "mapping":
                self._key()
            self._value()
            self._blank()
            if self._next() == ",":
                self.index += 1
            elif self._next() != closing and _HIDDEN not in (self._next(), self.source.parsed[self.index - 1]):
                self._refuse("comma" if self._next() else "open")

    def _is_loose(self, node: Node) -> bool:
        """Pass over a placeholder that stands for no value: a condition or a loop of a template."""
        match = _BARE.match(self.source.parsed, self.index)
        if match is None or match[0].strip(_HIDDEN):
            return False
        behind = _BLANK.sub("", self.source.parsed[match.end() : match.end() + 80])[:1]
        if behind in ((":",) if node.kind == "mapping" else (",", "]")):
            return False
        self.index = match.end()
        return True

    def _key(self) -> None:
        if self._next() != '"' and self._next() != _HIDDEN:
            self._refuse("key" if self._next() else "open")
        self._scalar()
        self._blank()
        if self._next() != ":":
            self._refuse("colon")
        self.index += 1
        self._blank()

    def _scalar(self) -> None:
        text, start = self.source.parsed, self.index
        if self._next() == '"':
            match = _STRING.match(text, start)
            if match is None:
                self._refuse("quote")
            node = Node("scalar", start, match.end(), None, self._decoded(match[0], start))
            node.style = '"'
            self._add(node)
            self.index = match.end()
            return
        match = _BARE.match(text, start)
        if match is None:
            self._refuse("value-missing" if self._next() else "open")
        if _HIDDEN not in match[0] and _LITERAL.fullmatch(match[0]) is None:
            self._refuse("word")
        self._add(Node("scalar", start, match.end(), None, match[0]))
        self.index = match.end()

    def _decoded(self, written: str, start: int) -> str:
        try:
            value = str(json.loads(written, strict=False))
        except ValueError:
            self.source.report(start, start + len(written), _say("invalid-yaml.escape"))
            return written[1:-1]
        if bad := _SURROGATE.search(value):
            self.source.report(start, start + len(written), _say("invalid-yaml.control", code=f"{ord(bad[0]):04X}"))
            return _SURROGATE.sub("\ufffd", value)
        return value
