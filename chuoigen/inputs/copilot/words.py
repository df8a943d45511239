"""Copilot's words for the keys of the language."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chuoigen.yaml.document import KeyPath

_WORDS = {
    "containers": "sidecars",
    "environment": "variables",
    "env_files": "env_file",
    "read_only": "readonly_fs",
    "mounts": "mount_points",
    "ports": "port",
    "repository_credentials": "credentials",
    "logs": "logging",
    "ephemeral_storage": "ephemeral",
    "desired_count": "count",
    "autoscaling": "count",
    "capacity_provider_strategy": "spot",
    "enable_execute_command": "exec",
    "assign_public_ip": "placement",
    "load_balancer": "http",
    "target": "target_container",
    "matcher": "success_codes",
    "health_check_grace_period": "grace_period",
    "file_system_id": "id",
    "root_directory": "root_dir",
    "authorization_config": "auth",
}
_INSIDE = {
    "mounts": {"read_only": "read_only"},
    "load_balancer": {"port": "target_port", "healthy": "healthy_threshold", "unhealthy": "unhealthy_threshold"},
    "autoscaling": {"cpu": "cpu_percentage", "memory": "memory_percentage"},
    "build": {"target": "target"},
}
"""Keys that are called otherwise inside of some other key."""


class CopilotWords:
    """The words of Copilot, for the reader of a manifest."""

    def word(self, path: KeyPath) -> str:
        """Return the key of a manifest that holds what the last key of a path says."""
        key = str(path[-1]) if path else ""
        for parent in reversed(path[:-1]):
            if key in _INSIDE.get(str(parent), {}):
                return _INSIDE[str(parent)][key]
        return _WORDS.get(key, key)
