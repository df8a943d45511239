"""Cloud Map: a private DNS namespace, and the service in it with which ECS registers tasks. Times are in seconds."""

from collections.abc import Mapping
from typing import ClassVar

from chuoigen.resources.resource import Ref, Resource, Shape


class _Pascal(Shape):
    PASCAL: ClassVar = True
    PAIRS: ClassVar = {"tags": ("Key", "Value")}


class NegativeCaching(_Pascal):
    """How long resolvers remember that there is no such name."""

    SPELT: ClassVar = {"ttl": "TTL"}

    ttl: int


class NamespaceDns(_Pascal):
    """The zone of a namespace."""

    SPELT: ClassVar = {"soa": "SOA"}

    soa: NegativeCaching


class NamespaceProperties(_Pascal):
    """What the namespace consists of."""

    dns_properties: NamespaceDns


class Namespace(Resource, _Pascal):
    """A private DNS namespace of a VPC. `id` is given when it exists already; its description says whose it is."""

    APART: ClassVar = Resource.APART | {"id"}

    name: str
    description: str
    vpc: str
    tags: Mapping[str, str]
    properties: NamespaceProperties
    id: str | None

    @property
    def existing(self) -> bool:
        """Whether it is given by its ARN or id."""
        return self.id is not None


class HttpNamespace(Resource, _Pascal):
    """A namespace without DNS, for Service Connect. `id` is given when it exists already."""

    APART: ClassVar = Resource.APART | {"id"}

    name: str
    description: str
    tags: Mapping[str, str]
    id: str | None

    @property
    def existing(self) -> bool:
        """Whether it is given by its ARN or id."""
        return self.id is not None


class DnsRecord(_Pascal):
    """A kind of record that each task gets."""

    SPELT: ClassVar = {"ttl": "TTL"}

    type: str
    ttl: int


class DnsConfig(_Pascal):
    """The records of a service. MULTIVALUE answers with up to eight healthy tasks, and may answer with all."""

    routing_policy: str
    dns_records: tuple[DnsRecord, ...]


class CustomHealth(_Pascal):
    """That ECS says which task is healthy."""

    failure_threshold: int


class DiscoveryService(Resource, _Pascal):
    """A service of Cloud Map. `id` is its ARN, given when it exists already; `domain` is the DNS name of the tasks."""

    APART: ClassVar = Resource.APART | {"id", "domain"}

    name: str
    namespace_id: Ref
    description: str
    dns_config: DnsConfig
    health_check_custom_config: CustomHealth
    tags: Mapping[str, str]
    id: str | None
    domain: str | None

    @property
    def existing(self) -> bool:
        """Whether it is given by its ARN or id."""
        return self.id is not None
