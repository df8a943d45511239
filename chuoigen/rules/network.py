"""Who may talk to whom: the ends of each intended way, its ports, and the backends at the end of some."""

import difflib
import re
from collections.abc import Iterator

from chuoigen.aws import limits
from chuoigen.diagnostics import Severity
from chuoigen.lint.rule import Finding, Rule, Subject
from chuoigen.messages import ENGLISH
from chuoigen.plan.network import ALB, INTERNET, TASK
from chuoigen.spec.network import Allow
from chuoigen.yaml.document import KeyPath

_EVERYWHERE = (INTERNET, "0.0.0.0/0", "::/0")
_LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?"
_HOST = rf"{_LABEL}(?:\.{_LABEL})*\.?|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]+"
_LISTENERS = (80, 443)


def _ways(subject: Subject) -> Iterator[tuple[KeyPath, Allow]]:
    for index, allow in enumerate(subject.spec.network.allow if subject.spec.network else ()):
        yield ("network", "allow", index), allow


def _is_range(source: str) -> bool:
    """Say whether a source is meant as a block of addresses: it has a slash, or is an address."""
    return "/" in source or bool(re.fullmatch(r"\d+(?:\.\d+){3}|[0-9A-Fa-f]*:[0-9A-Fa-f:]+", source))


def _source_kind(subject: Subject, source: str) -> str:
    if source in subject.spec.containers:
        return "container"
    if source in (INTERNET, ALB):
        return source
    if source.startswith("sg-"):
        return "group"
    return "range" if _is_range(source) else "unknown"


def _target_kind(subject: Subject, target: str) -> str:
    if target in subject.spec.backends:
        return "backend"
    if target in subject.spec.containers:
        return "container"
    return ALB if target == ALB else "unknown"


def _unknown(subject: Subject) -> Iterator[Finding]:
    containers, backends = tuple(subject.spec.containers), tuple(subject.spec.backends)
    for path, allow in _ways(subject):
        if _source_kind(subject, allow.source) == "unknown":
            known = (INTERNET, ALB, *containers)
            what = (
                "is a backend, and none of them calls the task"
                if allow.source in backends
                else "is nobody in this spec"
            )
            yield Finding(
                (*path, "from"),
                f'"{allow.source}" {what}',
                _choice(allow.source, known, ", a CIDR block or a group (sg-…)"),
            )
        if _target_kind(subject, allow.target) == "unknown":
            message = f'"{allow.target}" is nobody in this spec who could be reached'
            yield Finding((*path, "to"), message, _choice(allow.target, (ALB, *containers, *backends), ""))


def _choice(written: str, known: tuple[str, ...], more: str) -> str:
    near = difflib.get_close_matches(written, known, 1)
    return f"write {near[0]}" if near else f"write one of {', '.join(known)}{more}"


def _range_format(subject: Subject) -> Iterator[Finding]:
    for path, allow in _ways(subject):
        if _source_kind(subject, allow.source) == "range":
            fault = _range_fault(allow.source)
            if fault:
                yield Finding((*path, "from"), f'"{allow.source}" {fault[0]}', fault[1])


def _range_fault(block: str) -> tuple[str, str] | None:
    import ipaddress

    example = "write the first address and the number of fixed bits, such as 10.0.0.0/16"
    if "/" not in block:
        return "is one address, not a block", f"write {block}/{128 if ':' in block else 32}"
    try:
        loose = ipaddress.ip_network(block, strict=False)
    except ValueError:
        return "is not a CIDR block", example
    if not re.fullmatch(r"[^/]+/\d{1,3}", block):
        return "is a block with a mask, and EC2 takes the number of its bits", f"write {loose}"
    if str(loose.network_address) != str(ipaddress.ip_address(block.partition("/")[0])):
        return f"does not begin at its first address, {loose.network_address}", f"write {loose}"
    return None


def _unsupported(subject: Subject) -> Iterator[Finding]:
    for path, allow in _ways(subject):
        source, target = _source_kind(subject, allow.source), _target_kind(subject, allow.target)
        if "unknown" in (source, target) or (source == "range" and _range_fault(allow.source)):
            continue
        if target == "backend" and source != "container":
            message = f'"{allow.source}" cannot be let to backend "{allow.target}": only the task joins its group'
            yield Finding((*path, "from"), message, "write the container that connects to it")
        elif target == ALB and source in ("container", ALB):
            message = f'"{allow.source}" cannot be let to the load balancer: rules for it name addresses or groups'
            yield Finding((*path, "from"), message, f"write {INTERNET}, a CIDR block or a group (sg-…)")


def _undeclared_port(subject: Subject) -> Iterator[Finding]:
    balancer = subject.spec.load_balancer
    for path, allow in _ways(subject):
        kind = _target_kind(subject, allow.target)
        if kind == "container":
            ports = {port.container for port in subject.spec.containers[allow.target].ports if port.protocol == "tcp"}
            if not ports and not (allow.source == ALB and balancer and balancer.target == allow.target):
                message = f'container "{allow.target}" declares no tcp port that could be reached'
                yield Finding((*path, "to"), message, f'write ports under "{allow.target}", or delete this way')
                continue
        elif kind == "backend":
            ports = {subject.spec.backends[allow.target].port}
        else:
            continue
        for index, port in enumerate(allow.ports or ()):
            if ports and port not in ports:
                message = f'"{allow.target}" does not listen on port {port}'
                known = ", ".join(str(number) for number in sorted(ports))
                yield Finding(
                    (*path, "ports", index),
                    message,
                    f"declared is {known}; without ports, all that is declared is meant",
                )


def _open(subject: Subject) -> Iterator[Finding]:
    for path, allow in _ways(subject):
        if allow.source in _EVERYWHERE and _target_kind(subject, allow.target) == "container":
            yield Finding(
                (*path, "from"),
                f'container "{allow.target}" is open to all addresses, past the load balancer',
                "let the internet to alb and alb to the container, or name the addresses that need it",
            )


def _no_balancer(subject: Subject) -> Iterator[Finding]:
    if subject.spec.load_balancer is not None or ALB in subject.spec.containers or ALB in subject.spec.backends:
        return
    places = [
        (*path, key)
        for path, allow in _ways(subject)
        for key, end in (("from", allow.source), ("to", allow.target))
        if end == ALB
    ]
    if places:
        yield Finding(
            places[0],
            "alb stands for the load balancer, and this spec has none",
            "write load_balancer: { target: … }, or delete the way",
            related=tuple((path, "and here") for path in places[1:]),
        )


def _unserved(subject: Subject) -> Iterator[Finding]:
    for path, allow in _ways(subject):
        if subject.spec.load_balancer is None or _target_kind(subject, allow.target) != ALB:
            continue
        for index, port in enumerate(allow.ports or ()):
            if port not in _LISTENERS:
                message = f"the load balancer does not listen on port {port}"
                yield Finding((*path, "ports", index), message, "it has 80, and 443 where there is a certificate")


def _reserved(subject: Subject) -> Iterator[Finding]:
    containers, backends = subject.spec.containers, subject.spec.backends
    for section, names, kept in (
        ("containers", containers, (INTERNET, ALB, TASK)),
        ("backends", backends, (INTERNET, ALB, TASK, "service")),
    ):
        for name in names:
            if name in kept:
                message = f'"{name}" has a meaning of its own in network, and cannot name a {section[:-1]}'
                yield Finding((section, name), message, "choose another name", on_key=True)
    for name in backends:
        if name in containers:
            yield Finding(
                ("backends", name),
                f'"{name}" is both a backend and a container',
                "rename one of them: a way to it could mean either",
                on_key=True,
                related=((("containers", name), "the container is here"),),
            )


def _backend_address(subject: Subject) -> Iterator[Finding]:
    for name, backend in subject.spec.backends.items():
        if not re.fullmatch(_HOST, backend.host):
            message = f'host "{backend.host}" of backend "{name}" is not a host name'
            yield Finding(
                ("backends", name, "host"), message, "write the name or the address alone; the port has its own key"
            )
        if not limits.PORT.admits(backend.port):
            message = f'port {backend.port} of backend "{name}" does not exist'
            yield Finding(("backends", name, "port"), message, f"write {ENGLISH.text(limits.PORT.range)}")


def _unreachable(subject: Subject) -> Iterator[Finding]:
    if subject.spec.network is None:
        return
    reached = {allow.target for _, allow in _ways(subject)}
    if any(_target_kind(subject, target) == "unknown" for target in reached):
        return  # one of them may be meant
    for name, backend in subject.spec.backends.items():
        if backend.security_group is not None and name not in reached:
            yield Finding(
                ("backends", name, "security_group"),
                f'no container is let to backend "{name}", so that the task does not join its group',
                f"write under network.allow: {{ from: <container>, to: {name} }}",
            )


RULES: tuple[Rule, ...] = (
    Rule("CG701", "unknown-endpoint", Severity.ERROR, _unknown),
    Rule("CG702", "address-range-format", Severity.ERROR, _range_format),
    Rule("CG703", "unsupported-way", Severity.ERROR, _unsupported),
    Rule("CG704", "undeclared-port", Severity.ERROR, _undeclared_port),
    Rule("CG705", "open-to-world", Severity.WARNING, _open),
    Rule("CG706", "allow-without-balancer", Severity.ERROR, _no_balancer),
    Rule("CG707", "unserved-port", Severity.WARNING, _unserved),
    Rule("CG708", "reserved-name", Severity.ERROR, _reserved),
    Rule("CG709", "backend-address", Severity.ERROR, _backend_address),
    Rule("CG710", "unreachable-backend", Severity.WARNING, _unreachable),
)
