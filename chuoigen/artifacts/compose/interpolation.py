"""Keeps apart the text in which compose replaces variables and the text that it must leave alone."""

import re
from collections.abc import Mapping
from typing import Any


class Interpolated(str):
    """Text in which compose is meant to replace variables; in all other text "$" is doubled."""

    __slots__ = ()


def escaped(data: Any) -> Any:
    """Double each "$" in data for a compose file, save in the text that is meant for compose."""
    if isinstance(data, Interpolated):
        return str(data)
    if isinstance(data, str):
        return data.replace("$", "$$")
    if isinstance(data, Mapping):
        return {key: escaped(value) for key, value in data.items()}
    return [escaped(value) for value in data] if isinstance(data, list) else data


def asked_for(variable: str, origin: str) -> Interpolated:
    """Return a reference to a variable of the caller's shell, without which compose stops and names its origin."""
    safe = origin.replace("$", "").replace("}", "")
    return Interpolated(f"${{{shell_name(variable)}:?set it to the value of {safe}}}")


def below_root(path: str, up: str) -> Interpolated:
    """Return a path relative to the project's root, to which `up` leads from the compose file."""
    root = f"${{SOURCE_ROOT:-{up}}}"
    return Interpolated(root if path == "." else f"{root}/{path.replace('$', '$$')}")


def shell_name(name: str) -> str:
    """Return a name as a shell can have it: letters, digits and underscores, no digit first."""
    word = re.sub("[^A-Za-z0-9_]", "_", name)
    return f"_{word}" if word[:1].isdigit() else word
