"""Says which operations take the generated files, with their members: an old AWS CLI may not know all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chuoigen.resources import unique
from chuoigen.resources.alarms import Alarm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chuoigen.plan.model import Plan
    from chuoigen.resources import Resource, Shape
    from chuoigen.resources.ecs import Service

_FREE = ("options", "dockerLabels", "driverOpts", "hookDetails")
"""Members whose own members are the user's words."""


def calls(plan: Plan) -> Iterator[dict[str, Any]]:
    """Give each operation with the members that it is sent."""
    for (service, operation), requests in _requests(plan).items():
        members = unique(name for request in requests for name in _members(request))
        if members:
            yield {"service": service, "operation": operation, "members": members}


def _requests(plan: Plan) -> dict[tuple[str, str], list[dict[str, Any]]]:
    def of(*shapes: Shape | None) -> list[dict[str, Any]]:
        return [plan.request(shape) for shape in shapes if shape is not None]

    updated = [_updated(plan, plan.service)] if plan.service is not None else []
    return {
        ("ecs", "register-task-definition"): of(plan.task, *plan.containers.values(), *plan.volumes.values()),
        ("ecs", "create-service"): of(plan.service),
        ("ecs", "run-task"): of(*(job.run for job in plan.jobs.values())),
        ("scheduler", "create-schedule"): of(*plan.schedules),
        ("cloudwatch", "put-metric-alarm"): of(*plan.every(Alarm)),
        ("ecs", "update-service"): updated,
        ("elbv2", "create-load-balancer"): of(plan.made_balancer),
        ("elbv2", "create-target-group"): of(*plan.target_groups),
        ("elbv2", "create-listener"): of(*plan.listeners),
        ("servicediscovery", "create-private-dns-namespace"): of(_made(plan.namespace)),
        ("servicediscovery", "create-http-namespace"): of(_made(plan.connect_namespace)),
        ("servicediscovery", "create-service"): of(_made(plan.discovery)),
        ("application-autoscaling", "register-scalable-target"): of(plan.autoscaling),
        ("application-autoscaling", "put-scaling-policy"): of(*plan.scaling_policies),
        ("application-autoscaling", "put-scheduled-action"): of(*plan.scheduled_actions),
    }


def _made(resource: Resource | None) -> Resource | None:
    return None if resource is None or resource.existing else resource


def _updated(plan: Plan, service: Service) -> dict[str, None]:
    """Return what update-service is sent; `monitoring`, which came in 2026, only where the service has some."""
    sent = plan.request(service)
    return {name: None for name in service.UPDATED if name != "monitoring" or name in sent}


def _members(value: object) -> Iterator[str]:
    """Give the names of all members of a request, at any depth."""
    if isinstance(value, dict):
        for name, below in value.items():
            yield name
            if name not in _FREE:
                yield from _members(below)
    elif isinstance(value, list):
        for below in value:
            yield from _members(below)
