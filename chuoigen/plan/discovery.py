"""How the tasks are found by name: a namespace, the service in it, and what the ECS service says of both."""

from chuoigen.aws import arn
from chuoigen.plan.naming import discovered_name, prefix_of, tags_of
from chuoigen.plan.references import first_port
from chuoigen.provenance import decision
from chuoigen.resources import Ref, Resource
from chuoigen.resources.discovery import (
    CustomHealth,
    DiscoveryService,
    DnsConfig,
    DnsRecord,
    Namespace,
    NamespaceDns,
    NamespaceProperties,
    NegativeCaching,
)
from chuoigen.resources.ecs import ServiceRegistry
from chuoigen.spec import Spec
from chuoigen.spec.discovery import Discovery

NAMESPACE = "discovery-namespace"
DISCOVERY = "discovery-service"
# The first task asks for its name before it is registered; it should not hear for long that there is none.
_NEGATIVE_TTL_S = 10


@decision
def discovery_resources(spec: Spec) -> dict[str, Resource]:
    """Return the namespace and the service of Cloud Map; nothing without a network, where no task runs."""
    written = spec.discovery
    if written is None or spec.network is None:
        return {}
    namespace = Namespace(
        key=NAMESPACE,
        name=written.namespace,
        # By it the scripts tell this namespace from one of the same name in another VPC.
        description=f"chuoigen {prefix_of(spec)} {spec.network.vpc}",
        vpc=spec.network.vpc,
        tags=tags_of(spec),
        properties=NamespaceProperties(NamespaceDns(NegativeCaching(_NEGATIVE_TTL_S))),
        id=arn.cloud_map_id(written.namespace, "namespace"),
    )
    return {NAMESPACE: namespace, DISCOVERY: _registry(spec, written)}


def _registry(spec: Spec, written: Discovery) -> DiscoveryService:
    given = arn.cloud_map_id(written.service or "", "service")
    return DiscoveryService(
        key=DISCOVERY,
        name=written.service or prefix_of(spec),
        namespace_id=Ref(NAMESPACE),
        description=f"chuoigen {prefix_of(spec)}",
        dns_config=DnsConfig("MULTIVALUE", (DnsRecord(written.record.upper(), written.ttl),)),
        health_check_custom_config=CustomHealth(1),  # the one value that there is
        tags=tags_of(spec),
        id=arn.cloud_map_arn(spec.aws.account, spec.aws.region, "service", given) if given else None,
        domain=discovered_name(spec),
    )


def service_registries(spec: Spec) -> tuple[ServiceRegistry, ...]:
    """Return where ECS registers the tasks; it takes one place, and a port for SRV records alone."""
    written = spec.discovery
    if written is None:
        return ()
    ported = written.record == "srv"
    return (
        ServiceRegistry(
            registry_arn=Ref(DISCOVERY),
            container_name=written.container if ported else None,
            container_port=discovered_port(spec) if ported else None,
        ),
    )


def discovered_port(spec: Spec) -> int | None:
    """Return the port of an SRV record: the one written, or the first of its container."""
    written = spec.discovery
    if written is None or written.port is not None:
        return written.port if written is not None else None
    container = spec.containers.get(written.container or "")
    return first_port(container) if container is not None else None
