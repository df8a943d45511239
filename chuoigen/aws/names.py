"""Names that AWS takes: which rule each kind has, and what to say about a name that breaks it."""

from __future__ import annotations

import re

from chuoigen.aws.name_rules import RULES, NameRule

AWS_NAMES: dict[str, NameRule] = {rule.kind: rule for rule in RULES}
"""Every kind of name that has a rule; the kind is also the word to use for it in a sentence."""


def complaint(kind: str, value: str) -> str | None:
    """Return what is wrong with a name, as the rest of a sentence about it, or None when nothing is.

    What is said first: empty, strange characters, a reserved beginning, the length, the form.
    Raises KeyError for a kind that is not in AWS_NAMES.
    """
    rule = AWS_NAMES[kind]
    if not value:
        return "is empty" if rule.min else None
    return _characters(rule, value) or _beginning(rule, value) or _length(rule, value) or _form(rule, value)


def _characters(rule: NameRule, value: str) -> str | None:
    usual = rule.allowed.startswith("A-Za-z0-9") and rule.allowed.endswith("-")
    if usual and value.isascii() and value.replace("-", "").isalnum():
        return None  # letters, digits and hyphens, as most names are: no expression to compile
    strange = dict.fromkeys(re.findall(f"[^{rule.allowed}]", value)) if rule.allowed else {}
    if not strange:
        return None
    listed = [_spoken(character) for character in list(strange)[:3]]
    seen = listed[0] if len(listed) == 1 else f"{', '.join(listed[:-1])} and {listed[-1]}"
    return f"contains {seen}, allowed are {rule.words}"


def _spoken(character: str) -> str:
    if character == " ":
        return "a space"
    return f'"{character}"' if character.isprintable() and character != '"' else f"U+{ord(character):04X}"


def _beginning(rule: NameRule, value: str) -> str | None:
    for prefix, keeper in rule.forbidden_prefixes:
        if value[: len(prefix)].lower() == prefix:
            return f'starts with "{value[: len(prefix)]}", which {keeper}'
    return None


def _length(rule: NameRule, value: str) -> str | None:
    if len(value) > rule.max:
        return f"is {len(value)} characters long, at most {rule.max} are allowed"
    if len(value) < rule.min:
        return f"is only {len(value)} long, at least {rule.min} characters are needed"
    return None


def _form(rule: NameRule, value: str) -> str | None:
    for expression, words in rule.faults:
        if re.search(expression, value):
            return words
    if rule.pattern and not re.fullmatch(rule.pattern, value, re.ASCII):
        return rule.form
    return None
