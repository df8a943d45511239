"""Ports of the containers, which share the one network interface of the task."""

from collections.abc import Iterator

from chuoigen.aws import limits, names, vocabulary
from chuoigen.diagnostics import Severity
from chuoigen.lint.rule import Finding, Rule, Subject
from chuoigen.messages import ENGLISH
from chuoigen.spec.container import Port
from chuoigen.yaml.document import KeyPath


def _ports(subject: Subject) -> Iterator[tuple[KeyPath, str, Port]]:
    """Yield every port with its path and the name of its container."""
    for name, container in subject.spec.containers.items():
        for index, port in enumerate(container.ports):
            yield ("containers", name, "ports", index), name, port


def _short_form(port: Port) -> str:
    return str(port.container) if port.protocol == "tcp" else f'"{port.container}/{port.protocol}"'


def _host_port(subject: Subject) -> Iterator[Finding]:
    for path, name, port in _ports(subject):
        if port.host is not None and port.host != port.container:
            yield Finding(
                (*path, "host"),
                f'container "{name}" maps port {port.host} of the host to its port {port.container}; '
                "on Fargate both are the same",
                f"write {_short_form(port)}; the load balancer can listen on any other port",
            )


def _out_of_range(subject: Subject) -> Iterator[Finding]:
    for path, name, port in _ports(subject):
        if not limits.PORT.admits(port.container):
            yield Finding(
                (*path, "container"),
                f'container "{name}" declares port {port.container}, which does not exist',
                f"write a port from {ENGLISH.text(limits.PORT.range)}",
            )


def _two_containers(subject: Subject) -> Iterator[Finding]:
    first: dict[tuple[int, str], tuple[KeyPath, str]] = {}
    for path, name, port in _ports(subject):
        before, owner = first.setdefault((port.container, port.protocol.lower()), (path, name))
        if owner != name:
            yield Finding(
                (*path, "container"),
                f'port {port.container} is declared by container "{name}" and by container "{owner}"; '
                "all containers of a task share one address",
                "let one of the two listen on another port",
                related=(((*before, "container"), f'"{owner}" declares it here'),),
            )


def _twice(subject: Subject) -> Iterator[Finding]:
    first: dict[tuple[str, int], KeyPath] = {}
    for path, name, port in _ports(subject):
        before = first.setdefault((name, port.container), path)
        if before is not path:
            yield Finding(
                (*path, "container"),
                f'container "{name}" declares port {port.container} twice; ECS takes a port once, for tcp or for udp',
                "keep one of the two",
                related=(((*before, "container"), "it is declared here"),),
            )


def _protocol(subject: Subject) -> Iterator[Finding]:
    for path, name, port in _ports(subject):
        if port.protocol not in vocabulary.PROTOCOLS:
            words = " or ".join(vocabulary.PROTOCOLS)
            yield Finding(
                (*path, "protocol"),
                f'"{port.protocol}" is not a protocol of a port (container "{name}", port {port.container})',
                f"write {words}; what is spoken on a tcp port goes into app_protocol",
            )


def _app_protocol(subject: Subject) -> Iterator[Finding]:
    for path, name, port in _ports(subject):
        if port.app_protocol is not None and port.app_protocol not in vocabulary.APP_PROTOCOLS:
            yield Finding(
                (*path, "app_protocol"),
                f'"{port.app_protocol}" is not an app_protocol (container "{name}", port {port.container})',
                f"write {', '.join(vocabulary.APP_PROTOCOLS)}, or delete the key for any other protocol",
            )


def _name_format(subject: Subject) -> Iterator[Finding]:
    for path, name, port in _ports(subject):
        complaint = names.violation(names.Kind.PORT_MAPPING, port.name) if port.name is not None else None
        if complaint:
            yield Finding(
                (*path, "name"),
                f'port name "{port.name}" of container "{name}" {ENGLISH.text(complaint)}',
                "rename the port",
            )


def _name_twice(subject: Subject) -> Iterator[Finding]:
    first: dict[str, KeyPath] = {}
    for path, name, port in _ports(subject):
        before = first.setdefault(port.name, path) if port.name is not None else path
        if before is not path:
            yield Finding(
                (*path, "name"),
                f'port name "{port.name}" of container "{name}" is taken: names of ports are unique in a task',
                "rename one of the two",
                related=(((*before, "name"), "the name is used here"),),
            )


RULES: tuple[Rule, ...] = (
    Rule("CG301", "host-port-differs", Severity.ERROR, _host_port),
    Rule("CG302", "port-out-of-range", Severity.ERROR, _out_of_range),
    Rule("CG303", "port-on-two-containers", Severity.ERROR, _two_containers),
    Rule("CG304", "port-declared-twice", Severity.ERROR, _twice),
    Rule("CG305", "unknown-protocol", Severity.ERROR, _protocol),
    Rule("CG306", "unknown-app-protocol", Severity.ERROR, _app_protocol),
    Rule("CG307", "port-name-format", Severity.ERROR, _name_format),
    Rule("CG308", "port-name-used-twice", Severity.ERROR, _name_twice),
)
