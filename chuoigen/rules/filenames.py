"""Names of the spec that become names of generated files."""

import re
from collections.abc import Iterable, Iterator

from chuoigen import recipes
from chuoigen.diagnostics import Severity
from chuoigen.lint.rule import Finding, Rule, Subject

_BACKEND = r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}"
_RULE_FILE = "-ingress-"
"""What stands between a group's key and a port in the name of a rule's file."""


def _backend_name(subject: Subject) -> Iterator[Finding]:
    for name in subject.spec.backends:
        shown = " ".join(name.split())
        if not re.fullmatch(_BACKEND, name):
            fault = "is not a name of at most 64 letters, digits, hyphens, underscores and dots"
        elif _RULE_FILE in name.lower():
            fault = f'contains "{_RULE_FILE}", by which the files of rules are known'
        else:
            continue
        yield Finding(
            ("backends", name),
            f'backend name "{shown}" {fault}',
            "rename the backend: generated files carry its name",
            on_key=True,
        )


def _same_in_lower_case(section: str, names: Iterable[str]) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for name in names:
        before = first.setdefault(name.casefold(), name)
        if before != name:
            yield Finding(
                (section, name),
                f'"{before}" and "{name}" differ in case only, and so would their files, which many disks take for one',
                "rename one of the two",
                on_key=True,
                related=(((section, before), "the other is here"),),
            )


def _case(subject: Subject) -> Iterator[Finding]:
    written = [each.name for each in subject.plan.built if recipes.named(each.recipe).files]
    yield from _same_in_lower_case("containers", written)
    yield from _same_in_lower_case("backends", (group.key for group in subject.plan.groups if group.id is None))


RULES: tuple[Rule, ...] = (
    Rule("CG836", "names-alike", Severity.ERROR, _case),
    Rule("CG837", "backend-name-format", Severity.ERROR, _backend_name),
)
