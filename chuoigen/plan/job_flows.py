"""Whom a job may reach, and by whom it is reached.

A job's task is in the groups of the service, so that the flows of a job follow from those of the service's tasks.
"""

from collections.abc import Iterable, Iterator

from chuoigen.plan.flows import Flow, Party
from chuoigen.plan.jobs import JobPlan

_INSIDE = "127.0.0.1"


def job_flows(jobs: Iterable[JobPlan], flows: Iterable[Flow]) -> tuple[Flow, ...]:
    """Return the flows from and to jobs; a job that nothing can run has none.

    One is intended when it is intended for a container of the job's task.
    """
    through = [flow for flow in flows if flow.via != _INSIDE]
    return tuple(flow for job in jobs if job.run is not None for flow in (*_out(job, through), *_into(job, through)))


def _out(job: JobPlan, flows: Iterable[Flow]) -> Iterator[Flow]:
    found: dict[tuple[Party, int, str, str], Flow] = {}
    for flow in flows:
        if flow.source.kind not in ("container", "other-task", "every-container"):
            continue
        own = flow.source if flow.source.kind == "container" else flow.target
        made = flow.replaced(source=_party(job), intended=flow.intended and own.name in job.containers)
        key = (flow.target, flow.port, flow.protocol, flow.via)
        if made.intended or key not in found:
            found[key] = made
    yield from found.values()


def _into(job: JobPlan, flows: Iterable[Flow]) -> Iterator[Flow]:
    """Give what is open to the containers beside the work, which keep their ports; that of the work has none."""
    for flow in flows:
        if flow.target.kind == "container" and flow.target.name in job.containers[1:]:
            yield flow.replaced(target=_party(job), intended=False)


def _party(job: JobPlan) -> Party:
    return Party("job", job.name)
