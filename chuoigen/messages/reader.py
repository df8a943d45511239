"""Messages into text: catalogues of each language, placeholders by name, keys in the words of the file that was read.

A catalogue is YAML. An entry is a text (its message), or a mapping with the parts `message`, `help`, `summary` and
`foreign` (the help for the reader of a file of another format, where that is another one), and with entries below it;
an id such as `env-file-format.no-object` leads down the mappings. A help that an entry does not have is that of the
entry above it.

Placeholders in a text:

| written | becomes |
|---|---|
| `{name}` | the argument; a list with commas, a number as digits |
| `{count:#container|containers}` | the number with the word that fits it |
| `{count:is|are}` | the word that fits the number, alone |
| `{items:or}`, `{items:and}` | a list as a sentence has it |
| `{path:dotted}` | a list as a path |
| `{reason:help}` | the help of an argument that is a message |
| `{items:quoted}`, `{items:quoted or}`, `{items:quoted and}` | the same, each item in double quotes |
| `{stop_timeout!k}` | the key of that path, in the words of the file that was read |
| `{{name}}` | the characters `{name}` |

Any other brace is text, so that a piece of a spec stands in a text as it is written: `{ ssm: /path }`.
"""

from __future__ import annotations

import functools
import importlib.util
import pathlib
import re
from typing import TYPE_CHECKING, Any, Protocol

import yaml

from chuoigen.messages.message import InLanguages, Key, Message
from chuoigen.record import Record

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chuoigen.messages.message import Argument, KeyPath

LANGUAGES = ("en", "ja")
"""The languages that every catalogue of chuoigen has; the first is what a missing text falls back to."""

_FOREIGN = "foreign"
_PLACEHOLDER = re.compile(r"\{(\{[a-z_]\w*\})\}|\{([a-z_][\w.]*)(!k)?(?::([^{}]*))?\}")
# Only text comes from a catalogue, so that `no` and `1.10` are what they look like.
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_LISTS = {
    "en": {"": (", ", ", "), "dotted": (".", "."), "or": (", ", " or "), "and": (", ", " and ")},
    "ja": {"": ("、", "、"), "dotted": (".", "."), "or": ("、", " または "), "and": ("、", " と ")},
}


class Words(Protocol):
    """The words of a format for the keys of the language."""

    def word(self, path: KeyPath) -> str:
        """Return how the format spells the last key of a path."""


class _SpecWords:
    def word(self, path: KeyPath) -> str:
        return str(path[-1]) if path else ""


SPEC_WORDS: Words = _SpecWords()
"""The words of a spec: the language's own."""


class Reader(Record):
    """Who reads: the language, and the words of the file that the reader wrote."""

    language: str = LANGUAGES[0]
    words: Words = SPEC_WORDS

    def text(self, message: Message, part: str = "message") -> str:
        """Return the text of a message, or another part of its entry ("" where the entry has none).

        Raises KeyError for an id that no catalogue has, and for a placeholder without an argument.
        """
        if not message.module:
            return message.id if part == "message" else str(message.named.get(part, ""))
        return self._filled(template(message, self.language, part), message)

    def help(self, message: Message) -> str:
        """Return what to do about it, for the reader of this file; "" where nothing is said."""
        return self.text(message, "help" if self.words is SPEC_WORDS else _FOREIGN)

    def raw(self, text: str) -> str:
        """Return text that is an argument, as this reader may see it."""
        return text

    def _filled(self, text: str, message: Message) -> str:
        arguments = message.named

        def value(match: re.Match[str]) -> str:
            literal, name, key, form = match.groups()
            if literal:
                return str(literal)
            if key:
                return self.words.word(tuple(name.split(".")))
            return self._formed(arguments[name], form or "")

        return _PLACEHOLDER.sub(value, text)

    def _formed(self, argument: Argument, form: str) -> str:
        if "|" in form:
            one, many = form.removeprefix("#").split("|")
            word = one if argument == 1 else many
            return f"{self._shown(argument)} {word}" if form.startswith("#") else word
        if isinstance(argument, tuple):
            return self._listed(argument, form)
        if isinstance(argument, Message) and form == "help":
            return self.help(argument)
        return self._shown(argument)

    def _listed(self, items: Sequence[Argument], form: str) -> str:
        shown = [self._shown(item) for item in items]
        if form.startswith("quoted"):
            shown, form = [f'"{item}"' for item in shown], form.removeprefix("quoted").strip()
        between, last = _LISTS[self.language][form]
        return last.join([between.join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)

    def _shown(self, argument: Argument) -> str:
        if isinstance(argument, Message):
            return self.text(argument)
        if isinstance(argument, Key):
            return self.words.word(argument.path)
        if isinstance(argument, InLanguages):
            return argument.text(self.language)
        return self._listed(argument, "") if isinstance(argument, tuple) else str(argument)


ENGLISH = Reader()


def asked_language(environment: Mapping[str, str]) -> str:
    """Return the language that the locale of an environment asks for; the first variable that is set decides."""
    variables = (environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    locale = next(filter(None, variables), "")
    return next((language for language in LANGUAGES if locale.startswith(language)), LANGUAGES[0])


def template(message: Message, language: str, part: str = "message") -> str:
    """Return a part of a message's entry with its placeholders; English where a language lacks the entry."""
    for chosen in dict.fromkeys((language, LANGUAGES[0])):
        entries = _entries(catalogue(message.module, chosen), message.id)
        if entries:
            return _part(entries, part)
    raise KeyError(f"{message.module} has no text {message.id}")


def _entries(entry: Any, name: str) -> list[Any]:
    """Return the entry of an id behind those that it lies in, innermost first; none when there is no such entry."""
    found: list[Any] = []
    for word in name.split("."):
        if not isinstance(entry, dict) or word not in entry:
            return []
        entry = entry[word]
        found.insert(0, entry)
    return found


def _part(entries: list[Any], part: str) -> str:
    if isinstance(entries[0], str) and part == "message":
        return entries[0]
    if part not in ("help", _FOREIGN):
        entries = entries[:1]
    for holder in entries:
        found = holder.get(part, holder.get("help") if part == _FOREIGN else None) if isinstance(holder, dict) else None
        if found is not None:
            return str(found)
    return ""


@functools.cache
def catalogue(module: str, language: str, folder: str = "messages") -> dict[str, Any]:
    """Return what `<folder>/<language>/` beside a module says for it; nothing where there is no such file."""
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        return {}
    origin = pathlib.Path(spec.origin)
    stem = module.rpartition(".")[2]
    file = origin.parent / folder / language / f"{stem}.yaml"
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    read: dict[str, Any] = yaml.load(text, Loader=_LOADER)  # noqa: S506  a base loader makes nothing but text
    return read
