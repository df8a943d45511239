"""Sorts the members of the load balancer by what AWS lets a script do with them: only compare them, or change them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from chuoigen import templating

if TYPE_CHECKING:
    from chuoigen.plan.model import Plan
    from chuoigen.resources.network import Listener, TargetGroup

TARGET_FIXED = ("Port", "Protocol", "VpcId", "TargetType")
"""What create-target-group takes and modify-target-group does not."""
TARGET_CHANGED = (
    "HealthCheckProtocol", "HealthCheckPort", "HealthCheckEnabled", "HealthCheckPath", "HealthCheckIntervalSeconds",
    "HealthCheckTimeoutSeconds", "HealthyThresholdCount", "UnhealthyThresholdCount", "Matcher",
)  # fmt: skip
"""What modify-target-group takes."""


def balancer_values(plan: Plan) -> dict[str, Any]:
    """Return what 06 compares and changes; nothing without a load balancer."""
    balancer, target = plan.load_balancer, plan.target_group
    if balancer is None or target is None:
        return {"listeners": []}
    # What is forwarded to comes first: by then a redirect leads somewhere.
    listeners = sorted(plan.listeners, key=lambda listener: listener.action.redirect_config is not None)
    return {
        "fixed_balancer": " ".join((balancer.scheme, balancer.type, *([plan.vpc] if plan.vpc is not None else []))),
        "target_fixed": _fixed(plan, target),
        "target_check": _changed(plan, target),
        "listeners": [_listener(plan, listener) for listener in listeners],
    }


def _fixed(plan: Plan, target: TargetGroup) -> dict[str, str]:
    members = plan.request(target)
    said = [name for name in TARGET_FIXED if name in members]
    return {
        "members": ",".join("to_string(Port)" if name == "Port" else name for name in said),
        "expected": " ".join(str(members[name]) for name in said),
    }


def _changed(plan: Plan, target: TargetGroup) -> dict[str, str]:
    """Return the members to ask for, their values as the AWS CLI prints them, and the options that set them."""
    members = plan.request(target)
    http_code = members["Matcher"]["HttpCode"]
    asked = ["Matcher.HttpCode" if name == "Matcher" else name for name in TARGET_CHANGED]
    values = [http_code if name == "Matcher" else str(members[name]) for name in TARGET_CHANGED]
    return {"members": ",".join(asked), "expected": " ".join(values), "options": _options(members)}


def _options(members: dict[str, Any]) -> str:
    words = []
    for name in TARGET_CHANGED:
        option = "--" + re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()
        value = members[name]
        if isinstance(value, bool):
            words.append(option if value else option.replace("--", "--no-", 1))
        else:
            words.append(f"{option} {templating.sh(templating.json_line(value) if name == 'Matcher' else value)}")
    return " \\\n            ".join(words)


def _listener(plan: Plan, listener: Listener) -> dict[str, str]:
    """Return what the script compares a listener with, and the words that set it; `row` stands in double quotes."""
    redirect, certificate = listener.action.redirect_config, listener.certificate
    row = [listener.protocol, certificate or "None", listener.ssl_policy or "None"]
    if redirect is None:
        row += ["None", "$groups"]
    else:
        # What a redirect does not name stays as it was asked for.
        row += [f"{redirect.protocol} #{{host}} {redirect.port} /#{{path}} #{{query}} {redirect.status_code}", "", ""]
    certificates = [plan.request(each) for each in listener.certificates]
    options = (
        {"ssl-policy": listener.ssl_policy, "certificates": templating.json_line(certificates)} if certificate else {}
    )
    return {
        "port": str(listener.port),
        "protocol": listener.protocol,
        "row": "${TAB}".join(row),
        "shell": templating.sh(templating.json_line([plan.request(listener.action)])) if redirect else '"$forward"',
        "options": "".join(f" \\\n    --{name} {templating.sh(value)}" for name, value in options.items()),
    }
