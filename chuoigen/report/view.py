"""What a report may show of the files that were read: their lines, and no secret, in a line or in a message."""

import functools
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence

from chuoigen.diagnostics import Diagnostic, Span
from chuoigen.fix import Fix
from chuoigen.inputs.load import Source
from chuoigen.inputs.secret_forms import Range, forms, names_secret
from chuoigen.inputs.secret_values import Secrets, joined, secrets
from chuoigen.messages import Message, Reader
from chuoigen.report.terminal_text import escaped_lines
from chuoigen.yaml.edits import Editable, EditRefusedError, Replacement

MASK = "•••"
_SHORTEST = 3
_PREFIX = 12
"""Characters by which the beginning of a longer secret is known: messages shorten what they repeat."""
_BREAKS = re.compile(r"\r\n|\r|\n")
_VALUE = re.compile(r"""^(?P<head>[-+ ][ ]*["']?[Vv]alue["']?:[ ]*)(?P<value>.*?)(?P<tail>,?)$""")
_PAIR = re.compile(r"""^(?P<head>[-+ ][ -]*["']?(?P<name>[\w.][\w.-]{0,199})["']?[:=][ ]*)(?P<value>[^$ ].*)$""")


class View:
    """The files that a report speaks of. Secrets are looked for when they are first asked for."""

    def __init__(self, sources: Mapping[str, Source], quiet: Iterable[Span] = ()) -> None:
        """Take the files by name, and the spans that rules about secrets point to."""
        self._sources = sources
        self._quiet: dict[str, list[Span]] = {}
        for span in quiet:
            self._quiet.setdefault(span.file, []).append(span)
        self._files: dict[str, _File] = {}
        self._editable: dict[str, Editable] = {}

    @classmethod
    def of(cls, sources: Mapping[str, Source], diagnostics: Iterable[Diagnostic], quiet: frozenset[str]) -> "View":
        """Return the view of a report; `quiet` are the names of the rules about secrets."""
        about = [one for one in diagnostics if one.rule in quiet]
        return cls(sources, [span for one in about for span in (one.span, *(other.span for other in one.related))])

    def lines(self, file: str) -> Sequence[str]:
        """Return the lines of a file, without line breaks; none of a file that was not read as a spec."""
        return self._file(file).lines if file in self._sources else ()

    def masked(self, file: str, number: int) -> Sequence[Range]:
        """Return the stretches of a line, numbered from 1, that are not to be shown, in order and apart."""
        return self._file(file).masked(number)

    def text(self, text: str) -> str:
        """Return a text, one of chuoigen's own or a generated one, without the secrets of the files.

        Takes no longer for many secrets than for one. One counts where it stands apart, a long one where it begins.
        """
        if not self._known:
            return text
        parts: list[str] = []
        done, index = 0, 0
        while index < len(text):
            length = self._secret_at(text, index)
            if length:
                parts += (text[done:index], MASK)
                done = index + length
            index += length or 1
        return "".join((*parts, text[done:]))

    def _secret_at(self, text: str, index: int) -> int:
        """Return how many characters of a secret stand at an index: 0 for none."""
        for secret in self._known.get(text[index : index + _SHORTEST], ()):
            end = index + len(secret)
            if _touches(text, index) or (text.startswith(secret, index) and _touches(text, end)):
                continue
            pairs = zip(secret, text[index:end], strict=False)
            shared = next((place for place, (one, other) in enumerate(pairs) if one != other), len(text[index:end]))
            if shared == len(secret) or shared >= _PREFIX:
                return shared
        return 0

    def difference(self, text: str) -> str:
        """Return a unified diff without secrets: those of the specs, and those that an earlier build left in a file."""
        lines, secret = [], False
        for line in self.text(text).split("\n"):
            value, pair = _VALUE.match(line) if secret else None, _PAIR.match(line)
            if value is not None:
                lines.append(f'{value["head"]}"{MASK}"{value["tail"]}')
            elif pair is not None and names_secret(pair["name"]) and pair["name"].isupper():
                lines.append(f"{pair['head']}{MASK}")
            else:
                lines.append(_without(line, joined(tuple(forms(line)))))
            name = re.search(r"""["']?[Nn]ame["']?:[ ]*["']([^"']{1,200})""", line)
            secret = name is not None and names_secret(name[1])
        return "\n".join(lines)

    def replacements(self, diagnostic: Diagnostic) -> tuple[Replacement, ...]:
        """Return what the fix of a diagnostic does to the text of its file; nothing where it would say a secret."""
        found = self._made(diagnostic.fix)
        return found if all(self.text(one.text) == one.text for one in found) else ()

    def can_be_fixed(self, diagnostic: Diagnostic) -> bool:
        """Say whether `lint --fix` puts a finding right: it has a safe fix, which its file as written admits."""
        return diagnostic.fix is not None and diagnostic.fix.safe and bool(self._made(diagnostic.fix))

    def _made(self, fix: Fix | None) -> tuple[Replacement, ...]:
        document = self._sources[fix.file].document if fix is not None and fix.file in self._sources else None
        if fix is None or document is None:
            return ()
        if fix.file not in self._editable:
            self._editable[fix.file] = Editable(document)
        try:
            return self._editable[fix.file].replacements(fix.edits)
        except EditRefusedError:
            return ()

    def reader(self, reader: Reader) -> Reader:
        """Return a reader who sees no secret in what is said."""
        return _Discreet(reader.language, reader.words, self)

    def _file(self, name: str) -> "_File":
        if name not in self._files:
            self._files[name] = _File(self._sources[name], self._quiet.get(name, ()))
        return self._files[name]

    @functools.cached_property
    def _known(self) -> dict[str, list[str]]:
        """The secrets of all files by how they begin, the longest first."""
        known: dict[str, list[str]] = {}
        texts = {text for name in self._sources for text in self._file(name).secrets.texts}
        for text in sorted(texts, key=lambda text: (-len(text), text)):
            known.setdefault(text[:_SHORTEST], []).append(text)
        return known


def shown_difference(text: str, sources: Mapping[str, Source]) -> str:
    """Return a unified diff of generated files as it may be shown: no secrets, and nothing that steers a terminal."""
    return escaped_lines(View(sources).difference(text))


def _touches(text: str, index: int) -> bool:
    """Say whether an index lies inside a word."""
    return 0 < index < len(text) and text[index - 1].isalnum() and text[index].isalnum()


class _File:
    """One file: its lines, and what is not to be shown of them."""

    def __init__(self, source: Source, quiet: Sequence[Span]) -> None:
        self._source = source
        self._quiet = quiet
        self.starts = [0, *(match.end() for match in _BREAKS.finditer(source.text))]
        self.lines = _BREAKS.split(source.text)

    @functools.cached_property
    def secrets(self) -> Secrets:
        found = secrets(self._source)
        spans = [
            (self._index(span.line, span.column), self._index(span.end_line, span.end_column)) for span in self._quiet
        ]
        texts = {self._source.text[start:end].strip("\"'") for start, end in spans}
        return Secrets(joined((*found.ranges, *spans)), found.texts | {text for text in texts if len(text) >= _PREFIX})

    def masked(self, number: int) -> Sequence[Range]:
        ranges, start = self.secrets.ranges, self.starts[number - 1]
        end = start + len(self.lines[number - 1])
        first = bisect_right(ranges, start, key=lambda one: one[1])
        last = bisect_left(ranges, end, key=lambda one: one[0])
        return [(max(low, start) - start, min(high, end) - start) for low, high in ranges[first:last]]

    def _index(self, line: int, column: int) -> int:
        return self.starts[line - 1] + column - 1 if line <= len(self.starts) else len(self._source.text)


class _Discreet(Reader):
    """A reader for whom secrets are masked in whatever is said."""

    view: View = View({})

    def text(self, message: Message, part: str = "message") -> str:
        return self.view.text(super().text(message, part))

    def raw(self, text: str) -> str:
        return self.view.text(text)


def _without(line: str, ranges: Sequence[Range]) -> str:
    for start, end in reversed(ranges):
        line = f"{line[:start]}{MASK}{line[end:]}"
    return line
