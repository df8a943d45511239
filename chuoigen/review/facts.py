"""A plan as single facts by keys, never by index, each with the keys of the spec that it was decided from.

Beside what AWS holds there are facts by meaning: who reaches whom ("opens"), what a role may do ("may"), and where log
lines go ("lines"). So a rule that is written in another way but opens the same is no change.
"""

import fnmatch
import posixpath
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chuoigen import recipes
from chuoigen.plan.covering import covers
from chuoigen.plan.definitions import ContainerPlan, ImagePlan, PortPlan, VolumePlan
from chuoigen.plan.flows import Party
from chuoigen.plan.model import Plan
from chuoigen.plan.network import normal
from chuoigen.plan.task import TASK_DEFINITION
from chuoigen.record import Record
from chuoigen.resources import Ref, Shape
from chuoigen.resources.ecs import Service
from chuoigen.resources.iam import Policy, Role
from chuoigen.resources.listeners import Listener
from chuoigen.resources.network import IngressRule, LoadBalancer, SecurityGroup
from chuoigen.review.side import Side
from chuoigen.yaml.document import KeyPath


class Fact(Record):
    """A single value. `sent` says whether it is part of a request to AWS.

    `fields` are the fields of the plan that it is, each with its holder: where it comes from is asked of them. `named`
    are keys of the spec that it comes from, too.
    """

    value: Any
    fields: tuple[tuple[Any, Any], ...]
    sent: bool = True
    named: frozenset[KeyPath] = frozenset()


Facts = dict[KeyPath, Fact]

OPENS, MAY, LINES, ROUTES = "opens", "may", "lines", "routes"

_PARTS = ("containers", "volumes", "jobs", "resources", "backends", "budgets", "pipeline", "cutover")
_ORDERED = frozenset({"command", "entrypoint"})
_WORDS = frozenset({"why", "description", "title", "text", "generated", "buildspec"})
"""Fields that are texts about a thing, or where its files lie, and nothing that the thing does."""
_NOTHING: tuple[Any, ...] = (None, "", (), {})
_INSIDE = "127.0.0.1"
_VOLUME_SENT = frozenset({"name", "efs"})


def facts(side: Side) -> Facts:
    """Return all facts of a side by their keys."""
    found: Facts = {}
    for part in _PARTS:
        found.update(_below(getattr(side.plan, part), side, (part,), (side.plan, part), sent=True))
    found = {_path(path): fact for path, fact in found.items()}
    found.update(_openings(side))
    found.update(_addresses(side))
    found.update(_flows(side))
    found.update(_permissions(side))
    found.update(_lines(side))
    found.update(_hidden(side))
    return found


def _path(path: KeyPath) -> KeyPath:
    if path[0] != "resources":
        return path
    return ("task", *path[2:]) if path[1] == TASK_DEFINITION else path[1:]


def _below(
    value: Any, side: Side, path: KeyPath, holder: tuple[Any, Any], *, sent: bool
) -> Iterator[tuple[KeyPath, Fact]]:
    def child(key: str | int, inner: Any, at: tuple[Any, Any], *, here: bool = True) -> Iterator[tuple[KeyPath, Fact]]:
        known = at if side.trace.knows(*at) else holder
        return _below(inner, side, (*path, key), known, sent=sent and here)

    if isinstance(value, Record) and not value.ATOM:
        for name in value.FIELDS:
            if name not in _WORDS:
                yield from child(name, getattr(value, name), (value, name), here=_is_sent(value, name))
    elif isinstance(value, Mapping) and value:
        for key, inner in value.items():
            yield from child(key, inner, (value, key))
    elif isinstance(value, tuple) and any(isinstance(inner, Record) and not inner.ATOM for inner in value):
        for key, inner in _keyed(value):
            yield from child(key, inner, holder)
    elif value not in _NOTHING:
        holder = (value, None) if side.trace.knows(value, None) else holder
        plain = _plain(value, side.plan, ordered=bool(_ORDERED & set(map(str, path))) or "build" in path)
        named = [ref for ref in (value if isinstance(value, tuple) else (value,)) if isinstance(ref, Ref)]
        behind = ((side.plan.resources.get(ref.key), ref.attribute) for ref in named)
        yield path, Fact(plain, (holder, *behind), sent)


def _is_sent(value: Record, name: str) -> bool:
    if isinstance(value, VolumePlan):
        return name in _VOLUME_SENT
    if isinstance(value, ImagePlan):
        return name == ImagePlan.VALUE
    return not isinstance(value, Shape) or name not in value.APART


def _keyed(items: tuple[Any, ...]) -> Iterator[tuple[str, Any]]:
    """Give the items of a list with what each is known by: its first field, and of a port the protocol too."""
    taken: dict[str, int] = {}
    for item in items:
        first = getattr(item, item.FIELDS[0])
        name = f"{first}/{item.protocol}" if isinstance(item, PortPlan) else getattr(first, "mark", str(first))
        taken[name] = taken.get(name, 0) + 1
        yield name if taken[name] == 1 else f"{name} ({taken[name]})", item


def _plain(value: Any, plan: Plan, *, ordered: bool) -> Any:
    if isinstance(value, Ref):
        known = plan.at(value)
        return value.mark if known is None else known
    if isinstance(value, tuple):
        items = tuple(_plain(item, plan, ordered=ordered) for item in value)
        return items if ordered else tuple(sorted(items, key=str))
    return value


def _openings(side: Side) -> Iterator[tuple[KeyPath, Fact]]:
    """Give what groups admit, and who is a member of which."""
    plan = side.plan
    for rule in plan.every(IngressRule):
        source = normal(rule.source) if isinstance(rule.source, str) else rule.source.key
        group = plan.resources[rule.group.key]
        known = _known(rule)
        known = known.replaced(fields=(*known.fields, (group, "id")))
        yield (OPENS, "rule", _group(group), source, f"{rule.port}/{rule.protocol}"), known
    for group in plan.every(SecurityGroup):
        for member in group.members:
            yield (OPENS, "member", _group(group), member), _known(group)


def _addresses(side: Side) -> Iterator[tuple[KeyPath, Fact]]:
    """Give where the service can be found: listeners and public addresses."""
    plan = side.plan
    for listener in plan.every(Listener):
        yield (OPENS, "listener", listener.port), _known(listener, ("key", "port"))
    for balancer in plan.every(LoadBalancer):
        if balancer.scheme == "internet-facing":
            yield (OPENS, "address", "alb"), _known(balancer, ("scheme",))
    for service in plan.every(Service):
        network = service.network_configuration.awsvpc_configuration
        if network.assign_public_ip == "ENABLED":
            yield (OPENS, "address", "task"), _known(network, ("assign_public_ip",))


def _hidden(side: Side) -> Iterator[tuple[KeyPath, Fact]]:
    """Give the rules of the load balancer that get no request, each with the rule that goes first."""
    written = side.spec.load_balancer.rules if side.spec.load_balancer is not None else {}
    ordered = side.plan.listener_rules
    for index, rule in enumerate(ordered):
        for first in ordered[:index]:
            if covers(written[first.name], written[rule.name]):
                fields = tuple((one, name) for one in (first, rule) for name in ("priority", "conditions"))
                yield (ROUTES, "hidden", rule.name, first.name), Fact(True, fields, sent=False)  # noqa: FBT003  a value


def _flows(side: Side) -> Iterator[tuple[KeyPath, Fact]]:
    """Give who reaches whom; what is open only inside a task is no exposure."""
    for flow in side.plan.flows.values():
        ends = (*_party(flow.source), *_party(flow.target), f"{flow.port}/{flow.protocol}")
        if flow.via != _INSIDE:
            # A task has one set of groups, so that a container more reaches what the others reach, and opens nothing.
            inner = flow.source.kind == "container"
            yield (OPENS, "way", *(("task", "") if inner else ends[:2]), *ends[2:]), _known(flow)
        yield ("flow", *ends), Fact(flow.intended, ((flow, "intended"),), sent=False)


def _group(group: Any) -> str:
    """Return what a group is known by: the id of one that is only joined, else what it is for."""
    return str(group.id or group.role)


def _party(party: Party) -> tuple[str, str]:
    return party.kind, normal(party.name) if party.kind == "addresses" else party.name


def _permissions(side: Side) -> Iterator[tuple[KeyPath, Fact]]:
    """Give what each role may do: one fact for an action and a resource. One that is given by its ARN is unknown."""
    plan, secrets = side.plan, _secrets(side)
    for role in plan.every(Role):
        name = role.key.partition(":")[2]
        for managed in role.managed:
            yield (MAY, name, "policy", managed), _known(role, ("managed",))
        if not role.made:
            yield (MAY, name, "role", role.arn), _known(role, ("arn",))
        for document in (plan.policy(role).policy_document,):
            for statement in document.statement.values():
                fields = ("action", "resource", "effect", "condition")
                actions = (statement.action,) if isinstance(statement.action, str) else statement.action
                for action in actions:
                    for resource in statement.resource:
                        known = secrets.get(resource) or _known(statement, fields)
                        key = (MAY, name, statement.effect, action, resource, *conditions(statement.condition))
                        yield key, known


def conditions(written: Mapping[str, Mapping[str, Sequence[str] | str]]) -> tuple[str, ...]:
    """Return the conditions of a statement as one word; nothing where it holds without any."""
    parts = (
        f"{operator} {key} {values if isinstance(values, str) else ', '.join(sorted(values))}"
        for operator, keys in written.items()
        for key, values in keys.items()
    )
    said = "; ".join(sorted(parts))
    return (said,) if said else ()


def _secrets(side: Side) -> dict[str, Fact]:
    """Return what containers read by its ARN: who asks for a secret says it more exactly than the role does."""
    found: dict[str, tuple[tuple[Any, Any], ...]] = {}
    for container in side.plan.containers.values():
        for secret in (*container.secrets, *container.logs.secret_options):
            found[secret.resource] = (*found.get(secret.resource, ()), (secret, "resource"))
    return {resource: Fact(True, fields) for resource, fields in found.items()}  # noqa: FBT003  a value


def _lines(side: Side) -> Iterator[tuple[KeyPath, Fact]]:
    """Give where lines go: the files that a container tails, and what it may write to in consequence."""
    tailed: dict[str, tuple[str, KeyPath]] = {}
    for name, container in side.plan.containers.items():
        written = side.spec.containers[name]
        recipe = recipes.of(written.build)
        tails = recipe.tails(written.build)
        uses = {use.volume: use.path for use in recipe.volumes(written, written.build) if use.volume in tails}
        for volume, pattern in tails.items():
            at: KeyPath = ("containers", name, *uses.get(volume, ("build",)))
            tailed[volume] = pattern, at
            yield (LINES, name, "tail", volume), Fact(pattern, (), named=frozenset({at}))
        asked_for = recipe.permissions(side.plan.region, container, written.build, container.build) if tails else ()
        for asked in asked_for:
            key = frozenset({("containers", name, "build", *asked.key)})
            for resource in asked.resources:
                yield (LINES, name, "to", resource), Fact(True, _granted(side, resource), named=key)  # noqa: FBT003
    for name, container in side.plan.containers.items():
        yield from _kept(name, container, tailed)


def _kept(
    name: str, container: ContainerPlan, tailed: Mapping[str, tuple[str, KeyPath]]
) -> Iterator[tuple[KeyPath, Fact]]:
    """Give the variables that name a file of a volume which the container writes; True where something tails it.

    `tailed` has the pattern of file names for each volume that something tails, and the keys that say so.
    """
    mounts = [mount for mount in container.mounts if not mount.read_only]
    for variable, value in container.environment.items():
        for mount in mounts if value.startswith("/") else ():
            if posixpath.normpath(value).startswith(f"{mount.path}/"):
                pattern, at = tailed.get(mount.volume, ("", ()))
                matched = fnmatch.fnmatchcase(posixpath.basename(value), pattern)
                known = Fact(
                    matched, ((container.environment, variable), (mount, "path")), named=frozenset({at} - {()})
                )
                yield (LINES, name, "kept", variable, mount.volume), known


def _granted(side: Side, resource: str) -> tuple[tuple[Any, Any], ...]:
    """Return the fields that grant something on a resource."""
    policies = (policy.policy_document for policy in side.plan.every(Policy))
    statements = (statement for document in policies for statement in document.statement.values())
    return tuple((statement, "resource") for statement in statements if resource in statement.resource)


def _known(record: Record, names: tuple[str, ...] = ()) -> Fact:
    """Return a fact that something is there, with the fields of a record that say so."""
    return Fact(True, tuple((record, name) for name in names or record.FIELDS if name not in _WORDS))  # noqa: FBT003
