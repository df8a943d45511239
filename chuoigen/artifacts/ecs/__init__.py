"""Turns the resources of ECS into ecs/: the task definition, the service and its scaling, inputs of the AWS CLI."""

from typing import Any

from chuoigen import templating
from chuoigen.artifacts.ecs.alarms import alarm_files
from chuoigen.artifacts.ecs.task import digest_of, job_definition, task_definition
from chuoigen.plan.model import Plan
from chuoigen.plan.naming import SETTINGS_TAG
from chuoigen.resources.connect import ServiceConnectConfiguration
from chuoigen.resources.deployment import DeploymentAlarms
from chuoigen.resources.ecs import Service
from chuoigen.resources.jobs import Schedule
from chuoigen.tree import Artifact


def render(plan: Plan) -> tuple[Artifact, ...]:
    """Return one file for each request: its name is the AWS CLI's word for what it makes."""
    files = {"task-definition": task_definition(plan)}
    if plan.service is not None:
        files |= {"service-update": service_update(plan, plan.service), "service": _service(plan, plan.service)}
    for each in (plan.autoscaling, *plan.scaling_policies, *plan.scheduled_actions):
        if each is not None:
            files[each.stem] = plan.request(each)
    files |= _jobs(plan) | alarm_files(plan)
    return tuple(Artifact(f"ecs/{name}.json", templating.to_json(data)) for name, data in files.items())


def _jobs(plan: Plan) -> dict[str, dict[str, Any]]:
    """Return the task definitions of the jobs, what runs one, and the schedules."""
    files = {plan.definition(job).stem: job_definition(plan, job) for job in plan.jobs.values()}
    run = next((job.run for job in plan.jobs.values() if job.run is not None), None)
    if run is not None:
        files["run-job"] = plan.request(run)
    return files | {schedule.stem: _schedule(plan, schedule) for schedule in plan.schedules}


def _schedule(plan: Plan, schedule: Schedule) -> dict[str, Any]:
    """Return the input of create-schedule and update-schedule; its description has the digest, for want of tags."""
    members = plan.request(schedule)
    named = [group.name for group in plan.groups]
    description = f"chuoigen {digest_of({'schedule': members, 'named': named})}"
    names = list(members)
    names.insert(names.index("ScheduleExpression") + 1, "Description")  # AWS's order
    return {name: members.get(name, description) for name in names}


def service_update(plan: Plan, service: Service) -> dict[str, Any]:
    """Return the input of update-service, to which a deployment adds the revision.

    What the spec does not say any more is taken back: the members of TAKEN_BACK are lists that are sent empty then, and
    alarms are sent as none.
    """
    members: dict[str, Any] = {name: [] for name in service.TAKEN_BACK} | plan.request(service)
    rollout = members["deploymentConfiguration"]
    members["deploymentConfiguration"] = rollout | {"alarms": rollout.get("alarms", DeploymentAlarms.NONE)}
    members.setdefault("serviceConnectConfiguration", ServiceConnectConfiguration.NONE)
    # Some settings, the capacity among them, are only taken with a new deployment.
    members |= {"service": service.service_name, "forceNewDeployment": True}
    if plan.autoscaling is not None:
        del members["desiredCount"]  # auto scaling has chosen a count by now, which a deployment must not undo
    laid = [name for name in service.overrides if name not in (*service.UPDATED, *service.CREATED)]
    return {name: members[name] for name in (*service.UPDATED, *laid) if name in members}


def _service(plan: Plan, service: Service) -> dict[str, Any]:
    """Return the input of create-service; by its last tag the settings of a service are recognised.

    They are those that a deployment updates, and the names of what these stand for by a mark.
    """
    members = plan.request(service)
    discovered = (each for each in (plan.namespace, plan.discovery) if each is not None)
    named = [each.name for each in (*plan.groups, *plan.target_groups, *discovered)]
    settings = digest_of({"settings": service_update(plan, service), "named": named})
    members["tags"] = [*members["tags"], {"key": SETTINGS_TAG, "value": settings}]
    return members
