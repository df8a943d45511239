"""Service Connect: other services reach this one through a proxy in each task."""

from typing import Annotated, Any, Literal

from pydantic import Field

from chuoigen.aws import defaults
from chuoigen.spec.model import Model, ShortForm
from chuoigen.spec.runtime import Logs
from chuoigen.spec.scalars import Seconds, Text


class Tls(Model):
    """Encryption between the proxies, with certificates that ECS has made and renews."""

    authority: Text
    """ARN of the authority of AWS Private CA that signs the certificates."""
    kms_key: Text | None = None
    """ARN of the key of your own that encrypts their private keys. Default: a key of AWS."""
    role: Text
    """ARN of the role with which ECS asks for the certificates."""


class HeaderValue(Model):
    """A header of a request, with its exact value."""

    name: Text
    """Name of the header."""
    value: Text
    """Its value."""


class Endpoint(Model):
    """How clients reach a port of this service."""

    port: int | None = None
    """Port that clients connect to. Default: the port of the container."""
    alias: Text | None = None
    """Host name that clients connect to. Default: `<name>.<namespace>`."""
    name: Text | None = None
    """Name in the namespace. Default: the name of the port."""
    ingress_port: int | None = None
    """Port on which the proxy listens in the task. Default: the port of the container."""
    idle_timeout: Seconds | None = None
    """How long an idle connection stays open; 0: for ever. Default: 5 minutes, for TCP an hour."""
    request_timeout: Seconds | None = None
    """How long an answer may take; 0: for ever. Default: 15 seconds."""
    test_header: HeaderValue | None = None
    """Requests with this header go to the new tasks before the others, in a blue/green deployment."""
    tls: Tls | None = None
    """Encryption between the proxies."""


class WrittenAccessLog(Model):
    """Lines of the proxy about requests."""

    format: Literal["text", "json"]
    """Form of the lines."""
    query_parameters: bool = False
    """Whether the lines have the query of each request, which may hold what nobody should read."""


def _expand_access_log(value: Any) -> Any:
    return {"format": value} if isinstance(value, str) else value


class ServiceConnect(Model):
    """The service takes part in a namespace: its tasks reach the others there, and the others reach its `services`."""

    namespace: Text
    """Namespace of Cloud Map: its name, or the ARN of one that is there. One of that name is made if there is none."""
    services: dict[str, Endpoint] = Field(default_factory=dict)
    """What others reach, by the names of ports. Without it the service is only a client."""
    logs: Logs | None = None
    """Where the output of the proxy goes. Default: as that of a container `service-connect`."""
    access_log: Annotated[WrittenAccessLog, ShortForm(_expand_access_log, {"type": "string"})] | None = None
    """Lines of the proxy about requests: `text`, `json` or the long form. Default: none."""
    log_level: Literal["info", "debug"] = defaults.PROXY_LOG_LEVEL.value
    """How much the proxy says of itself."""
