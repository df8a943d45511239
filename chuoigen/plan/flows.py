"""Who can reach whom, on purpose and by the way.

A task has one set of groups for all its containers, so that what one of them may reach, all of them can.
"""

from collections.abc import Iterator, Mapping

from chuoigen import recipes
from chuoigen.aws.limits import CONTAINERS_MAX
from chuoigen.messages import Message, Texts
from chuoigen.plan.definitions import ContainerPlan
from chuoigen.plan.network import (
    ALB,
    ANYWHERE,
    INTERNET,
    SERVICE,
    allowed,
    given_balancer_group,
    group_key,
    peer_port,
    ports_of,
    role_of,
)
from chuoigen.plan.references import first_port
from chuoigen.provenance import by_key, decision, each
from chuoigen.record import Record
from chuoigen.resources import Ref
from chuoigen.resources.network import IngressRule, SecurityGroup, source_kind
from chuoigen.spec import Spec

_say = Texts(__name__)


class Party(Record):
    """Who takes part in a connection.

    `kind` is internet, addresses (a CIDR block), prefix-list, group (of another service), balancer, container, backend,
    other-task (of the same service), every-container or job; `name` is empty where there is only one of the kind.
    """

    kind: str
    name: str


class Flow(Record):
    """Who can reach whom on which port. `via` says through what; incidental flows have `intended` False."""

    source: Party
    target: Party
    port: int
    protocol: str
    via: str
    intended: bool
    why: Message

    @property
    def key(self) -> str:
        """Which flow this is: its ends and its port; between two containers there is one inside the task only."""
        ends = (f"{party.kind}:{party.name}" if party.name else party.kind for party in (self.source, self.target))
        return f"{' > '.join(ends)} {self.port}/{self.protocol}"


BALANCER = Party("balancer", ALB)
OTHER_TASK = Party("other-task", "")
EVERY_CONTAINER = Party("every-container", "")


@decision
def flows(
    spec: Spec,
    groups: Mapping[str, SecurityGroup],
    rules: Mapping[str, IngressRule],
    containers: Mapping[str, ContainerPlan],
) -> dict[str, Flow]:
    """Return every flow that is open: through the groups, and inside the task, whose containers share one network."""
    seen = _Open(spec, groups, rules, containers)
    from_outside_inwards = sorted(rules, key=lambda key: not key.startswith(f"{group_key(ALB)}:"))
    through = each(from_outside_inwards, lambda key: tuple(seen.through(rules[key])))
    # A task with more containers never starts, and there are as many flows as pairs of them.
    few = tuple(spec.containers) if len(spec.containers) <= CONTAINERS_MAX else ()
    inside = each(few, lambda name: tuple(seen.inside(name)))
    return by_key(flow for found in (*through, *inside) for flow in found)


class _Open:
    """The flows that the groups and the task's one network leave open."""

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
        self.listening = {
            port.number: name for name, made in containers.items() for port in made.ports if port.protocol == "tcp"
        }
        self.joins = any(ALB in group.members for group in groups.values() if group.key == group_key(SERVICE))
        self.listening |= {port: name for name in spec.containers if (port := peer_port(spec, name)) is not None}
        self.listeners = {rule.port for rule in rules.values() if rule.group.key == group_key(ALB)}

    def through(self, rule: IngressRule) -> Iterator[Flow]:
        """Give the flows that a rule opens."""
        role = role_of(rule.group.key)
        if role == ALB:
            yield self._flow(_outside(rule), BALANCER, rule, rule.why)
        elif role == SERVICE:
            yield from self._to_containers(rule)
        else:
            yield from self._to_backend(role, rule)

    def _flow(self, source: Party, target: Party, rule: IngressRule, why: Message, *, intended: bool = True) -> Flow:
        return Flow(source, target, rule.port, rule.protocol, self.groups[rule.group.key].name, intended, why)

    def _to_containers(self, rule: IngressRule) -> Iterator[Flow]:
        name = self.listening.get(rule.port)
        if name is None:
            return
        target = Party("container", name)
        if not isinstance(rule.source, Ref):
            given = rule.source == given_balancer_group(self.spec)
            yield self._flow(BALANCER if given else _outside(rule), target, rule, rule.why)
            return
        balanced, between = (self._meant(source, name, rule.port) for source in (ALB, name))
        if self.joins:
            yield self._flow(BALANCER, target, rule, rule.why if balanced else _say("members"), intended=balanced)
        yield self._flow(OTHER_TASK, target, rule, _say("tasks") if between else _say("members"), intended=between)
        if self.joins and rule.port in self.listeners:
            yield self._flow(EVERY_CONTAINER, BALANCER, rule, _say("balancer-member"), intended=False)

    def _meant(self, source: str, target: str, port: int) -> bool:
        """Say whether the spec allows a flow with this source, target and port, or a container needs it by itself."""
        return (source == target and port == peer_port(self.spec, target)) or any(
            (allow.source, allow.target) == (source, target) and port in ports_of(self.spec, allow)
            for allow in allowed(self.spec)
        )

    def _to_backend(self, role: str, rule: IngressRule) -> Iterator[Flow]:
        backend = Party("backend", role)
        for name, made in self.containers.items():
            meant = any((allow.source, allow.target) == (name, role) for allow in allowed(self.spec))
            why = _say("may", source=name, target=role) if meant else _say("one-set")
            container = Party("container", name)
            yield self._flow(container, backend, rule, why, intended=meant)
            if any(port.number == rule.port and port.protocol == rule.protocol for port in made.ports):
                yield self._flow(backend, container, rule, _say("task-member"), intended=False)

    def inside(self, source: str) -> Iterator[Flow]:
        """Give the flows from one container to the ports of the others."""
        build = self.spec.containers[source].build
        upstreams = recipes.of(build).upstreams(build).values()
        for target, other in self.containers.items():
            for port in other.ports if source != target else ():
                passed_on = target in upstreams and port.number == first_port(self.spec.containers[target])
                meant = passed_on or self._meant(source, target, port.number)
                why = _say("may", source=source, target=target) if meant else _say("one-network")
                yield Flow(
                    Party("container", source),
                    Party("container", target),
                    port.number,
                    port.protocol,
                    "127.0.0.1",
                    meant,
                    why,
                )


def _outside(rule: IngressRule) -> Party:
    """Return who comes from outside: the internet, addresses, a prefix list, or the members of another group."""
    source = rule.source if isinstance(rule.source, str) else rule.source.key
    if source == ANYWHERE:
        return Party(INTERNET, "")
    return Party(source_kind(source).value, source)
