"""The proof that an import changes nothing: what is built from the spec is what the file says, or where it differs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from chuoigen.artifacts.ecs.task import task_definition
from chuoigen.importing.comparison import Difference, differences
from chuoigen.importing.concrete import concrete
from chuoigen.importing.idiom import Asked, idiomatic
from chuoigen.importing.normal import Normal
from chuoigen.importing.stages import BASE, split
from chuoigen.importing.writing import spec_text
from chuoigen.inputs.files import Overlay
from chuoigen.inputs.load import Loader, load
from chuoigen.messages import ENGLISH, Message, Texts
from chuoigen.plan import plan
from chuoigen.record import Record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chuoigen.importing.reading import Imported
    from chuoigen.inputs.files import Files

_ACCOUNT, _REGION = "123456789012", "us-east-1"
"""What stands in for the account and the region of a file that names none."""
_FORM = "task-definition"
_DEFINITION, _SPEC = "task-definition.json", "spec"
_say = Texts(__name__)


class Reason(Record):
    """A difference, and why there is one."""

    difference: Difference
    why: Message


def proved(imported: Imported, files: Files) -> tuple[Reason, ...]:
    """Return how the task definition that is built from an imported spec differs from the one in the file.

    Both are compared in their normal form. What is unknown has the same stand-in in both.
    """
    return proved_together({"": imported}, files)[0]


def proved_together(parts: Mapping[str, Imported], files: Files) -> list[tuple[Reason, ...]]:
    """Return the differences of each part by its stage, where the specs of several are a base and what differs."""
    originals = {stage: concrete(part.definition or {}) for stage, part in parts.items()}
    specs = {stage: respecified(original, files, stage) for stage, original in originals.items()}
    built = built_together({stage: spec for stage, spec in specs.items() if spec is not None}, files)
    return [
        _reasons(original, specs[stage], built.get(stage), parts[stage]) if parts[stage].definition is not None else ()
        for stage, original in originals.items()
    ]


def respecified(definition: dict[str, Any], files: Files, stage: str = "") -> dict[str, Any] | None:
    """Return the data of the spec that a task definition without placeholders is imported as; None where it is none."""
    text = json.dumps(definition, default=str).encode()
    loaded = Loader(Overlay(files, {_DEFINITION: text}), foreign=True, form=_FORM).load(_DEFINITION)
    if loaded.spec is None or loaded.document is None:
        return None
    data = idiomatic(loaded.document.data, Asked(stage or None, account=_ACCOUNT, region=_REGION))
    return {**data, "aws": {key: str(value) for key, value in data["aws"].items()}}


def rebuilt(spec: dict[str, Any], files: Files) -> dict[str, Any]:
    """Return the task definition that a build makes of the text of a spec."""
    return built_together({"": spec}, files)[""]


def built_together(specs: Mapping[str, dict[str, Any]], files: Files) -> dict[str, dict[str, Any]]:
    """Return the task definitions that builds make of the texts of specs, as import writes them."""
    together = split(specs) if len(specs) > 1 else None
    data = specs if together is None else {BASE: together.base, **together.stages}
    texts = {f"{name or _SPEC}.yaml": spec_text(one, (), ENGLISH).encode() for name, one in data.items()}
    found = {}
    for stage in specs:
        loaded = load(f"{stage or _SPEC}.yaml", Overlay(files, texts))
        if loaded.spec is None:
            raise AssertionError(f"an imported spec has not the shape of the language: {loaded.diagnostics}")
        found[stage] = task_definition(plan(loaded.spec, loaded.project))
    return found


def _reasons(
    original: dict[str, Any], spec: dict[str, Any] | None, built: dict[str, Any] | None, part: Imported
) -> tuple[Reason, ...]:
    if spec is None or built is None:
        # The stand-ins do not make a task definition that Fargate takes: nothing can be said about it.
        return (Reason(Difference((), None, None), _say("stand-ins")),)
    normal = Normal(str(spec["aws"]["account"]), str(spec["aws"]["region"]))
    left = {tuple(map(str, one.path)): one.words for one in part.left}
    return tuple(Reason(one, _reason(one, left)) for one in differences(normal.form(original), normal.form(built)))


def _reason(one: Difference, left: Mapping[tuple[str, ...], Message]) -> Message:
    for path, words in left.items():
        if set(one.path) <= set(path) or set(path) <= set(one.path):
            return words
    if one.original is None:
        return _say("added")
    return _say("lost" if one.built is None else "changed")
