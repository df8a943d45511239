"""The task of a workload, its service, and what is in front of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chuoigen.inputs.copilot import container, values
from chuoigen.inputs.copilot.keys import BACKEND, WEB
from chuoigen.inputs.translating import Absent, Raw
from chuoigen.messages import Texts
from chuoigen.yaml.scalars import Integer
from chuoigen.yaml.unknown import Unknown

if TYPE_CHECKING:
    from chuoigen.inputs.translating import Target
    from chuoigen.yaml.document import KeyPath

_ARCHITECTURES = {
    **dict.fromkeys(("amd64", "x86_64"), "linux/amd64"),
    **dict.fromkeys(("arm64", "arm"), "linux/arm64"),
}
_STORAGE_INCLUDED = 20
"""GiB of disk that come with each task, and that Copilot lets one write."""
_DELAY, _GRACE = 60, 60
"""Copilot's defaults behind a load balancer, in seconds (internal/pkg/manifest/lb_web_svc.go, v1.33)."""
_RANGE = re.compile(r"([0-9]{1,6})-([0-9]{1,6})")
_METRICS = {"cpu_percentage": "cpu", "memory_percentage": "memory", "requests": "requests"}
_ROLLING = {"default": (100, 200), "recreate": (0, 100)}
_CHECK_NUMBERS = {"healthy_threshold": "healthy", "unhealthy_threshold": "unhealthy"}
_MANAGED = ("copilot", "managed")
_say = Texts(__name__)


def task(root: Raw, target: Target) -> None:
    """Put the task: its size, its platform, its disk."""
    target.put(("task",), root.get("cpu") or root.get("type"), {})
    for role in ("execution_role", "task_role"):
        target.fill(("task", role), Unknown("", role))  # Copilot makes one for each workload
    for key in ("cpu", "memory"):
        values.number(root.get(key), ("task", key), target)
    platform = root.get("platform")
    written = platform.value if isinstance(platform.value, str) else None
    system = platform.get("osfamily").value or (written or "linux").partition("/")[0]
    architecture = platform.get("architecture").value or (written or "linux/amd64").partition("/")[2]
    if isinstance(platform, Raw):
        known = _ARCHITECTURES.get(str(architecture).lower()) if str(system).lower() == "linux" else None
        target.put(("task", "platform"), platform, known or Unknown(str(written)))
        target.note(platform.get("osfamily"), platform.get("architecture"))
    disk = root.get("storage").get("ephemeral")
    if isinstance(disk, Raw) and disk.value == _STORAGE_INCLUDED:
        target.note(disk)
    else:
        values.number(disk, ("task", "ephemeral_storage"), target)


def volumes(root: Raw, target: Target) -> None:
    """Put the volumes: storage of the task, or a file system of EFS."""
    listed = root.get("storage").get("volumes")
    for name, raw in listed.members() if isinstance(listed, Raw) else ():
        path: KeyPath = ("volumes", name)
        target.put(path, raw, {})
        efs = raw.get("efs")
        if isinstance(efs, Raw) and efs.value is not False:
            _efs(efs, (*path, "efs"), target)


def _efs(efs: Raw, path: KeyPath, target: Target) -> None:
    """Put a file system; one that Copilot manages has an id that only AWS knows."""
    target.put(path, efs, {})
    given = efs.get("id")
    stack = given.get("from_cfn")
    if isinstance(efs.value, bool) or efs.get("uid") or efs.get("gid") or given.value in _MANAGED:
        target.fill((*path, "file_system_id"), Unknown("", "file_system_id"))
        target.leave(efs, _say("managed-efs"))
        target.note(efs, efs.get("uid"), efs.get("gid"), given)
    elif isinstance(stack, Raw):
        target.put((*path, "file_system_id"), stack, Unknown(values.text(stack.value), "file_system_id"))
    elif given:
        target.put((*path, "file_system_id"), given, values.text(given.value))
    else:
        named = isinstance(efs.value, str)
        target.put((*path, "file_system_id"), efs, efs.value if named else Unknown("", "file_system_id"))
    target.copy(efs.get("root_dir"), (*path, "root_directory"))
    auth = efs.get("auth")
    point, iam = auth.get("access_point_id"), auth.get("iam")
    target.put((*path, "authorization_config"), auth or efs, {})
    target.copy(point, (*path, "authorization_config", "access_point_id"))
    if iam:
        target.copy(iam, (*path, "authorization_config", "iam"))
    else:
        target.fill((*path, "authorization_config", "iam"), True)  # noqa: FBT003  Copilot's default


def service(root: Raw, target: Target) -> None:
    """Put the service: how many tasks there are, and how they are replaced."""
    path: KeyPath = ("service",)
    target.put(path, root.get("count") or root.get("type"), {})
    _count(root.get("count"), path, target)
    execute = root.get("exec")
    enabled = execute if isinstance(execute.value, bool | str) else execute.get("enable")
    target.copy(enabled, (*path, "enable_execute_command"))
    rolling = root.get("deployment").get("rolling")
    if isinstance(rolling, Raw) and rolling.value in _ROLLING:
        least, most = _ROLLING[rolling.value]
        target.put((*path, "deployment"), root.get("deployment"), {})
        target.put((*path, "deployment", "minimum_healthy_percent"), rolling, Integer(least))
        target.put((*path, "deployment", "maximum_percent"), rolling, Integer(most))
    elif isinstance(rolling, Raw) and not isinstance(rolling.value, Unknown):
        target.say(_say("invalid-value.rolling", known=tuple(_ROLLING)), "CG013", rolling)
    target.copy(_names(root.get("deployment").get("rollback_alarms")), (*path, "deployment", "alarms"))
    placement(root.get("network").get("vpc").get("placement"), path, target)


def _names(alarms: Raw | Absent) -> Raw | Absent:
    """Return alarms that are there already; thresholds are for alarms that Copilot makes."""
    return alarms if isinstance(alarms.value, list) else Absent()


def placement(raw: Raw | Absent, path: KeyPath, target: Target) -> None:
    """Put where tasks run: a kind of subnets of the environment, or subnets by their ids, which have no public address.

    copilot-cli v1.33, internal/pkg/deploy/cloudformation/stack/transformers.go (convertNetworkConfig), checked
    2026-11-28.
    """
    listed = raw.get("subnets")
    if isinstance(raw, Raw) and raw.value in ("public", "private"):
        target.put((*path, "assign_public_ip"), raw, raw.value == "public")
    elif isinstance(listed.value, list):
        target.put((*path, "assign_public_ip"), raw, False)  # noqa: FBT003  a value
        target.put(("network", "subnets"), listed, {})
        target.copy(listed, ("network", "subnets", "private"))
    elif not raw:
        target.fill((*path, "assign_public_ip"), True)  # noqa: FBT003  Copilot's default


def _count(raw: Raw | Absent, path: KeyPath, target: Target) -> None:
    """Put a number of tasks, a number on Fargate Spot, or a range with what is measured."""
    if not isinstance(raw, Raw):
        return
    if not isinstance(raw.value, dict):
        values.number(raw, (*path, "desired_count"), target)
        return
    spot = raw.get("spot")
    if isinstance(spot, Raw):
        values.number(spot, (*path, "desired_count"), target)
        target.put((*path, "capacity_provider_strategy"), spot, {"fargate": Integer(0), "fargate_spot": Integer(1)})
        return
    _range(raw.get("range"), path, target)
    for key, ours in _METRICS.items():
        metric = raw.get(key)
        value = metric.get("value") if isinstance(metric.value, dict) else metric
        values.number(value, (*path, "autoscaling", ours), target)


def _range(raw: Raw | Absent, path: KeyPath, target: Target) -> None:
    if not isinstance(raw, Raw):
        return
    at = (*path, "autoscaling")
    target.put(at, raw, {})
    match = _RANGE.fullmatch(raw.value) if isinstance(raw.value, str) else None
    if match is not None and not isinstance(raw.value, Unknown):
        target.put((*at, "min"), raw, Integer(int(match[1])))
        target.put((*at, "max"), raw, Integer(int(match[2])))
    elif isinstance(raw.value, dict):
        values.number(raw.get("min"), (*at, "min"), target)
        values.number(raw.get("max"), (*at, "max"), target)
        _spot_from(raw, path, target)
    elif isinstance(raw.value, Unknown):
        target.put((*at, "min"), raw, raw.value)
        target.put((*at, "max"), raw, raw.value)
    else:
        target.say(_say("invalid-value.range"), "CG013", raw)


def _spot_from(raw: Raw, path: KeyPath, target: Target) -> None:
    """Put Spot for all tasks from some number on: one fewer are on Fargate first."""
    first, least = raw.get("spot_from"), raw.get("min").value
    if isinstance(first, Raw) and isinstance(first.value, int):
        strategy = {"fargate": Integer(0), "fargate_spot": Integer(1)}
        if isinstance(least, int) and first.value >= least:
            strategy["base"] = Integer(max(first.value - 1, 0))
        target.put((*path, "capacity_provider_strategy"), first, strategy)


def balancer(root: Raw, kind: str, name: str, target: Target) -> None:
    """Put the load balancer of a web service, or the internal one of a backend with `http`."""
    http = root.get("http")
    if kind not in (WEB, BACKEND) or http.value is False or not isinstance(http, Raw):
        return
    path: KeyPath = ("load_balancer",)
    chosen = http.get("target_container") or http.get("targetContainer")
    container_name = values.text(chosen.value) if chosen else name
    port = http.get("target_port")
    target.put(path, http, {})
    target.put((*path, "target"), chosen or http, container_name)
    if isinstance(port, Raw):
        owner = next((one for one, raw in target.at(("containers",)).items() if _has(raw, port.value)), container_name)
        target.put((*path, "target"), chosen or port, container_name if chosen else owner)
        container.add_port(container_name if chosen else owner, port, target)
        values.number(port, (*path, "port"), target)
    if kind == BACKEND:
        target.fill((*path, "internal"), True)  # noqa: FBT003  a backend is not reached from outside
    values.duration(http.get("deregistration_delay"), (*path, "deregistration_delay"), target, _DELAY)
    _check(http.get("healthcheck"), (*path, "healthcheck"), target)
    _sources(http.get("allowed_source_ips"), kind, str(target.at((*path, "target"))), target)
    if http.get("path").value in ("/", None):
        target.note(http.get("path"))


def further_ports(root: Raw, name: str, target: Target) -> None:
    """Put the ports that only further rules and the listeners of a Network Load Balancer name."""
    nlb = root.get("nlb")
    for rule in (*root.get("http").get("additional_rules").items(), nlb, *nlb.get("additional_listeners").items()):
        port = rule.get("target_port")
        if not isinstance(port, Raw) and rule.path[:1] == ("nlb",):
            port = rule.get("port")
        if isinstance(port, Raw):
            containers = target.at(("containers",))
            chosen = rule.get("target_container").value
            owner = next((one for one, raw in containers.items() if _has(raw, port.value)), name)
            container.add_port(chosen if chosen in containers else owner, port, target)


def _has(container_data: dict[str, object], port: object) -> bool:
    ports = container_data.get("ports")
    return isinstance(ports, list) and any(one.get("container") == port for one in ports)


def _check(raw: Raw | Absent, path: KeyPath, target: Target) -> None:
    grace: KeyPath = ("service", "health_check_grace_period")
    values.duration(raw.get("grace_period"), grace, target, _GRACE)
    if not isinstance(raw, Raw):
        return
    target.put(path, raw, {})
    where = raw if isinstance(raw.value, str) else raw.get("path")
    target.put((*path, "path"), where, where.value) if where else target.fill((*path, "path"), "/")
    values.duration(raw.get("interval"), (*path, "interval"), target)
    values.duration(raw.get("timeout"), (*path, "timeout"), target)
    for key, ours in _CHECK_NUMBERS.items():
        values.number(raw.get(key), (*path, ours), target)
    port = raw.get("port")
    values.number(port, (*path, "port"), target)
    declared = any(_has(one, port.value) for one in target.at(("containers",)).values())
    if isinstance(port, Raw) and not declared:  # Copilot lets its load balancers reach every port of the task
        container.add_port(str(target.at((*path[:-1], "target"))), port, target)
    codes = raw.get("success_codes")
    if codes:
        target.put((*path, "matcher"), codes, values.text(codes.value))


def _sources(raw: Raw | Absent, kind: str, container_name: str, target: Target) -> None:
    """Put who may reach the load balancer: the addresses that are listed, or everybody."""
    ways = [{"from": item.value, "to": "alb"} for item in raw.items() if isinstance(item.value, str)]
    if not ways:
        ways = [{"from": "internet" if kind == WEB else Unknown("", "source"), "to": "alb"}]
    target.fill(("network", "allow"), [*ways, {"from": "alb", "to": container_name}])
    target.note(raw, *raw.items())
