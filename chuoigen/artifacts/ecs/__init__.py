"""Turns the plan into ecs/: the task definition, the service and its scaling, inputs of the AWS CLI."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuoigen import templating
from chuoigen.artifacts.ecs.service import scalable_target, scaling_policy, service_request, service_update
from chuoigen.artifacts.ecs.task import task_definition
from chuoigen.aws import vocabulary
from chuoigen.tree import Artifact

if TYPE_CHECKING:
    from chuoigen.plan.model import Plan

_METRIC_WORDS = {metric: word for word, metric in vocabulary.AUTOSCALING_METRICS.items()}


def render(plan: Plan) -> tuple[Artifact, ...]:
    """Return one file for each request: its name is the AWS CLI's word for what it makes."""
    files = {"task-definition": task_definition(plan)}
    if plan.service is not None:
        files["service"] = service_request(plan, plan.service)
        files["service-update"] = service_update(plan, plan.service)
    scaling = plan.autoscaling
    if scaling is not None:
        files["autoscaling"] = scalable_target(scaling)
        for policy in scaling.policies:
            files[f"scaling-policy-{_METRIC_WORDS[policy.metric]}"] = scaling_policy(scaling, policy)
    return tuple(Artifact(f"ecs/{name}.json", templating.to_json(data)) for name, data in files.items())
