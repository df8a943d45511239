"""The load balancer in front of the service: its targets, and what happens to requests."""

from typing import Annotated, Any, Literal

from pydantic import Field

from chuoigen.aws import defaults
from chuoigen.messages import Texts
from chuoigen.spec.model import Model, ShortForm, shown, wrong
from chuoigen.spec.scalars import SEVERAL_LINES, Seconds, Text, TypedText, as_list

_say = Texts(__name__)

_Texts = Annotated[list[TypedText], Field(min_length=1), ShortForm(as_list, {"type": "string"})]


class WrittenHealth(Model):
    """How the load balancer learns that a task works."""

    path: Text
    """Path that is asked for; of a gRPC target the method, `/package.service/method`."""
    interval: Seconds = defaults.TARGET_HEALTH_INTERVAL_S.value
    """Time between two checks."""
    timeout: Seconds = defaults.TARGET_HEALTH_TIMEOUT_S.value
    """How long an answer may take."""
    healthy: int = defaults.TARGET_HEALTHY.value
    """Successes in a row that make a target healthy."""
    unhealthy: int = defaults.TARGET_UNHEALTHY.value
    """Failures in a row that make a target unhealthy."""
    matcher: TypedText | None = None
    """Status codes of success: "200", "200,204" or "200-299"; of a gRPC target "0" or "0-99". Default: "200", of a gRPC
    target "12".
    """
    port: int | None = None
    """Port that is asked, of any container of the task. Default: the port that gets the requests."""


def _expand_health(value: Any) -> Any:
    if isinstance(value, str):
        return {"path": value}
    if not isinstance(value, dict):
        raise wrong(_say("invalid-value.health-check", value=shown(value)))
    return value


class Sticky(Model):
    """Sends the requests of a client to one task, as long as it is healthy."""

    duration: Seconds = defaults.STICKY_DURATION_S.value
    """How long after a request the client stays with the task, 1 second to 7 days."""
    cookie: Text | None = None
    """Cookie of the application that clients are recognised by. Default: one that the load balancer sets."""


def _expand_sticky(value: Any) -> Any:
    return value if isinstance(value, dict) else {"duration": value}


_sticky = ShortForm(_expand_sticky, {"anyOf": [{"type": "integer"}, {"type": "string"}]})


class Balanced(Model):
    """How a container gets requests from a load balancer."""

    port: int | None = None
    """Port of the container. Default: its first port."""
    protocol: Literal["http1", "http2", "grpc"] = defaults.TARGET_PROTOCOL.value
    """What the container speaks: HTTP/1.1, HTTP/2 or gRPC."""
    healthcheck: Annotated[WrittenHealth, ShortForm(_expand_health, {"type": "string"})] | None = None
    """Path of the health check, or the long form. Default: /, of a gRPC target /AWS.ALB/healthcheck."""
    deregistration_delay: Seconds | None = None
    """How long a leaving task still gets its running requests. Default: as long as an answer may take."""
    slow_start: Seconds | None = None
    """Time in which a new task gets more and more requests, 30 s to 15 minutes. Default: its full share at once."""
    sticky: Annotated[Sticky, _sticky] | None = None
    """How long a client stays with one task, or the long form. Default: any task gets any request."""
    target_group: Text | None = None
    """Name of the target group. Default: `<name>-<stage>-<target>`."""


class Target(Balanced):
    """A further container or port that gets requests."""

    container: Text | None = None
    """Container that gets the requests. Default: the one that the target is called after."""


class Redirect(Model):
    """Where a redirect leads. What is not written stays as the request has it."""

    protocol: Literal["HTTP", "HTTPS"] | None = None
    """HTTP or HTTPS."""
    host: Text | None = None
    """Host, in which #{host} is that of the request."""
    port: int | None = None
    """Port."""
    path: Text | None = None
    """Path, in which #{host}, #{path} and #{port} are those of the request."""
    query: Text | None = None
    """Query, in which #{query} is that of the request."""
    status: int = defaults.REDIRECT_STATUS.value
    """301 when it is for good, 302 when it is not."""


class Response(Model):
    """An answer that the load balancer gives itself."""

    status: int
    """Status code, of 2xx, 4xx or 5xx."""
    type: Text | None = None
    """Media type of the body. Default: text/plain."""
    body: Annotated[str | None, SEVERAL_LINES] = None
    """Text, of 1024 bytes at most."""


def _expand_response(value: Any) -> Any:
    return {"status": value} if isinstance(value, int) else value


def _expand_forward(value: Any) -> Any:
    return {value: 1} if isinstance(value, str) else value


_forward = ShortForm(_expand_forward, {"type": "string"})


class Action(Model):
    """What happens to requests: one of forward, redirect and respond."""

    forward: Annotated[dict[Text, int], Field(min_length=1), _forward] | None = None
    """Target that gets them, or several with their weights, 0 to 999. Default: the first target."""
    sticky: Seconds | None = None
    """How long a client stays with one of several targets. Default: each request is divided anew."""
    redirect: Redirect | None = None
    """Where they are sent."""
    respond: Annotated[Response, ShortForm(_expand_response, {"type": "integer"})] | None = None
    """Status code that they are answered with, or the long form."""


class ListenerRule(Action):
    """What happens to requests that meet all of its conditions. Of the values of one condition, one is enough."""

    priority: int
    """Which rule goes first: the lowest number, 1 to 50000. Each stands once in a listener."""
    host: _Texts = Field(default_factory=list)
    """Hosts, in which * and ? are wildcards: one or a list."""
    path: _Texts = Field(default_factory=list)
    """Paths, in which * and ? are wildcards: one or a list."""
    header: dict[str, _Texts] = Field(default_factory=dict)
    """Headers by name, with one value or a list, in which * and ? are wildcards."""
    query: dict[str, _Texts] = Field(default_factory=dict)
    """Parameters of the query by name, with one value or a list, in which * and ? are wildcards. "" is any name."""
    method: _Texts = Field(default_factory=list)
    """Methods: one or a list."""
    source_ip: _Texts = Field(default_factory=list)
    """Addresses that requests come from, as CIDR blocks: one or a list."""


class LoadBalancer(Balanced):
    """An Application Load Balancer in front of the service."""

    target: Text
    """Container that gets the requests."""
    targets: dict[str, Target] = Field(default_factory=dict)
    """Further containers and ports that get requests by rules, by names of your own."""
    rules: dict[str, ListenerRule] = Field(default_factory=dict)
    """What happens to some of the requests, by names of your own; the others take the default."""
    default: Action | None = None
    """What happens to requests that no rule is about. Default: the target gets them."""
    listener: Text | None = None
    """ARN of a listener that is there already, of somebody else's load balancer. Target groups and rules are added to
    it, and nothing else of it is changed. Default: a load balancer is made.
    """
    certificate: Text | None = None
    """ARN of an ACM certificate: HTTPS on 443, and 80 redirects to it."""
    ssl_policy: Text | None = None
    """TLS policy of the HTTPS listener."""
    idle_timeout: Seconds | None = None
    """How long an idle connection stays open, and an answer may take. Default: 60 s, or a little less than the target
    keeps its connections.
    """
    internal: bool = False
    """Whether it is only reachable inside the VPC."""
    name: Text | None = None
    """Name of the load balancer. Default: `<name>-<stage>-alb`."""
