"""Turns the plan into network/: security groups and load balancer, as inputs of the AWS CLI."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chuoigen import templating
from chuoigen.tree import Artifact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chuoigen.plan.model import Plan
    from chuoigen.plan.surroundings import GroupPlan, ListenerPlan, LoadBalancerPlan, RulePlan


def render(plan: Plan) -> tuple[Artifact, ...]:
    """Return the overview of the groups, the inputs that make them, and those that make the load balancer."""
    files: dict[str, Any] = {}
    if plan.groups:
        files["security-groups"] = [_overview(group) for group in plan.groups]
    for group in plan.groups:
        if group.id is None:
            files[f"security-group-{group.key}"] = _group(plan, group)
            files |= dict(_ingress(group))
    if plan.load_balancer is not None:
        files |= _load_balancer(plan, plan.load_balancer)
    return tuple(Artifact(f"network/{name}.json", templating.to_json(data)) for name, data in files.items())


def _overview(group: GroupPlan) -> dict[str, Any]:
    rules = [
        {"source": rule.source, "protocol": rule.protocol, "port": rule.port, "why": rule.why} for rule in group.rules
    ]
    return {
        "key": group.key,
        "id": group.id,
        "name": group.name,
        "description": group.description,
        "members": list(group.members),
        "rules": rules,
    }


def _tags(plan: Plan) -> list[dict[str, str]]:
    """Return the tags as these services spell them; by the first one the scripts know what they made."""
    return [{"Key": key, "Value": value} for key, value in plan.tags.items()]


def _group(plan: Plan, group: GroupPlan) -> dict[str, Any]:
    request: dict[str, Any] = {"Description": group.description, "GroupName": group.name}
    if plan.vpc is not None:
        request["VpcId"] = plan.vpc
    return {**request, "TagSpecifications": [{"ResourceType": "security-group", "Tags": _tags(plan)}]}


def _ingress(group: GroupPlan) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give one input for each rule: EC2 refuses a request with a rule that stands already, all of it."""
    seen: dict[str, int] = {}
    for rule in group.rules:
        stem = f"{rule.port}-udp" if rule.protocol == "udp" else str(rule.port)
        seen[stem] = seen.get(stem, 0) + 1
        name = stem if seen[stem] == 1 else f"{stem}-{seen[stem]}"
        yield f"security-group-{group.key}-ingress-{name}", _authorization(group, rule)


def _authorization(group: GroupPlan, rule: RulePlan) -> dict[str, Any]:
    permission = {
        "IpProtocol": rule.protocol,
        "FromPort": rule.port,
        "ToPort": rule.port,
        **_source(group, rule),
    }
    return {"GroupId": group.reference, "IpPermissions": [permission]}


def _source(group: GroupPlan, rule: RulePlan) -> dict[str, Any]:
    """Say where the traffic comes from: the group itself, another group, or a block of addresses."""
    if ":" in rule.source:
        return {"Ipv6Ranges": [{"Description": rule.why, "CidrIpv6": rule.source}]}
    if "/" in rule.source:
        return {"IpRanges": [{"Description": rule.why, "CidrIp": rule.source}]}
    source = group.reference if rule.source == "self" else rule.source
    return {"UserIdGroupPairs": [{"Description": rule.why, "GroupId": source}]}


def _load_balancer(plan: Plan, balancer: LoadBalancerPlan) -> dict[str, Any]:
    files = {
        "load-balancer": _creation(plan, balancer),
        "load-balancer-attributes": {
            "LoadBalancerArn": "@load-balancer@",
            "Attributes": _attributes({"idle_timeout.timeout_seconds": str(balancer.idle_timeout)}),
        },
        "target-group": _with_tags(plan, _target_group(plan, balancer)),
        "target-group-attributes": {
            "TargetGroupArn": "@target-group@",
            "Attributes": _attributes({"deregistration_delay.timeout_seconds": str(balancer.deregistration_delay)}),
        },
    }
    for listener in balancer.listeners:
        files[f"listener-{listener.port}"] = _with_tags(plan, _listener(listener))
    return files


def _with_tags(plan: Plan, request: dict[str, Any]) -> dict[str, Any]:
    return {**request, "Tags": _tags(plan)}


def _attributes(values: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in values.items()]


def _creation(plan: Plan, balancer: LoadBalancerPlan) -> dict[str, Any]:
    return {
        "Name": balancer.name,
        "Subnets": list(balancer.subnets),
        "SecurityGroups": list(balancer.groups),
        "Scheme": balancer.scheme,
        "Tags": _tags(plan),
        "Type": "application",
        "IpAddressType": "ipv4",
    }


def _target_group(plan: Plan, balancer: LoadBalancerPlan) -> dict[str, Any]:
    """Return the input of create-target-group; the targets are addresses of tasks, not instances."""
    request: dict[str, Any] = {"Name": balancer.target_group, "Protocol": "HTTP", "Port": balancer.port}
    if plan.vpc is not None:
        request["VpcId"] = plan.vpc
    return {
        **request,
        "HealthCheckProtocol": "HTTP",
        "HealthCheckPort": "traffic-port",
        "HealthCheckEnabled": True,
        "HealthCheckPath": balancer.path,
        "HealthCheckIntervalSeconds": balancer.interval,
        "HealthCheckTimeoutSeconds": balancer.timeout,
        "HealthyThresholdCount": balancer.healthy,
        "UnhealthyThresholdCount": balancer.unhealthy,
        "Matcher": {"HttpCode": balancer.matcher},
        "TargetType": "ip",
    }


def _listener(listener: ListenerPlan) -> dict[str, Any]:
    request: dict[str, Any] = {
        "LoadBalancerArn": "@load-balancer@",
        "Protocol": listener.protocol,
        "Port": listener.port,
    }
    if listener.ssl_policy is not None:
        request["SslPolicy"] = listener.ssl_policy
    if listener.certificate is not None:
        request["Certificates"] = [{"CertificateArn": listener.certificate}]
    return {**request, "DefaultActions": [_action(listener)]}


def _action(listener: ListenerPlan) -> dict[str, Any]:
    if listener.action == "forward":
        return {"Type": "forward", "TargetGroupArn": "@target-group@"}
    # 301: browsers keep it, so that the next request starts encrypted. Host, path and query stay as they are.
    redirect = {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"}
    return {"Type": "redirect", "RedirectConfig": redirect}
