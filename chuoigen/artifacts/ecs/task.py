"""Turns the plan into the input of register-task-definition."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from chuoigen.plan.definitions import ContainerPlan
from chuoigen.plan.jobs import JobPlan
from chuoigen.plan.model import Plan
from chuoigen.plan.naming import DEFINITION_TAG
from chuoigen.resources import patched, said
from chuoigen.resources.ecs import TaskDefinition

Containers = Mapping[str, ContainerPlan]

_DIGEST_LENGTH = 16
_MEMBERS = (
    "family", "taskRoleArn", "executionRoleArn", "networkMode", "containerDefinitions", "volumes",
    "requiresCompatibilities", "cpu", "memory", "tags", "pidMode", "ephemeralStorage", "runtimePlatform",
    "enableFaultInjection",
)  # fmt: skip


def task_definition(plan: Plan) -> dict[str, Any]:
    """Return the whole request; by its last tag a registered revision is recognised."""
    return _tagged(plan, plan.task, plan.containers)


def job_definition(plan: Plan, job: JobPlan) -> dict[str, Any]:
    """Return the request for the task definition of a job, recognised in the same way."""
    return _tagged(plan, plan.definition(job), plan.containers_of(job))


def _tagged(plan: Plan, task: TaskDefinition, containers: Containers) -> dict[str, Any]:
    definition = _definition(plan, task, containers)
    tag = {"key": DEFINITION_TAG, "value": _definition_id(plan, task, containers)}
    definition["tags"] = [*definition["tags"], tag]
    return definition


def _definition_id(plan: Plan, task: TaskDefinition, containers: Containers) -> str:
    """Return 16 hexadecimal digits that do not change with the tags of images that are built here.

    A deployment changes nothing but those tags, so a revision that it registered is still the one of this file.
    """
    definition = _definition(plan, task, containers)
    for container in definition["containerDefinitions"]:
        image = containers[container["name"]].image
        if image.repository is not None:
            container["image"] = f"{image.registry}/{image.repository}"
    return digest_of(definition)


def digest_of(request: dict[str, Any]) -> str:
    """Return 16 hexadecimal digits that tell one request from another, whatever the order of its members."""
    canonical = json.dumps(request, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()[:_DIGEST_LENGTH]


def _definition(plan: Plan, task: TaskDefinition, containers: Containers) -> dict[str, Any]:
    members = plan.request(task)
    members["containerDefinitions"] = [plan.request(container) for container in containers.values()]
    used = {mount.volume for container in containers.values() for mount in container.mounts}
    volumes = plan.volumes if task is plan.task else {name: plan.volumes[name] for name in plan.volumes if name in used}
    members["volumes"] = [plan.request(volume) for volume in volumes.values()]
    return patched(said({name: members[name] for name in _MEMBERS if name in members}), task.overrides)
