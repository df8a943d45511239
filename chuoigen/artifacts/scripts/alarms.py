"""Sorts the alarms of a plan by what the scripts do with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from chuoigen.plan.alarms import topic_arn
from chuoigen.resources.alarms import Alarm, EventRule, Topic
from chuoigen.spec.alarms import Kind

if TYPE_CHECKING:
    from chuoigen.plan.model import Plan


def alarm_values(plan: Plan) -> dict[str, Any]:
    """Return the topic, the alarms and the rule; `alarm_kinds` are the ends of all names that an alarm may have."""
    alarms, topic, rule = plan.every(Alarm), plan.one(Topic), plan.one(EventRule)
    return {
        "topic": topic,
        "topic_key": topic.attributes.get("KmsMasterKeyId", "None") if topic is not None else "None",
        "alarms": [
            {"name": each.alarm_name, "file": f"{each.stem}.json", "behind": "TargetGroup" in repr(plan.request(each))}
            for each in alarms
        ],
        "alarm_kinds": [kind.replace("_", "-") for kind in get_args(Kind) if kind != "deployments"],
        "event_rule": rule,
        "kept_alarms": " ".join([*(each.alarm_name for each in alarms), *([rule.name] if rule is not None else [])]),
        "own_topic": topic_arn(plan.account, plan.region, plan.prefix),
        "kept_topic": topic.arn if topic is not None and not topic.existing else "",
    }
