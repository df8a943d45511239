"""Connections to backends: in steady state, while tasks are replaced, and at each step of a cutover."""

import itertools
import re
from collections.abc import Iterator

from chuoigen.aws import defaults, limits
from chuoigen.aws.processes import PROCESS_OPTIONS, PROCESS_VARIABLES
from chuoigen.diagnostics import Severity
from chuoigen.lint.each import backends, each
from chuoigen.lint.rule import Finding, Rule, Subject
from chuoigen.messages import Message, Texts
from chuoigen.plan.connections import written_pools
from chuoigen.plan.definitions import ContainerPlan
from chuoigen.spec.network import Backend, Pool
from chuoigen.yaml.document import KeyPath

_say = Texts(__name__)

_ELASTICACHE = ".cache.amazonaws.com"
_CUTOVER: KeyPath = ("cutover",)
_LAST_STEP = 6


def _over(subject: Subject) -> Iterator[tuple[str, Message]]:
    """Yield the name of each backend of which a service in full size asks too much, and what it asks."""
    for budget in subject.plan.budgets.values():
        if budget.limit is None or max(budget.steady, budget.rolling) <= budget.limit:
            continue
        variant, tasks, total = "steady", budget.tasks, budget.steady
        if budget.steady <= budget.limit:
            variant, tasks, total = "rolling", budget.rolling_tasks, budget.rolling
        yield (
            budget.backend,
            _say(
                f"too-many-connections.{variant}",
                backend=budget.backend, tasks=tasks, size=budget.per_task, total=total, max=budget.limit,
            ),
        )  # fmt: skip


def _too_many(subject: Subject) -> Iterator[Finding]:
    for name, message in _over(subject):
        pools = written_pools(subject.spec.backends[name])
        related = tuple((("backends", name, *path, "size"), _say("too-many-connections.note")) for path, _ in pools)
        yield Finding(("backends", name, "max_connections"), message, related=related)


def _cutover_steps(subject: Subject) -> Iterator[Finding]:
    cutover = subject.plan.cutover
    if cutover is None or subject.spec.backends[cutover.backend].max_connections is None:
        return
    reported = cutover.backend in {name for name, _ in _over(subject)}
    related = ((("backends", cutover.backend, "max_connections"), _say("cutover-over-limit.note")),)
    for step in cutover.steps.values():
        if step.peak > cutover.limit and not (reported and step.number == _LAST_STEP):
            message = _say(
                "cutover-over-limit",
                step=step.number, title=step.title, peak=step.peak, backend=cutover.backend, max=cutover.limit,
            )  # fmt: skip
            yield Finding(_CUTOVER, message, on_key=True, related=related)


def _no_backend(subject: Subject) -> Iterator[Finding]:
    cutover, pooled = subject.spec.cutover, tuple(n for n, b in subject.spec.backends.items() if b.pool is not None)
    if cutover is None:
        return
    instead = _say("backend", backend=pooled[0]) if pooled else _say("pool")
    if cutover.backend is None and len(pooled) != 1:
        variant = "several" if pooled else "none"
        message = _say(f"cutover-without-pool.{variant}", backends=pooled, instead=instead)
        yield Finding(_CUTOVER, message, on_key=True)
    elif cutover.backend is not None and cutover.backend not in pooled:
        variant = "without" if cutover.backend in subject.spec.backends else "unknown"
        message = _say(f"cutover-without-pool.{variant}", backend=cutover.backend, instead=instead)
        yield Finding((*_CUTOVER, "backend"), message)


def _no_limit(subject: Subject) -> Iterator[Finding]:
    cutover = subject.plan.cutover
    if cutover is not None and subject.spec.backends[cutover.backend].max_connections is None:
        message, related = _say("cutover-without-limit", backend=cutover.backend), _say("cutover-without-limit.note")
        yield Finding(("backends", cutover.backend), message, on_key=True, related=((_CUTOVER, related),))


def _pools(subject: Subject) -> Iterator[tuple[str, KeyPath, Pool]]:
    """Yield every pool: its backend, its path, what is written."""
    for name, backend in subject.spec.backends.items():
        for path, pool in written_pools(backend):
            yield name, ("backends", name, *path), pool


def _unknown_container(subject: Subject) -> Iterator[Finding]:
    containers = tuple(subject.spec.containers)
    for name, path, pool in _pools(subject):
        if pool.container not in containers:
            rule = "unknown-pool-container" if containers else "unknown-pool-container.none"
            message = _say(rule, backend=name, container=pool.container, containers=containers)
            yield Finding((*path, "container"), message)


def _other_size(subject: Subject) -> Iterator[Finding]:
    for name, where, pool in _pools(subject):
        container = subject.spec.containers.get(pool.container)
        if container is None:
            continue
        variable, size, path = pool.variable, pool.size, ("containers", pool.container)
        related = (((*where, "size"), _say("pool-size-differs.note")),)
        if variable in container.environment:
            if subject.plan.containers[pool.container].environment[variable] != str(size):
                message = _say("pool-size-differs.value", variable=variable, backend=name, size=size)
                yield Finding((*path, "environment", variable), message, related=related)
        elif variable in container.secrets:
            message = _say("pool-size-differs.secret", variable=variable, backend=name, size=size)
            yield Finding((*path, "secrets", variable), message, on_key=True, related=related)


def _same_variable(subject: Subject) -> Iterator[Finding]:
    seen: dict[tuple[str, str], tuple[KeyPath, int]] = {}
    for _, path, pool in _pools(subject):
        first, size = seen.setdefault((pool.container, pool.variable), (path, pool.size))
        if size != pool.size:
            message = _say("pool-variable-twice", variable=pool.variable, container=pool.container)
            yield Finding((*path, "size"), message, related=(((*first, "size"), _say("pool-variable-twice.note")),))


def _processes(subject: Subject) -> Iterator[Finding]:
    for _, path, pool in _pools(subject):
        made = subject.plan.containers.get(pool.container)
        count, by = _started(made) if made is not None else (1, "")
        if count > (pool.processes or defaults.POOL_PROCESSES.value):
            message = _say("pool-of-several-processes", by=by, container=pool.container, count=count, size=pool.size)
            yield Finding((*path, "processes"), message)


def _started(made: ContainerPlan) -> tuple[int, str]:
    """Return how many processes a container starts, as far as it says so, and what says it."""
    found = [(made.environment.get(name, ""), name) for name in PROCESS_VARIABLES]
    for word, following in itertools.zip_longest(made.command, made.command[1:], fillvalue=""):
        option, equals, value = word.partition("=")
        if option in PROCESS_OPTIONS:
            found.append((value if equals else following, option))
    counts = ((int(text), by) for text, by in found if re.fullmatch("[0-9]{1,4}", text))
    return max(counts, default=(1, ""))


@each(backends)
def _impossible(name: str, backend: Backend) -> Iterator[Finding]:
    written, most = backend.max_connections, limits.REDIS_MAX_CLIENTS
    if backend.host.rstrip(".").lower().endswith(_ELASTICACHE) and written is not None and written > most:
        message = _say("impossible-connection-limit", backend=name, count=written, max=most)
        yield Finding(("backends", name, "max_connections"), message)


SHARED_BUDGET = Rule("CG910", "shared-budget", Severity.WARNING, module="chuoigen.workspace.budgets", several=True)
"""Reported over all specs of a run, in chuoigen/workspace/budgets.py."""

RULES: tuple[Rule, ...] = (
    SHARED_BUDGET,
    Rule("CG901", "too-many-connections", Severity.ERROR, _too_many),
    Rule("CG902", "cutover-over-limit", Severity.ERROR, _cutover_steps),
    Rule("CG903", "cutover-without-pool", Severity.ERROR, _no_backend),
    Rule("CG904", "cutover-without-limit", Severity.ERROR, _no_limit),
    Rule("CG905", "unknown-pool-container", Severity.ERROR, _unknown_container),
    Rule("CG906", "pool-size-differs", Severity.ERROR, _other_size),
    Rule("CG908", "pool-of-several-processes", Severity.WARNING, _processes),
    Rule("CG909", "pool-variable-twice", Severity.ERROR, _same_variable),
    Rule("CG907", "impossible-connection-limit", Severity.ERROR, _impossible),
)
