"""Joints between the task definition and both compose files."""

from __future__ import annotations

import functools
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chuoigen.plan.definitions import ContainerPlan
    from tests.proof.builds import Build
from tests.proof.joints_task import data, differ, present

CONDITIONS = {
    "start": "service_started",
    "healthy": "service_healthy",
    "complete": "service_completed_successfully",
    "success": "service_completed_successfully",
}


@functools.cache
def _compose_schema() -> Any:
    import check_jsonschema
    import jsonschema

    file = Path(check_jsonschema.__file__).parent / "builtin_schemas" / "vendor" / "compose-spec.json"
    schema = json.loads(file.read_text(encoding="utf-8"))
    return jsonschema.validators.validator_for(schema)(schema)


def compose(build: Build) -> Iterator[str]:
    """Compose runs the containers of the task definition, with the same settings, in both files."""
    definition = data(build, "ecs/task-definition.json")
    for path in ("compose.yaml", "compose.fargate.yaml"):
        content = yaml.safe_load(build.files[path])
        yield from (f"{path}: {error.message}" for error in _compose_schema().iter_errors(content))
        shared = path == "compose.fargate.yaml"
        services = dict(content["services"])
        if shared:
            yield from _network_holder(build, services.pop("task", {}))
        yield from differ(path, list(services), [entry["name"] for entry in definition["containerDefinitions"]])
        yield from differ(f"{path} volumes", content.get("volumes", {}), {name: {} for name in build.plan.volumes})
        for entry in definition["containerDefinitions"]:
            container = build.plan.containers[entry["name"]]
            wanted = _compose_service(build, entry, container, shared=shared)
            found = dict(services.get(entry["name"], {}))
            if not shared:
                yield from _ports(build, path, found.pop("ports", []), [entry["name"]])
            yield from differ(f"{path}, {entry['name']}", found, wanted)


def _ports(build: Build, where: str, ports: list[str], names: list[str]) -> Iterator[str]:
    """Published are ports of the containers, on this machine's own address, those of the load balancer for certain."""
    target = build.plan.target_group
    for entry in ports:
        found = re.fullmatch(r"127\.0\.0\.1:\$\{([A-Z][A-Z0-9_]*)_PORT(?:_\d+)?:-(\d+)\}:(\d+)(/udp)?", entry)
        owners = [c for c in names if found and re.sub(r"[^A-Z0-9]", "_", c.upper()) == found[1]]
        if found is None or not owners:
            yield f"{where}: {entry} publishes nothing of {names}"
        elif int(found[3]) not in [port.number for port in build.plan.containers[owners[0]].ports]:
            yield f"{where}: {found[3]} is no port of {owners[0]}"
        elif int(found[2]) != int(found[3]) + (8000 if int(found[3]) < 1024 else 0):
            yield f"{where}: {found[3]} is published as {found[2]}"
    if target and target.container in names and not any(p.endswith(f"}}:{target.port}") for p in ports):
        yield f"{where}: the port of the load balancer is not published"


def _network_holder(build: Build, service: dict[str, Any]) -> Iterator[str]:
    ports = service.pop("ports", [])
    yield from _ports(build, "compose.fargate.yaml", ports, list(build.plan.containers))
    found = [
        port
        for each in yaml.safe_load(build.files["compose.yaml"])["services"].values()
        for port in each.get("ports", [])
    ]
    yield from differ("compose.fargate.yaml: ports", ports, found)
    wanted = {
        "image": "public.ecr.aws/docker/library/busybox:1.37.0",
        "command": ["sleep", "2147483647"],
        "init": True,
        "stop_grace_period": "2s",
    }
    yield from differ("compose.fargate.yaml, task", service, wanted)


def _compose_service(build: Build, entry: dict[str, Any], container: ContainerPlan, *, shared: bool) -> dict[str, Any]:
    from tests.proof.joints_images import compose_build

    health = entry.get("healthCheck", {})
    options = entry.get("linuxParameters", {})
    variables = {pair["name"]: pair["value"] for pair in entry.get("environment", [])}
    environment = variables if shared else dict(container.compose_environment)
    secrets = {
        s.variable: f"${{{s.variable}:?set it to the value of {s.name or s.value_from}}}" for s in container.secrets
    }
    restart = entry.get("restartPolicy")
    return present(
        image=container.image.local if container.image.repository else entry["image"],
        pull_policy="never" if container.image.repository and container.build is None else None,
        build=compose_build(build, container),
        platform="linux/arm64" if build.plan.task.runtime_platform.cpu_architecture == "ARM64" else "linux/amd64",
        command=[word.replace("$", "$$") for word in entry.get("command", [])],
        entrypoint=[word.replace("$", "$$") for word in entry.get("entryPoint", [])],
        environment={k: v.replace("$", "$$") for k, v in environment.items()} | secrets,
        volumes=[
            {"type": "volume", "source": m["sourceVolume"], "target": m["containerPath"]}
            | ({"read_only": True} if m["readOnly"] else {})
            for m in entry.get("mountPoints", [])
        ],
        depends_on={
            d["containerName"]: {"condition": CONDITIONS[d["condition"].lower()]} for d in entry.get("dependsOn", [])
        },
        healthcheck=present(
            test=health.get("command"),
            interval=_seconds(health.get("interval")),
            timeout=_seconds(health.get("timeout")),
            retries=health.get("retries"),
            start_period=_seconds(health.get("startPeriod")),
        ),
        stop_grace_period=_seconds(entry["stopTimeout"]),
        ulimits={u["name"]: {"soft": u["softLimit"], "hard": u["hardLimit"]} for u in entry.get("ulimits", [])},
        user=entry.get("user"),
        working_dir=entry.get("workingDirectory"),
        read_only=entry["readonlyRootFilesystem"] or None,
        tmpfs=[f"{t['containerPath']}:size={t['size']}m" for t in options.get("tmpfs", [])],
        init=options.get("initProcessEnabled"),
        cap_add=options.get("capabilities", {}).get("add"),
        cap_drop=options.get("capabilities", {}).get("drop"),
        labels=entry.get("dockerLabels"),
        restart=("on-failure" if restart.get("ignoredExitCodes") else "unless-stopped") if restart else None,
        mem_limit=f"{entry['memory']}m" if "memory" in entry else None,
        mem_reservation=f"{entry['memoryReservation']}m" if "memoryReservation" in entry else None,
        network_mode="service:task" if shared else None,
        pid="service:task" if shared and build.plan.task.pid_mode else None,
    )


def _seconds(number: int | None) -> str | None:
    return None if number is None else f"{number}s"
