"""Connections to backends: in steady state, while tasks are replaced, and at each step of a cutover."""

from collections.abc import Iterator

from chuoigen.aws import limits
from chuoigen.diagnostics import Severity
from chuoigen.lint.rule import Finding, Rule, Subject
from chuoigen.yaml.document import KeyPath

_ELASTICACHE = ".cache.amazonaws.com"
_LAST_STEP = 6


def _over(subject: Subject) -> Iterator[tuple[str, str, KeyPath]]:
    """Yield the backends that a service in full size asks too much of: name, the sum in words, the key of the limit."""
    for budget in subject.plan.budgets:
        path: KeyPath = ("backends", budget.backend)
        if budget.limit is None or max(budget.steady, budget.rolling) <= budget.limit:
            continue
        if budget.steady > budget.limit:
            words = f"{budget.tasks} tasks open {budget.tasks} x {budget.per_task} = {budget.steady}"
        else:
            tasks = budget.rolling_tasks
            words = f"{tasks} tasks, old and new, open {tasks} x {budget.per_task} = {budget.rolling}"
        yield budget.backend, f"{words} connections, and {budget.limit} are admitted", path


def _too_many(subject: Subject) -> Iterator[Finding]:
    for name, words, path in _over(subject):
        yield Finding(
            (*path, "max_connections"),
            f'backend "{name}": {words}',
            "write a smaller size under pool, fewer tasks, or a smaller max_percent under service.deployment",
            related=(((*path, "pool", "size"), "the pool of one task"),),
        )


def _cutover_steps(subject: Subject) -> Iterator[Finding]:
    cutover = subject.plan.cutover
    if cutover is None or subject.spec.backends[cutover.backend].max_connections is None:
        return
    told = cutover.backend in {name for name, _, _ in _over(subject)}
    for step in cutover.steps:
        if step.peak > cutover.limit and not (told and step.number == _LAST_STEP):
            yield Finding(
                ("cutover",),
                f'step {step.number} of the cutover ("{step.title}") opens up to {step.peak} connections to '
                f'"{cutover.backend}", and {cutover.limit} are admitted',
                "write smaller pools, fewer instances or fewer tasks",
                on_key=True,
                related=((("backends", cutover.backend, "max_connections"), "what is admitted"),),
            )


def _no_backend(subject: Subject) -> Iterator[Finding]:
    cutover = subject.spec.cutover
    if cutover is None:
        return
    pooled = [name for name, backend in subject.spec.backends.items() if backend.pool is not None]
    help_text = (
        f"write backend: {pooled[0]}"
        if pooled
        else "write pool: { container: …, variable: …, size: … } under a backend"
    )
    if cutover.backend is None and len(pooled) != 1:
        what = "no backend has a pool" if not pooled else f"{' and '.join(pooled)} have pools"
        yield Finding(
            ("cutover",), f"the cutover does not say whose connections it counts: {what}", help_text, on_key=True
        )
    elif cutover.backend is not None and cutover.backend not in pooled:
        what = "has no pool to count by" if cutover.backend in subject.spec.backends else "is not a backend"
        yield Finding(("cutover", "backend"), f'"{cutover.backend}" {what}', help_text)


def _no_limit(subject: Subject) -> Iterator[Finding]:
    cutover = subject.plan.cutover
    if cutover is not None and subject.spec.backends[cutover.backend].max_connections is None:
        yield Finding(
            ("backends", cutover.backend),
            f'backend "{cutover.backend}" does not say how many connections it admits, and a cutover goes by that',
            "write max_connections",
            on_key=True,
            related=((("cutover",), "the cutover is here"),),
        )


def _unknown_container(subject: Subject) -> Iterator[Finding]:
    containers = subject.spec.containers
    for name, backend in subject.spec.backends.items():
        if backend.pool is not None and backend.pool.container not in containers:
            message = f'pool of backend "{name}" belongs to "{backend.pool.container}", which is not a container'
            known = f"write one of {', '.join(containers)}" if containers else "declare the container"
            yield Finding(("backends", name, "pool", "container"), message, known)


def _other_size(subject: Subject) -> Iterator[Finding]:
    for name, backend in subject.spec.backends.items():
        container = subject.spec.containers.get(backend.pool.container) if backend.pool else None
        if backend.pool is None or container is None:
            continue
        variable, place = backend.pool.variable, (("backends", name, "pool", "size"), "the size is here")
        path: KeyPath = ("containers", backend.pool.container)
        help_text = f"delete the variable: it is set to {backend.pool.size} by itself"
        if variable in container.environment:
            text = subject.plan.containers[backend.pool.container].environment[variable]
            if text != str(backend.pool.size):
                message = f'{variable} is "{text}", and the pool of backend "{name}" has {backend.pool.size}'
                yield Finding((*path, "environment", variable), message, help_text, related=(place,))
        elif variable in container.secrets:
            message = f'{variable} is a secret, and the pool of backend "{name}" has {backend.pool.size}'
            yield Finding((*path, "secrets", variable), message, help_text, on_key=True, related=(place,))


def _impossible(subject: Subject) -> Iterator[Finding]:
    for name, backend in subject.spec.backends.items():
        most = backend.max_connections
        if (
            backend.host.rstrip(".").lower().endswith(_ELASTICACHE)
            and most is not None
            and most > limits.REDIS_MAX_CLIENTS
        ):
            message = (
                f'backend "{name}" is ElastiCache, which admits {limits.REDIS_MAX_CLIENTS} connections, not {most}'
            )
            yield Finding(("backends", name, "max_connections"), message, f"write {limits.REDIS_MAX_CLIENTS} or less")


RULES: tuple[Rule, ...] = (
    Rule("CG901", "too-many-connections", Severity.ERROR, _too_many),
    Rule("CG902", "cutover-over-limit", Severity.ERROR, _cutover_steps),
    Rule("CG903", "cutover-without-pool", Severity.ERROR, _no_backend),
    Rule("CG904", "cutover-without-limit", Severity.ERROR, _no_limit),
    Rule("CG905", "unknown-pool-container", Severity.ERROR, _unknown_container),
    Rule("CG906", "pool-size-differs", Severity.ERROR, _other_size),
    Rule("CG907", "impossible-connection-limit", Severity.ERROR, _impossible),
)
