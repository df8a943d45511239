"""Lines of a spec into the stretches of them that are not to be shown, because a secret may stand there."""

import re
from collections.abc import Callable, Iterator, Sequence

from chuoigen.diagnostics import Span

Range = tuple[int, int]

LONG = 2000
"""Characters from which a line was not written by hand: behind its first secretive word nothing is shown at all."""

# Every repetition is bounded, so that no line takes long to look at.
_WORD = (
    "(?:secret|passw|passphrase|pwd|token|authorization|credential|(?:api|access|private|encryption|signing)[-_. ]?key)"
)
_SECRETIVE = re.compile(_WORD, re.IGNORECASE)
_SEPARATOR = (
    r"""(?:["'][ \t]{0,8}:|[ \t]{0,8}:(?=[ \t"'{\[]|$)|["']?[ \t]{0,8}=)[ \t]{0,80}(?:[!&]\S{0,80}[ \t]{1,8}){0,2}"""
)
_KEY = re.compile(rf"(?P<key>{_WORD}[\w.-]{{0,80}}){_SEPARATOR}", re.IGNORECASE)
_OPTION = re.compile(
    rf"""--?[\w-]{{0,40}}{_WORD}[\w-]{{0,80}}["']?(?:[ \t]{{0,8}},[ \t]{{0,8}}|[ \t]{{1,8}})""", re.IGNORECASE
)
_PAIR = re.compile(rf"(?P<key>[\w.-]{{1,120}}){_SEPARATOR}")
_LINE_KEY = re.compile(
    rf"""[ ]*(?:-[ \t]{{1,80}}){{0,9}}(?P<start>["']?)(?P<key>[\w.$/-][\w.$/ -]{{0,120}}?){_SEPARATOR}"""
)
_DASHES = re.compile(r"[ \t]*(?:-[ \t]+)*")
_BY_FORM = (
    re.compile(r"://[^/\s:@]{0,200}:(?P<value>[^/\s@]{1,400})@"),
    re.compile(r"(?P<value>\bA(?:KIA|SIA)[0-9A-Z]{16}\b)"),
)

_REFERENCES = frozenset({"ssm", "secrets_manager", "key", "version_stage", "version_id", "ref"})
"""Keys that say where a secret is kept: their values are no secrets."""


class Masks:
    """What is masked in each line of one file; nothing is looked at before a line is asked for."""

    def __init__(self, lines: Sequence[str], quiet: Sequence[Span]) -> None:
        """Take the file's lines, and the spans in it that were found to be secrets."""
        self._lines = lines
        self._spans: dict[int, list[Range]] = {}
        for span in quiet:
            for number in range(span.line, min(span.end_line, len(lines)) + 1):
                first = span.column - 1 if number == span.line else 0
                last = span.end_column - 1 if number == span.end_line else len(lines[number - 1])
                self._spans.setdefault(number, []).append((first, last))
        self._below: list[bool] = []
        self._known: dict[int, list[Range]] = {}

    def of(self, number: int) -> list[Range]:
        """Return the stretches of the line of this number (from 1) that are not to be shown, in order and apart."""
        if number not in self._known:
            self._below = self._below or _below_secretive(self._lines, self._accused)
            line = self._lines[number - 1]
            found = [*self._spans.get(number, ()), *_values(line)]
            if self._below[number - 1] or self._accused(number, line):
                found += _whole_value(line)
            self._known[number] = _joined(found)
        return self._known[number]

    def _accused(self, number: int, line: str) -> bool:
        """Say whether a span that was found to be a secret begins with the key of the line: its value is meant."""
        match = _LINE_KEY.match(line) if number in self._spans else None
        return match is not None and any(span[0] == match.start("start") for span in self._spans[number])


def _below_secretive(lines: Sequence[str], accused: Callable[[int, str], bool]) -> list[bool]:
    """Say of each line whether it stands, by its indentation, below a key that looks like a secret's."""
    below: list[bool] = []
    above: list[tuple[int, bool]] = []
    for number, line in enumerate(lines, start=1):
        body = line.lstrip(" ")
        # A list may stand as far left as its key, so a dash counts as half a step further in.
        depth = 2 * (len(line) - len(body)) + (body == "-" or body.startswith("- "))
        structure = body and not body.startswith("#")  # or, in a block of text, more of it
        while structure and above and above[-1][0] >= depth:
            above.pop()
        secret = bool(above) and above[-1][1] and (not body or depth > above[-1][0])
        below.append(secret)
        match = _LINE_KEY.match(line) if structure else None
        if match:
            own = secret or bool(_SECRETIVE.search(match["key"])) or accused(number, line)
            above.append((2 * match.start("start"), own and match["key"] not in _REFERENCES))
    return below


def _values(line: str) -> Iterator[Range]:
    """Yield what stands behind a key or an option that looks like a secret's, and what is one by its form."""
    for pattern in _BY_FORM:
        yield from (match.span("value") for match in pattern.finditer(line))
    if len(line) > LONG:
        yield from ((match.end(), len(line)) for match in [_SECRETIVE.search(line)] if match)
        return
    for match in _KEY.finditer(line):
        if match["key"] not in _REFERENCES or line[max(0, match.start() - 1)].isalnum():
            yield from _value(line, match.end())
    for match in _OPTION.finditer(line):
        yield match.end(), _end_of_word(line, match.end())


def _whole_value(line: str) -> Iterator[Range]:
    """Yield what a line below a secretive key holds, unless it only says where the secret is kept."""
    match = _LINE_KEY.match(line)
    opening = match or _DASHES.match(line)
    start = opening.end() if opening else 0
    if match is None or match["key"] not in _REFERENCES:
        yield from _value(line, start)


def _value(line: str, start: int) -> Iterator[Range]:
    """Yield the value that begins at `start`; of a collection, what it holds besides references."""
    if line[start : start + 1] not in ("{", "["):
        yield start, _end(line, start)
        return
    end = _closing(line, start)
    pairs = list(_PAIR.finditer(line, start, end))
    if not pairs:
        yield start + 1, end
    for pair in pairs:
        if pair["key"] not in _REFERENCES and line[pair.end() : pair.end() + 1] not in ("{", "["):
            yield pair.end(), min(end, _end(line, pair.end()))


def _closing(line: str, start: int) -> int:
    """Return the index of the bracket that closes the one at `start`, or the end of the line."""
    depth, index = 0, start
    while index < len(line):
        character = line[index]
        if character in "\"'" and line[index - 1] in " \t,:[{":
            index = _end_of_quoted(line, index) - 1
        depth += (character in "{[") - (character in "}]")
        if depth == 0:
            return index
        index += 1
    return index


def _end(line: str, start: int) -> int:
    """Return the index at which a single value ends; in doubt the end of the line."""
    before = line[:start]
    if line[start : start + 1] in ("'", '"'):
        return _end_of_quoted(line, start)
    for quote in "\"'":
        if before.count(quote) % 2:
            closing = line.find(quote, start)
            return closing if closing >= 0 else len(line)
    inside = sum(map(before.count, "{[")) > sum(map(before.count, "}]"))
    stop = re.compile(r"[,}\]]| #" if inside else " #").search(line, start)
    return len(line[: stop.start()].rstrip()) if stop else len(line)


def _end_of_word(line: str, start: int) -> int:
    if line[start : start + 1] in ("'", '"'):
        return _end_of_quoted(line, start)
    stop = re.compile(r"""[\s"',\]]""").search(line, start)
    return stop.start() if stop else len(line)


def _end_of_quoted(line: str, start: int) -> int:
    pattern = r'"(?:[^"\\]|\\.)*"?' if line[start] == '"' else r"'(?:[^']|'')*'?"
    match = re.compile(pattern).match(line, start)
    return match.end() if match else len(line)


def _joined(found: Sequence[Range]) -> list[Range]:
    """Return the ranges in order, those that touch as one, without empty ones."""
    joined: list[Range] = []
    for start, end in sorted(item for item in found if item[0] < item[1]):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
