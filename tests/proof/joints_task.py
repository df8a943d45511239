"""Joints between the plan, the task definition and the service."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from tests.artifacts.aws_inputs import complaints as model_complaints
from tests.artifacts.aws_inputs import inputs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.proof.builds import Build


def differ(where: str, found: Any, wanted: Any) -> Iterator[str]:
    """Complain when what is found differs from what is wanted; mappings are compared key by key."""
    if isinstance(found, dict) and isinstance(wanted, dict):
        for key in sorted(set(found) | set(wanted)):
            if key not in wanted:
                yield f"{where}: {key} is too much"
            elif key not in found:
                yield f"{where}: {key} is missing"
            else:
                yield from differ(f"{where}.{key}", found[key], wanted[key])
    elif found != wanted:
        yield f"{where}: is {found!r}, wanted {wanted!r}"


def data(build: Build, path: str) -> Any:
    return json.loads(build.files[path])


def present(**values: Any) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in (None, (), [], {}, "")}


def inputs_that_aws_takes(build: Build) -> Iterator[str]:
    """Every input of the AWS CLI has the members and types of the service's own model."""
    files = {path: json.loads(text) for path, text in build.files.items() if re.match(r"(ecs|network)/.*\.json", path)}
    for service, operation, request in inputs(files):
        yield from model_complaints(service, operation, request)


def requests(build: Build) -> Iterator[str]:
    """Every input of the AWS CLI holds what its resource says; which member that is, AWS's own model judges."""
    plan = build.plan
    for resource in plan.resources.values():
        found = [path for path in (f"ecs/{resource.stem}.json", f"network/{resource.stem}.json") if path in build.files]
        for path in found:
            if path != "ecs/task-definition.json":
                # What a deployment compares is no part of the resource.
                members = data(build, path)
                members |= {
                    name: [tag for tag in members[name] if tag.get("key") != "chuoigen:settings"]
                    for name in ("tags",)
                    if name in members
                }
                noted = members.pop("AlarmDescription", None) if path.startswith("ecs/alarm-") else None
                if noted is not None and not re.fullmatch(r"chuoigen [0-9a-f]{16}( @[a-z-]+@)*", noted):
                    yield f"{path}: the description has no digest"
                yield from differ(path, members, plan.request(resource))
    for made in (plan.load_balancer, plan.target_group):
        if made is not None:
            path = f"network/{made.stem}-attributes.json"
            yield from differ(path, data(build, path), plan.request(made.attributes()))
    known = {resource.stem for resource in plan.resources.values()} | {
        "security-groups",
        "service-update",
        "alarm-topic-policy",
    }
    for path in build.files:
        name = re.fullmatch(r"(?:ecs|network)/(.*?)(?:-attributes)?\.json", path)
        if name is not None and name[1] not in known:
            yield f"{path} is the input of no resource"


def task(build: Build) -> Iterator[str]:
    """The task definition has the plan's containers and volumes, in their order, and a digest that is one."""
    definition, plan = data(build, "ecs/task-definition.json"), build.plan
    parts = {"containerDefinitions": plan.containers, "volumes": plan.volumes}
    for member, wanted in parts.items():
        found = definition.pop(member, [])
        yield from differ(member, [entry["name"] for entry in found], list(wanted))
        for entry, (name, part) in zip(found, wanted.items(), strict=False):
            yield from differ(f"task definition, {name}", entry, plan.request(part))
    tags = {tag["key"]: tag["value"] for tag in definition.pop("tags")}
    if not re.fullmatch(r"[0-9a-f]{16}", tags.pop("chuoigen:definition", "")):
        yield "the tag of the definition is not a digest"
    yield from differ("tags", tags, dict(plan.tags))
    around = plan.request(plan.task)
    del around["tags"]
    yield from differ("task definition", definition, around)
