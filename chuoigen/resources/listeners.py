"""Listeners of a load balancer and their rules: which requests there are, and what happens to them."""

from collections.abc import Mapping
from typing import ClassVar

from chuoigen.resources.resource import Ref, Resource, Shape


class _Pascal(Shape):
    PASCAL: ClassVar = True
    PAIRS: ClassVar = {"tags": ("Key", "Value")}


class Certificate(_Pascal):
    """A certificate of ACM, by its ARN."""

    certificate_arn: str


class Redirect(_Pascal):
    """Where a redirect leads; what is None stays as it is."""

    protocol: str | None
    port: str | None
    host: str | None
    path: str | None
    query: str | None
    status_code: str


class FixedResponse(_Pascal):
    """What is answered without a target."""

    message_body: str | None
    status_code: str
    content_type: str | None


class Share(_Pascal):
    """A target group with its weight."""

    target_group_arn: Ref
    weight: int


class GroupStickiness(_Pascal):
    """How long a client stays with one of several target groups, in seconds."""

    enabled: bool
    duration_seconds: int


class Forward(_Pascal):
    """Target groups that divide requests by their weights."""

    target_groups: tuple[Share, ...]
    target_group_stickiness_config: GroupStickiness | None


class Action(_Pascal):
    """What a listener does with a request: it forwards, redirects or answers it."""

    type: str
    target_group_arn: Ref | None = None
    redirect_config: Redirect | None = None
    fixed_response_config: FixedResponse | None = None
    forward_config: Forward | None = None

    @property
    def shares(self) -> dict[str, int]:
        """The weights of the target groups, by the keys of these; empty where it does not forward."""
        if self.forward_config is not None:
            return {share.target_group_arn.key: share.weight for share in self.forward_config.target_groups}
        return {self.target_group_arn.key: 1} if self.target_group_arn is not None else {}


class Listener(Resource, _Pascal):
    """A port on which a load balancer listens, with one action for what no rule is about."""

    load_balancer_arn: Ref
    protocol: str
    port: int
    ssl_policy: str | None
    certificates: tuple[Certificate, ...]
    default_actions: tuple[Action, ...]
    tags: Mapping[str, str]

    @property
    def action(self) -> Action:
        """What it does with a request that no rule is about."""
        return self.default_actions[0]

    @property
    def secures(self) -> bool:
        """Whether it only leads to HTTPS."""
        redirect = self.action.redirect_config
        return self.protocol == "HTTP" and redirect is not None and redirect.protocol == "HTTPS"

    @property
    def certificate(self) -> str | None:
        """The ARN of its certificate, None where it listens without one."""
        return self.certificates[0].certificate_arn if self.certificates else None


class GivenListener(Resource):
    """A listener that is there already, by its ARN."""

    given: str

    @property
    def existing(self) -> bool:
        """It is neither made nor changed, only its rules are."""
        return True


class Values(_Pascal):
    """Values of which one is enough."""

    values: tuple[str, ...]


class HeaderValues(_Pascal):
    """Values of a header, of which one is enough."""

    http_header_name: str
    values: tuple[str, ...]


class Parameter(_Pascal):
    """A parameter of the query; without a key it is any."""

    key: str | None
    value: str


class Parameters(_Pascal):
    """Parameters of which one is enough."""

    values: tuple[Parameter, ...]


class Condition(_Pascal):
    """What a request must have: one of the members says it."""

    field: str
    host_header_config: Values | None = None
    path_pattern_config: Values | None = None
    http_header_config: HeaderValues | None = None
    query_string_config: Parameters | None = None
    http_request_method_config: Values | None = None
    source_ip_config: Values | None = None

    @property
    def asked(self) -> tuple[str, ...]:
        """The values that are asked for, those of a parameter with its name."""
        if self.query_string_config is not None:
            return tuple(f"{each.key or ''}={each.value}" for each in self.query_string_config.values)
        plain = self.host_header_config or self.path_pattern_config or self.http_header_config
        said = plain or self.http_request_method_config or self.source_ip_config
        return said.values if said is not None else ()


class ListenerRule(Resource, _Pascal):
    """What happens to requests that meet all conditions. The rule with the lowest priority goes first."""

    listener_arn: Ref
    conditions: tuple[Condition, ...]
    priority: int
    actions: tuple[Action, ...]
    tags: Mapping[str, str]

    @property
    def name(self) -> str:
        """What the spec calls it."""
        return self.key.partition(":")[2]

    @property
    def action(self) -> Action:
        """What happens to the requests."""
        return self.actions[0]
