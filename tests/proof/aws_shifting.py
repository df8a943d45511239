"""What moto lacks of deployments that move traffic: the list of them, and the weights of listeners that they leave."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chuoigen.plan import Plan


TOLD: dict[str, Any] = {"status": "SUCCESSFUL", "hook": None}
"""How the next deployments end, and the hook at which the next one waits."""


def ends(_: Plan, status: str) -> None:
    """Let deployments end like this from now on."""
    TOLD["status"] = status


def pauses(_: Plan, hook: str) -> None:
    """Let the next deployment wait at a hook when it is asked about first."""
    TOLD["hook"] = hook


class Deployments:
    """The deployments of the services of an account, each over at once."""

    def __init__(self, ecs: Any, elb: Any) -> None:
        from moto.ecs.responses import EC2ContainerServiceResponse

        self.ecs, self.elb = ecs, elb
        self.begun: dict[str, list[str]] = {}
        for name in ("list_service_deployments", "describe_service_deployments"):
            setattr(EC2ContainerServiceResponse, name, self._answering(getattr(self, f"_{name}")))

    @staticmethod
    def _answering(answer: Any) -> Any:
        return lambda response: json.dumps({"serviceDeployments": answer(response._get_params())})  # noqa: SLF001

    def _list_service_deployments(self, asked: dict[str, Any]) -> list[dict[str, Any]]:
        begun = self.begun.get(asked["service"].rpartition("/")[2], ())
        return [{"serviceDeploymentArn": arn, "createdAt": number} for number, arn in enumerate(begun)]

    def _describe_service_deployments(self, asked: dict[str, Any]) -> list[dict[str, Any]]:
        said: dict[str, Any] = {
            "status": TOLD["status"],
            "lifecycleStage": "CLEAN_UP",
            "statusReason": "as it was told",
        }
        hooks = []
        if TOLD["hook"]:
            hooks = [{"hookId": TOLD["hook"], "status": "AWAITING_ACTION"}]
            said |= {"status": "IN_PROGRESS", "lifecycleStage": "PRE_PRODUCTION_TRAFFIC_SHIFT"}
            TOLD["hook"] = None
        return [
            {"serviceDeploymentArn": arn, "lifecycleHookDetails": hooks, **said}
            for arn in asked["serviceDeploymentArns"]
        ]

    def begin(self, name: str) -> None:
        """Note a deployment of a service, and move its traffic as ECS does: from one target group to the other."""
        service = next(each for each in self.ecs.services.values() if each.name == name)
        begun = self.begun.setdefault(name, [])
        begun.append(f"{service.arn.replace(':service/', ':service-deployment/')}/{len(begun)}")
        strategy = (getattr(service, "deployment_configuration", None) or {}).get("strategy", "ROLLING")
        if strategy != "ROLLING" and TOLD["status"] == "SUCCESSFUL":
            for each in service.load_balancers:
                self._move(each, first=len(begun) == 1)

    def _move(self, balanced: dict[str, Any], *, first: bool) -> None:
        advanced = balanced["advancedConfiguration"]
        groups = groups_of(balanced)
        for rule in filter(None, (advanced["productionListenerRule"], advanced.get("testListenerRule"))):
            arn = rule.replace(":listener-rule/", ":listener/").rpartition("/")[0]
            listener = self.elb.describe_listeners(load_balancer_arn=None, listener_arns=[arn])[0]
            weights = dict(forwarded(listener.default_actions))
            weighted = groups[0] if first or weights.get(groups[1]) else groups[1]
            shares = [{"TargetGroupArn": group, "Weight": 100 if group == weighted else 0} for group in groups]
            action = {"Type": "forward", "ForwardConfig": {"TargetGroups": shares}}
            self.elb.modify_listener(arn=arn, certificates=[], actions=[action])


def groups_of(balanced: dict[str, Any]) -> list[str]:
    """Return the target groups of a load balancer of a service: the first one, and the other where traffic moves."""
    other = (balanced.get("advancedConfiguration") or {}).get("alternateTargetGroupArn")
    return [balanced["targetGroupArn"], *([other] if other else [])]


def forwarded(actions: Any) -> Iterator[tuple[str, int]]:
    """Give the target groups of actions with their weights."""
    for action in actions:
        groups = (action.data.get("ForwardConfig") or {}).get("TargetGroups")
        if groups:
            yield from ((group["TargetGroupArn"], int(group.get("Weight", 1))) for group in groups)
        elif action.data.get("TargetGroupArn"):
            yield action.data["TargetGroupArn"], 1
