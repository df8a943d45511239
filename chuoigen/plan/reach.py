"""Who can reach whom, on purpose and by the way.

A task has one set of groups for all its containers, so that what one of them may reach, all of them can.
"""

from collections.abc import Iterator, Mapping

from chuoigen import recipes
from chuoigen.aws.limits import CONTAINERS_MAX
from chuoigen.messages import Message, Texts
from chuoigen.plan.definitions import ContainerPlan
from chuoigen.plan.network import ALB, ANYWHERE, INTERNET, SERVICE, group_key, role_of, ways
from chuoigen.plan.surroundings import Party, Reach
from chuoigen.provenance import by_key, decision, each
from chuoigen.resources import Ref
from chuoigen.resources.network import IngressRule, SecurityGroup
from chuoigen.spec import Spec

_say = Texts(__name__)

BALANCER = Party("balancer", ALB)
OTHER_TASK = Party("other-task", "")
EVERY_CONTAINER = Party("every-container", "")


@decision
def reaches(
    spec: Spec,
    groups: Mapping[str, SecurityGroup],
    rules: Mapping[str, IngressRule],
    containers: Mapping[str, ContainerPlan],
) -> dict[str, Reach]:
    """Return every way that is open: through the groups, and inside the task, whose containers share one network."""
    seen = _Open(spec, groups, rules, containers)
    from_outside_inwards = sorted(rules, key=lambda key: not key.startswith(f"{group_key(ALB)}:"))
    through = each(from_outside_inwards, lambda key: tuple(seen.through(rules[key])))
    # A task with more containers never starts, and there are as many ways as pairs of them.
    few = tuple(spec.containers) if len(spec.containers) <= CONTAINERS_MAX else ()
    inside = each(few, lambda name: tuple(seen.inside(name)))
    return by_key(way for found in (*through, *inside) for way in found)


class _Open:
    """The ways that the groups and the task's one network leave open."""

    def __init__(
        self,
        spec: Spec,
        groups: Mapping[str, SecurityGroup],
        rules: Mapping[str, IngressRule],
        containers: Mapping[str, ContainerPlan],
    ) -> None:
        self.spec = spec
        self.groups = groups
        self.rules = rules
        self.containers = containers
        self.listening = {port.number: name for name, made in containers.items() for port in made.ports}
        self.listeners = {rule.port for rule in rules.values() if rule.group.key == group_key(ALB)}

    def through(self, rule: IngressRule) -> Iterator[Reach]:
        """Give the ways that a rule opens."""
        role = role_of(rule.group.key)
        if role == ALB:
            yield self._way(_outside(rule), BALANCER, rule, rule.why)
        elif role == SERVICE:
            yield from self._to_containers(rule)
        else:
            yield from self._to_backend(role, rule)

    def _way(self, source: Party, target: Party, rule: IngressRule, why: Message, *, intended: bool = True) -> Reach:
        return Reach(source, target, rule.port, rule.protocol, self.groups[rule.group.key].name, intended, why)

    def _to_containers(self, rule: IngressRule) -> Iterator[Reach]:
        name = self.listening.get(rule.port)
        if name is None:
            return
        target = Party("container", name)
        if not isinstance(rule.source, Ref):
            yield self._way(_outside(rule), target, rule, rule.why)
            return
        yield self._way(BALANCER, target, rule, rule.why)
        yield self._way(OTHER_TASK, target, rule, _say("members"), intended=False)
        if self.spec.load_balancer is not None and rule.port in self.listeners:
            yield self._way(EVERY_CONTAINER, BALANCER, rule, _say("balancer-member"), intended=False)

    def _to_backend(self, role: str, rule: IngressRule) -> Iterator[Reach]:
        backend = Party("backend", role)
        for name, made in self.containers.items():
            meant = any((allow.source, allow.target) == (name, role) for allow in ways(self.spec))
            why = _say("may", source=name, target=role) if meant else _say("one-set")
            container = Party("container", name)
            yield self._way(container, backend, rule, why, intended=meant)
            if any(port.number == rule.port for port in made.ports):
                yield self._way(backend, container, rule, _say("task-member"), intended=False)

    def inside(self, source: str) -> Iterator[Reach]:
        """Give the ways from one container to the ports of the others."""
        build = self.spec.containers[source].build
        upstreams = recipes.of(build).upstreams(build).values()
        for target, other in self.containers.items():
            for port in other.ports if source != target else ():
                meant = target in upstreams or any(
                    (allow.source, allow.target) == (source, target) for allow in ways(self.spec)
                )
                why = _say("may", source=source, target=target) if meant else _say("one-network")
                yield Reach(
                    Party("container", source),
                    Party("container", target),
                    port.number,
                    port.protocol,
                    "127.0.0.1",
                    meant,
                    why,
                )


def _outside(rule: IngressRule) -> Party:
    """Return who comes from outside: the internet, addresses, or the members of another group."""
    source = rule.source if isinstance(rule.source, str) else rule.source.key
    if source == ANYWHERE:
        return Party(INTERNET, "")
    return Party("addresses" if "/" in source or ":" in source else "group", source)
