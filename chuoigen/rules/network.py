"""Which flows are allowed, between which ends and on which ports; where tasks run, and which groups they join."""

import difflib
import re
from collections.abc import Iterator

from chuoigen.aws import limits, names
from chuoigen.diagnostics import Severity
from chuoigen.fix import Fix, Remove
from chuoigen.lint.each import backends, each
from chuoigen.lint.rule import Finding, Rule, Subject
from chuoigen.messages import Key, Message, Texts
from chuoigen.plan.network import ALB, INTERNET, TASK
from chuoigen.record import Record
from chuoigen.resources.network import SourceKind, account_and_group, source_kind
from chuoigen.spec.network import Backend
from chuoigen.yaml.document import KeyPath

_say = Texts(__name__)

_EVERYWHERE = (INTERNET, "0.0.0.0/0", "::/0")
_LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?"
_HOST = rf"{_LABEL}(?:\.{_LABEL})*\.?|[0-9A-Fa-f]*+:[0-9A-Fa-f:.]+"
_LISTENERS = (80, 443)
_RESERVED = {"container": (INTERNET, ALB, TASK), "backend": (INTERNET, ALB, TASK, "service")}


class _Flow(Record):
    """One entry of `network.allow`, with what its ends are: a kind, or "unknown"."""

    path: KeyPath
    source: str
    source_kind: str
    target: str
    target_kind: str
    ports: tuple[int, ...]


def _flows(subject: Subject) -> Iterator[tuple[_Flow]]:
    for index, allow in enumerate(subject.spec.network.allow if subject.spec.network else ()):
        source, target = _source_kind(subject, allow.source), _target_kind(subject, allow.target)
        path = ("network", "allow", index)
        yield (_Flow(path, allow.source, source, allow.target, target, tuple(allow.ports or ())),)


def _is_range(source: str) -> bool:
    """Say whether a source is meant as a block of addresses: it has a slash, or is an address."""
    return "/" in source or bool(re.fullmatch(r"\d+(?:\.\d+){3}|[0-9A-Fa-f]*:[0-9A-Fa-f:]+", source))


def _source_kind(subject: Subject, source: str) -> str:
    if source in subject.spec.containers:
        return "container"
    if source in (INTERNET, ALB):
        return source
    kind = source_kind(source)
    if kind is not SourceKind.ADDRESSES:
        return str(kind.value)
    return "range" if _is_range(source) else "unknown"


def _target_kind(subject: Subject, target: str) -> str:
    if target in subject.spec.backends:
        return "backend"
    if target in subject.spec.containers:
        return "container"
    return ALB if target == ALB else "unknown"


def _unknown(subject: Subject) -> Iterator[Finding]:
    containers, known_backends = tuple(subject.spec.containers), tuple(subject.spec.backends)
    for (flow,) in _flows(subject):
        if flow.source_kind == "unknown":
            variant = "backend" if flow.source in known_backends else "source"
            known = (INTERNET, ALB, *containers)
            near = difflib.get_close_matches(flow.source, known, 1)
            choice = near[0] if near else _say("one-of-sources", known=known)
            yield Finding((*flow.path, "from"), _say(f"unknown-endpoint.{variant}", name=flow.source, choice=choice))
        if flow.target_kind == "unknown":
            known = (ALB, *containers, *known_backends)
            targets = tuple(difflib.get_close_matches(flow.target, known, 1)) or known
            yield Finding((*flow.path, "to"), _say("unknown-endpoint.target", name=flow.target, choice=targets))


@each(_flows)
def _range_format(flow: _Flow) -> Iterator[Finding]:
    violation = _range_violation(flow.source) if flow.source_kind == "range" else None
    if violation:
        yield Finding((*flow.path, "from"), violation)


def _range_violation(block: str) -> Message | None:
    import ipaddress

    if "/" not in block:
        return _say("address-range-format.address", block=block, bits=128 if ":" in block else 32)
    try:
        loose = ipaddress.ip_network(block, strict=False)
    except ValueError:
        return _say("address-range-format", block=block)
    if not re.fullmatch(r"[^/]+/\d{1,3}", block):
        return _say("address-range-format.mask", block=block, meant=str(loose))
    if str(loose.network_address) != str(ipaddress.ip_address(block.partition("/")[0])):
        first = str(loose.network_address)
        return _say("address-range-format.host-bits", block=block, first=first, meant=str(loose))
    return None


@each(_flows)
def _unsupported(flow: _Flow) -> Iterator[Finding]:
    source, target = flow.source_kind, flow.target_kind
    if "unknown" in (source, target) or (source == "range" and _range_violation(flow.source)):
        return
    if target == "backend" and source != "container":
        message = _say("unsupported-flow.to-backend", source=flow.source, backend=flow.target)
        yield Finding((*flow.path, "from"), message)
    elif target == ALB and source in ("container", ALB):
        yield Finding((*flow.path, "from"), _say("unsupported-flow.to-balancer", source=flow.source))
    elif target == ALB and source == "range" and ":" in flow.source:
        yield Finding((*flow.path, "from"), _say("unsupported-flow.ipv6", source=flow.source))


def _undeclared_port(subject: Subject) -> Iterator[Finding]:
    balancer = subject.spec.load_balancer
    for (flow,) in _flows(subject):
        if flow.target_kind == "container":
            ports = {port.container for port in subject.spec.containers[flow.target].ports if port.protocol == "tcp"}
            if not ports and not (flow.source == ALB and balancer and balancer.target == flow.target):
                yield Finding((*flow.path, "to"), _say("undeclared-port.none", target=flow.target))
                continue
        elif flow.target_kind == "backend":
            ports = {subject.spec.backends[flow.target].port}
        else:
            continue
        for index, port in enumerate(flow.ports):
            if ports and port not in ports:
                declared = tuple(sorted(ports))
                message = _say("undeclared-port", target=flow.target, port=port, declared=declared)
                yield Finding((*flow.path, "ports", index), message)


@each(_flows)
def _open(flow: _Flow) -> Iterator[Finding]:
    if flow.source in _EVERYWHERE and flow.target_kind == "container":
        yield Finding((*flow.path, "from"), _say("open-to-world", container=flow.target))


def _no_balancer(subject: Subject) -> Iterator[Finding]:
    if subject.spec.load_balancer is not None or ALB in subject.spec.containers or ALB in subject.spec.backends:
        return
    places = [
        (*flow.path, key)
        for (flow,) in _flows(subject)
        for key, end in (("from", flow.source), ("to", flow.target))
        if end == ALB
    ]
    if places:
        related = tuple((path, _say("allow-without-balancer.note")) for path in places[1:])
        yield Finding(places[0], _say("allow-without-balancer"), related=related)


def _unserved(subject: Subject) -> Iterator[Finding]:
    served = {*_LISTENERS, *(listener.port for listener in subject.plan.listeners)}
    for (flow,) in _flows(subject):
        if subject.spec.load_balancer is not None and flow.target_kind == ALB:
            for index, port in enumerate(flow.ports):
                if port not in served:
                    yield Finding((*flow.path, "ports", index), _say("unserved-port", port=port))


def _reserved(subject: Subject) -> Iterator[Finding]:
    containers = subject.spec.containers
    for kind, reserved in _RESERVED.items():
        for name in getattr(subject.spec, f"{kind}s"):
            if name in reserved:
                yield Finding((f"{kind}s", name), _say(f"reserved-name.{kind}", name=name), on_key=True)
    for name in subject.spec.backends:
        if name in containers:
            related = ((("containers", name), _say("reserved-name.note")),)
            yield Finding(("backends", name), _say("reserved-name.both", name=name), on_key=True, related=related)


@each(backends)
def _backend_address(name: str, backend: Backend) -> Iterator[Finding]:
    if not re.fullmatch(_HOST, backend.host):
        yield Finding(("backends", name, "host"), _say("backend-address.host", backend=name, host=backend.host))
    if not limits.PORT.admits(backend.port):
        message = _say("backend-address.port", backend=name, port=backend.port, allowed=limits.PORT.range)
        yield Finding(("backends", name, "port"), message)


def _unreachable(subject: Subject) -> Iterator[Finding]:
    flows = [flow for (flow,) in _flows(subject)]
    if subject.spec.network is None or any(flow.target_kind == "unknown" for flow in flows):
        return  # a misspelt target may be meant
    reached = {flow.target for flow in flows}
    for name, backend in subject.spec.backends.items():
        if backend.security_group is not None and name not in reached:
            yield Finding(("backends", name, "security_group"), _say("unreachable-backend", backend=name))


def _ids(subject: Subject) -> Iterator[tuple[KeyPath, names.Kind, str]]:
    """Yield every id of the network: its path, its kind, what was written."""
    network = subject.spec.network
    if network is not None:
        yield ("network", "vpc"), names.Kind.VPC, network.vpc
        for kind in ("private", "public"):
            for index, subnet in enumerate(getattr(network.subnets, kind)):
                yield ("network", "subnets", kind, index), names.Kind.SUBNET, subnet
        for role in ("service", "alb"):
            group = getattr(network.security_groups, role, None)
            if group is not None and group.startswith("sg-"):
                yield ("network", "security_groups", role), names.Kind.SECURITY_GROUP_ID, group
        for index, group in enumerate(network.security_groups.also if network.security_groups else ()):
            yield ("network", "security_groups", "also", index), names.Kind.SECURITY_GROUP_ID, group
        yield from _source_ids(subject)
    for name, backend in subject.spec.backends.items():
        if backend.security_group is not None and backend.security_group.startswith("sg-"):
            yield ("backends", name, "security_group"), names.Kind.SECURITY_GROUP_ID, backend.security_group


def _source_ids(subject: Subject) -> Iterator[tuple[KeyPath, names.Kind, str]]:
    for (flow,) in _flows(subject):
        path = (*flow.path, "from")
        if flow.source_kind == SourceKind.PREFIX_LIST.value:
            yield path, names.Kind.PREFIX_LIST, flow.source
        elif flow.source_kind == SourceKind.GROUP.value:
            account, group = account_and_group(flow.source)
            yield path, names.Kind.SECURITY_GROUP_ID, group
            if account is not None:
                yield path, names.Kind.ACCOUNT_ID, account


@each(_ids)
def _id_format(path: KeyPath, kind: names.Kind, written: str) -> Iterator[Finding]:
    violation = names.violation(kind, written)
    if violation:
        yield Finding(path, _say(f"network-id-format.{kind}", id=written, violation=violation))


def _duplicate(subject: Subject) -> Iterator[Finding]:
    seen: dict[str, KeyPath] = {}
    for path, kind, written in _ids(subject):
        first = seen.setdefault(written, path) if kind is names.Kind.SUBNET else path
        if first != path:
            variant = "one-list" if path[2] == first[2] else "two-lists"
            related = ((first, _say("duplicate-subnet.note")),)
            fixes = (Fix((Remove(path),)),) if path[2] == first[2] else ()
            yield Finding(path, _say(f"duplicate-subnet.{variant}", subnet=written), related=related, fixes=fixes)


def _too_many(subject: Subject) -> Iterator[Finding]:
    network, most = subject.spec.network, limits.SUBNETS_MAX
    for kind in ("private", "public") if network else ():
        path, count = ("network", "subnets", kind), len(getattr(network.subnets, kind)) if network else 0
        if count > most:
            yield Finding(path, _say("too-many-subnets", count=count, kind=Key(path), max=most), on_key=True)


def _too_many_groups(subject: Subject) -> Iterator[Finding]:
    most = limits.GROUPS_PER_INTERFACE_MAX
    for owner, member in (("task", TASK), ("balancer", ALB)):
        count = len({group.name for group in subject.plan.groups if member in group.members})
        if count > most:
            message = _say(f"too-many-groups.{owner}", count=count, max=most)
            yield Finding(("network", "allow"), message, on_key=True)


def _no_public(subject: Subject) -> Iterator[Finding]:
    network, service = subject.spec.network, subject.spec.service
    if network is not None and service is not None and service.assign_public_ip and not network.subnets.public:
        related = ((("network", "subnets"), _say("public-ip-in-private-subnets.note")),)
        yield Finding(("service", "assign_public_ip"), _say("public-ip-in-private-subnets"), related=related)


def _no_way_out(subject: Subject) -> Iterator[Finding]:
    network, service = subject.spec.network, subject.spec.service
    if network is None or network.subnets.private or (service is not None and service.assign_public_ip):
        return
    if network.subnets.public:
        yield Finding(("network", "subnets", "public"), _say("no-way-out.public"), on_key=True)
    else:
        yield Finding(("network", "subnets"), _say("no-way-out.no-subnets"), on_key=True)


RULES: tuple[Rule, ...] = (
    Rule("CG701", "unknown-endpoint", Severity.ERROR, _unknown),
    Rule("CG702", "address-range-format", Severity.ERROR, _range_format),
    Rule("CG703", "unsupported-flow", Severity.ERROR, _unsupported),
    Rule("CG704", "undeclared-port", Severity.ERROR, _undeclared_port),
    Rule("CG705", "open-to-world", Severity.WARNING, _open),
    Rule("CG706", "allow-without-balancer", Severity.ERROR, _no_balancer),
    Rule("CG707", "unserved-port", Severity.WARNING, _unserved),
    Rule("CG708", "reserved-name", Severity.ERROR, _reserved, generated=True),
    Rule("CG709", "backend-address", Severity.ERROR, _backend_address),
    Rule("CG710", "unreachable-backend", Severity.WARNING, _unreachable),
    Rule("CG711", "network-id-format", Severity.ERROR, _id_format),
    Rule("CG712", "duplicate-subnet", Severity.ERROR, _duplicate),
    Rule("CG713", "too-many-subnets", Severity.ERROR, _too_many),
    Rule("CG714", "too-many-groups", Severity.ERROR, _too_many_groups),
    Rule("CG715", "public-ip-in-private-subnets", Severity.ERROR, _no_public),
    Rule("CG716", "no-way-out", Severity.ERROR, _no_way_out),
)
