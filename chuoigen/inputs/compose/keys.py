"""Every key of a compose service: what values it takes, and what becomes of it in a task on Fargate.

compose-spec, 05-services.md, build.md and deploy.md, and schema/compose-spec.json, checked 2026-11-28. The table is
what `lint` and `import` go by, and what the page docs/inputs/compose.md shows.
"""

from __future__ import annotations

from enum import StrEnum

from chuoigen.record import Record


class Fate(StrEnum):
    """What becomes of a key."""

    CARRIED = "carried"
    """It is translated."""
    REFUSED = "refused"
    """Fargate has no such thing: a rule of the language says so, under the same key."""
    SAID = "said"
    """A task cannot be that: the front-end says why."""
    IDLE = "idle"
    """It asks for nothing that a task lacks: an import lists it, lint is silent."""


class Key(Record):
    """One key. `takes`: kinds of value, of text, number, truth, list and mapping; none for any. `why`: id of a text."""

    takes: tuple[str, ...]
    fate: Fate = Fate.CARRIED
    why: str = ""


_TEXT, _AMOUNT, _SWITCH = ("text",), ("number", "text"), ("truth", "text")
_LIST, _MAPPING, _EITHER = ("list",), ("mapping",), ("list", "mapping")
_WORDS = ("text", "list")


def _refused(*takes: str) -> Key:
    return Key(takes, Fate.REFUSED)


def _said(why: str, *takes: str) -> Key:
    return Key(takes, Fate.SAID, why)


def _idle(why: str, *takes: str) -> Key:
    return Key(takes, Fate.IDLE, why)


SERVICE: dict[str, Key] = {
    "annotations": _idle("no-annotations"),
    "attach": _idle("only-local"),
    "blkio_config": _said("host", "mapping"),
    "build": Key(("text", "mapping")),
    "cap_add": Key(_LIST),
    "cap_drop": Key(_LIST),
    "cgroup": _refused("text"),
    "cgroup_parent": _refused("text"),
    "command": Key(_WORDS),
    "configs": _refused("list"),
    "container_name": _idle("name", "text"),
    "cpu_count": _said("cpu", "number", "text"),
    "cpu_percent": _said("cpu", "number", "text"),
    "cpu_period": _said("cpu", "number", "text"),
    "cpu_quota": _said("cpu", "number", "text"),
    "cpu_rt_period": _said("cpu", "number", "text"),
    "cpu_rt_runtime": _said("cpu", "number", "text"),
    "cpu_shares": _said("cpu", "number", "text"),
    "cpus": Key(_AMOUNT),
    "cpuset": _said("cpu", "text", "number"),
    "credential_spec": _said("windows", "mapping"),
    "depends_on": Key(_EITHER),
    "deploy": Key(_MAPPING),
    "develop": _idle("only-local"),
    "device_cgroup_rules": _refused("list"),
    "devices": _refused("list"),
    "dns": _refused("text", "list"),
    "dns_opt": _refused("list"),
    "dns_search": _refused("text", "list"),
    "domainname": _refused("text"),
    "entrypoint": Key(_WORDS),
    "env_file": Key(("text", "list")),
    "environment": Key(_EITHER),
    "expose": _idle("expose", "list"),
    "extends": Key(("text", "mapping")),
    "external_links": _refused("list"),
    "extra_hosts": _refused("list", "mapping"),
    "gpus": _refused("text", "list"),
    "group_add": _refused("list"),
    "healthcheck": Key(_MAPPING),
    "hostname": _refused("text"),
    "image": Key(_TEXT),
    "init": Key(_SWITCH),
    "ipc": _refused("text"),
    "isolation": _refused("text"),
    "label_file": _said("label-file", "text", "list"),
    "labels": Key(_EITHER),
    "links": _refused("list"),
    "logging": Key(_MAPPING),
    "mac_address": _refused("text"),
    "mem_limit": Key(_AMOUNT),
    "mem_reservation": Key(_AMOUNT),
    "mem_swappiness": _refused("number", "text"),
    "memswap_limit": _refused("number", "text"),
    "models": _said("models", "list", "mapping"),
    "network_mode": Key(_TEXT),
    "networks": _idle("networks", "list", "mapping"),
    "oom_kill_disable": _refused("truth", "text"),
    "oom_score_adj": _refused("number", "text"),
    "pid": _refused("text"),
    "pids_limit": _refused("number", "text"),
    "platform": Key(_TEXT),
    "ports": Key(_LIST),
    "post_start": _said("hooks", "list"),
    "pre_stop": _said("hooks", "list"),
    "privileged": _refused("truth", "text"),
    "profiles": Key(_LIST),
    "provider": _said("provider", "mapping"),
    "pull_policy": _idle("pull", "text"),
    "pull_refresh_after": _idle("pull", "text"),
    "read_only": Key(_SWITCH),
    "restart": Key(("text", "truth")),
    "runtime": _refused("text"),
    "scale": Key(_AMOUNT),
    "secrets": _said("secrets", "list"),
    "security_opt": _refused("list"),
    "shm_size": _refused("number", "text"),
    "stdin_open": _idle("only-local", "truth", "text"),
    "stop_grace_period": Key(_TEXT),
    "stop_signal": _refused("text"),
    "storage_opt": _refused("mapping"),
    "sysctls": Key(_EITHER),
    "tmpfs": Key(_WORDS),
    "tty": Key(_SWITCH),
    "ulimits": Key(_MAPPING),
    "use_api_socket": _said("docker", "truth"),
    "user": Key(("text", "number")),
    "userns_mode": _refused("text"),
    "uts": _refused("text"),
    "volumes": Key(_LIST),
    "volumes_from": _said("volumes-from", "list"),
    "working_dir": Key(_TEXT),
}
"""Keys of a service."""

ROOT: dict[str, Key] = {
    "configs": _idle("top", "mapping"),
    "include": Key(("list", "text")),
    "models": _idle("top", "mapping"),
    "name": Key(_TEXT),
    "networks": _said("networks", "mapping"),
    "secrets": _idle("top", "mapping"),
    "services": Key(_MAPPING),
    "version": _idle("version", "text", "number"),
    "volumes": Key(_MAPPING),
}
"""Keys at the root of a file."""

HEALTHCHECK: dict[str, Key] = {
    "disable": Key(_SWITCH),
    "interval": Key(_TEXT),
    "retries": Key(_AMOUNT),
    "start_interval": _idle("start-interval", "text"),
    "start_period": Key(_TEXT),
    "test": Key(_WORDS),
    "timeout": Key(_TEXT),
}
"""Keys of a health check."""

BUILD: dict[str, Key] = {
    "additional_contexts": _said("build", "list", "mapping"),
    "args": Key(_EITHER),
    "cache_from": _idle("build", "list"),
    "cache_to": _idle("build", "list"),
    "context": Key(_TEXT),
    "dockerfile": Key(_TEXT),
    "dockerfile_inline": _said("build-inline", "text"),
    "entitlements": _said("build", "list"),
    "extra_hosts": _said("build", "list", "mapping"),
    "isolation": _said("build", "text"),
    "labels": _idle("build", "list", "mapping"),
    "network": _idle("build", "text"),
    "no_cache": _idle("build", "truth", "text"),
    "platforms": _idle("build", "list"),
    "privileged": _said("build", "truth", "text"),
    "provenance": _idle("build", "truth", "text"),
    "pull": _idle("build", "truth", "text"),
    "sbom": _idle("build", "truth", "text"),
    "secrets": _said("build", "list"),
    "shm_size": _idle("build", "number", "text"),
    "ssh": _said("build", "list", "mapping"),
    "tags": _idle("build", "list"),
    "target": Key(_TEXT),
    "ulimits": _idle("build", "mapping"),
}
"""Keys of a build."""

DEPLOY: dict[str, Key] = {
    "endpoint_mode": _idle("deploy", "text"),
    "labels": _idle("deploy", "list", "mapping"),
    "mode": _idle("deploy", "text"),
    "placement": _idle("deploy", "mapping"),
    "replicas": Key(_AMOUNT),
    "resources": Key(_MAPPING),
    "restart_policy": _idle("restart", "mapping"),
    "rollback_config": _idle("deploy", "mapping"),
    "update_config": _idle("deploy", "mapping"),
}
"""Keys of a deployment."""
