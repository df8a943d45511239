"""Ports of the containers, which share the one network interface of the task."""

from collections.abc import Iterator

from chuoigen.aws import limits, names, vocabulary
from chuoigen.diagnostics import Severity
from chuoigen.fix import Fix, Remove, Replace
from chuoigen.lint.each import each, ports
from chuoigen.lint.rule import Answering, Finding, Rule, Subject, answering
from chuoigen.messages import Texts
from chuoigen.spec.container import Port
from chuoigen.yaml.document import KeyPath

_say = Texts(__name__)

_PORT_SYSCTL = "net.ipv4.ip_unprivileged_port_start"
_ROOT = ("0", "root")


def _short_form(port: Port) -> str:
    return str(port.container) if port.protocol == "tcp" else f'"{port.container}/{port.protocol}"'


@each(ports)
def _host_port(path: KeyPath, name: str, port: Port) -> Iterator[Finding]:
    if port.host is not None and port.host != port.container:
        short = _short_form(port)
        message = _say("host-port-differs", container=name, host=port.host, port=port.container, short=short)
        written = port.container if port.protocol == "tcp" else f"{port.container}/{port.protocol}"
        fixes = Fix((Remove((*path, "host")),)), Fix((Replace(path, written),))
        yield Finding((*path, "host"), message, fixes=fixes)


@each(ports)
def _out_of_range(path: KeyPath, name: str, port: Port) -> Iterator[Finding]:
    if not limits.PORT.admits(port.container):
        message = _say("port-out-of-range", container=name, port=port.container, allowed=limits.PORT.range)
        yield Finding((*path, "container"), message)


def _two_containers(subject: Subject) -> Iterator[Finding]:
    first: dict[tuple[int, str], tuple[KeyPath, str]] = {}
    for path, name, port in ports(subject):
        before, owner = first.setdefault((port.container, port.protocol.lower()), (path, name))
        if owner != name:
            message = _say("port-on-two-containers", port=port.container, container=name, other=owner)
            related = (((*before, "container"), _say("port-on-two-containers.note", other=owner)),)
            yield Finding((*path, "container"), message, related=related)


def _twice(subject: Subject) -> Iterator[Finding]:
    first: dict[tuple[str, int], tuple[KeyPath, Port]] = {}
    for path, name, port in ports(subject):
        before, same = first.setdefault((name, port.container), (path, port))
        if before is not path:
            message = _say("port-declared-twice", container=name, port=port.container)
            related = (((*before, "container"), _say("port-declared-twice.note")),)
            fixes = (Fix((Remove(path),)),) if port == same else ()
            yield Finding((*path, "container"), message, related=related, fixes=fixes)


@each(ports)
def _protocol(path: KeyPath, name: str, port: Port) -> Iterator[Finding]:
    known = vocabulary.PROTOCOLS
    if port.protocol not in known:
        message = _say("unknown-protocol", protocol=port.protocol, container=name, port=port.container, known=known)
        yield Finding((*path, "protocol"), message)


@each(ports)
def _app_protocol(path: KeyPath, name: str, port: Port) -> Iterator[Finding]:
    written, known = port.app_protocol, vocabulary.APP_PROTOCOLS
    if written is not None and written not in known:
        message = _say("unknown-app-protocol", protocol=written, container=name, port=port.container, known=known)
        yield Finding((*path, "app_protocol"), message)


@each(ports)
def _name_format(path: KeyPath, name: str, port: Port) -> Iterator[Finding]:
    violation = names.violation(names.Kind.PORT_MAPPING, port.name) if port.name is not None else None
    if violation:
        message = _say("port-name-format", name=port.name or "", container=name, violation=violation)
        yield Finding((*path, "name"), message)


def _name_twice(subject: Subject) -> Iterator[Finding]:
    first: dict[str, KeyPath] = {}
    for path, name, port in ports(subject):
        before = first.setdefault(port.name, path) if port.name is not None else path
        if before is not path:
            message = _say("port-name-used-twice", name=port.name or "", container=name)
            yield Finding((*path, "name"), message, related=(((*before, "name"), _say("port-name-used-twice.note")),))


def _user(one: Answering) -> tuple[KeyPath, str]:
    """Return who the process of a container is, and the key below the container that says so; "" where nobody knows."""
    if one.container.user is not None:
        return ("user",), one.container.user.partition(":")[0]
    owner = one.recipe.owner(one.build)
    inside = one.recipe.inside(one.plan, one.made) if owner is None else None
    key = "recipe" if owner is not None else "dockerfile"
    return ("build", key), (owner or (inside.user if inside else "")).partition(":")[0]


def _privileged(subject: Subject) -> Iterator[Finding]:
    """Report ports that the user of a process may not open: Docker on a laptop lets everybody, Fargate only root."""
    for one in answering(subject, built=False):
        where, user = _user(one)
        if not user or user in _ROOT or _PORT_SYSCTL in one.container.sysctls:
            continue
        for index, port in enumerate(one.container.ports):
            if 0 < port.container < limits.FIRST_UNPRIVILEGED_PORT:
                words = _say("privileged-port", container=one.name, port=port.container, user=user)
                related = ((("containers", one.name, *where), _say("privileged-port.note", user=user)),)
                yield Finding(("containers", one.name, "ports", index, "container"), words, related=related)


RULES: tuple[Rule, ...] = (
    Rule("CG301", "host-port-differs", Severity.ERROR, _host_port),
    Rule("CG302", "port-out-of-range", Severity.ERROR, _out_of_range),
    Rule("CG303", "port-on-two-containers", Severity.ERROR, _two_containers),
    Rule("CG304", "port-declared-twice", Severity.ERROR, _twice),
    Rule("CG305", "unknown-protocol", Severity.ERROR, _protocol),
    Rule("CG306", "unknown-app-protocol", Severity.ERROR, _app_protocol),
    Rule("CG307", "port-name-format", Severity.ERROR, _name_format),
    Rule("CG308", "port-name-used-twice", Severity.ERROR, _name_twice),
    Rule("CG311", "privileged-port", Severity.ERROR, _privileged),
)
