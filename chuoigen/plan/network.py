"""Security groups in the self-referencing pattern, and their inbound rules.

A group admits traffic only from itself, and whoever takes part is put into it: groups then depend on nothing else.
"""

import ipaddress
import re
from collections.abc import Iterable, Iterator, Mapping

from chuoigen import recipes
from chuoigen.aws.limits import HTTP_PORT
from chuoigen.messages import Message, Texts
from chuoigen.plan import targets
from chuoigen.plan.naming import prefix_of, tags_of
from chuoigen.provenance import by_key, decision, each
from chuoigen.resources import Ref
from chuoigen.resources.network import IngressRule, SecurityGroup, TagSpecification
from chuoigen.spec import Spec
from chuoigen.spec.network import Allow

ANYWHERE = "0.0.0.0/0"
INTERNET = "internet"
ALB = "alb"
TASK = "task"
SERVICE = "service"

_say = Texts(__name__)


def group_key(role: str) -> str:
    """Return the key of the group that is the service's, the load balancer's or a backend's."""
    return f"security-group:{role}"


def role_of(key: str) -> str:
    """Return whose group has the key."""
    return key.partition(":")[2]


@decision
def security_groups(spec: Spec) -> dict[str, SecurityGroup]:
    """Return the groups: the service's, the load balancer's, and one for each backend that may be reached."""
    if spec.network is None:
        return {}
    balanced = (ALB,) if _makes_balancer(spec) or given_balancer_group(spec) is not None else ()
    groups = each((SERVICE, *balanced, *_reached(spec), *_further(spec)), lambda role: _group(spec, role))
    return by_key(groups)


def _makes_balancer(spec: Spec) -> bool:
    return spec.load_balancer is not None and spec.load_balancer.listener is None


def given_balancer_group(spec: Spec) -> str | None:
    """Return the id of the group of a load balancer that is there already, where the spec says it."""
    balancer = spec.load_balancer
    return _given(_written_name(spec, ALB)) if balancer is not None and balancer.listener is not None else None


def _reached(spec: Spec) -> Iterator[str]:
    """Give the backends that a container may reach."""
    targets = {allow.target for allow in allowed(spec) if allow.source in spec.containers}
    yield from (name for name in spec.backends if name in targets and name not in (SERVICE, ALB))


def _further(spec: Spec) -> Iterator[str]:
    """Give the ids of further groups of the tasks, each once: one that they join in any case is not another one."""
    written = spec.network.security_groups if spec.network else None
    joined = {_written_name(spec, role) for role in (SERVICE, *_reached(spec))}
    named = dict.fromkeys(written.also if written else ())
    yield from (group for group in named if _given(group) and group not in joined)


def allowed(spec: Spec) -> Iterable[Allow]:
    """Return the intended flows as they are written."""
    return spec.network.allow if spec.network else ()


def _group(spec: Spec, role: str) -> SecurityGroup:
    return SecurityGroup(
        key=group_key(role),
        description=_purpose(spec, role),
        group_name=_written_name(spec, role) or f"{prefix_of(spec)}-{role}",
        vpc_id=spec.network.vpc if spec.network else None,
        tag_specifications=(TagSpecification("security-group", tags_of(spec)),),
        id=_given(_written_name(spec, role)),
        members=_members(spec, role),
    )


def _written_name(spec: Spec, role: str) -> str | None:
    if role in (SERVICE, ALB):
        named = spec.network.security_groups if spec.network else None
        return (named.service if role == SERVICE else named.alb) if named else None
    return spec.backends[role].security_group if role in spec.backends else role


def _given(written: str | None) -> str | None:
    return written if written is not None and written.startswith("sg-") else None


def _members(spec: Spec, role: str) -> tuple[str, ...]:
    if role == SERVICE:
        return (ALB, TASK) if _makes_balancer(spec) else (TASK,)
    if role not in spec.backends:
        return (ALB,) if role == ALB else (TASK,)
    return (TASK, role)


def _purpose(spec: Spec, role: str) -> Message:
    title = f"{spec.name} {spec.stage}" if spec.stage else spec.name
    if role == SERVICE:
        return _say("group.balanced" if _makes_balancer(spec) else "group.service", title=title)
    if role not in spec.backends:
        return _say("group.alb" if role == ALB else "group.further", title=title)
    return _say("group.backend", title=title, backend=role)


@decision
def ingress_rules(spec: Spec, groups: Mapping[str, SecurityGroup]) -> dict[str, IngressRule]:
    """Return the rules of the groups. What two lines of a spec ask for is one rule; the first says what it is for."""
    asked = each(allowed(spec), lambda allow: tuple(_asked(spec, groups, allow)))
    peers = each(spec.containers if groups else (), lambda name: tuple(_peers(spec, name)))
    backends = each((role_of(key) for key in groups), lambda role: tuple(_own_members(spec, role)))
    found = by_key(rule for rules in (*asked, *peers, *backends) for rule in rules)
    return {key: found[key] for group in groups for key in found if key.startswith(f"{group}:")}


def _own_members(spec: Spec, role: str) -> Iterator[IngressRule]:
    if role not in (SERVICE, ALB) and role in spec.backends:
        yield _rule(role, None, spec.backends[role].port, _say("rule.members", backend=role))


def peer_port(spec: Spec, name: str) -> int | None:
    """Return the port on which a container connects to its like in the other tasks."""
    build = spec.containers[name].build
    return recipes.of(build).peer_port(build)


def _peers(spec: Spec, name: str) -> Iterator[IngressRule]:
    port = peer_port(spec, name)
    if port is not None:
        yield _rule(SERVICE, None, port, _say("rule.peers", container=name))


def _asked(spec: Spec, groups: Mapping[str, SecurityGroup], allow: Allow) -> Iterator[IngressRule]:
    source = ANYWHERE if allow.source == INTERNET else allow.source
    if allow.target == ALB and group_key(ALB) in groups:
        for port in allow.ports or [HTTP_PORT]:
            yield _rule(ALB, source, port, _say("rule.balancer", source=allow.source))
    elif allow.target in spec.containers and allow.source == allow.target:
        for port in ports_of(spec, allow):
            yield _rule(SERVICE, None, port, _say("rule.between-tasks", target=allow.target))
    elif allow.target in spec.containers and allow.source not in spec.containers:
        for port in ports_of(spec, allow):
            if allow.source == ALB:
                yield _rule(SERVICE, given_balancer_group(spec), port, _say("rule.from-balancer", target=allow.target))
            else:
                yield _rule(SERVICE, source, port, _say("rule.other", source=allow.source, target=allow.target))


def _rule(role: str, source: str | None, port: int, why: Message) -> IngressRule:
    """Return a rule by which a group admits a source on a TCP port; None is the group itself."""
    stem = f"{group_key(role)}:ingress:{port}"
    usual = source is None or (role == ALB and source == ANYWHERE)
    return IngressRule(
        key=stem if usual else f"{stem}-{_slug(source or '')}",
        group=Ref(group_key(role)),
        protocol="tcp",
        port=port,
        source=Ref(group_key(role)) if source is None else source,
        why=why,
    )


def _slug(source: str) -> str:
    """Return a source as a part of a file's name; two spellings of one block of addresses have the same."""
    return re.sub(r"[^A-Za-z0-9.]+", "-", normal(source)).strip("-")


def normal(source: str) -> str:
    """Write a block of addresses as EC2 stores it: 10.0.0.5/8 is 10.0.0.0/8."""
    try:
        return str(ipaddress.ip_network(source, strict=False))
    except ValueError:
        return source


def ports_of(spec: Spec, allow: Allow) -> tuple[int, ...]:
    """Return the ports of an intended flow: those written, or those that its target declares."""
    if allow.ports is not None:
        return tuple(allow.ports)
    if allow.target in spec.backends:
        return (spec.backends[allow.target].port,)
    if allow.target == ALB:
        return (HTTP_PORT,)
    asked = _asked_ports(spec, allow.target) if allow.source == ALB else ()
    return asked or _tcp_ports(spec, allow.target)


def _asked_ports(spec: Spec, name: str) -> tuple[int, ...]:
    """Return the ports of a container that the load balancer asks, for answers and by health checks.

    Nothing where it is no target, or where a target does not say its port.
    """
    balancer = spec.load_balancer
    found = [targets.written(balancer, each) for each in targets.of_container(spec, name)] if balancer else []
    ports = tuple(target.port for target in found if target.port is not None)
    if not found or len(ports) < len(found):
        return ()
    known = [targets.written(balancer, each).healthcheck for each in targets.names(balancer)] if balancer else []
    checked = [check.port for check in known if check is not None and check.port in _tcp_ports(spec, name)]
    return tuple(dict.fromkeys((*ports, *(port for port in checked if port is not None))))


def _tcp_ports(spec: Spec, name: str) -> tuple[int, ...]:
    container = spec.containers.get(name)
    return tuple(port.container for port in container.ports if port.protocol == "tcp") if container else ()
