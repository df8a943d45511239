"""Connections to backends, counted: in steady state, during a deployment, and at each step of a cutover."""

from collections.abc import Iterable, Mapping

from chuoigen.aws import defaults
from chuoigen.messages import Argument, Message, Texts
from chuoigen.plan.references import value_of
from chuoigen.plan.service import most_tasks, written_service
from chuoigen.provenance import decision, keyed
from chuoigen.record import Record
from chuoigen.spec import Spec
from chuoigen.spec.jobs import Job
from chuoigen.spec.network import Backend, Pool
from chuoigen.spec.service import Predecessor

_say = Texts(__name__)


class PoolPlan(Record):
    """A pool of connections: `size` is that of one process, which `variable` sets."""

    container: str
    variable: str
    size: int
    processes: int

    @property
    def connections(self) -> int:
        """The connections that one task opens by it."""
        return self.size * self.processes


class BackendPlan(Record):
    """A backend of the service; its security group has its name for a role."""

    name: str
    host: str
    port: int
    max_connections: int | None
    pools: tuple[PoolPlan, ...]


class BudgetPlan(Record):
    """Connections to one backend: what one task holds, and the sums, against what the backend admits.

    `jobs` are those of the jobs that may run at any time, `peak` the most that are open at once, jobs included.
    """

    backend: str
    per_task: int
    tasks: int
    rolling_tasks: int
    steady: int
    rolling: int
    jobs: int
    peak: int
    limit: int | None


class StepPlan(Record):
    """One step of a cutover with the counts and pools after it (`peak` counts what runs at once during it).

    `task_pool` is what the variable says, `per_task` the connections that one task then opens.
    """

    number: int
    title: Message
    text: Message
    old_instances: int
    old_pool: int
    tasks: int
    peak_tasks: int
    task_pool: int
    per_task: int
    total: int
    peak: int


class CutoverPlan(Record):
    """Moving traffic from `predecessor`, step by step, under the connections that the backend admits."""

    predecessor: str
    backend: str
    container: str
    variable: str
    limit: int
    steps: Mapping[str, StepPlan]


def backend_plans(spec: Spec) -> dict[str, BackendPlan]:
    """Return the backends in the spec's order."""
    return keyed(spec.backends, lambda name: _backend(name, spec.backends[name]))


def _backend(name: str, backend: Backend) -> BackendPlan:
    return BackendPlan(
        name=name,
        host=backend.host,
        port=backend.port,
        max_connections=backend.max_connections,
        pools=tuple(_pool(pool) for _, pool in written_pools(backend)),
    )


def written_pools(backend: Backend) -> tuple[tuple[tuple[str | int, ...], Pool], ...]:
    """Return the pools to a backend, each with its path below the backend."""
    first = ((("pool",), backend.pool),) if backend.pool is not None else ()
    return (*first, *((("pools", index), pool) for index, pool in enumerate(backend.pools)))


def budget_plans(spec: Spec) -> dict[str, BudgetPlan]:
    """Return the connections to each backend that has a pool."""
    pooled = {name: None for name, backend in spec.backends.items() if written_pools(backend)}
    return keyed(pooled, lambda name: _budget(spec, name))


def _pool(pool: Pool) -> PoolPlan:
    return PoolPlan(pool.container, pool.variable, pool.size, pool.processes or defaults.POOL_PROCESSES.value)


def _per_task(backend: Backend) -> int:
    return sum(_pool(pool).connections for _, pool in written_pools(backend))


def _budget(spec: Spec, name: str) -> BudgetPlan:
    per_task = _per_task(spec.backends[name])
    # Jobs before a deployment run one after another, beside the tasks of the old revision.
    before, other = _of_jobs(spec, name, "deploy"), sum(_of_jobs(spec, name, None))
    steady, rolling = most_tasks(spec)[0] * per_task, most_tasks(spec)[1] * per_task
    return BudgetPlan(
        backend=name,
        per_task=per_task,
        tasks=most_tasks(spec)[0],
        rolling_tasks=most_tasks(spec)[1],
        steady=most_tasks(spec)[0] * per_task,
        rolling=most_tasks(spec)[1] * per_task,
        jobs=other + max(before, default=0),
        peak=max(steady + other + max(before, default=0), rolling + other),
        limit=spec.backends[name].max_connections,
    )


def _of_jobs(spec: Spec, backend: str, before: str | None) -> list[int]:
    """Return the connections of each job; its environment may set the size of its pool."""
    return [_of_job(spec, backend, job) for job in spec.jobs.values() if job.before == before]


def _of_job(spec: Spec, backend: str, job: Job) -> int:
    pools = [_pool(pool) for _, pool in written_pools(spec.backends[backend]) if pool.container == job.container]
    own = {
        pool.variable: value_of(spec, job.environment[pool.variable])
        for pool in pools
        if pool.variable in job.environment
    }
    return held_by_job(pools, job.container, own)


def held_by_job(pools: Iterable[PoolPlan], container: str, environment: Mapping[str, str]) -> int:
    """Return the connections of a job in a container; its environment may set the size of its pool."""

    def size(pool: PoolPlan) -> int:
        own = environment.get(pool.variable, "")
        return int(own) if own.isdecimal() else pool.size

    return sum(size(pool) * pool.processes for pool in pools if pool.container == container)


@decision
def cutover_plan(spec: Spec) -> CutoverPlan | None:
    """Return the six steps of moving traffic; None when the spec has no cutover, or no pool to count by."""
    pooled = [name for name, backend in spec.backends.items() if backend.pool is not None]
    if spec.cutover is None or not pooled:
        return None
    name = spec.cutover.backend or pooled[0]
    backend = spec.backends.get(name)
    if backend is None or backend.pool is None:
        return None
    return CutoverPlan(
        predecessor=spec.cutover.predecessor.name,
        backend=name,
        container=backend.pool.container,
        variable=backend.pool.variable,
        limit=backend.max_connections or 0,
        steps=_steps(spec, backend, backend.pool),
    )


def _steps(spec: Spec, backend: Backend, pool: Pool) -> dict[str, StepPlan]:
    """Count each step. A pool that was halved grows to its full size only when the predecessor has shrunk."""
    assert spec.cutover is not None  # noqa: S101  the caller has looked
    old = spec.cutover.predecessor
    tasks = written_service(spec).desired_count
    surge = max(0, min(most_tasks(spec)[1], tasks * 2) - tasks)
    half_old, half_new = max(1, old.pool // 2), max(1, pool.size // 2)

    def held(size: int) -> int:
        return _per_task(backend) - (pool.size - size) * (pool.processes or defaults.POOL_PROCESSES.value)

    before = old.instances * half_old
    both = before + tasks * held(half_new)
    few = half_old + tasks * held(half_new)
    # At the worst moment all new tasks run, and as many old ones, with halved pools, as the deployment still allows.
    full = half_old + tasks * held(pool.size)
    # Instances and tasks after each step, the most tasks during it, the pool of one, connections after and during it.
    counts = {
        "halve": (old.instances, 0, 0, 0, before, old.instances * old.pool),
        "prepare": (old.instances, 0, 0, half_new, before, before),
        "create": (old.instances, tasks, tasks, half_new, both, both),
        "move": (old.instances, tasks, tasks, half_new, both, both),
        "shrink": (1, tasks, tasks, half_new, few, both),
        "grow": (1, tasks, tasks + surge, pool.size, full, full + surge * held(half_new)),
    }
    values = _words(old, pool, tasks)
    return {
        step: StepPlan(
            number=number,
            title=_say(step, **values),
            text=_say(f"{step}.text", **values),
            old_instances=instances,
            old_pool=half_old,
            tasks=running,
            peak_tasks=most,
            task_pool=of_one,
            per_task=held(of_one) if of_one else 0,
            total=total,
            peak=peak,
        )
        for number, (step, (instances, running, most, of_one, total, peak)) in enumerate(counts.items(), 1)
    }


def _words(old: Predecessor, pool: Pool, tasks: int) -> dict[str, Argument]:
    """Return what the texts of the steps speak of."""
    return {
        "old": old.name,
        "instances": old.instances,
        "pool": old.pool,
        "half": max(1, old.pool // 2),
        "variable": pool.variable,
        "tasks": tasks,
        "size": pool.size,
        "half_size": max(1, pool.size // 2),
    }
