"""Sorts what a plan needs of an AWS account: tags, images, roles, logs, secrets, the service."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any

from chuoigen import templating
from chuoigen.artifacts.scripts.scaling import scaling_values
from chuoigen.artifacts.scripts.words import comment
from chuoigen.aws import vocabulary
from chuoigen.plan.naming import DEFINITION_TAG, OWN_TAG, SETTINGS_TAG
from chuoigen.resources import unique
from chuoigen.resources.iam import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from chuoigen.plan.definitions import ContainerPlan, SecretPlan
    from chuoigen.plan.model import Plan


def account_values(plan: Plan) -> dict[str, Any]:
    """Return the values of the templates by their names."""
    return {
        **_tags(plan),
        **_image_values(plan),
        **_role_values(plan),
        **_log_values(plan),
        **_secret_values(plan),
        **_service_values(plan),
        **scaling_values(plan),
    }


def _tags(plan: Plan) -> dict[str, Any]:
    """Return the tags in the three forms that AWS takes."""
    return {
        "tags": [{"Key": key, "Value": value} for key, value in plan.tags.items()],
        "tags_lower": [{"key": key, "value": value} for key, value in plan.tags.items()],
        "tag_map": dict(plan.tags),
        "definition_tag": DEFINITION_TAG,
        "settings_tag": SETTINGS_TAG,
        # IAM and ECS know no list of users: a stage that uses a role of another one says so in a tag of its own.
        "user_tag": f"{OWN_TAG}:{plan.prefix}",
        "tag_filter": [{"Key": OWN_TAG, "Values": [plan.prefix]}],
        "owned_filter": [{"Name": f"tag:{OWN_TAG}", "Values": [plan.prefix]}],
        **_further_tags(plan),
    }


def _further_tags(plan: Plan) -> dict[str, Any]:
    """Return the tags that a spec may change; `lacking` is JMESPath for a resource that has not all of them."""
    further = {key: value for key, value in plan.tags.items() if key != OWN_TAG}
    pairs = [templating.json_line({"Key": key, "Value": value}).replace("`", "\\`") for key, value in further.items()]
    return {
        "further_tags": further,
        "further_tags_list": [{"Key": key, "Value": value} for key, value in further.items()],
        "lacking": "||".join(f"!contains(Tags,`{pair}`)" for pair in pairs),
    }


def _image_values(plan: Plan) -> dict[str, Any]:
    """Return the images that are built here, their repositories (each once), and all that are pulled from ECR."""
    images = [
        {
            "repository": each.repository_name,
            "mutability": each.image_tag_mutability,
            "arn": each.arn,
            "key": each.encryption_configuration.kms_key if each.encryption_configuration is not None else "",
            "existing": each.existing,
        }
        for each in plan.repositories
    ]
    made = [image for image in images if not image["existing"]]
    return {
        "images": images,
        "repositories": made,
        "given_repositories": [image["repository"] for image in images if image["existing"]],
        "encrypted_repositories": any(image["key"] for image in made),
        **_filled_values(plan),
        "ecr_images": unique(
            image.removeprefix(f"{plan.registry}/")
            for image in map(_known_image, plan.containers.values())
            if image.startswith(f"{plan.registry}/")
        ),
        "lifecycle": plan.repositories[0].lifecycle() if plan.repositories else {},
        "build_secrets": [*plan.pipeline.parameters, *plan.pipeline.secrets] if plan.pipeline else [],
    }


def _filled_values(plan: Plan) -> dict[str, Any]:
    """Return the images that a deployment fills in: of whom, from where, and what stands there in the files of ecs/."""
    filled = [
        {
            "container": one.name,
            "words": comment(one.name),
            "repository": one.image.filled,
            "hole": one.image.hole,
            "pattern": one.image.reference if one.image.hole else f'{_pattern(one.image.filled or "")}:[^"]*',
        }
        for one in plan.filled
    ]
    return {"filled": filled, "holes": [each for each in filled if each["hole"]]}


def _pattern(text: str) -> str:
    return re.escape(text).replace(r"\-", "-")


def _known_image(container: ContainerPlan) -> str:
    image = container.image
    return f"{image.filled}:{image.reference}" if image.hole else image.reference


def _role_values(plan: Plan) -> dict[str, Any]:
    roles = [
        {
            "name": role.role_name,
            "key": role.key.partition(":")[2],
            "arn": role.arn,
            "made": role.made,
            "managed": role.managed,
            "attached": [f"{hashlib.sha256(policy.encode()).hexdigest()[:8]}={policy}" for policy in role.managed],
            "path": role.path,
            "boundary": role.permissions_boundary,
            "policy_name": plan.policy(role).policy_name,
            "statements": plan.policy(role).policy_document.statement,
        }
        for role in sorted(plan.every(Role), key=lambda role: role.key == "role:codebuild")
    ]
    return {
        "made_roles": [role for role in roles if role["made"]],
        "given_roles": [role for role in roles if not role["made"]],
        "placed_roles": [role for role in roles if role["made"] and role["path"]],
        "bounded_roles": [role for role in roles if role["made"] and role["boundary"]],
        "default_codebuild_role": any(role["name"] == f"{plan.prefix}-codebuild" for role in roles),
        "role_arns": [role["arn"] for role in roles],
        "unused_roles": [key for key in ("infrastructure", "hooks") if not any(role["key"] == key for role in roles)],
    }


def _log_values(plan: Plan) -> dict[str, Any]:
    groups = [
        {
            "name": group.log_group_name,
            "retention": "None" if group.retention_in_days is None else str(group.retention_in_days),
            "arn": group.arn,
            "key": group.kms_key_id or "",
        }
        for group in plan.log_groups
        if not group.existing
    ]
    return {
        "log_groups": groups,
        "given_log_groups": [group.log_group_name for group in plan.log_groups if group.existing],
        "encrypted_groups": any(group["key"] for group in groups),
        "plain_groups": [group for group in groups if not group["key"]],
        "log_prefix": _beginning(group["name"] for group in groups),
    }


def _beginning(names: Iterable[str]) -> str:
    """Return what all names begin with, by which they are all found in one call."""
    ends = sorted(names)
    same = [first == last for first, last in zip(ends[0], ends[-1], strict=False)] if ends else []
    return ends[0][: [*same, False].index(False)] if ends else ""


def _secret_values(plan: Plan) -> dict[str, Any]:
    """Sort what the spec names by how it can be looked up; secrets come with the keys that are read of them."""
    found = [
        secret
        for container in plan.containers.values()
        for secret in (*container.secrets, *container.logs.secret_options)
    ]
    for login in plan.pipeline.logins if plan.pipeline is not None else ():
        found += [secret for secret in (login.username, login.password) if secret is not None]
    found += plan.pipeline.secrets.values() if plan.pipeline is not None else ()
    pairs = [(secret.service, secret.known_as) for secret in found]
    if plan.pipeline is not None:
        pairs += [("ssm", name) for name in plan.pipeline.parameters.values()]
    logins = (each.repository_credentials for each in plan.containers.values())
    pairs += [("secretsmanager", login.credentials_parameter) for login in logins if login is not None]
    parameters = unique(name for service, name in pairs if service == "ssm")
    secrets = unique(name for service, name in pairs if service == "secretsmanager")
    keys = {name: _keys(plan, found, name) for name in secrets}
    return {
        "secrets": bool(parameters or secrets),
        "parameters": [name for name in parameters if not name.startswith("arn:")],
        "parameter_filters": [{"Key": "Name", "Option": "Equals", "Values": list(parameters)}],
        "unchecked": [comment(name) for name in parameters if name.startswith("arn:")],
        "named_secrets": [{"name": name, "keys": keys[name]} for name in secrets],
        "keyed_secrets": any(keys.values()),
        "data_names": [
            *(f"log-group:{group.log_group_name}" for group in plan.log_groups),
            *(f"repository/{each.repository_name}" for each in plan.repositories),
            *(f"parameter/{name.lstrip('/')}" for name in parameters),
            *(f"secret:{name}" for name in secrets),
        ],
    }


def _keys(plan: Plan, found: Iterable[SecretPlan], name: str) -> tuple[str, ...]:
    """Return the keys that are read of a secret, whose value is a JSON object then; empty where all of it is read.

    It is empty, too, where a key is no single word: a script cannot ask for that.
    """
    keys = [secret.json_key for secret in found if secret.known_as == name and secret.service == "secretsmanager"]
    logins = [each.repository_credentials for each in plan.containers.values()]
    if any(login is not None and login.credentials_parameter == name for login in logins):
        keys += vocabulary.REGISTRY_LOGIN_KEYS
    words = unique(keys)
    return words if all(re.fullmatch(r"[\w.@:/+-]+", word, re.ASCII) for word in words) else ()


def _service_values(plan: Plan) -> dict[str, Any]:
    service = (
        f"service/{plan.cluster.cluster_name}/{plan.service.service_name}" if plan.cluster and plan.service else ""
    )
    return {
        "providers": plan.cluster.capacity_providers if plan.cluster else (),
        "resource_id": service,
        "reachable": f" {' '.join(_reachable(plan))} ",
        "dropped": _dropped(plan),
    }


def _dropped(plan: Plan) -> dict[str, Any]:
    """Return what a service may have of deployments that the spec lacks, and what asks for it."""
    rollout = plan.service.deployment_configuration if plan.service is not None else None
    if rollout is None:
        return {}
    kept = (
        ("strategy", "strategy&&strategy!='ROLLING'", '"ROLLING"', rollout.shifts),
        ("lifecycleHooks", "lifecycleHooks[0]", "[]", rollout.lifecycle_hooks),
        ("earlySuccessCriteria", "earlySuccessCriteria.enable", '{"enable":false}', rollout.early_success_criteria),
    )
    dropped = [(name, condition, none) for name, condition, none, said in kept if not said]
    asked = ",".join(f"{condition}&&'{name}'" for name, condition, _ in dropped)
    return {
        "query": f"deploymentConfiguration.[{asked}][]|[?@]",
        "members": [{"name": name, "none": f'"{name}":{none}'} for name, _, none in dropped],
    }


def _reachable(plan: Plan) -> Iterator[str]:
    """Give each port of a container that a target group could send requests to, as `web:80`."""
    for container in plan.containers.values():
        yield from (f"{container.name}:{port.number}" for port in container.ports if port.protocol == "tcp")
