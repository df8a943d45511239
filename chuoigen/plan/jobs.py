"""Jobs: for each a task definition of its own, how it is run, and its schedule.

A job has its own definition rather than overrides of the service's. Overrides cannot leave a container out, so that a
migration would start every server and proxy of the task beside it; and the scheduler's role can be held to one family.
"""

from collections.abc import Mapping

from chuoigen.aws import arn, vocabulary
from chuoigen.plan.definitions import ContainerPlan
from chuoigen.plan.naming import prefix_of, tags_of
from chuoigen.plan.permissions import Grant, granted_role, role_key, roles_of_tasks
from chuoigen.plan.references import value_of
from chuoigen.provenance import decision, keyed
from chuoigen.record import Record
from chuoigen.resources import Ref, Resource, unique
from chuoigen.resources.ecs import Cluster, Service, TaskDefinition
from chuoigen.resources.iam import Statement, allow
from chuoigen.resources.jobs import (
    DeadLetters,
    EcsParameters,
    FlexibleWindow,
    JobDefinition,
    Retries,
    RunTask,
    Schedule,
    ScheduledConfiguration,
    ScheduledNetwork,
    ScheduleGroup,
    ScheduleTarget,
)
from chuoigen.spec import Spec

GROUP = "schedule-group"
STARTED_BY = "chuoigen"


class JobPlan(Record):
    """A job: what it has otherwise than its container. `timeout` is in seconds; without a service nothing can `run`.

    An empty `command` is that of the image. `containers` are those of its task, that of the work first. `environment`
    is only what the job itself says.
    """

    name: str
    container: str
    command: tuple[str, ...]
    containers: tuple[str, ...]
    environment: Mapping[str, str]
    compose_environment: Mapping[str, str]
    before_deploy: bool
    timeout: int
    run: RunTask | None


def job_key(name: str) -> str:
    """Return the key of a job's task definition."""
    return f"job:{name}"


def job_plans(spec: Spec, containers: Mapping[str, ContainerPlan], service: Service | None) -> dict[str, JobPlan]:
    """Return the jobs in the spec's order."""
    return keyed(spec.jobs, lambda name: _plan(spec, name, containers, service))


def _plan(spec: Spec, name: str, containers: Mapping[str, ContainerPlan], service: Service | None) -> JobPlan:
    job = spec.jobs[name]
    return JobPlan(
        name=name,
        container=job.container,
        command=tuple(job.command or (containers[job.container].command if job.container in containers else ())),
        containers=tuple(needed(job.container, containers)),
        environment=keyed(job.environment, lambda key: value_of(spec, job.environment[key])),
        compose_environment=keyed(job.environment, lambda key: value_of(spec, job.environment[key], by_name=True)),
        before_deploy=job.before == "deploy",
        timeout=job.timeout,
        run=_run(service) if service is not None else None,
    )


def needed(first: str, containers: Mapping[str, ContainerPlan]) -> dict[str, None]:
    """Return a container and all that it depends on, or takes volumes from, directly or not."""
    found: dict[str, None] = {}
    waiting = [first]
    while waiting:
        name = waiting.pop(0)
        if name in containers and name not in found:
            found[name] = None
            waiting += [*containers[name].depends_on, *(each.container for each in containers[name].volumes_from)]
    return found


def worker(job: JobPlan, container: ContainerPlan) -> ContainerPlan:
    """Return the container that does the work: it has no ports and no health check, and the task ends with it."""
    options = container.logs.options
    return container.replaced(
        command=job.command,
        environment={**container.environment, **job.environment},
        compose_environment={**container.compose_environment, **job.compose_environment},
        secrets=tuple(each for each in container.secrets if each.variable not in job.environment),
        essential=True,
        restart=None,
        ports=(),
        healthcheck=None,
        logs=container.logs.replaced(
            options={key: job.name if key == "awslogs-stream-prefix" else options[key] for key in options}
        ),
    )


def _run(service: Service) -> RunTask:
    """Return how a job is run: where the service's tasks are, but never on Spot, which would end it in the middle."""
    return RunTask(
        cluster=service.cluster,
        enable_ecs_managed_tags=True,
        launch_type="FARGATE",
        network_configuration=service.network_configuration,
        platform_version=service.platform_version,
        propagate_tags="TASK_DEFINITION",
        started_by=STARTED_BY,
    )


@decision
def definitions(spec: Spec, task: TaskDefinition) -> dict[str, Resource]:
    """Return the task definitions of the jobs, by their keys."""
    return {job_key(name): _definition(spec, name, task) for name in spec.jobs}


def _definition(spec: Spec, name: str, task: TaskDefinition) -> JobDefinition:
    return JobDefinition(
        key=job_key(name),
        family=f"{prefix_of(spec)}-{name}",
        task_role_arn=task.task_role_arn,
        execution_role_arn=task.execution_role_arn,
        network_mode=task.network_mode,
        requires_compatibilities=task.requires_compatibilities,
        cpu=spec.jobs[name].cpu or task.cpu,
        memory=spec.jobs[name].memory or task.memory,
        tags=tags_of(spec),
        pid_mode=task.pid_mode,
        ephemeral_storage=task.ephemeral_storage,
        runtime_platform=task.runtime_platform,
        enable_fault_injection=None,
        platform=task.platform,
        overrides={},
    )


@decision
def schedule_resources(
    spec: Spec, service: Service, cluster: Cluster, made: Mapping[str, Resource]
) -> dict[str, Resource]:
    """Return the group, the role and the schedules; nothing where no job has a schedule.

    `made` has the roles of the tasks.
    """
    written = {name: job.schedule for name, job in spec.jobs.items() if job.schedule is not None}
    if not written:
        return {}
    account, region = spec.aws.account, spec.aws.region
    group = ScheduleGroup(
        key=GROUP,
        name=prefix_of(spec),
        tags=tags_of(spec),
        arn=str(arn.Arn(arn.partition(region), "scheduler", region, account, f"schedule-group/{prefix_of(spec)}")),
    )
    found: dict[str, Resource] = {GROUP: group, **_role(spec, cluster, tuple(roles_of_tasks(made).values()))}
    for name in written:
        schedule = _schedule(spec, name, service, cluster)
        found[schedule.key] = schedule
    return found


def _ecs_arn(spec: Spec, resource: str) -> str:
    return str(arn.Arn(arn.partition(spec.aws.region), "ecs", spec.aws.region, spec.aws.account, resource))


def _family_arn(spec: Spec, name: str) -> str:
    return _ecs_arn(spec, f"task-definition/{prefix_of(spec)}-{name}")


def _schedule(spec: Spec, name: str, service: Service, cluster: Cluster) -> Schedule:
    written = spec.jobs[name].schedule
    assert written is not None  # noqa: S101  the caller has looked
    network = service.network_configuration.awsvpc_configuration
    window, queue = written.flexible_window, written.dead_letter_queue
    return Schedule(
        key=f"schedule:{name}",
        name=name,
        group_name=Ref(GROUP, "name"),
        schedule_expression=written.expression,
        schedule_expression_timezone=written.timezone or spec.timezone,
        target=ScheduleTarget(
            arn=_ecs_arn(spec, f"cluster/{cluster.cluster_name}"),
            role_arn=Ref(role_key("scheduler"), "arn"),
            dead_letter_config=DeadLetters(queue) if queue is not None else None,
            retry_policy=Retries(written.max_age, written.retries),
            ecs_parameters=EcsParameters(
                task_definition_arn=_family_arn(spec, name),
                task_count=1,
                launch_type="FARGATE",
                network_configuration=ScheduledConfiguration(
                    ScheduledNetwork(network.subnets, network.security_groups, network.assign_public_ip)
                ),
                platform_version=service.platform_version,
                enable_ecs_managed_tags=True,
                propagate_tags="TASK_DEFINITION",
            ),
        ),
        flexible_time_window=FlexibleWindow("FLEXIBLE" if window else "OFF", window // 60 if window else None),
    )


def _role(spec: Spec, cluster: Cluster, passed: tuple[str, ...]) -> dict[str, Resource]:
    """Return the scheduler's role: it may run these jobs in this cluster, tag their tasks and hand them their roles.

    Source: EventBridge Scheduler, "Using templated targets" and "Configuring a dead-letter queue"; Amazon ECS, "Grant
    permission to tag resources on creation" (2026-11-28).
    """
    scheduled = [name for name, job in spec.jobs.items() if job.schedule is not None]
    families = tuple(each for name in scheduled for each in (_family_arn(spec, name), f"{_family_arn(spec, name)}:*"))
    schedules = [job.schedule for job in spec.jobs.values() if job.schedule is not None]
    within = {"ArnEquals": {"ecs:cluster": _ecs_arn(spec, f"cluster/{cluster.cluster_name}")}}
    to_tasks = {"StringEquals": {"iam:PassedToService": vocabulary.ECS_TASKS_PRINCIPAL}}
    tasks = (_ecs_arn(spec, f"task/{cluster.cluster_name}/*"),)
    queues = unique(each.dead_letter_queue for each in schedules)
    grants: tuple[Grant, ...] = (
        lambda: allow("RunJobs", ("ecs:RunTask",), families).replaced(condition=within),
        lambda: allow("TagTasks", ("ecs:TagResource",), tasks).replaced(
            condition={"StringEquals": {"ecs:CreateAction": "RunTask"}}
        ),
        lambda: allow("PassRoles", ("iam:PassRole",), passed).replaced(condition=to_tasks) if passed else None,
        lambda: _queues(queues),
    )
    return granted_role(spec, "scheduler", (), grants)


def _queues(queues: tuple[str, ...]) -> Statement | None:
    return allow("KeepWhatFailed", ("sqs:SendMessage",), queues) if queues else None
