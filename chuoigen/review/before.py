"""The jobs that run before a deployment: moments of their own, in front of those of the tasks."""

from collections.abc import Iterator

from chuoigen.messages import Texts
from chuoigen.plan import Plan
from chuoigen.plan.connections import held_by_job
from chuoigen.review.moment import Moment

_say = Texts(__name__)


def jobs_before(old: Plan, new: Plan) -> Iterator[Moment]:
    """Give the moment at which each job starts, one after another, beside the tasks of the old revision."""
    tasks, at = old.service.desired_count if old.service is not None else 0, 0
    for job in (job for job in new.jobs.values() if job.before_deploy):
        held = {name: tasks * budget.per_task for name, budget in old.budgets.items()}
        for name in new.budgets:
            own = held_by_job(new.backends[name].pools, job.container, job.environment)
            held[name] = held.get(name, 0) + own
        yield Moment(at, _say("runs", name=job.name, seconds=job.timeout), tasks, 0, held)
        at += job.timeout


def seconds_before(plan: Plan) -> int:
    """Return how long the jobs may take that run before a deployment."""
    return sum(job.timeout for job in plan.jobs.values() if job.before_deploy)
