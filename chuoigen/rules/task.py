"""The task: its size and what its containers take of it, its platform, its roles."""

import itertools
from collections.abc import Iterator

from chuoigen.aws import defaults, sizing, vocabulary
from chuoigen.diagnostics import Severity
from chuoigen.fix import Fix, Insert, Replace
from chuoigen.lint.each import containers, each
from chuoigen.lint.rule import Finding, Rule, Subject, answering
from chuoigen.messages import Key, Message, Texts
from chuoigen.plan.log_outputs import log_permissions
from chuoigen.plan.permissions import starting_needs
from chuoigen.spec.container import Container
from chuoigen.yaml.document import KeyPath

_say = Texts(__name__)


def _cpu(cpu: int) -> Message:
    return _say("amount.cpu", cpu=cpu, vcpu=f"{cpu / sizing.CPU_UNITS_PER_VCPU:g}")


def _offered(cpu: int) -> Message:
    """Return the memories of a cpu: all of them, or the range where they lie evenly."""
    offered = sizing.memories(cpu)
    steps = {later - earlier for earlier, later in itertools.pairwise(offered)}
    if len(offered) <= 4 or len(steps) > 1:  # noqa: PLR2004  as many as are read at a glance
        return _say("amount.memories", memories=tuple(offered))
    return _say("amount.memory-range", low=offered[0], high=offered[-1], step=steps.pop())


def _task_path(subject: Subject, wanted: str, other: str) -> KeyPath:
    """Return the path of `wanted`, or of `other` where only that one was written."""
    written = subject.spec.task.model_fields_set
    return ("task", other if other in written and wanted not in written else wanted)


def _cpu_memory_pair(subject: Subject) -> Iterator[Finding]:
    task = subject.spec.task
    if not sizing.memories(task.cpu) or sizing.admits(task.cpu, task.memory):
        return
    cpu, memory = sizing.nearest(task.cpu, task.memory)
    words = _say(
        "cpu-memory-pair",
        cpu=task.cpu,
        cpu_amount=_cpu(task.cpu),
        memory=task.memory,
        nearest_cpu=cpu,
        nearest_memory=memory,
        memories=_offered(task.cpu),
    )
    note = (("task", "cpu"), _say("cpu-memory-pair.note", cpu=task.cpu))
    related = (note,) if "cpu" in task.model_fields_set else ()
    fixes = _resized(subject, cpu, memory)
    yield Finding(_task_path(subject, "memory", "cpu"), words, related=related, fixes=fixes)


def _unknown_cpu(subject: Subject) -> Iterator[Finding]:
    task = subject.spec.task
    if not sizing.memories(task.cpu):
        cpu, memory = sizing.nearest(task.cpu, task.memory)
        words = _say(
            "unknown-task-cpu",
            cpu_amount=_cpu(task.cpu),
            nearest_cpu=cpu,
            nearest_memory=memory,
            sizes=tuple(sizing.SIZES),
        )
        yield Finding(("task", "cpu"), words, fixes=_resized(subject, cpu, memory))


def _resized(subject: Subject, cpu: int, memory: int) -> tuple[Fix, ...]:
    """Return the fix that writes another size: more is paid for, or less is there, than was meant."""
    task, wanted = subject.spec.task, {"cpu": cpu, "memory": memory}
    changed = [key for key, value in wanted.items() if getattr(task, key) != value]
    edits = tuple((Replace if key in task.model_fields_set else Insert)(("task", key), wanted[key]) for key in changed)
    return (Fix(edits, safe=False),)


def _memory_above_task(subject: Subject) -> Iterator[Finding]:
    limit = subject.spec.task.memory
    for name, container in subject.spec.containers.items():
        if container.memory is not None and container.memory > limit:
            words = _say("container-memory-above-task", container=name, memory=container.memory, limit=limit)
            note = _say("container-memory-above-task.note", limit=limit)
            yield Finding(("containers", name, "memory"), words, related=((("task", "memory"), note),))


def _cpu_above_task(subject: Subject) -> Iterator[Finding]:
    limit, total = subject.spec.task.cpu, 0
    shares: tuple[Message, ...] = ()
    for name, container in subject.spec.containers.items():
        if container.cpu is None:
            continue
        before, total = total, total + container.cpu
        shares = (*shares, _say("amount.share", container=name, amount=container.cpu))
        if before <= limit < total:
            rest = limit - before
            words = _say("container-cpu-above-task", shares=shares, total=total, limit=limit, container=name, rest=rest)
            note = _say("container-cpu-above-task.note", limit=limit)
            yield Finding(("containers", name, "cpu"), words, related=((("task", "cpu"), note),))


def _reservations_above_task(subject: Subject) -> Iterator[Finding]:
    limit, total = subject.spec.task.memory, 0
    shares: tuple[Message, ...] = ()
    for name, container in subject.spec.containers.items():
        key = "memory" if container.memory_reservation is None else "memory_reservation"
        reserved = container.memory_reservation or container.memory
        if reserved is None or (key == "memory" and reserved > limit):
            continue
        before, total = total, total + reserved
        shares = (*shares, _say("amount.share", container=name, amount=reserved))
        if before <= limit < total:
            rest = limit - before
            words = _say(
                "memory-reservations-above-task", shares=shares, total=total, limit=limit, container=name, rest=rest
            )
            note = _say("memory-reservations-above-task.note", limit=limit)
            yield Finding(("containers", name, key), words, related=((("task", "memory"), note),))


@each(containers)
def _reservation_above_memory(name: str, container: Container) -> Iterator[Finding]:
    reserved, limit = container.memory_reservation, container.memory
    if reserved is not None and limit is not None and reserved > limit:
        words = _say("reservation-above-memory", container=name, reserved=reserved, limit=limit)
        note = _say("reservation-above-memory.note", limit=limit)
        path = ("containers", name)
        yield Finding((*path, "memory_reservation"), words, related=(((*path, "memory"), note),))


@each(containers)
def _memory_too_small(name: str, container: Container) -> Iterator[Finding]:
    least = sizing.CONTAINER_MEMORY_MIN_MIB
    for key in ("memory", "memory_reservation"):
        amount = getattr(container, key)
        if amount is not None and amount < least:
            words = _say("container-memory-too-small", key=Key((key,)), container=name, amount=amount, least=least)
            yield Finding(("containers", name, key), words)


def _tmpfs_above_memory(subject: Subject) -> Iterator[Finding]:
    for name, container in subject.spec.containers.items():
        total = sum(tmpfs.size for tmpfs in container.tmpfs.values())
        limit = container.memory or subject.spec.task.memory
        if container.tmpfs and total >= limit:
            variant = "container" if container.memory else "task"
            words = _say(f"tmpfs-above-memory.{variant}", container=name, total=total, limit=limit)
            yield Finding(("containers", name, "tmpfs"), words, on_key=True)


def _ephemeral_storage(subject: Subject) -> Iterator[Finding]:
    size, limit = subject.spec.task.ephemeral_storage, sizing.EPHEMERAL_STORAGE_GIB
    if size is None or limit.admits(size):
        return
    comes = defaults.EPHEMERAL_STORAGE_GIB.value
    variant = "included" if size <= comes else "range"
    words = _say(f"ephemeral-storage-out-of-range.{variant}", size=size, range=limit.range, comes=comes)
    yield Finding(("task", "ephemeral_storage"), words)


def _unknown_platform(subject: Subject) -> Iterator[Finding]:
    platform, known = subject.spec.task.platform, tuple(vocabulary.ARCHITECTURES)
    if platform not in known:
        yield Finding(("task", "platform"), _say("unknown-platform", platform=platform, platforms=known))


def _pid_mode(subject: Subject) -> Iterator[Finding]:
    mode = subject.spec.task.pid_mode
    if mode is not None and mode not in vocabulary.PID_MODES:
        yield Finding(("task", "pid_mode"), _say("pid-mode", mode=mode))


def _execution_needs(subject: Subject) -> Iterator[tuple[KeyPath, Message]]:
    for name, container in subject.plan.containers.items():
        for need, key in starting_needs(container):
            path = ("containers", name, key) if key else ("containers", name)
            yield path, _say(f"missing-execution-role.note.{need}", container=name)


def _no_execution_role(subject: Subject) -> Iterator[Finding]:
    needs = tuple(_execution_needs(subject))
    if subject.spec.task.execution_role is None and needs:
        words = _say("missing-execution-role", need=needs[0][1], prefix=subject.plan.prefix)
        yield Finding(("task", "execution_role"), words, related=needs)


def _task_needs(subject: Subject) -> Iterator[tuple[KeyPath, Message]]:
    spec = subject.spec
    for asked in answering(subject):
        for permission in asked.recipe.permissions(spec.aws.region, asked.plan, asked.build, asked.made):
            words = _say("missing-task-role.note.permission", container=asked.name, why=permission.why)
            yield (*asked.path, *permission.key), words
    for name, container in subject.plan.containers.items():
        own = spec.containers[name].logs
        for permission in log_permissions(spec, container):
            place: KeyPath = ("containers", name, "logs") if own and permission.key[1] in own.options else ("logs",)
            words = _say("missing-task-role.note.permission", container=name, why=permission.why)
            yield (*place, *permission.key), words
    for name, volume in spec.volumes.items():
        if volume.efs is not None and volume.efs.authorization_config.iam:
            path = ("volumes", name, "efs", "authorization_config", "iam")
            yield path, _say("missing-task-role.note.volume", volume=name)
    for name in spec.permissions:
        yield ("permissions", name), _say("missing-task-role.note.written", name=name)
    if spec.service is not None and spec.service.enable_execute_command:
        yield ("service", "enable_execute_command"), _say("missing-task-role.note.exec")


def _no_task_role(subject: Subject) -> Iterator[Finding]:
    needs = tuple(_task_needs(subject))
    if subject.spec.task.task_role is None and needs:
        words = _say("missing-task-role", need=needs[0][1], prefix=subject.plan.prefix)
        yield Finding(("task", "task_role"), words, related=needs)


def _shared_role(subject: Subject) -> Iterator[Finding]:
    execution, task = subject.plan.role("execution"), subject.plan.role("task")
    if execution is not None and task is not None and execution.arn == task.arn:
        note = (("task", "execution_role"), _say("shared-role.note"))
        yield Finding(("task", "task_role"), _say("shared-role", role=task.role_name), related=(note,))


def _foreign_role(subject: Subject) -> Iterator[Finding]:
    for kind in ("execution", "task"):
        role = subject.plan.role(kind)
        if role is not None and not role.made and subject.plan.policy(role).policy_document.statement:
            words = _say("policy-of-foreign-role", role=role.role_name, file=f"iam/{kind}-policy.json")
            yield Finding(("task", f"{kind}_role"), words)


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
    Rule("CG206", "pid-mode", Severity.ERROR, _pid_mode),
    Rule("CG617", "policy-of-foreign-role", Severity.INFO, _foreign_role, generated=True),
    Rule("CG625", "missing-execution-role", Severity.ERROR, _no_execution_role, foreign=True),
    Rule("CG626", "missing-task-role", Severity.ERROR, _no_task_role),
    Rule("CG627", "shared-role", Severity.WARNING, _shared_role),
)
