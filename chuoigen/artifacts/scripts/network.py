"""Sorts the network of a plan by how the scripts treat it: groups that are made or joined, subnets, certificates."""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING, Any

from chuoigen.artifacts.scripts.words import comment, unique

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chuoigen.plan.model import Plan
    from chuoigen.plan.surroundings import GroupPlan


def network_values(plan: Plan) -> dict[str, Any]:
    """Return the security groups by how the scripts treat them, and what the preflight looks for."""
    balancer, service = plan.load_balancer, plan.service
    subnets = [*(balancer.subnets if balancer else ()), *(service.subnets if service else ())]
    listeners = balancer.listeners if balancer else ()
    made = [group for group in plan.groups if group.id is None]
    return {
        "made_groups": [_group(plan, group) for group in made],
        "assumed_groups": "\n".join(f"{group.name}\t<{group.name}>" for group in made),
        "joined": unique(group.id for group in plan.groups),
        "balancer_groups": _taken(plan, balancer.groups if balancer else ()),
        "service_groups": _taken(plan, service.groups if service else ()),
        "subnets": unique(subnets),
        "certificates": unique(listener.certificate for listener in listeners),
        "file_systems": unique(volume.efs.file_system for volume in plan.volumes.values() if volume.efs),
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
            "why": comment(rule.why),
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
