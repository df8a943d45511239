"""A task definition, a service, or both together into one Part: what rules judge, and what the language cannot say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuoigen.aws import arn
from chuoigen.inputs.ecs import service, task
from chuoigen.inputs.front import Part
from chuoigen.inputs.translating import Absent, Raw, Target
from chuoigen.messages import Message, Texts
from chuoigen.record import Record
from chuoigen.yaml.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chuoigen.diagnostics import Diagnostic

_NAME = "service"
"""What stands for a name that is not known: any will do, since nothing is said about it."""
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
    remark = _remark(pieces, f"{document.file} ({name})" if name else document.file)
    if pieces.task is not None:
        task.put_task(pieces.task, target, pieces.tags)
        if not _has_task_for_fargate(pieces):
            target.copy(pieces.task.get("requiresCompatibilities"), ("task", "requires_compatibilities"))
    if pieces.service is not None:
        service.put_service(pieces.service, target, pieces.task)
        for key, named in (("name", pieces.service_name), ("cluster", pieces.cluster)):
            if isinstance(named.value, str) and target.at(("service", key)) is None:
                target.put(("service", key), named, named.value)
    for raw, described in ((pieces.task, task.DESCRIBED), (pieces.service, service.DESCRIBED)):
        for member, child in raw.members() if raw is not None else ():
            if member not in described:
                target.leave_rest(child, _say("uncarried"))
    _fill(target, pieces)
    return Part(
        document=document.replaced(data=target.data, places=target.places, origins=target.origins),
        diagnostics=_once(pieces.found if remark else (*pieces.found, *target.found)),
        says=(*(task.SAYS if pieces.task else ()), *(service.says(pieces.task) if pieces.service else ())),
        unwritten=tuple(target.unwritten),
        uncarried=tuple(target.uncarried),
        remark=remark,
        name=name,
        when=when,
        refusals=_once(tuple(target.found)) if remark else (),
        definition=pieces.task.value if pieces.task is not None else None,
        apart=tuple(service.apart(pieces.service)) if pieces.service is not None else (),
    )


def _remark(pieces: Pieces, file: str) -> Message | None:
    """Return why rules do not judge the pieces: they are not for Fargate."""
    if pieces.platform is not None:
        return pieces.platform
    if pieces.service is not None and not service.is_for_fargate(pieces.service):
        return _say("not-for-fargate.service", file=file)
    return None if _has_task_for_fargate(pieces) else _say("not-for-fargate", file=file)


def _has_task_for_fargate(pieces: Pieces) -> bool:
    """Say whether Fargate may run the task, or there is none that says otherwise."""
    return pieces.task is None or task.is_for_fargate(pieces.task) or service.is_surely_for_fargate(pieces.service)


def _fill(target: Target, pieces: Pieces) -> None:
    """Put what every spec has, and these files say only where they were printed."""
    written = target.at(("task", "family")), target.at(("service", "name"))
    named = next((one for one in written if isinstance(one, str) and not isinstance(one, Unknown)), _NAME)
    target.fill(("chuoigen",), 1)
    target.fill(("name",), named)
    printed = next(filter(None, (arn.parse(str(text)) for text in _arns(pieces))), None)
    account, region = (printed.account, printed.region) if printed else ("", "")
    target.fill(("aws",), {"account": account or Unknown(""), "region": region or Unknown("")})
    if pieces.task is None:
        target.fill(("containers",), {"guess": {"image": Unknown("")}})
        family = service.family(pieces.service)
        if family:
            target.fill(("task", "family"), family)


def _arns(pieces: Pieces) -> Iterator[object]:
    """Yield what may name the account and the region of a task definition and a service."""
    if pieces.task is not None:
        yield pieces.task.get("taskDefinitionArn").value
    if pieces.service is not None:
        yield from (pieces.service.get(member).value for member in ("serviceArn", "taskDefinition", "cluster"))
        yield from (one.get("targetGroupArn").value for one in pieces.service.get("loadBalancers").items())


def _once(found: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    return tuple(dict.fromkeys(found))
