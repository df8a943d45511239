"""A task definition, a service, or both together into one Part: what rules judge, and what the language cannot say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuoigen.inputs.ecs import service, task
from chuoigen.inputs.front import Part
from chuoigen.inputs.translating import Raw, Target
from chuoigen.messages import Texts
from chuoigen.record import Record
from chuoigen.yaml.unknown import Unknown

if TYPE_CHECKING:
    from chuoigen.diagnostics import Diagnostic

_say = Texts(__name__)


class Pieces(Record):
    """What belongs together, each as far as it is known. `found` is what is wrong with their shapes.

    `tags` stand beside a task definition that was described.
    """

    task: Raw | None = None
    service: Raw | None = None
    found: tuple[Diagnostic, ...] = ()
    tags: Raw | None = None


def part(pieces: Pieces, *, name: str = "", when: str = "") -> Part:
    """Put the pieces together, of which there is one at least."""
    first = pieces.service or pieces.task
    assert first is not None  # noqa: S101  one of them is there
    document, target = first.document, Target(first.document)
    for_service = pieces.service is None or service.is_for_fargate(pieces.service)
    for_task = pieces.task is None or task.is_for_fargate(pieces.task) or service.is_surely_for_fargate(pieces.service)
    if not (for_service and for_task):
        variant = "not-for-fargate" if for_service else "not-for-fargate.service"
        remark = _say(variant, file=f"{document.file} ({name})" if name else document.file)
        return Part(document, _once(pieces.found), remark=remark, name=name, when=when)
    if pieces.task is not None:
        task.put_task(pieces.task, target, pieces.tags)
    if pieces.service is not None:
        service.put_service(pieces.service, target, pieces.task)
    for raw, described in ((pieces.task, task.DESCRIBED), (pieces.service, service.DESCRIBED)):
        for member, child in raw.members() if raw is not None else ():
            if member not in described:
                target.leave_rest(child, _say("uncarried"))
    _fill(target, has_task=pieces.task is not None)
    says = (*(task.SAYS if pieces.task else ()), *(service.says(pieces.task) if pieces.service else ()))
    put = document.replaced(data=target.data, places=target.places, origins=target.origins)
    left = tuple(target.uncarried)
    return Part(put, _once((*pieces.found, *target.found)), says, tuple(target.unwritten), left, None, name, when)


def _fill(target: Target, *, has_task: bool) -> None:
    """Put what every spec has and these files never say."""
    named = target.data.get("task", {}).get("family") or target.data.get("service", {}).get("name")
    target.fill(("chuoigen",), 1)
    target.fill(("name",), named or Unknown(""))
    target.fill(("aws",), {"account": Unknown(""), "region": Unknown("")})
    if not has_task:
        target.fill(("containers",), {"guess": {"image": Unknown("")}})


def _once(found: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    return tuple(dict.fromkeys(found))
