"""How tasks find each other by name."""

from typing import Literal

from chuoigen.aws import defaults
from chuoigen.spec.model import Model
from chuoigen.spec.scalars import Seconds, Text


class Discovery(Model):
    """A DNS name for the tasks: ECS registers the address of each in Cloud Map, as `<service>.<namespace>`."""

    namespace: Text
    """Private DNS namespace: a name to create, such as shop.internal, or the ARN or id (ns-…) of one that is there."""
    domain: Text | None = None
    """Name of a namespace that is given by its ARN or id. Default: not known, and nothing is made of it."""
    service: Text | None = None
    """Name in the namespace, or the ARN or id (srv-…) of a service of Cloud Map that is there. Default:
    `<name>-<stage>`.
    """
    record: Literal["a", "srv"] = defaults.DISCOVERY_RECORD.value
    """`a`: the addresses of the tasks. `srv`: addresses with the port of a container."""
    container: Text | None = None
    """Container whose port an SRV record says."""
    port: int | None = None
    """Port that an SRV record says. Default: the container's first port."""
    ttl: Seconds = defaults.DISCOVERY_TTL_S.value
    """How long resolvers keep an answer."""
