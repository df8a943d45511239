"""Two builds compared by their files, where the spec of the older one is gone: what was sent to AWS is still there."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from chuoigen.inputs.files import Disk, Overlay
from chuoigen.inputs.load import Loaded, Loader
from chuoigen.review.built_logs import line_facts
from chuoigen.review.changes import Change, Comparison, compare, in_order, plain
from chuoigen.review.classes import Both, classes
from chuoigen.review.facts import MAY, OPENS, Fact, Facts, conditions
from chuoigen.review.moves import Move, moves
from chuoigen.review.renames import Renames
from chuoigen.review.side import side_of
from chuoigen.review.values import Value
from chuoigen.yaml.document import KeyPath

TASK = "ecs/task-definition.json"
SERVICE = "ecs/service.json"

_INGRESS = re.compile(r"network/security-group-(.+?)-ingress-.*\.json")
_POLICY = re.compile(r"iam/(.+)-policy\.json")
_LISTED = re.compile(
    r"network/security-groups\.json|iam/(?:.*-trust|deployer-policy)\.json|ecs/(?:service-update|task-definition)\.json"
)
"""Files that follow from others, or are read in another way."""
_NUMBERED = re.compile(r"(listener|scaling-policy|security-group)-(.+)")
_IMAGE = re.compile(r"docker/([^/]+)/.+")


def load_task(files: Mapping[str, str], name: str) -> Loaded | None:
    """Return the task definition of a build, under a name of its own; None where there is none that can be read."""
    if TASK not in files:
        return None
    overlay = Overlay(Disk(), {name: files[TASK].encode()})
    return Loader(overlay, foreign=True, form="task-definition").load(name)


def compare_builds(
    before: Mapping[str, str], after: Mapping[str, str], old: Loaded | None, new: Loaded | None
) -> Comparison:
    """Compare two builds, texts of files by their paths, and their task definitions, which were loaded already."""
    runs = SERVICE in before and SERVICE in after
    task = compare(side_of(old) if old else None, side_of(new) if new else None, runs=runs)
    both = Both(None, None, _facts(before), _facts(after), Renames({}), runs)
    grouped: dict[KeyPath, list[Move]] = {}
    for move in moves(both.old, both.new, both.renamed):
        grouped.setdefault(move.path[:2], []).append(move)
    changes = (_change(path, moved, both) for path, moved in grouped.items())
    return Comparison(in_order((*task.changes, *changes)), task.both)


def _change(path: KeyPath, moved: list[Move], both: Both) -> Change:
    alone = moved[0] if len(moved) == 1 else None
    old, new = (
        Value(fact.value, None) if alone and fact is not None and not isinstance(fact.value, bool) else None
        for fact in ((alone.old, alone.new) if alone else (None, None))
    )
    return Change("changed", plain(path), old, new, classes(moved, both), tuple(moved))


def _facts(files: Mapping[str, str]) -> Facts:
    found: Facts = dict(line_facts(files, TASK))
    for path, text in files.items():
        if match := _IMAGE.fullmatch(path):
            found["containers", match[1], "build", path] = _fact(hashlib.sha256(text.encode()).hexdigest())
        if path.endswith(".json") and not _LISTED.fullmatch(path):
            found.update(_of_file(path, text))
    return found


def _of_file(path: str, text: str) -> Iterator[tuple[KeyPath, Fact]]:
    try:
        data = json.loads(text)
    except ValueError:  # edited by hand
        return
    if not isinstance(data, dict):
        return
    if match := _INGRESS.fullmatch(path):
        yield from ((key, _fact(True)) for key in _rules(match[1], data))  # noqa: FBT003  a value
    elif match := _POLICY.fullmatch(path):
        yield from ((key, _fact(True)) for key in _granted(match[1], data))  # noqa: FBT003  the same
    elif path.startswith(("ecs/", "network/")):
        stem = path.rpartition("/")[2].removesuffix(".json").removesuffix("-attributes")
        yield from _below(data, (_NUMBERED.sub(r"\1:\2", stem),))


def _rules(group: str, data: Any) -> Iterator[KeyPath]:
    for rule in data.get("IpPermissions", ()):
        sources = [*rule.get("UserIdGroupPairs", ()), *rule.get("IpRanges", ()), *rule.get("Ipv6Ranges", ())]
        for source in sources:
            name = next((str(source[key]) for key in ("GroupId", "CidrIp", "CidrIpv6") if key in source), "")
            own = name.strip("@") if name.startswith("@") else name
            yield (OPENS, "rule", group, own, f"{rule.get('FromPort')}/{rule.get('IpProtocol')}")


def _granted(role: str, data: Any) -> Iterator[KeyPath]:
    for statement in data.get("Statement", ()):
        for action in _many(statement.get("Action")):
            for resource in _many(statement.get("Resource")):
                narrowed = conditions(statement.get("Condition", {}))
                yield (MAY, role, statement.get("Effect"), action, resource, *narrowed)


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _below(data: Any, path: KeyPath) -> Iterator[tuple[KeyPath, Fact]]:
    if isinstance(data, dict):
        for key, child in data.items():
            yield from _below(child, (*path, _snake(key)))
    elif isinstance(data, list) and any(isinstance(item, dict) for item in data):
        for item in data:
            yield from _below(
                item, (*path, str(next(iter(item.values()), "")) if isinstance(item, dict) else str(item))
            )
    else:
        yield path, _fact(tuple(sorted(map(str, data))) if isinstance(data, list) else data)


def _snake(member: str) -> str:
    """Return a member as the field of a resource is called: enableECSManagedTags is enable_ecs_managed_tags."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", member.replace("GiB", "Gib"))
    return words.lower()


def _fact(value: Any) -> Fact:
    return Fact(value, ())
