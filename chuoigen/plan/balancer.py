"""The load balancer, its target groups, its listeners and their rules."""

from collections.abc import Mapping

from chuoigen.aws import arn, defaults
from chuoigen.aws.limits import HTTP_PORT, HTTPS_PORT
from chuoigen.inputs.project import Project
from chuoigen.plan import durations, targets
from chuoigen.plan.listening import action, listener_rule
from chuoigen.plan.naming import prefix_of, tags_of
from chuoigen.plan.network import ALB
from chuoigen.plan.targets import TARGET_GROUP
from chuoigen.provenance import by_key, decision, each
from chuoigen.resources import Ref, Resource
from chuoigen.resources.listeners import Action, Certificate, GivenListener, Listener, ListenerRule, Redirect
from chuoigen.resources.network import LoadBalancer, Matcher, SecurityGroup, Stickiness, TargetGroup
from chuoigen.spec import Spec
from chuoigen.spec.balancer import Balanced
from chuoigen.spec.balancer import LoadBalancer as Written

__all__ = ["BALANCER", "TARGET_GROUP", "balancer_resources"]

BALANCER = "load-balancer"
GIVEN_LISTENER = "listener"


@decision
def balancer_resources(spec: Spec, project: Project, groups: Mapping[str, SecurityGroup]) -> dict[str, Resource]:
    """Return what the load balancer is made of; nothing when the spec has none, or no network to put it into."""
    written = spec.load_balancer
    if written is None or spec.network is None:
        return {}
    return {
        BALANCER: _given(spec, project, written) or _balancer(spec, project, written, groups),
        **by_key((_target_group(spec, project, written, None),)),
        **by_key(each(written.targets, lambda name: _target_group(spec, project, written, name))),
        **_listeners(spec, written),
        **_rules(spec, written),
    }


def _balancer(spec: Spec, project: Project, written: Written, groups: Mapping[str, SecurityGroup]) -> LoadBalancer:
    assert spec.network is not None  # noqa: S101  the caller has looked
    return LoadBalancer(
        key=BALANCER,
        name=written.name or f"{prefix_of(spec)}-alb",
        subnets=tuple(spec.network.subnets.private if written.internal else spec.network.subnets.public),
        security_groups=tuple(Ref(group.key) for group in groups.values() if ALB in group.members),
        scheme="internal" if written.internal else "internet-facing",
        tags=tags_of(spec),
        type="application",
        ip_address_type="ipv4",
        idle_timeout=durations.idle_timeout(spec, project),
        given=None,
    )


def _given(spec: Spec, project: Project, written: Written) -> LoadBalancer | None:
    """Return the load balancer of a listener that is there already: its name is known, and little else."""
    found = arn.listener(written.listener or "")
    if written.listener is None:
        return None
    return LoadBalancer(
        key=BALANCER,
        name=found.name if found else written.listener,
        subnets=(),
        security_groups=(),
        scheme="",
        tags={},
        type="application",
        ip_address_type="",
        idle_timeout=durations.idle_timeout(spec, project),
        given=found.balancer if found else written.listener,
    )


def _target_group(spec: Spec, project: Project, balancer: Written, name: str | None) -> TargetGroup:
    """Return a target group: that of the first target, or of one that has a name."""
    written = balancer if name is None else balancer.targets[name]
    return TargetGroup(
        key=TARGET_GROUP if name is None else f"{TARGET_GROUP}:{name}",
        name=written.target_group or f"{prefix_of(spec)}-{name or balancer.target}",
        protocol="HTTP",
        protocol_version=None if written.protocol == "http1" else written.protocol.upper(),
        port=targets.port(spec, balancer, name or balancer.target),
        vpc_id=spec.network.vpc if spec.network else None,
        health_check_protocol="HTTP",
        health_check_port=str(durations.target_check(written).port or defaults.TARGET_HEALTH_PORT.value),
        health_check_enabled=True,
        health_check_path=durations.target_check(written).path,
        health_check_interval_seconds=durations.target_check(written).interval,
        health_check_timeout_seconds=durations.target_check(written).timeout,
        healthy_threshold_count=durations.target_check(written).healthy,
        unhealthy_threshold_count=durations.target_check(written).unhealthy,
        matcher=_matcher(written),
        target_type="ip",  # of tasks, not instances
        tags=tags_of(spec),
        container=targets.container(balancer, name or balancer.target),
        deregistration_delay=durations.deregistration_delay(spec, project, name or balancer.target),
        slow_start=written.slow_start or 0,
        sticky=Stickiness(written.sticky.duration, written.sticky.cookie) if written.sticky else None,
    )


def _matcher(written: Balanced) -> Matcher:
    codes = durations.target_check(written).matcher
    if written.protocol == "grpc":
        return Matcher(None, codes or defaults.GRPC_MATCHER)
    return Matcher(codes or defaults.TARGET_MATCHER.value, None)


@decision
def _listeners(spec: Spec, written: Written) -> Mapping[str, Listener | GivenListener]:
    """Return the listeners: HTTP on 80 alone, or HTTPS on 443 with 80 leading there; or the one that is there."""
    if written.listener is not None:
        return {GIVEN_LISTENER: GivenListener(GIVEN_LISTENER, written.listener)}
    ports = (HTTP_PORT,) if written.certificate is None else (HTTP_PORT, HTTPS_PORT)
    return by_key(each(ports, lambda port: listener(spec, written, port)))


def listener(spec: Spec, written: Written, port: int) -> Listener:
    """Return the listener on a port: with the certificate, where there is one and the port is not that of HTTP."""
    secure = port != HTTP_PORT and written.certificate is not None
    return Listener(
        key=f"listener:{port}",
        load_balancer_arn=Ref(BALANCER),
        protocol="HTTPS" if secure else "HTTP",
        port=port,
        ssl_policy=written.ssl_policy or defaults.SSL_POLICY.value if secure else None,
        certificates=(Certificate(written.certificate or ""),) if secure else (),
        default_actions=(
            # 301: browsers keep it, so that the next request starts encrypted. Host, path and query stay as they are.
            Action("redirect", redirect_config=Redirect("HTTPS", str(HTTPS_PORT), None, None, None, "HTTP_301"))
            if written.certificate is not None and not secure
            else action(written, written.default),
        ),
        tags=tags_of(spec),
    )


@decision
def _rules(spec: Spec, written: Written) -> dict[str, ListenerRule]:
    """Return the rules, of the listener that does not lead to another one."""
    return by_key(each(written.rules, lambda name: listener_rule(spec, written, name, _rule_listener(written))))


def _rule_listener(written: Written) -> Ref:
    if written.listener is not None:
        return Ref(GIVEN_LISTENER, "given")
    return Ref(f"listener:{HTTP_PORT if written.certificate is None else HTTPS_PORT}")
