"""What the service talks to: its VPC, its neighbours, its load balancer."""

from typing import Annotated, Any

from pydantic import Field

from chuoigen.aws import defaults
from chuoigen.messages import Texts
from chuoigen.spec.model import Model, ShortForm, shown, wrong
from chuoigen.spec.scalars import Seconds, Text, TypedText

_say = Texts(__name__)


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


class WrittenHealth(Model):
    """How the load balancer learns that a task works."""

    path: Text
    """Path that is asked for."""
    interval: Seconds = defaults.TARGET_HEALTH_INTERVAL_S.value
    """Time between two checks."""
    timeout: Seconds = defaults.TARGET_HEALTH_TIMEOUT_S.value
    """How long an answer may take."""
    healthy: int = defaults.TARGET_HEALTHY.value
    """Successes in a row that make a target healthy."""
    unhealthy: int = defaults.TARGET_UNHEALTHY.value
    """Failures in a row that make a target unhealthy."""
    matcher: TypedText = defaults.TARGET_MATCHER.value
    """Status codes of success: "200", "200,204" or "200-299"."""
    port: int | None = None
    """Port that is asked, of any container of the task. Default: the port that gets the requests."""


def _expand_health(value: Any) -> Any:
    if isinstance(value, str):
        return {"path": value}
    if not isinstance(value, dict):
        raise wrong(_say("invalid-value.health-check", value=shown(value)))
    return value


class LoadBalancer(Model):
    """An Application Load Balancer in front of the service."""

    target: Text
    """Container that gets the requests."""
    port: int | None = None
    """Port of the target. Default: its first port."""
    healthcheck: Annotated[WrittenHealth, ShortForm(_expand_health, {"type": "string"})] | None = None
    """Path of the health check, or the long form. Default: /."""
    certificate: Text | None = None
    """ARN of an ACM certificate: HTTPS on 443, and 80 redirects to it."""
    ssl_policy: Text | None = None
    """TLS policy of the HTTPS listener."""
    idle_timeout: Seconds | None = None
    """How long an idle connection stays open, and an answer may take. Default: 60 s, or a little less than the target
    keeps its connections.
    """
    deregistration_delay: Seconds | None = None
    """How long a leaving task still gets its running requests. Default: as long as an answer may take."""
    internal: bool = False
    """Whether it is only reachable inside the VPC."""
    name: Text | None = None
    """Name of the load balancer. Default: `<name>-<stage>-alb`."""
    target_group: Text | None = None
    """Name of the target group. Default: `<name>-<stage>-<target>`."""
