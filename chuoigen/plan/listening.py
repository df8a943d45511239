"""What a listener does with requests: its rules with their conditions, and actions."""

from collections.abc import Iterator

from chuoigen.plan import targets
from chuoigen.plan.naming import tags_of
from chuoigen.resources import Ref
from chuoigen.resources.listeners import (
    Action,
    Condition,
    FixedResponse,
    Forward,
    GroupStickiness,
    HeaderValues,
    ListenerRule,
    Parameter,
    Parameters,
    Redirect,
    Share,
    Values,
)
from chuoigen.spec import Spec
from chuoigen.spec.balancer import Action as Written
from chuoigen.spec.balancer import ListenerRule as WrittenRule
from chuoigen.spec.balancer import LoadBalancer

_PLAIN = "text/plain"


def listener_rule(spec: Spec, balancer: LoadBalancer, name: str, listener: Ref) -> ListenerRule:
    """Return a rule of the spec as one of a listener."""
    written = balancer.rules[name]
    return ListenerRule(
        key=f"listener-rule:{name}",
        listener_arn=listener,
        conditions=tuple(_conditions(written)),
        priority=written.priority,
        actions=(action(balancer, written),),
        tags=tags_of(spec),
    )


def _conditions(written: WrittenRule) -> Iterator[Condition]:
    """Give the conditions: one for each kind, and for each header and each parameter of the query."""
    if written.host:
        yield Condition("host-header", host_header_config=Values(tuple(written.host)))
    if written.path:
        yield Condition("path-pattern", path_pattern_config=Values(tuple(written.path)))
    for header, values in written.header.items():
        yield Condition("http-header", http_header_config=HeaderValues(header, tuple(values)))
    for name, values in written.query.items():
        found = tuple(Parameter(name or None, value) for value in values)
        yield Condition("query-string", query_string_config=Parameters(found))
    if written.method:
        yield Condition("http-request-method", http_request_method_config=Values(tuple(written.method)))
    if written.source_ip:
        yield Condition("source-ip", source_ip_config=Values(tuple(written.source_ip)))


def action(balancer: LoadBalancer, written: Written | None) -> Action:
    """Return an action; without one that is written, the first target gets the requests."""
    if written is not None and written.redirect is not None:
        return Action("redirect", redirect_config=_redirect(written))
    if written is not None and written.respond is not None:
        return Action("fixed-response", fixed_response_config=_response(written))
    shares = written.forward if written is not None and written.forward is not None else {balancer.target: 1}
    if len(shares) == 1:
        return Action("forward", Ref(targets.group_key(balancer, next(iter(shares)))))
    divided = tuple(Share(Ref(targets.group_key(balancer, name)), weight) for name, weight in shares.items())
    seconds = written.sticky if written is not None else None
    sticky = GroupStickiness(enabled=True, duration_seconds=seconds) if seconds is not None else None
    return Action("forward", forward_config=Forward(divided, sticky))


def _redirect(written: Written) -> Redirect:
    assert written.redirect is not None  # noqa: S101  the caller has looked
    port = written.redirect.port
    return Redirect(
        protocol=written.redirect.protocol,
        port=None if port is None else str(port),
        host=written.redirect.host,
        path=written.redirect.path,
        query=written.redirect.query,
        status_code=f"HTTP_{written.redirect.status}",
    )


def _response(written: Written) -> FixedResponse:
    assert written.respond is not None  # noqa: S101  the caller has looked
    return FixedResponse(
        message_body=written.respond.body,
        status_code=str(written.respond.status),
        content_type=written.respond.type or _PLAIN,
    )
