"""Specs that nobody would write: real ones with keys removed, renamed, moved and filled with nonsense."""

from __future__ import annotations

import copy
import functools
import json
from typing import Any

import yaml
from hypothesis import strategies as st

from chuoigen.inputs.merge import merge
from chuoigen.yaml.document import Document, parse
from tests.repository import ROOT

WEIRD: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 80, 443, 65536, 10**30, 0.5, 1e300, "", " ", "0", "-1", "1.10", "on", "null", "~",
    "\n", "a\nb", "a\tb", "\u2028", "\ufeff", "\U0001f34c", "\u0000", "\u007f", "..", "/", "//", "../..", "/..", ".", "-", "--", ":", "a:b:c", "@",
    "a@sha256:1", "sg-", "arn:", "arn:aws", "arn:::::", "arn:aws:iam::1:role/", "0.0.0.0/0", "10.0.0.0/99", "::1", "localhost",
    "$", "${x}", "$$", "{{ x }}", "{% x %}", "{container}", "{", "}", "'", '"', "`id`", "$(id)", "\\", "#", "# x", "<a>", "&",
    "%{x}", "#{x}", "CMD", "CMD-SHELL", "internet", "alb", "task", "self", "service", "1 vCPU", "0.25 vCPU", "512 MiB", "1 TB", "30s",
    "2m", "30 days", "0 days", "80/udp", "80:80", "65536", "x" * 300, "a b", "a;b", "日本", "backends.redis.host", "nginx:latest", "phoenix",
    [], {}, [[]], [{}], [None], {"": ""}, {"a": None}, {"ref": "name"}, {"ref": ""}, {"ssm": ""}, {"ssm": "/a"}, {"secrets_manager": "a"},
)  # fmt: skip
"""Values that are wrong nearly everywhere, and a few that are right somewhere."""
TEXTS = tuple(value for value in WEIRD if isinstance(value, str))


@functools.cache
def specs() -> tuple[dict[str, Any], ...]:
    """Return the specs of the repository as plain data, those that extend others merged."""
    return tuple(data for _, data in _found())


@functools.cache
def _found() -> tuple[tuple[str, dict[str, Any]], ...]:
    """Return the specs with the names of their files or folders."""
    files = [*sorted((ROOT / "spec").glob("*.yaml")), *sorted((ROOT / "tests" / "cases").glob("*/spec.yaml"))]
    found = []
    for file in files:
        document = merged(str(file))
        if document is not None:
            data = yaml.safe_load(json.dumps(document.data))
            data.pop("extends", None)
            data.pop("partial", None)
            found.append((file.stem if file.parent.name == "spec" else file.parent.name, data))
    return tuple(found)


def merged(file: str) -> Document | None:
    with open(file, "rb") as stream:  # noqa: PTH123  a path as the language writes it
        document, _ = parse(stream.read(), file)
    if document is None or not isinstance(document.data.get("extends"), str):
        return document
    below = merged(f"{file.rpartition('/')[0]}/{document.data['extends']}")
    return merge(below, document) if below else document


@functools.cache
def keys() -> tuple[str, ...]:
    """Return every key of the language, and every name in the specs."""
    schema = json.loads((ROOT / "schema" / "spec.schema.json").read_text(encoding="utf-8"))
    found: set[str] = set()

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            found.update(value.get("properties", {}))
            for child in value.values():
                walk(child)
        elif isinstance(value, list):
            for child in value:
                walk(child)

    walk(schema)
    for data in specs():
        found.update(key for value in nodes(data) if isinstance(value, dict) for key in value)
    return tuple(sorted(found))


def nodes(value: Any) -> list[Any]:
    """Return a value and everything in it, in order."""
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [value, *(node for child in children for node in nodes(child))]


@functools.cache
def values() -> tuple[Any, ...]:
    """Return every value of every spec."""
    return tuple(node for data in specs() for node in nodes(data))


@functools.cache
def sound() -> tuple[dict[str, Any], ...]:
    """Return the specs that can be built, with a name each; a comment's permission is not data, and is gone."""
    found = []
    for name, data in copy.deepcopy(_found()):
        build = data.get("containers", {}).get("app", {}).get("build", {})
        if build.get("release") == "distillery":
            del build["args"]["SECRET_KEY_BASE"]
        if not name.startswith(("bad-", "hostile", "extends")):
            found.append(data)
    return tuple(found)


@st.composite
def mutated(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a spec with one to five changes of any kind."""
    data: dict[str, Any] = copy.deepcopy(draw(st.sampled_from(specs())))
    for _ in range(draw(st.integers(1, 5))):
        places = [node for node in nodes(data) if isinstance(node, dict | list) and node]
        if not places:
            break
        _change(draw, draw(st.sampled_from(places)))
    return data


@st.composite
def nearly_sound(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a spec that could be built before one to three of its names, texts or numbers were changed a little."""
    data: dict[str, Any] = copy.deepcopy(draw(st.sampled_from(sound())))
    for _ in range(draw(st.integers(1, 3))):
        _nudge(draw, draw(st.sampled_from([node for node in nodes(data) if isinstance(node, dict | list) and node])))
    return data


def _nudge(draw: st.DrawFn, place: Any) -> None:
    """Change one text, number or name; what is a mapping or a list stays one."""
    at = draw(st.sampled_from(list(place) if isinstance(place, dict) else range(len(place))))
    value, odd = place[at], draw(st.sampled_from(TEXTS))
    if isinstance(place, dict) and draw(st.integers(0, 9)) == 0:
        place[at + odd] = place.pop(at)
    elif isinstance(value, str):
        where = draw(st.integers(0, len(value)))
        place[at] = value[:where] + odd + value[where:]
    elif isinstance(value, int) and not isinstance(value, bool):
        place[at] = draw(st.sampled_from((0, 1, value + 1, value * 2, value // 2, 80, 443, 65535, 10**6)))
    elif isinstance(value, list) and value:
        value.append(copy.deepcopy(draw(st.sampled_from(value))))


def _change(draw: st.DrawFn, place: Any) -> None:
    """Change one child of a mapping or of a list."""
    at = draw(st.sampled_from(list(place) if isinstance(place, dict) else range(len(place))))
    kind = draw(st.sampled_from(("delete", "replace", "replace", "move", "add", "rename", "wrap")))
    if kind == "delete":
        del place[at]
    elif kind == "replace":
        place[at] = copy.deepcopy(draw(st.sampled_from(WEIRD) | st.text(max_size=12) | st.integers()))
    elif kind == "move":
        place[at] = copy.deepcopy(draw(st.sampled_from(values())))
    elif kind == "wrap":
        place[at] = [place[at]] if draw(st.booleans()) else {draw(st.sampled_from(keys())): place[at]}
    elif isinstance(place, list):
        place.append(copy.deepcopy(draw(st.sampled_from(values()))))
    else:
        key = draw(st.sampled_from(keys()) | st.sampled_from(TEXTS))
        place[key] = place.pop(at) if kind == "rename" else copy.deepcopy(draw(st.sampled_from(values())))
