"""Alter one place of one generated file at a time, by rule: every place that a rule fits gives a mutant."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.proof.builds import Build

SWITCHES = {
    "true": "false",
    "on": "off",
    "yes": "no",
    "True": "False",
    "ENABLED": "DISABLED",
    "IMMUTABLE": "MUTABLE",
    "internal": "internet-facing",
}
OPPOSITE = {**SWITCHES, **{value: key for key, value in SWITCHES.items()}}
OPERATORS = {" = ": " != ", " != ": " = ", "-z ": "-n ", "-n ": "-z ", " && ": " || ", " || ": " && ", " -eq ": " -ne "}
# What follows is read by people only.
_SPOKEN = re.compile(r"(?:(?<=\s)|^)(?:say|die|fail|fault|missing|usage:)(?=\s+[\"'])|printf '(?:%s\\n' \"|usage)")


@dataclass(frozen=True)
class Mutant:
    """A build with one place altered; `text` is the whole file."""

    build: str
    path: str
    line: int
    kind: str
    change: str
    text: str

    @property
    def order(self) -> str:
        """A sort key that mixes files and kinds, and is the same on every machine."""
        return hashlib.sha256(f"{self.build} {self.path} {self.line} {self.kind} {self.change}".encode()).hexdigest()


def mutants(build: Build) -> Iterator[Mutant]:
    """Give every mutant of a build. The manifest is left out: digests of all the rest, it would be altered by each."""
    names = [*build.plan.containers, *build.plan.volumes, *build.plan.backends]
    for path, text in build.files.items():
        if path.endswith(".json"):
            if path != "manifest.json":
                yield from _structural(build.name, path, text)
            continue
        seen = {text}
        for kind, line, change, altered in _textual(path, text, names):
            if altered not in seen:
                seen.add(altered)
                yield Mutant(build.name, path, line, kind, change, altered)


def _structural(build: str, path: str, text: str) -> Iterator[Mutant]:
    """Alter the values of a JSON file, drop its members and items, rename its keys, exchange neighbours."""
    for number, (kind, change, altered) in enumerate(_altered(json.loads(text))):
        yield Mutant(build, path, number, kind, change, json.dumps(altered, indent=2, ensure_ascii=False) + "\n")


def _altered(value: Any, where: str = "") -> Iterator[tuple[str, str, Any]]:
    if isinstance(value, dict):
        for key, one in value.items():
            place = f"{where}.{key}".lstrip(".")
            yield "dropped", place, {name: other for name, other in value.items() if name != key}
            yield "renamed", place, {f"{name}x" if name == key else name: other for name, other in value.items()}
            yield from ((kind, change, {**value, key: other}) for kind, change, other in _altered(one, place))
    elif isinstance(value, list):
        for number, one in enumerate(value):
            place = f"{where}[{number}]"
            yield "dropped", place, [*value[:number], *value[number + 1 :]]
            for kind, change, other in _altered(one, place):
                yield kind, change, [*value[:number], other, *value[number + 1 :]]
    elif isinstance(value, bool):
        yield "switched", where, not value
    elif isinstance(value, int):
        yield "number", f"{where} {value + 1}", value + 1
    elif isinstance(value, str):
        yield "renamed", where, f"{value}x"
        for found in re.finditer(r"(?<![\w-])\d+(?![\w-])", value):
            altered = f"{value[: found.start()]}{int(found[0]) + 1}{value[found.end() :]}"
            yield "number", f"{where} {altered}", altered


def _textual(path: str, text: str, names: list[str]) -> Iterator[tuple[str, int, str, str]]:
    """Alter a text line by line; comments and what only people read stay."""
    lines = text.split("\n")
    fenced = False
    for number, line in enumerate(lines):
        fenced ^= line.startswith("```")
        spans = list(_spans(path, line, fenced=fenced))
        for kind, change, altered in _line(path, line, spans, names):
            rest = [] if altered is None else [altered]
            yield kind, number + 1, change, "\n".join([*lines[:number], *rest, *lines[number + 1 :]])


def _spans(path: str, line: str, *, fenced: bool) -> Iterator[tuple[int, int]]:
    """Give the parts of a line that a tool or a decision depends on."""
    bare = line.strip()
    if path.endswith(".md"):
        if fenced:
            yield from [] if bare.startswith(("```", "#")) else [(0, len(line))]
        elif not bare.startswith("<!--"):
            yield from (found.span() for found in re.finditer(r"`[^`]+`|\]\([^)]+\)|\*\*\d+\*\*|\d[\d ×+=]*", line))  # noqa: RUF001
    elif path.endswith(".svg"):
        # Coordinates stay: a pixel more or less is not wrong, and the browser's geometry has a test of its own.
        yield from (found.span(1) for found in re.finditer(r">([^<>{}]+)</|class=\"([^\"]*)\"", line) if found[1])
        yield from (found.span(1) for found in re.finditer(r"class=\"([^\"]*)\"", line))
    elif bare and not bare.startswith("#"):
        end = len(line)
        if re.search(r"printf .*>&2$", bare):
            return
        if spoken := _SPOKEN.search(bare):
            end = line.index(bare) + spoken.start()
        comment = re.search(r"\s# ", line)
        yield 0, min(end, comment.start() if comment else end)


def _line(
    path: str, line: str, spans: list[tuple[int, int]], names: list[str]
) -> Iterator[tuple[str, str, str | None]]:
    shell = path.endswith(".sh")
    for start, end in spans:
        part = line[start:end]
        # Words of a picture are prose, apart from names and what styles it.
        prose = path.endswith(".svg") and line[start - 7 : start] != 'class="'
        for kind, place, length, put in _places(part, names, shell=shell, prose=prose):
            if part[:place].endswith("/dev/"):
                continue  # what runs as root would make a file there
            at = start + place
            yield kind, f"{line[at : at + length]} → {put}", line[:at] + put + line[at + length :]
    code = path.endswith((".md", ".svg"))
    if spans and not code and spans[0][1] > 0 and line[spans[0][0] : spans[0][1]].strip():
        yield "dropped", line.strip()[:60], None
    if path.endswith(".md") and line.startswith("| ") and not line.startswith("|--"):
        yield "dropped", line.strip()[:60], None
    if path.endswith(".svg") and re.match(r"\s*<(text|rect|path|circle|line)\b.*(/>|</\w+>)$", line):
        yield "dropped", line.strip()[:60], None


def _places(part: str, names: list[str], *, shell: bool, prose: bool) -> Iterator[tuple[str, int, int, str]]:
    for found in re.finditer(r"(?<![\w.-])\d+(?![\w.-]*[g-rt-z]\w)", part):
        yield "number", found.start(), len(found[0]), str(int(found[0]) + 1)
    for found in re.finditer(r"(?<![\w-])[A-Za-z]\w+(?![\w-])", part):
        if found[0] in OPPOSITE and not prose:
            yield "switched", found.start(), len(found[0]), OPPOSITE[found[0]]
        elif found[0] in names and len(names) > 1:
            other = names[(names.index(found[0]) + 1) % len(names)]
            yield "exchanged", found.start(), len(found[0]), other
    for found in re.finditer(r"(?<=/)[A-Za-z][\w.-]*", part):
        yield "path", found.start(), len(found[0]), f"{found[0]}x"
    for found in re.finditer(r"[A-Za-z_][\w-]{2,}", part) if not prose else ():
        yield "renamed", found.start(), len(found[0]), f"{found[0]}x"
    for operator, other in OPERATORS.items() if shell else ():
        for found in re.finditer(re.escape(operator), part):
            yield "operator", found.start(), len(operator), other
