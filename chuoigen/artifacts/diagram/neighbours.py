"""Turns what is around the task into nodes, and what comes from outside into links."""

from collections.abc import Iterator

from chuoigen.artifacts.diagram.picture import Link, Node, Row
from chuoigen.artifacts.diagram.shapes import Run
from chuoigen.plan.connections import BackendPlan
from chuoigen.plan.flows import Party
from chuoigen.plan.model import Plan
from chuoigen.resources.listeners import Listener
from chuoigen.resources.network import TargetGroup

_SUBNETS = 3
_OUTSIDE = {"internet": "Internet", "addresses": "Addresses", "group": "Security group", "prefix-list": "Prefix list"}
"""Who comes from outside the service, and the title of its box."""


def balancer(plan: Plan) -> Iterator[Node]:
    """Give the load balancer, where there is one: its listeners at the left, its targets at the right."""
    made, first = plan.load_balancer, plan.target_group
    if made is None or first is None:
        return
    listeners = tuple(
        Row(
            f"port:{listener.port}",
            (Run(str(listener.port), "mono", "value"), Run(f" {_listens(listener)}")),
        )
        for listener in plan.listeners
    )
    facts = (
        (Run(made.name, "mono"),),
        (Run(made.scheme or "there already", css="muted"),),
        (Run("checks ", css="muted"), Run(first.health_check_path, "mono")),
        *((Run(subnet, "mono", "muted"),) for subnet in some(made.subnets)),
    )
    targets = tuple(
        Row(target_row(group), (Run("to "), Run(f"{group.container}:{group.port}", "mono", "value")))
        for group in plan.target_groups
    )
    named = ", ".join(group.name for group in plan.target_groups)
    described = f"Application Load Balancer {made.name} with target group {named}"
    yield Node("balancer", "balancer", "Load balancer", "balancer", "", (), facts, listeners, targets, described)


def target_row(group: TargetGroup) -> str:
    """Return the key of a target's row."""
    return group.key.replace("target-group", "target", 1)


def some(subnets: tuple[str, ...]) -> tuple[str, ...]:
    """Return three subnets at most, the last of them a count when there are more."""
    return subnets if len(subnets) <= _SUBNETS else (*subnets[:2], f"and {len(subnets) - 2} more")


def _listens(listener: Listener) -> str:
    return "to HTTPS" if listener.secures else listener.protocol


def sources(plan: Plan) -> tuple[tuple[Node, Link], ...]:
    """Return who comes from outside the service, each with its link; the same node may come with several."""
    found = []
    listening = {listener.port for listener in plan.listeners}
    for flow in plan.flows.values():
        if not flow.intended or flow.source.kind not in _OUTSIDE:
            continue
        if flow.target.kind == "balancer" and flow.port in listening:
            node = _source(flow.source, "")
            found.append((node, Link("traffic", node.key, "", "balancer", f"port:{flow.port}")))
        elif flow.target.kind == "container":
            node = _source(flow.source, ":task")
            row = f"port:{flow.port}/{flow.protocol}"
            found.append((node, Link("traffic", node.key, "", f"container:{flow.target.name}", row)))
    return tuple(dict.fromkeys(found))


def _source(party: Party, suffix: str) -> Node:
    key = f"source:{party.name or party.kind}{suffix}"
    facts = ((Run(party.name, "mono"),),) if party.name else ()
    return Node(key, "source", _OUTSIDE[party.kind], "globe", facts=facts)


def backend(plan: Plan, made: BackendPlan) -> Node:
    """Return a backend: its address, and how many connections it admits."""
    facts = [(Run(f"{made.host}:{made.port}", "mono"),)]
    if made.max_connections is not None:
        facts.append((Run(f"admits {made.max_connections} connections", css="muted"),))
    # A backend that a security group admits tasks to is in the VPC.
    inside = any(made.name in group.members for group in plan.groups)
    return Node(f"backend:{made.name}", "backend", made.name, "database", facts=tuple(facts), inside=inside)
