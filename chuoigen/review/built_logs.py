"""Where the lines of a build go, read from its files: how long groups keep them, which files are tailed, what bucket.

The files are those that templates of chuoigen wrote: a script that makes the log groups, and configurations of images.
"""

from __future__ import annotations

import json
import re
import shlex
from typing import TYPE_CHECKING, Any

from chuoigen.review.facts import LINES, Fact

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chuoigen.yaml.document import KeyPath

_GROUPS = "scripts/04-logs-and-parameters.sh"
_GROUP = re.compile(r"^log_group (.+)$", re.MULTILINE)
_SETTINGS = re.compile(r"docker/([^/]+)/[^/]+\.(?:conf|ya?ml)")
_WORDS = re.compile(r"""[^\s"']+""")
_BUCKET = "S3_BUCKET"


def line_facts(files: Mapping[str, str], task: str) -> Iterator[tuple[KeyPath, Fact]]:
    """Give the facts about lines in the files of a build; `task` is the name of its task definition."""
    for words in map(_words, _GROUP.findall(files.get(_GROUPS, ""))):
        name, days, *_ = (*words, "", "")
        yield (f"log-group:{name}", "log_group_name"), Fact(name, ())
        if days.isdecimal():
            yield (f"log-group:{name}", "retention_in_days"), Fact(int(days), ())
    containers = _containers(files.get(task, ""))
    for path, text in files.items():
        if (match := _SETTINGS.fullmatch(path)) and match[1] in containers:
            yield from _of_settings(match[1], text, containers[match[1]])


def _words(line: str) -> list[str]:
    try:
        return shlex.split(line)
    except ValueError:  # edited by hand
        return []


def _containers(text: str) -> dict[str, dict[str, Any]]:
    """Return the containers of a task definition by their names."""
    try:
        data = json.loads(text)
    except ValueError:  # edited by hand, or not there
        return {}
    return {str(one.get("name")): one for one in _objects(data, "containerDefinitions")}


def _objects(holder: Any, member: str) -> list[dict[str, Any]]:
    listed = holder.get(member) if isinstance(holder, dict) else None
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []


def _of_settings(name: str, text: str, container: dict[str, Any]) -> Iterator[tuple[KeyPath, Fact]]:
    mounts = {str(one.get("containerPath")): str(one.get("sourceVolume")) for one in _objects(container, "mountPoints")}
    for folder, _, pattern in (word.rpartition("/") for word in _WORDS.findall(text)):
        if folder in mounts and "*" in pattern:  # where the folder is a volume, it is one of log files
            yield (LINES, name, "tail", mounts[folder]), Fact(pattern, ())
    for variable in _objects(container, "environment"):
        if variable.get("name") == _BUCKET and _BUCKET in text:
            yield (LINES, name, "to", str(variable.get("value"))), Fact(True, ())  # noqa: FBT003  a value
