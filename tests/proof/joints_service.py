"""Joints between the plan, the service and its autoscaling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.proof.builds import Build
from tests.proof.joints_task import data, differ


def service(build: Build) -> Iterator[str]:
    """The service is updated with the settings that it was made with, as far as update-service takes them."""
    if "ecs/service.json" not in build.files:
        return
    made, update = data(build, "ecs/service.json"), data(build, "ecs/service-update.json")
    named = {"service": made.pop("serviceName"), "forceNewDeployment": True}
    for member in ("taskDefinition", "launchType", "schedulingStrategy", "tags"):
        made.pop(member, None)
    if build.plan.autoscaling is not None:
        made.pop("desiredCount")  # auto scaling has changed it by now
    # What it does not have is taken from a service that had it.
    emptied: dict[str, Any] = {
        name: [] for name in ("capacityProviderStrategy", "loadBalancers", "serviceRegistries", "volumeConfigurations")
    }
    emptied["serviceConnectConfiguration"] = {"enabled": False}
    none = {"alarmNames": [], "rollback": False, "enable": False}
    made["deploymentConfiguration"] = {"alarms": none, **made["deploymentConfiguration"]}
    yield from differ("service-update.json", update, emptied | made | named)


def autoscaling(build: Build) -> Iterator[str]:
    """The scalable target and its policies speak of the service of service.json, and of its count of tasks."""
    if "ecs/autoscaling.json" not in build.files:
        return
    made = data(build, "ecs/service.json")
    about = {
        "ServiceNamespace": "ecs",
        "ResourceId": f"service/{made['cluster']}/{made['serviceName']}",
        "ScalableDimension": "ecs:service:DesiredCount",
    }
    for path in build.files:
        if path == "ecs/autoscaling.json" or path.startswith("ecs/scaling-policy-"):
            found = {name: value for name, value in data(build, path).items() if name in about}
            yield from differ(path, found, about)


def names(build: Build) -> Iterator[str]:
    """Containers that other files name are containers of the task definition."""
    definition = data(build, "ecs/task-definition.json")
    known = {entry["name"]: entry for entry in definition["containerDefinitions"]}
    for entry in known.values():
        used = {mount["sourceVolume"] for mount in entry.get("mountPoints", [])}
        missing = used - {volume["name"] for volume in definition.get("volumes", [])}
        yield from (f"{entry['name']} mounts {volume}, which is not declared" for volume in sorted(missing))
    if "ecs/service.json" in build.files:
        for target in data(build, "ecs/service.json").get("loadBalancers", []):
            ports = [port["containerPort"] for port in known.get(target["containerName"], {}).get("portMappings", [])]
            if target["containerPort"] not in ports:
                yield f"the load balancer's port {target['containerPort']} is no port of {target['containerName']}"
