"""The text of a file into the stretches of it that may be a secret: by the keys above a value, and by its own form.

In doubt a value counts as one: what is masked without need costs a look into the file, what is shown costs the secret.
All patterns are bounded, so that no text takes longer than its length.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from chuoigen.inputs.formats import kind_of
from chuoigen.inputs.front import Source
from chuoigen.inputs.secret_forms import NAME, WORD, Range, forms, names_secret
from chuoigen.record import Record
from chuoigen.yaml import relaxed_json
from chuoigen.yaml.document import Outline, outline
from chuoigen.yaml.nodes import Node
from chuoigen.yaml.several import single

REFERENCES = {
    "ssm": r"[\w.:/-]*",
    "secrets_manager": r"[\w./+=@:-]*",
    "ref": r"[\w.{}-]*",
    "key": r".*",
    "version_stage": r".*",
    "version_id": r".*",
    "kms_key": r"[\w:/-]*",
}
"""Keys that say where a secret is kept, and what their values look like when they do."""

_UPPER = "(?:SECRET|PASS|PWD|TOKEN|CREDENTIAL|PIN|SALT|KEY)"
# NAME=value, NAME: value and, with the blank forgotten, NAME:value; what has a colon in it otherwise is an address.
_PAIR = re.compile(
    rf"(?<![\w.-])(?:(?i:[\w.-]{{0,80}}{WORD}[\w.-]{{0,80}})[\"']?[ \t]{{0,8}}(?:=|:(?=[ \t]))"
    rf"|[A-Z0-9_]{{0,80}}{_UPPER}[A-Z0-9_]{{0,40}}[\"']?[ \t]{{0,8}}[=:])[ \t]{{0,8}}(?P<value>\S[^\r\n]{{0,4000}})"
)
_OPTION = re.compile(
    rf"(?:(?<!\S)--?(?i:[\w-]{{0,40}}{WORD}[\w-]{{0,40}})|(?<![\w.-])[A-Z0-9_]{{0,80}}{_UPPER}[A-Z0-9_]{{0,40}})"
    r"[\"']?[ \t]{1,8}(?P<value>[^\s\"']{1,400})"
)
_IS_OPTION = re.compile(rf"--?(?i:[\w-]{{0,40}}{WORD}[\w-]{{0,40}})")
_WORDS_FROM = 6
_AROUND = "\"'!&*,:"
_MIXED = re.compile(r"(?=[^A-Za-z]*[A-Za-z])(?=\D*\d).{8,}", re.DOTALL)
"""Letters and digits, which names of things have less often than passwords."""
_TRIVIAL = re.compile(r"|true|false|null|~|\d{1,2}|.{1,2}", re.IGNORECASE)


class Secrets(Record):
    """What may be secret in a text: where it stands, in order and apart, and what it says."""

    ranges: tuple[Range, ...]
    texts: frozenset[str]


def secrets(source: Source) -> Secrets:
    """Look through a file that was read, be it YAML or not; of several documents, through each."""
    texts = single(source.text) if _reader(source) is outline else [source.text]
    if len(texts) == 1:
        return _Search(source).found()
    found = [_Search(source.replaced(text=text, document=None)).found() for text in texts]
    ranges = (*(where for one in found for where in one.ranges), *_in_text(source.text))  # comments too
    return Secrets(joined(ranges), frozenset(text for one in found for text in one.texts))


class _Search:
    def __init__(self, source: Source) -> None:
        kinds = source.document.kinds if source.document else ()
        outlined = _reader(source)(source.text, source.file, kinds)
        self.text, self.root, self.end = outlined.source.text or source.text, outlined.root, outlined.end
        self.document = source.document
        self.starts = outlined.source.starts
        self.ranges: list[Range] = []
        self.texts: set[str] = set()
        self.plain: dict[str, list[Range]] = {}
        self.pending: int | None = None

    def found(self) -> Secrets:
        if self.root is not None:
            self.walk(self.root, secret=False)
        if self.document is not None:
            self.comments()
        else:
            self.rest()
        # A word that stands elsewhere under another key is known anyway; a password that does is one there, too.
        again = {text for text in self.texts if text in self.plain and not _MIXED.fullmatch(text)}
        kept = {text for text in self.texts if not _TRIVIAL.fullmatch(text)} - again
        self.ranges += [where for text in kept for where in self.plain.get(text, ())]
        if self.document is None:
            behind = re.compile(r"[^\s\"',\[\]{}]+").finditer(self.text, self.end)
            self.ranges += [word.span() for word in behind if word[0] in kept]
        return Secrets(joined(self.ranges), frozenset(kept))

    def walk(self, node: Node, *, secret: bool) -> None:
        """Look at a node; `secret`: a key above says that all in it is one."""
        if node.kind == "mapping":
            self.mapping(node, secret=secret)
        elif node.kind == "list":
            self.list(node, secret=secret)
        elif secret:
            self.take(node.start, node.end, node.target.value)
        elif node.kind == "scalar":
            self.scalar(node)

    def list(self, node: Node, *, secret: bool) -> None:
        own = secret
        for child in node.children:
            self.walk(child, secret=own)
            own = secret or _IS_OPTION.fullmatch(child.value) is not None
        if node.is_open and not (node.children and node.children[-1].is_open):
            self.pending = node.start if own else None

    def mapping(self, node: Node, *, secret: bool) -> None:
        values = dict(zip((key.target.value for key in node.children[::2]), node.children[1::2], strict=False))
        named = values.get("name") or values.get("Name")  # ECS's own form: { name: DB_PASSWORD, value: … }
        pair = named is not None and names_secret(named.target.value)
        if node.is_open:
            self.pending = node.start if secret else None
        for place, key in enumerate(node.children[::2]):
            name = key.target.value
            self.scalar(key)
            own = secret or names_secret(name) or (pair and name in ("value", "Value"))
            if 2 * place + 1 == len(node.children):
                self.pending = key.start if own else None
                continue
            value = node.children[2 * place + 1]
            if name in REFERENCES and value.target.kind == "scalar":
                own = own and re.fullmatch(REFERENCES[name], value.target.value) is None
            self.walk(value, secret=own)
            if own and node.is_open and value is node.children[-1]:
                self.pending = key.start  # what the fault keeps apart from the value may belong to it

    def scalar(self, node: Node) -> None:
        """Look at the text of one scalar: where it is written otherwise than it reads, all of it is masked."""
        self.plain.setdefault(node.target.value, []).append((node.start, node.end))
        written = self.text[node.start : node.end]
        for start, end in _in_text(node.value):
            self.plain.pop(node.value, None)
            value = node.value[start:end]
            place = written.find(value)
            if place >= 0:
                self.take(node.start + place, node.start + place + len(value), value)
            else:
                self.take(node.start, node.end, value)

    def take(self, start: int, end: int, value: str) -> None:
        """Remember a stretch, what it says and, since a message may repeat a part, such words of it as are no prose."""
        if _TRIVIAL.fullmatch(value) and self.text[start:end][:1] not in ("!", "&", "*"):
            return
        self.ranges.append((start, end))
        written = self.text[start:end]
        words = [word.strip(_AROUND) for text in (value, written) for word in text.split()]
        self.texts |= {value, written.strip(_AROUND)}
        self.texts |= {word for word in words if len(word) >= _WORDS_FROM and not word.isalpha()}

    def comments(self) -> None:
        assert self.document is not None  # noqa: S101  only a document has comments
        for comment in self.document.comments:
            start = self.starts[comment.line - 1] + comment.column - 1
            end = start + comment.end_column - comment.column
            self.ranges += ((start + first, start + last) for first, last in _in_text(self.text[start:end]))

    def rest(self) -> None:
        """Look at what stands behind the fault of a text that is no YAML, line by line and by indentation."""
        for low, high in _in_text(self.text[self.end :]):
            self.take(self.end + low, self.end + high, self.text[self.end + low : self.end + high])
        below: int | None = None
        if self.pending is not None:
            below = self.pending - self.starts[self.line(self.pending)]
            self.take(self.end, self.line_end(self.end), self.text[self.end : self.line_end(self.end)].lstrip(": "))
        first = self.line(self.end)
        for number in range(first, len(self.starts)):
            start = max(self.starts[number], self.end)
            line = self.text[start : self.line_end(start)]
            indent = start - self.starts[number] + len(line) - len(line.lstrip())
            inside = below is not None and (indent + line.lstrip().startswith("-") > below or not line.strip())
            if inside and number > first:
                head = re.match(r"\s*(?:- +)*", line)
                self.take(start + (head.end() if head else 0), start + len(line), line.strip(" \t-"))
                continue
            if number > first:
                below = None
            match = NAME.search(line)
            if match:
                below = indent
                rest = re.compile(r"[\w.-]*[\"']?\s*[=:]?\s*").match(line, match.end())
                begin = rest.end() if rest else match.end()
                self.take(start + begin, start + len(line), line[begin:])

    def line(self, index: int) -> int:
        """Return the number of an index's line, from 0."""
        low, high = 0, len(self.starts)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self.starts[middle] <= index else (low, middle)
        return low

    def line_end(self, index: int) -> int:
        match = re.compile(r"[\r\n]").search(self.text, index)
        return match.start() if match else len(self.text)


def _reader(source: Source) -> Callable[[str, str, tuple[str, ...]], Outline]:
    """Return what reads the text of a file into nodes: its format's own reader, or that of JSON or of YAML."""
    kind = kind_of(source.form)
    own = kind.front_end().outline if kind is not None else None
    if own is not None and source.document is not None:
        return own
    is_json = source.form and relaxed_json.is_json(source.text.encode(errors="replace"))
    return relaxed_json.outline if is_json else outline


def _in_text(text: str) -> Iterator[Range]:
    """Yield the stretches of a scalar's text that may be a secret: by form, behind a name, behind an option."""
    yield from forms(text)
    for match in _PAIR.finditer(text):
        start, end = match.span("value")
        if match.start() or text[start] in "\"'":
            stop = re.compile(r"""["'][,\]} ]|[\s,;&]""").search(text, start + 1, end)
            end = stop.start() if stop else end
        yield start, end
    yield from (match.span("value") for match in _OPTION.finditer(text))


def joined(found: Sequence[Range]) -> tuple[Range, ...]:
    """Return ranges in order, those that touch as one, without empty ones."""
    result: list[Range] = []
    for start, end in sorted(item for item in found if item[0] < item[1]):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return tuple(result)
