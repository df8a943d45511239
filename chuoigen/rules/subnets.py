"""Where tasks run: the VPC, its subnets, and the groups that the task joins."""

from collections.abc import Iterator

from chuoigen.aws import limits, names
from chuoigen.diagnostics import Severity
from chuoigen.lint.rule import Finding, Rule, Subject
from chuoigen.messages import ENGLISH
from chuoigen.yaml.document import KeyPath

_GROUP_HELP = (
    'write the id of a group to join, or a name to create that does not begin with "sg-", which EC2 keeps for ids'
)


def _ids(subject: Subject) -> Iterator[tuple[KeyPath, names.Kind, str]]:
    """Yield every id of the network: its path, its kind, what was written."""
    network = subject.spec.network
    if network is not None:
        yield ("network", "vpc"), names.Kind.VPC, network.vpc
        for kind in ("private", "public"):
            for index, subnet in enumerate(getattr(network.subnets, kind)):
                yield ("network", "subnets", kind, index), names.Kind.SUBNET, subnet
        for role in ("service", "alb"):
            group = getattr(network.security_groups, role, None)
            if group is not None and group.startswith("sg-"):
                yield ("network", "security_groups", role), names.Kind.SECURITY_GROUP_ID, group
        for index, allow in enumerate(network.allow):
            if allow.source.startswith("sg-") and allow.source not in subject.spec.containers:
                yield ("network", "allow", index, "from"), names.Kind.SECURITY_GROUP_ID, allow.source
    for name, backend in subject.spec.backends.items():
        if backend.security_group is not None and backend.security_group.startswith("sg-"):
            yield ("backends", name, "security_group"), names.Kind.SECURITY_GROUP_ID, backend.security_group


def _id_format(subject: Subject) -> Iterator[Finding]:
    for path, kind, written in _ids(subject):
        complaint = names.violation(kind, written)
        if complaint:
            message = f'{ENGLISH.text(names.noun(kind))} "{written}" {ENGLISH.text(complaint)}'
            advice = f"write the {ENGLISH.text(names.noun(kind))}'s id"
            yield Finding(path, message, _GROUP_HELP if kind is names.Kind.SECURITY_GROUP_ID else advice)


def _duplicate(subject: Subject) -> Iterator[Finding]:
    seen: dict[str, KeyPath] = {}
    for path, kind, written in _ids(subject):
        if kind is not names.Kind.SUBNET:
            continue
        first = seen.setdefault(written, path)
        if first != path:
            both = path[2] != first[2]
            help_text = (
                "a subnet is either private or public: delete it from one list" if both else "delete one of the two"
            )
            yield Finding(
                path, f'subnet "{written}" stands here twice', help_text, related=((first, "the first is here"),)
            )


def _too_many(subject: Subject) -> Iterator[Finding]:
    network = subject.spec.network
    for kind in ("private", "public") if network else ():
        count = len(getattr(network.subnets, kind)) if network else 0
        if count > limits.SUBNETS_MAX:
            message = f"{count} {kind} subnets are written, and a service takes {limits.SUBNETS_MAX}"
            yield Finding(("network", "subnets", kind), message, "keep one subnet in each zone", on_key=True)


def _too_many_groups(subject: Subject) -> Iterator[Finding]:
    for owner, groups in (
        ("task", subject.plan.service.groups if subject.plan.service else ()),
        ("load balancer", subject.plan.load_balancer.groups if subject.plan.load_balancer else ()),
    ):
        if len(set(groups)) > limits.GROUPS_PER_INTERFACE_MAX:
            yield Finding(
                ("network", "allow"),
                f"the {owner} joins {len(set(groups))} security groups, "
                f"and a network interface takes {limits.GROUPS_PER_INTERFACE_MAX}",
                "let backends share one security_group",
                on_key=True,
            )


def _no_public(subject: Subject) -> Iterator[Finding]:
    network, service = subject.spec.network, subject.spec.service
    if network is None or service is None or not service.public_ip or network.subnets.public:
        return
    yield Finding(
        ("service", "public_ip"),
        "tasks get a public address in private subnets, where nothing can use it",
        "write public subnets under network.subnets, or delete public_ip",
        related=((("network", "subnets"), "no public subnets are written here"),),
    )


def _no_way_out(subject: Subject) -> Iterator[Finding]:
    network, service = subject.spec.network, subject.spec.service
    if network is None or network.subnets.private or (service is not None and service.public_ip):
        return
    if network.subnets.public:
        yield Finding(
            ("network", "subnets", "public"),
            "tasks run in public subnets without a public address, and cannot pull their images",
            "write private subnets (with a NAT gateway or endpoints), or public_ip: true under service",
            on_key=True,
        )
    else:
        message = "no subnets are written for the tasks to run in"
        yield Finding(("network", "subnets"), message, "write private: [subnet-…, subnet-…]", on_key=True)


RULES: tuple[Rule, ...] = (
    Rule("CG711", "network-id-format", Severity.ERROR, _id_format),
    Rule("CG712", "duplicate-subnet", Severity.ERROR, _duplicate),
    Rule("CG713", "too-many-subnets", Severity.ERROR, _too_many),
    Rule("CG714", "too-many-groups", Severity.ERROR, _too_many_groups),
    Rule("CG715", "public-ip-in-private-subnets", Severity.ERROR, _no_public),
    Rule("CG716", "no-way-out", Severity.ERROR, _no_way_out),
)
