"""Turns the plan into scripts/: what a person runs, in the order of the numbers, to make, change and remove everything."""

from __future__ import annotations

import ipaddress
import os.path
import re
from typing import TYPE_CHECKING, Any

from chuoigen import templating
from chuoigen.fargate import arn, vocabulary
from chuoigen.tree import Artifact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from chuoigen.plan.model import Plan
    from chuoigen.plan.surroundings import GroupPlan, RolePlan

OWNER_TAG = "chuoigen"
"""The tag of everything that the scripts make; destroy.sh removes only what has it with this service's prefix."""

UNTAGGED_DAYS = 30
"""After so many days ECR drops an image that no tag names; longer than a deployment that still runs it should live."""


def render(plan: Plan) -> tuple[Artifact, ...]:
    """Return lib.sh and the scripts that make sense for the plan; each number always means the same."""
    values = _values(plan)
    scripts = [_script(name, values) for name in _names(plan, values)]
    return (Artifact("scripts/lib.sh", templating.render("scripts/lib.sh.j2", **values)), *scripts)


def _script(name: str, values: dict[str, Any]) -> Artifact:
    return Artifact(f"scripts/{name}", templating.render(f"scripts/{name}.j2", **values), executable=True)


def _names(plan: Plan, values: dict[str, Any]) -> Iterator[str]:
    yield "00-preflight.sh"
    if values["images"]:
        yield from ("01-ecr.sh", "02-first-images.sh")
    if values["made_roles"]:
        yield "03-iam.sh"
    if values["log_groups"] or values["secrets"]:
        yield "04-logs-and-parameters.sh"
    if values["made_groups"]:
        yield "05-security-groups.sh"
    if plan.load_balancer is not None:
        yield "06-load-balancer.sh"
    yield "07-task-definition.sh"
    if plan.service is not None:
        yield from ("08-cluster-and-service.sh", "deploy.sh")
    yield "destroy.sh"


def _values(plan: Plan) -> dict[str, Any]:
    return {
        "plan": plan,
        "source": _comment(plan.spec_file),
        "prefix_words": _comment(plan.prefix),
        **_tags(plan),
        **_image_values(plan),
        **_role_values(plan),
        **_log_values(plan),
        **_secret_values(plan),
        **_network_values(plan),
        **_service_values(plan),
    }


def _comment(text: str) -> str:
    """Keep a comment on its line."""
    return re.sub(r"[\x00-\x1f\x7f]+", " ", text)


def _unique(items: Iterable[str | None]) -> list[str]:
    return [item for item in dict.fromkeys(items) if item]


def _tags(plan: Plan) -> dict[str, Any]:
    """Return the tags in the three forms that AWS takes."""
    tags = {OWNER_TAG: plan.prefix, **plan.task.tags}
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
        "ecr_images": _unique(
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
    return {"log_groups": groups, "log_prefix": os.path.commonprefix(list(retention))}


def _secret_values(plan: Plan) -> dict[str, Any]:
    """Sort what the spec names by how it can be looked up: parameters and by what cannot be."""
    found = [
        secret
        for container in plan.containers.values()
        for secret in (*container.secrets, *container.logs.secret_options)
    ]
    pairs = [(secret.service, secret.name or secret.resource) for secret in found]
    if plan.pipeline is not None:
        pairs += [("ssm", name) for _, name in plan.pipeline.parameters]
        pairs += [("secretsmanager", name) for _, name in plan.pipeline.secrets]
    pairs += [("secretsmanager", each.registry_credentials or "") for each in plan.containers.values()]
    parameters = _unique(name for service, name in pairs if service == "ssm")
    secrets = _unique(name for service, name in pairs if service == "secretsmanager")
    return {
        "secrets": bool(parameters or secrets),
        "parameters": [name for name in parameters if not name.startswith("arn:")],
        "unchecked": [_comment(name) for name in parameters if name.startswith("arn:")],
        "named_secrets": secrets,
    }


def _network_values(plan: Plan) -> dict[str, Any]:
    """Return the security groups by how the scripts treat them, and what the preflight looks for."""
    balancer, service = plan.load_balancer, plan.service
    subnets = [*(balancer.subnets if balancer else ()), *(service.subnets if service else ())]
    listeners = balancer.listeners if balancer else ()
    made = [group for group in plan.groups if group.id is None]
    return {
        "made_groups": [_group(plan, group) for group in made],
        "assumed_groups": "\n".join(f"{group.name}\t<{group.name}>" for group in made),
        "joined": _unique(group.id for group in plan.groups),
        "balancer_groups": _taken(plan, balancer.groups if balancer else ()),
        "service_groups": _taken(plan, service.groups if service else ()),
        "subnets": _unique(subnets),
        "certificates": _unique(listener.certificate for listener in listeners),
        "file_systems": _unique(volume.efs.file_system for volume in plan.volumes.values() if volume.efs),
        "tools": ["aws", *(["docker"] if plan.built else []), *(["git"] if _commits(plan) else [])],
        "check": _health_check(plan),
    }


def _commits(plan: Plan) -> bool:
    return plan.pipeline is not None and plan.pipeline.tag is None


def _health_check(plan: Plan) -> str:
    balancer = plan.load_balancer
    if balancer is None:
        return ""
    numbers = (balancer.interval, balancer.timeout, balancer.healthy, balancer.unhealthy)
    return " ".join((balancer.path, *map(str, numbers), balancer.matcher))


def _variable(plan: Plan, group: GroupPlan) -> str:
    """Return the shell variable of a group's id; the number tells apart keys that differ in punctuation only."""
    variables = [re.sub(r"[^A-Za-z0-9]", "_", each.key) for each in plan.groups]
    index = plan.groups.index(group)
    number = str(index) if variables.count(variables[index]) > 1 else ""
    return f"group_{variables[index]}{number}"


def _group(plan: Plan, group: GroupPlan) -> dict[str, Any]:
    variable = _variable(plan, group)
    return {
        "key": group.key,
        "name": group.name,
        "variable": variable,
        "shell": f'"${variable}"',
        "rules": list(_rules(group)),
    }


def _rules(group: GroupPlan) -> Iterator[dict[str, Any]]:
    """Give the rules of a group with the files that add them; a second rule of one port has a number in its name."""
    seen: dict[str, int] = {}
    for rule in group.rules:
        stem = f"{rule.port}-udp" if rule.protocol == "udp" else str(rule.port)
        seen[stem] = seen.get(stem, 0) + 1
        name = stem if seen[stem] == 1 else f"{stem}-{seen[stem]}"
        yield {
            "source": _normal(rule.source),
            "protocol": rule.protocol,
            "port": rule.port,
            "why": _comment(rule.why),
            "file": f"security-group-{group.key}-ingress-{name}.json",
        }


def _normal(source: str) -> str:
    """Write a block of addresses as EC2 stores it: 10.0.0.5/8 is 10.0.0.0/8."""
    try:
        return str(ipaddress.ip_network(source, strict=False))
    except ValueError:
        return source


def _taken(plan: Plan, references: Sequence[str]) -> dict[str, Any]:
    """Say how a script fills in the groups of the load balancer or of the service.

    `made` are those whose ids it looks up, `placeholders` the words for fill(), `ids` all ids as shell words.
    """
    by_reference = {group.reference: group for group in plan.groups}
    groups = [by_reference[reference] for reference in references if reference in by_reference]
    made = [_group(plan, group) for group in groups if group.id is None]
    return {
        "made": made,
        "placeholders": "".join(f" security-group:{group['key']} {group['shell']}" for group in made),
        "ids": " ".join(group.id or f'"${_variable(plan, group)}"' for group in groups),
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
    providers = _unique(part.provider for part in (plan.service.capacity if plan.service else ()))
    return {"policies": policies, "providers": providers}
