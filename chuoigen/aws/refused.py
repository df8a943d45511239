"""What Fargate refuses, by the key that says it in a spec: the ECS parameter, why, and what to do instead."""

from __future__ import annotations

from typing import NamedTuple


class Refusal(NamedTuple):
    """One refused key; `why` and `remedy` are sentences without capital and full stop."""

    ecs_parameter: str
    """Its path in RegisterTaskDefinition; empty when ECS has no such parameter at all."""
    why: str
    remedy: str
    source: str
    allowed: tuple[object, ...] = ()
    """The values that are accepted all the same, since they ask for nothing."""


_DIFFERENCES = "AWS documentation, 'Amazon ECS task definition differences for Fargate', checked 2026-11-23"
_LINUX = "botocore 1.44, ecs, LinuxParameters"
_COMPOSE = "compose specification; botocore 1.44, ecs, ContainerDefinition: no such parameter"
_ONE_NETWORK = "all containers of a task share one network interface, which has its own addresses and names"
_LOOPBACK = "reach another container at 127.0.0.1 and its port"
_DNS = "use the resolver of the VPC: a Route 53 private hosted zone for names, DHCP options for search domains"
_KERNEL = "a task on Fargate has no say over the host that it runs on"
_NOTHING = "delete the key"


def _listed(parameter: str, why: str, remedy: str = _NOTHING, allowed: tuple[object, ...] = ()) -> Refusal:
    """Make the refusal of a parameter that AWS's own list for Fargate names."""
    return Refusal(parameter, why, remedy, _DIFFERENCES, allowed)


def _unknown(why: str, remedy: str = _NOTHING) -> Refusal:
    """Make the refusal of a key of compose that ECS has no parameter for."""
    return Refusal("", why, remedy, _COMPOSE)


REFUSED_CONTAINER: dict[str, Refusal] = {
    "privileged": _listed(
        "containerDefinitions[].privileged",
        "a container would be given the rights of root on the host, which Fargate does not share",
        "delete the key; if one capability is all that is needed, SYS_PTRACE can be added under capabilities",
        allowed=(False,),
    ),
    "links": _listed(
        "containerDefinitions[].links", f"links belong to the network mode bridge; {_ONE_NETWORK}", _LOOPBACK
    ),
    "external_links": _unknown(f"ECS has no external links; {_ONE_NETWORK}", _LOOPBACK),
    "hostname": Refusal(
        "containerDefinitions[].hostname",
        "ECS refuses a host name in the network mode awsvpc, the only one on Fargate",
        "delete the key; a name that the program wants goes into environment",
        "botocore 1.44, ecs, ContainerDefinition.hostname",
    ),
    "domainname": _unknown(f"ECS has no domain name for a container; {_ONE_NETWORK}"),
    "disable_networking": _listed(
        "containerDefinitions[].disableNetworking",
        _ONE_NETWORK,
        "delete the key; security groups decide what the task can reach",
    ),
    "dns": _listed("containerDefinitions[].dnsServers", "the task always asks the resolver of its VPC", _DNS),
    "dns_search": _listed(
        "containerDefinitions[].dnsSearchDomains", "the task always asks the resolver of its VPC", _DNS
    ),
    "dns_opt": _unknown("ECS has no resolver options for a container", _DNS),
    "extra_hosts": _listed(
        "containerDefinitions[].extraHosts",
        "ECS refuses entries for /etc/hosts in the network mode awsvpc, the only one on Fargate",
        "put the address into environment, or the name into a Route 53 private hosted zone",
    ),
    "mac_address": _unknown(_ONE_NETWORK),
    "networks": _unknown(_ONE_NETWORK, f"delete the key; {_LOOPBACK}"),
    "network_mode": _listed(
        "networkMode",
        "awsvpc is the only network mode on Fargate, and it belongs to the task",
        allowed=("awsvpc",),
    ),
    "devices": Refusal(
        "containerDefinitions[].linuxParameters.devices",
        _KERNEL,
        "delete the key; a program that needs a device needs ECS on EC2",
        f"{_LINUX}.devices",
    ),
    "device_cgroup_rules": _unknown(_KERNEL),
    "gpus": _listed(
        "containerDefinitions[].resourceRequirements",
        "Fargate has no GPU",
        "delete the key; a program that needs a GPU needs ECS on EC2",
    ),
    "resource_requirements": _listed(
        "containerDefinitions[].resourceRequirements",
        "Fargate has neither GPU nor inference accelerator",
        "delete the key; a program that needs one needs ECS on EC2",
    ),
    "shm_size": Refusal(
        "containerDefinitions[].linuxParameters.sharedMemorySize",
        "the size of /dev/shm cannot be set on Fargate",
        "mount a tmpfs of that size and point the program at it",
        f"{_LINUX}.sharedMemorySize",
    ),
    "memswap_limit": _listed("containerDefinitions[].linuxParameters.maxSwap", "a task on Fargate has no swap space"),
    "mem_swappiness": _listed(
        "containerDefinitions[].linuxParameters.swappiness", "a task on Fargate has no swap space"
    ),
    "security_opt": _listed(
        "containerDefinitions[].dockerSecurityOptions",
        f"SELinux and AppArmor labels are those of the host, and {_KERNEL}",
        "delete the key; read_only, user and capabilities are what narrows a container on Fargate",
    ),
    "docker_security_options": _listed(
        "containerDefinitions[].dockerSecurityOptions",
        f"SELinux and AppArmor labels are those of the host, and {_KERNEL}",
        "delete the key; read_only, user and capabilities are what narrows a container on Fargate",
    ),
    "ipc": _listed("ipcMode", "a task on Fargate cannot choose its IPC namespace"),
    "pid": Refusal(
        "pidMode",
        "the process namespace belongs to the task",
        "write pid_mode: task under task for one namespace that all containers share",
        "botocore 1.44, ecs, RegisterTaskDefinitionRequest.pidMode",
    ),
    "uts": _unknown(_KERNEL),
    "userns_mode": _unknown(_KERNEL),
    "cgroup": _unknown(_KERNEL),
    "cgroup_parent": _unknown(_KERNEL),
    "runtime": _unknown(_KERNEL),
    "isolation": _unknown(f"isolation is a word of Windows; {_KERNEL}"),
    "storage_opt": _unknown("the size of the root file system is the task's", "write ephemeral_storage under task"),
    "oom_kill_disable": _unknown(_KERNEL, "give the container enough memory"),
    "oom_score_adj": _unknown(_KERNEL, "give the container enough memory"),
    "pids_limit": _unknown("ECS has no limit on the processes of one container"),
    "group_add": _unknown(
        "ECS knows one group of a process, not more", 'write both in user, such as user: "1000:2000"'
    ),
    "cap_add": Refusal(
        "containerDefinitions[].linuxParameters.capabilities.add",
        "capabilities are one mapping in this language",
        "write capabilities: { add: [SYS_PTRACE] }, the one that Fargate adds",
        "botocore 1.44, ecs, KernelCapabilities.add",
    ),
    "expose": _unknown("every port of a task is open to the containers beside it", "write the port under ports"),
    "deploy": _unknown(
        "replicas, updates and resources belong to the service and to the task",
        "write desired_count and deployment under service, cpu and memory under task",
    ),
    "configs": _unknown("ECS has no configs", "copy the file into the image, or mount a volume with it"),
    "scale": _unknown("the number of tasks belongs to the service", "write desired_count under service"),
    "container_name": _unknown(
        "the key under containers is the container's name", "rename the key and delete this one"
    ),
    "pull_policy": _unknown("a task on Fargate pulls every image when it starts"),
    "stop_signal": _unknown(
        "ECS sends the signal that the image names",
        "write STOPSIGNAL in the Dockerfile; Fargate has honoured it since December 2025",
    ),
}

REFUSED_TASK: dict[str, Refusal] = {
    "network_mode": _listed("networkMode", "awsvpc is the only network mode on Fargate", allowed=("awsvpc",)),
    "ipc_mode": _listed("ipcMode", "a task on Fargate cannot choose its IPC namespace"),
    "placement_constraints": _listed(
        "placementConstraints",
        "there are no instances to choose between; Fargate spreads tasks over the subnets' zones by itself",
        "delete the key; the subnets under network say which zones",
    ),
    "inference_accelerators": Refusal(
        "inferenceAccelerators",
        "Fargate has no inference accelerator, and Elastic Inference has ended",
        "delete the key; a program that needs one needs ECS on EC2",
        "botocore 1.44, ecs, RegisterTaskDefinitionRequest.inferenceAccelerators",
    ),
    "requires_compatibilities": Refusal(
        "requiresCompatibilities",
        "what is generated runs on Fargate and nowhere else",
        _NOTHING,
        "botocore 1.44, ecs, RegisterTaskDefinitionRequest.requiresCompatibilities",
        allowed=(["FARGATE"],),
    ),
    "proxy_configuration": Refusal(
        "proxyConfiguration",
        "its only type is AWS App Mesh, which ended on 2026-09-30",
        "delete the key; ECS Service Connect is its successor",
        "AWS documentation, 'Migrating from AWS App Mesh to Amazon ECS Service Connect', checked 2026-11-23",
    ),
}

REFUSED_VOLUME: dict[str, Refusal] = {
    "host": Refusal(
        "volumes[].host.sourcePath",
        "a task on Fargate has no host whose folder it could mount",
        "write {} for storage that lives as long as the task, efs or ebs for storage that outlives it",
        "AWS documentation, 'Use bind mounts with Amazon ECS', checked 2026-11-23",
        allowed=({}, None),
    ),
    "docker": _listed(
        "volumes[].dockerVolumeConfiguration",
        "volumes of the Docker daemon need an EC2 instance",
        "write {} for storage that lives as long as the task, efs or ebs for storage that outlives it",
    ),
    "fsx_windows": Refusal(
        "volumes[].fsxWindowsFileServerVolumeConfiguration",
        "FSx for Windows File Server is mounted by Windows on EC2 only",
        "write efs for a file system that several tasks share",
        "AWS documentation, 'Use FSx for Windows File Server volumes with Amazon ECS', checked 2026-11-23",
    ),
}
