"""Sorts what a plan needs of an AWS account: tags, images, roles, logs, secrets, scaling."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from chuoigen.artifacts.scripts.words import comment, unique
from chuoigen.aws import arn, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chuoigen.plan.model import Plan
    from chuoigen.plan.surroundings import RolePlan

OWNER_TAG = "chuoigen"
"""The tag of everything that the scripts make; destroy.sh removes only what has it with this service's prefix."""

UNTAGGED_DAYS = 30
"""After so many days ECR drops an image that no tag names; longer than a deployment that still runs it should live."""


def account_values(plan: Plan) -> dict[str, Any]:
    """Return the values of the templates by their names."""
    return {
        **_tags(plan),
        **_image_values(plan),
        **_role_values(plan),
        **_log_values(plan),
        **_secret_values(plan),
        **_service_values(plan),
    }


def _tags(plan: Plan) -> dict[str, Any]:
    """Return the tags in the three forms that AWS takes."""
    owner = {OWNER_TAG: plan.prefix}
    tags = owner | dict(plan.task.tags) | owner
    return {
        "tags": [{"Key": key, "Value": value} for key, value in tags.items()],
        "tags_lower": [{"key": key, "value": value} for key, value in tags.items()],
        "tag_map": tags,
        # IAM and ECS know no list of users: a stage that uses a role of another one says so in a tag of its own.
        "user_tag": f"{OWNER_TAG}:{plan.prefix}",
    }


def _image_values(plan: Plan) -> dict[str, Any]:
    """Return the images that are built here, their repositories (each once), and all that are pulled from ECR."""
    built = [container.image for container in plan.built if container.image.repository is not None]
    images = [
        {
            "registry": image.registry,
            "repository": image.repository,
            "immutable": image.immutable,
            "pattern": re.escape(f"{image.registry}/{image.repository}").replace(r"\-", "-"),
            "arn": arn.repository_arn(plan.account, plan.region, image.repository or ""),
        }
        for image in {image.repository: image for image in built}.values()
    ]
    return {
        "images": images,
        "repositories": images,
        "ecr_images": unique(
            container.image.reference.removeprefix(f"{plan.registry}/")
            for container in plan.containers.values()
            if container.image.reference.startswith(f"{plan.registry}/")
        ),
        "lifecycle": _lifecycle(),
        "build_secrets": [name for name, _ in (*plan.pipeline.parameters, *plan.pipeline.secrets)]
        if plan.pipeline
        else [],
    }


def _lifecycle() -> dict[str, Any]:
    rule = {
        "rulePriority": 1,
        "selection": {
            "tagStatus": "untagged",
            "countType": "sinceImagePushed",
            "countUnit": "days",
            "countNumber": UNTAGGED_DAYS,
        },
        "action": {"type": "expire"},
    }
    return {"rules": [rule]}


def _role_values(plan: Plan) -> dict[str, Any]:
    pipeline = plan.pipeline and plan.pipeline.role
    roles: list[RolePlan] = [role for role in (plan.task.execution_role, plan.task.role, pipeline) if role]
    return {
        "made_roles": [role for role in roles if role.made],
        "given_roles": [role for role in roles if not role.made],
    }


def _log_values(plan: Plan) -> dict[str, Any]:
    retention: dict[str, int | None] = {}
    for container in plan.containers.values():
        if container.logs.group is not None:
            retention.setdefault(container.logs.group, container.logs.retention)
    groups = [
        {
            "name": name,
            "retention": "None" if days is None else str(days),
            "arn": arn.log_group_arn(plan.account, plan.region, name),
        }
        for name, days in retention.items()
    ]
    return {"log_groups": groups, "log_prefix": _beginning(retention)}


def _beginning(names: Iterable[str]) -> str:
    """Return what all names begin with, by which they are all found in one call."""
    ends = sorted(names)
    same = [first == last for first, last in zip(ends[0], ends[-1], strict=False)] if ends else []
    return ends[0][: [*same, False].index(False)] if ends else ""


def _secret_values(plan: Plan) -> dict[str, Any]:
    """Sort what the spec names by how it can be looked up: parameters and by what cannot be."""
    found = [
        secret
        for container in plan.containers.values()
        for secret in (*container.secrets, *container.logs.secret_options)
    ]
    pairs = [(secret.service, secret.known_as) for secret in found]
    if plan.pipeline is not None:
        pairs += [("ssm", name) for _, name in plan.pipeline.parameters]
        pairs += [("secretsmanager", name) for _, name in plan.pipeline.secrets]
    pairs += [("secretsmanager", each.registry_credentials or "") for each in plan.containers.values()]
    parameters = unique(name for service, name in pairs if service == "ssm")
    secrets = unique(name for service, name in pairs if service == "secretsmanager")
    return {
        "secrets": bool(parameters or secrets),
        "parameters": [name for name in parameters if not name.startswith("arn:")],
        "unchecked": [comment(name) for name in parameters if name.startswith("arn:")],
        "named_secrets": secrets,
    }


def _service_values(plan: Plan) -> dict[str, Any]:
    words = {metric: word for word, metric in vocabulary.AUTOSCALING_METRICS.items()}
    policies = [
        {
            "name": policy.name,
            "target": policy.target,
            "metric": policy.metric,
            "file": f"scaling-policy-{words[policy.metric]}.json",
            "labelled": policy.metric == vocabulary.AUTOSCALING_METRICS["requests"],
        }
        for policy in (plan.autoscaling.policies if plan.autoscaling else ())
    ]
    providers = unique(part.provider for part in (plan.service.capacity if plan.service else ()))
    return {"policies": policies, "providers": providers}
