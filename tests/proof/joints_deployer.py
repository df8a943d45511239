"""iam/deployer-policy.json against the scripts and the other files of a build, by botocore's names of what they call."""

from __future__ import annotations

import functools
import json
import re
from typing import TYPE_CHECKING, Any

import botocore.session
from botocore import xform_name

from tests.proof.joints_task import differ

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.proof.builds import Build

FILE = "iam/deployer-policy.json"
CALL = re.compile(r"\baws ([a-z0-9-]+) (wait )?([a-z0-9-]+)(?= |$)", re.MULTILINE)
# Services that the CLI or IAM call otherwise than botocore does, and the one call whose permission is not its name.
MODELS = {"s3api": "s3"}
IAM = {"tagging": "tag", "monitoring": "cloudwatch"}
PERMISSIONS = {"s3:HeadBucket": "s3:ListBucket"}
# What making something with tags needs besides: the dependent actions of the Service Authorization Reference.
WITH_TAGS = {
    "cloudwatch:PutMetricAlarm": "cloudwatch:TagResource",
    "events:PutRule": "events:TagResource",
    "sns:CreateTopic": "sns:TagResource",
    "ec2:CreateSecurityGroup": "ec2:CreateTags",
    "ecr:CreateRepository": "ecr:TagResource",
    "ecs:CreateCluster": "ecs:TagResource",
    "ecs:CreateService": "ecs:TagResource",
    "ecs:RegisterTaskDefinition": "ecs:TagResource",
    "elasticloadbalancing:CreateLoadBalancer": "elasticloadbalancing:AddTags",
    "iam:CreateRole": "iam:TagRole",
    "logs:CreateLogGroup": "logs:TagResource",
    "secretsmanager:CreateSecret": "secretsmanager:TagResource",
    "ssm:PutParameter": "ssm:AddTagsToResource",
}
# What Docker asks of a registry that it pushes to, and push-to-ecr.sh before that.
PUSHING = {
    *("ecr:BatchCheckLayerAvailability", "ecr:CompleteLayerUpload", "ecr:DescribeImages", "ecr:GetAuthorizationToken"),
    *("ecr:InitiateLayerUpload", "ecr:PutImage", "ecr:UploadLayerPart"),
}
PREFIXES = {
    "Repositories": "ecr:",
    "Roles": "iam:",
    "LogGroups": "logs:",
    "Parameters": "ssm:",
    "Secrets": "secretsmanager:",
    "Buckets": "s3:ListBucket",
    "ReadRoles": "iam:",
    "UploadSource": "s3:PutObject",
    "PassRolesToTasks": "iam:PassRole",
    "PassRoleToVolumes": "iam:PassRole",
    "MakeServiceLinkedRoles": "iam:CreateServiceLinkedRole",
    "InTheRegion": "",
}


def deployer(build: Build) -> Iterator[str]:
    """The policy allows exactly what the scripts call, on exactly what the other files name."""
    document = json.loads(build.files[FILE])
    statements = {each["Sid"]: each for each in document["Statement"]}
    yield from differ("version", document["Version"], "2012-10-17")
    yield from differ("members", sorted(document), ["Statement", "Version"])
    yield from differ("statements", len(statements), len(document["Statement"]))
    allowed = [action for each in statements.values() for action in each["Action"]]
    yield from differ("effects", {each["Effect"] for each in statements.values()}, {"Allow"})
    yield from differ("actions", sorted(allowed), sorted(_wanted(build, set(statements))))
    for sid, each in statements.items():
        if not all(action.startswith(PREFIXES[sid]) for action in each["Action"]):
            yield f"{sid}: actions of another service"
    found = {sid: (sorted(each["Resource"]), each.get("Condition")) for sid, each in statements.items()}
    expected = _expected(build)
    always = {sid for sid in ("PassRolesToTasks", "PassRoleToVolumes", "MakeServiceLinkedRoles") if expected[sid][0]}
    always |= {"UploadSource"} if "pipeline/archive-and-upload-src.sh" in build.files else set()
    yield from differ("resources", found, {sid: expected[sid] for sid in found.keys() | always})


def _wanted(build: Build, sids: set[str]) -> list[str]:
    called = {action for path in build.files if path.startswith("scripts/") for action in _called(build.files[path])}
    called |= {extra for made, extra in WITH_TAGS.items() if made in called}
    called |= PUSHING if build.plan.built else set()
    special = {"UploadSource", "MakeServiceLinkedRoles", "PassRolesToTasks", "PassRoleToVolumes"} & sids
    return [*called, *(PREFIXES[sid] for sid in special)]


def _called(text: str) -> Iterator[str]:
    spoken = re.sub(r"\\\n *", " ", re.sub(r"^ *#.*\n", "", text, flags=re.MULTILINE))
    for service, waits, operation in CALL.findall(spoken):
        if service not in ("configure", "sts"):
            prefix, names = _names(MODELS.get(service, service), waiters=bool(waits))
            action = f"{prefix}:{names[operation]}"
            yield PERMISSIONS.get(action, action)


@functools.cache
def _names(service: str, *, waiters: bool) -> tuple[str, dict[str, str]]:
    """Return the prefix of a service in IAM, and its operations, or those of its waiters, by the CLI's names."""
    session = botocore.session.get_session()
    model = session.get_service_model(service)
    signed = model.metadata.get("signingName", model.metadata["endpointPrefix"])
    if not waiters:
        return IAM.get(signed, signed), {xform_name(name, "-"): name for name in model.operation_names}
    waiting = session.get_waiter_model(service)
    return signed, {xform_name(name, "-"): waiting.get_waiter(name).operation for name in waiting.waiter_names}


def _expected(build: Build) -> dict[str, tuple[list[str], Any]]:
    """Return resources and condition of each statement, from the plan's names and from other files."""
    plan = build.plan
    task = json.loads(build.files["ecs/task-definition.json"])
    service = json.loads(build.files.get("ecs/service.json", "{}"))
    account = f"arn:aws:iam::{plan.account}:role"
    groups = [
        f"arn:aws:logs:{plan.region}:{plan.account}:log-group:{group.log_group_name}" for group in plan.log_groups
    ]
    passed = sorted({task[member] for member in ("executionRoleArn", "taskRoleArn") if member in task})
    volumes = [each["managedEBSVolume"]["roleArn"] for each in service.get("volumeConfigurations", ())]
    linked = [
        *(["ecs.amazonaws.com"] if service else []),
        *(["elasticloadbalancing.amazonaws.com"] if "network/load-balancer.json" in build.files else []),
        *(["ecs.application-autoscaling.amazonaws.com"] if plan.autoscaling else []),
    ]
    source = plan.pipeline.source_bucket if plan.pipeline is not None else ""
    return {
        "Repositories": (_sorted({*(each.arn for each in plan.repositories), *_pulled(task)}), None),
        "Roles": (_sorted({*_made(build), f"{account}/{plan.prefix}-codebuild"}), None),
        "LogGroups": (_sorted(name for group in groups for name in (group, f"{group}:*")), None),
        "Parameters": (_read(build, "ssm:GetParameters"), None),
        "Secrets": (_read(build, "secretsmanager:GetSecretValue"), None),
        "Buckets": (_sorted(f"arn:aws:s3:::{bucket}" for bucket in plan.buckets), None),
        "ReadRoles": (["*"], None),
        "UploadSource": ([f"arn:aws:s3:::{source}/{plan.prefix}.zip"], None),
        "InTheRegion": (["*"], {"StringEquals": {"aws:RequestedRegion": plan.region}}),
        "PassRolesToTasks": (passed, {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}),
        "PassRoleToVolumes": (_sorted(set(volumes)), {"StringEquals": {"iam:PassedToService": "ecs.amazonaws.com"}}),
        "MakeServiceLinkedRoles": (
            _sorted(f"{account}/aws-service-role/{each}/*" for each in linked),
            {"StringEquals": {"iam:AWSServiceName": linked}},
        ),
    }


def _pulled(task: dict[str, Any]) -> Iterator[str]:
    """Give the repositories of ECR from which the containers of a task take their images."""
    for container in task["containerDefinitions"]:
        found = re.match(r"(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com/([^:@]+)", container["image"])
        if found:
            yield f"arn:aws:ecr:{found[2]}:{found[1]}:repository/{found[3]}"


def _made(build: Build) -> list[str]:
    """Return the roles for which there is a trust policy: those that the scripts make."""
    return [
        role.arn
        for key, role in build.plan.resources.items()
        if f"iam/{key.removeprefix('role:')}-trust.json" in build.files and hasattr(role, "arn")
    ]


def _read(build: Build, action: str) -> list[str]:
    found = set()
    for path, text in build.files.items():
        if path.startswith("iam/") and path.endswith("-policy.json") and path != FILE:
            for statement in json.loads(text)["Statement"]:
                if action in statement["Action"]:
                    found |= set(statement["Resource"])
    return sorted(found)


def _sorted(names: Any) -> list[str]:
    return sorted(names)
