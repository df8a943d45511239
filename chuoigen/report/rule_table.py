"""Rules in lines of text: code, name, severity and what each reports."""

from collections.abc import Sequence

from chuoigen.lint.rule import Rule
from chuoigen.messages import Reader


def lines(listed: Sequence[Rule], reader: Reader) -> str:
    """Return one line a rule, in columns."""
    name = max((len(rule.name) for rule in listed), default=0)
    severity = max((len(rule.severity.value) for rule in listed), default=0)
    return "".join(
        f"{rule.code}  {rule.name:<{name}}  {rule.severity.value:<{severity}}  {reader.text(rule.title, 'summary')}\n"
        for rule in listed
    )
