"""Names with values, which compose takes as a mapping or as a list of `NAME=value`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuoigen.inputs.compose.values import piece, text
from chuoigen.inputs.translating import Raw
from chuoigen.yaml.unknown import Unknown

if TYPE_CHECKING:
    from chuoigen.inputs.compose.composition import Composition
    from chuoigen.yaml.document import KeyPath


def environment(raw: Raw, path: KeyPath, target: Composition) -> None:
    """Put the environment; a variable without a value comes from the shell that runs compose, so nobody knows it."""
    variables(raw, (*path, "environment"), target)


def labels(raw: Raw, path: KeyPath, target: Composition) -> None:
    """Put labels."""
    variables(raw, (*path, "labels"), target)


def sysctls(raw: Raw, path: KeyPath, target: Composition) -> None:
    """Put kernel parameters."""
    variables(raw, (*path, "sysctls"), target)


def variables(raw: Raw, path: KeyPath, target: Composition) -> None:
    """Put names with their values at a path, each at its own place."""
    if target.at(path) is None:
        target.put(path, raw, {})
    if isinstance(raw.value, list):
        for item in raw.items():
            _listed(item, path, target)
        return
    for name in raw.value if isinstance(raw.value, dict) else ():
        value, at = raw.value[name], (*raw.path, name)
        if isinstance(name, Unknown):
            continue
        if isinstance(value, dict | list):
            target.invalid(Raw(raw.document, at, value, frozenset()), "text")
        elif value is None:
            target.put((*path, name), Raw(raw.document, at, value, frozenset()), Unknown("", name))
        else:
            known = value if isinstance(value, Unknown) else text(value)
            target.put((*path, name), Raw(raw.document, at, value, frozenset()), known)


def _listed(item: Raw, path: KeyPath, target: Composition) -> None:
    if not isinstance(item.value, str):
        target.invalid(item, "text")
        return
    name, equals, value = item.value.partition("=")
    if isinstance(piece(name), Unknown) or not name:
        return  # nobody knows which variable it is
    known: str = Unknown("", name) if not equals else piece(value) if isinstance(item.value, Unknown) else value
    target.put((*path, name), item, known)
