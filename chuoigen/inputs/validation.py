"""Merged data into a Spec, or into a diagnostic for each place that has not the shape of the language."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from chuoigen.aws.refused import REFUSED_CONTAINER, REFUSED_SERVICE, REFUSED_TASK, REFUSED_VOLUME
from chuoigen.diagnostics import Diagnostic
from chuoigen.fix import Rename
from chuoigen.inputs.guesses import guesses, holes, unknown_paths
from chuoigen.inputs.violations import diagnose, unfilled, written_path
from chuoigen.record import Record
from chuoigen.spec import Spec
from chuoigen.yaml.document import Document, KeyPath

_ALONE = (
    "environment",
    "secrets",
    "labels",
    "restart",
    "stop_timeout",
    "start_timeout",
    "cpu",
    "memory",
    "memory_reservation",
    "sysctls",
    "tmpfs",
    "ulimits",
)
"""Keys of a container on which nothing else hangs."""


class Validated(Record):
    """The outcome: the spec, unless it has no valid shape; the refused keys by path; what was wrong.

    Where only values at `invalid_paths` were wrong, on which nothing else depends, the spec is there without them, so
    that one wrong key does not hide what else is to be said. Where values are `unknown`, `spec` has guesses in their
    place, and `others` are the same spec with other guesses.
    """

    spec: Spec | None
    refused: Mapping[KeyPath, Any]
    diagnostics: tuple[Diagnostic, ...]
    invalid_paths: tuple[KeyPath, ...] = ()
    unknown: tuple[KeyPath, ...] = ()
    others: tuple[Spec, ...] = ()


def validate(document: Document, *, partial: bool) -> Validated:
    """Judge the shape of merged data. Of a partial spec nothing is required; an unknown value has any shape.

    What a spec leaves open is reported; in a partial one it may be what each stage fills.
    """
    unknown = tuple(unknown_paths(document.data))
    if not unknown:
        return _validate(document, document.data, partial=partial)
    shapes = [_validate(document, guess, partial=partial) for guess in guesses(document.data, unknown)]
    others = tuple(one.spec for one in shapes[1:] if one.spec is not None)
    found = tuple(one for one in shapes[0].diagnostics if all(one in other.diagnostics for other in shapes[1:]))
    open_ones = () if document.form or document.kinds or partial else holes(document.data)
    found += tuple(unfilled(document, path, value) for path, value in open_ones)
    return shapes[0].replaced(diagnostics=found, unknown=unknown, others=others)


def misshapen(written: dict[str, Any]) -> tuple[KeyPath, ...]:
    """Return the paths at which data that leave nothing open have not the shape of a spec, and say nothing about it."""
    data, _ = _set_aside(written)
    try:
        Spec.model_validate(data)
    except ValidationError as error:
        return tuple(written_path(data, detail["loc"]) for detail in error.errors(include_url=False))
    return ()


def _validate(document: Document, written: dict[str, Any], *, partial: bool) -> Validated:
    data, refused = _set_aside(written)
    try:
        return Validated(Spec.model_validate(data), refused, ())
    except ValidationError as error:
        details = error.errors(include_url=False)
    wanted = [detail for detail in details if not (partial and detail["type"] == "missing")]
    found = tuple(diagnose(document, data, detail) for detail in wanted)
    # What a key that was not understood should have said is missing: nothing is said about that beside it.
    renamed = tuple(_renamed(found))
    meant = tuple((*path[:-1], edit.key) for path, edit in renamed)
    missing = [(*written_path(data, one["loc"]), one["loc"][-1]) if one["type"] == "missing" else () for one in wanted]
    diagnostics = tuple(one for one, path in zip(found, missing, strict=True) if path not in meant)
    invalid_paths = tuple(dict.fromkeys(_up_to_list(written_path(data, detail["loc"])) for detail in details))
    if not all(_stands_alone(path, detail) for path, detail in _with_paths(data, details)):
        return Validated(None, refused, diagnostics)
    for kept in (_meant(data, invalid_paths, renamed), _without(data, invalid_paths)):
        try:
            spec = Spec.model_validate(kept)
        except ValidationError:
            continue
        return Validated(spec, refused, diagnostics, tuple(dict.fromkeys((*invalid_paths, *meant))))
    return Validated(None, refused, diagnostics)


def _meant(data: dict[str, Any], invalid: tuple[KeyPath, ...], renamed: Iterable[tuple[KeyPath, Rename]]) -> Any:
    """Return the data without invalid values, and with keys by the names that were meant: what refers to them may."""
    kept = _without(data, invalid)
    for path, edit in renamed:
        holder: Any = kept
        value: Any = data
        for part in path[:-1]:
            holder, value = (one.get(part) if isinstance(one, dict) else None for one in (holder, value))
        if isinstance(holder, dict) and isinstance(value, dict):
            holder.setdefault(edit.key, value[path[-1]])
    return kept


def _with_paths(data: dict[str, Any], details: list[ErrorDetails]) -> Iterator[tuple[KeyPath, ErrorDetails]]:
    for detail in details:
        yield written_path(data, detail["loc"]), detail


def _renamed(diagnostics: Iterable[Diagnostic]) -> Iterator[tuple[KeyPath, Rename]]:
    """Yield the keys for which another was meant, with the edit that writes that."""
    for diagnostic in diagnostics:
        for edit in diagnostic.fix.edits if diagnostic.fix is not None else ():
            if isinstance(edit, Rename):
                yield edit.path, edit


def _stands_alone(path: KeyPath, detail: ErrorDetails) -> bool:
    """Say whether the rest of a spec can be judged without this value: nothing else is decided by it."""
    if detail["type"] == "extra_forbidden":
        return not any(isinstance(part, int) for part in path)
    return len(path) > len(("containers", "name")) and path[0] == "containers" and path[2] in _ALONE


def _up_to_list(path: KeyPath) -> KeyPath:
    """Return the path of the list that holds a value, or the value's own: a list is left out as a whole."""
    return path[: next((index for index, part in enumerate(path) if isinstance(part, int)), len(path))]


def _without(data: Any, paths: tuple[KeyPath, ...]) -> Any:
    """Return a copy of nested mappings without the keys at `paths`."""
    heads = {path[0] for path in paths if len(path) == 1}
    deeper = {path[0] for path in paths if len(path) > 1}
    return {
        key: _without(value, tuple(path[1:] for path in paths if path[0] == key)) if key in deeper else value
        for key, value in data.items()
        if key not in heads
    }


def _set_aside(data: dict[str, Any]) -> tuple[dict[str, Any], dict[KeyPath, Any]]:
    """Return the data without the keys that Fargate refuses, and those keys by path: rules answer for them."""
    refused: dict[KeyPath, Any] = {}

    def without(value: Any, path: KeyPath, words: Mapping[str, Any]) -> Any:
        if not isinstance(value, dict):
            return value
        refused.update({(*path, key): value[key] for key in value if key in words})
        return {key: child for key, child in value.items() if key not in words}

    def each(section: str, words: Mapping[str, Any]) -> Any:
        value = data[section]
        if not isinstance(value, dict):
            return value
        return {name: without(child, (section, name), words) for name, child in value.items()}

    kept = dict(data)
    if "containers" in data:
        kept["containers"] = each("containers", REFUSED_CONTAINER)
    if "volumes" in data:
        kept["volumes"] = each("volumes", REFUSED_VOLUME)
    for section, words in (("task", REFUSED_TASK), ("service", REFUSED_SERVICE)):
        if section in data:
            kept[section] = without(data[section], (section,), words)
    return kept, refused
