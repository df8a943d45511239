"""The cluster, the service and its scaling, members in the order of AWS's own models."""

from collections.abc import Mapping
from typing import Any, ClassVar

from chuoigen.resources.connect import ServiceConnectConfiguration
from chuoigen.resources.deployment import AdvancedConfiguration, Deployment
from chuoigen.resources.resource import Ref, Resource, Shape

_TAGS = {"tags": ("key", "value")}


class Cluster(Resource):
    """A cluster; capacity providers and settings only where the service asks for some."""

    PAIRS: ClassVar = {**_TAGS, "settings": ("name", "value")}
    APART: ClassVar = Resource.APART | {"given"}

    cluster_name: str
    tags: Mapping[str, str]
    settings: Mapping[str, str]
    capacity_providers: tuple[str, ...]
    given: bool

    @property
    def existing(self) -> bool:
        """Whether it is given by its ARN."""
        return self.given


class EphemeralStorage(Shape):
    """The disk of a task, in GiB."""

    SPELT: ClassVar = {"size_in_gib": "sizeInGiB"}

    size_in_gib: int


class RuntimePlatform(Shape):
    """The machine that a task runs on."""

    cpu_architecture: str
    operating_system_family: str


class TaskDefinition(Resource):
    """The task: cpu in units, memory in MiB. Without ephemeral storage it has the 20 GiB that come with it.

    `platform` is that of its images, as Docker names it; `overrides` are laid over the whole definition.
    """

    PAIRS: ClassVar = _TAGS
    TEXT: ClassVar = frozenset({"cpu", "memory"})
    APART: ClassVar = Resource.APART | {"platform", "overrides"}

    family: str
    task_role_arn: Ref | None
    execution_role_arn: Ref | None
    network_mode: str
    requires_compatibilities: tuple[str, ...]
    cpu: int
    memory: int
    tags: Mapping[str, str]
    pid_mode: str | None
    ephemeral_storage: EphemeralStorage | None
    runtime_platform: RuntimePlatform
    enable_fault_injection: bool | None
    platform: str
    overrides: Mapping[str, Any]


class CapacityProvider(Shape):
    """One part of a capacity provider strategy."""

    capacity_provider: str
    weight: int
    base: int


class Target(Shape):
    """The port of a container that a target group sends requests to."""

    target_group_arn: Ref
    container_name: str
    container_port: int
    advanced_configuration: AdvancedConfiguration | None


class ServiceRegistry(Shape):
    """Where ECS registers the tasks; container and port stand in SRV records."""

    registry_arn: Ref
    container_name: str | None
    container_port: int | None


class AwsvpcConfiguration(Shape):
    """Where the network interfaces of tasks are."""

    subnets: tuple[str, ...]
    security_groups: tuple[Ref, ...]
    assign_public_ip: str


class NetworkConfiguration(Shape):
    """The network of the tasks."""

    awsvpc_configuration: AwsvpcConfiguration


class VolumeTags(Shape):
    """The tags of the volumes: their own, and whose they get besides."""

    PAIRS: ClassVar = _TAGS

    resource_type: str
    tags: Mapping[str, str]
    propagate_tags: str | None


class ManagedVolume(Shape):
    """An EBS volume that ECS makes for each task; sizes in GiB, throughput in MiB a second."""

    SPELT: ClassVar = {"size_in_gib": "sizeInGiB"}

    encrypted: bool
    kms_key_id: str | None
    volume_type: str
    size_in_gib: int | None
    snapshot_id: str | None
    volume_initialization_rate: int | None
    iops: int | None
    throughput: int | None
    tag_specifications: tuple[VolumeTags, ...]
    role_arn: str | None
    filesystem_type: str


class VolumeConfiguration(Shape):
    """What the service says about a volume that is configured at launch."""

    SPELT: ClassVar = {"managed_ebs_volume": "managedEBSVolume"}

    name: str
    managed_ebs_volume: ManagedVolume


class MetricConfiguration(Shape):
    """How many seconds lie between two values of some metrics of the service."""

    metric_names: tuple[str, ...]
    resolution_seconds: int


class Monitoring(Shape):
    """The metrics whose resolution is not the usual one."""

    metric_configurations: tuple[MetricConfiguration, ...]


class Service(Resource):
    """The service that keeps the tasks running; `overrides` are laid over the whole request."""

    SPELT: ClassVar = {"enable_ecs_managed_tags": "enableECSManagedTags"}
    PAIRS: ClassVar = _TAGS
    APART: ClassVar = Resource.APART | {"overrides"}
    PATCH: ClassVar = "overrides"
    # What update-service takes, in the order of botocore's model; a deployment adds the revision to it.
    UPDATED: ClassVar = (
        "cluster", "service", "desiredCount", "capacityProviderStrategy", "deploymentConfiguration",
        "availabilityZoneRebalancing", "networkConfiguration", "platformVersion", "forceNewDeployment",
        "healthCheckGracePeriodSeconds", "enableExecuteCommand", "enableECSManagedTags", "loadBalancers",
        "propagateTags", "serviceRegistries", "serviceConnectConfiguration", "volumeConfigurations",
        "monitoring",
    )  # fmt: skip
    # What create-service alone takes: an override of another member is sent to both.
    CREATED: ClassVar = (
        "serviceName", "taskDefinition", "clientToken", "launchType", "role", "schedulingStrategy", "tags",
    )  # fmt: skip
    # Lists that update-service takes empty, to remove what a service had (its model in botocore 1.44.8, 2026-11-28).
    TAKEN_BACK: ClassVar = ("capacityProviderStrategy", "loadBalancers", "serviceRegistries", "volumeConfigurations")

    cluster: Ref
    service_name: str
    task_definition: Ref
    availability_zone_rebalancing: str
    load_balancers: tuple[Target, ...]
    service_registries: tuple[ServiceRegistry, ...]
    desired_count: int
    launch_type: str | None
    capacity_provider_strategy: Mapping[str, CapacityProvider]
    platform_version: str
    deployment_configuration: Deployment
    network_configuration: NetworkConfiguration
    health_check_grace_period_seconds: int | None
    scheduling_strategy: str
    tags: Mapping[str, str]
    enable_ecs_managed_tags: bool
    propagate_tags: str
    enable_execute_command: bool
    service_connect_configuration: ServiceConnectConfiguration | None
    volume_configurations: Mapping[str, VolumeConfiguration]
    monitoring: Monitoring | None
    overrides: Mapping[str, Any]
