"""The cluster, the service in it, and its scaling."""

import math
from collections.abc import Mapping, Sequence

from chuoigen.aws import arn, vocabulary
from chuoigen.plan import durations
from chuoigen.plan.connect import service_connect
from chuoigen.plan.definitions import EbsPlan, VolumePlan
from chuoigen.plan.deployment import deployment, shifts
from chuoigen.plan.discovery import service_registries
from chuoigen.plan.naming import prefix_of, tags_of
from chuoigen.plan.network import TASK
from chuoigen.plan.overrides import overrides_of
from chuoigen.plan.shifting import advanced_configuration
from chuoigen.plan.task import TASK_DEFINITION
from chuoigen.provenance import decision, keyed
from chuoigen.resources import Ref, Resource, unique
from chuoigen.resources.ecs import (
    AwsvpcConfiguration,
    CapacityProvider,
    Cluster,
    ManagedVolume,
    MetricConfiguration,
    Monitoring,
    NetworkConfiguration,
    Service,
    Target,
    VolumeConfiguration,
    VolumeTags,
)
from chuoigen.resources.network import SecurityGroup, TargetGroup
from chuoigen.spec import Spec
from chuoigen.spec.service import MetricResolution
from chuoigen.spec.service import Service as Written

CLUSTER = "cluster"
SERVICE = "service"


@decision
def service_resources(
    spec: Spec,
    groups: Mapping[str, SecurityGroup],
    volumes: Mapping[str, VolumePlan],
    targets: Sequence[TargetGroup],
) -> dict[str, Resource]:
    """Return the cluster and the service; nothing without a network, since its tasks could run nowhere."""
    if spec.network is None:
        return {}
    written = written_service(spec)
    service = _service(spec, written, groups, volumes, targets)
    cluster = Cluster(
        key=CLUSTER,
        cluster_name=_cluster(spec, written),
        tags=tags_of(spec),
        capacity_providers=unique(service.capacity_provider_strategy),
        given=arn.cluster(written.cluster or "") is not None,
        settings={"containerInsights": "enabled"} if _counts_tasks(written) else {},
    )
    return {CLUSTER: cluster, SERVICE: service}


def _cluster(spec: Spec, written: Written) -> str:
    return arn.cluster(written.cluster or "") or written.cluster or prefix_of(spec)


def _counts_tasks(written: Written) -> bool:
    """Say whether scaling reads the count of running tasks, a metric that Container Insights alone has."""
    return written.autoscaling is not None and written.autoscaling.queue is not None


def written_service(spec: Spec) -> Written:
    """Return the service as it is written, or one that says nothing."""
    return spec.service or Written.model_validate({})


def _service(
    spec: Spec,
    written: Written,
    groups: Mapping[str, SecurityGroup],
    volumes: Mapping[str, VolumePlan],
    targets: Sequence[TargetGroup],
) -> Service:
    return Service(
        key=SERVICE,
        cluster=Ref(CLUSTER, "cluster_name"),
        service_name=written.name or prefix_of(spec),
        task_definition=Ref(TASK_DEFINITION, "family"),
        availability_zone_rebalancing=_zone_rebalancing(written),
        load_balancers=tuple(
            Target(Ref(target.key), target.container, target.port, advanced_configuration(spec, target))
            for target in targets
        ),
        service_registries=service_registries(spec),
        # Also with auto scaling: it is the count until the first alarm.
        desired_count=written.desired_count,
        launch_type=None if _strategy(written) else "FARGATE",
        capacity_provider_strategy=_strategy(written),
        platform_version=written.platform_version,
        deployment_configuration=deployment(spec, written.deployment),
        network_configuration=NetworkConfiguration(
            AwsvpcConfiguration(
                subnets=_subnets(spec, written),
                security_groups=tuple(Ref(group.key) for group in groups.values() if TASK in group.members),
                assign_public_ip="ENABLED" if written.assign_public_ip else "DISABLED",
            )
        ),
        health_check_grace_period_seconds=durations.grace_period(spec) if targets else None,
        scheduling_strategy="REPLICA",
        tags=tags_of(spec),
        enable_ecs_managed_tags=written.enable_ecs_managed_tags,
        propagate_tags=written.propagate_tags.upper(),  # managed tags alone do not reach the tasks
        enable_execute_command=written.enable_execute_command,
        service_connect_configuration=service_connect(spec),
        volume_configurations=_volume_configurations(volumes),
        monitoring=_monitoring(written.metric_resolution),
        overrides=overrides_of(written.overrides),
    )


def _zone_rebalancing(written: Written) -> str:
    """Say whether ECS may move tasks between zones, for which more than the desired count must be allowed.

    It is on unless a request says otherwise, which is then refused when no more than 100 percent may run (AWS
    documentation, "Balancing an Amazon ECS service across Availability Zones", checked 2026-11-23).
    """
    chosen = written.availability_zone_rebalancing
    balanced = written.deployment.maximum_percent > 100 if chosen is None else chosen  # noqa: PLR2004  percent
    return "ENABLED" if balanced else "DISABLED"


def _subnets(spec: Spec, written: Written) -> tuple[str, ...]:
    if spec.network is None:
        return ()
    subnets = spec.network.subnets
    chosen = subnets.public if written.assign_public_ip else subnets.private
    return tuple(chosen or subnets.private or subnets.public)


def _strategy(written: Written) -> dict[str, CapacityProvider]:
    capacity = written.capacity_provider_strategy
    if capacity is None:
        return {}
    parts = (
        CapacityProvider(vocabulary.CAPACITY_PROVIDERS["fargate"], capacity.fargate, capacity.base),
        CapacityProvider(vocabulary.CAPACITY_PROVIDERS["fargate_spot"], capacity.fargate_spot, 0),
    )
    return {part.capacity_provider: part for part in parts if part.weight or part.base}


def _volume_configurations(volumes: Mapping[str, VolumePlan]) -> dict[str, VolumeConfiguration]:
    launched = {name: volume.ebs for name, volume in volumes.items() if volume.ebs is not None}
    return keyed(
        launched,
        lambda name: VolumeConfiguration(
            name,
            ManagedVolume(
                encrypted=launched[name].encrypted,
                kms_key_id=launched[name].kms_key,
                volume_type=launched[name].type,
                size_in_gib=launched[name].size,
                snapshot_id=launched[name].snapshot,
                volume_initialization_rate=launched[name].initialization_rate,
                iops=launched[name].iops,
                throughput=launched[name].throughput,
                tag_specifications=_volume_tags(launched[name]),
                role_arn=launched[name].role_arn,
                filesystem_type=launched[name].filesystem_type,
            ),
        ),
    )


def _volume_tags(volume: EbsPlan) -> tuple[VolumeTags, ...]:
    if not volume.tags and volume.propagate_tags is None:
        return ()
    return (VolumeTags("volume", volume.tags, _upper(volume.propagate_tags)),)


def _upper(word: str | None) -> str | None:
    """Spell a word of the language as ECS spells it."""
    return None if word is None else word.upper()


def _monitoring(resolution: MetricResolution | None) -> Monitoring | None:
    """Return the metrics with a resolution of their own; what has none keeps that of ECS."""
    if resolution is None:
        return None
    written = {"CPUUtilization": resolution.cpu, "MemoryUtilization": resolution.memory}
    return Monitoring(
        tuple(MetricConfiguration((name,), every) for name, every in written.items() if every is not None)
    )


def most_tasks(spec: Spec) -> tuple[int, int]:
    """Return the most tasks in steady state and during a deployment, when old and new run side by side."""
    service = written_service(spec)
    scaling = service.autoscaling
    later = [action.max or 0 for action in scaling.schedule.values()] if scaling else []
    steady = max(service.desired_count, scaling.max if scaling else 0, *later)
    if shifts(service.deployment):
        return steady, 2 * steady
    return steady, max(steady, math.floor(steady * service.deployment.maximum_percent / 100))
