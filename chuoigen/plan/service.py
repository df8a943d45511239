"""The service, its load balancer, its scaling and its pipeline."""

import math
from collections.abc import Mapping

from chuoigen.aws import defaults, vocabulary
from chuoigen.aws.limits import HTTP_PORT, HTTPS_PORT
from chuoigen.plan import permissions
from chuoigen.plan.containers import FIRST_TAG, moving_tag
from chuoigen.plan.model import ContainerPlan, SecretPlan
from chuoigen.plan.naming import prefix_of, secret_plan
from chuoigen.plan.network import ALB, TASK
from chuoigen.plan.references import first_port
from chuoigen.plan.surroundings import (
    AutoscalingPlan,
    CapacityPlan,
    GroupPlan,
    ListenerPlan,
    LoadBalancerPlan,
    PipelinePlan,
    PolicyPlan,
    ServicePlan,
)
from chuoigen.spec import Spec
from chuoigen.spec.network import LoadBalancer
from chuoigen.spec.service import Service


def load_balancer_plan(
    spec: Spec, groups: tuple[GroupPlan, ...], containers: Mapping[str, ContainerPlan]
) -> LoadBalancerPlan | None:
    """Decide about the load balancer; None when the spec has none, or no network to put it into."""
    written = spec.load_balancer
    if written is None or spec.network is None:
        return None
    subnets = spec.network.subnets
    target = containers.get(written.target)
    check = written.health_check
    target_port = first_port(spec.containers[written.target]) if written.target in spec.containers else None
    stop = target.stop_timeout if target else defaults.STOP_TIMEOUT_S.value
    return LoadBalancerPlan(
        name=written.name or f"{prefix_of(spec)}-alb",
        target_group=written.target_group or f"{prefix_of(spec)}-{written.target}",
        scheme="internal" if written.internal else "internet-facing",
        subnets=tuple(subnets.private if written.internal else subnets.public),
        groups=tuple(group.reference for group in groups if ALB in group.members),
        container=written.target,
        port=written.port or target_port or HTTP_PORT,
        path=check.path if check else defaults.TARGET_HEALTH_PATH.value,
        interval=check.interval if check else defaults.TARGET_HEALTH_INTERVAL_S.value,
        timeout=check.timeout if check else defaults.TARGET_HEALTH_TIMEOUT_S.value,
        healthy=check.healthy if check else defaults.TARGET_HEALTHY.value,
        unhealthy=check.unhealthy if check else defaults.TARGET_UNHEALTHY.value,
        matcher=check.matcher if check else defaults.TARGET_MATCHER.value,
        listeners=_listeners(written),
        idle_timeout=written.idle_timeout,
        deregistration_delay=written.deregistration_delay if written.deregistration_delay is not None else stop,
    )


def _listeners(written: LoadBalancer) -> tuple[ListenerPlan, ...]:
    if written.certificate is None:
        return (ListenerPlan(HTTP_PORT, "HTTP", "forward", None, None),)
    secure = ListenerPlan(
        HTTPS_PORT, "HTTPS", "forward", written.certificate, written.ssl_policy or defaults.SSL_POLICY.value
    )
    return (ListenerPlan(HTTP_PORT, "HTTP", "redirect", None, None), secure)


def service_plan(spec: Spec, groups: tuple[GroupPlan, ...]) -> ServicePlan | None:
    """Decide about the service; None without a network, since its tasks could run nowhere."""
    if spec.network is None:
        return None
    written = spec.service or Service.model_validate({})
    subnets = spec.network.subnets
    chosen = subnets.public if written.public_ip else subnets.private
    grace = written.health_check_grace_period
    if grace is None and spec.load_balancer is not None:
        grace = defaults.GRACE_PERIOD_S.value
    return ServicePlan(
        cluster=written.cluster or prefix_of(spec),
        name=written.name or prefix_of(spec),
        desired_count=written.desired_count,
        min_percent=written.deployment.min_percent,
        max_percent=written.deployment.max_percent,
        circuit_breaker=written.deployment.circuit_breaker,
        grace_period=grace,
        capacity=_capacity(written),
        platform_version=written.platform_version,
        public_ip=written.public_ip,
        exec=written.exec,
        subnets=tuple(chosen or subnets.private or subnets.public),
        groups=tuple(group.reference for group in groups if TASK in group.members),
    )


def _capacity(written: Service) -> tuple[CapacityPlan, ...]:
    if written.capacity is None:
        return ()
    base = CapacityPlan(vocabulary.CAPACITY_PROVIDERS["fargate"], written.capacity.fargate, written.capacity.base)
    spot = CapacityPlan(vocabulary.CAPACITY_PROVIDERS["spot"], written.capacity.spot, 0)
    return tuple(part for part in (base, spot) if part.weight or part.base)


def autoscaling_plan(spec: Spec, service: ServicePlan | None) -> AutoscalingPlan | None:
    """Decide about scaling; None when the count of tasks is fixed."""
    written = spec.service.autoscaling if spec.service else None
    if written is None or service is None:
        return None
    targets = {"cpu": written.cpu, "memory": written.memory, "requests": written.requests}
    return AutoscalingPlan(
        resource=f"service/{service.cluster}/{service.name}",
        minimum=written.min,
        maximum=written.max,
        policies=tuple(
            PolicyPlan(f"{prefix_of(spec)}-{key}", vocabulary.AUTOSCALING_METRICS[key], target)
            for key, target in targets.items()
            if target is not None
        ),
    )


def most_tasks(spec: Spec) -> tuple[int, int]:
    """Return the most tasks in steady state and during a rolling deployment, when old and new run side by side."""
    service = spec.service or Service.model_validate({})
    steady = max(service.desired_count, service.autoscaling.max if service.autoscaling else 0)
    return steady, max(steady, math.floor(steady * service.deployment.max_percent / 100))


def pipeline_plan(spec: Spec, containers: Mapping[str, ContainerPlan]) -> PipelinePlan | None:
    """Decide how images are built; None when none is."""
    built = [container for container in containers.values() if container.build is not None]
    if not built:
        return None
    written = spec.pipeline
    project = (written.project if written else None) or prefix_of(spec)
    secrets = _build_secrets(spec)
    bucket = written.source_bucket if written else None
    repositories = [container.image.repository or "" for container in built]
    return PipelinePlan(
        project=project,
        role=permissions.codebuild_role(spec, project, repositories, bucket, secrets),
        source_bucket=bucket,
        tag=moving_tag(spec),
        first_tag=moving_tag(spec) or FIRST_TAG,
        parameters=tuple(
            (secret.variable, secret.name or secret.value_from) for secret in secrets if secret.service == "ssm"
        ),
        secrets=tuple(
            (secret.variable, secret.name or secret.value_from) for secret in secrets if secret.service != "ssm"
        ),
    )


def _build_secrets(spec: Spec) -> tuple[SecretPlan, ...]:
    """Return the secrets that builds read, each variable once: containers that share a name share the value."""
    found: dict[str, SecretPlan] = {}
    for container in spec.containers.values():
        for name, argument in (container.build.args if container.build else {}).items():
            if argument.ssm is not None or argument.secrets_manager is not None:
                found.setdefault(name, secret_plan(spec, name, argument))
    return tuple(found.values())
