"""Names that AWS takes: which rule each kind has, and what is wrong with a name that breaks it.

A violation is the predicate of a sentence whose subject is the name: `{name} {violation}` in English,
`{name} は{violation}` in Japanese.
"""

from __future__ import annotations

import re

from chuoigen.aws.name_rules import RULES, Kind, NameRule
from chuoigen.messages import Message, Texts

__all__ = ["AWS_NAMES", "Kind", "noun", "violation"]

AWS_NAMES: dict[Kind, NameRule] = {rule.kind: rule for rule in RULES}
"""Every kind of name that has a rule."""

_SHOWN_MAX = 3
_say = Texts(__name__)


def noun(kind: Kind) -> Message:
    """Return the word for a kind of name: `security group`."""
    return _say(f"kind.{kind}")


def violation(kind: Kind, value: str) -> Message | None:
    """Return what is wrong with a name, or None when nothing is.

    What is said first: empty, strange characters, a reserved beginning, the length, the form. The ids are `empty`,
    `characters`, `reserved.…`, `too-long`, `too-short`, `fault.…` and `form.…`.
    """
    rule = AWS_NAMES[kind]
    if not value:
        return _say("empty") if rule.min else None
    return _characters(rule, value) or _beginning(rule, value) or _length(rule, value) or _form(rule, value)


def _characters(rule: NameRule, value: str) -> Message | None:
    allowed, words = rule.allowed
    usual = allowed.startswith("A-Za-z0-9") and allowed.endswith("-")
    if usual and value.isascii() and value.replace("-", "").isalnum():
        return None  # letters, digits and hyphens, as most names are: no expression to compile
    strange = dict.fromkeys(re.findall(f"[^{allowed}]", value)) if allowed else {}
    if not strange:
        return None
    seen = tuple(_character(character) for character in list(strange)[:_SHOWN_MAX])
    return _say("characters", characters=seen, allowed=_say(f"allowed.{words}"))


def _character(character: str) -> Message:
    if character == " ":
        return _say("character.space")
    if character.isprintable() and character != '"':
        return _say("character.printable", character=character)
    return _say("character.code", code=f"U+{ord(character):04X}")


def _beginning(rule: NameRule, value: str) -> Message | None:
    for prefix, keeper in rule.reserved:
        if value[: len(prefix)].lower() == prefix:
            return _say(f"reserved.{keeper}", prefix=value[: len(prefix)])
    return None


def _length(rule: NameRule, value: str) -> Message | None:
    if len(value) > rule.max:
        return _say("too-long", length=len(value), most=rule.max)
    if len(value) < rule.min:
        return _say("too-short", length=len(value), least=rule.min)
    return None


def _form(rule: NameRule, value: str) -> Message | None:
    for expression, words in rule.faults:
        if re.search(expression, value):
            return _say(f"fault.{words}")
    if rule.pattern and not re.fullmatch(rule.pattern, value, re.ASCII):
        return _say(f"form.{rule.kind}")
    return None
