"""Turns the plan into the input of register-task-definition."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from chuoigen.artifacts.ecs.containers import container_definition
from chuoigen.resources import said

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chuoigen.plan.model import ImagePlan, Plan, VolumePlan

DEFINITION_TAG = "chuoigen:definition"
_DIGEST_LENGTH = 16
_MEMBERS = (
    "family", "taskRoleArn", "executionRoleArn", "networkMode", "containerDefinitions", "volumes",
    "requiresCompatibilities", "cpu", "memory", "tags", "pidMode", "ephemeralStorage", "runtimePlatform",
)  # fmt: skip


def task_definition(plan: Plan) -> dict[str, Any]:
    """Return the whole request; by its last tag a registered revision is recognised."""
    definition = _definition(plan, {name: each.image.reference for name, each in plan.containers.items()})
    definition["tags"] = [*definition["tags"], {"key": DEFINITION_TAG, "value": definition_id(plan)}]
    return definition


def definition_id(plan: Plan) -> str:
    """Return 16 hexadecimal digits that do not change with the tags of images that are built here.

    A deployment changes nothing but those tags, so a revision that it registered is still the one of this file.
    """
    images = {name: _untagged(each.image) for name, each in plan.containers.items()}
    definition = _definition(plan, images)
    canonical = json.dumps(definition, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()[:_DIGEST_LENGTH]


def _untagged(image: ImagePlan) -> str:
    return image.reference if image.repository is None else f"{image.registry}/{image.repository}"


def _definition(plan: Plan, images: Mapping[str, str]) -> dict[str, Any]:
    members = plan.request(plan.task)
    members["containerDefinitions"] = [
        container_definition(each, images[name]) for name, each in plan.containers.items()
    ]
    members["volumes"] = [_volume(volume) for volume in plan.volumes.values()]
    return said({name: members[name] for name in _MEMBERS if name in members})


def _volume(volume: VolumePlan) -> dict[str, Any]:
    if volume.ebs is not None:
        # The service says size and type: one definition serves volumes of any size.
        return {"name": volume.name, "configuredAtLaunch": True}
    if volume.efs is None:
        return {"name": volume.name}
    efs = volume.efs
    authorization = said({"accessPointId": efs.access_point, "iam": "ENABLED" if efs.iam else None})
    configuration = {
        "fileSystemId": efs.file_system,
        # With an access point the directory is the access point's, and ECS takes "/" or nothing.
        "rootDirectory": None if efs.access_point else efs.root_directory,
        "transitEncryption": "ENABLED" if efs.transit_encryption else "DISABLED",
        "transitEncryptionPort": efs.port,
        "authorizationConfig": authorization,
    }
    return {"name": volume.name, "efsVolumeConfiguration": said(configuration)}
