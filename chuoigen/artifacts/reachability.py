"""Turns the plan into network/reachability.md: who can reach whom on which port, on purpose and by the way."""

from typing import Any

from chuoigen import templating
from chuoigen.aws import arn, limits
from chuoigen.aws.registries import registry_of
from chuoigen.messages import ENGLISH
from chuoigen.plan.flows import Flow, Party
from chuoigen.plan.jobs import JobPlan
from chuoigen.plan.model import Plan
from chuoigen.resources import Ref, unique
from chuoigen.resources.network import SecurityGroup
from chuoigen.tree import Artifact

PATH = "network/reachability.md"

_SINGLE = {
    "internet": "internet",
    "balancer": "load balancer",
    "other-task": "another task of the service",
    "every-container": "every container",
}
"""Parties of which there is one."""
_MEMBERS = {"alb": "load balancer", "task": "task"}
_RANKS = {"balancer": 1, "container": 2, "job": 3, "other-task": 4, "every-container": 4, "backend": 5}
"""From the outside to the inside; whoever comes from elsewhere is first."""


def render(plan: Plan) -> tuple[Artifact, ...]:
    """Return the page; a plan without groups in which nobody can reach anybody has none."""
    if not plan.flows and not plan.groups:
        return ()
    flows = plan.open_flows
    values = {
        "plan": plan,
        "source": plan.spec_file,
        "targets": [_name(target) for target in _targets(plan)],
        "matrix": matrix(plan),
        "intended": [_flow(flow) for flow in flows if flow.intended],
        "incidental": [_flow(flow) for flow in flows if not flow.intended],
        "jobs": [_job(plan, job) for job in plan.jobs.values() if job.run is not None],
        "groups": [_group(plan, group) for group in plan.groups],
        "record": plan.discovery.dns_config.dns_records[0] if plan.discovery is not None else None,
        "subjects": _subjects(plan),
        **_connect(plan),
        "endpoints_needed": _endpoints(plan),
        "outside": _outside_registries(plan),
        "file_systems": unique(volume.efs.file_system_id for volume in plan.volumes.values() if volume.efs),
        "efs_port": limits.EFS_PORT,
    }
    return (Artifact(PATH, templating.render("pages/reachability.md.j2", **values)),)


def matrix(plan: Plan) -> list[dict[str, Any]]:
    """Return a row for each source, with the ports of each target; the plan's order of flows stays."""
    sources = dict.fromkeys(flow.source for flow in plan.open_flows)
    return [
        {"source": _name(source), "cells": [_cell(plan, source, target) for target in _targets(plan)]}
        for source in sorted(sources, key=lambda source: _rank(plan, source))
    ]


def _cell(plan: Plan, source: Party, target: Party) -> list[dict[str, Any]]:
    flows = [flow for flow in plan.open_flows if (flow.source, flow.target) == (source, target)]
    ports: dict[str, bool] = {}
    for flow in flows:
        ports[_port(flow)] = ports.get(_port(flow), False) or flow.intended
    return [{"port": port, "intended": intended} for port, intended in ports.items()]


def _port(flow: Flow) -> str:
    return str(flow.port) if flow.protocol == "tcp" else f"{flow.port}/{flow.protocol}"


def _targets(plan: Plan) -> list[Party]:
    return sorted(dict.fromkeys(flow.target for flow in plan.open_flows), key=lambda target: _rank(plan, target))


def _rank(plan: Plan, party: Party) -> tuple[int, int]:
    """Order from the outside to the inside: who comes from elsewhere, the balancer, the task, the backends."""
    orders = {"container": list(plan.containers), "backend": list(plan.backends), "job": list(plan.jobs)}
    return _RANKS.get(party.kind, 0), orders.get(party.kind, [party.name]).index(party.name)


def _name(party: Party) -> str:
    return f"job {party.name}" if party.kind == "job" else _SINGLE.get(party.kind, party.name)


def _job(plan: Plan, job: JobPlan) -> dict[str, Any]:
    """Return a job's name, the containers beside the work, and the ports of these that are open to others."""
    open_ports = unique(_port(flow) for flow in plan.open_flows if flow.target == Party("job", job.name))
    return {"name": job.name, "beside": job.containers[1:], "open": open_ports}


def _flow(flow: Flow) -> dict[str, str]:
    return {
        "source": _name(flow.source),
        "target": _name(flow.target),
        "port": f"{flow.port}/{flow.protocol}",
        "via": flow.via,
        "why": ENGLISH.text(flow.why),
    }


def _group(plan: Plan, group: SecurityGroup) -> dict[str, Any]:
    return {
        "name": group.name,
        "made": group.id is None,
        "key": group.role,
        "description": ENGLISH.text(group.description),
        "members": [*(_MEMBERS.get(member, member) for member in group.members), *_jobs_in(plan, group)],
        "rules": [
            {
                "source": "self" if isinstance(rule.source, Ref) else rule.source,
                "port": f"{rule.port}/{rule.protocol}",
                "why": ENGLISH.text(rule.why),
            }
            for rule in plan.rules(group)
        ],
    }


def _jobs_in(plan: Plan, group: SecurityGroup) -> list[str]:
    """Name the jobs in a group: all, where the task is a member."""
    return [f"job {job.name}" for job in plan.jobs.values() if job.run is not None and "task" in group.members]


def _connect(plan: Plan) -> dict[str, Any]:
    """Return what other services reach by Service Connect, with the name and port that they connect to."""
    connect = plan.service.service_connect_configuration if plan.service is not None else None
    if connect is None:
        return {"endpoints": []}
    name = connect.namespace.rpartition("/")[2]
    hosts = [
        (each, each.client_aliases[0], f"{each.discovery_name or each.port_name}.{name}") for each in connect.services
    ]
    return {
        "namespace": name,
        "endpoints": [
            {"port_name": each.port_name, "host": f"{alias.dns_name or usual}:{alias.port}"}
            for each, alias, usual in hosts
        ],
    }


def _endpoints(plan: Plan) -> list[str]:
    """Name the VPC endpoints by which tasks reach what ECS does for them, where their subnets have no other way out.

    Source: Amazon ECS documentation, "Migrating to Linux platform version 1.4.0" and "Amazon ECS interface VPC
    endpoints", checked 2026-11-28.
    """
    containers = plan.containers.values()
    read = [secret.service for each in containers for secret in (*each.secrets, *each.logs.secret_options)]
    from_ecr = any(arn.parse_ecr(each.image.reference) for each in containers)
    wanted = {
        "ecr.api": from_ecr,
        "ecr.dkr": from_ecr,
        "logs": bool(plan.log_groups),
        "secretsmanager": "secretsmanager" in read or any(each.repository_credentials for each in containers),
        "ssm": "ssm" in read,
        "ssmmessages": plan.service is not None and plan.service.enable_execute_command,
        "s3": from_ecr or any(each.env_files for each in containers) or "S3" in _subjects(plan),
    }
    return [name for name, there in wanted.items() if there]


def _outside_registries(plan: Plan) -> list[str]:
    """Return the registries of images to which no endpoint leads."""
    references = (each.image.reference for each in plan.containers.values() if not each.image.hole)
    return list(unique(registry_of(each) for each in references if arn.parse_ecr(each) is None))


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
