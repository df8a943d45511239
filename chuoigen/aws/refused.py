"""What Fargate refuses, by the key that says it in a spec: the ECS parameter, why, and what to do instead."""

from __future__ import annotations

from chuoigen.messages import Message, Texts
from chuoigen.record import Record

CHECKED = "2026-11-23"
_say = Texts(__name__)


class Refusal(Record):
    """One refused key."""

    ecs_parameter: str
    """Its path in RegisterTaskDefinition; empty when ECS has no such parameter at all."""
    reason: str
    """The id of the text that says why; its help says what to do instead."""
    source: str
    allowed: tuple[object, ...] = ()
    """The values that are accepted all the same, since they ask for nothing."""
    checked: str = CHECKED

    @property
    def message(self) -> Message:
        """Why Fargate refuses it, a sentence without capital and full stop; the help is what to do instead."""
        return _say(self.reason)


_DIFFERENCES = "AWS documentation, 'Amazon ECS task definition differences for Fargate'"
_COMPOSE = "compose specification; botocore 1.44, ecs, ContainerDefinition: no such parameter"


def _listed(parameter: str, reason: str, *allowed: object) -> Refusal:
    """Make the refusal of a parameter that AWS's own list for Fargate names."""
    return Refusal(parameter, reason, _DIFFERENCES, allowed)


def _modelled(parameter: str, reason: str, member: str, *allowed: object) -> Refusal:
    """Make the refusal of a parameter whose documentation in the API's model says so."""
    return Refusal(parameter, reason, f"botocore 1.44, ecs, {member}", allowed)


def _documented(parameter: str, reason: str, page: str, *allowed: object) -> Refusal:
    """Make the refusal of a parameter that a page of AWS's documentation speaks of."""
    return Refusal(parameter, reason, f"AWS documentation, '{page}'", allowed)


def _unknown(reason: str) -> Refusal:
    """Make the refusal of a key of compose that ECS has no parameter for."""
    return Refusal("", reason, _COMPOSE)


def _in_container(member: str) -> str:
    return f"containerDefinitions[].{member}"


REFUSED_CONTAINER: dict[str, Refusal] = {
    "privileged": _listed(_in_container("privileged"), "privileged", False),  # noqa: FBT003  the value let through
    "links": _listed(_in_container("links"), "links"),
    "external_links": _unknown("external-links"),
    "hostname": _modelled(_in_container("hostname"), "hostname", "ContainerDefinition.hostname"),
    "domainname": _unknown("domain-name"),
    "disable_networking": _listed(_in_container("disableNetworking"), "one-network.groups", False),  # noqa: FBT003  the value let through
    "dns": _listed(_in_container("dnsServers"), "dns"),
    "dns_search": _listed(_in_container("dnsSearchDomains"), "dns"),
    "dns_opt": _unknown("dns.options"),
    "extra_hosts": _listed(_in_container("extraHosts"), "extra-hosts"),
    "mac_address": _unknown("one-network"),
    "networks": _unknown("one-network.loopback"),
    "network_mode": _listed("networkMode", "network-mode.container", "awsvpc"),
    "devices": _modelled(_in_container("linuxParameters.devices"), "host.device", "LinuxParameters.devices"),
    "device_cgroup_rules": _unknown("host"),
    "gpus": _listed(_in_container("resourceRequirements"), "gpu"),
    "resource_requirements": _listed(_in_container("resourceRequirements"), "accelerator"),
    "shm_size": _modelled(
        _in_container("linuxParameters.sharedMemorySize"), "shared-memory", "LinuxParameters.sharedMemorySize"
    ),
    "memswap_limit": _listed(_in_container("linuxParameters.maxSwap"), "swap"),
    "mem_swappiness": _listed(_in_container("linuxParameters.swappiness"), "swap"),
    "security_opt": _listed(_in_container("dockerSecurityOptions"), "host.labels"),
    "docker_security_options": _listed(_in_container("dockerSecurityOptions"), "host.labels"),
    "ipc": _listed("ipcMode", "ipc"),
    "pid": _modelled("pidMode", "pid", "RegisterTaskDefinitionRequest.pidMode"),
    "uts": _unknown("host"),
    "userns_mode": _unknown("host"),
    "cgroup": _unknown("host"),
    "cgroup_parent": _unknown("host"),
    "runtime": _unknown("host"),
    "isolation": _unknown("host.isolation"),
    "storage_opt": _unknown("root-size"),
    "oom_kill_disable": _unknown("host.memory"),
    "oom_score_adj": _unknown("host.memory"),
    "pids_limit": _unknown("process-limit"),
    "group_add": _unknown("groups"),
    "cap_add": _modelled(_in_container("linuxParameters.capabilities.add"), "capabilities", "KernelCapabilities.add"),
    "expose": _unknown("expose"),
    "deploy": _unknown("deploy"),
    "configs": _unknown("configs"),
    "scale": _unknown("scale"),
    "container_name": _unknown("container-name"),
    "pull_policy": _unknown("pull-policy"),
    "stop_signal": _unknown("stop-signal"),
}

REFUSED_TASK: dict[str, Refusal] = {
    "network_mode": _listed("networkMode", "network-mode", "awsvpc"),
    "ipc_mode": _listed("ipcMode", "ipc"),
    "placement_constraints": _listed("placementConstraints", "placement"),
    "inference_accelerators": _modelled(
        "inferenceAccelerators", "inference", "RegisterTaskDefinitionRequest.inferenceAccelerators"
    ),
    "requires_compatibilities": _modelled(
        "requiresCompatibilities",
        "compatibilities",
        "RegisterTaskDefinitionRequest.requiresCompatibilities",
        ["FARGATE"],
    ),
    "trusted_execution_configuration": _modelled(
        "trustedExecutionConfiguration",
        "trusted-execution",
        "RegisterTaskDefinitionRequest.trustedExecutionConfiguration",
    ),
    "proxy_configuration": _documented(
        "proxyConfiguration", "app-mesh", "Migrating from AWS App Mesh to Amazon ECS Service Connect"
    ),
}

REFUSED_SERVICE: dict[str, Refusal] = {
    "scheduling_strategy": _modelled(
        "schedulingStrategy", "daemon", "CreateServiceRequest.schedulingStrategy", "REPLICA", "replica"
    ),
    "launch_type": _modelled("launchType", "launch-type", "CreateServiceRequest.launchType", "FARGATE"),
    "placement_constraints": _listed("placementConstraints", "placement"),
    "placement_strategy": _listed("placementStrategy", "placement"),
    "role": _modelled("role", "service-role", "CreateServiceRequest.role"),
}

REFUSED_VOLUME: dict[str, Refusal] = {
    "host": _documented("volumes[].host.sourcePath", "host-folder", "Use bind mounts with Amazon ECS", {}, None),
    "docker": _listed("volumes[].dockerVolumeConfiguration", "docker-volume"),
    "fsx_windows": _documented(
        "volumes[].fsxWindowsFileServerVolumeConfiguration",
        "fsx-windows",
        "Use FSx for Windows File Server volumes with Amazon ECS",
    ),
}
