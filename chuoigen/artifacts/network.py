"""Turns the network's resources into network/: security groups and load balancer, as inputs of the AWS CLI."""

from collections.abc import Iterator
from typing import Any

from chuoigen import templating
from chuoigen.messages import ENGLISH
from chuoigen.plan.model import Plan
from chuoigen.resources import Ref, Resource, Shape
from chuoigen.resources.network import LoadBalancer, SecurityGroup, TargetGroup
from chuoigen.tree import Artifact


def render(plan: Plan) -> tuple[Artifact, ...]:
    """Return the overview of the groups, the inputs that make them, and those that make the load balancer."""
    files: dict[str, Any] = {}
    if plan.groups:
        files["security-groups"] = [_overview(plan, group) for group in plan.groups]
    files |= {name: plan.request(shape) for name, shape in _inputs(plan)}
    return tuple(Artifact(f"network/{name}.json", templating.to_json(data)) for name, data in files.items())


def _inputs(plan: Plan) -> Iterator[tuple[str, Shape]]:
    """Give each request with the name of its file.

    There is one for each rule: EC2 refuses a request with a rule that stands already, all of it.
    """
    made = [group for group in plan.groups if group.id is None]
    resources: list[Resource] = [*made, *(rule for group in made for rule in plan.rules(group)), *plan.listeners]
    resources += plan.listener_rules
    named = (plan.namespace, plan.discovery, plan.connect_namespace)
    resources += [each for each in named if each is not None and not each.existing]
    own = [each for each in plan.every(LoadBalancer) if not each.existing]
    balanced: list[LoadBalancer | TargetGroup] = [*own, *plan.target_groups]
    for each in balanced:
        resources.append(each)
        yield f"{each.stem}-attributes", each.attributes()
    yield from ((each.stem, each) for each in resources)


def _overview(plan: Plan, group: SecurityGroup) -> dict[str, Any]:
    rules = [
        {
            "source": "self" if isinstance(rule.source, Ref) else rule.source,
            "protocol": rule.protocol,
            "port": rule.port,
            "why": ENGLISH.text(rule.why),
        }
        for rule in plan.rules(group)
    ]
    return {
        "key": group.role,
        "id": group.id,
        "name": group.name,
        "description": ENGLISH.text(group.description),
        "members": list(group.members),
        "rules": rules,
    }
