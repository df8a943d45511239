"""Turns the plan into network/reachability.md: who can reach whom on which port, on purpose and by the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chuoigen import templating
from chuoigen.tree import Artifact

if TYPE_CHECKING:
    from chuoigen.plan.model import Plan
    from chuoigen.plan.surroundings import GroupPlan, Reach

PATH = "network/reachability.md"

_NAMES = {"alb": "load balancer", "task": "task"}


def render(plan: Plan) -> tuple[Artifact, ...]:
    """Return the page; a plan without groups in which nobody can reach anybody has none."""
    if not plan.reach and not plan.groups:
        return ()
    values = {
        "plan": plan,
        "source": plan.spec_file.replace("--", "- -"),
        "targets": [_name(target) for target in _targets(plan)],
        "matrix": matrix(plan),
        "intended": [_way(way) for way in plan.reach if way.intended],
        "incidental": [_way(way) for way in plan.reach if not way.intended],
        "groups": [_group(group) for group in plan.groups],
        "subjects": _subjects(plan),
    }
    return (Artifact(PATH, templating.render("pages/reachability.md.j2", **values)),)


def matrix(plan: Plan) -> list[dict[str, Any]]:
    """Return a row for each source, with the ports of each target; the plan's order of ways stays."""
    sources = dict.fromkeys(way.source for way in plan.reach)
    return [
        {"source": _name(source), "cells": [_cell(plan, source, target) for target in _targets(plan)]}
        for source in sorted(sources, key=lambda source: _rank(plan, source))
    ]


def _cell(plan: Plan, source: str, target: str) -> list[dict[str, Any]]:
    ways = [way for way in plan.reach if (way.source, way.target) == (source, target)]
    ports: dict[str, bool] = {}
    for way in ways:
        ports[_port(way)] = ports.get(_port(way), False) or way.intended
    return [{"port": port, "intended": intended} for port, intended in ports.items()]


def _port(way: Reach) -> str:
    return str(way.port) if way.protocol == "tcp" else f"{way.port}/{way.protocol}"


def _targets(plan: Plan) -> list[str]:
    return sorted(dict.fromkeys(way.target for way in plan.reach), key=lambda target: _rank(plan, target))


def _rank(plan: Plan, party: str) -> tuple[int, int]:
    """Order from the outside to the inside: who comes from elsewhere, the balancer, the task, the backends."""
    containers, backends = list(plan.containers), list(plan.backends)
    if party in containers:
        return 2, containers.index(party)
    if party in backends:
        return 4, backends.index(party)
    return {"alb": 1, "another task of the service": 3, "every container": 3}.get(party, 0), 0


def _name(party: str) -> str:
    return _NAMES.get(party, party)


def _way(way: Reach) -> dict[str, str]:
    return {
        "source": _name(way.source),
        "target": _name(way.target),
        "port": f"{way.port}/{way.protocol}",
        "via": way.via,
        "why": way.why,
    }


def _group(group: GroupPlan) -> dict[str, Any]:
    return {
        "name": group.name,
        "made": group.id is None,
        "key": group.key,
        "description": group.description,
        "members": [_name(member) for member in group.members],
        "rules": [
            {"source": rule.source, "port": f"{rule.port}/{rule.protocol}", "why": rule.why} for rule in group.rules
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
    if plan.task.role is not None and any("s3:PutObject" in each.actions for each in plan.task.role.statements):
        found.append("S3")
    return found
