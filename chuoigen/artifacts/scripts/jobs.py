"""Sorts the jobs of a plan by what the scripts do with them: register, run before a deployment, schedule."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

from chuoigen import templating
from chuoigen.artifacts.scripts.scaling import conditions
from chuoigen.artifacts.scripts.words import comment
from chuoigen.resources.jobs import ScheduleGroup

if TYPE_CHECKING:
    from chuoigen.plan.jobs import JobPlan
    from chuoigen.plan.model import Plan

_OPTIONAL = ("Target.DeadLetterConfig", "FlexibleTimeWindow.MaximumWindowInMinutes")
_COMPARED = (
    "ScheduleExpression", "FlexibleTimeWindow", "Target.Arn", "Target.RoleArn", "Target.RetryPolicy", *_OPTIONAL,
    "Target.EcsParameters.TaskDefinitionArn", "Target.EcsParameters.LaunchType",
)  # fmt: skip
"""Members of a schedule that are compared with what AWS has; the digest in its description speaks for the others."""


def job_values(plan: Plan) -> dict[str, Any]:
    """Return the values of the templates; without a network nothing can run, and there are no jobs."""
    jobs = [_job(plan, job) for job in plan.jobs.values()] if plan.service is not None else []
    return {
        "jobs": jobs,
        "families": [plan.task.family, *(job["family"] for job in jobs)],
        "schedule_group": plan.one(ScheduleGroup),
        "schedules": [
            {
                "name": each.name,
                "file": f"{each.stem}.json",
                "condition": "&&".join((*conditions(plan.request(each), _COMPARED, _OPTIONAL), "State!='DISABLED'")),
            }
            for each in plan.schedules
        ],
    }


def _job(plan: Plan, job: JobPlan) -> dict[str, Any]:
    definition = plan.definition(job)
    worker = plan.containers_of(job).get(job.container)
    options = worker.logs.options if worker is not None else {}
    group = (worker.logs.group if worker is not None else None) or ""
    stream = f"{options.get('awslogs-stream-prefix', '')}/{job.container}"
    words = (job.name, job.container, str(job.timeout), group, stream)
    return {
        "name": job.name,
        "words": comment(f"{job.name}: {shlex.join(job.command) or 'the command of the image'}"),
        "family": definition.family,
        "file": f"{definition.stem}.json",
        "before": job.before_deploy,
        # The words of run_job and follow: name, container, seconds, log group, beginning of the log stream.
        "call": " ".join(templating.sh(word) if word else "''" for word in words),
    }
