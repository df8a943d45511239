"""What runs, where a side is a file of another format: what it leaves open is taken from the other side.

A task definition does not say how many of it run, a service not what is behind its target groups, and neither always
says its region. Connections to backends are in no such file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuoigen.messages import Texts
from chuoigen.plan.service import CLUSTER, SERVICE
from chuoigen.plan.task import TASK_DEFINITION
from chuoigen.resources.ecs import Service
from chuoigen.review.cost import bill
from chuoigen.yaml.unknown import Unknown

if TYPE_CHECKING:
    from chuoigen.resources import Resource
    from chuoigen.review.cost import Bill
    from chuoigen.review.side import Side
    from chuoigen.yaml.document import KeyPath

_say = Texts(__name__)
_COUNT: KeyPath = ("service", "desired_count")
_SIZE: tuple[KeyPath, ...] = (("task", "cpu"), ("task", "memory"))
_REGION = "awslogs-region"


def running(before: Side | None, after: Side | None) -> tuple[Side | None, Side | None]:
    """Return the sides with plans of what runs, as far as one of them knows it; two specs as they are."""
    if before is None or after is None or not (before.foreign or after.foreign):
        return before, after
    return _completed(before, after), _completed(after, before)


def _completed(side: Side, other: Side) -> Side:
    if not side.foreign:
        return side.replaced(plan=side.plan.replaced(budgets={}))
    task, service = (side if side.knows((part,)) else other for part in ("containers", "service"))
    around: dict[str, Resource] = {} if other.foreign else dict(other.plan.resources)
    named = side.document.data.get("service", {})
    cluster = side if "cluster" in named else other
    for key, holder in {TASK_DEFINITION: task, SERVICE: service, CLUSTER: cluster}.items():
        if key in holder.plan.resources:
            around[key] = holder.plan.resources[key]
    counting = next((one for one in (service, other) if one.knows(_COUNT) and one.plan.service is not None), None)
    own, beside = around.get(SERVICE), other.plan.service
    if isinstance(own, Service) and beside is not None and service is side:
        name = own.service_name if "name" in named else beside.service_name
        count = own.desired_count if counting is side else beside.desired_count
        around[SERVICE] = own.replaced(service_name=name, desired_count=count)
    of_task = {"containers": task.plan.containers, "volumes": task.plan.volumes}
    plan = side.plan.replaced(**of_task, region=_region(side) or _region(other), resources=around, budgets={})
    return side.replaced(plan=plan, counted=counting is not None)


def _region(side: Side) -> str:
    """Return the region that a side is in, that of an ARN or of its log groups; "" where it says none."""
    said = side.document.data.get("aws", {}).get("region")
    if not isinstance(said, Unknown):
        return side.plan.region
    written = (container.logs.options.get(_REGION, "") for container in side.plan.containers.values())
    return next(filter(None, written), "")


def charged(before: Side | None, after: Side | None) -> Bill | None:
    """Return the bill of two sides that `running` gave; None where no size is known, or no region."""
    there = [side for side in (before, after) if side is not None]
    plans = (before.plan if before else None, after.plan if after else None)
    if not any(side.foreign for side in there):
        return bill(*plans)
    sized = any(all(map(side.knows, _SIZE)) for side in there)
    said = all(not side.knows(("containers",)) or all(map(side.knows, _SIZE)) for side in there)
    if len(there) == 1 or not sized or not said or not all(side.plan.region for side in there):
        return None
    alone = not all(side.counted and side.plan.service is not None for side in there)
    found = bill(*plans, alone=alone)
    around = "one-task" if alone else "tasks-only" if all(side.foreign for side in there) else "from-spec"
    return found and found.replaced(notes=(*found.notes, _say(around)))
