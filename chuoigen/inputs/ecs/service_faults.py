"""What ECS refuses in a service, or is known to fail, and the language either cannot say or decides by itself.

Each is reported under the name of the rule that has a page about it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chuoigen.aws import limits
from chuoigen.diagnostics import Related, Severity
from chuoigen.inputs.translating import Absent, known_texts
from chuoigen.messages import Key, Texts
from chuoigen.yaml.unknown import Unknown

if TYPE_CHECKING:
    from chuoigen.inputs.translating import Raw, Target

CALL = "createService"
"""What the input of create-service is called where other inputs stand beside it: a name is certainly missing there."""
_REFUSED = ("placementConstraints", "placementStrategy", "role")
_SPOT = "FARGATE_SPOT"
_say = Texts(__name__)


def report(root: Raw, target: Target, task: Raw | None) -> None:
    """Report all of it. `task` is the task definition, where it is known."""
    for member in _REFUSED:
        target.say(_say(f"unsupported-parameter.{member}", key=Key((member,))), "CG204", root.get(member), key=member)
    token = root.get("clientToken")
    if _is_text(token) and len(token.value) > limits.CLIENT_TOKEN_MAX:
        words = _say("invalid-value.token", count=len(token.value), most=limits.CLIENT_TOKEN_MAX)
        target.say(words, "CG013", token)
    if root.path[-1:] == (CALL,) and not root.get("serviceName") and not root.is_unusable("serviceName"):
        target.say(_say("missing-key.name", key=Key(("serviceName",))), "CG012", root, key="taskDefinition")
    _capacity(root, target, task)
    _balancers(root, target)
    _controller(root, target)
    _tags(root, target)
    _registries(root, target)
    _connect(root, target, task)
    _network(root, target)
    if task is not None:
        _with_task(root, target, task)


def _is_text(raw: Raw | Absent) -> bool:
    return isinstance(raw.value, str) and not isinstance(raw.value, Unknown)


def _number(raw: Raw | Absent) -> int:
    return int(raw.value) if isinstance(raw.value, int) else 0


def _capacity(root: Raw, target: Target, task: Raw | None) -> None:
    items = list(root.get("capacityProviderStrategy").items())
    based = [item for item in items if _number(item.get("base")) > 0]
    for item in based[1:]:
        note = (Related(based[0].span("base"), _say("capacity-weight.note")),)
        target.say(_say("capacity-weight.bases"), "CG811", item.get("base"), related=note)
    launched = root.get("launchType")
    if items and launched:
        words = _say(
            "capacity-weight.launch-type", launch=Key(("launchType",)), strategy=Key(("capacityProviderStrategy",))
        )
        target.say(words, "CG811", launched)
    system = task.get("runtimePlatform").get("operatingSystemFamily") if task is not None else Absent()
    if _is_text(system) and system.value != "LINUX":
        for item in items:
            if item.get("capacityProvider").value == _SPOT:
                words = _say("unsupported-parameter.spot-windows", system=system.value)
                target.say(words, "CG204", item.get("capacityProvider"))


def _balancers(root: Raw, target: Target) -> None:
    listed = list(root.get("loadBalancers").items())
    for one in listed:
        classic = one.get("loadBalancerName")
        words = _say("unsupported-parameter.loadBalancerName", key=Key(("targetGroupArn",)))
        target.say(words, "CG204", classic)
    if len(listed) > limits.TARGET_GROUPS_MAX:
        words = _say("invalid-value.target-groups", count=len(listed), most=limits.TARGET_GROUPS_MAX)
        target.say(words, "CG013", root, key="loadBalancers")


def _controller(root: Raw, target: Target) -> None:
    """Report what does not go with the deployment controller."""
    kind = root.get("deploymentController").get("type")
    breaker = root.get("deploymentConfiguration").get("deploymentCircuitBreaker")
    if kind.value in ("CODE_DEPLOY", "EXTERNAL") and breaker.get("enable").value is True:
        target.say(_say("deployment-controller.circuit-breaker", controller=kind.value), "CG816", kind)
    if kind.value == "CODE_DEPLOY" and not root.get("loadBalancers") and not root.is_unusable("loadBalancers"):
        target.say(_say("deployment-controller.balancer", key=Key(("loadBalancers",))), "CG816", kind)
    if kind.value == "EXTERNAL":
        key = Key(("taskDefinition",))
        target.say(_say("deployment-controller.task-definition", key=key), "CG816", root.get("taskDefinition"))


def _tags(root: Raw, target: Target) -> None:
    managed, propagated = root.get("enableECSManagedTags"), root.get("propagateTags")
    lost = not root.is_unusable("propagateTags") and propagated.value in (None, "NONE")
    if managed.value is True and lost:
        words = _say("unpropagated-tags", managed=Key(("enableECSManagedTags",)), key=Key(("propagateTags",)))
        target.say(words, "CG818", propagated or managed, severity=Severity.WARNING)


def _registries(root: Raw, target: Target) -> None:
    listed = list(root.get("serviceRegistries").items())
    for one in listed:
        if one.get("port") and (one.get("containerName") or one.get("containerPort")):
            words = _say("service-registry.port", key=Key(("port",)), container=Key(("containerPort",)))
            target.say(words, "CG819", one.get("port"))
    for one in listed[1:]:
        target.say(_say("service-registry.several"), "CG819", one)


def _connect(root: Raw, target: Target, task: Raw | None) -> None:
    connect = root.get("serviceConnectConfiguration")
    if connect.get("enabled").value is not True:
        return
    if not connect.get("namespace"):  # which the cluster may have
        words = _say("service-connect.namespace", key=Key(("namespace",)))
        target.say(words, "CG817", root, key="serviceConnectConfiguration", severity=Severity.WARNING)
    names = _port_names(task) if task is not None else None
    for one in connect.get("services").items():
        aliases = list(one.get("clientAliases").items())
        for alias in aliases[1:]:
            target.say(_say("service-connect.aliases", key=Key(("clientAliases",))), "CG817", alias)
        port = one.get("portName")
        if names is not None and _is_text(port) and port.value not in names:
            words = _say("service-connect.port", name=port.value, key=Key(("name",)), ports=Key(("portMappings",)))
            target.say(words, "CG817", port)


def _port_names(task: Raw) -> set[str] | None:
    """Return the names of all ports; None where one of them may be any."""
    listed = [port for one in task.get("containerDefinitions").items() for port in one.get("portMappings").items()]
    names = [port.get("name").value for port in listed]
    unknown = any(isinstance(value, Unknown) for value in (*names, *(port.value for port in listed)))
    return None if unknown else {name for name in names if isinstance(name, str)}


def _network(root: Raw, target: Target) -> None:
    written = root.get("networkConfiguration").get("awsvpcConfiguration")
    listed = list(written.get("securityGroups").items())
    if len(listed) > limits.GROUPS_PER_INTERFACE_MAX:
        words = _say("too-many-groups", count=len(listed), max=limits.GROUPS_PER_INTERFACE_MAX)
        target.say(words, "CG714", written, key="securityGroups")
    for one in listed:
        if _is_text(one) and re.fullmatch("sg-[0-9a-f]{8,17}", one.value) is None:
            target.say(_say("network-id-format", id=one.value), "CG711", one)


def _with_task(root: Raw, target: Target, task: Raw) -> None:
    """Report what a service asks of its task definition that it does not have."""
    wanted = list(task.get("requiresCompatibilities").items())
    if wanted and not any(one.value == "FARGATE" or isinstance(one.value, Unknown) for one in wanted):
        target.say(_say("invalid-value.compatibility"), "CG013", wanted[0])
    _ebs(root, target, task)


def _ebs(root: Raw, target: Target, task: Raw) -> None:
    declared = known_texts(task.get("volumes"), "name")
    given = known_texts(root.get("volumeConfigurations"), "name")
    for one in root.get("volumeConfigurations").items():
        name = one.get("name")
        if _is_text(name) and declared is not None and name.value not in declared:
            target.say(_say("undeclared-volume", volume=name.value), "CG420", name)
    for volume in task.get("volumes").items():
        name = volume.get("name")
        launched = volume.get("configuredAtLaunch").value is True
        if launched and _is_text(name) and given is not None and name.value not in given:
            words = _say("missing-key.volume", volume=name.value, key=Key(("volumeConfigurations",)))
            target.say(words, "CG012", name)
