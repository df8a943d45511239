"""Turns the plan of a service into the inputs that create it and its scaling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chuoigen.artifacts.ecs.members import said, tags
from chuoigen.aws import vocabulary

if TYPE_CHECKING:
    from chuoigen.plan.model import Plan
    from chuoigen.plan.surroundings import AutoscalingPlan, PolicyPlan, ServicePlan


# In the order of botocore's model.
_CREATED_WITH = (
    "cluster", "serviceName", "taskDefinition", "availabilityZoneRebalancing", "loadBalancers", "desiredCount",
    "launchType", "capacityProviderStrategy", "platformVersion", "deploymentConfiguration",
    "networkConfiguration", "healthCheckGracePeriodSeconds", "schedulingStrategy", "tags", "enableECSManagedTags",
    "propagateTags", "enableExecuteCommand", "volumeConfigurations",
)  # fmt: skip
_UPDATED_WITH = (
    "cluster", "service", "desiredCount", "capacityProviderStrategy", "deploymentConfiguration",
    "availabilityZoneRebalancing", "networkConfiguration", "platformVersion", "forceNewDeployment",
    "healthCheckGracePeriodSeconds", "enableExecuteCommand", "enableECSManagedTags", "propagateTags",
    "volumeConfigurations",
)  # fmt: skip


def service_request(plan: Plan, service: ServicePlan) -> dict[str, Any]:
    """Return the input of create-service."""
    balancer = plan.load_balancer
    target = balancer and {
        "targetGroupArn": "@target-group@",
        "containerName": balancer.container,
        "containerPort": balancer.port,
    }
    members = {
        **_settings(plan, service),
        "serviceName": service.name,
        "taskDefinition": plan.task.family,
        "loadBalancers": [target] if target else [],
        # Also with auto scaling: it is the count until the first alarm.
        "desiredCount": service.desired_count,
        "launchType": None if service.capacity else "FARGATE",
        "schedulingStrategy": "REPLICA",
        "tags": tags(plan),
    }
    return said({name: members[name] for name in _CREATED_WITH})


def service_update(plan: Plan, service: ServicePlan) -> dict[str, Any]:
    """Return the input of update-service, to which a deployment adds the revision."""
    members = {
        **_settings(plan, service),
        "service": service.name,
        # Auto scaling has chosen a count by now, which a deployment must not undo.
        "desiredCount": None if plan.autoscaling else service.desired_count,
        # Some settings, the capacity among them, are only taken with a new deployment.
        "forceNewDeployment": True,
    }
    return said({name: members[name] for name in _UPDATED_WITH})


def _settings(plan: Plan, service: ServicePlan) -> dict[str, Any]:
    """Return what can be changed as long as the service lives, and where it lives."""
    return {
        "cluster": service.cluster,
        "capacityProviderStrategy": [
            {"capacityProvider": part.provider, "weight": part.weight, "base": part.base} for part in service.capacity
        ],
        "availabilityZoneRebalancing": _zone_rebalancing(service),
        "platformVersion": service.platform_version,
        "deploymentConfiguration": {
            "deploymentCircuitBreaker": {
                "enable": service.circuit_breaker,
                "rollback": service.circuit_breaker,
            },
            "maximumPercent": service.max_percent,
            "minimumHealthyPercent": service.min_percent,
        },
        "networkConfiguration": _network_configuration(service),
        "healthCheckGracePeriodSeconds": service.grace_period if plan.load_balancer else None,
        "enableECSManagedTags": True,
        # Managed tags alone do not reach the tasks.
        "propagateTags": "TASK_DEFINITION",
        "enableExecuteCommand": service.exec,
        "volumeConfigurations": _volume_configurations(plan),
    }


def _zone_rebalancing(service: ServicePlan) -> str:
    """Say whether ECS may move tasks between zones, for which more than the desired count must be allowed.

    It is on unless a request says otherwise, which is then refused when no more than 100 percent may run (AWS
    documentation, "Balancing an Amazon ECS service across Availability Zones", checked 2026-11-23).
    """
    return "ENABLED" if service.max_percent > 100 else "DISABLED"  # noqa: PLR2004 - percent


def _network_configuration(service: ServicePlan) -> dict[str, Any]:
    address = "ENABLED" if service.public_ip else "DISABLED"
    configuration = {
        "subnets": list(service.subnets),
        "securityGroups": list(service.groups),
        "assignPublicIp": address,
    }
    return {"awsvpcConfiguration": said(configuration)}


def _volume_configurations(plan: Plan) -> list[dict[str, Any]]:
    return [
        {
            "name": volume.name,
            "managedEBSVolume": said(
                {
                    "encrypted": volume.ebs.encrypted,
                    "volumeType": volume.ebs.type,
                    "sizeInGiB": volume.ebs.size,
                    "snapshotId": volume.ebs.snapshot,
                    "iops": volume.ebs.iops,
                    "throughput": volume.ebs.throughput,
                    "roleArn": volume.ebs.role_arn,
                    "filesystemType": volume.ebs.filesystem,
                }
            ),
        }
        for volume in plan.volumes.values()
        if volume.ebs is not None
    ]


def scalable_target(scaling: AutoscalingPlan) -> dict[str, Any]:
    """Return the input of register-scalable-target, without tags, which it takes for a new target only."""
    return {**_scaled(scaling), "MinCapacity": scaling.minimum, "MaxCapacity": scaling.maximum}


def _scaled(scaling: AutoscalingPlan) -> dict[str, Any]:
    return {
        "ServiceNamespace": vocabulary.AUTOSCALING_NAMESPACE,
        "ResourceId": scaling.resource,
        "ScalableDimension": vocabulary.AUTOSCALING_DIMENSION,
    }


def scaling_policy(scaling: AutoscalingPlan, policy: PolicyPlan) -> dict[str, Any]:
    """Return the input of put-scaling-policy; one by requests names the load balancer."""
    by_requests = policy.metric == vocabulary.AUTOSCALING_METRICS["requests"]
    metric = {
        "PredefinedMetricType": policy.metric,
        "ResourceLabel": "@resource-label@" if by_requests else None,
    }
    return {
        "PolicyName": policy.name,
        **_scaled(scaling),
        "PolicyType": "TargetTrackingScaling",
        "TargetTrackingScalingPolicyConfiguration": {
            "TargetValue": policy.target,
            "PredefinedMetricSpecification": said(metric),
        },
    }
