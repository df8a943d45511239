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
from chuoigen.inputs.validation import validate
from chuoigen.lint.rule import Subject
from chuoigen.plan import plan, traced
from chuoigen.plan.leaves import leaves, written
from chuoigen.provenance import Trace, recording
from chuoigen.rules import check
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
WITHOUT_EFFECT = {
    "chuoigen": "the version of the language",
    "extends": "another file, which is merged before",
}
"""The keys that change nothing in a plan, and why."""
FEW = 10
"""How many lines of its spec a value of a plan names on average, at most; a spec has up to a hundred."""


@functools.cache
def documents() -> dict[Path, Document]:
    """Give the specs that have a plan, by their files."""
    found = {}
    for file in SPECS:
        loaded = load(file)
        if loaded.spec is not None and loaded.document is not None and not loaded.diagnostics:
            found[file] = loaded.document
    return found


def shaped(file: Path, document: Document, path: KeyPath = ()) -> tuple[Spec, Project] | None:
    """Return the spec of a document with the files around it; None where it has no valid shape.

    Only what is said below `build` (the third key of a path) can name other files.
    """
    found = validate(document, partial=False)
    if found.spec is None or found.diagnostics:
        return None
    return found.spec, survey(file, document) if path[2:3] == ("build",) else surroundings(file)


@functools.cache
def surroundings(file: Path) -> Project:
    return survey(file, documents()[file])


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
    return document.replaced(data=put(document.data, path, value))


def put(data: Any, path: KeyPath, value: Any) -> Any:
    """Return data with another value at a path; all that lies beside the way there is shared."""
    if not path:
        return value
    made = copy.copy(data)
    made[path[0]] = put(data[path[0]], path[1:], value)
    return made


def names_it(named: tuple[KeyPath, ...], path: KeyPath) -> bool:
    """Say whether a key is among the sources, by itself or by the list or short form that it stands in."""
    return any(path[: len(source)] == source for source in named)


def unnamed(file: Path, path: KeyPath, value: Any) -> Iterator[str]:
    """Complain of each value that moves with a scalar and does not name it."""
    document = documents()[file]
    after = shaped(file, altered(document, path, value), path)
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


def broken(file: Path, most: int) -> list[str]:
    """Complain of what moves unnamed when each scalar has some of its other values, spread over all kinds of change."""
    document = documents()[file]
    found: set[str] = set()
    for path, value in scalars(document.data):
        others = [*changed(value, document.data), *alternatives(file, path, value)]
        for other in others[:: max(1, len(others) // most)][:most]:
            found.update(unnamed(file, path, other))
    return sorted(found)


@pytest.mark.parametrize("file", documents(), ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_what_moves_with_a_scalar_names_it(file: Path) -> None:
    assert broken(file, 2) == []


def findings(spec: Spec, project: Project) -> set[tuple[str, KeyPath]]:
    return {(rule.name, found.path) for rule, found in check(Subject(spec, plan(spec, project), project))}


def idle(file: Path) -> Iterator[str]:
    """Give the keys of a spec of which no other value changes anything in the plan, or is reported."""
    document = documents()[file]
    before = shaped(file, document)
    assert before is not None
    known = findings(*before)
    for path, value in scalars(document.data):
        if any(path[: len(found)] == found for _, found in known):
            continue
        others = (*changed(value, document.data), *alternatives(file, path, value))
        after = [found for other in others if (found := shaped(file, altered(document, path, other), path)) is not None]
        moved = any(values(*one) != all_values(file) for one in after)
        if after and not moved and all(findings(*one) <= known for one in after):
            yield ".".join(str(part) for part in path)


@pytest.mark.parametrize("file", documents(), ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_every_key_that_is_written_has_an_effect_or_a_finding(file: Path) -> None:
    assert [key for key in idle(file) if key not in WITHOUT_EFFECT] == []


@pytest.mark.slow
@pytest.mark.parametrize("file", documents(), ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_what_moves_with_any_change_of_a_scalar_names_it(file: Path) -> None:
    assert broken(file, 1000) == []


def test_the_law_notices_a_read_that_is_not_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    file = ROOT / "spec" / "qa.yaml"
    notice = recording.Recorder.notice

    def forgetful(recorder: Any, read: Any) -> None:
        if read != ("task", "cpu"):
            notice(recorder, read)

    monkeypatch.setattr(recording.Recorder, "notice", forgetful)
    all_sources.cache_clear()
    try:
        complaints = set(unnamed(file, ("task", "cpu"), Integer(512)))
    finally:
        all_sources.cache_clear()
    assert "resources.task-definition.cpu moves with task.cpu (512)" in complaints


def test_a_plan_is_the_same_whether_it_is_recorded_or_not() -> None:
    for file, document in documents().items():
        found = shaped(file, document)
        assert found is not None
        assert traced(*found)[0] == plan(*found)


def test_a_value_names_few_lines() -> None:
    for file in documents():
        named = [len(each) for each in all_sources(file).values()]
        assert sum(named) / len(named) <= FEW, file


def test_no_value_of_a_container_names_a_line_of_another_one(tmp_path: Path) -> None:
    """Each has a port, a log, variables, a health check and a volume of its own; nothing is shared but the task."""
    one = (
        "command: [run], ports: [{port}], environment: {{ A: b }}, healthcheck: {{ http: / }}, mounts: {{ {name}: /x }}"
    )
    text = (
        'chuoigen: 1\nname: shop\naws: { account: "123456789012", region: eu-west-1 }\n'
        "volumes: { one: {}, two: {} }\ncontainers:\n"
        + "".join(
            f"  {name}: {{ image: nginx:1.28.0, {one.format(port=port, name=name)}, logs: {{ retention: 7 }} }}\n"
            for name, port in (("one", 80), ("two", 81))
        )
    )
    file = tmp_path / "spec.yaml"
    file.write_text(text, encoding="utf-8")
    loaded = load(file)
    assert loaded.spec is not None
    assert loaded.document is not None
    found = sources(loaded.spec, loaded.project, loaded.document)
    for name, other in (("one", "two"), ("two", "one")):
        own = {path: named for path, named in found.items() if path[:2] == ("containers", name)}
        assert own
        assert {path: key for path, named in own.items() for key in named if key[:2] == ("containers", other)} == {}


def test_the_law_notices_a_key_without_an_effect(monkeypatch: pytest.MonkeyPatch) -> None:
    file = ROOT / "spec" / "qa.yaml"
    allowed = next(
        path for path, value in scalars(documents()[file].data) if path[:2] == ("network", "allow") and value
    )
    monkeypatch.setattr("tests.laws.test_perturbation.values", lambda *_: {})
    monkeypatch.setattr("tests.laws.test_perturbation.findings", lambda *_: set())
    all_values.cache_clear()
    try:
        assert ".".join(map(str, allowed)) in set(idle(file))
    finally:
        all_values.cache_clear()
