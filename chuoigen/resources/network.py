"""Security groups with their inbound rules, and the load balancer with its target groups."""

from collections.abc import Mapping
from enum import Enum
from typing import ClassVar

from chuoigen.messages import Message
from chuoigen.record import Record
from chuoigen.resources.resource import Ref, Resource, Shape

_TAGS = {"tags": ("Key", "Value")}


class _Pascal(Shape):
    PASCAL: ClassVar = True
    PAIRS: ClassVar = _TAGS


class TagSpecification(_Pascal):
    """Tags of what is created in the same call."""

    resource_type: str
    tags: Mapping[str, str]


class SecurityGroup(Resource, _Pascal):
    """A security group. `id` is given when it exists already and is only joined; else it is made under its name.

    `members` are "task", "alb" and names of backends.
    """

    APART: ClassVar = Resource.APART | {"id", "members"}

    description: Message
    group_name: str
    vpc_id: str | None
    tag_specifications: tuple[TagSpecification, ...]
    id: str | None
    members: tuple[str, ...]

    @property
    def existing(self) -> bool:
        """Whether it is given by its id."""
        return self.id is not None

    @property
    def name(self) -> str:
        """The group's id when it is given, else its name."""
        return self.id or self.group_name

    @property
    def role(self) -> str:
        """What the group is for: service, alb or a backend's name."""
        return self.key.partition(":")[2]


class SourceKind(Enum):
    """What a security group admits, beside its own members."""

    ADDRESSES = "addresses"
    GROUP = "group"
    PREFIX_LIST = "prefix-list"


def source_kind(source: str) -> SourceKind:
    """Say what the text of a source is: pl-… is a prefix list, sg-… and ACCOUNT/sg-… are groups, the rest addresses."""
    if source.startswith("pl-"):
        return SourceKind.PREFIX_LIST
    return SourceKind.GROUP if source.startswith("sg-") or "/sg-" in source else SourceKind.ADDRESSES


def account_and_group(source: str) -> tuple[str | None, str]:
    """Part a group into its account and its id; None where it is of this account."""
    account, _, group = source.rpartition("/")
    return account or None, group


class IngressRule(Resource):
    """An inbound rule: `source` is a group (its own one, too) or a text as `source_kind` tells them apart; one port.

    `why` says what it is for, and is the rule's description.
    """

    group: Ref
    protocol: str
    port: int
    source: Ref | str
    why: Message

    def sent(self) -> Shape:
        """Return the request of authorize-security-group-ingress."""
        source = self._source()
        kinds = (_GroupSource, _BlockSource, _BlockSource6, _PrefixListSource)
        sources = [(source,) if isinstance(source, kind) else () for kind in kinds]
        return _Authorization(self.group, (_Permission(self.protocol, self.port, self.port, *sources),))

    def _source(self) -> Shape:
        source = self.source
        if isinstance(source, Ref):
            return _GroupSource(self.why, None, source)
        kind = source_kind(source)
        if kind is SourceKind.GROUP:
            return _GroupSource(self.why, *account_and_group(source))
        if kind is SourceKind.PREFIX_LIST:
            return _PrefixListSource(self.why, source)
        return _BlockSource6(self.why, source) if ":" in source else _BlockSource(self.why, source)


class _Source(_Pascal):
    description: Message


class _GroupSource(_Source):
    user_id: str | None
    group_id: Ref | str


class _BlockSource(_Source):
    cidr_ip: str


class _BlockSource6(_Source):
    cidr_ipv6: str


class _PrefixListSource(_Source):
    prefix_list_id: str


class _Permission(_Pascal):
    ip_protocol: str
    from_port: int
    to_port: int
    user_id_group_pairs: tuple[_Source, ...]
    ip_ranges: tuple[_Source, ...]
    ipv6_ranges: tuple[_Source, ...]
    prefix_list_ids: tuple[_Source, ...]


class _Authorization(_Pascal):
    group_id: Ref
    ip_permissions: tuple[_Permission, ...]


class Attributes(_Pascal):
    """Settings that a load balancer or a target group takes after it was made."""

    PAIRS: ClassVar = {"attributes": ("Key", "Value")}

    load_balancer_arn: Ref | None
    target_group_arn: Ref | None
    attributes: Mapping[str, str]


class LoadBalancer(Resource, _Pascal):
    """An Application Load Balancer; its idle time-out is in seconds. `given` is the ARN of one that is there."""

    APART: ClassVar = Resource.APART | {"idle_timeout", "given"}

    name: str
    subnets: tuple[str, ...]
    security_groups: tuple[Ref, ...]
    scheme: str
    tags: Mapping[str, str]
    type: str
    ip_address_type: str
    idle_timeout: int
    given: str | None

    @property
    def existing(self) -> bool:
        """Whether it is there already."""
        return self.given is not None

    def attributes(self) -> Attributes:
        """Return the request of modify-load-balancer-attributes."""
        return Attributes(Ref(self.key), None, {"idle_timeout.timeout_seconds": str(self.idle_timeout)})


class Matcher(_Pascal):
    """Which answers are good: "200", "200,204" or "200-299", or codes of gRPC."""

    http_code: str | None
    grpc_code: str | None


class Stickiness(Record):
    """How long requests of a client go to one task, in seconds; `cookie` is one of the application."""

    duration: int
    cookie: str | None

    def attributes(self) -> dict[str, str]:
        """Return the attributes of a target group."""
        kind = "app_cookie" if self.cookie else "lb_cookie"
        named = {"stickiness.app_cookie.cookie_name": self.cookie} if self.cookie else {}
        lasts = {f"stickiness.{kind}.duration_seconds": str(self.duration)}
        return {"stickiness.enabled": "true", "stickiness.type": kind, **named, **lasts}


class TargetGroup(Resource, _Pascal):
    """Where a load balancer sends requests: addresses of tasks of `container`. All times are in seconds."""

    APART: ClassVar = Resource.APART | {"container", "deregistration_delay", "slow_start", "sticky"}

    name: str
    protocol: str
    protocol_version: str | None
    port: int
    vpc_id: str | None
    health_check_protocol: str
    health_check_port: str
    health_check_enabled: bool
    health_check_path: str
    health_check_interval_seconds: int
    health_check_timeout_seconds: int
    healthy_threshold_count: int
    unhealthy_threshold_count: int
    matcher: Matcher
    target_type: str
    tags: Mapping[str, str]
    container: str
    deregistration_delay: int
    slow_start: int
    sticky: Stickiness | None

    def attributes(self) -> Attributes:
        """Return the request of modify-target-group-attributes."""
        settings = {
            "deregistration_delay.timeout_seconds": str(self.deregistration_delay),
            "slow_start.duration_seconds": str(self.slow_start),
            "stickiness.enabled": "false",
        }
        return Attributes(None, Ref(self.key), settings | (self.sticky.attributes() if self.sticky else {}))
