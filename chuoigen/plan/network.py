"""Security groups in the self-referencing pattern, and who can reach whom through them.

A group admits traffic only from itself, and whoever takes part is put into it: groups then depend on nothing else. A
task has one set of groups for all its containers, so that what one of them may reach, all of them can.
"""

from collections.abc import Iterable, Mapping

from chuoigen import recipes
from chuoigen.aws.limits import CONTAINERS_MAX, HTTP_PORT
from chuoigen.plan.model import ContainerPlan
from chuoigen.plan.naming import prefix_of
from chuoigen.plan.surroundings import GroupPlan, Reach, RulePlan
from chuoigen.spec import Spec
from chuoigen.spec.network import Allow

ANYWHERE = "0.0.0.0/0"
INTERNET = "internet"
ALB = "alb"
TASK = "task"


def group_plans(spec: Spec) -> tuple[GroupPlan, ...]:
    """Return the groups: the service's, the load balancer's, and one for each backend that may be reached."""
    if spec.network is None:
        return ()
    named = spec.network.security_groups
    prefix = prefix_of(spec)
    title = f"{spec.name} {spec.stage}" if spec.stage else spec.name
    balanced = spec.load_balancer is not None
    members = (ALB, TASK) if balanced else (TASK,)
    text = f"{title}: the task and its load balancer" if balanced else f"{title}: the task"
    groups = [
        _group("service", named.service if named else None, f"{prefix}-service", text, _service_rules(spec), members)
    ]
    if balanced:
        rules = tuple(
            _rule(allow, port)
            for allow in spec.network.allow
            if allow.target == ALB
            for port in allow.ports or [HTTP_PORT]
        )
        groups.append(
            _group("alb", named.alb if named else None, f"{prefix}-alb", f"{title}: the load balancer", rules, (ALB,))
        )
    return (*groups, *_backend_groups(spec, title))


def _backend_groups(spec: Spec, title: str) -> Iterable[GroupPlan]:
    allowed = {
        allow.target for allow in (spec.network.allow if spec.network else ()) if allow.source in spec.containers
    }
    for name, backend in spec.backends.items():
        if name in allowed:
            rule = RulePlan("self", backend.port, "tcp", f"the members of this group reach {name}")
            text = f"{title}: whoever may reach {name}"
            yield _group(name, backend.security_group, f"{prefix_of(spec)}-{name}", text, (rule,), (TASK, name))


def _group(
    key: str,
    written: str | None,
    default: str,
    text: str,
    rules: Iterable[RulePlan],
    members: tuple[str, ...],
) -> GroupPlan:
    given = written if written is not None and written.startswith("sg-") else None
    return GroupPlan(key, given or written or default, given, text, tuple(dict.fromkeys(rules)), members)


def _service_rules(spec: Spec) -> Iterable[RulePlan]:
    for allow in spec.network.allow if spec.network else ():
        if allow.target not in spec.containers or allow.source in spec.containers:
            continue
        for port in ports_of(spec, allow):
            if allow.source == ALB:
                yield RulePlan("self", port, "tcp", f"the load balancer reaches {allow.target}")
            else:
                yield _rule(allow, port)


def _rule(allow: Allow, port: int) -> RulePlan:
    source = ANYWHERE if allow.source == INTERNET else allow.source
    return RulePlan(
        source,
        port,
        "tcp",
        f"{allow.source} reaches {'the load balancer' if allow.target == ALB else allow.target}",
    )


def ports_of(spec: Spec, allow: Allow) -> tuple[int, ...]:
    """Return the ports of an intended way: those written, or those that its target declares."""
    if allow.ports is not None:
        return tuple(allow.ports)
    if allow.target in spec.backends:
        return (spec.backends[allow.target].port,)
    if allow.target == ALB:
        return (HTTP_PORT,)
    balancer = spec.load_balancer
    if allow.source == ALB and balancer and balancer.target == allow.target and balancer.port is not None:
        return (balancer.port,)
    container = spec.containers.get(allow.target)
    return tuple(port.container for port in container.ports if port.protocol == "tcp") if container else ()


def reaches(spec: Spec, groups: tuple[GroupPlan, ...], containers: Mapping[str, ContainerPlan]) -> tuple[Reach, ...]:
    """Return every way that is open: through the groups, and inside the task, whose containers share one network."""
    found = [
        *_into_balancer(groups),
        *_through_service(spec, groups, containers),
        *_to_backends(spec, groups, containers),
    ]
    return (*found, *_inside(spec, containers))


def _into_balancer(groups: tuple[GroupPlan, ...]) -> Iterable[Reach]:
    for group in groups:
        if group.key == ALB:
            for rule in group.rules:
                source = INTERNET if rule.source == ANYWHERE else rule.source
                yield Reach(source, ALB, rule.port, rule.protocol, group.name, intended=True, why=rule.why)


def _through_service(
    spec: Spec, groups: tuple[GroupPlan, ...], containers: Mapping[str, ContainerPlan]
) -> Iterable[Reach]:
    group = next((group for group in groups if group.key == "service"), None)
    listening = {port.number: name for name, container in containers.items() for port in container.ports}
    listeners = {rule.port for other in groups if other.key == ALB for rule in other.rules}
    for rule in group.rules if group else ():
        target = listening.get(rule.port)
        if group is None or target is None:
            continue
        if rule.source != "self":
            source = INTERNET if rule.source == ANYWHERE else rule.source
            yield Reach(source, target, rule.port, rule.protocol, group.name, intended=True, why=rule.why)
            continue
        yield Reach(ALB, target, rule.port, rule.protocol, group.name, intended=True, why=rule.why)
        neighbours = "another task of the service"
        why = "the group admits each of its members, and all tasks are members"
        yield Reach(neighbours, target, rule.port, rule.protocol, group.name, intended=False, why=why)
        if spec.load_balancer is not None and rule.port in listeners:
            why = "the load balancer is a member of the group as well and listens on this port"
            yield Reach("every container", ALB, rule.port, rule.protocol, group.name, intended=False, why=why)


def _to_backends(spec: Spec, groups: tuple[GroupPlan, ...], containers: Mapping[str, ContainerPlan]) -> Iterable[Reach]:
    meant = {(allow.source, allow.target) for allow in (spec.network.allow if spec.network else ())}
    for group in groups:
        if group.key not in spec.backends or group.key in ("service", ALB):
            continue
        port = spec.backends[group.key].port
        for name, container in containers.items():
            intended = (name, group.key) in meant
            why = f"{name} may reach {group.key}" if intended else "a task has one set of groups for all its containers"
            yield Reach(name, group.key, port, "tcp", group.name, intended=intended, why=why)
            if any(mapped.number == port for mapped in container.ports):
                why = "the group admits each of its members, and the task is one"
                yield Reach(group.key, name, port, "tcp", group.name, intended=False, why=why)


def _inside(spec: Spec, containers: Mapping[str, ContainerPlan]) -> Iterable[Reach]:
    if len(containers) > CONTAINERS_MAX:
        return  # no such task starts, and there are as many flows as pairs of containers
    meant = {(allow.source, allow.target) for allow in (spec.network.allow if spec.network else ())}
    for name, written in spec.containers.items():
        meant.update((name, upstream) for upstream in recipes.of(written.build).upstreams(written.build).values())
    for source in containers:
        for target, container in containers.items():
            for port in container.ports if source != target else ():
                intended = (source, target) in meant
                why = f"{source} may reach {target}" if intended else "all containers of a task share one network"
                yield Reach(source, target, port.number, port.protocol, "127.0.0.1", intended=intended, why=why)
