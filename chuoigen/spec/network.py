"""What the service talks to: its VPC, its neighbours, its load balancer."""

from typing import Annotated, Any

from pydantic import Field

from chuoigen.spec.model import Model, ShortForm, shown, wrong
from chuoigen.spec.scalars import Seconds, Text, TypedText


class Pool(Model):
    """The connections that one task holds to a backend."""

    container: Annotated[Text, Field(description="Container that opens the connections.")]
    variable: Annotated[Text, Field(description="Environment variable with the size of the pool.")]
    size: Annotated[int, Field(ge=1, description="Connections of one task.")]


class Backend(Model):
    """Something outside the task that it connects to: a database, a cache."""

    host: Annotated[Text, Field(description="Host name or address.")]
    port: Annotated[int, Field(description="TCP port.")]
    security_group: Annotated[
        Text | None,
        Field(
            default=None,
            description="Existing group (sg-…) that admits its members to the backend. Default: one is made.",
        ),
    ]
    max_connections: Annotated[
        int | None, Field(default=None, ge=1, description="Connections that the backend admits.")
    ]
    pool: Annotated[Pool | None, Field(default=None, description="Connections that each task opens.")]


class Subnets(Model):
    """Subnets by kind."""

    private: Annotated[
        list[Text],
        Field(default_factory=list, description="Subnets whose way out is a NAT gateway or endpoints."),
    ]
    public: Annotated[list[Text], Field(default_factory=list, description="Subnets with an internet gateway.")]


class Allow(Model):
    """One intended way: who may talk to whom."""

    source: Annotated[
        Text,
        Field(
            alias="from",
            description="`internet`, `alb`, a container, a CIDR block or an existing security group (sg-…).",
        ),
    ]
    target: Annotated[Text, Field(alias="to", description="`alb`, a container or a backend.")]
    ports: Annotated[
        list[int] | None,
        Field(default=None, description="Ports. Default: all that the target declares (tcp)."),
    ]


class GroupNames(Model):
    """Security groups of the service by role: a name to create, or the id (sg-…) of one to join."""

    service: Annotated[
        Text | None,
        Field(
            default=None,
            description="Group of the task and the load balancer. Default: `<name>-<stage>-service`.",
        ),
    ]
    alb: Annotated[
        Text | None,
        Field(default=None, description="Group of the load balancer. Default: `<name>-<stage>-alb`."),
    ]


class Network(Model):
    """Where the tasks run and who may reach them."""

    vpc: Annotated[Text, Field(description="Id of the VPC.")]
    subnets: Annotated[Subnets, Field(description="Subnets by kind.")]
    allow: Annotated[
        list[Allow],
        Field(default_factory=list, description="Intended ways; the security groups are derived from them."),
    ]
    security_groups: Annotated[
        GroupNames | None, Field(default=None, description="Names of the groups, or existing groups to join.")
    ]


class WrittenHealth(Model):
    """How the load balancer learns that a task works."""

    path: Annotated[Text, Field(description="Path that is asked for.")]
    interval: Annotated[Seconds, Field(default=30, description="Time between two checks.")]
    timeout: Annotated[Seconds, Field(default=5, description="How long an answer may take.")]
    healthy: Annotated[int, Field(default=3, description="Successes in a row that make a target healthy.")]
    unhealthy: Annotated[int, Field(default=3, description="Failures in a row that make a target unhealthy.")]
    matcher: Annotated[
        TypedText, Field(default="200", description='Status codes of success: "200", "200,204" or "200-299".')
    ]


def _expand_health(value: Any) -> Any:
    if isinstance(value, str):
        return {"path": value}
    if not isinstance(value, dict):
        raise wrong(f"{shown(value)} is not a health check", "write its path, for example /health")
    return value


class LoadBalancer(Model):
    """An Application Load Balancer in front of the service."""

    target: Annotated[Text, Field(description="Container that gets the requests.")]
    port: Annotated[int | None, Field(default=None, description="Port of the target. Default: its first port.")]
    health_check: Annotated[
        Annotated[WrittenHealth, ShortForm(_expand_health, {"type": "string"})] | None,
        Field(default=None, description="Path of the health check, or the long form. Default: /."),
    ]
    certificate: Annotated[
        Text | None,
        Field(default=None, description="ARN of an ACM certificate: HTTPS on 443, and 80 redirects to it."),
    ]
    ssl_policy: Annotated[Text | None, Field(default=None, description="TLS policy of the HTTPS listener.")]
    idle_timeout: Annotated[Seconds, Field(default=60, description="How long an idle connection stays open.")]
    deregistration_delay: Annotated[
        Seconds | None,
        Field(
            default=None,
            description="How long a leaving task still gets its running requests. Default: the target's stop timeout.",
        ),
    ]
    internal: Annotated[bool, Field(default=False, description="Whether it is only reachable inside the VPC.")]
    name: Annotated[
        Text | None,
        Field(default=None, description="Name of the load balancer. Default: `<name>-<stage>-alb`."),
    ]
    target_group: Annotated[
        Text | None,
        Field(default=None, description="Name of the target group. Default: `<name>-<stage>-<target>`."),
    ]
