"""Service Connect: ports that others reach, what the proxy takes of the task, and who lets clients in."""

from collections.abc import Iterator

from chuoigen.aws import limits
from chuoigen.diagnostics import Severity
from chuoigen.lint.rule import Finding, Rule, Subject
from chuoigen.messages import Key, Texts
from chuoigen.plan.connect import named_ports
from chuoigen.plan.network import SERVICE, group_key
from chuoigen.resources.network import IngressRule, SecurityGroup
from chuoigen.spec.connect import Endpoint
from chuoigen.yaml.document import KeyPath

_say = Texts(__name__)


def _endpoints(subject: Subject) -> Iterator[tuple[KeyPath, str, Endpoint]]:
    connect = subject.spec.service_connect
    for name, endpoint in (connect.services if connect is not None else {}).items():
        yield ("service_connect", "services", name), name, endpoint


def _without_network(subject: Subject) -> Iterator[Finding]:
    if subject.spec.service_connect is not None and subject.spec.network is None:
        yield Finding(("service_connect",), _say("connect-without-network"), on_key=True)


def _unknown_port(subject: Subject) -> Iterator[Finding]:
    known = tuple(named_ports(subject.spec))
    for path, name, _ in _endpoints(subject):
        if name not in known:
            variant = "names" if known else "none"
            yield Finding(path, _say(f"unknown-port-name.{variant}", name=name, known=known), on_key=True)


def _request_timeout(subject: Subject) -> Iterator[Finding]:
    ports = named_ports(subject.spec)
    for path, name, endpoint in _endpoints(subject):
        if endpoint.request_timeout is not None and name in ports and ports[name][1] is None:
            yield Finding((*path, "request_timeout"), _say("request-timeout-of-tcp", name=name))


def _room(subject: Subject) -> Iterator[Finding]:
    if subject.spec.service_connect is None:
        return
    for key, wanted in (("cpu", limits.PROXY_CPU), ("memory", limits.PROXY_MEMORY_MIB)):
        written = [getattr(each, key) or 0 for each in subject.spec.containers.values()]
        has, taken = getattr(subject.spec.task, key), sum(written)
        # What no container claims is shared; a proxy that gets all of it leaves nothing for the others.
        left = has - taken if all(written) else has - max(taken, 1)
        if left < wanted or (key == "cpu" and has <= wanted):
            words = _say(f"proxy-without-room.{key}", has=has, taken=taken, wanted=wanted)
            yield Finding(("task", key), words)


def _twice(subject: Subject) -> Iterator[Finding]:
    ports, seen = named_ports(subject.spec), dict[tuple[str, int], KeyPath]()
    for path, name, endpoint in _endpoints(subject):
        asked = (endpoint.alias or endpoint.name or name, endpoint.port or ports.get(name, (0, None))[0])
        if asked in seen:
            related = ((seen[asked], _say("endpoint-twice.note")),)
            yield Finding(path, _say("endpoint-twice", host=asked[0], port=asked[1]), on_key=True, related=related)
        seen.setdefault(asked, path)


def _unreachable(subject: Subject) -> Iterator[Finding]:
    group = subject.plan.resources.get(group_key(SERVICE))
    if not isinstance(group, SecurityGroup) or group.existing:
        return
    ports = named_ports(subject.spec)
    admitted = {rule.port for rule in subject.plan.every(IngressRule) if rule.group.key == group.key}
    for path, name, endpoint in _endpoints(subject):
        number = endpoint.ingress_port or ports.get(name, (0, None))[0]
        if number and number not in admitted:
            words = _say("unreachable-endpoint", name=name, port=number, allow=Key(("network", "allow")))
            yield Finding(path, words, on_key=True)


RULES: tuple[Rule, ...] = (
    Rule("CG530", "connect-without-network", Severity.ERROR, _without_network),
    Rule("CG531", "unknown-port-name", Severity.ERROR, _unknown_port),
    Rule("CG532", "request-timeout-of-tcp", Severity.ERROR, _request_timeout),
    Rule("CG533", "proxy-without-room", Severity.WARNING, _room),
    Rule("CG534", "unreachable-endpoint", Severity.WARNING, _unreachable),
    Rule("CG535", "endpoint-twice", Severity.ERROR, _twice),
)
