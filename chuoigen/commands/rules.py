"""`chuoigen rules`: every rule in a table, as text, JSON or Markdown."""

import itertools
import json
from collections.abc import Callable, Sequence

from chuoigen import rules
from chuoigen.lint.rule import Rule
from chuoigen.messages import ENGLISH, Reader
from chuoigen.report import rule_table
from chuoigen.report.outcome import Outcome

SUBJECTS = {
    "CG0": "Reading a spec",
    "CG1": "Task size",
    "CG2": "Containers and their parameters",
    "CG3": "Ports",
    "CG4": "Volumes and mounts",
    "CG5": "Start, stop and health",
    "CG6": "Environment, secrets and images",
    "CG7": "Network and load balancer",
    "CG8": "Service, names, scaling and logs",
    "CG9": "Connections and cut-over",
}
"""What the rules are about whose codes begin so."""


def table(layout: str = "text", *, elsewhere: bool = True, reader: Reader = ENGLISH) -> Outcome:
    """Return all rules in the layout `text`, `json` or `markdown`; `elsewhere` adds those of other packages' recipes.

    Raises KeyError for another layout.
    """
    listed = rules.everything(elsewhere=elsewhere)
    return Outcome(text=_LAYOUTS[layout](listed, reader))


def _json(listed: Sequence[Rule], reader: Reader) -> str:
    entries = [
        {
            "code": rule.code,
            "name": rule.name,
            "severity": rule.severity.value,
            "summary": reader.text(rule.title, "summary"),
        }
        for rule in listed
    ]
    return json.dumps({"version": 1, "rules": entries}, indent=2) + "\n"


def _markdown(listed: Sequence[Rule], reader: Reader) -> str:
    """Return a table for each subject; a rule's name leads to its page in the same folder."""
    parts = ["# Rules\n"]
    for subject, group in itertools.groupby(listed, key=lambda rule: rule.code[:3]):
        title = SUBJECTS.get(subject, "Recipes from elsewhere")
        parts.append(f"\n## {title}\n\n| code | rule | severity | what it reports |\n|---|---|---|---|\n")
        parts += (
            f"| {rule.code} | [{rule.name}]({rule.name}.md) | {rule.severity.value} | {_cell(reader, rule)} |\n"
            for rule in group
        )
    return "".join(parts)


def _cell(reader: Reader, rule: Rule) -> str:
    return reader.text(rule.title, "summary").replace("|", "\\|")


_LAYOUTS: dict[str, Callable[[Sequence[Rule], Reader], str]] = {
    "text": rule_table.lines,
    "json": _json,
    "markdown": _markdown,
}
