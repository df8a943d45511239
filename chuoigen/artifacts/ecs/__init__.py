"""Turns the resources of ECS into ecs/: the task definition, the service and its scaling, inputs of the AWS CLI."""

from typing import Any

from chuoigen import templating
from chuoigen.artifacts.ecs.task import task_definition
from chuoigen.plan.model import Plan
from chuoigen.resources.ecs import Service
from chuoigen.tree import Artifact


def render(plan: Plan) -> tuple[Artifact, ...]:
    """Return one file for each request: its name is the AWS CLI's word for what it makes."""
    files = {"task-definition": task_definition(plan)}
    if plan.service is not None:
        files["service-update"] = service_update(plan, plan.service)
    for each in (plan.service, plan.autoscaling, *plan.scaling_policies):
        if each is not None:
            files[each.stem] = plan.request(each)
    return tuple(Artifact(f"ecs/{name}.json", templating.to_json(data)) for name, data in files.items())


def service_update(plan: Plan, service: Service) -> dict[str, Any]:
    """Return the input of update-service, to which a deployment adds the revision."""
    members = plan.request(service)
    # Some settings, the capacity among them, are only taken with a new deployment.
    members |= {"service": service.service_name, "forceNewDeployment": True}
    if plan.autoscaling is not None:
        del members["desiredCount"]  # auto scaling has chosen a count by now, which a deployment must not undo
    return {name: members[name] for name in service.UPDATED if name in members}
