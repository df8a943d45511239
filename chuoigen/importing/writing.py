"""The data of a spec into the text of its file, with a comment where a reader would ask."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from chuoigen.aws import defaults
from chuoigen.aws.vocabulary import NO_LOG_DRIVER
from chuoigen.messages import Message, Reader, Texts
from chuoigen.yaml.layout import laid_out
from chuoigen.yaml.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from chuoigen.yaml.document import KeyPath

_TALL = frozenset({("task",), ("volumes",), ("containers",), ("backends",), ("network",)})
"""Sections that stand in blocks, however little they say: the next line that somebody adds has its place."""
_FEW = 2
"""Variables on one line."""
_say = Texts(__name__)


def spec_text(
    data: dict[str, Any], head: Sequence[Message], reader: Reader, own: Mapping[KeyPath, str] = MappingProxyType({})
) -> str:
    """Return the text of a spec; `head` are comments at its top, and `own` those of the file, at () or above keys."""
    comments = dict(own)
    for path, words in _remarks(data):
        comments[path] = "\n".join(filter(None, (comments.get(path), reader.text(words))))
    above = [line for words in head for line in reader.text(words).splitlines()]
    top = "".join(f"# {line}\n" for line in (*above, *own.get((), "").splitlines()))
    # A stage says little, and what it says is seen best on one line.
    return top + laid_out(data, comments=comments, tall=_are_many if "extends" in data else _is_tall)


def _are_many(path: KeyPath, value: Any) -> bool:
    return path[-1] in ("environment", "secrets") and len(value) > _FEW


def _is_tall(path: KeyPath, value: Any) -> bool:
    if _are_many(path, value):
        return True
    return path in _TALL or (path[:1] == ("containers",) and len(path) == len(("containers", "name")))


def _remarks(data: dict[str, Any]) -> Iterator[tuple[KeyPath, Message]]:
    """Yield the paths above which a comment stands, with what it says."""
    task = data.get("task", {})
    arns = [key for key in ("execution_role", "task_role") if str(task.get(key, "")).startswith("arn:")]
    made = task.get("execution_role")
    if isinstance(made, str) and not isinstance(made, Unknown) and not arns:
        yield ("task", "execution_role"), _say("made-role")
    if arns:
        yield ("task", arns[0]), _say("existing-role", count=len(arns))
    if "overrides" in task:
        yield ("task", "overrides"), _say("overrides")
    if data.get("logs", {}).get("max_buffer_size") == defaults.AWS_LOG_BUFFER_SIZE:
        yield ("logs",), _say("buffer", size=defaults.AWS_LOG_BUFFER_SIZE, ours=defaults.LOG_BUFFER_SIZE.value)
    for name, one in data.get("containers", {}).items():
        if not isinstance(one, dict):
            continue
        if one.get("logs") == {"driver": NO_LOG_DRIVER}:
            yield ("containers", name, "logs"), _say("no-logs")
        if "overrides" in one:
            yield ("containers", name, "overrides"), _say("overrides")
