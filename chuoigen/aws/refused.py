"""What Fargate refuses, by the key that says it in a spec: the ECS parameter, why, and what to do instead."""

from __future__ import annotations

from typing import NamedTuple

from chuoigen.messages import Message, Texts

_say = Texts(__name__)


class Refusal(NamedTuple):
    """One refused key."""

    ecs_parameter: str
    """Its path in RegisterTaskDefinition; empty when ECS has no such parameter at all."""
    why: Message
    remedy: Message
    source: str
    allowed: tuple[object, ...] = ()
    """The values that are accepted all the same, since they ask for nothing."""


_DIFFERENCES = "AWS documentation, 'Amazon ECS task definition differences for Fargate', checked 2026-11-23"
_LINUX = "botocore 1.44, ecs, LinuxParameters"
_COMPOSE = "compose specification; botocore 1.44, ecs, ContainerDefinition: no such parameter"
_ONE_NETWORK = _say("why.one-network")
_HOST = _say("why.host")
_SWAP = _say("why.swap")
_ACCELERATOR = _say("why.accelerator")
_DELETE = _say("remedy.delete")
_LOOPBACK = _say("remedy.loopback")
_RESOLVER = _say("remedy.resolver")
_EC2 = _say("remedy.ec2")
_STORAGE = _say("remedy.storage")


def _listed(parameter: str, why: Message, remedy: Message = _DELETE, allowed: tuple[object, ...] = ()) -> Refusal:
    """Make the refusal of a parameter that AWS's own list for Fargate names."""
    return Refusal(parameter, why, remedy, _DIFFERENCES, allowed)


def _unknown(why: Message, remedy: Message = _DELETE) -> Refusal:
    """Make the refusal of a key of compose that ECS has no parameter for."""
    return Refusal("", why, remedy, _COMPOSE)


REFUSED_CONTAINER: dict[str, Refusal] = {
    "privileged": _listed(
        "containerDefinitions[].privileged",
        _say("why.privileged"),
        _say("remedy.privileged"),
        allowed=(False,),
    ),
    "links": _listed("containerDefinitions[].links", _say("why.links"), _LOOPBACK),
    "external_links": _unknown(_say("why.external-links"), _LOOPBACK),
    "hostname": Refusal(
        "containerDefinitions[].hostname",
        _say("why.hostname"),
        _say("remedy.hostname"),
        "botocore 1.44, ecs, ContainerDefinition.hostname",
    ),
    "domainname": _unknown(_say("why.domain-name")),
    "disable_networking": _listed(
        "containerDefinitions[].disableNetworking", _ONE_NETWORK, _say("remedy.security-groups")
    ),
    "dns": _listed("containerDefinitions[].dnsServers", _say("why.resolver"), _RESOLVER),
    "dns_search": _listed("containerDefinitions[].dnsSearchDomains", _say("why.resolver"), _RESOLVER),
    "dns_opt": _unknown(_say("why.resolver-options"), _RESOLVER),
    "extra_hosts": _listed("containerDefinitions[].extraHosts", _say("why.extra-hosts"), _say("remedy.extra-hosts")),
    "mac_address": _unknown(_ONE_NETWORK),
    "networks": _unknown(_ONE_NETWORK, _say("remedy.networks")),
    "network_mode": _listed("networkMode", _say("why.network-mode-of-container"), allowed=("awsvpc",)),
    "devices": Refusal("containerDefinitions[].linuxParameters.devices", _HOST, _EC2, f"{_LINUX}.devices"),
    "device_cgroup_rules": _unknown(_HOST),
    "gpus": _listed("containerDefinitions[].resourceRequirements", _ACCELERATOR, _EC2),
    "resource_requirements": _listed("containerDefinitions[].resourceRequirements", _ACCELERATOR, _EC2),
    "shm_size": Refusal(
        "containerDefinitions[].linuxParameters.sharedMemorySize",
        _say("why.shm-size"),
        _say("remedy.shm-size"),
        f"{_LINUX}.sharedMemorySize",
    ),
    "memswap_limit": _listed("containerDefinitions[].linuxParameters.maxSwap", _SWAP),
    "mem_swappiness": _listed("containerDefinitions[].linuxParameters.swappiness", _SWAP),
    "security_opt": _listed(
        "containerDefinitions[].dockerSecurityOptions", _say("why.security-options"), _say("remedy.security-options")
    ),
    "docker_security_options": _listed(
        "containerDefinitions[].dockerSecurityOptions", _say("why.security-options"), _say("remedy.security-options")
    ),
    "ipc": _listed("ipcMode", _say("why.ipc")),
    "pid": Refusal(
        "pidMode",
        _say("why.pid"),
        _say("remedy.pid"),
        "botocore 1.44, ecs, RegisterTaskDefinitionRequest.pidMode",
    ),
    "uts": _unknown(_HOST),
    "userns_mode": _unknown(_HOST),
    "cgroup": _unknown(_HOST),
    "cgroup_parent": _unknown(_HOST),
    "runtime": _unknown(_HOST),
    "isolation": _unknown(_say("why.isolation")),
    "storage_opt": _unknown(_say("why.root-size"), _say("remedy.root-size")),
    "oom_kill_disable": _unknown(_HOST, _say("remedy.memory")),
    "oom_score_adj": _unknown(_HOST, _say("remedy.memory")),
    "pids_limit": _unknown(_say("why.pids-limit")),
    "group_add": _unknown(_say("why.group-add"), _say("remedy.group-add")),
    "cap_add": Refusal(
        "containerDefinitions[].linuxParameters.capabilities.add",
        _say("why.cap-add"),
        _say("remedy.cap-add"),
        "botocore 1.44, ecs, KernelCapabilities.add",
    ),
    "expose": _unknown(_say("why.expose"), _say("remedy.expose")),
    "deploy": _unknown(_say("why.deploy"), _say("remedy.deploy")),
    "configs": _unknown(_say("why.configs"), _say("remedy.configs")),
    "scale": _unknown(_say("why.scale"), _say("remedy.scale")),
    "container_name": _unknown(_say("why.container-name"), _say("remedy.container-name")),
    "pull_policy": _unknown(_say("why.pull-policy")),
    "stop_signal": _unknown(_say("why.stop-signal"), _say("remedy.stop-signal")),
}

REFUSED_TASK: dict[str, Refusal] = {
    "network_mode": _listed("networkMode", _say("why.network-mode"), allowed=("awsvpc",)),
    "ipc_mode": _listed("ipcMode", _say("why.ipc")),
    "placement_constraints": _listed(
        "placementConstraints", _say("why.placement-constraints"), _say("remedy.placement-constraints")
    ),
    "inference_accelerators": Refusal(
        "inferenceAccelerators",
        _say("why.inference-accelerators"),
        _EC2,
        "botocore 1.44, ecs, RegisterTaskDefinitionRequest.inferenceAccelerators",
    ),
    "requires_compatibilities": Refusal(
        "requiresCompatibilities",
        _say("why.requires-compatibilities"),
        _DELETE,
        "botocore 1.44, ecs, RegisterTaskDefinitionRequest.requiresCompatibilities",
        allowed=(["FARGATE"],),
    ),
    "proxy_configuration": Refusal(
        "proxyConfiguration",
        _say("why.proxy-configuration"),
        _say("remedy.proxy-configuration"),
        "AWS documentation, 'Migrating from AWS App Mesh to Amazon ECS Service Connect', checked 2026-11-23",
    ),
}

REFUSED_VOLUME: dict[str, Refusal] = {
    "host": Refusal(
        "volumes[].host.sourcePath",
        _say("why.host-folder"),
        _STORAGE,
        "AWS documentation, 'Use bind mounts with Amazon ECS', checked 2026-11-23",
        allowed=({}, None),
    ),
    "docker": _listed("volumes[].dockerVolumeConfiguration", _say("why.docker-volume"), _STORAGE),
    "fsx_windows": Refusal(
        "volumes[].fsxWindowsFileServerVolumeConfiguration",
        _say("why.fsx-windows"),
        _say("remedy.fsx-windows"),
        "AWS documentation, 'Use FSx for Windows File Server volumes with Amazon ECS', checked 2026-11-23",
    ),
}
