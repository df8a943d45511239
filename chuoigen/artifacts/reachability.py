"""Turns the plan into network/reachability.md: who can reach whom on which port, on purpose and by the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chuoigen import templating
from chuoigen.messages import ENGLISH
from chuoigen.resources import Ref
from chuoigen.tree import Artifact

if TYPE_CHECKING:
    from chuoigen.plan.model import Plan
    from chuoigen.plan.surroundings import Party, Reach
    from chuoigen.resources.network import SecurityGroup

PATH = "network/reachability.md"

_SINGLE = {
    "internet": "internet",
    "balancer": "load balancer",
    "other-task": "another task of the service",
    "every-container": "every container",
}
"""Parties of which there is one."""
_MEMBERS = {"alb": "load balancer", "task": "task"}
_RANKS = {"balancer": 1, "container": 2, "other-task": 3, "every-container": 3, "backend": 4}
"""From the outside to the inside; whoever comes from elsewhere is first."""


def render(plan: Plan) -> tuple[Artifact, ...]:
    """Return the page; a plan without groups in which nobody can reach anybody has none."""
    if not plan.reach and not plan.groups:
        return ()
    ways = tuple(plan.reach.values())
    values = {
        "plan": plan,
        "source": plan.spec_file,
        "targets": [_name(target) for target in _targets(plan)],
        "matrix": matrix(plan),
        "intended": [_way(way) for way in ways if way.intended],
        "incidental": [_way(way) for way in ways if not way.intended],
        "groups": [_group(plan, group) for group in plan.groups],
        "subjects": _subjects(plan),
    }
    return (Artifact(PATH, templating.render("pages/reachability.md.j2", **values)),)


def matrix(plan: Plan) -> list[dict[str, Any]]:
    """Return a row for each source, with the ports of each target; the plan's order of ways stays."""
    sources = dict.fromkeys(way.source for way in plan.reach.values())
    return [
        {"source": _name(source), "cells": [_cell(plan, source, target) for target in _targets(plan)]}
        for source in sorted(sources, key=lambda source: _rank(plan, source))
    ]


def _cell(plan: Plan, source: Party, target: Party) -> list[dict[str, Any]]:
    ways = [way for way in plan.reach.values() if (way.source, way.target) == (source, target)]
    ports: dict[str, bool] = {}
    for way in ways:
        ports[_port(way)] = ports.get(_port(way), False) or way.intended
    return [{"port": port, "intended": intended} for port, intended in ports.items()]


def _port(way: Reach) -> str:
    return str(way.port) if way.protocol == "tcp" else f"{way.port}/{way.protocol}"


def _targets(plan: Plan) -> list[Party]:
    return sorted(dict.fromkeys(way.target for way in plan.reach.values()), key=lambda target: _rank(plan, target))


def _rank(plan: Plan, party: Party) -> tuple[int, int]:
    """Order from the outside to the inside: who comes from elsewhere, the balancer, the task, the backends."""
    order = {"container": list(plan.containers), "backend": list(plan.backends)}.get(party.kind, [party.name])
    return _RANKS.get(party.kind, 0), order.index(party.name)


def _name(party: Party) -> str:
    return _SINGLE.get(party.kind, party.name)


def _way(way: Reach) -> dict[str, str]:
    return {
        "source": _name(way.source),
        "target": _name(way.target),
        "port": f"{way.port}/{way.protocol}",
        "via": way.via,
        "why": ENGLISH.text(way.why),
    }


def _group(plan: Plan, group: SecurityGroup) -> dict[str, Any]:
    return {
        "name": group.name,
        "made": group.id is None,
        "key": group.role,
        "description": ENGLISH.text(group.description),
        "members": [_MEMBERS.get(member, member) for member in group.members],
        "rules": [
            {
                "source": "self" if isinstance(rule.source, Ref) else rule.source,
                "port": f"{rule.port}/{rule.protocol}",
                "why": ENGLISH.text(rule.why),
            }
            for rule in plan.rules(group)
        ],
    }


def _subjects(plan: Plan) -> list[str]:
    """Name what tasks connect to by HTTPS besides the backends, for who restricts what may leave."""
    found = ["the registries of the images", "CloudWatch Logs"]
    services = {secret.service for each in plan.containers.values() for secret in each.secrets}
    if "ssm" in services:
        found.append("Systems Manager")
    if "secretsmanager" in services:
        found.append("Secrets Manager")
    role = plan.role("task")
    allowed = plan.policy(role).policy_document.statement if role is not None else {}
    if any("s3:PutObject" in statement.action for statement in allowed.values()):
        found.append("S3")
    return found
