"""What one value takes from another: a `ref` has to point to something, and to be the only thing that is said."""

import difflib
from collections.abc import Iterator

from chuoigen.diagnostics import Severity
from chuoigen.lint.rule import Finding, Rule, Subject
from chuoigen.plan.references import known_references
from chuoigen.spec.values import WrittenArgument, WrittenValue
from chuoigen.yaml.document import KeyPath

_WAYS = "value, ref, ssm, secrets_manager"


def _values(subject: Subject) -> Iterator[tuple[KeyPath, str, WrittenValue | WrittenArgument]]:
    """Yield every value that may be a reference: where it stands, what it is, and what was written."""
    for name, container in subject.spec.containers.items():
        for variable, value in container.environment.items():
            yield ("containers", name, "environment", variable), f'variable "{variable}"', value
        for argument, written in (container.build.args if container.build else {}).items():
            yield ("containers", name, "build", "args", argument), f'build argument "{argument}"', written


def _said(value: WrittenValue | WrittenArgument) -> list[str]:
    keys = ("value", "ref", "ssm", "secrets_manager")
    return [key for key in keys if getattr(value, key, None) is not None]


def _unknown(subject: Subject) -> Iterator[Finding]:
    known = known_references(subject.spec)
    for path, what, value in _values(subject):
        if value.ref is None or value.ref in known:
            continue
        near = difflib.get_close_matches(value.ref, known, 1)
        listed = f"what can be referred to here: {', '.join(known)}"
        yield Finding(
            (*path, "ref"),
            f'{what} refers to "{value.ref}", which this spec does not have',
            f"write {{ ref: {near[0]} }}" if near else listed,
        )


def _ambiguous(subject: Subject) -> Iterator[Finding]:
    for path, what, value in _values(subject):
        said = _said(value)
        if len(said) == 1:
            continue
        ways = _WAYS if isinstance(value, WrittenArgument) else "value, ref"
        yield Finding(
            path,
            f"{what} says both {' and '.join(said)}" if said else f"{what} says no value",
            f"write exactly one of {ways}"
            if said
            else f'write the text itself ("" where it is empty), or one of {ways}',
        )


RULES: tuple[Rule, ...] = (
    Rule("CG601", "unknown-reference", Severity.ERROR, _unknown),
    Rule("CG602", "ambiguous-value", Severity.ERROR, _ambiguous),
)
