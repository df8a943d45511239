"""Connections to backends, counted: in steady state, during a deployment, and at each step of a cutover."""

from chuoigen.aws import defaults
from chuoigen.plan.service import most_tasks
from chuoigen.plan.surroundings import BackendPlan, BudgetPlan, CutoverPlan, StepPlan
from chuoigen.spec import Spec
from chuoigen.spec.network import Pool


def backend_plans(spec: Spec) -> dict[str, BackendPlan]:
    """Return the backends in the spec's order."""
    return {
        name: BackendPlan(
            name=name,
            host=backend.host,
            port=backend.port,
            group=name,
            max_connections=backend.max_connections,
            pool_container=backend.pool.container if backend.pool else None,
            pool_variable=backend.pool.variable if backend.pool else None,
            pool_size=backend.pool.size if backend.pool else None,
        )
        for name, backend in spec.backends.items()
    }


def budget_plans(spec: Spec) -> tuple[BudgetPlan, ...]:
    """Return the connections to each backend that has a pool."""
    tasks, rolling = most_tasks(spec)
    return tuple(
        BudgetPlan(
            backend=name,
            per_task=backend.pool.size,
            tasks=tasks,
            rolling_tasks=rolling,
            steady=tasks * backend.pool.size,
            rolling=rolling * backend.pool.size,
            limit=backend.max_connections,
        )
        for name, backend in spec.backends.items()
        if backend.pool is not None
    )


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
        variable=backend.pool.variable,
        limit=backend.max_connections or 0,
        steps=_steps(spec, backend.pool),
    )


def _steps(spec: Spec, pool: Pool) -> tuple[StepPlan, ...]:
    """Count each step. A pool that was halved grows to its full size only when the predecessor has shrunk."""
    assert spec.cutover is not None  # noqa: S101  the caller has looked
    old = spec.cutover.predecessor
    tasks = spec.service.desired_count if spec.service else defaults.DESIRED_COUNT.value
    surge = max(0, min(most_tasks(spec)[1], tasks * 2) - tasks)
    half_old, half_new = max(1, old.pool // 2), max(1, pool.size // 2)
    before = StepPlan(
        number=1,
        title=f"Halve the pool of {old.name}",
        text=f"Each of its {old.instances} instances opens {half_old} connections instead of {old.pool}.",
        old_instances=old.instances,
        old_pool=half_old,
        tasks=0,
        peak_tasks=0,
        task_pool=0,
        total=old.instances * half_old,
        peak=old.instances * old.pool,
    )
    prepared = before.replaced(
        number=2,
        title="Prepare Fargate with a halved pool",
        text=f"The task definition is registered with {pool.variable}={half_new}; nothing runs yet.",
        task_pool=half_new,
        peak=before.total,
    )
    both = before.total + tasks * half_new
    created = prepared.replaced(
        number=3,
        title="Create the service",
        text=f"{tasks} tasks start beside {old.name}; traffic still goes to {old.name}.",
        tasks=tasks,
        peak_tasks=tasks,
        total=both,
        peak=both,
    )
    moved = created.replaced(
        number=4,
        title="Move the alias to the new load balancer",
        text="The Route 53 alias points to the new load balancer; both systems serve until caches expire.",
    )
    return (before, prepared, created, moved, *_ending(moved, old.name, pool, surge))


def _ending(moved: StepPlan, old: str, pool: Pool, surge: int) -> tuple[StepPlan, StepPlan]:
    """Return the steps after the move: the predecessor shrinks to one instance, then the tasks get their full pool."""
    tasks = moved.tasks
    shrunk = moved.replaced(
        number=5,
        title=f"Shrink {old}",
        text=f"1 instance of {old} stays as the way back.",
        old_instances=1,
        total=moved.old_pool + tasks * moved.task_pool,
    )
    # At the worst moment all new tasks run, and as many old ones, with halved pools, as the deployment still allows.
    grown = shrunk.old_pool + tasks * pool.size
    full = shrunk.replaced(
        number=6,
        title="Grow Fargate to its full pool",
        text=f"A rolling deployment brings {pool.variable}={pool.size}; old and new tasks run side by side.",
        peak_tasks=tasks + surge,
        task_pool=pool.size,
        total=grown,
        peak=grown + surge * moved.task_pool,
    )
    return shrunk, full
