"""The load balancer, its target group and its listeners."""

from collections.abc import Mapping

from chuoigen.aws import defaults
from chuoigen.aws.limits import HTTP_PORT, HTTPS_PORT
from chuoigen.inputs.project import Project
from chuoigen.plan import durations
from chuoigen.plan.naming import prefix_of, tags_of
from chuoigen.plan.network import ALB
from chuoigen.plan.references import first_port
from chuoigen.provenance import by_key, decision, each
from chuoigen.resources import Ref, Resource
from chuoigen.resources.network import (
    Action,
    Certificate,
    Listener,
    LoadBalancer,
    Matcher,
    Redirect,
    SecurityGroup,
    TargetGroup,
)
from chuoigen.spec import Spec
from chuoigen.spec.network import LoadBalancer as Written

BALANCER = "load-balancer"
TARGET_GROUP = "target-group"


@decision
def balancer_resources(spec: Spec, project: Project, groups: Mapping[str, SecurityGroup]) -> dict[str, Resource]:
    """Return what the load balancer is made of; nothing when the spec has none, or no network to put it into."""
    written = spec.load_balancer
    if written is None or spec.network is None:
        return {}
    return {
        BALANCER: _balancer(spec, project, written, groups),
        TARGET_GROUP: _target_group(spec, project, written),
        **_listeners(spec, written),
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
    )


def _target_group(spec: Spec, project: Project, written: Written) -> TargetGroup:
    return TargetGroup(
        key=TARGET_GROUP,
        name=written.target_group or f"{prefix_of(spec)}-{written.target}",
        protocol="HTTP",
        port=target_port(spec, written),
        vpc_id=spec.network.vpc if spec.network else None,
        health_check_protocol="HTTP",
        health_check_port=str(durations.target_check(written).port or defaults.TARGET_HEALTH_PORT.value),
        health_check_enabled=True,
        health_check_path=durations.target_check(written).path,
        health_check_interval_seconds=durations.target_check(written).interval,
        health_check_timeout_seconds=durations.target_check(written).timeout,
        healthy_threshold_count=durations.target_check(written).healthy,
        unhealthy_threshold_count=durations.target_check(written).unhealthy,
        matcher=Matcher(durations.target_check(written).matcher),
        target_type="ip",  # of tasks, not instances
        tags=tags_of(spec),
        container=written.target,
        deregistration_delay=durations.deregistration_delay(spec, project),
    )


def target_port(spec: Spec, written: Written) -> int:
    """Return the port of the target: the written one, or the first of the container."""
    target = spec.containers.get(written.target)
    return written.port or (first_port(target) if target else None) or HTTP_PORT


@decision
def _listeners(spec: Spec, written: Written) -> dict[str, Listener]:
    """Return the listeners: HTTP on 80 alone, or HTTPS on 443 with 80 leading there."""
    ports = (HTTP_PORT,) if written.certificate is None else (HTTP_PORT, HTTPS_PORT)
    return by_key(each(ports, lambda port: _listener(spec, written, port)))


def _listener(spec: Spec, written: Written, port: int) -> Listener:
    secure = port == HTTPS_PORT
    return Listener(
        key=f"listener:{port}",
        load_balancer_arn=Ref(BALANCER),
        protocol="HTTPS" if secure else "HTTP",
        port=port,
        ssl_policy=written.ssl_policy or defaults.SSL_POLICY.value if secure else None,
        certificates=(Certificate(written.certificate or ""),) if secure else (),
        default_actions=(
            # 301: browsers keep it, so that the next request starts encrypted. Host, path and query stay as they are.
            Action("redirect", None, Redirect("HTTPS", str(HTTPS_PORT), "HTTP_301"))
            if written.certificate is not None and not secure
            else Action("forward", Ref(TARGET_GROUP), None),
        ),
        tags=tags_of(spec),
    )
