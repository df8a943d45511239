"""Turns the calls of the scripts into iam/deployer-policy.json: what whoever runs them needs, and nothing else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from chuoigen import templating
from chuoigen.aws import arn, deploying, vocabulary
from chuoigen.plan.pipeline import source_key
from chuoigen.resources import unique
from chuoigen.resources.iam import Policy, Role
from chuoigen.tree import Artifact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from chuoigen.plan.model import Plan

_CALL = re.compile(r"\baws ([a-z0-9-]+) (wait )?([a-z0-9-]+)(?= |$)", re.MULTILINE)


def deployer_policy(plan: Plan, scripts: Iterable[Artifact]) -> Artifact:
    """Return the policy, from the texts of the scripts and from what their calls bring with them."""
    actions = set(unique(action for script in scripts for action in called(script.text)))
    actions |= {action for made, action in deploying.TAGGING.items() if made in actions}
    if plan.built:
        actions |= {*deploying.PUSH}
    if plan.namespace is not None and not plan.namespace.existing:
        actions |= {*deploying.PRIVATE_ZONE}
    statements = [*_allowed(plan, actions), *_uploads(plan), *_passed(plan), *_linked(plan)]
    document = {"Version": vocabulary.POLICY_LANGUAGE_VERSION, "Statement": statements}
    return Artifact("iam/deployer-policy.json", templating.to_json(document))


def called(text: str) -> Iterator[str]:
    """Give the action of each call of the AWS CLI in a script; a waiter asks what it waits for."""
    spoken = re.sub(r"\\\n *", " ", re.sub(r"^ *#.*\n", "", text, flags=re.MULTILINE))
    for service, waits, operation in _CALL.findall(spoken):
        if service == "configure":  # the CLI's own settings
            continue
        named = deploying.WAITERS[operation] if waits else _pascal(operation)
        prefix = deploying.PREFIXES.get(service, service)
        action = deploying.OTHERWISE.get(f"{service}:{named}", f"{prefix}:{named}")
        if action:
            yield action


def _pascal(operation: str) -> str:
    return "".join(word.capitalize() for word in operation.split("-"))


def _allowed(plan: Plan, actions: set[str]) -> Iterator[dict[str, Any]]:
    """Give one statement for each kind of thing that a policy can name, and one for the rest, in this region alone."""
    for sid, prefix, resources in _named(plan):
        # What lists or describes takes no name.
        own = {each for each in actions if each.startswith(prefix) and not _lists(each)}
        if resources and own:
            yield _statement(sid, own, resources)
        actions -= own
    identities = {each for each in actions if each.startswith("iam:")}
    if identities:
        yield _statement("ReadRoles", identities, ("*",))
    # Route 53 is in no region.
    zones = {each for each in actions if each.startswith("route53:")}
    if zones:
        yield _statement("ZonesOfNamespaces", zones, ("*",))
    region = {"StringEquals": {"aws:RequestedRegion": plan.region}}
    yield _statement("InTheRegion", actions - identities - zones, ("*",)) | {"Condition": region}


def _lists(action: str) -> bool:
    return action.partition(":")[2].startswith(("Describe", "List", "Get")) and action != "s3:ListBucket"


def _named(plan: Plan) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    account, region = plan.account, plan.region
    roles = [role.arn for role in plan.every(Role) if not role.existing]
    roles.append(arn.role_arn(account, region, f"{plan.prefix}-codebuild"))
    # The preflight asks for images that others push to ECR, too.
    run = [
        arn.ecr_repository(container.image.filled or container.image.reference)
        for container in plan.containers.values()
    ]
    yield "Repositories", "ecr:", unique([*(each.arn for each in plan.repositories), *filter(None, run)])
    yield "Roles", "iam:", unique(roles)
    yield (
        "LogGroups",
        "logs:",
        tuple(name for each in plan.log_groups if not each.existing for name in (each.arn, f"{each.arn}:*")),
    )
    yield "Parameters", "ssm:", _read(plan, ("ReadParameters",))
    yield "Secrets", "secretsmanager:", _read(plan, ("ReadSecrets", "ReadRegistryLogins"))
    yield "Buckets", "s3:ListBucket", tuple(arn.bucket_arn(region, bucket) for bucket in plan.buckets)


def _read(plan: Plan, sids: tuple[str, ...]) -> tuple[str, ...]:
    """Return what the roles may read by the statements of these ids: 04 makes it when it is not there."""
    documents = [policy.policy_document.statement for policy in plan.every(Policy)]
    return unique(resource for each in documents for sid in sids if sid in each for resource in each[sid].resource)


def _uploads(plan: Plan) -> Iterator[dict[str, Any]]:
    bucket = plan.pipeline.source_bucket if plan.pipeline is not None else None
    if bucket:
        yield _statement(
            "UploadSource", {"s3:PutObject"}, (arn.bucket_arn(plan.region, bucket, source_key(plan.prefix)),)
        )


def _passed(plan: Plan) -> Iterator[dict[str, Any]]:
    """Give the roles that ECS is handed: those of the task, of volumes, of deployments and of the scheduler."""
    tasks = [role.arn for role in plan.every(Role) if role.key in ("role:execution", "role:task")]
    scheduler = [role.arn for role in plan.every(Role) if role.key == "role:scheduler"]
    volumes = unique(volume.ebs.role_arn for volume in plan.volumes.values() if volume.ebs is not None)
    moving = [role.arn for role in plan.every(Role) if role.key in ("role:infrastructure", "role:hooks")]
    for sid, principal, roles in (
        ("PassRolesToTasks", vocabulary.ECS_TASKS_PRINCIPAL, tuple(tasks)),
        ("PassRoleToVolumes", deploying.ECS_PRINCIPAL, volumes),
        ("PassRoleToServiceConnect", deploying.ECS_PRINCIPAL, _connect_roles(plan)),
        ("PassRolesToDeployments", deploying.ECS_PRINCIPAL, tuple(moving)),
        ("PassRoleToScheduler", vocabulary.SCHEDULER_PRINCIPAL, tuple(scheduler)),
    ):
        if roles:
            to = {"StringEquals": {"iam:PassedToService": principal}}
            yield _statement(sid, {"iam:PassRole"}, roles) | {"Condition": to}


def _connect_roles(plan: Plan) -> tuple[str, ...]:
    connect = plan.service.service_connect_configuration if plan.service is not None else None
    return unique(each.tls.role_arn for each in (connect.services if connect is not None else ()) if each.tls)


def _linked(plan: Plan) -> Iterator[dict[str, Any]]:
    """Give the roles that AWS makes for its own services the first time that an account uses them."""
    principals = [
        *([deploying.ECS_PRINCIPAL] if plan.service is not None else []),
        *([deploying.BALANCER_PRINCIPAL] if plan.load_balancer is not None else []),
        *([deploying.SCALING_PRINCIPAL] if plan.autoscaling is not None else []),
    ]
    if principals:
        made = tuple(arn.role_arn(plan.account, plan.region, f"aws-service-role/{each}/*") for each in principals)
        by = {"StringEquals": {"iam:AWSServiceName": principals}}
        yield _statement("MakeServiceLinkedRoles", {"iam:CreateServiceLinkedRole"}, made) | {"Condition": by}


def _statement(sid: str, actions: Iterable[str], resources: tuple[str, ...]) -> dict[str, Any]:
    return {"Sid": sid, "Effect": "Allow", "Action": sorted(actions), "Resource": list(resources)}
