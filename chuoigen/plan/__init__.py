"""A Spec into a Plan: every default, name, port, path, group and permission decided; never fails on a valid shape."""

from chuoigen.aws import arn, vocabulary
from chuoigen.inputs.project import Project
from chuoigen.plan import connections, containers, naming, network, permissions, service, volumes
from chuoigen.plan.model import Plan, TaskPlan
from chuoigen.spec import Spec

__all__ = ["OWN_TAG", "Plan", "plan"]

OWN_TAG = "chuoigen"
"""The tag by which the scripts know what they have made; its value is `<name>-<stage>`."""


def plan(spec: Spec, project: Project) -> Plan:
    """Decide everything about a service.

    Total: a spec that rules refuse (an unknown reference, a dependency on nothing) still has a plan, so that all
    findings of one run can be shown together.
    """
    volume_plans = volumes.volume_plans(spec)
    container_plans = {name: containers.container_plan(spec, project, name, volume_plans) for name in spec.containers}
    groups = network.group_plans(spec)
    service_plan = service.service_plan(spec, groups)
    return Plan(
        name=spec.name,
        stage=spec.stage,
        prefix=naming.prefix_of(spec),
        output=project.output,
        spec_file=project.spec_file,
        account=spec.aws.account,
        region=spec.aws.region,
        partition=arn.partition(spec.aws.region),
        registry=arn.ecr_registry(spec.aws.account, spec.aws.region),
        timezone=spec.timezone,
        tags={OWN_TAG: naming.prefix_of(spec), **spec.task.tags},
        task=TaskPlan(
            family=spec.task.family or naming.prefix_of(spec),
            cpu=spec.task.cpu,
            memory=spec.task.memory,
            architecture=vocabulary.ARCHITECTURES.get(spec.task.platform, "X86_64"),
            platform=spec.task.platform,
            ephemeral_storage=spec.task.ephemeral_storage,
            pid_mode=spec.task.pid_mode,
            tags=dict(spec.task.tags),
            execution_role=permissions.execution_role(spec, container_plans),
            role=permissions.task_role(spec, container_plans, volume_plans),
        ),
        volumes=volume_plans,
        containers=container_plans,
        backends=connections.backend_plans(spec),
        vpc=spec.network.vpc if spec.network else None,
        groups=groups,
        reach=network.reaches(spec, groups, container_plans),
        load_balancer=service.load_balancer_plan(spec, groups, container_plans),
        service=service_plan,
        autoscaling=service.autoscaling_plan(spec, service_plan),
        pipeline=service.pipeline_plan(spec, container_plans),
        budgets=connections.budget_plans(spec),
        cutover=connections.cutover_plan(spec),
    )
