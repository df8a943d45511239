"""Texts that have one line in the generated files, and so must be one line in the spec."""

import re
from collections.abc import Iterator
from typing import Any

from chuoigen import recipes
from chuoigen.diagnostics import Severity
from chuoigen.lint.rule import Finding, Rule, Subject
from chuoigen.spec.model import Model
from chuoigen.yaml.document import KeyPath

# What a reader of YAML lets through and some format takes for the end of a line, and the tab, by which the scripts
# tell columns apart. Other control characters are refused when the file is read.
_BREAK = "[\t\n\r\x85\u2028\u2029]"
_SPOKEN = {"\t": "a tab", "\n": "a line end", "\r": "a carriage return"}

# Only JSON, YAML and quoted words of a shell carry these, which can hold any text.
_FREE = (
    ("containers", "*", "environment", "*", "value"),
    ("containers", "*", "labels", "*"),
    ("containers", "*", "command", "*"),
    ("containers", "*", "entrypoint", "*"),
    ("containers", "*", "healthcheck", "command", "*"),
)
_ARGUMENT = ("containers", "*", "build", "args", "*", "value")

# Texts whose characters a rule of their own judges.
_JUDGED = (
    ("name",),
    ("stage",),
    ("timezone",),
    ("aws", "*"),
    ("task", "platform"),
    ("task", "pid_mode"),
    ("task", "family"),
    ("task", "execution_role"),
    ("task", "role"),
    ("task", "tags", "*"),
    ("containers", "*", "image"),
    ("containers", "*", "user"),
    ("containers", "*", "env_files", "*"),
    ("containers", "*", "healthcheck", "http"),
    ("containers", "*", "ports", "*", "*"),
    ("containers", "*", "capabilities", "*", "*"),
    ("containers", "*", "tmpfs", "*", "options", "*"),
    ("containers", "*", "environment", "*", "ref"),
    ("containers", "*", "secrets", "*", "ssm"),
    ("containers", "*", "secrets", "*", "secrets_manager"),
    ("containers", "*", "registry_credentials", "secrets_manager"),
    ("containers", "*", "publish", "static"),
    ("containers", "*", "build", "args", "*", "ref"),
    ("containers", "*", "build", "args", "*", "ssm"),
    ("containers", "*", "build", "args", "*", "secrets_manager"),
    ("containers", "*", "build", "packages", "*"),
    ("containers", "*", "build", "platform"),
    ("containers", "*", "build", "repository"),
    ("containers", "*", "logs", "driver"),
    ("containers", "*", "logs", "group"),
    ("containers", "*", "logs", "mode"),
    ("containers", "*", "logs", "max_buffer_size"),
    ("containers", "*", "logs", "secret_options", "*", "ssm"),
    ("containers", "*", "logs", "secret_options", "*", "secrets_manager"),
    ("volumes", "*", "efs", "file_system"),
    ("volumes", "*", "efs", "access_point"),
    ("volumes", "*", "ebs", "type"),
    ("volumes", "*", "ebs", "role"),
    ("backends", "*", "host"),
    ("backends", "*", "security_group"),
    ("backends", "*", "pool", "*"),
    ("network", "*"),
    ("network", "subnets", "*", "*"),
    ("network", "security_groups", "*"),
    ("network", "allow", "*", "*"),
    ("load_balancer", "target"),
    ("load_balancer", "health_check", "*"),
    ("load_balancer", "certificate"),
    ("load_balancer", "name"),
    ("load_balancer", "target_group"),
    ("logs", "driver"),
    ("logs", "group"),
    ("logs", "mode"),
    ("logs", "max_buffer_size"),
    ("logs", "secret_options", "*", "ssm"),
    ("logs", "secret_options", "*", "secrets_manager"),
    ("service", "platform_version"),
    ("service", "cluster"),
    ("service", "name"),
    ("pipeline", "*"),
)
_JUDGED_KEYS = (
    ("volumes", "*"),
    ("containers", "*"),
    ("containers", "*", "environment", "*"),
    ("containers", "*", "secrets", "*"),
    ("containers", "*", "build", "args", "*"),
    ("containers", "*", "build", "tail", "*"),
    ("containers", "*", "mounts", "*"),
    ("containers", "*", "depends_on", "*"),
    ("containers", "*", "ulimits", "*"),
    ("backends", "*"),
    ("task", "tags", "*"),
)


def _texts(value: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, str, bool]]:
    """Yield every text of the spec: its path as written, the text, and whether it is the key."""
    if isinstance(value, str):
        yield path, value, False
    elif isinstance(value, Model):
        for name, field in type(value).model_fields.items():
            yield from _texts(getattr(value, name), (*path, field.alias or name))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield (*path, key), key, True
            yield from _texts(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts(item, (*path, index))


def _is_one_of(path: KeyPath, patterns: tuple[tuple[str, ...], ...]) -> bool:
    return any(
        len(path) == len(pattern) and all(word in ("*", key) for word, key in zip(pattern, path, strict=True))
        for pattern in patterns
    )


def _needs_no_line(subject: Subject, path: KeyPath, *, is_key: bool) -> bool:
    if is_key:
        return _is_one_of(path, _JUDGED_KEYS)
    if _is_one_of(path, (_ARGUMENT,)):
        return not recipes.of(subject.spec.containers[str(path[1])].build).files  # only a shell is told of them
    if path[2:3] == ("build",) and _is_one_of(path[3:], recipes.of(subject.spec.containers[str(path[1])].build).judged):
        return True
    return _is_one_of(path, _FREE) or _is_one_of(path, _JUDGED)


def _several_lines(subject: Subject) -> Iterator[Finding]:
    for path, text, is_key in _texts(subject.spec):
        found = re.search(_BREAK, text)
        if found is None or _needs_no_line(subject, path, is_key=is_key):
            continue
        where = ".".join(re.sub(_BREAK, " ", str(key)) for key in path)
        what = _SPOKEN.get(found[0], f"the line separator U+{ord(found[0]):04X}")
        whose = "the key" if is_key else "the text of"
        yield Finding(
            path,
            f"{whose} {where} holds {what}, and the generated files have one line for it",
            "write it on one line, without tabs",
            on_key=is_key,
        )


RULES: tuple[Rule, ...] = (Rule("CG641", "several-lines", Severity.ERROR, _several_lines),)
