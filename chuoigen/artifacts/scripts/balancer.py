"""Sorts the members of the load balancer by what AWS lets a script do with them: only compare them, or change them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from chuoigen import templating
from chuoigen.resources.deployment import AlternateGroup

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chuoigen.plan.model import Plan
    from chuoigen.resources.listeners import Action, Condition, Listener, ListenerRule
    from chuoigen.resources.network import TargetGroup

TARGET_FIXED = ("Port", "Protocol", "VpcId", "TargetType", "ProtocolVersion")
"""What create-target-group takes and modify-target-group does not."""
TARGET_CHANGED = (
    "HealthCheckProtocol", "HealthCheckPort", "HealthCheckEnabled", "HealthCheckPath", "HealthCheckIntervalSeconds",
    "HealthCheckTimeoutSeconds", "HealthyThresholdCount", "UnhealthyThresholdCount", "Matcher",
)  # fmt: skip
"""What modify-target-group takes."""
_ASKED = {
    "Port": "to_string(Port)",
    "ProtocolVersion": "ProtocolVersion||'HTTP1'",
    "Matcher": "Matcher.HttpCode||Matcher.GrpcCode",
}
"""How a script asks for a member where its name is not enough."""


def balancer_values(plan: Plan) -> dict[str, Any]:
    """Return what 06 compares and changes; nothing without a load balancer."""
    balancer, given = plan.load_balancer, plan.given_listener
    if balancer is None:
        return {"listeners": [], "targets": [], "target_words": "", "target_list": "", "rules": [], **_moved(plan, "")}
    # What is forwarded to comes first: by then a redirect leads somewhere.
    listeners = sorted(plan.listeners, key=lambda listener: listener.action.redirect_config is not None)
    fixed = [name for name in TARGET_FIXED if name != "VpcId" or plan.vpc is not None]
    words = "".join(f' {each.key} "${variable(plan, each.key)}"' for each in plan.target_groups)
    return {
        "fixed_balancer": " ".join((balancer.scheme, balancer.type, *([plan.vpc] if plan.vpc is not None else []))),
        "target_fixed": ",".join(_ASKED.get(name, name) for name in fixed),
        "target_changed": ",".join(_ASKED.get(name, name) for name in TARGET_CHANGED),
        "targets": [_target(plan, target, fixed) for target in plan.target_groups],
        "target_words": words,
        **_moved(plan, words),
        "target_list": " ".join(f"${variable(plan, each.key)}" for each in plan.target_groups),
        "in_targets": ",".join(map(templating.json_line, _in_targets(plan))),
        "listeners": [_listener(plan, listener) for listener in listeners],
        "priorities": templating.json_line([str(rule.priority) for rule in plan.listener_rules]),
        "rules": [_rule(plan, rule) for rule in plan.listener_rules],
        # The ARN of the listener that has the rules, as a shell word, and what a rule's file has in its place.
        "rule_listener": '"$listener"' if given is None else templating.sh(given.given),
        "rule_key": _ruled(plan).key if given is None else "",
        "rule_port": str(_ruled(plan).port) if given is None else "",
    }


def _ruled(plan: Plan) -> Listener:
    """Return the listener that has the rules; without rules any."""
    keys = [rule.listener_arn.key for rule in plan.listener_rules]
    return next((listener for listener in plan.listeners if listener.key in keys), plan.listeners[-1])


def _moved(plan: Plan, words: str) -> dict[str, Any]:
    """Return what there is to know where ECS moves traffic: the rules of listeners, and the words that fill them in."""
    balanced = plan.service.load_balancers if plan.service is not None else ()
    advanced = [target.advanced_configuration for target in balanced if target.advanced_configuration is not None]
    found = [one for each in advanced for one in (each.production_listener_rule, each.test_listener_rule) if one]
    rules = {
        rule.attribute: {"variable": rule.attribute, "port": port}
        for rule in found
        for port in (listener.port for listener in plan.listeners if listener.key == rule.key)
    }
    filled = "".join(f' {name.replace("_", "-")} "${name}"' for name in rules)
    return {"shifts": bool(advanced), "moved_rules": list(rules.values()), "service_words": words + filled}


def _in_targets(plan: Plan) -> list[Any]:
    """Return how the tasks are in target groups, as ECS takes it."""
    return [] if plan.service is None else [plan.request(each) for each in plan.service.load_balancers]


def variable(plan: Plan, key: str) -> str:
    """Return the shell variable of a target group's ARN; a number tells apart names that differ in punctuation only."""
    names = [re.sub(r"[^A-Za-z0-9]", "_", each.key.replace("-group", "", 1)) for each in plan.target_groups]
    index = [each.key for each in plan.target_groups].index(key)
    return f"{names[index]}{index if names.count(names[index]) > 1 else ''}"


def _target(plan: Plan, target: TargetGroup, fixed: Iterable[str]) -> dict[str, Any]:
    """Return a target group: what cannot be changed, and what can, with the options that set it."""
    members = {"ProtocolVersion": "HTTP1", **plan.request(target)}
    check = [_code(members[name]) if name == "Matcher" else str(members[name]) for name in TARGET_CHANGED]
    return {
        "key": target.key,
        "name": target.name,
        "variable": variable(plan, target.key),
        "stem": target.stem,
        "fixed": " ".join(str(members[name]) for name in fixed),
        "check": " ".join(check),
        "options": _options(members),
    }


def _code(matcher: dict[str, str]) -> str:
    return next(iter(matcher.values()))


def _options(members: dict[str, Any]) -> str:
    words = []
    for name in TARGET_CHANGED:
        option = "--" + re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()
        value = members[name]
        if isinstance(value, bool):
            words.append(option if value else option.replace("--", "--no-", 1))
        else:
            words.append(f"{option} {templating.sh(templating.json_line(value) if name == 'Matcher' else value)}")
    return " \\\n    ".join(words)


def _listener(plan: Plan, listener: Listener) -> dict[str, Any]:
    """Return what the script compares a listener with, and the words that set it; `row` stands in double quotes."""
    certificate = listener.certificate
    row = [listener.protocol, certificate or "None", listener.ssl_policy or "None"]
    certificates = [plan.request(each) for each in listener.certificates]
    options = (
        {"ssl-policy": listener.ssl_policy, "certificates": templating.json_line(certificates)} if certificate else {}
    )
    return {
        "key": listener.key,
        "port": str(listener.port),
        "protocol": listener.protocol,
        "row": "${TAB}".join(row),
        "action": _action(plan, listener.action),
        "options": "".join(f" \\\n    --{name} {templating.sh(value)}" for name, value in options.items()),
    }


def _rule(plan: Plan, rule: ListenerRule) -> dict[str, Any]:
    return {
        "name": rule.name,
        "priority": str(rule.priority),
        "file": f"{rule.stem}.json",
        "when": " ".join(sorted(map(_met, rule.conditions))),
        "conditions": templating.json_line(plan.request(rule)["Conditions"]),
        "action": _action(plan, rule.action),
    }


def _met(condition: Condition) -> str:
    """Return a condition as 06 asks for it: its field, the name of a header, and its values in order."""
    header = condition.http_header_config
    return _json([condition.field, header.http_header_name if header else None, sorted(condition.asked)])


def _action(plan: Plan, action: Action) -> dict[str, Any]:
    """Return an action: as AWS takes it and as 06 asks for it, or the shares of target groups."""
    redirect, response = action.redirect_config, action.fixed_response_config
    alternates = [each for each in plan.target_groups if isinstance(each, AlternateGroup)]
    if alternates and len(action.shares) == 1:
        first = next(iter(action.shares))
        other = next(each.key for each in alternates if each.key == f"{first}-alternate")
        return {"owned": f'"${variable(plan, first)}" "${variable(plan, other)}"'}
    if action.shares:
        sticky = action.forward_config.target_group_stickiness_config if action.forward_config else None
        shares = [f'"${variable(plan, key)}={weight}"' for key, weight in action.shares.items()]
        return {"shares": " ".join(shares), "seconds": str(sticky.duration_seconds) if sticky else ""}
    leads = (
        # What a redirect does not name stays as it was asked for.
        [
            redirect.protocol or "#{protocol}",
            redirect.host or "#{host}",
            redirect.port or "#{port}",
            redirect.path or "/#{path}",
            redirect.query or "#{query}",
            redirect.status_code,
        ]
        if redirect
        else None
    )
    answers = [response.status_code, response.content_type, response.message_body or ""] if response else None
    return {"json": templating.json_line([plan.request(action)]), "said": _json([leads, answers, None])}


def _json(value: object) -> str:
    """Write JSON as JMESPath's to_string does."""
    return json.dumps(value, separators=(",", ":"))
