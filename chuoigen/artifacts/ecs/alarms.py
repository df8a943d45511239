"""Turns the alarms into files: inputs of the AWS CLI, and what the policy of a topic must say."""

import json
from typing import Any

from chuoigen.artifacts.ecs.task import digest_of
from chuoigen.plan.model import Plan
from chuoigen.resources.alarms import Alarm, EventRule, Topic

LABELS = ("@balancer-label@", "@target-label@")
"""Marks of the names by which metrics know the balancer and its target group."""


def alarm_files(plan: Plan) -> dict[str, Any]:
    """Return the data of one file for each request, and the policy that the topic has, or must have."""
    files: dict[str, Any] = {each.stem: alarm(plan, each) for each in plan.every(Alarm)}
    for topic in plan.every(Topic):
        files[f"{topic.stem}-policy"] = json.loads(topic.attributes["Policy"])
        if not topic.existing:
            files[topic.stem] = plan.request(topic)
    for rule in plan.every(EventRule):
        files[rule.stem] = plan.request(rule)
    return files


def alarm(plan: Plan, made: Alarm) -> dict[str, Any]:
    """Return the input of put-metric-alarm; by its description, with a digest, a script sees that it is as it was."""
    members = plan.request(made)
    (name, value), *rest = members.items()
    return {name: value, "AlarmDescription": description(members), **dict(rest)}


def description(members: dict[str, Any]) -> str:
    """Return a digest of an alarm, and behind it the marks that a script fills in."""
    text = json.dumps(members)
    return " ".join((f"chuoigen {digest_of(members)}", *(label for label in LABELS if label in text)))
