"""What AWS's own service models say about the inputs that a build writes for the AWS CLI."""

from __future__ import annotations

import functools
from typing import Any


def complaints(service: str, operation: str, request: dict[str, Any]) -> list[str]:
    """Say what botocore's validator refuses, and each member that stands out of the model's order."""
    from botocore.validate import ParamValidator

    shape = _model(service).operation_model(operation).input_shape
    report = ParamValidator().validate(request | _ADDED.get(operation, {}), shape)
    return [report.generate_report()] if report.has_errors() else disorder(request, shape, operation)


@functools.cache
def _model(service: str) -> Any:
    import botocore.session

    return botocore.session.get_session().get_service_model(service)


def disorder(data: Any, shape: Any, where: str) -> list[str]:
    if shape.type_name == "structure" and not shape.is_document_type:
        wanted = [name for name in shape.members if name in data]
        found = [] if wanted == list(data) else [f"{where}: {list(data)} is in the model {wanted}"]
        return found + [line for name in data for line in disorder(data[name], shape.members[name], f"{where}.{name}")]
    if shape.type_name == "list":
        return [line for item in data for line in disorder(item, shape.member, f"{where}[]")]
    return []


def inputs(files: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """Pair the files of ecs/ and network/ with the operation that takes them."""
    return [(*operation, data) for path, data in files.items() if (operation := _operation(path)) is not None]


def _operation(path: str) -> tuple[str, str] | None:
    if path in ("network/security-groups.json", "ecs/alarm-topic-policy.json"):
        return None
    if path.startswith("network/security-group-") and "-ingress-" in path:
        return ("ec2", "AuthorizeSecurityGroupIngress")
    if path.startswith("network/target-group") and path.endswith("-attributes.json"):
        return ("elbv2", "ModifyTargetGroupAttributes")
    return next(operation for prefix, operation in _OPERATIONS.items() if path.startswith(prefix))


# What a script adds to a file.
_ADDED = {"RunTask": {"taskDefinition": "family:1"}}
# A longer beginning stands before a shorter one.
_OPERATIONS = {
    "ecs/run-job": ("ecs", "RunTask"),
    "ecs/job-": ("ecs", "RegisterTaskDefinition"),
    "ecs/schedule-": ("scheduler", "CreateSchedule"),
    "ecs/task-definition": ("ecs", "RegisterTaskDefinition"),
    "ecs/service-update": ("ecs", "UpdateService"),
    "ecs/service": ("ecs", "CreateService"),
    "ecs/alarm-topic": ("sns", "CreateTopic"),
    "ecs/alarm-": ("cloudwatch", "PutMetricAlarm"),
    "ecs/event-rule": ("events", "PutRule"),
    "ecs/autoscaling": ("application-autoscaling", "RegisterScalableTarget"),
    "ecs/scaling-policy-": ("application-autoscaling", "PutScalingPolicy"),
    "ecs/scheduled-action-": ("application-autoscaling", "PutScheduledAction"),
    "network/security-group-": ("ec2", "CreateSecurityGroup"),
    "network/load-balancer-attributes": ("elbv2", "ModifyLoadBalancerAttributes"),
    "network/load-balancer": ("elbv2", "CreateLoadBalancer"),
    "network/listener-rule": ("elbv2", "CreateRule"),
    "network/target-group": ("elbv2", "CreateTargetGroup"),
    "network/listener-": ("elbv2", "CreateListener"),
    "network/discovery-namespace": ("servicediscovery", "CreatePrivateDnsNamespace"),
    "network/connect-namespace": ("servicediscovery", "CreateHttpNamespace"),
    "network/discovery-service": ("servicediscovery", "CreateService"),
}
