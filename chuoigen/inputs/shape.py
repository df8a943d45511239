"""Merged data into a Spec, or into a diagnostic for each place that has not the shape of the language."""

import difflib
import inspect
import typing
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from chuoigen.aws.refused import REFUSED_CONTAINER, REFUSED_TASK, REFUSED_VOLUME
from chuoigen.diagnostics import Diagnostic, Severity
from chuoigen.messages import verbatim
from chuoigen.spec import Spec
from chuoigen.spec.build import ImageBuild, judged_by
from chuoigen.spec.model import shown
from chuoigen.yaml.document import Document, KeyPath

CODES = {
    "unknown-key": "CG011",
    "missing-key": "CG012",
    "invalid-value": "CG013",
    "unquoted-value": "CG014",
    "plain-secret": "CG015",
    "duplicate-variable": "CG016",
    "compose-restart-policy": "CG017",
}
"""Rules that the shape itself reports, with their codes."""

_QUIET = ("secrets", "secret_options", "args", "environment", "registry_credentials")
_WORDS = {
    "stop_grace_period": "stop_timeout",
    "volumes": "mounts",
    "mount_points": "mounts",
    "logging": "logs",
    "log_configuration": "logs",
    "env_file": "env_files",
    "environment_files": "env_files",
    "mem_limit": "memory",
    "mem_reservation": "memory_reservation",
    "cpus": "cpu",
    "port_mappings": "ports",
    "expose": "ports",
    "test": "command",
    "task_role": "role",
    "task_role_arn": "role",
    "execution_role_arn": "execution_role",
    "services": "containers",
    "container_definitions": "containers",
    "init_process_enabled": "init",
    "cap_add": "capabilities",
    "cap_drop": "capabilities",
    "read_only_root_filesystem": "read_only",
    "readonly_rootfs": "read_only",
    "working_directory": "working_dir",
    "target_group_name": "target_group",
    "desired": "desired_count",
    "count": "desired_count",
    "region_name": "region",
}
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
_EXPECTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
}


class Shape(NamedTuple):
    """The outcome: the spec, unless it has no valid shape; the refused keys by path; what was wrong.

    Where only values at `spoilt` paths were wrong, on which nothing else hangs, the spec is there without them, so that
    one wrong key does not hide what else is to be said.
    """

    spec: Spec | None
    refused: Mapping[KeyPath, Any]
    diagnostics: tuple[Diagnostic, ...]
    spoilt: tuple[KeyPath, ...] = ()


def shape(document: Document, *, partial: bool) -> Shape:
    """Judge the shape of merged data. Of a partial spec nothing is required."""
    data, refused = _set_aside(document.data)
    try:
        return Shape(Spec.model_validate(data), refused, ())
    except ValidationError as error:
        details = error.errors(include_url=False)
    wanted = [detail for detail in details if not (partial and detail["type"] == "missing")]
    diagnostics = tuple(_diagnose(document, data, detail) for detail in wanted)
    spoilt = tuple(dict.fromkeys(_up_to_list(_written_path(data, detail["loc"])) for detail in details))
    if not all(_stands_alone(path, detail) for path, detail in _with_paths(data, details)):
        return Shape(None, refused, diagnostics)
    try:
        return Shape(Spec.model_validate(_without(data, spoilt)), refused, diagnostics, spoilt)
    except ValidationError:
        return Shape(None, refused, diagnostics)


def _with_paths(data: dict[str, Any], details: list[ErrorDetails]) -> Iterator[tuple[KeyPath, ErrorDetails]]:
    for detail in details:
        yield _written_path(data, detail["loc"]), detail


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
    if "task" in data:
        kept["task"] = without(data["task"], ("task",), REFUSED_TASK)
    return kept, refused


def _written_path(data: Any, loc: tuple[int | str, ...]) -> KeyPath:
    """Map pydantic's `loc` to a path of the document: tags, `[key]` and what short forms add are none."""
    path: list[int | str] = []
    current = data
    for part in loc:
        inside = isinstance(current, dict) and part in current
        if inside or (isinstance(current, list) and isinstance(part, int) and part < len(current)):
            current = current[part]
            path.append(part)
    return tuple(path)


def _diagnose(document: Document, data: dict[str, Any], detail: ErrorDetails) -> Diagnostic:
    kind, loc = detail["type"], detail["loc"]
    path = _written_path(data, loc)
    rule, message, help_text, on_key = "invalid-value", "", "", False
    if kind == "missing":
        rule, on_key = "missing-key", True
        message = f'{_where(path)} lacks the key "{loc[-1]}"'
        help_text = _description(data, loc)
    elif kind == "extra_forbidden":
        rule, on_key = "unknown-key", True
        message, help_text = f'unknown key "{loc[-1]}" in {_where(path[:-1])}', _suggestion(data, loc)
    elif kind == "chuoigen":
        context = detail["ctx"]
        rule, message, help_text = context["rule"], context["message"], context["help"]
    else:
        message, help_text = _mismatch(data, detail, quiet=any(part in _QUIET for part in path))
        help_text = help_text or _description(data, loc)
    return Diagnostic(
        rule, CODES[rule], Severity.ERROR, document.pointer(path, on_key=on_key), verbatim(message, help_text)
    )


def _where(path: KeyPath) -> str:
    return ".".join(str(part) for part in path) or "the spec"


def _mismatch(data: dict[str, Any], detail: ErrorDetails, *, quiet: bool) -> tuple[str, str]:
    """Return message and help for a value of the wrong kind; `quiet` values are never repeated."""
    kind, value = detail["type"], detail["input"]
    found = "another value" if quiet and isinstance(value, str | int | float) else shown(value)
    if kind == "string_type" and isinstance(value, int | float) and not quiet:
        written = str(getattr(value, "written", str(value).lower()))
        return f"expected text, found {written}, which unquoted is not text", f'write "{written}"'
    if kind in _EXPECTED:
        return f"expected {_EXPECTED[kind]}, found {found}", ""
    if kind == "literal_error":
        return f"expected {_choices(data, detail['loc'])}, found {found}", ""
    if kind == "string_too_short":
        return "the text is empty", ""
    if kind == "greater_than_equal":
        return f"{found} is too small: at least {detail['ctx']['ge']}", ""
    return f"{found} is not taken here", ""  # a kind of error that no model gave when this was written


def _choices(data: dict[str, Any], loc: tuple[int | str, ...]) -> str:
    """Name the values that the key at `loc` takes, from its declaration; pydantic's own list of them is a sentence."""
    model = _model_at(data, loc[:-1])
    field = _field(model, str(loc[-1])) if model else None
    values = [f'"{value}"' if isinstance(value, str) else str(value) for value in _literals(field and field.annotation)]
    return " or ".join([", ".join(values[:-1]), values[-1]] if values[1:] else values) or "another value"


def _literals(annotation: Any) -> Iterator[Any]:
    """Yield the values that an annotation lists, through unions."""
    arguments = typing.get_args(annotation)
    if typing.get_origin(annotation) is typing.Literal:
        yield from arguments
    else:
        for argument in arguments:
            yield from _literals(argument)


def _suggestion(data: dict[str, Any], loc: tuple[int | str, ...]) -> str:
    """Say which known key was probably meant, and which there are."""
    model = _model_at(data, loc[:-1])
    known = sorted(field.alias or name for name, field in model.model_fields.items()) if model else []
    word = _snake(str(loc[-1]))
    meant = word if word in known else _WORDS.get(word, "")
    if meant not in known:
        close = difflib.get_close_matches(word, known, n=1, cutoff=0.7)
        meant = close[0] if close else ""
    allowed = f"known keys: {', '.join(known)}" if known else ""
    return f'did you mean "{meant}"? {allowed}' if meant else allowed


def _snake(word: str) -> str:
    return (
        "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in word).lstrip("_").replace("-", "_")
    )


def _description(data: dict[str, Any], loc: tuple[int | str, ...]) -> str:
    """Return what the reference says about the key at `loc`."""
    from chuoigen.spec.descriptions import description  # reads sources: only once something is wrong

    model = _model_at(data, loc[:-1])
    fields = model.model_fields.items() if model else ()
    name = next((name for name, field in fields if loc[-1] in (field.alias, name)), None)
    text = description(model, name) if model is not None and name is not None else ""
    return f"{loc[-1]}: {text}" if text else ""


def _model_at(data: Any, loc: tuple[int | str, ...]) -> type[BaseModel] | None:
    """Return the model that judges the mapping at `loc`, walking pydantic's own names."""
    candidates: list[type[BaseModel]] = [Spec]
    value = data
    for part in loc:
        if isinstance(value, dict):
            value = value.get(part)
        elif isinstance(value, list) and isinstance(part, int):
            value = value[part]
        models = [model for model in candidates if isinstance(part, str) and _field(model, part) is not None]
        if models:
            field = _field(models[0], str(part))
            candidates = (
                list(_models_in(field.annotation)) + [m for extra in field.metadata for m in _models_in(extra)]
                if field
                else []
            )
            if ImageBuild in candidates:
                candidates = [judged_by(value)]
    return candidates[0] if candidates else None


def _field(model: type[BaseModel], name: str) -> Any:
    by_alias = {field.alias or key: field for key, field in model.model_fields.items()}
    return by_alias.get(name)


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """Yield the models that an annotation names, through unions, lists, mappings and annotations."""
    if inspect.isclass(annotation) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in typing.get_args(annotation):
        yield from _models_in(argument)
