"""A service of Amazon ECS into the service and the network of the language.

What `create-service` and `update-service` take and what `describe-services` prints. What stands behind a target group
is not in it: the load balancer, its listeners and checks stay unknown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chuoigen.aws.vocabulary import CAPACITY_PROVIDERS, WINDOWS_PLATFORM_VERSIONS
from chuoigen.inputs.ecs import service_faults
from chuoigen.inputs.ecs.container import names_of
from chuoigen.inputs.translating import Raw
from chuoigen.yaml.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chuoigen.diagnostics import Span
    from chuoigen.inputs.translating import Absent, Target
    from chuoigen.yaml.document import KeyPath

_SERVICE: KeyPath = ("service",)
_EBS = {
    "sizeInGiB": "size",
    "volumeType": "type",
    "iops": "iops",
    "throughput": "throughput",
    "snapshotId": "snapshot",
    "filesystemType": "filesystem_type",
    "encrypted": "encrypted",
    "volumeInitializationRate": "initialization_rate",
    "roleArn": "role",
}
_BEHIND_TARGET_GROUP = ("healthcheck", "idle_timeout", "deregistration_delay", "internal", "certificate")
"""Keys of the load balancer that nothing in a service says."""
_DEFAULTS = {
    "launchType": ("FARGATE",),
    "schedulingStrategy": ("REPLICA",),
    "propagateTags": ("TASK_DEFINITION",),
    "enableECSManagedTags": (True,),
    "platformFamily": ("Linux", "LINUX"),
    "availabilityZoneRebalancing": ("ENABLED",),
}
"""Members with the values that the language has without saying so."""

_BREAKER: KeyPath = (*_SERVICE, "deployment", "circuit_breaker")
_THRESHOLDS = {"COUNT": "count", "BOUNDED_PERCENT": "percent", "UNBOUNDED_PERCENT": "percent"}

DESCRIBED = frozenset(
    {"serviceArn", "clusterArn", "status", "runningCount", "pendingCount", "taskSets", "deployments", "roleArn"}
    | {"events", "createdAt", "createdBy", "currentServiceDeployment", "currentServiceRevisions", "clientToken"}
    | {"resourceManagementType", "forceNewDeployment", "taskDefinition", "$schema"}
)
"""Members that say how a service is, or belong to one call: nobody wants them in a spec."""


def is_for_fargate(root: Raw) -> bool:
    """Say whether a service may run on Fargate."""
    launched = root.get("launchType")
    if launched and not isinstance(launched.value, Unknown):
        return bool(launched.value == "FARGATE")
    providers = [item.get("capacityProvider").value for item in root.get("capacityProviderStrategy").items()]
    known = [one for one in providers if one is not None and not isinstance(one, Unknown)]
    if len(known) == len(providers) > 0:
        return any(one in CAPACITY_PROVIDERS.values() for one in known)
    mode = root.get("networkConfiguration")
    return bool(mode) or bool(providers) or bool(launched)


def is_surely_for_fargate(root: Raw | None) -> bool:
    """Say whether a service says itself that it runs on Fargate."""
    if root is None:
        return False
    items = root.get("capacityProviderStrategy").items()
    providers = [item.get("capacityProvider").value for item in items]
    return root.get("launchType").value == "FARGATE" or any(one in CAPACITY_PROVIDERS.values() for one in providers)


def family(root: Raw | None) -> str:
    """Return the family of the task definition that a service names; "" where it is not known."""
    named = root.get("taskDefinition").value if root is not None else None
    if not isinstance(named, str) or isinstance(named, Unknown):
        return ""
    return named.rpartition("/")[2].partition(":")[0]


def apart(root: Raw) -> Iterator[tuple[str, Any, Span]]:
    """Give the ids of the groups and the tags, each whole or not at all."""
    groups = root.get("networkConfiguration").get("awsvpcConfiguration").get("securityGroups")
    ids = [one.value for one in groups.items()]
    if isinstance(groups, Raw) and all(map(_is_known, ids)):
        yield "security_groups", sorted(ids), groups.span()
    tags = root.get("tags")
    pairs = [(one.get("key").value, one.get("value").value) for one in tags.items()]
    if isinstance(tags, Raw) and all(_is_known(text) for pair in pairs for text in pair):
        yield "tags", dict(sorted(pairs)), tags.span()


def _is_known(text: Any) -> bool:
    return isinstance(text, str) and not isinstance(text, Unknown)


def says(task: Raw | None) -> tuple[KeyPath, ...]:
    """Return the parts of the language that a service says, with its task definition or without."""
    own: tuple[KeyPath, ...] = (_SERVICE, ("network", "subnets", "private"), ("network", "subnets", "public"))
    return (*own, ("load_balancer", "target"), ("load_balancer", "port")) if task is not None else own


def put_service(root: Raw, target: Target, task: Raw | None) -> None:
    """Put a service together, beside its task definition where that is known."""
    target.put(_SERVICE, root, {})
    for member, key in {"cluster": "cluster", "serviceName": "name", "service": "name"}.items():
        named = root.get(member)
        if isinstance(named.value, str) and target.at((*_SERVICE, key)) is None:
            text = named.value if isinstance(named.value, Unknown) else named.value.rpartition("/")[2]
            target.put((*_SERVICE, key), named, text)
    target.copy(root.get("platformVersion"), (*_SERVICE, "platform_version"))
    if not _is_for_linux(root, task):
        target.void((*_SERVICE, "platform_version"))  # Windows has versions of its own
    target.copy(root.get("enableExecuteCommand"), (*_SERVICE, "enable_execute_command"))
    target.copy(root.get("desiredCount"), (*_SERVICE, "desired_count"))
    if not root.get("desiredCount"):
        target.fill((*_SERVICE, "desired_count"), Unknown(""))  # autoscaling or whoever deploys it decides
    _deployment(root, target)
    _capacity(root, target)
    _network(root, target)
    _balancer(root, target, task)
    _volumes(root, target, task)
    _settings(root, target)
    service_faults.report(root, target, task)
    for member, values in _DEFAULTS.items():
        if root.get(member).value in values:
            target.note(root.get(member))
    controller = root.get("deploymentController").get("type")
    if controller.value == "ECS":
        target.note(root.get("deploymentController"), controller)


def _settings(root: Raw, target: Target) -> None:
    """Carry over what is not as the language has it by itself."""
    tags = root.get("propagateTags")
    if tags.value in ("NONE", "SERVICE"):
        target.put((*_SERVICE, "propagate_tags"), tags, tags.value.lower())
    managed, balanced = root.get("enableECSManagedTags"), root.get("availabilityZoneRebalancing")
    if managed.value is False:
        target.copy(managed, (*_SERVICE, "enable_ecs_managed_tags"))
    if balanced.value == "DISABLED":
        target.put((*_SERVICE, "availability_zone_rebalancing"), balanced, False)  # noqa: FBT003  a value


def _is_for_linux(root: Raw, task: Raw | None) -> bool:
    """Say whether the tasks surely run Linux."""
    if task is None:
        return root.get("platformVersion").value not in WINDOWS_PLATFORM_VERSIONS
    return task.get("runtimePlatform").get("operatingSystemFamily").value in (None, "LINUX")


def _deployment(root: Raw, target: Target) -> None:
    written, path = root.get("deploymentConfiguration"), (*_SERVICE, "deployment")
    target.put(path, written or root, {})
    for member, key in {
        "minimumHealthyPercent": "minimum_healthy_percent",
        "maximumPercent": "maximum_percent",
    }.items():
        target.copy(written.get(member), (*path, key))
    _breaker(written.get("deploymentCircuitBreaker"), written or root, target)
    alarms = written.get("alarms")
    if alarms.get("enable").value is True and alarms.get("rollback").value is True:
        target.copy(alarms.get("alarmNames"), (*path, "alarms"))
        target.note(alarms.get("enable"), alarms.get("rollback"))
    _strategy(written, target)
    early = written.get("earlySuccessCriteria")
    if early.get("enable").value is True:
        target.put((*path, "early_success"), early, {})
        target.copy(early.get("healthyPercent"), (*path, "early_success", "healthy_percent"))
        cleanup = early.get("sourceServiceRevisionCleanup")
        if cleanup.value in ("BLOCKING", "DEFERRED"):
            target.put((*path, "early_success", "cleanup"), cleanup, cleanup.value.lower())
        target.note(early.get("enable"))


def _strategy(written: Raw | Absent, target: Target) -> None:
    """Put how traffic moves, and what a deployment waits for; hooks have no names in ECS."""
    path = (*_SERVICE, "deployment")
    strategy = written.get("strategy")
    target.put((*path, "strategy"), strategy, _lower(strategy.value))
    _minutes(written.get("bakeTimeInMinutes"), (*path, "bake_time"), target)
    for member, key, share, pause in (
        ("linearConfiguration", "linear", ("stepPercent", "step_percent"), ("stepBakeTimeInMinutes", "step_bake_time")),
        ("canaryConfiguration", "canary", ("canaryPercent", "percent"), ("canaryBakeTimeInMinutes", "bake_time")),
    ):
        found = written.get(member)
        target.put((*path, key), found, {})
        target.copy(found.get(share[0]), (*path, key, share[1]))
        _minutes(found.get(pause[0]), (*path, key, pause[1]), target)
    for number, hook in enumerate(written.get("lifecycleHooks").items(), start=1):
        _hook(hook, (*path, "hooks", f"hook-{number}"), target)


def _hook(hook: Raw, path: KeyPath, target: Target) -> None:
    target.put(path, hook, {})
    target.note(hook.get("targetType"))
    target.copy(hook.get("hookTargetArn"), (*path, "function"))
    target.copy(hook.get("roleArn"), (*_SERVICE, "deployment", "hook_role"))
    target.copy(hook.get("hookDetails"), (*path, "details"))
    stages, limit = hook.get("lifecycleStages"), hook.get("timeoutConfiguration")
    target.put((*path, "stages"), stages, [])
    for index, stage in enumerate(stages.items()):
        target.put((*path, "stages", index), stage, _lower(stage.value))
    _minutes(limit.get("timeoutInMinutes"), (*path, "timeout"), target)
    action = limit.get("action")
    target.put((*path, "on_timeout"), action, _lower(action.value))


def _lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) and not isinstance(value, Unknown) else value


def _minutes(minutes: Raw | Absent, path: KeyPath, target: Target) -> None:
    """Put minutes of ECS, which are seconds here."""
    whole = isinstance(minutes.value, int) and not isinstance(minutes.value, bool | Unknown)
    target.put(path, minutes, minutes.value * 60 if whole else minutes.value)


def _breaker(breaker: Raw | Absent, otherwise: Raw | Absent, target: Target) -> None:
    path, enabled, rollback = _BREAKER, breaker.get("enable"), breaker.get("rollback")
    target.put(path, breaker or otherwise, enabled.value is True)
    if enabled.value == rollback.value:
        target.note(enabled, rollback)
    threshold, reset = breaker.get("thresholdConfiguration"), breaker.get("resetOnHealthyTask")
    if not (threshold or reset or (rollback.value is False and enabled.value is True)):
        return
    target.put(path, breaker or otherwise, {})
    target.copy(enabled, (*path, "enabled"))
    target.copy(rollback, (*path, "rollback"))
    target.copy(reset, (*path, "reset_on_healthy_task"))
    kind = threshold.get("type")
    if kind.value in _THRESHOLDS:
        target.put((*path, "threshold"), threshold, {})
        target.copy(threshold.get("value"), (*path, "threshold", _THRESHOLDS[kind.value]))
        target.note(kind)
    if kind.value == "UNBOUNDED_PERCENT":
        target.put((*path, "threshold", "bounded"), kind, False)  # noqa: FBT003  a value


def _capacity(root: Raw, target: Target) -> None:
    listed, path = root.get("capacityProviderStrategy"), (*_SERVICE, "capacity_provider_strategy")
    keys = {provider: key for key, provider in CAPACITY_PROVIDERS.items()}
    target.put(path, listed, {})
    for item in listed.items():
        provider, weight, base = item.get("capacityProvider"), item.get("weight"), item.get("base")
        if provider.value not in keys:
            target.void(path)
            continue
        key = keys[provider.value]
        target.put((*path, key), weight or item, weight.value if weight else 0)
        target.note(provider)
        if base.value == 0:
            target.note(base)
        elif key == "fargate":
            target.copy(base, (*path, "base"))
    if listed and not any(key in target.at(path) for key in keys.values()):
        target.void(path)


def _network(root: Raw, target: Target) -> None:
    written = root.get("networkConfiguration").get("awsvpcConfiguration")
    public, groups = written.get("assignPublicIp"), written.get("securityGroups")
    target.put(("network",), root.get("networkConfiguration") or root, {})
    target.fill(("network", "vpc"), Unknown(""))
    target.void(("network", "allow"))  # whom the groups let in stands elsewhere
    target.switch(public, (*_SERVICE, "assign_public_ip"), on="ENABLED")
    kind = "public" if public.value == "ENABLED" else "private"
    target.put(("network", "subnets"), written or root, {})
    target.copy(written.get("subnets"), ("network", "subnets", kind))
    if not isinstance(written.get("subnets").value, list) or isinstance(public.value, Unknown):
        target.fill(("network", "subnets", "private"), Unknown(""))
        target.fill(("network", "subnets", "public"), Unknown(""))
        target.void(("network", "subnets"), (*_SERVICE, "assign_public_ip"))
    listed = list(groups.items())
    if len(listed) == 1:
        target.put(("network", "security_groups"), groups, {})
        target.copy(listed[0], ("network", "security_groups", "service"))


def _balancer(root: Raw, target: Target, task: Raw | None) -> None:
    listed = root.get("loadBalancers")
    first = next(listed.items(), None)
    grace = root.get("healthCheckGracePeriodSeconds")
    if grace.value == 0:
        target.note(grace)
    else:
        target.copy(grace, (*_SERVICE, "health_check_grace_period"))
    if task is None and not listed:
        target.void((*_SERVICE, "health_check_grace_period"))  # a container may have a health check
    if first is None and not isinstance(listed.value, Unknown):
        return
    path: KeyPath = ("load_balancer",)
    target.put(path, listed, {})
    name, port = (first.get("containerName"), first.get("containerPort")) if first else (listed, listed)
    if not name:
        target.fill((*path, "target"), Unknown(""))
    target.copy(name, (*path, "target"))
    target.copy(port, (*path, "port"))
    if task is not None and names_of(task.get("containerDefinitions")) is None:
        target.void((*path, "target"), (*path, "port"))
    for key in _BEHIND_TARGET_GROUP:
        target.fill((*path, key), Unknown(""))


def _volumes(root: Raw, target: Target, task: Raw | None) -> None:
    for volume, name in target.named(root.get("volumeConfigurations"), "name"):
        managed, path = volume.get("managedEBSVolume"), ("volumes", name, "ebs")
        if task is not None and target.at(("volumes", name)) is None:
            continue
        target.unfill(path)
        target.put(path, managed or volume, {}, key=volume.get("name"))
        for member, key in _EBS.items():
            target.copy(managed.get(member), (*path, key))
        if not managed.get("encrypted"):
            target.put((*path, "encrypted"), managed or volume, False)  # noqa: FBT003  what ECS takes without one
