"""A Spec into a Plan: every default, name, port, path, group and permission decided; never fails on a valid shape."""

from collections.abc import Mapping

from chuoigen.aws import arn
from chuoigen.inputs.project import Project
from chuoigen.plan import connections, containers, encryption, flows, jobs, naming, network, permissions, task, volumes
from chuoigen.plan.alarms import alarm_resources
from chuoigen.plan.balancer import balancer_resources
from chuoigen.plan.connect import connect_resources, proxy_logs
from chuoigen.plan.definitions import ContainerPlan, VolumePlan
from chuoigen.plan.discovery import discovery_resources
from chuoigen.plan.local import local_ports
from chuoigen.plan.logs import log_groups
from chuoigen.plan.model import Plan
from chuoigen.plan.pipeline import pipeline_plan, pipeline_resources
from chuoigen.plan.scaling import scaling_resources
from chuoigen.plan.service import CLUSTER, SERVICE, service_resources
from chuoigen.plan.shifting import hook_role, shifting_resources
from chuoigen.plan.task import TASK_DEFINITION
from chuoigen.provenance import Trace, keyed, recorded
from chuoigen.resources import Resource
from chuoigen.resources.deployment import AlternateGroup
from chuoigen.resources.ecs import Cluster, Service
from chuoigen.resources.network import IngressRule, SecurityGroup, TargetGroup
from chuoigen.spec import Spec

__all__ = ["Plan", "plan", "traced"]


def plan(spec: Spec, project: Project) -> Plan:
    """Decide everything about a service.

    Total: a spec that rules refuse (an unknown reference, a dependency on nothing) still has a plan, so that all
    findings of one run can be shown together.
    """
    volume_plans = volumes.volume_plans(spec)
    container_plans = keyed(spec.containers, lambda name: containers.container_plan(spec, project, name, volume_plans))
    groups = network.security_groups(spec)
    rules = network.ingress_rules(spec, groups)
    resources = _resources(spec, project, volume_plans, container_plans, (groups, rules))
    service = resources.get(SERVICE)
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
        tags=naming.tags_of(spec),
        volumes=volume_plans,
        containers=container_plans,
        backends=connections.backend_plans(spec),
        local_ports=local_ports(container_plans, _targets(resources)),
        vpc=spec.network.vpc if spec.network else None,
        resources=resources,
        jobs=jobs.job_plans(spec, container_plans, service if isinstance(service, Service) else None),
        flows=flows.flows(spec, groups, rules, container_plans),
        pipeline=pipeline_plan(spec, container_plans),
        budgets=connections.budget_plans(spec),
        cutover=connections.cutover_plan(spec),
    )


def traced(spec: Spec, project: Project) -> tuple[Plan, Trace]:
    """Return the plan, and where each of its values comes from."""
    return recorded(lambda seen: plan(seen, project), spec)


def _resources(
    spec: Spec,
    project: Project,
    volume_plans: Mapping[str, VolumePlan],
    container_plans: Mapping[str, ContainerPlan],
    network_plans: tuple[Mapping[str, SecurityGroup], Mapping[str, IngressRule]],
) -> Mapping[str, Resource]:
    """Return all resources by their keys, each after those that it points at."""
    groups, rules = network_plans
    made: dict[str, Resource] = {
        **permissions.execution_role(spec, container_plans),
        **permissions.task_role(spec, container_plans, volume_plans),
        **log_groups(spec, container_plans, proxy_logs(spec)),
        **pipeline_resources(spec, container_plans, project.output),
        **groups,
        **rules,
        **balancer_resources(spec, project, groups),
        **discovery_resources(spec),
        **connect_resources(spec),
    }
    made |= {**hook_role(spec), **shifting_resources(spec, made)}
    definition = task.task_definition(spec, container_plans)
    made |= {TASK_DEFINITION: definition, **jobs.definitions(spec, definition)}
    made |= service_resources(spec, groups, volume_plans, _targets(made))
    service, cluster = made.get(SERVICE), made.get(CLUSTER)
    if isinstance(service, Service) and isinstance(cluster, Cluster):
        made |= scaling_resources(spec, service, cluster)
        made |= jobs.schedule_resources(spec, service, cluster, made)
        made |= alarm_resources(spec, service, cluster, made)
    return made | encryption.key_policies(spec, made.values())


def _targets(resources: Mapping[str, Resource]) -> tuple[TargetGroup, ...]:
    groups = (resource for resource in resources.values() if isinstance(resource, TargetGroup))
    return tuple(group for group in groups if not isinstance(group, AlternateGroup))
