"""The rules of the language itself: what is reported while a spec is read, and what holds for every text in it."""

import re
from collections.abc import Iterator
from typing import Any

from chuoigen.diagnostics import Severity
from chuoigen.lint.rule import Finding, Rule, Subject
from chuoigen.messages import Message, Texts
from chuoigen.spec.model import Model
from chuoigen.spec.scalars import SEVERAL_LINES
from chuoigen.yaml.document import KeyPath

_say = Texts(__name__)

# What a reader of YAML lets through and some format takes for the end of a line, and the tab, by which the scripts
# tell columns apart. Other control characters are refused when the file is read.
_BREAK = "[\t\n\r\x85\u2028\u2029]"


def _texts(value: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, str, bool]]:
    """Yield every text of the spec that must be one line: its path as written, the text, and whether it is a key."""
    if isinstance(value, str):
        yield path, value, False
    elif isinstance(value, Model):
        for name, field in type(value).model_fields.items():
            item, below = getattr(value, name), (*path, field.alias or name)
            if SEVERAL_LINES not in field.metadata:
                yield from _texts(item, below)
            elif isinstance(item, dict):
                yield from (((*below, key), key, True) for key in item)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield (*path, key), key, True
            yield from _texts(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts(item, (*path, index))


def _several_lines(subject: Subject) -> Iterator[Finding]:
    for path, text, is_key in _texts(subject.spec):
        found = re.search(_BREAK, text)
        if found is not None:
            where = ".".join(re.sub(_BREAK, " ", str(key)) for key in path)
            variant = "several-lines.key" if is_key else "several-lines"
            yield Finding(path, _say(variant, where=where, character=_character(found[0])), on_key=is_key)


def _character(character: str) -> Message:
    match character:
        case "\t":
            return _say("character.tab")
        case "\n":
            return _say("character.line-end")
        case "\r":
            return _say("character.carriage-return")
    return _say("character.separator", code=f"{ord(character):04X}")


IGNORE_WITHOUT_REASON = Rule("CG020", "ignore-without-reason", Severity.ERROR, module=__name__)
UNUSED_IGNORE = Rule("CG021", "unused-ignore", Severity.WARNING, module=__name__)
INVALID_VALUE = Rule("CG013", "invalid-value", Severity.ERROR, module=__name__)
PARTIAL_SPEC = Rule("CG022", "partial-spec", Severity.ERROR, module=__name__)

RULES: tuple[Rule, ...] = (
    Rule("CG001", "invalid-yaml", Severity.ERROR, module=__name__),
    Rule("CG002", "duplicate-key", Severity.ERROR, module=__name__),
    Rule("CG003", "excessive-input", Severity.ERROR, module=__name__),
    Rule("CG004", "unusable-key", Severity.ERROR, module=__name__),
    Rule("CG010", "unusable-base", Severity.ERROR, module=__name__),
    Rule("CG011", "unknown-key", Severity.ERROR, module=__name__),
    Rule("CG012", "missing-key", Severity.ERROR, module=__name__),
    INVALID_VALUE,
    Rule("CG014", "unquoted-value", Severity.ERROR, module=__name__),
    Rule("CG015", "plain-secret", Severity.ERROR, module=__name__, secret=True),
    Rule("CG016", "duplicate-variable", Severity.ERROR, module=__name__),
    Rule("CG017", "compose-restart-policy", Severity.ERROR, module=__name__),
    Rule("CG018", "unfilled-value", Severity.ERROR, module=__name__),
    IGNORE_WITHOUT_REASON,
    UNUSED_IGNORE,
    PARTIAL_SPEC,
    Rule("CG641", "several-lines", Severity.ERROR, _several_lines, fallback=True, generated=True),
)
