"""Joints between the plan, the service and its autoscaling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.proof.builds import Build
from tests.proof.joints_task import data, differ, present


def service(build: Build) -> Iterator[str]:
    """The service is made and updated with the same settings, and with those of the plan and the load balancer."""
    plan = build.plan
    if plan.service is None:
        return
    made, update = data(build, "ecs/service.json"), data(build, "ecs/service-update.json")
    wanted = _service(build)
    yield from differ("service.json", made, wanted)
    same = {key: value for key, value in wanted.items() if key in _UPDATED}
    if plan.autoscaling is None:
        same["desiredCount"] = plan.service.desired_count
    else:
        same.pop("desiredCount", None)
    yield from differ("service-update.json", update, same | {"service": plan.service.name, "forceNewDeployment": True})


_UPDATED = [
    "cluster",
    "deploymentConfiguration",
    "availabilityZoneRebalancing",
    "networkConfiguration",
    "platformVersion",
    "capacityProviderStrategy",
    "healthCheckGracePeriodSeconds",
    "enableExecuteCommand",
    "enableECSManagedTags",
    "propagateTags",
    "volumeConfigurations",
]


def _service(build: Build) -> dict[str, Any]:
    plan, settings = build.plan, build.plan.service
    assert settings is not None
    balancer = plan.load_balancer
    target = (
        [{"targetGroupArn": "@target-group@", "containerName": balancer.container, "containerPort": balancer.port}]
        if balancer
        else None
    )
    strategy = [
        {"capacityProvider": part.provider, "weight": part.weight, "base": part.base} for part in settings.capacity
    ]
    rolling: dict[str, Any] = {
        "maximumPercent": settings.max_percent,
        "minimumHealthyPercent": settings.min_percent,
        "deploymentCircuitBreaker": {"enable": settings.circuit_breaker, "rollback": settings.circuit_breaker},
    }
    network = {
        "subnets": list(settings.subnets),
        "securityGroups": list(settings.groups),
        "assignPublicIp": "ENABLED" if settings.public_ip else "DISABLED",
    }
    return present(
        cluster=settings.cluster,
        serviceName=settings.name,
        taskDefinition=plan.task.family,
        availabilityZoneRebalancing="ENABLED" if settings.max_percent > 100 else "DISABLED",
        loadBalancers=target,
        launchType=None if strategy else "FARGATE",
        capacityProviderStrategy=strategy,
        platformVersion=settings.platform_version,
        deploymentConfiguration=rolling,
        networkConfiguration={"awsvpcConfiguration": present(**network)},
        healthCheckGracePeriodSeconds=settings.grace_period,
        schedulingStrategy="REPLICA",
        tags=[{"key": key, "value": value} for key, value in plan.tags.items()],
        propagateTags="TASK_DEFINITION",
        volumeConfigurations=_managed(build),
    ) | {
        "desiredCount": settings.desired_count,
        "enableECSManagedTags": True,
        "enableExecuteCommand": settings.exec,
    }


def _managed(build: Build) -> list[dict[str, Any]]:
    return [
        {
            "name": volume.name,
            "managedEBSVolume": {
                "encrypted": volume.ebs.encrypted,
                "volumeType": volume.ebs.type,
                "roleArn": volume.ebs.role_arn,
                "filesystemType": volume.ebs.filesystem,
                **present(
                    sizeInGiB=volume.ebs.size,
                    iops=volume.ebs.iops,
                    throughput=volume.ebs.throughput,
                    snapshotId=volume.ebs.snapshot,
                ),
            },
        }
        for volume in build.plan.volumes.values()
        if volume.ebs
    ]


def autoscaling(build: Build) -> Iterator[str]:
    """The scalable target and its policies speak of the service of service.json."""
    plan = build.plan.autoscaling
    if plan is None or build.plan.service is None:
        return
    about = {
        "ServiceNamespace": "ecs",
        "ResourceId": f"service/{build.plan.service.cluster}/{build.plan.service.name}",
        "ScalableDimension": "ecs:service:DesiredCount",
    }
    bounds = {"MinCapacity": plan.minimum, "MaxCapacity": plan.maximum}
    yield from differ("autoscaling.json", data(build, "ecs/autoscaling.json"), about | bounds)
    found = {path: data(build, path) for path in build.files if path.startswith("ecs/scaling-policy-")}
    names = sorted(policy["PolicyName"] for policy in found.values())
    yield from differ("policies", names, sorted(policy.name for policy in plan.policies))
    for path, policy in found.items():
        wanted = next(p for p in plan.policies if p.name == policy["PolicyName"])
        tracking: dict[str, Any] = {
            "TargetValue": wanted.target,
            "PredefinedMetricSpecification": present(
                PredefinedMetricType=wanted.metric,
                ResourceLabel="@resource-label@" if wanted.metric.startswith("ALB") else None,
            ),
        }
        kind = {"PolicyName": wanted.name, "PolicyType": "TargetTrackingScaling"}
        yield from differ(path, policy, about | kind | {"TargetTrackingScalingPolicyConfiguration": tracking})


def names(build: Build) -> Iterator[str]:
    """Containers that other files name are containers of the task definition."""
    definition = data(build, "ecs/task-definition.json")
    known = {entry["name"]: entry for entry in definition["containerDefinitions"]}
    for entry in known.values():
        used = {mount["sourceVolume"] for mount in entry.get("mountPoints", [])}
        missing = used - {volume["name"] for volume in definition.get("volumes", [])}
        yield from (f"{entry['name']} mounts {volume}, which is not declared" for volume in sorted(missing))
    if "ecs/service.json" in build.files:
        for target in data(build, "ecs/service.json").get("loadBalancers", []):
            ports = [port["containerPort"] for port in known.get(target["containerName"], {}).get("portMappings", [])]
            if target["containerPort"] not in ports:
                yield f"the load balancer's port {target['containerPort']} is no port of {target['containerName']}"
