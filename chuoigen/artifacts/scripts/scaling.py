"""Writes the conditions by which a script sees that a policy, an action or a schedule is as the plan has it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chuoigen.plan.model import Plan
    from chuoigen.resources.scaling import ScalingPolicy

_COOLDOWN_S = 300
"""Seconds that a service waits without a cooldown of its own (botocore 1.44, application-autoscaling, 2026-11-28)."""
_LABEL = "@resource-label@"
_POLICY = ("PredefinedMetricSpecification", "CustomizedMetricSpecification", "DisableScaleIn")
_COOLDOWNS = ("ScaleOutCooldown", "ScaleInCooldown")
_ACTION = ("Timezone", "StartTime", "EndTime", "ScalableTargetAction.MinCapacity", "ScalableTargetAction.MaxCapacity")
"""Members that may be left out of the configuration of a policy, and of a scheduled action."""


def scaling_values(plan: Plan) -> dict[str, Any]:
    """Return what 08 compares and changes, and what 09 keeps; conditions stand in double quotes."""
    return {
        "policies": [_policy(plan, policy) for policy in plan.scaling_policies],
        "actions": [
            {
                "name": action.scheduled_action_name,
                "file": f"{action.stem}.json",
                "condition": "&&".join(conditions(plan.request(action), ("Schedule", *_ACTION), _ACTION)),
            }
            for action in plan.scheduled_actions
        ],
        "bounds": list(_bounds(plan)),
    }


def _policy(plan: Plan, policy: ScalingPolicy) -> dict[str, Any]:
    kept = plan.request(policy.target_tracking_scaling_policy_configuration)
    found = list(conditions(kept, ("",), _POLICY))
    found += [f"(!{name}||{name}=={_literal(_COOLDOWN_S)})" for name in _COOLDOWNS if name not in kept]
    text = "&&".join(found)
    return {
        "name": policy.policy_name,
        "file": f"{policy.stem}.json",
        "condition": text.replace(_LABEL, "$label"),
        "labelled": _LABEL in text,
    }


def conditions(request: dict[str, Any], said: tuple[str, ...], optional: tuple[str, ...]) -> Iterator[str]:
    """Give JMESPath that holds where the members `said` are as in a request, and what it leaves out is not there."""
    leaves = [(path, value) for path, value in _leaves(request) if path.startswith(said)]
    yield from (f"{path}=={_literal(value)}" for path, value in leaves)
    # Without parentheses, "!" of JMESPath holds for the first word of a path alone.
    yield from (f"!({name})" for name in optional if not any(path.startswith(name) for path, _ in leaves))


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, below in value.items():
            yield from _leaves(below, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for index, below in enumerate(value):
            yield from _leaves(below, f"{path}[{index}]")
    else:
        yield path, value


def _literal(value: Any) -> str:
    """Return a value as a literal of JMESPath, for the inside of double quotes of a shell."""
    if isinstance(value, str) and not re.search(r"['\\]", value):
        literal = f"'{value}'"
    else:
        literal = "`" + json.dumps(value).replace("`", "\\u0060") + "`"
    return re.sub(r'([\\"$`])', r"\\\1", literal)


def _bounds(plan: Plan) -> Iterator[str]:
    """Give all bounds that the plan leads to: those of the service, and with what the clock makes of them."""
    if plan.autoscaling is None:
        return
    later = [action.scalable_target_action for action in plan.scheduled_actions]
    fewest = dict.fromkeys([plan.autoscaling.min_capacity, *(each.min_capacity for each in later)])
    most = dict.fromkeys([plan.autoscaling.max_capacity, *(each.max_capacity for each in later)])
    yield from (f"{low}${{TAB}}{high}" for low in fewest for high in most if None not in (low, high))
