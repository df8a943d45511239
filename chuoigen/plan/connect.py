"""Service Connect: the namespace, what others reach of this service, and the output of the proxy."""

from chuoigen.aws import arn
from chuoigen.plan.definitions import LogPlan
from chuoigen.plan.logs import log_plan
from chuoigen.plan.naming import prefix_of, tags_of
from chuoigen.provenance import decision, keyed
from chuoigen.resources import Resource
from chuoigen.resources.connect import (
    AccessLog,
    ClientAlias,
    ConnectService,
    ConnectTls,
    ExactValue,
    Issuer,
    ProxySetting,
    ProxyTimeouts,
    ServiceConnectConfiguration,
    TestHeader,
    TestTrafficRules,
)
from chuoigen.resources.discovery import HttpNamespace
from chuoigen.spec import Spec
from chuoigen.spec.connect import Endpoint, HeaderValue, ServiceConnect, WrittenAccessLog

CONNECT_NAMESPACE = "connect-namespace"
PROXY = "service-connect"
"""What the proxy is called where containers have names."""


@decision
def connect_resources(spec: Spec) -> dict[str, Resource]:
    """Return the namespace; none where `discovery` has it, which is as good."""
    written = spec.service_connect
    if written is None or spec.network is None:
        return {}
    if spec.discovery is not None and spec.discovery.namespace == written.namespace:
        return {}
    given = arn.cloud_map_id(written.namespace, "namespace")
    namespace = HttpNamespace(
        key=CONNECT_NAMESPACE,
        name=written.namespace,
        description=f"chuoigen {prefix_of(spec)}",
        tags=tags_of(spec),
        id=given,
    )
    return {CONNECT_NAMESPACE: namespace}


def proxy_logs(spec: Spec) -> dict[str, LogPlan]:
    """Return where the output of the proxy goes, by the proxy's name; empty where there is none."""
    written = spec.service_connect
    return {PROXY: log_plan(spec, PROXY, written.logs)} if written is not None and spec.network is not None else {}


def named_ports(spec: Spec) -> dict[str, tuple[int, str | None]]:
    """Return the ports that have a name, with what is spoken on each."""
    return {
        port.name: (port.container, port.app_protocol)
        for container in spec.containers.values()
        for port in container.ports
        if port.name is not None
    }


def service_connect(spec: Spec) -> ServiceConnectConfiguration | None:
    """Return how the service takes part in its namespace."""
    written = spec.service_connect
    if written is None:
        return None
    given = arn.cloud_map_id(written.namespace, "namespace")
    return ServiceConnectConfiguration(
        enabled=True,
        namespace=arn.cloud_map_arn(spec.aws.account, spec.aws.region, "namespace", given)
        if given
        else written.namespace,
        services=tuple(keyed(written.services, lambda name: _service(spec, written, name)).values()),
        log_configuration=log_plan(spec, PROXY, written.logs),
        access_log_configuration=_access_log(written.access_log),
        # What is not sent has its default again; older versions of the AWS CLI do not know the member.
        container_configurations=(ProxySetting(written.log_level),) if written.log_level != "info" else (),
    )


def _service(spec: Spec, written: ServiceConnect, name: str) -> ConnectService:
    endpoint = written.services[name]
    number, _ = named_ports(spec).get(name, (0, None))
    return ConnectService(
        port_name=name,
        discovery_name=endpoint.name,
        client_aliases=(ClientAlias(endpoint.port or number, endpoint.alias, _test(endpoint.test_header)),),
        ingress_port_override=endpoint.ingress_port,
        timeout=_timeouts(endpoint),
        tls=ConnectTls(Issuer(endpoint.tls.authority), endpoint.tls.kms_key, endpoint.tls.role)
        if endpoint.tls
        else None,
    )


def _timeouts(endpoint: Endpoint) -> ProxyTimeouts | None:
    idle, request = endpoint.idle_timeout, endpoint.request_timeout
    return ProxyTimeouts(idle, request) if (idle, request) != (None, None) else None


def _test(header: HeaderValue | None) -> TestTrafficRules | None:
    return TestTrafficRules(TestHeader(header.name, ExactValue(header.value))) if header is not None else None


def _access_log(written: WrittenAccessLog | None) -> AccessLog | None:
    if written is None:
        return None
    return AccessLog(written.format.upper(), "ENABLED" if written.query_parameters else "DISABLED")
