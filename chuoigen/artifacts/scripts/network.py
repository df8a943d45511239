"""Sorts the network of a plan by how the scripts treat it: groups that are made or joined, subnets, certificates."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from chuoigen.artifacts.scripts.balancer import balancer_values
from chuoigen.artifacts.scripts.words import comment
from chuoigen.aws import arn
from chuoigen.messages import ENGLISH
from chuoigen.plan.naming import OWN_TAG
from chuoigen.plan.network import normal
from chuoigen.resources import Ref, unique
from chuoigen.resources.network import SourceKind, account_and_group, source_kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from chuoigen.plan.model import Plan
    from chuoigen.resources.network import SecurityGroup


def network_values(plan: Plan) -> dict[str, Any]:
    """Return the security groups by how the scripts treat them, and what the preflight looks for."""
    balancer, service = plan.load_balancer, plan.service
    network = service.network_configuration.awsvpc_configuration if service else None
    subnets = [*(balancer.subnets if balancer else ()), *(network.subnets if network else ())]
    certificates = unique(listener.certificate for listener in plan.listeners)
    made = [group for group in plan.groups if group.id is None]
    return {
        "made_groups": [_group(plan, group) for group in made],
        "assumed_ids": "\n".join(f"<{group.name}>" for group in made),
        "assumed_groups": "\n".join(f"{group.name}\t<{group.name}>" for group in made),
        "made_filters": _filters(plan, {f"tag:{OWN_TAG}": [plan.prefix]}),
        "name_filters": _filters(plan, {"group-name": [group.name for group in made]}),
        "joined": unique(group.id for group in plan.groups),
        "balancer_groups": _taken(plan, balancer.security_groups if balancer else ()),
        "service_groups": _taken(plan, network.security_groups if network else ()),
        "subnets": unique(subnets),
        "certificates": [name for name in certificates if arn.server_certificate(name) is None],
        "server_certificates": [
            {"name": name, "arn": each} for each in certificates if (name := arn.server_certificate(each)) is not None
        ],
        "file_systems": unique(volume.efs.file_system_id for volume in plan.volumes.values() if volume.efs),
        "tools": ["aws", *(["docker"] if plan.built else []), *(["git"] if _commits(plan) else [])],
        "discovery": _discovery(plan),
        "connect": plan.connect_namespace,
        **balancer_values(plan),
    }


def _discovery(plan: Plan) -> dict[str, Any]:
    """Return what the scripts make in Cloud Map and look for; empty where the tasks are registered nowhere."""
    namespace, service = plan.namespace, plan.discovery
    if namespace is None or service is None:
        return {}
    record = service.dns_config.dns_records[0]
    changed = {"Description": service.description, "DnsConfig": {"DnsRecords": [plan.request(record)]}}
    return {"namespace": namespace, "service": service, "record": record, "changed": changed}


def _filters(plan: Plan, wanted: Mapping[str, Sequence[str]]) -> list[dict[str, Any]]:
    """Return what describe-security-groups is asked for: groups of the VPC alone, where the spec names one."""
    found = {**({"vpc-id": [plan.vpc]} if plan.vpc is not None else {}), **wanted}
    return [{"Name": name, "Values": list(values)} for name, values in found.items()]


def _commits(plan: Plan) -> bool:
    return plan.pipeline is not None and plan.pipeline.tag is None


def _variable(plan: Plan, group: SecurityGroup) -> str:
    """Return the shell variable of a group's id; the number tells apart keys that differ in punctuation only."""
    variables = [re.sub(r"[^A-Za-z0-9]", "_", each.role) for each in plan.groups]
    index = plan.groups.index(group)
    number = str(index) if variables.count(variables[index]) > 1 else ""
    return f"group_{variables[index]}{number}"


def _group(plan: Plan, group: SecurityGroup) -> dict[str, Any]:
    variable = _variable(plan, group)
    return {
        "key": group.role,
        "name": group.name,
        "variable": variable,
        "shell": f'"${variable}"',
        "rules": list(_rules(plan, group)),
    }


def _rules(plan: Plan, group: SecurityGroup) -> Iterator[dict[str, Any]]:
    """Give the rules of a group with the files that add them."""
    for rule in plan.rules(group):
        yield {
            "source": _told(rule.source),
            "protocol": rule.protocol,
            "port": rule.port,
            "why": comment(ENGLISH.text(rule.why)),
            "file": f"{rule.stem}.json",
        }


def _told(source: Ref | str) -> str:
    """Return a source as EC2 tells it of a rule that stands; an id of a group says nothing of its account."""
    if isinstance(source, Ref):
        return "self"
    return account_and_group(source)[1] if source_kind(source) is SourceKind.GROUP else normal(source)


def _taken(plan: Plan, references: Sequence[Ref]) -> dict[str, Any]:
    """Say how a script fills in the groups of the load balancer or of the service.

    `made` are those whose ids it looks up, `placeholders` the words for fill(), `ids` all ids as shell words, `joined`
    all of them as one word.
    """
    groups = [group for reference in references for group in plan.groups if group.key == reference.key]
    made = [_group(plan, group) for group in groups if group.id is None]
    return {
        "made": made,
        "placeholders": "".join(f" security-group:{group['key']} {group['shell']}" for group in made),
        "joined": '"' + " ".join(group.id or f"${_variable(plan, group)}" for group in groups) + '"',
        "ids": " ".join(group.id or f'"${_variable(plan, group)}"' for group in groups),
    }
