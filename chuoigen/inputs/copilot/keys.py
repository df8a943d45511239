"""The keys of Copilot's manifests, by the type of what they describe. What is not here, Copilot ignores in silence.

copilot-cli v1.33 (2024-03-25), internal/pkg/manifest: the yaml tags of the structures, checked 2026-11-28.
"""

from __future__ import annotations

from typing import Any

ANY = None
"""Whatever stands there is a value."""
_EACH = "*"
"""Any name that somebody chose."""

WEB, BACKEND, WORKER, JOB = "Load Balanced Web Service", "Backend Service", "Worker Service", "Scheduled Job"
TYPES = (WEB, BACKEND, WORKER, JOB)
"""The types of which one is a task on Fargate."""
OTHER_TYPES = ("Request-Driven Web Service", "Static Site", "Environment", "Pipeline")
"""The types that are something else."""


def _named(*keys: str) -> dict[str, Any]:
    return dict.fromkeys(keys)


_BUILD = _named("context", "dockerfile", "args", "target", "cache_from")
_CHECK = _named("command", "interval", "retries", "timeout", "start_period")
_IMAGE = {**_named("location", "credentials", "labels", "depends_on", "port"), "build": _BUILD, "healthcheck": _CHECK}
_TARGET_CHECK = _named(
    *("path", "port", "success_codes", "healthy_threshold", "unhealthy_threshold"),
    *("timeout", "interval", "grace_period"),
)
_RULE = {
    **_named("path", "version", "stickiness", "alias", "deregistration_delay", "target_container", "target_port"),
    **_named("allowed_source_ips", "hosted_zone", "redirect_to_https"),
    "healthcheck": _TARGET_CHECK,
}
_COOLDOWN = _named("in", "out")
_SCALED = {"value": ANY, "cooldown": _COOLDOWN}
_COUNT = {
    "spot": ANY,
    "range": _named("min", "max", "spot_from"),
    "cooldown": _COOLDOWN,
    **dict.fromkeys(("cpu_percentage", "memory_percentage", "requests", "response_time"), _SCALED),
    "queue_delay": {**_named("acceptable_latency", "msg_processing_time"), "cooldown": _COOLDOWN},
}
_STORAGE = {
    **_named("ephemeral", "readonly_fs"),
    "volumes": {_EACH: {**_named("path", "read_only"), "efs": ANY}},
}
_SIDECAR = {
    **_named("port", "image", "essential", "credentialsParameter", "variables", "env_file", "secrets"),
    **_named("mount_points", "labels", "depends_on", "entrypoint", "command"),
    "healthcheck": _CHECK,
}
_LOGGING = _named(
    *("retention", "image", "destination", "enableMetadata", "secretOptions", "configFilePath"),
    *("variables", "secrets", "env_file"),
)
_TASK = {
    **_named("cpu", "memory", "variables", "env_file", "secrets", "entrypoint", "command", "taskdef_overrides"),
    "platform": _named("osfamily", "architecture"),
    "count": _COUNT,
    "exec": _named("enable"),
    "storage": _STORAGE,
    "image": _IMAGE,
    "logging": _LOGGING,
    "sidecars": {_EACH: _SIDECAR},
    "network": {"vpc": _named("placement", "security_groups"), "connect": _named("alias")},
    "publish": _named("topics"),
}
_SERVICE = {**_TASK, "observability": _named("tracing"), "deployment": _named("rolling", "rollback_alarms")}
_HTTP = {**_RULE, **_named("alb", "targetContainer", "additional_rules")}
_BY_TYPE: dict[str, dict[str, Any]] = {
    WEB: {**_SERVICE, "http": _HTTP, "nlb": ANY},
    BACKEND: {**_SERVICE, "http": _HTTP},
    WORKER: {**_SERVICE, "subscribe": _named("topics", "queue")},
    JOB: {**_TASK, "on": _named("schedule"), **_named("retries", "timeout")},
}


def of_type(kind: str) -> dict[str, Any]:
    """Return the keys of a manifest of one of TYPES, those below them as mappings."""
    own = _BY_TYPE[kind]
    return {**_named("name", "type", "version"), **own, "environments": {_EACH: own}}


def below(known: dict[str, Any], key: str) -> Any:
    """Return what may stand below a key. Raises KeyError for a key that means nothing."""
    return known[_EACH] if _EACH in known else known[key]
