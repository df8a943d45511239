"""The size of the task and what its containers take of it: CPU, memory, disk, platform."""

import itertools
from collections.abc import Iterator

from chuoigen.aws import sizing
from chuoigen.aws.vocabulary import ARCHITECTURES
from chuoigen.diagnostics import Severity
from chuoigen.lint.rule import Finding, Rule, Subject
from chuoigen.messages import ENGLISH
from chuoigen.yaml.document import KeyPath


def _vcpu(cpu: int) -> str:
    return f"{cpu} ({cpu / sizing.CPU_UNITS_PER_VCPU:g} vCPU)"


def _offered(cpu: int) -> str:
    """Write the memories of a cpu: all of them, or the range where they lie evenly."""
    offered = sizing.memories(cpu)
    steps = {later - earlier for earlier, later in itertools.pairwise(offered)}
    if len(offered) <= 4 or len(steps) > 1:  # noqa: PLR2004  as many as are read at a glance
        return ", ".join(str(memory) for memory in offered)
    return f"{offered[0]} to {offered[-1]} in steps of {steps.pop()}"


def _task_path(subject: Subject, wanted: str, other: str) -> KeyPath:
    """Return the path of `wanted`, or of `other` where only that one was written."""
    written = subject.spec.task.model_fields_set
    return ("task", other if other in written and wanted not in written else wanted)


def _cpu_memory_pair(subject: Subject) -> Iterator[Finding]:
    task = subject.spec.task
    if not sizing.memories(task.cpu) or sizing.admits(task.cpu, task.memory):
        return
    cpu, memory = sizing.nearest(task.cpu, task.memory)
    yield Finding(
        _task_path(subject, "memory", "cpu"),
        f"a task with cpu {_vcpu(task.cpu)} cannot have {task.memory} MiB of memory",
        f"the nearest size is cpu: {cpu}, memory: {memory}; with cpu {task.cpu} go {_offered(task.cpu)} MiB",
        related=((("task", "cpu"), f"cpu is {task.cpu}"),) if "cpu" in task.model_fields_set else (),
    )


def _unknown_cpu(subject: Subject) -> Iterator[Finding]:
    task = subject.spec.task
    if not sizing.memories(task.cpu):
        cpu, memory = sizing.nearest(task.cpu, task.memory)
        known = ", ".join(str(size) for size in sizing.SIZES)
        yield Finding(
            ("task", "cpu"),
            f"Fargate has no task with cpu {_vcpu(task.cpu)}",
            f"the nearest size is cpu: {cpu}, memory: {memory}; known are {known}",
        )


def _memory_above_task(subject: Subject) -> Iterator[Finding]:
    limit = subject.spec.task.memory
    for name, container in subject.spec.containers.items():
        if container.memory is not None and container.memory > limit:
            yield Finding(
                ("containers", name, "memory"),
                f'container "{name}" may use {container.memory} MiB, and the whole task has {limit} MiB',
                f"write at most {limit}, or give the task more memory",
                related=((("task", "memory"), f"the task has {limit} MiB"),),
            )


def _cpu_above_task(subject: Subject) -> Iterator[Finding]:
    limit, total, counted = subject.spec.task.cpu, 0, []
    for name, container in subject.spec.containers.items():
        if container.cpu is None:
            continue
        before, total = total, total + container.cpu
        counted.append(f"{name} {container.cpu}")
        if before <= limit < total:
            yield Finding(
                ("containers", name, "cpu"),
                f"the containers reserve more cpu than the task has: {' + '.join(counted)} = {total}, not {limit}",
                f'write at most {limit - before} for "{name}", or give the task more cpu',
                related=((("task", "cpu"), f"the task has {limit}"),),
            )


def _reservations_above_task(subject: Subject) -> Iterator[Finding]:
    limit, total, counted = subject.spec.task.memory, 0, []
    for name, container in subject.spec.containers.items():
        key = "memory" if container.memory_reservation is None else "memory_reservation"
        reserved = container.memory_reservation or container.memory
        if reserved is None or (key == "memory" and reserved > limit):
            continue
        before, total = total, total + reserved
        counted.append(f"{name} {reserved}")
        if before <= limit < total:
            yield Finding(
                ("containers", name, key),
                f"the containers reserve more memory than the task has: "
                f"{' + '.join(counted)} = {total} MiB, not {limit}",
                f'write at most {limit - before} for "{name}", or give the task more memory',
                related=((("task", "memory"), f"the task has {limit} MiB"),),
            )


def _reservation_above_memory(subject: Subject) -> Iterator[Finding]:
    for name, container in subject.spec.containers.items():
        reserved, limit = container.memory_reservation, container.memory
        if reserved is not None and limit is not None and reserved > limit:
            yield Finding(
                ("containers", name, "memory_reservation"),
                f'container "{name}" reserves {reserved} MiB and is killed above {limit} MiB',
                f"write a memory_reservation of at most {limit}, or a larger memory",
                related=((("containers", name, "memory"), f"memory is {limit}"),),
            )


def _memory_too_small(subject: Subject) -> Iterator[Finding]:
    least = sizing.CONTAINER_MEMORY_MIN_MIB
    for name, container in subject.spec.containers.items():
        for key in ("memory", "memory_reservation"):
            amount = getattr(container, key)
            if amount is not None and amount < least:
                yield Finding(
                    ("containers", name, key),
                    f'{key} of container "{name}" is {amount} MiB; ECS takes at least {least} MiB',
                    f"write at least {least}; a plain number counts MiB",
                )


def _tmpfs_above_memory(subject: Subject) -> Iterator[Finding]:
    for name, container in subject.spec.containers.items():
        total = sum(tmpfs.size for tmpfs in container.tmpfs.values())
        limit = container.memory or subject.spec.task.memory
        if container.tmpfs and total >= limit:
            whose = "the container" if container.memory else "the task"
            yield Finding(
                ("containers", name, "tmpfs"),
                f'tmpfs of container "{name}" may grow to {total} MiB, and {whose} has {limit} MiB in all',
                "make it smaller, or give it more memory: what is in a tmpfs counts as memory",
                on_key=True,
            )


def _ephemeral_storage(subject: Subject) -> Iterator[Finding]:
    size, limit = subject.spec.task.ephemeral_storage, sizing.EPHEMERAL_STORAGE_GIB
    if size is None or limit.admits(size):
        return
    comes = sizing.DEFAULT_EPHEMERAL_STORAGE_GIB
    advice = (
        f"delete the key: {comes} GiB come with every task" if size <= comes else f"write {ENGLISH.text(limit.range)}"
    )
    yield Finding(
        ("task", "ephemeral_storage"),
        f"ephemeral storage of {size} GiB is not offered; it is {ENGLISH.text(limit.range)}",
        advice,
    )


def _unknown_platform(subject: Subject) -> Iterator[Finding]:
    platform = subject.spec.task.platform
    if platform not in ARCHITECTURES:
        yield Finding(
            ("task", "platform"),
            f'platform "{platform}" is not one that is built for here',
            f"write {' or '.join(ARCHITECTURES)}",
        )


RULES: tuple[Rule, ...] = (
    Rule("CG101", "cpu-memory-pair", Severity.ERROR, _cpu_memory_pair),
    Rule("CG102", "unknown-task-cpu", Severity.ERROR, _unknown_cpu),
    Rule("CG103", "container-memory-above-task", Severity.ERROR, _memory_above_task),
    Rule("CG104", "container-cpu-above-task", Severity.ERROR, _cpu_above_task),
    Rule("CG105", "memory-reservations-above-task", Severity.WARNING, _reservations_above_task),
    Rule("CG106", "reservation-above-memory", Severity.ERROR, _reservation_above_memory),
    Rule("CG107", "container-memory-too-small", Severity.ERROR, _memory_too_small),
    Rule("CG108", "ephemeral-storage-out-of-range", Severity.ERROR, _ephemeral_storage),
    Rule("CG109", "unknown-platform", Severity.ERROR, _unknown_platform),
    Rule("CG110", "tmpfs-above-memory", Severity.WARNING, _tmpfs_above_memory),
)
