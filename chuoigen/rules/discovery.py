"""The DNS name of the tasks: what Cloud Map refuses, and a name that leads nowhere."""

from collections.abc import Iterator

from chuoigen.aws import arn
from chuoigen.diagnostics import Severity
from chuoigen.lint.rule import Finding, Rule, Subject
from chuoigen.messages import Texts
from chuoigen.plan.network import SERVICE, group_key
from chuoigen.resources.network import SecurityGroup

_say = Texts(__name__)

_SLOW_S = 60
_FROM_OUTSIDE = ("other-task", "group", "addresses", "prefix-list", "internet")


def _without_network(subject: Subject) -> Iterator[Finding]:
    if subject.spec.discovery is not None and subject.spec.network is None:
        yield Finding(("discovery",), _say("discovery-without-network"), on_key=True)


def _port(subject: Subject) -> Iterator[Finding]:
    written, containers = subject.spec.discovery, subject.spec.containers
    if written is None:
        return
    if written.record == "a":
        for key in ("container", "port"):
            if getattr(written, key) is not None:
                yield Finding(("discovery", key), _say("discovery-port.address"))
    elif written.container is None:
        yield Finding(("discovery", "record"), _say("discovery-port.no-container", known=tuple(containers)))
    elif written.container not in containers:
        words = _say("discovery-port.unknown", container=written.container, known=tuple(containers))
        yield Finding(("discovery", "container"), words)
    else:
        ports = tuple(dict.fromkeys(port.container for port in containers[written.container].ports))
        if not ports:
            yield Finding(("discovery", "container"), _say("discovery-port.no-port", container=written.container))
        elif written.port is not None and written.port not in ports:
            words = _say("discovery-port.undeclared", container=written.container, port=written.port, declared=ports)
            yield Finding(("discovery", "port"), words)


def _namespace(subject: Subject) -> Iterator[Finding]:
    written = subject.spec.discovery
    if written is None:
        return
    given = arn.cloud_map_id(written.namespace, "namespace") is not None
    existing = arn.cloud_map_id(written.service or "", "service") is not None
    if existing and not given:
        yield Finding(("discovery", "namespace"), _say("discovery-existing.namespace", namespace=written.namespace))
    if written.domain is not None and not given:
        yield Finding(("discovery", "domain"), _say("discovery-existing.domain", namespace=written.namespace))
    if existing and "ttl" in written.model_fields_set:
        yield Finding(("discovery", "ttl"), _say("discovery-existing.ttl"))


def _unreachable(subject: Subject) -> Iterator[Finding]:
    group = subject.plan.resources.get(group_key(SERVICE))
    if subject.spec.discovery is None or not isinstance(group, SecurityGroup) or group.existing:
        return
    reached = (
        flow
        for flow in subject.plan.flows.values()
        if flow.intended and flow.target.kind == "container" and flow.source.kind in _FROM_OUTSIDE
    )
    if next(reached, None) is None:
        built = (name for name, container in subject.spec.containers.items() if container.build is not None)
        notes = ((("containers", name, "build"), _say("unreachable-name.note")) for name in built)
        yield Finding(("discovery",), _say("unreachable-name"), on_key=True, related=tuple(notes))


def _slow(subject: Subject) -> Iterator[Finding]:
    written = subject.spec.discovery
    if written is not None and written.ttl > _SLOW_S:
        yield Finding(("discovery", "ttl"), _say("slow-discovery", ttl=written.ttl))


RULES: tuple[Rule, ...] = (
    Rule("CG520", "discovery-without-network", Severity.ERROR, _without_network),
    Rule("CG521", "discovery-port", Severity.ERROR, _port),
    Rule("CG522", "discovery-existing", Severity.ERROR, _namespace),
    Rule("CG523", "unreachable-name", Severity.WARNING, _unreachable),
    Rule("CG524", "slow-discovery", Severity.WARNING, _slow),
)
