"""Which format a file has: by what stands in it, then by its name."""

import os
import re

from chuoigen.yaml.relaxed_json import begins

SPEC = "spec"
TASK_DEFINITION = "task-definition"
FORMATS = (SPEC, TASK_DEFINITION)
"""The formats that are read, by the names that people give them."""

MARKS = ("chuoigen", "extends", "containerDefinitions", "taskDefinition")
"""Keys of which a file that is read has one at its root."""

# A spec has one of these keys at its root; a flow mapping may open on the same line.
_SPEC = re.compile(rb"""(?:\A(?:\xef\xbb\xbf)?|[\r\n])(?:\{[ \t\r\n]*)?["']?(?:chuoigen|extends)["']?[ \t]*:""")
_CONTAINERS = re.compile(rb"""["']?containerDefinitions["']?[ \t\r\n]*:""")
_BEGINNING = 10_000
"""Bytes in which the first character that is neither blank nor comment is looked for."""
_NAME = re.compile(r"task[-_.]?def(?:inition)?s?(?=[-_.])", re.IGNORECASE)


def recognised(content: bytes, name: str) -> str:
    """Return the format of a file that was named; "" where it is none that is known: it is read as a spec then."""
    if _SPEC.search(content):
        return SPEC
    if _CONTAINERS.search(content) or (is_named(name) and is_json(content)):
        return TASK_DEFINITION
    return ""


def is_named(name: str) -> bool:
    """Say whether a file has a name that people give to task definitions: task-definition.json, taskdef-prod.json."""
    base = os.path.basename(name)  # noqa: PTH119  a name may be no path
    return ".json" in base.lower() and _NAME.search(base) is not None


def is_json(content: bytes) -> bool:
    """Say whether the bytes of a file begin as JSON does."""
    return begins(content[:_BEGINNING].decode(errors="replace"))
