"""What a service is: its size and count, its containers, its connections against limits, what it costs."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from chuoigen.aws import sizing
from chuoigen.messages import Message, Texts, verbatim
from chuoigen.overview.rows import Bar
from chuoigen.report.review_words import usd
from chuoigen.review.cost import bill

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chuoigen.overview.rows import Facts, Line
    from chuoigen.plan import Plan
    from chuoigen.plan.definitions import ContainerPlan
    from chuoigen.plan.jobs import JobPlan
    from chuoigen.resources.ecs import TaskDefinition

_say = Texts(__name__)
_MIB = 1024


def glance(plan: Plan) -> Facts:
    """Say what a task is and how many there are."""
    task, service = plan.task, plan.service
    yield _say("size"), (_size(task),)
    if task.ephemeral_storage is not None:
        yield _say("disk"), (verbatim(f"{task.ephemeral_storage.size_in_gib} GiB"),)
    yield _say("processor"), (verbatim(task.runtime_platform.cpu_architecture),)
    yield _say("region"), (verbatim(plan.region),)
    yield _say("account"), (verbatim(plan.account),)
    if service is not None:
        yield _say("tasks"), tuple(_count(plan, service.desired_count))
        if service.capacity_provider_strategy:
            yield (
                _say("capacity"),
                tuple(
                    _say("provider", name=name, base=one.base, weight=one.weight)
                    for name, one in service.capacity_provider_strategy.items()
                ),
            )
    if plan.listeners:
        yield _say("listens"), tuple(verbatim(f"{one.protocol} {one.port}") for one in plan.listeners)


def _count(plan: Plan, desired: int) -> Iterator[Message]:
    if plan.autoscaling is None:
        yield verbatim(str(desired))
        return
    yield _say("scaled", least=plan.autoscaling.min_capacity, most=plan.autoscaling.max_capacity)
    yield _say("desired", count=desired)


def jobs(plan: Plan) -> Facts:
    """Say what each job does, when it starts, and how large its task is."""
    for job in plan.jobs.values():
        yield verbatim(job.name), tuple(_job(plan, job))


def _job(plan: Plan, job: JobPlan) -> Iterator[Message]:
    made, schedule = plan.definition(job), plan.schedule(job)
    if job.before_deploy:
        yield _say("before-deploy")
    if schedule is not None:
        yield verbatim(f"{schedule.schedule_expression} {schedule.schedule_expression_timezone}")
    if schedule is None and not job.before_deploy:
        yield _say("by-hand")
    yield _say("image-of", container=job.container)
    if len(job.containers) > 1:
        yield _say("beside", containers=job.containers[1:])
    if job.command:
        yield verbatim(shlex.join(job.command))
    yield _size(made)


def containers(plan: Plan) -> Facts:
    """Say what runs in a task."""
    for name, container in plan.containers.items():
        yield verbatim(name), tuple(_container(container))


def _container(container: ContainerPlan) -> Iterator[Message]:
    yield verbatim(container.image.reference)
    if container.build is not None:
        yield _say("built", recipe=container.recipe)
    if container.cpu:
        yield _say("cpu", units=container.cpu)
    if container.memory:
        yield _say("memory", size=_memory(container.memory))
    if container.memory_reservation:
        yield _say("reserved", size=_memory(container.memory_reservation))
    if container.ports:
        yield _say("ports", ports=tuple(f"{port.number}/{port.protocol}" for port in container.ports))
    for mount in container.mounts:
        yield _say("reads" if mount.read_only else "writes", volume=mount.volume, path=mount.path)
    for other, condition in container.depends_on.items():
        yield _say("waits", container=other, condition=condition)
    yield _say("checked" if container.healthcheck else "unchecked")
    yield _say("essential" if container.essential else "optional")


def connections(plan: Plan) -> Facts:
    """Say how many connections are open to each backend with a pool, against what it admits."""
    for name, budget in plan.budgets.items():
        limit: tuple[Line, ...] = (_say("no-limit"),)
        if budget.limit:
            limit = (_say("of-limit", limit=budget.limit), Bar(0, budget.peak, of=budget.limit))
        yield (
            verbatim(name),
            (
                _say("per-task", count=budget.per_task),
                _say("steady", count=budget.steady, tasks=budget.tasks),
                _say("peak", count=budget.peak),
                *((_say("of-jobs", count=budget.jobs),) if budget.jobs else ()),
                *limit,
            ),
        )


def costs(plan: Plan) -> Facts:
    """Say what it costs in a month."""
    found = bill(None, plan)
    if found is None:
        return
    if found.after is None:
        yield _say("a-month"), (_say("no-price", region=found.region),)
        return
    for name, amount in (
        ("desired", found.after.desired),
        ("minimum", found.after.minimum),
        ("maximum", found.after.maximum),
    ):
        yield _say(f"month.{name}"), (verbatim(f"{usd(amount)} USD"),)
    yield _say("counted-how"), found.notes


def _size(task: TaskDefinition) -> Message:
    vcpu = f"{task.cpu / sizing.CPU_UNITS_PER_VCPU:g}"
    return _say("vcpu-and-memory", cpu=vcpu, memory=_memory(task.memory))


def _memory(mib: int) -> str:
    return f"{mib // _MIB} GiB" if mib % _MIB == 0 else f"{mib} MiB"
