"""Overrides: members of ECS that a spec lays over what is generated."""

from collections.abc import Iterator, Mapping
from typing import Any

from chuoigen.diagnostics import Severity
from chuoigen.lint.each import each
from chuoigen.lint.rule import Finding, Rule, Subject
from chuoigen.messages import Texts
from chuoigen.yaml.document import KeyPath

_say = Texts(__name__)


_SERVICE = "CreateService"
_FOUND_BY = ("cluster", "serviceName", "taskDefinition", "clientToken", "tags")
"""Members of CreateService by which the scripts find the service and know what it was made with."""


def _overrides(subject: Subject) -> Iterator[tuple[KeyPath, Mapping[str, Any], str]]:
    """Yield the path of each, its members, and the structure of AWS's model that they are laid over."""
    if subject.spec.service is not None and subject.spec.service.overrides:
        yield ("service", "overrides"), subject.spec.service.overrides, _SERVICE
    if subject.spec.task.overrides:
        yield ("task", "overrides"), subject.spec.task.overrides, ""
    for name, container in subject.spec.containers.items():
        if container.overrides:
            yield ("containers", name, "overrides"), container.overrides, "ContainerDefinition"


def _invalid_in(path: KeyPath, members: Mapping[str, Any], part: str) -> Iterator[Finding]:
    from chuoigen.inputs.ecs.shape import violations_of_part  # hardly any spec has overrides

    for words, inside, on_key in violations_of_part(members, part):
        yield Finding((*path, *inside), _say("invalid-override", reason=words), on_key=on_key)
    from chuoigen.inputs.ecs.service import DESCRIBED

    for member in members if part == _SERVICE else ():
        if member in _FOUND_BY or member in DESCRIBED:
            yield Finding(
                (*path, member),
                _say(f"invalid-override.{'own' if member in _FOUND_BY else 'described'}", member=member),
                on_key=True,
            )


_invalid = each(_overrides)(_invalid_in)


@each(_overrides)
def _unchecked(path: KeyPath, members: Mapping[str, Any], part: str) -> Iterator[Finding]:
    if next(_invalid_in(path, members, part), None) is None:
        yield Finding(path, _say("unchecked-override", members=tuple(members), count=len(members)), on_key=True)


RULES: tuple[Rule, ...] = (
    Rule("CG024", "invalid-override", Severity.ERROR, _invalid),
    Rule("CG025", "unchecked-override", Severity.INFO, _unchecked),
)
