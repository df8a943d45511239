"""Joints around the task: network, roles, what the scripts make, the pipeline, and the record of all files."""

from __future__ import annotations

import fnmatch
import hashlib
import json
import re
import shlex
from typing import TYPE_CHECKING, Any

import yaml

from tests.proof.joints_task import data, differ, present

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chuoigen.plan.surroundings import GroupPlan, LoadBalancerPlan, RolePlan, RulePlan
    from tests.proof.builds import Build

STARTER = "AmazonECSTaskExecutionRolePolicy"


def groups(build: Build) -> Iterator[str]:
    """The inputs of EC2, the overview and the plan tell of the same groups and rules."""
    made = [group for group in build.plan.groups if group.id is None]
    if not build.plan.groups:
        return
    overview = data(build, "network/security-groups.json")
    wanted = [
        {
            "key": group.key,
            "id": group.id,
            "name": group.name,
            "description": group.description,
            "members": list(group.members),
            "rules": [{"source": r.source, "protocol": r.protocol, "port": r.port, "why": r.why} for r in group.rules],
        }
        for group in build.plan.groups
    ]
    yield from differ("security-groups.json", len(overview), len(wanted))
    for one, other in zip(overview, wanted, strict=False):
        yield from differ("security-groups.json", one, other)
    for group in made:
        tags = [{"Key": key, "Value": value} for key, value in build.plan.tags.items()]
        creation = present(Description=group.description, GroupName=group.name, VpcId=build.plan.vpc) | {
            "TagSpecifications": [{"ResourceType": "security-group", "Tags": tags}]
        }
        yield from differ(group.key, data(build, f"network/security-group-{group.key}.json"), creation)
        prefix = f"network/security-group-{group.key}-ingress-"
        found = [data(build, path) for path in build.files if path.startswith(prefix)]
        rules = [_permission(group, rule) for rule in group.rules]
        order = json.dumps
        yield from differ(f"rules of {group.key}", sorted(map(order, found)), sorted(map(order, rules)))


def _permission(group: GroupPlan, rule: RulePlan) -> dict[str, Any]:
    if ":" in rule.source:
        source = {"Ipv6Ranges": [{"Description": rule.why, "CidrIpv6": rule.source}]}
    elif "/" in rule.source:
        source = {"IpRanges": [{"Description": rule.why, "CidrIp": rule.source}]}
    else:
        reference = group.reference if rule.source == "self" else rule.source
        source = {"UserIdGroupPairs": [{"Description": rule.why, "GroupId": reference}]}
    ports = {"IpProtocol": rule.protocol, "FromPort": rule.port, "ToPort": rule.port}
    return {"GroupId": group.reference, "IpPermissions": [ports | source]}


def load_balancer(build: Build) -> Iterator[str]:
    """Load balancer, target group and listeners lead to the container that the service names."""
    plan = build.plan.load_balancer
    if plan is None:
        return
    tags = [{"Key": key, "Value": value} for key, value in build.plan.tags.items()]
    wanted: dict[str, Any] = {
        "load-balancer": {
            "Name": plan.name,
            "Subnets": list(plan.subnets),
            "SecurityGroups": list(plan.groups),
            "Scheme": plan.scheme,
            "Tags": tags,
            "Type": "application",
            "IpAddressType": "ipv4",
        },
        "load-balancer-attributes": {
            "LoadBalancerArn": "@load-balancer@",
            "Attributes": [{"Key": "idle_timeout.timeout_seconds", "Value": str(plan.idle_timeout)}],
        },
        "target-group-attributes": {
            "TargetGroupArn": "@target-group@",
            "Attributes": [{"Key": "deregistration_delay.timeout_seconds", "Value": str(plan.deregistration_delay)}],
        },
        "target-group": _target_group(build, plan) | {"Tags": tags},
    }
    for listener in plan.listeners:
        action = {"Type": "forward", "TargetGroupArn": "@target-group@"}
        if listener.action == "redirect":
            redirect = {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"}
            action = {"Type": "redirect", "RedirectConfig": redirect}  # type: ignore[dict-item]
        wanted[f"listener-{listener.port}"] = present(
            LoadBalancerArn="@load-balancer@",
            Protocol=listener.protocol,
            Port=listener.port,
            SslPolicy=listener.ssl_policy,
            Certificates=[{"CertificateArn": listener.certificate}] if listener.certificate else None,
            DefaultActions=[action],
            Tags=tags,
        )
    for name, content in wanted.items():
        yield from differ(name, data(build, f"network/{name}.json"), content)


def _target_group(build: Build, plan: LoadBalancerPlan) -> dict[str, Any]:
    return present(
        Name=plan.target_group,
        Protocol="HTTP",
        Port=plan.port,
        VpcId=build.plan.vpc,
        HealthCheckProtocol="HTTP",
        HealthCheckPort="traffic-port",
        HealthCheckEnabled=True,
        HealthCheckPath=plan.path,
        HealthCheckIntervalSeconds=plan.interval,
        HealthCheckTimeoutSeconds=plan.timeout,
        HealthyThresholdCount=plan.healthy,
        UnhealthyThresholdCount=plan.unhealthy,
        Matcher={"HttpCode": plan.matcher},
        TargetType="ip",
    )


def placeholders(build: Build) -> Iterator[str]:
    """What the scripts fill in is only what they know of."""
    known = {"@target-group@", "@load-balancer@", "@resource-label@"}
    known |= {group.reference for group in build.plan.groups if group.id is None}
    for path, text in build.files.items():
        if path.endswith(".json"):
            for found in sorted(set(re.findall(r'"(@[^"]*@)"', text)) - known):
                yield f"{path}: nobody fills in {found}"


def roles(build: Build) -> Iterator[str]:
    """Each role that is made has its trust, and its policy is exactly the plan's; secrets are readable."""
    plan = build.plan
    found = [plan.task.execution_role, plan.task.role, plan.pipeline.role if plan.pipeline else None]
    for role in filter(None, found):
        if role.made:
            statement = {"Effect": "Allow", "Principal": {"Service": role.trusts}, "Action": "sts:AssumeRole"}
            trust = {"Version": "2012-10-17", "Statement": [statement]}
            yield from differ(f"{role.key}-trust", data(build, f"iam/{role.key}-trust.json"), trust)
        if role.statements:
            policy = data(build, f"iam/{role.key}-policy.json")
            yield from differ(f"{role.key}-policy version", policy["Version"], "2012-10-17")
            yield from differ(f"{role.key}-policy", len(policy["Statement"]), len(role.statements))
            for one, other in zip(policy["Statement"], _statements(role), strict=False):
                yield from differ(f"{role.key}-policy", one, other)
    yield from _readable(build)


def _statements(role: RolePlan) -> list[dict[str, Any]]:
    found = []
    for statement in role.statements:
        conditions: dict[str, dict[str, Any]] = {}
        for operator, key, value in statement.conditions:
            held = conditions.setdefault(operator, {}).get(key)
            conditions[operator][key] = value if held is None else [*([held] if isinstance(held, str) else held), value]
        found.append(
            present(
                Sid=statement.sid,
                Effect="Allow",
                Action=list(statement.actions),
                Resource=list(statement.resources),
                Condition=conditions,
            )
        )
    return found


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
        plans = [r for r in (build.plan.task.execution_role, build.plan.task.role) if r and r.arn == arn]
        if role is not None and (not plans or (plans[0].made and role not in made)):
            yield f"03-iam.sh does not make {role}"
    logs = {words[1]: words[2] for words in calls["scripts/04-logs-and-parameters.sh"] if words[0] == "log_group"}
    wanted_logs = {
        entry["logConfiguration"]["options"]["awslogs-group"]: str(build.plan.containers[entry["name"]].logs.retention)
        for entry in definition["containerDefinitions"]
        if entry.get("logConfiguration", {}).get("logDriver") == "awslogs"
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
        "artifacts": {"files": [definitions]},
    }
    stores = present(**{"parameter-store": dict(plan.parameters), "secrets-manager": dict(plan.secrets)})
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
