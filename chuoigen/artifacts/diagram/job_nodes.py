"""Turns jobs into nodes, and what they talk to into links."""

import shlex
from collections.abc import Iterator

from chuoigen.artifacts.diagram.picture import Link, Node, Row
from chuoigen.artifacts.diagram.shapes import Run
from chuoigen.artifacts.diagram.task_nodes import Outlet, outlets, size
from chuoigen.plan.jobs import JobPlan
from chuoigen.plan.model import Plan


def jobs(plan: Plan) -> tuple[Node, ...]:
    """Return the jobs in the spec's order: when each starts, how large it is, its image, its command."""
    return tuple(_job(plan, made) for made in plan.jobs.values())


def _job(plan: Plan, made: JobPlan) -> Node:
    rows = tuple(Row(outlet.node, outlet.runs) for outlet in _outlets(plan, made))
    return Node(f"job:{made.name}", "job", made.name, "task", "", (), tuple(_facts(plan, made)), (), rows)


def _facts(plan: Plan, made: JobPlan) -> Iterator[tuple[Run, ...]]:
    yield (Run(_starts(plan, made)),)
    yield (Run(size(plan.definition(made)), css="muted"),)
    beside = f", with {', '.join(made.containers[1:])} beside it" if made.containers[1:] else ""
    yield (Run("image of ", css="muted"), Run(made.container, css="value"), Run(beside, css="muted"))
    if made.command:
        yield (Run("runs ", css="muted"), Run(shlex.join(made.command), "mono"))


def _starts(plan: Plan, made: JobPlan) -> str:
    schedule = plan.schedule(made)
    before = "before each deployment" if made.before_deploy else ""
    timed = f"{schedule.schedule_expression} {schedule.schedule_expression_timezone}" if schedule else ""
    return " and ".join(filter(None, (before, timed))) or "started by hand"


def _outlets(plan: Plan, made: JobPlan) -> tuple[Outlet, ...]:
    """Return what the containers of a job talk to, each once; their pools are those of the service, not of the job."""
    found: dict[str, Outlet] = {}
    for container in plan.containers_of(made).values():
        for outlet in outlets(plan, container, pools=False):
            found.setdefault(outlet.node, outlet)
    return tuple(found.values())


def links(plan: Plan) -> Iterator[Link]:
    """Give the links from jobs; nothing leads to a job."""
    for made in plan.jobs.values():
        for outlet in _outlets(plan, made):
            yield Link(outlet.kind, f"job:{made.name}", outlet.node, outlet.node, "")
