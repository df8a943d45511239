"""What the service talks to: its VPC and its neighbours."""

from typing import Annotated

from pydantic import Field

from chuoigen.spec.model import Model
from chuoigen.spec.scalars import Text


class Pool(Model):
    """Connections that a container holds to a backend."""

    container: Text
    """Container that opens the connections."""
    variable: Text
    """Environment variable with the size of the pool."""
    size: Annotated[int, Field(ge=1)]
    """Connections of one process."""
    processes: Annotated[int | None, Field(ge=1)] = None
    """Processes of the container that open such a pool each. Default: one."""


class Backend(Model):
    """Something outside the task that it connects to: a database, a cache."""

    host: Text
    """Host name or address."""
    port: int
    """TCP port."""
    security_group: Text | None = None
    """Existing group (sg-…) that admits its members to the backend. Default: one is made."""
    max_connections: Annotated[int | None, Field(ge=1)] = None
    """Connections that the backend admits."""
    pool: Pool | None = None
    """Connections that each task opens."""
    pools: list[Pool] = Field(default_factory=list)
    """Further pools to it, of other containers or with other variables."""


class Subnets(Model):
    """Subnets by kind."""

    private: list[Text] = Field(default_factory=list)
    """Subnets whose way out is a NAT gateway or endpoints."""
    public: list[Text] = Field(default_factory=list)
    """Subnets with an internet gateway."""


class Allow(Model):
    """One intended way: who may talk to whom."""

    source: Text = Field(alias="from")
    """`internet`, `alb`, a container, a CIDR block, an existing prefix list (pl-…) or an existing security group: sg-…,
    or `<account>/sg-…` for one of a peered VPC in another account.
    """
    target: Text = Field(alias="to")
    """`alb`, a container or a backend."""
    ports: list[int] | None = None
    """Ports. Default: all that the target declares (tcp)."""


class GroupNames(Model):
    """Security groups of the service by role: a name to create, or the id (sg-…) of one to join."""

    service: Text | None = None
    """Group of the task and the load balancer. Default: `<name>-<stage>-service`."""
    alb: Text | None = None
    """Group of the load balancer. Default: `<name>-<stage>-alb`."""
    also: list[Text] = Field(default_factory=list)
    """Further groups (sg-…) that exist already and that the tasks join: of a database, of what all services share."""


class Network(Model):
    """Where the tasks run and who may reach them."""

    vpc: Text
    """Id of the VPC."""
    subnets: Subnets
    """Subnets by kind."""
    allow: list[Allow] = Field(default_factory=list)
    """Intended ways; the security groups are derived from them."""
    security_groups: GroupNames | None = None
    """Names of the groups, or existing groups to join."""
