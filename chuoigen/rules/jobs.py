"""Jobs: which container works, when it starts, and how large its task is."""

import re
from collections.abc import Iterator

from chuoigen.aws import arn, limits, sizing
from chuoigen.diagnostics import Severity
from chuoigen.lint.each import each
from chuoigen.lint.rule import Finding, Rule, Subject
from chuoigen.messages import Key, Texts
from chuoigen.plan.jobs import needed
from chuoigen.plan.schedule_expression import Fault, fault_of
from chuoigen.spec.jobs import Job, Schedule
from chuoigen.yaml.document import KeyPath

_say = Texts(__name__)

_NAME = r"[A-Za-z0-9_-]{1,64}"
_MINUTE = 60
_OF_SCHEDULE = {"flexible_window": limits.FLEXIBLE_WINDOW_S, "retries": limits.RETRIES, "max_age": limits.EVENT_AGE_S}


def _jobs(subject: Subject) -> Iterator[tuple[KeyPath, str, Job]]:
    for name, job in subject.spec.jobs.items():
        yield ("jobs", name), name, job


def _schedules(subject: Subject) -> Iterator[tuple[KeyPath, str, Schedule]]:
    for path, name, job in _jobs(subject):
        if job.schedule is not None:
            yield (*path, "schedule"), name, job.schedule


def _without_network(subject: Subject) -> Iterator[Finding]:
    if subject.spec.jobs and subject.spec.network is None:
        yield Finding(("jobs",), _say("jobs-without-network"), on_key=True)


def _container(subject: Subject) -> Iterator[Finding]:
    for path, name, job in _jobs(subject):
        if job.container not in subject.spec.containers:
            words = _say(
                "unknown-job-container", job=name, container=job.container, known=tuple(subject.spec.containers)
            )
            yield Finding((*path, "container"), words)


def _names(subject: Subject) -> Iterator[Finding]:
    for path, name, _ in _jobs(subject):
        if not re.fullmatch(_NAME, name):
            yield Finding(path, _say("job-name.letters", job=name), on_key=True)
        elif name in subject.spec.containers:
            note = ((("containers", name), _say("job-name.note")),)
            yield Finding(path, _say("job-name.container", job=name), on_key=True, related=note)
        elif f"{subject.plan.prefix}-{name}" == subject.plan.task.family:
            yield Finding(path, _say("job-name.family", job=name, family=subject.plan.task.family), on_key=True)


@each(_schedules)
def _expression(path: KeyPath, name: str, schedule: Schedule) -> Iterator[Finding]:
    fault = fault_of(schedule.expression)
    if fault is not None:
        at = (*path, "expression")
        yield Finding(at, _say(f"schedule-expression.{fault.kind}", job=name, **_values(fault)))


def _values(fault: Fault) -> dict[str, str]:
    return {"found": fault.found, "field": fault.field} if fault.field else {"found": fault.found}


@each(_schedules)
def _timezone(path: KeyPath, name: str, schedule: Schedule) -> Iterator[Finding]:
    from chuoigen.aws.time_zones import TIME_ZONES  # a long list that most runs do without

    if schedule.timezone is not None and schedule.timezone not in TIME_ZONES:
        yield Finding((*path, "timezone"), _say("schedule-timezone", job=name, found=schedule.timezone))


@each(_schedules)
def _ranges(path: KeyPath, name: str, schedule: Schedule) -> Iterator[Finding]:
    for key, limit in _OF_SCHEDULE.items():
        value = getattr(schedule, key)
        if value is not None and not limit.admits(value):
            words = _say(
                "schedule-out-of-range.limit", job=name, key=Key((*path, key)), value=value, allowed=limit.range
            )
            yield Finding((*path, key), words)
        elif key == "flexible_window" and value is not None and value % _MINUTE:
            yield Finding((*path, key), _say("schedule-out-of-range.minutes", job=name, value=value))


@each(_schedules)
def _queue(path: KeyPath, name: str, schedule: Schedule) -> Iterator[Finding]:
    queue = schedule.dead_letter_queue
    parsed = arn.parse(queue) if queue is not None else None
    right = parsed is not None and parsed.service == "sqs" and re.fullmatch(r"[A-Za-z0-9_-]+", parsed.resource)
    if queue is not None and not right:
        yield Finding((*path, "dead_letter_queue"), _say("dead-letter-queue", job=name, found=queue))


def _size(subject: Subject) -> Iterator[Finding]:
    for path, name, job in _jobs(subject):
        cpu, memory = job.cpu or subject.spec.task.cpu, job.memory or subject.spec.task.memory
        if (job.cpu is None and job.memory is None) or sizing.admits(cpu, memory):
            continue
        near = sizing.nearest(cpu, memory)
        words = _say("job-size", job=name, cpu=cpu, memory=memory, near_cpu=near[0], near_memory=near[1])
        yield Finding((*path, "memory" if job.memory is not None else "cpu"), words)


def _disk(subject: Subject) -> Iterator[Finding]:
    for path, name, job in _jobs(subject):
        for one in needed(job.container, subject.plan.containers):
            for volume in subject.spec.containers[one].mounts:
                written = subject.spec.volumes.get(volume)
                if written is not None and written.ebs is not None:
                    words = _say("job-mounts-ebs", job=name, container=one, volume=volume)
                    note = ((("containers", one, "mounts", volume), _say("job-mounts-ebs.note")),)
                    yield Finding((*path, "container"), words, related=note)


@each(_jobs)
def _timeout(path: KeyPath, name: str, job: Job) -> Iterator[Finding]:
    if job.timeout < 1:
        yield Finding((*path, "timeout"), _say("job-timeout", job=name, value=job.timeout))


def _connections(subject: Subject) -> Iterator[Finding]:
    for budget in subject.plan.budgets.values():
        limit = budget.limit
        if limit is not None and max(budget.steady, budget.rolling) <= limit < budget.peak:
            words = _say("job-connections", backend=budget.backend, peak=budget.peak, jobs=budget.jobs, max=limit)
            yield Finding(("backends", budget.backend, "max_connections"), words)


RULES = (
    Rule("CG920", "unknown-job-container", Severity.ERROR, _container),
    Rule("CG921", "job-name", Severity.ERROR, _names),
    Rule("CG922", "jobs-without-network", Severity.ERROR, _without_network),
    Rule("CG923", "schedule-expression", Severity.ERROR, _expression),
    Rule("CG924", "schedule-timezone", Severity.ERROR, _timezone),
    Rule("CG925", "schedule-out-of-range", Severity.ERROR, _ranges),
    Rule("CG926", "dead-letter-queue", Severity.ERROR, _queue),
    Rule("CG927", "job-size", Severity.ERROR, _size),
    Rule("CG928", "job-mounts-ebs", Severity.ERROR, _disk),
    Rule("CG929", "job-connections", Severity.WARNING, _connections),
    Rule("CG930", "job-timeout", Severity.ERROR, _timeout),
)
