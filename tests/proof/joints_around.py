"""Joints around the task: network, roles, what the scripts make, the pipeline, and the record of all files."""

from __future__ import annotations

import fnmatch
import hashlib
import json
import re
import shlex
from typing import TYPE_CHECKING, Any

import yaml

from chuoigen.resources.iam import Role
from tests.proof.joints_task import data, differ, present

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.proof.builds import Build

STARTER = "AmazonECSTaskExecutionRolePolicy"


def groups(build: Build) -> Iterator[str]:
    """The overview of the groups tells of the rules that the inputs of EC2 make, each in a file of its own."""
    if not build.plan.groups:
        return
    overview = data(build, "network/security-groups.json")
    yield from differ("security-groups.json", [group["key"] for group in overview], [g.role for g in build.plan.groups])
    for group in overview:
        made = f"network/security-group-{group['key']}"
        found = [data(build, path) for path in build.files if path.startswith(f"{made}-ingress-")]
        if group["id"] is not None:
            yield from (f"{made}: a rule for a group that is only joined" for _ in found)
            continue
        creation = data(build, f"{made}.json")
        yield from differ(made, [creation["GroupName"], creation["Description"]], [group["name"], group["description"]])
        mark = f"@security-group:{group['key']}@"
        yield from (f"{made}: a rule of {each['GroupId']}" for each in found if each["GroupId"] != mark)
        rules = sorted(json.dumps(_told(each["IpPermissions"][0], mark)) for each in found)
        wanted = [{key: rule[key] for key in ("source", "protocol", "port", "why")} for rule in group["rules"]]
        yield from differ(f"rules of {group['key']}", rules, sorted(map(json.dumps, wanted)))


def _told(permission: dict[str, Any], mark: str) -> dict[str, Any]:
    """Say a permission of EC2 as the overview does."""
    (named,) = (set(permission) - {"IpProtocol", "FromPort", "ToPort"}) or {"nothing"}
    (source,) = permission[named]
    place = {"UserIdGroupPairs": "GroupId", "IpRanges": "CidrIp", "Ipv6Ranges": "CidrIpv6"}[named]
    return {
        "source": "self" if source[place] == mark else source[place],
        "protocol": permission["IpProtocol"],
        "port": permission["FromPort"] if permission["FromPort"] == permission["ToPort"] else None,
        "why": source["Description"],
    }


def load_balancer(build: Build) -> Iterator[str]:
    """The listeners lead to the target group: in the clear, or encrypted with everything else sent there."""
    if "network/load-balancer.json" not in build.files:
        return
    listeners = [data(build, path) for path in build.files if path.startswith("network/listener-")]
    actions = {each["Port"]: each["DefaultActions"] for each in listeners}
    forward = [{"Type": "forward", "TargetGroupArn": "@target-group@"}]
    redirect = [
        {
            "Type": "redirect",
            "RedirectConfig": {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"},
        }
    ]
    secure = any(each.get("Certificates") for each in listeners)
    yield from differ("listeners", actions, {80: redirect, 443: forward} if secure else {80: forward})
    target = data(build, "network/target-group.json")
    if "ecs/service.json" in build.files:
        named = data(build, "ecs/service.json")["loadBalancers"]
        yield from differ("service.json", [each["containerPort"] for each in named], [target["Port"]])


def placeholders(build: Build) -> Iterator[str]:
    """What the scripts fill in is only what they know of."""
    known = {"@target-group@", "@load-balancer@", "@resource-label@", "@balancer-label@", "@target-label@"}
    known |= {f"@{group.key}@" for group in build.plan.groups if group.id is None}
    for path, text in build.files.items():
        if path.endswith(".json"):
            for found in sorted(set(re.findall(r'"(@[^"]*@)"', text)) - known):
                yield f"{path}: nobody fills in {found}"


def roles(build: Build) -> Iterator[str]:
    """Each role that is made has its trust, and its policy is exactly the plan's; secrets are readable."""
    plan = build.plan
    for role in plan.every(Role):
        name, policy = role.key.partition(":")[2], plan.policy(role).policy_document
        if role.made:
            path = f"iam/{name}-trust.json"
            yield from differ(path, data(build, path), plan.request(role.assume_role_policy_document))
        if policy.statement:
            path = f"iam/{name}-policy.json"
            yield from differ(path, data(build, path), plan.request(policy))
    yield from _readable(build)


def _readable(build: Build) -> Iterator[str]:
    """Say of each secret of the task definition whether the execution role may read it."""
    path = "iam/execution-policy.json"
    resources = [
        resource
        for statement in (data(build, path)["Statement"] if path in build.files else [])
        for resource in statement["Resource"]
    ]
    for container in data(build, "ecs/task-definition.json")["containerDefinitions"]:
        for secret in container.get("secrets", []):
            # A secret's ARN may be followed by a key of its content, and ends with six characters of AWS's own.
            arn = ":".join(secret["valueFrom"].split(":")[:7])
            if not any(fnmatch.fnmatchcase(name, pattern) for name in (arn, f"{arn}-AbCdEf") for pattern in resources):
                yield f"the execution role may not read {secret['valueFrom']}"


def what_the_scripts_make(build: Build) -> Iterator[str]:
    """Repositories, roles and log groups that other files name are made by the scripts, with what the plan says."""
    calls = {
        name: [shlex.split(line) for line in text.splitlines() if re.match(r"(repository|role|log_group) [^#]*$", line)]
        for name, text in build.files.items()
        if name.startswith("scripts/")
    }
    for path, text in build.files.items():
        prefix = f"arn:{build.plan.partition}:"
        wrong = [word for word in re.findall(r"\barn\w*:[\w:/-]+", text) if not word.startswith(prefix)]
        yield from (f"{path}: {word} is no ARN" for word in wrong if path.startswith("scripts/"))
    definition = data(build, "ecs/task-definition.json")
    built = [container for container in build.plan.built if container.image.repository]
    if built:
        found = [words[1:] for words in calls["scripts/01-ecr.sh"] if words[0] == "repository"]
        wanted = [[c.image.repository, "IMMUTABLE" if c.image.immutable else "MUTABLE"] for c in built]
        yield from differ("01-ecr.sh", found, wanted)
    made = {words[1] for words in calls.get("scripts/03-iam.sh", []) if words[0] == "role"}
    for arn in (definition.get("executionRoleArn"), definition.get("taskRoleArn")):
        role = arn.rsplit("/", 1)[-1] if arn else None
        plans = [r for r in build.plan.every(Role) if r.arn == arn]
        if role is not None and (not plans or (plans[0].made and role not in made)):
            yield f"03-iam.sh does not make {role}"
    logs = {words[1]: words[2] for words in calls["scripts/04-logs-and-parameters.sh"] if words[0] == "log_group"}
    wanted_logs = {
        entry["logConfiguration"]["options"]["awslogs-group"]: str(build.plan.containers[entry["name"]].logs.retention)
        for entry in definition["containerDefinitions"]
        if entry.get("logConfiguration", {}).get("logDriver") == "awslogs"
        and not build.plan.containers[entry["name"]].logs.given
    }
    yield from differ("04-logs-and-parameters.sh", logs, wanted_logs)


def pipeline(build: Build) -> Iterator[str]:
    """The buildspec calls scripts that are there, in the phases of CodeBuild, for the registry of the images."""
    plan = build.plan.pipeline
    if plan is None:
        return
    spec = yaml.safe_load(build.files["pipeline/buildspec.yml"])
    folder = f"{build.plan.output}/pipeline"
    region, registry = build.plan.region, build.plan.registry
    login = f"aws ecr get-login-password --region {region} | docker login --username AWS --password-stdin {registry}"
    definitions = "imagedefinitions.json"
    wanted: dict[str, Any] = {
        "version": 0.2,
        "phases": {
            "pre_build": {"commands": [login]},
            "build": {
                "commands": [
                    f"sh {folder}/build-docker-images.sh",
                    f"sh {folder}/push-to-ecr.sh --imagedefinitions {definitions}",
                ]
            },
            "post_build": {"commands": [f'if [ "$CODEBUILD_BUILD_SUCCEEDING" = 1 ]; then cat {definitions}; fi']},
        },
    }
    if plan.artifact_bucket is not None:
        wanted["artifacts"] = {"files": [definitions]}
    stores = present(
        **{
            "parameter-store": dict(plan.parameters),
            "secrets-manager": {name: secret.build_reference for name, secret in plan.secrets.items()},
        }
    )
    yield from differ("buildspec.yml", spec, wanted | ({"env": stores} if stores else {}))


def manifest(build: Build) -> Iterator[str]:
    """The manifest names every file with its digest and mode."""
    found = data(build, "manifest.json")
    wanted = {
        path: {
            "sha256": hashlib.sha256(text.encode()).hexdigest(),
            "mode": "755" if path in build.executable else "644",
        }
        for path, text in build.files.items()
        if path != "manifest.json"
    }
    yield from differ("manifest.json", found, {"version": 1, "files": wanted})
