"""YAML text into plain data, the span of every key and value, and comments; bad text becomes diagnostics."""

import re
from collections.abc import Mapping
from typing import Any, NoReturn

import yaml
from yaml.scanner import ScannerError

from chuoigen.diagnostics import Diagnostic, Related, Span
from chuoigen.messages import Texts
from chuoigen.record import Record
from chuoigen.yaml.nodes import MAX_DEPTH, MAX_NODES, Builder, KeyPath, Node, Place, refuse_depth, refuse_nodes
from chuoigen.yaml.scalars import Integer, Real
from chuoigen.yaml.text import Comment, RefusedError, SourceText

__all__ = ["Comment", "Document", "Integer", "KeyPath", "Place", "Real", "parse"]

# The parser written in C is ten times as fast; a PyYAML built without libyaml lacks it.
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_say = Texts(__name__)
_NO_TAGS: Mapping[str, str] = {}

# What an escape in double quotes may not bring in either, since no shell, no XML and no UTF-8 can carry it.
_CONTROL = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]"
_LINE = re.compile(r"[^\r\n]*")


class Document(Record):
    """A parsed file: plain data (numbers as Integer and Real), a place for each path in it, its comments, its text.

    `text` is the file as it was read, line ends included, less the byte order mark (`marked`); what is laid together
    from several files has none. `kinds` are the placeholders that its format has: a scalar with one is an Unknown.
    `tags` are those that its format has, each the short form of a mapping with one key.
    `form` is the format of what was read, "" for a spec; its words are used in what is said about it. Where its data
    was translated, `origins` has for a path the one in the file.
    """

    file: str
    data: dict[str, Any]
    places: dict[KeyPath, Place]
    comments: tuple[Comment, ...]
    text: str = ""
    marked: bool = False
    kinds: tuple[str, ...] = ()
    form: str = ""
    tags: Mapping[str, str] = _NO_TAGS
    origins: Mapping[KeyPath, KeyPath] | None = None

    @property
    def encoded(self) -> bytes:
        """The bytes of the file."""
        return (b"\xef\xbb\xbf" if self.marked else b"") + self.text.encode()

    def place(self, path: KeyPath) -> Place:
        """Find the place of `path` or, where that was not written, of its nearest written ancestor."""
        while path not in self.places:
            path = path[:-1]
        return self.places[path]

    def pointer(self, path: KeyPath, *, on_key: bool = False) -> Span:
        """Return what to point at for `path`: its value when that is one line, else its key.

        A value that was not written is pointed at by the key of its nearest written ancestor, as is a key (`on_key`);
        where that is a short form, a text or a number, by the short form itself.
        """
        place = self.place(path)
        long = place.value.end_line > place.value.line
        if place.key is not None and (on_key or long or not (path in self.places or self._is_short(path))):
            return place.key
        if long:
            start = place.value
            return Span(start.file, start.line, start.column, start.line, start.column + 1)
        return place.value

    def _is_short(self, path: KeyPath) -> bool:
        """Say whether the nearest written ancestor of a path is a text or a number."""
        value: Any = self.data
        for part in path:
            if isinstance(value, dict):
                value = value.get(part)
            elif isinstance(value, list):
                value = value[part] if isinstance(part, int) and part < len(value) else None
        return value is not None and not isinstance(value, (dict, list))


def parse(
    text: str | bytes,
    file: str,
    kinds: tuple[str, ...] = (),
    tags: Mapping[str, str] = _NO_TAGS,
    *,
    merges: bool = False,
) -> tuple[Document | None, tuple[Diagnostic, ...]]:
    """Read one YAML 1.2 document whose root is a mapping; `file` only names the text in spans.

    `kinds` are the placeholders that the format has, by their names in chuoigen.yaml.unknown; a spec has none. `tags`
    are those that it has: `!Ref name` is read as the mapping `{Ref: name}`, and one for which there is "" means
    nothing. `merges`: the key `<<` merges mappings, as YAML 1.1 has it and a spec does not.

    Never raises for bad text. There is no document when the text cannot be read to its end or is too large;
    with faults that leave its shape clear (equal keys, keys that are not text, unknown tags) there is one.
    """
    source = SourceText(file, kinds=kinds)
    document = None
    try:
        source.read(text)
        composer = _Composer(source)
        root = composer.root()
        builder = Builder(source, root, tags, merges=merges)
        data = builder.mapping(root, (), 1)
        comments = source.comments(composer.verbatim)
        document = Document(file, data, builder.places, comments, source.text, source.marked, kinds, "", tags)
    except RefusedError:
        pass
    return document, tuple(sorted(source.found, key=lambda found: found.sort_key))


class Outline(Record):
    """The nodes of a text. Of one that is no YAML, those before its fault, some of them open; `end`: where it stops."""

    source: SourceText
    root: Node | None
    end: int


def outline(text: str, file: str, kinds: tuple[str, ...] = ()) -> Outline:
    """Read a text into nodes once more, as far as that goes: a Document does not keep them, since they are many."""
    source = SourceText(file, kinds=kinds)
    composer = _Composer(source)
    try:
        source.read(text)
        return Outline(source, composer.root(), len(source.text))
    except RefusedError:
        return Outline(source, composer.first, composer.since)


def _index(mark: Any) -> int | None:
    return mark.index if mark else None


class _Composer:
    """The parser's events into nodes, once, without recursion, within the limits."""

    def __init__(self, source: SourceText) -> None:
        self.source = source
        # The scalars that hold a number sign, which starts no comment there: where their text is.
        self.verbatim: list[tuple[int, int]] = []
        self._anchors: dict[str, Node] = {}
        self._open: list[Node] = []
        self._roots: list[Node] = []
        self._count = 0
        self.since = 0  # the end of what was last understood

    @property
    def first(self) -> Node | None:
        """The root of the first document, as far as it was read."""
        return self._roots[0] if self._roots else None

    def root(self) -> Node:
        """Read the one document of the text; refuse a text without one, or whose root is not a mapping."""
        source = self.source
        try:
            for event in yaml.parse(source.parsed, Loader=LOADER):
                start, end = _index(event.start_mark) or 0, _index(event.end_mark) or 0
                if isinstance(event, yaml.DocumentStartEvent) and self._roots:
                    source.report(start, start + 1, _say("invalid-yaml.second-document"))
                    break
                self._take(event, start, end)
                self.since = end
        except (yaml.YAMLError, ValueError, ArithmeticError) as error:  # PyYAML's own parser has all three
            self._refuse_syntax(error)
        if not self._roots or self._roots[0].start == self._roots[0].end:
            only_comments = bool(source.text.strip())
            source.refuse(0, 0, _say("invalid-yaml.only-comments" if only_comments else "invalid-yaml.empty"))
        root = self._roots[0]
        if root.kind != "mapping":
            is_list = root.kind == "list"
            source.refuse(root.start, root.end, _say("invalid-yaml.list" if is_list else "invalid-yaml.value"))
        return root

    def _take(self, event: yaml.Event, start: int, end: int) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self._add(self._scalar(event, start, end), event.anchor)
        elif isinstance(event, yaml.AliasEvent):
            self._add(self._alias(event, start, end), None)
        elif isinstance(event, yaml.CollectionStartEvent):
            kind = "mapping" if isinstance(event, yaml.MappingStartEvent) else "list"
            node = Node(kind, start, end, event.tag)
            node.is_open, node.flow, node.anchored = True, bool(event.flow_style), bool(event.anchor)
            self._add(node, event.anchor)
            self._open.append(node)
            if len(self._open) > MAX_DEPTH:
                refuse_depth(self.source, node.start)
        elif isinstance(event, yaml.CollectionEndEvent):
            node = self._open.pop()
            node.is_open = False
            # In block style the parser ends at the next token; the true end is that of the last child.
            node.end = end if node.flow else node.children[-1].end

    def _alias(self, event: yaml.AliasEvent, start: int, end: int) -> Node:
        target = self._anchors.get(str(event.anchor))
        if target is None or target.is_open:
            fault = "invalid-yaml.alias-inside" if target else "invalid-yaml.alias-unknown"
            self.source.refuse(start, end, _say(fault, anchor=str(event.anchor)))
        node = Node("alias", start, end)
        node.children.append(target)
        return node

    def _scalar(self, event: yaml.ScalarEvent, start: int, end: int) -> Node:
        text, node = self.source.text, Node("scalar", start, end, event.tag, event.value)
        if event.style in ("|", ">"):
            node.end = start + len(text[start:end].rstrip())
            header = _LINE.match(text, start)  # which may end in a comment
            start = header.end() if header else start
        elif event.style == '"' and (match := re.search(_CONTROL, event.value)):
            self.source.report(start, end, _say("invalid-yaml.control", code=f"{ord(match[0]):04X}"))
        node.style, node.anchored = event.style or "", bool(event.anchor)
        if "#" in event.value:
            self.verbatim.append((start, end))
        return node

    def _add(self, node: Node, anchor: str | None) -> None:
        self._count += 1
        if self._count > MAX_NODES:
            refuse_nodes(self.source, node)
        if anchor:
            self._anchors[anchor] = node
        if not self._open:
            self._roots.append(node)
            return
        parent = self._open[-1]
        if parent.kind == "mapping" and len(parent.children) % 2 and node.start == node.end:
            key = parent.children[-1]
            if ":" not in self.source.text[key.end : node.start]:
                node.start = node.end = key.end  # after a "? key" without a value the parser is a line further
        parent.children.append(node)

    def _refuse_syntax(self, error: Exception) -> NoReturn:
        from chuoigen.yaml.syntax import BRACKET_OPENED, Stop, bracket_beyond, explain  # only what is broken needs it

        index, opening = (_index(getattr(error, name, None)) for name in ("problem_mark", "context_mark"))
        stop = Stop(isinstance(error, ScannerError), index, opening, self.since, self._open)
        deep = bracket_beyond(self.source.text, stop, MAX_DEPTH)
        if deep is not None:
            refuse_depth(self.source, deep)
        found, text = explain(self.source.text, stop), self.source.text
        related: tuple[Related, ...] = ()
        if found.bracket is not None:
            related = (Related(self.source.span(found.bracket, found.bracket + 1), BRACKET_OPENED),)
        end = found.start + 1 if text[found.start : found.start + 1].strip("\r\n") else found.start
        self.source.report(found.start, end, found.words, related=related)
        raise RefusedError
