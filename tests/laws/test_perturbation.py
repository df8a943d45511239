"""The law of perturbation: whatever value of a plan moves when a scalar of its spec is changed names that scalar.

Nothing here knows how a plan is made: each scalar that is written is changed in many ways, and the plans are compared.
"""

from __future__ import annotations

import copy
import functools
from typing import TYPE_CHECKING, Any

import pytest

from chuoigen.inputs.load import load
from chuoigen.inputs.project import survey
from chuoigen.inputs.shape import shape
from chuoigen.plan import plan, traced
from chuoigen.plan.leaves import leaves, written
from chuoigen.provenance import Trace
from chuoigen.spec import json_schema
from chuoigen.yaml.document import Document, Integer, Real
from tests.repository import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from chuoigen.inputs.project import Project
    from chuoigen.spec import Spec
    from chuoigen.yaml.document import KeyPath

SPECS = [*sorted((ROOT / "spec").glob("*.yaml")), *sorted((ROOT / "tests" / "cases").glob("*/spec.yaml"))]
LONGEST_LIST_OF_SOURCES = 12
"""How many lines of its spec a value of a plan names on average, at most: some have the account and the region."""


@functools.cache
def documents() -> dict[Path, Document]:
    """Give the specs that have a plan, by their files."""
    found = {}
    for file in SPECS:
        loaded = load(file)
        if loaded.spec is not None and loaded.document is not None:
            found[file] = loaded.document
    return found


def shaped(file: Path, document: Document) -> tuple[Spec, Project] | None:
    """Return the spec of a document with the files around it; None where it has no valid shape."""
    found = shape(document, partial=False)
    if found.spec is None or found.diagnostics:
        return None
    return found.spec, around(file, str(document.data.get("containers")), document)


_surveys: dict[tuple[Path, str], Project] = {}


def around(file: Path, containers: str, document: Document) -> Project:
    if (file, containers) not in _surveys:
        _surveys[file, containers] = survey(file, document)
    return _surveys[file, containers]


def values(spec: Spec, project: Project) -> dict[KeyPath, Any]:
    return {leaf.path: leaf.value for leaf in leaves(plan(spec, project), Trace({}))}


def sources(spec: Spec, project: Project, document: Document) -> dict[KeyPath, tuple[KeyPath, ...]]:
    return {leaf.path: written(leaf.sources, document) for leaf in leaves(*traced(spec, project))}


def scalars(data: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    """Give every single value that is written, with its key."""
    if isinstance(data, dict | list):
        for key, child in data.items() if isinstance(data, dict) else enumerate(data):
            yield from scalars(child, (*path, key))
    else:
        yield path, data


@functools.cache
def words() -> frozenset[str]:
    """Give every word that the language knows for some key."""

    def enums(schema: Any) -> Iterator[str]:
        if isinstance(schema, dict):
            yield from (word for word in schema.get("enum", ()) if isinstance(word, str))
            yield from (word for word in (schema.get("const"),) if isinstance(word, str))
            for child in schema.values():
                yield from enums(child)
        elif isinstance(schema, list):
            for child in schema:
                yield from enums(child)

    return frozenset(enums(json_schema()))


def names(data: dict[str, Any]) -> Iterator[str]:
    """Give the names that one part of a spec may use for another."""
    for section in ("containers", "backends", "volumes"):
        yield from data.get(section) or {}
    yield from ("internet", "alb", "10.1.2.0/24", "sg-0fedcba9876543210")


def changed(value: Any, data: dict[str, Any]) -> Iterator[Any]:
    """Give other values of the same kind."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield from (Integer(value + 1), Integer(value * 2 + 3), Integer(max(0, value - 7)), Integer(80), Integer(443))
    elif isinstance(value, float):
        yield Real(value * 2)
    elif isinstance(value, str):
        yield from (f"{value}x", "arn:aws:iam::123456789012:role/other", "7", "linux/arm64", "blocking")
        yield from (name for name in names(data) if name != value)
        if value[:1].isdigit():
            digits = value[: len(value) - len(value.lstrip("0123456789"))]
            yield from (f"{int(digits) + 1}{value[len(digits) :]}", f"{int(digits) * 2}{value[len(digits) :]}")


def alternatives(file: Path, path: KeyPath, value: Any) -> list[str]:
    """Give the words of the language, where a key takes some of them only."""
    if not isinstance(value, str) or shaped(file, altered(documents()[file], path, f"{value}x")) is not None:
        return []
    return sorted(words() - {value})


def altered(document: Document, path: KeyPath, value: Any) -> Document:
    data = copy.deepcopy(document.data)
    holder: Any = data
    for part in path[:-1]:
        holder = holder[part]
    holder[path[-1]] = value
    return document.replaced(data=data)


def names_it(named: tuple[KeyPath, ...], path: KeyPath) -> bool:
    """Say whether a key is among the sources, by itself or by the list or short form that it stands in."""
    return any(path[: len(source)] == source for source in named)


def unnamed(file: Path, path: KeyPath, value: Any) -> Iterator[str]:
    """Complain of each value that moves with a scalar and does not name it."""
    document = documents()[file]
    after = shaped(file, altered(document, path, value))
    if after is None:
        return
    old, new = all_values(file), values(*after)
    moved = [key for key in old.keys() | new.keys() if key not in old or key not in new or old[key] != new[key]]
    known = all_sources(file)
    missing = [key for key in moved if not names_it(known.get(key, ()), path)]
    later = sources(*after, document) if any(key in new for key in missing) else {}
    for key in missing:
        if not names_it(later.get(key, ()), path):
            yield f"{'.'.join(map(str, key))} moves with {'.'.join(map(str, path))} ({value!r})"


@functools.cache
def all_values(file: Path) -> dict[KeyPath, Any]:
    found = shaped(file, documents()[file])
    assert found is not None
    return values(*found)


@functools.cache
def all_sources(file: Path) -> dict[KeyPath, tuple[KeyPath, ...]]:
    found = shaped(file, documents()[file])
    assert found is not None
    return sources(*found, documents()[file])


@pytest.mark.parametrize("file", documents(), ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_what_moves_with_a_scalar_names_it(file: Path) -> None:
    document = documents()[file]
    found = {
        complaint
        for path, value in scalars(document.data)
        for other in (*changed(value, document.data), *alternatives(file, path, value))
        for complaint in unnamed(file, path, other)
    }
    assert sorted(found) == []
