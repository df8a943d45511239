"""Data of the language into the form that a person writes: units, short forms, no defaults, keys in their order."""

from __future__ import annotations

import re
import types
import typing
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ValidationError
from pydantic_core import PydanticCustomError

from chuoigen.aws import defaults
from chuoigen.aws.refused import REFUSED_CONTAINER, REFUSED_SERVICE, REFUSED_TASK, REFUSED_VOLUME
from chuoigen.spec import Spec, scalars
from chuoigen.spec.build import ImageBuild
from chuoigen.spec.values import WrittenValue
from chuoigen.yaml.unknown import Unknown

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic.fields import FieldInfo

    from chuoigen.yaml.document import KeyPath

_KEPT = frozenset({("task", "cpu"), ("task", "memory"), ("aws", "region")})
"""What is written even where it is the default: the first thing that a reader looks for."""
_MEANT_EMPTY = frozenset({"restart", "ebs", "healthcheck", "containers"})
"""Keys that say something by being there, however little stands behind them."""
_REFUSED = {
    "containers": REFUSED_CONTAINER,
    "task": REFUSED_TASK,
    "volumes": REFUSED_VOLUME,
    "service": REFUSED_SERVICE,
}
_VCPU, _GIB = 1024, 1024
_QUARTER = 256
"""CPU units below which a share of a vCPU is harder to read than units."""


def as_written(data: dict[str, Any]) -> dict[str, Any]:
    """Return the data of a spec in the form of a person, in the order in which the language documents its keys."""
    return _mapping(Spec, data, ())


def _mapping(model: type[BaseModel], data: dict[str, Any], path: KeyPath) -> dict[str, Any]:
    found: dict[str, Any] = {}
    fields = {field.alias or name: field for name, field in model.model_fields.items()}
    for key, field in fields.items():
        if key in data:
            value = _form(_hint(field), data[key], (*path, key))
            if (*path, key) in _KEPT or not _says_nothing(field, value, data[key], (*path, key)):
                found[key] = value
    rest = {key: value for key, value in data.items() if key not in fields}
    return found | {key: value for key, value in rest.items() if not _asks_for_nothing(key, value, path)}


def _asks_for_nothing(key: str, value: Any, path: KeyPath) -> bool:
    """Say whether a key that Fargate refuses has a value that it takes: the language has no need of it."""
    refused = _REFUSED.get(str(path[0]) if path else "", {}).get(key)
    return value in ({}, []) or (refused is not None and value in refused.allowed)


def _hint(field: FieldInfo) -> Any:
    return Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation


def _says_nothing(field: FieldInfo, value: Any, written: Any, path: KeyPath) -> bool:
    """Say whether a key may be left out: with this value it means what it means without."""
    if isinstance(written, Unknown):
        return False
    if value in ({}, []) and path[-1] not in _MEANT_EMPTY:
        return True
    known = defaults.of(path)
    default = field.default if known is None else known.value
    plain = _plain(_hint(field), written)
    return plain == default and isinstance(plain, bool) == isinstance(default, bool) and not field.is_required()


def _plain(hint: Any, value: Any) -> Any:
    """Return a value as the language reads it."""
    reader = _reader(hint)
    if reader is None:
        return value
    try:
        return reader(value)
    except (PydanticCustomError, ValidationError):
        return value


def _reader(hint: Any) -> Callable[[Any], Any] | None:
    """Return what reads an amount with its unit, where a key takes one."""
    for part in typing.get_args(hint) if typing.get_origin(hint) is not typing.Literal else ():
        if isinstance(part, BeforeValidator) and part.func in _UNITS:
            return typing.cast("Callable[[Any], Any]", part.func)
        found = _reader(part)
        if found is not None:
            return found
    return None


def _form(hint: Any, value: Any, path: KeyPath) -> Any:
    if isinstance(value, Unknown) or value is None:
        return value
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is Annotated:
        reader = next((part.func for part in arguments[1:] if isinstance(part, BeforeValidator)), None)
        return _UNITS[reader](_plain(hint, value)) if reader in _UNITS else _form(arguments[0], value, path)
    if origin in (typing.Union, types.UnionType):
        fitting = [one for one in arguments if one is not type(None) and _fits(one, value)]
        return _form(fitting[0], value, path) if fitting else value
    if origin is dict and isinstance(value, dict):
        return {key: _form(arguments[1], child, (*path, key)) for key, child in value.items()}
    if origin is list and isinstance(value, list):
        return [_form(arguments[0], child, (*path, index)) for index, child in enumerate(value)]
    return _of_model(hint, value, path) if isinstance(hint, type) and issubclass(hint, BaseModel) else value


def _of_model(model: type[BaseModel], value: Any, path: KeyPath) -> Any:
    if issubclass(model, WrittenValue):
        return _environment_text(value)
    if not isinstance(value, dict) or issubclass(model, ImageBuild):
        return value
    return _shortened(model, _mapping(model, value, path))


def _fits(hint: Any, value: Any) -> bool:
    """Say whether a part of a union is the one for a value: a mapping or list for such, else anything."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is Annotated:
        return _fits(arguments[0], value)
    is_model = isinstance(hint, type) and issubclass(hint, BaseModel)
    if isinstance(value, dict):
        return is_model or origin is dict
    return not (is_model or origin is dict) and (isinstance(value, list) == (origin is list))


def _environment_text(value: Any) -> Any:
    """Return the text of a variable; a whole number stands without quotes."""
    if isinstance(value, str) and re.fullmatch(r"0|[1-9][0-9]{0,14}", value):
        return int(value)
    return value


def _shortened(model: type[BaseModel], value: dict[str, Any]) -> Any:
    short = _SHORT.get(model.__name__)
    return short(value) if short and not any(isinstance(child, Unknown) for child in value.values()) else value


def _port(value: dict[str, Any]) -> Any:
    number = value.get("container")
    if "host" in value and value["host"] == number:
        value = {key: child for key, child in value.items() if key != "host"}
    if value.keys() == {"container"}:
        return number
    if value.keys() == {"container", "protocol"}:
        return f"{number}/{value['protocol']}"
    return value


def _mount(value: dict[str, Any]) -> Any:
    path = value.get("path", "")
    if value.keys() <= {"path", "read_only"} and not str(path).endswith((":ro", ":rw")):
        return f"{path}:ro" if value.get("read_only") else path
    return value


def _volumes_from(value: dict[str, Any]) -> Any:
    return f"{value['container']}:ro" if value.get("read_only") else value["container"]


def _limit(value: dict[str, Any]) -> Any:
    same = value.keys() == {"soft", "hard"} and value["soft"] == value["hard"]
    return value["soft"] if same else value


def _only(key: str) -> Callable[[dict[str, Any]], Any]:
    return lambda value: value[key] if value.keys() == {key} else value


def _check(value: dict[str, Any]) -> Any:
    command = value.get("command")
    if isinstance(command, list) and len(command) == 2 and command[0] == "CMD-SHELL":  # noqa: PLR2004  and its line
        return {**value, "command": command[1]}
    return value


_SHORT: dict[str, Callable[[dict[str, Any]], Any]] = {
    "Port": _port,
    "Mount": _mount,
    "VolumesFrom": _volumes_from,
    "WrittenUlimit": _limit,
    "WrittenTmpfs": _only("size"),
    "WrittenDependency": _only("condition"),
    "WrittenHealth": _only("path"),
    "WrittenRole": _only("name"),
    "WrittenBreaker": _only("enabled"),
    "Healthcheck": _check,
}
"""The short form of a mapping of the language, by its model."""


def _cpu(units: Any) -> Any:
    if not isinstance(units, int) or units % _QUARTER:
        return units
    return f"{units / _VCPU:g} vCPU"


def _memory(mib: Any) -> Any:
    if not isinstance(mib, int):
        return mib
    return f"{mib // _GIB} GiB" if mib and mib % _GIB == 0 else f"{mib} MiB"


def _amount(unit: str) -> Callable[[Any], Any]:
    return lambda value: f"{value}{unit}" if isinstance(value, int) else value


_KINDS: tuple[tuple[Any, Callable[[Any], Any]], ...] = (
    (scalars.Cpu, _cpu),
    (scalars.Memory, _memory),
    (scalars.Seconds, _amount("s")),
    (scalars.Storage, _amount(" GiB")),
    (scalars.Days, _amount(" days")),
)
_UNITS = {kind.__metadata__[0].func: form for kind, form in _KINDS}
"""How an amount is written, by what reads it."""
