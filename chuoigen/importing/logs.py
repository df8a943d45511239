"""Where output goes, said once: what the logs of all containers have in common stands at the top of a spec."""

from __future__ import annotations

from typing import Any

from chuoigen.aws import defaults
from chuoigen.aws.vocabulary import NO_LOG_DRIVER
from chuoigen.yaml.unknown import Unknown

_REGION = "awslogs-region"
_SHARED = ("group", "stream_prefix", "mode", "max_buffer_size", "retention")
"""What only awslogs reads: other containers may have it above them."""


def shared_logs(data: dict[str, Any]) -> dict[str, Any]:
    """Return the data with the logs of its containers as a person says them, once where all say the same."""
    containers = data["containers"]
    found = {name: _told(one["logs"], data["aws"]["region"]) for name, one in containers.items() if _is_said(one)}
    cloudwatch = [logs for logs in found.values() if logs.get("driver", defaults.LOG_DRIVER.value) == "awslogs"]
    shared: dict[str, Any] = {}
    for key in _SHARED:
        values = [logs.get(key) for logs in cloudwatch]
        if values and values[0] is not None and all(value == values[0] for value in values):
            shared[key] = values[0]
    pattern = _pattern(found, len(cloudwatch))
    if "group" not in shared and pattern:
        shared["group"] = pattern
    if cloudwatch and len(found) == len(containers) == len(cloudwatch):
        shared |= _shared_options([logs.get("options") for logs in cloudwatch])
    told = dict(containers)
    for name, logs in found.items():
        own = {key: value for key, value in logs.items() if key not in shared or logs not in cloudwatch}
        rest = {key: value for key, value in containers[name].items() if key != "logs"}
        told[name] = {**rest, "logs": own} if own else rest
    usual = _usual(str(data["name"]), data.get("stage"))
    said = {key: value for key, value in {**shared, **data.get("logs", {})}.items() if usual.get(key) != value}
    return {**data, "containers": told, **({"logs": said} if said else {})}


def _usual(name: str, stage: str | None) -> dict[str, str]:
    """Return what the language takes where a spec says nothing of it."""
    prefix = f"{name}-{stage}" if stage else name
    return {"group": f"/ecs/{prefix}/{{container}}", "stream_prefix": stage or name}


def _shared_options(options: list[Any]) -> dict[str, Any]:
    """Return the options that all containers have: what is said for all is an option of each."""
    return {"options": options[0]} if options[0] and all(one == options[0] for one in options) else {}


def _is_said(container: Any) -> bool:
    return isinstance(container, dict) and isinstance(container.get("logs"), dict)


def _told(logs: dict[str, Any], region: Any) -> dict[str, Any]:
    """Return the logs of a container without what means nothing there; the buffer is AWS's own where none is said."""
    driver = logs.get("driver", defaults.LOG_DRIVER.value)
    if driver != "awslogs" or isinstance(driver, Unknown):
        return {"driver": NO_LOG_DRIVER} if driver == NO_LOG_DRIVER else logs
    told = {key: value for key, value in logs.items() if key not in ("driver", "options")}
    options = dict(logs.get("options", {}))
    if options.get(_REGION) == region:
        del options[_REGION]
    if told.get("mode", defaults.LOG_MODE.value) == defaults.LOG_MODE.value:
        told.setdefault("max_buffer_size", defaults.AWS_LOG_BUFFER_SIZE)
    elif told.get("mode") == "blocking":
        told.pop("max_buffer_size", None)  # there is no buffer
    return {**told, **({"options": options} if options else {})}


def _pattern(found: dict[str, dict[str, Any]], count: int) -> str:
    """Return the log group of all containers, where the name of each container is what tells their groups apart."""
    groups = {name: logs["group"] for name, logs in found.items() if isinstance(logs.get("group"), str)}
    if count < 2 or len(groups) != count:  # noqa: PLR2004  one group has no pattern
        return ""
    patterns = {str(group).replace(name, "{container}") for name, group in groups.items()}
    pattern = patterns.pop()
    unknown = any(isinstance(group, Unknown) for group in groups.values())
    return pattern if not patterns and "{container}" in pattern and not unknown else ""
