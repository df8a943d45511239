"""A task definition, a service, or both together into one Part: what rules judge, and what the language cannot say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuoigen.inputs.ecs import service, task
from chuoigen.inputs.front import Part
from chuoigen.inputs.translating import Absent, Raw, Target
from chuoigen.messages import Message, Texts
from chuoigen.record import Record
from chuoigen.yaml.unknown import Unknown

if TYPE_CHECKING:
    from chuoigen.diagnostics import Diagnostic

_say = Texts(__name__)


class Pieces(Record):
    """What belongs together, each as far as it is known. `found` is what is wrong with their shapes.

    `tags` stand beside a task definition that was described. `service_name` and `cluster` stand around a service.
    `platform`: what is to be said where something else than ECS reads the file.
    """

    task: Raw | None = None
    service: Raw | None = None
    found: tuple[Diagnostic, ...] = ()
    tags: Raw | None = None
    service_name: Raw | Absent = Absent()
    cluster: Raw | Absent = Absent()
    platform: Message | None = None


def part(pieces: Pieces, *, name: str = "", when: str = "") -> Part:
    """Put the pieces together, of which there is one at least.

    What is not for Fargate is put together too, as far as a spec can say it; only its shape is judged.
    """
    first = pieces.service or pieces.task
    assert first is not None  # noqa: S101  one of them is there
    document, target = first.document, Target(first.document)
    if pieces.task is not None:
        task.put_task(pieces.task, target, pieces.tags)
    if pieces.service is not None:
        service.put_service(pieces.service, target, pieces.task)
        for key, named in (("name", pieces.service_name), ("cluster", pieces.cluster)):
            if isinstance(named.value, str) and target.at(("service", key)) is None:
                target.put(("service", key), named, named.value)
    for raw, described in ((pieces.task, task.DESCRIBED), (pieces.service, service.DESCRIBED)):
        for member, child in raw.members() if raw is not None else ():
            if member not in described:
                target.leave_rest(child, _say("uncarried"))
    _fill(target, has_task=pieces.task is not None)
    remark = _remark(pieces, f"{document.file} ({name})" if name else document.file)
    return Part(
        document=document.replaced(data=target.data, places=target.places, origins=target.origins),
        diagnostics=tuple(dict.fromkeys((*pieces.found, *(() if remark else target.found)))),
        says=(*(task.SAYS if pieces.task else ()), *(service.says(pieces.task) if pieces.service else ())),
        unwritten=tuple(target.unwritten),
        uncarried=tuple(target.uncarried),
        remark=remark,
        name=name,
        when=when,
    )


def _remark(pieces: Pieces, file: str) -> Message | None:
    """Return why rules do not judge the pieces: they are not for Fargate."""
    if pieces.platform is not None:
        return pieces.platform
    if pieces.service is not None and not service.is_for_fargate(pieces.service):
        return _say("not-for-fargate.service", file=file)
    for_fargate = pieces.task is None or task.is_for_fargate(pieces.task)
    return None if for_fargate or service.is_surely_for_fargate(pieces.service) else _say("not-for-fargate", file=file)


def _fill(target: Target, *, has_task: bool) -> None:
    """Put what every spec has and these files never say."""
    named = target.data.get("task", {}).get("family") or target.data.get("service", {}).get("name")
    target.fill(("chuoigen",), 1)
    target.fill(("name",), named or Unknown(""))
    target.fill(("aws",), {"account": Unknown(""), "region": Unknown("")})
    if not has_task:
        target.fill(("containers",), {"guess": {"image": Unknown("")}})
