"""Service Connect as ECS has it: members in the order of botocore's model, times in seconds."""

from typing import ClassVar

from chuoigen.resources.resource import Shape


class ExactValue(Shape):
    """What a header must be."""

    exact: str


class TestHeader(Shape):
    """The header by which a request is a test."""

    name: str
    value: ExactValue


class TestTrafficRules(Shape):
    """Which requests go to the new tasks first."""

    header: TestHeader


class ClientAlias(Shape):
    """What clients connect to."""

    port: int
    dns_name: str | None
    test_traffic_rules: TestTrafficRules | None


class ProxyTimeouts(Shape):
    """How long the proxy waits."""

    idle_timeout_seconds: int | None
    per_request_timeout_seconds: int | None


class Issuer(Shape):
    """Who signs the certificates."""

    aws_pca_authority_arn: str


class ConnectTls(Shape):
    """Encryption between the proxies."""

    issuer_certificate_authority: Issuer
    kms_key: str | None
    role_arn: str


class ConnectService(Shape):
    """A port that others reach."""

    port_name: str
    discovery_name: str | None
    client_aliases: tuple[ClientAlias, ...]
    ingress_port_override: int | None
    timeout: ProxyTimeouts | None
    tls: ConnectTls | None


class AccessLog(Shape):
    """Lines about requests."""

    format: str
    include_query_parameters: str


class ProxySetting(Shape):
    """One setting of the proxy's container."""

    log_level: str


class ServiceConnectConfiguration(Shape):
    """How the service takes part in a namespace."""

    # An update keeps what is not sent.
    NONE: ClassVar = {"enabled": False}

    enabled: bool
    namespace: str
    services: tuple[ConnectService, ...]
    log_configuration: Shape
    access_log_configuration: AccessLog | None
    container_configurations: tuple[ProxySetting, ...]
