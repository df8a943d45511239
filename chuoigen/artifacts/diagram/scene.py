"""Turns the plan into what the diagram shows: nodes with rows of text, and links between rows; no places yet."""

from collections.abc import Iterator

from chuoigen.artifacts.diagram.shapes import Run
from chuoigen.plan.connections import BackendPlan
from chuoigen.plan.flows import Party
from chuoigen.plan.model import Plan
from chuoigen.record import Record
from chuoigen.resources.listeners import Listener
from chuoigen.resources.network import LoadBalancer, SecurityGroup, TargetGroup

_SUBNETS = 3
_OUTSIDE = {"internet": "Internet", "addresses": "Addresses", "group": "Security group", "prefix-list": "Prefix list"}
"""Who comes from outside the service, and the title of its box."""


class Row(Record):
    """A line at a node's side where wires end; without runs it is only a place."""

    id: str
    runs: tuple[Run, ...]


class Node(Record):
    """A box to be: `badge` stands at the right of its title, `chips` are the letters of its security groups."""

    key: str
    kind: str
    title: str
    icon: str
    badge: str = ""
    chips: tuple[str, ...] = ()
    facts: tuple[tuple[Run, ...], ...] = ()
    left: tuple[Row, ...] = ()
    right: tuple[Row, ...] = ()
    described: str = ""


class Link(Record):
    """A wire to be, from a row of one node to a row of another (an empty row is the middle of the side)."""

    kind: str
    source: str
    source_row: str
    target: str
    target_row: str


class Band(Record):
    """A security group: its letter, what it is called, what it admits, the keys of the nodes that are in it."""

    letter: str
    name: str
    admits: str
    members: tuple[str, ...]


def letters(plan: Plan) -> dict[str, str]:
    """Give each group, by its key, the letter that stands for it on the boxes."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return {
        group.role: alphabet[index] if index < len(alphabet) else str(index) for index, group in enumerate(plan.groups)
    }


def chips(plan: Plan, member: str) -> tuple[str, ...]:
    """Return the letters of the groups that a member (task, alb, a backend) is in."""
    known = letters(plan)
    return tuple(known[group.role] for group in plan.groups if member in group.members)


def bands(plan: Plan) -> tuple[Band, ...]:
    """Return the security groups, in the plan's order."""
    known = letters(plan)
    return tuple(
        Band(known[group.role], group.name, admits(plan, group), tuple(map(member_key, group.members)))
        for group in plan.groups
    )


def member_key(member: str) -> str:
    return {"task": "task", "alb": "balancer"}.get(member, f"backend:{member}")


def admits(plan: Plan, group: SecurityGroup) -> str:
    """Say in one line whom a group lets in."""
    ports: dict[str, list[str]] = {}
    for rule in plan.rules(group):
        source = rule.source if isinstance(rule.source, str) else "its own members"
        ports.setdefault(source, []).append(f"{rule.port}/{rule.protocol}")
    said = "; ".join(f"{source} on {', '.join(numbers)}" for source, numbers in ports.items())
    return f"admits {said}" if said else "admits nobody"


def balancer(plan: Plan, made: LoadBalancer, first: TargetGroup) -> Node:
    """Return the load balancer, its listeners at the left, its targets at the right."""
    listeners = tuple(
        Row(
            f"port:{listener.port}",
            (Run(str(listener.port), "mono", "value"), Run(f" {_listens(listener)}")),
        )
        for listener in plan.listeners
    )
    facts = (
        (Run(made.name, "mono"),),
        (Run("internal" if made.scheme == "internal" else "internet-facing", css="muted"),),
        (Run("checks ", css="muted"), Run(first.health_check_path, "mono")),
        *((Run(subnet, "mono", "muted"),) for subnet in some(made.subnets)),
    )
    targets = tuple(
        Row(target_row(group), (Run("to "), Run(f"{group.container}:{group.port}", "mono", "value")))
        for group in plan.target_groups
    )
    named = ", ".join(group.name for group in plan.target_groups)
    described = f"Application Load Balancer {made.name} with target group {named}"
    marks = chips(plan, "alb")
    return Node("balancer", "balancer", "Load balancer", "balancer", "", marks, facts, listeners, targets, described)


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
    return Node(f"backend:{made.name}", "backend", made.name, "database", "", chips(plan, made.name), tuple(facts))


def admitting(plan: Plan) -> Iterator[str]:
    """Give the names of the backends that a security group admits tasks to: those are in the VPC."""
    yield from (name for name in plan.backends if any(name in group.members for group in plan.groups))
