"""The classes of a change, a function each: what a reviewer must know of a fact that is another, new or gone."""

from __future__ import annotations

import enum
import fnmatch
from typing import TYPE_CHECKING

from chuoigen.record import Record
from chuoigen.review.facts import LINES, MAY, OPENS, ROUTES, Facts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from chuoigen.review.moves import Move
    from chuoigen.review.renames import Renames
    from chuoigen.review.side import Side
    from chuoigen.yaml.document import KeyPath


class Class(enum.StrEnum):
    """What a change does, the most important first."""

    EXPOSURE = "exposure"
    PERMISSION = "permission"
    DATA = "data"
    TRAFFIC = "traffic"
    REPLACEMENT = "replacement"
    RESTART = "restart"
    REVISION = "new revision"
    CAPACITY = "capacity"
    COST = "cost"
    NOTHING = "nothing"


RANK = {one: number for number, one in enumerate(Class)}


class Both(Record):
    """The two sides of a comparison with their facts; None where there is no such service.

    `runs` says whether there is a service whose tasks run before and after.
    """

    before: Side | None
    after: Side | None
    old: Facts
    new: Facts
    renamed: Renames
    runs: bool


# Members of a service that running tasks do not follow: they hold for tasks that start from then on. Of some AWS says
# that they start a deployment (botocore 1.44, ecs, UpdateServiceRequest), the others wait for one.
_FOR_NEW_TASKS = frozenset({
    "network_configuration", "platform_version", "volume_configurations", "load_balancers", "launch_type",
    "service_registries", "service_connect_configuration",
    "capacity_provider_strategy", "enable_execute_command", "service_name", "cluster",
})  # fmt: skip
# What AWS cannot change of a thing that is there: no request that modifies it has the member (botocore 1.44, elbv2,
# ecs, ecr, iam, ec2, codebuild).
REPLACED = {
    "target-group": {"name", "protocol", "protocol_version", "port", "vpc_id", "target_type"},
    "load-balancer": {"name", "scheme", "type"},
    "cluster": {"cluster_name"},
    "service": {"service_name"},
    "task": {"family"},
    "repository": {"repository_name"},
    "role": {"role_name"},
    "security-group": {"group_name", "vpc_id"},
    "build-project": {"name"},
    "discovery-namespace": {"name", "vpc"},
    "discovery-service": {"name"},
}
_OF_JOBS = frozenset({"container", "command", "containers", "environment"})
"""What a job has otherwise than its container."""
_BY_NAME = frozenset({"log-group", "repository"})
"""Kinds whose key is their name, so that another name is one thing that goes and another that comes."""
_SIZES = frozenset({"cpu", "memory", "memory_reservation", "ephemeral_storage"})
_COUNTS = frozenset({"desired_count", "capacity_provider_strategy", "launch_type"})
_SHARES = (
    ("deployment_configuration", "maximum_percent"),
    ("deployment_configuration", "minimum_healthy_percent"),
    ("deployment_configuration", "strategy"),
)
_LOG_MODES = frozenset({"mode", "max-buffer-size"})
_DISKS = frozenset({"size_in_gib", "volume_type", "iops", "throughput"})


def kind_of(path: KeyPath) -> str:
    """Return the kind of resource that a fact is about: the first word of its key."""
    return str(path[0]).partition(":")[0]


def exposure(move: Move, _: Both) -> bool:
    """Say whether a port, a group or a public address opens or closes."""
    return move.path[0] == OPENS


def permission(move: Move, both: Both) -> bool:
    """Say whether what a role may do grows or shrinks; what another statement covers is nothing new or lost."""
    if move.path[0] != MAY:
        return False
    others = both.new if move.new is None else both.old
    return not any(_covers(path, move.path) for path in others if path[:2] == move.path[:2])


def _covers(pattern: KeyPath, path: KeyPath) -> bool:
    return len(pattern) == len(path) and all(
        fnmatch.fnmatchcase(str(part), str(wide)) for wide, part in zip(pattern[2:], path[2:], strict=True)
    )


def data(move: Move, both: Both) -> bool:
    """Say whether a volume or a log path moves or goes."""
    kind = kind_of(move.path)
    if kind == "log-group":
        goes = move.path[1] == "log_group_name" and move.new is None
        return goes or (move.path[1] == "retention_in_days" and _kept_shorter(move, both))
    if kind == "volumes":
        return _volume_moves(move, both)
    if kind == "repository":
        return _another_key(move, both)
    if move.old is None:
        return False
    return kind == LINES or (kind == "containers" and _container_moves(move, both))


def _another_key(move: Move, both: Both) -> bool:
    """Say whether a repository that stays must have another key, for which it is made anew, without its images."""
    stays = all((move.path[0], "repository_name") in facts for facts in (both.old, both.new))
    return stays and move.path[1] == "encryption_configuration"


def traffic(move: Move, both: Both) -> bool:
    """Say whether some requests go elsewhere: a rule takes others, does another thing, or hides another rule."""
    if kind_of(move.path) == "listener-rule":
        return move.path[1] in ("conditions", "actions")
    if kind_of(move.path) == "listener" and move.path[1] == "default_actions":
        return all((move.path[0], "port") in facts for facts in (both.old, both.new))
    return move.path[0] == ROUTES


def _kept_shorter(move: Move, both: Both) -> bool:
    """Say whether a log group that stays keeps its lines for fewer days; without a number it keeps them for ever."""
    stays = all((move.path[0], "log_group_name") in facts for facts in (both.old, both.new))
    return stays and move.new is not None and (move.old is None or move.new.value < move.old.value)


def _volume_moves(move: Move, both: Both) -> bool:
    """Say whether a volume goes, or its content is kept elsewhere: in EFS, on a disk, or no longer there."""
    path = move.path
    if path[2] == "name":
        return move.new is None
    stays = both.renamed.path(("volumes", path[1], "name"), both.new) in both.new
    was = move.old is not None or ("volumes", path[1], "name") in both.old
    where = path[2:] in (("efs", "file_system_id"), ("efs", "root_directory"), ("efs", "access_point_id"))
    disk = path[2:] == ("ebs", "snapshot") or (path[2:] == ("ebs", "type") and (move.old is None or move.new is None))
    return stays and was and (where or disk)


def _container_moves(move: Move, both: Both) -> bool:
    """Say whether a container that stays writes its files or its lines to another place."""
    path = move.before or ()
    if both.renamed.path((*path[:2], "name"), both.new) not in both.new:
        return False
    if path[2] == "mounts" and path[4] == "path":
        return both.old[*path[:4], "read_only"].value is False
    return path[2] == "logs" and (path[3] == "driver" or (path[3] == "options" and path[4] not in _LOG_MODES))


def replacement(move: Move, both: Both) -> bool:
    """Say whether a thing that is there must be made anew, because AWS cannot change it."""
    path, key = move.path, move.path[0]
    if kind_of(path) == "repository" and _another_key(move, both):
        return True
    if move.old is None or move.new is None or path[1] not in REPLACED.get(kind_of(path), ()):
        return False
    given = (key, "id") in both.old or (key, "id") in both.new
    made = all((key, "made") not in facts or facts[key, "made"].value for facts in (both.old, both.new))
    return made and not given


def name_before(move: Move, both: Both) -> str:
    """Return the name that a thing had which must be made anew; without one what differs."""
    key = (move.before or move.path)[0]
    members = sorted(REPLACED.get(kind_of(move.path), ()))
    names = (both.old.get((key, member)) for member in members if member.endswith("name"))
    found = next((fact for fact in names if fact is not None), move.old)
    return str(found.value) if found is not None else ""


def revision(move: Move, _: Both) -> bool:
    """Say whether a task definition is another one, or an image that it names is built in another way."""
    return _of_job(move) or _of_service(move)


def _of_job(move: Move) -> bool:
    """Say whether the task definition of a job is another one: no task of the service is replaced for it."""
    if kind_of(move.path) == "jobs":
        return move.path[2] in _OF_JOBS
    return kind_of(move.path) == "job" and move.sent


def _of_service(move: Move) -> bool:
    if kind_of(move.path) == "volumes":
        return move.sent or (move.path[2:] == ("ebs", "type") and (move.old is None or move.new is None))
    if kind_of(move.path) == "containers":
        return move.sent or move.path[2] == "build"
    return kind_of(move.path) == "task" and move.sent


def restart(move: Move, both: Both) -> bool:
    """Say whether running tasks must be replaced before it holds."""
    service = kind_of(move.path) == "service" and move.path[1] in _FOR_NEW_TASKS and move.sent
    return both.runs and (service or _joins_another(move, both) or _of_service(move))


def _joins_another(move: Move, both: Both) -> bool:
    """Say whether a group of the task, or where it is found, is another one under the same key."""
    if kind_of(move.path) in ("discovery-service", "discovery-namespace"):
        return move.path[1] in ("name", "id") and None not in (move.old, move.new)
    if kind_of(move.path) != "security-group" or move.path[1] not in ("id", "group_name"):
        return False
    members = [facts.get((move.path[0], "members")) for facts in (both.old, both.new)]
    return all(fact is not None and "task" in fact.value for fact in members)


def capacity(move: Move, _: Both) -> bool:
    """Say whether there is more or less to work with: sizes, counts, and connections to backends."""
    path, kind = move.path, kind_of(move.path)
    if kind in ("autoscaling", "scaling-policy"):
        return path[1] in ("min_capacity", "max_capacity", "target_tracking_scaling_policy_configuration")
    if kind == "scheduled-action":
        return path[1] in ("schedule", "timezone", "scalable_target_action")
    if kind == "service":
        return path[1] in _COUNTS or path[1:] in _SHARES or path[-1] in _DISKS
    if kind == "budgets":
        return path[2] in ("per_task", "steady", "rolling")
    sized = kind == "task" and path[1] in _SIZES
    return sized or (kind == "containers" and (path[2] in _SIZES or path[2:4] == ("linux", "tmpfs")))


def cost(move: Move, _: Both) -> bool:
    """Say whether the bill changes by what is counted: sizes, counts, balancers, public addresses, disks, lines."""
    path, kind = move.path, kind_of(move.path)
    if kind == "task":
        return path[1] in _SIZES or path[-1] == "cpu_architecture"
    if kind == "service":
        return path[1] in _COUNTS or path[-1] == "assign_public_ip"
    if kind == "autoscaling":
        return path[1] in ("min_capacity", "max_capacity")
    if kind == "load-balancer":
        return path[1] in ("type", "scheme") and (path[1] == "scheme" or move.old is None or move.new is None)
    return kind == "containers" and path[2:] == ("logs", "driver")


CHECKS: tuple[tuple[Class, Callable[[Move, Both], bool]], ...] = (
    (Class.EXPOSURE, exposure),
    (Class.PERMISSION, permission),
    (Class.DATA, data),
    (Class.TRAFFIC, traffic),
    (Class.REPLACEMENT, replacement),
    (Class.RESTART, restart),
    (Class.REVISION, revision),
    (Class.CAPACITY, capacity),
    (Class.COST, cost),
)


def classes(moved: Iterable[Move], both: Both) -> tuple[Class, ...]:
    """Return the classes of a change with these facts, the most important first; `nothing` where it has no other."""
    moved = tuple(moved)
    found = {one for one, check in CHECKS for move in moved if check(move, both)}
    for kind in _BY_NAME:
        ways = {
            move.new is None
            for move in moved
            if kind_of(move.path) == kind and move.path[1] == f"{kind}_name".replace("-", "_")
        }
        if len(ways) > 1:
            found.add(Class.REPLACEMENT)
    return tuple(sorted(found, key=RANK.__getitem__)) or (Class.NOTHING,)
