"""Turns the plan into the picture of a service: its nodes, links and security groups."""

from collections.abc import Iterator

from chuoigen.artifacts.diagram import job_nodes, neighbours, task_nodes
from chuoigen.artifacts.diagram.picture import Band, Picture
from chuoigen.artifacts.diagram.text_fit import clean
from chuoigen.plan.model import Plan
from chuoigen.resources import unique
from chuoigen.resources.network import SecurityGroup


def pictured(plan: Plan) -> Picture:
    """Return the picture of one service."""
    count = task_nodes.task_count(plan)
    facts = (f"account {plan.account}", plan.region, count, f"from {plan.spec_file}")
    outside = neighbours.sources(plan)
    order = task_nodes.order(plan)
    volumes = task_nodes.volumes_in_order(plan, order)
    nodes = (
        task_nodes.task_node(plan),
        *(task_nodes.container(plan, plan.containers[name], volumes) for name in order),
        *(task_nodes.volume(plan.volumes[name]) for name in volumes),
        *job_nodes.jobs(plan),
        *neighbours.balancer(plan),
        *dict.fromkeys(node for node, _ in outside),
        *task_nodes.services(plan),
        *(neighbours.backend(plan, made) for made in plan.backends.values()),
    )
    made = Picture(
        plan.spec_file,
        f"{plan.prefix} on AWS Fargate",
        facts,
        _described(plan),
        plan.vpc or "",
        count not in ("", "1 task"),
        nodes,
        (*(link for _, link in outside), *task_nodes.links(plan), *job_nodes.links(plan)),
        tuple(_bands(plan)),
    )
    return made.lettered()


def _described(plan: Plan) -> str:
    """Say in words what can be seen, for those who cannot see it."""
    parts = [f"One task with the containers {', '.join(plan.containers)}"]
    if plan.volumes:
        parts.append(f"the volumes {', '.join(plan.volumes)}")
    if plan.jobs:
        parts.append(f"the jobs {', '.join(plan.jobs)}")
    if plan.backends:
        parts.append(f"the backends {', '.join(plan.backends)}")
    if plan.load_balancer is not None:
        behind = " and ".join(unique(group.container for group in plan.target_groups))
        parts.append(f"the load balancer {plan.load_balancer.name} in front of {behind}")
    return clean("; ".join(parts) + ".")


def _bands(plan: Plan) -> Iterator[Band]:
    """Give the security groups, in the plan's order."""
    for group in plan.groups:
        jobs = (f"job:{name}" for name, job in plan.jobs.items() if job.run is not None and "task" in group.members)
        members = (*map(_member_key, group.members), *jobs)
        yield Band(group.role, group.name, tuple(_admitted(plan, group)), members)


def _member_key(member: str) -> str:
    return {"task": "task", "alb": "balancer"}.get(member, f"backend:{member}")


def _admitted(plan: Plan, group: SecurityGroup) -> Iterator[str]:
    """Say whom a group lets in, and on which ports."""
    ports: dict[str, list[str]] = {}
    for rule in plan.rules(group):
        source = rule.source if isinstance(rule.source, str) else "its own members"
        ports.setdefault(source, []).append(f"{rule.port}/{rule.protocol}")
    for source, numbers in ports.items():
        yield f"{source} on {', '.join(numbers)}"
