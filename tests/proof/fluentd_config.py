"""A strict parser of fluentd's configuration format, and of the types that its values have.

Written from the documentation (docs.fluentd.org: "Config File Syntax" and "Configuration Parameter Types", checked
2026-11-23). Stricter than fluentd, which takes 8MB for 8 bytes and maybe for true, and only warns of what it ignores.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

SIZES = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}
SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
TRUTH = {"true": True, "yes": True, "false": False, "no": False}
ESCAPES = {'"': '"', "\\": "\\", "#": "#", "n": "\n", "t": "\t", "r": "\r", "f": "\f", "b": "\b"}

_OPENING = re.compile(r"<([a-z][a-z0-9_]*)(?:[ \t]+([^>\n]*?))?[ \t]*>")
_CLOSING = re.compile(r"</([a-z][a-z0-9_]*)>")
_NAME = re.compile(r"@?[A-Za-z_][A-Za-z0-9_]*")


class FluentdSyntaxError(ValueError):
    """What fluentd would refuse, or understand as something else than it looks like."""


@dataclass(frozen=True)
class Parameter:
    """A parameter: `value` as fluentd holds it, with Ruby code left as written; `ruby` is that code, piece by piece."""

    name: str
    value: str
    line: int
    quote: str = ""
    ruby: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    """A section; the root has no name."""

    name: str
    argument: str
    line: int
    parameters: tuple[Parameter, ...]
    sections: tuple[Section, ...]

    def get(self, name: str) -> str | None:
        return next((parameter.value for parameter in self.parameters if parameter.name == name), None)

    def named(self, name: str) -> list[Section]:
        """Return the sections directly below that have this name."""
        return [section for section in self.sections if section.name == name]

    @property
    def type(self) -> str | None:
        return self.get("@type")


def parse(text: str) -> Section:
    """Return the root section. Raises FluentdSyntaxError, which names the line."""
    reader = _Reader(text)
    root = reader.section("", "", 1)
    if not reader.at_end:
        raise reader.error("closes a section that is not open")
    return root


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    @property
    def at_end(self) -> bool:
        return self.at >= len(self.text)

    @property
    def line(self) -> int:
        return self.text.count("\n", 0, self.at) + 1

    def error(self, message: str) -> FluentdSyntaxError:
        return FluentdSyntaxError(f"line {self.line}: {message}")

    def section(self, name: str, argument: str, line: int) -> Section:
        """Read the body of a section up to its end, which for the root is the end of the text."""
        parameters: list[Parameter] = []
        sections: list[Section] = []
        while True:
            self._blank()
            if self.at_end or self.text.startswith("</", self.at):
                break
            if opening := self._take(_OPENING):
                start = self.line
                self._end_of_line()
                sections.append(self.section(opening[1], opening[2] or "", start))
            else:
                parameters.append(self._parameter({parameter.name for parameter in parameters}))
        if name:
            closing = self._take(_CLOSING)
            if closing is None or closing[1] != name:
                raise self.error(f"<{name}> of line {line} is not closed here")
            self._end_of_line()
        return Section(name, argument, line, tuple(parameters), tuple(sections))

    def _take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        found = pattern.match(self.text, self.at)
        if found:
            self.at = found.end()
        return found

    def _blank(self) -> None:
        """Pass white space and the comments that fill a line."""
        self._take(re.compile(r"(?:[ \t\n]|#[^\n]*(?:\n|\Z))*"))

    def _end_of_line(self) -> None:
        if not self._take(re.compile(r"[ \t]*(?:#[^\n]*)?(?:\n|\Z)")):
            raise self.error("something follows on the line")

    def _parameter(self, known: set[str]) -> Parameter:
        line = self.line
        name = self._take(_NAME)
        if name is None:
            raise self.error("here is neither a parameter nor a section")
        if name[0] in known:
            raise self.error(f"{name[0]} is given twice; fluentd takes the last")
        if not self._take(re.compile(r"[ \t]+(?=[^\s#])")):
            raise self.error(f"{name[0]} has no value")
        return self._value(name[0], line)

    def _value(self, name: str, line: int) -> Parameter:
        first = self.text[self.at]
        if first == '"':
            parameter = self._double_quoted(name, line)
        elif first == "'":
            quoted = self._take(re.compile(r"'((?:[^'\\\n]|\\['\\])*)'"))
            if quoted is None:
                raise self.error(f"the quotation of {name} does not end")
            parameter = Parameter(name, re.sub(r"\\(['\\])", r"\1", quoted[1]), line, "'")
        elif first in "[{" and (found := self._json()) is not None:
            parameter = Parameter(name, found, line, first)
        else:
            plain = self._take(re.compile(r"[^\n]*?(?=[ \t]+#|[ \t]*(?:\n|\Z))"))
            parameter = Parameter(name, plain[0] if plain else "", line)
        self._end_of_line()
        return parameter

    def _json(self) -> str | None:
        try:
            _, end = json.JSONDecoder().raw_decode(self.text, self.at)
        except ValueError:
            return None
        start, self.at = self.at, end
        return self.text[start:end]

    def _double_quoted(self, name: str, line: int) -> Parameter:
        self.at += 1
        value: list[str] = []
        ruby: list[str] = []
        while not self.text.startswith('"', self.at):
            if self.at_end or self.text[self.at] == "\n":
                raise self.error(f"the quotation of {name} does not end")
            if self.text.startswith("#{", self.at):
                ruby.append(self._ruby())
                value.append(f"#{{{ruby[-1]}}}")
            elif self.text[self.at] == "\\":
                escaped = self.text[self.at + 1 : self.at + 2]
                if escaped not in ESCAPES or not escaped:
                    raise self.error(f"\\{escaped} means nothing in a string")
                value.append(ESCAPES[escaped])
                self.at += 2
            else:
                value.append(self.text[self.at])
                self.at += 1
        self.at += 1
        return Parameter(name, "".join(value), line, '"', tuple(ruby))

    def _ruby(self) -> str:
        """Read `#{…}`: braces inside have to balance, and strings of Ruby may not hold a brace."""
        depth, start = 0, self.at + 2
        for place in range(self.at + 1, len(self.text)):
            character = self.text[place]
            depth += {"{": 1, "}": -1}.get(character, 0)
            if character == "\n":
                break
            if depth == 0:
                self.at = place + 1
                return self.text[start:place]
        raise self.error("the Ruby code does not end")


def usual(value: str) -> str:
    """Return a value with the default in the place of Ruby code that asks for a variable first."""
    return re.sub(r"#\{ENV\['\w+'\] \|\| '([^']*)'\}", r"\1", value)


def convert(value: str, type_: str, allowed: tuple[str, ...] = ()) -> Any:
    """Return a value in its type: sizes in bytes, times in seconds. Raises ValueError for what is not exactly of it."""
    match type_:
        case "array" | "hash":
            return _collection(value, type_)
        case "enum":
            if value not in allowed:
                raise ValueError(f"{value} is none of {', '.join(allowed)}")
        case "bool":
            return TRUTH[_matching(r"true|yes|false|no", value, type_)[0]]
        case "integer":
            return int(_matching(r"-?\d+", value, type_)[0])
        case "float":
            return float(_matching(r"-?\d+(\.\d+)?", value, type_)[0])
        case "size":
            found = _matching(r"(\d+)([kmgtKMGT]?)", value, type_)
            return int(found[1]) * SIZES[found[2].lower()]
        case "time":
            found = _matching(r"(\d+)([smhd])|(\d+(?:\.\d+)?)()", value, type_)
            return float(found[1] or found[3]) * SECONDS[found[2] or ""]
        case "string":
            pass
        case _:
            raise ValueError(f"{type_} is not a type of fluentd's")
    return value


def _collection(value: str, type_: str) -> Any:
    """Read an array or a hash, as JSON or in the short form with commas and colons."""
    if value.startswith(("[", "{")):
        return json.loads(value)
    items = [item.strip() for item in value.split(",")]
    if type_ == "array":
        return items
    return {key.strip(): item.strip() for key, item in (each.split(":", 1) for each in items)}


def _matching(pattern: str, value: str, type_: str) -> re.Match[str]:
    found = re.fullmatch(pattern, value)
    if found is None:
        raise ValueError(f"{value!r} is not of the type {type_}")
    return found
