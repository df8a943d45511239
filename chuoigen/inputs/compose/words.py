"""Compose's words for the keys of the language."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chuoigen.yaml.document import KeyPath

_WORDS = {
    "containers": "services",
    "cpu": "cpus",
    "memory": "mem_limit",
    "memory_reservation": "mem_reservation",
    "pseudo_terminal": "tty",
    "env_files": "env_file",
    "mounts": "volumes",
    "stop_timeout": "stop_grace_period",
    "logs": "logging",
    "capabilities": "cap_add",
}
_INSIDE = {
    "ports": {"container": "target", "host": "published"},
    "mounts": {"path": "target"},
    "healthcheck": {"command": "test"},
    "capabilities": {"add": "cap_add", "drop": "cap_drop"},
}
"""Keys that are called otherwise inside of some other key."""


class ComposeWords:
    """The words of docker compose, for the reader of a compose file."""

    def word(self, path: KeyPath) -> str:
        """Return the key of compose that holds what the last key of a path says."""
        key = str(path[-1]) if path else ""
        for parent in reversed(path[:-1]):
            if key in _INSIDE.get(str(parent), {}):
                return _INSIDE[str(parent)][key]
        return _WORDS.get(key, key) if path[:1] != ("task",) else key
