"""Turns the plan into the input of register-task-definition."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from chuoigen.plan.naming import DEFINITION_TAG
from chuoigen.resources import patched, said

if TYPE_CHECKING:
    from chuoigen.plan.model import Plan

_DIGEST_LENGTH = 16
_MEMBERS = (
    "family", "taskRoleArn", "executionRoleArn", "networkMode", "containerDefinitions", "volumes",
    "requiresCompatibilities", "cpu", "memory", "tags", "pidMode", "ephemeralStorage", "runtimePlatform",
    "enableFaultInjection",
)  # fmt: skip


def task_definition(plan: Plan) -> dict[str, Any]:
    """Return the whole request; by its last tag a registered revision is recognised."""
    definition = _definition(plan)
    definition["tags"] = [*definition["tags"], {"key": DEFINITION_TAG, "value": definition_id(plan)}]
    return definition


def definition_id(plan: Plan) -> str:
    """Return 16 hexadecimal digits that do not change with the tags of images that are built here.

    A deployment changes nothing but those tags, so a revision that it registered is still the one of this file.
    """
    definition = _definition(plan)
    for container in definition["containerDefinitions"]:
        image = plan.containers[container["name"]].image
        if image.repository is not None:
            container["image"] = f"{image.registry}/{image.repository}"
    canonical = json.dumps(definition, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()[:_DIGEST_LENGTH]


def _definition(plan: Plan) -> dict[str, Any]:
    members = plan.request(plan.task)
    members["containerDefinitions"] = [plan.request(container) for container in plan.containers.values()]
    members["volumes"] = [plan.request(volume) for volume in plan.volumes.values()]
    return patched(said({name: members[name] for name in _MEMBERS if name in members}), plan.task.overrides)
