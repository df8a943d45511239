"""Each fact about AWS and each default has one home, a source and a date, and somebody who uses it."""

from __future__ import annotations

import ast
import datetime as dt
import importlib
import re
import typing
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import BaseModel

from chuoigen.aws import defaults, names
from chuoigen.messages import ENGLISH, Reader
from chuoigen.spec import Spec

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "chuoigen"
FACTS = sorted((PACKAGE / "aws").glob("*.py"))
DEFAULTS = {name: value for name, value in vars(defaults).items() if isinstance(value, defaults.Default)}

# Where a default would be typed again. A recipe's own defaults stand with the recipe.
DECIDING = [file for name in ("spec", "plan") for file in sorted((PACKAGE / name).rglob("*.py"))]


@cache
def parsed(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def public_names(tree: ast.Module) -> Iterator[str]:
    """Names that a module of facts defines for others: constants, functions and classes."""
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                yield name
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                yield name


def used_names(tree: ast.Module) -> set[str]:
    """Every name that a module reads: by itself, as an attribute, imported, or in an annotation that is text."""
    found = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Load()) | ast.Attribute(attr=name):
                found.add(name)
            case ast.ImportFrom(names=imported):
                found |= {alias.name for alias in imported}
    return found


def unused(tree: ast.Module, others: set[str]) -> list[str]:
    own = used_names(tree)
    return [name for name in public_names(tree) if not name.startswith("_") and name not in own | others]


@pytest.mark.parametrize("file", FACTS, ids=lambda file: file.stem)
def test_each_fact_is_used(file: Path) -> None:
    elsewhere = [other for other in PACKAGE.rglob("*.py") if other != file]
    others = set().union(*(used_names(parsed(other)) for other in elsewhere))
    asked = set(DEFAULTS) if file.stem == "defaults" else set()  # `defaults.of` finds them by their key
    assert unused(parsed(file), others | asked) == []


def test_each_kind_of_name_is_used() -> None:
    rules = set().union(*(used_names(parsed(file)) for file in (PACKAGE / "rules").rglob("*.py")))
    assert [kind.name for kind in names.Kind if kind.name not in rules] == []


def unsourced(value: object) -> bool:
    """Say whether a fact, or a row of a table of facts, names no document or no day."""
    source, checked = getattr(value, "source", None), getattr(value, "checked", None)
    if isinstance(source, str) and isinstance(checked, str):
        return not source or "checked" in source or checked > dt.datetime.now(dt.UTC).date().isoformat()
    if isinstance(value, dict):
        return not value or any(unsourced(row) for row in value.values())
    return not isinstance(value, tuple) or all(unsourced(part) for part in value)  # an image has its base's


@pytest.mark.parametrize("file", FACTS, ids=lambda file: file.stem)
def test_each_fact_has_its_source_and_its_date(file: Path) -> None:
    module = importlib.import_module(f"chuoigen.aws.{file.stem}".removesuffix(".__init__"))
    names_of_rows = [row for table in vars(module).values() if isinstance(table, dict) for row in table]
    constants = {
        name: getattr(module, name) for name in public_names(parsed(file)) if re.fullmatch("[A-Z][A-Z0-9_]+", name)
    }
    facts = {name: value for name, value in constants.items() if name != "CHECKED" and value not in names_of_rows}
    assert [name for name, value in facts.items() if unsourced(value)] == []


def keys(model: type[BaseModel], path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Every key of the language by its path, with the field that defines it; * stands for a name or an index."""
    for name, field in model.model_fields.items():
        own = (*path, field.alias or name)
        yield ".".join(own), field
        for inner, stars in models(field.annotation):
            yield from keys(inner, own + ("*",) * stars)


def models(hint: Any, stars: int = 0) -> Iterator[tuple[type[BaseModel], int]]:
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        yield hint, stars
    deeper = stars + (typing.get_origin(hint) in (list, dict))
    for part in typing.get_args(hint):
        yield from models(part, deeper)


KEYS = dict(keys(Spec))


def test_each_default_belongs_to_a_key_of_the_language() -> None:
    open_keys = {"containers.*.ulimits.nofile"}  # a name that the user writes
    assert {key for default in DEFAULTS.values() for key in default.keys} - open_keys <= set(KEYS)


def test_no_key_has_two_defaults() -> None:
    said = [key for default in DEFAULTS.values() for key in default.keys]
    assert sorted(said) == sorted(set(said))


@pytest.mark.parametrize("key", KEYS)
def test_a_default_of_the_language_is_that_of_its_table(key: str) -> None:
    value = KEYS[key].default
    if ".build." in key or KEYS[key].is_required() or value in (None, False) or not isinstance(value, int | str):
        return  # nothing, a recipe's own, or an empty list or mapping
    known = defaults.of(tuple(key.split(".")))
    assert known is not None
    assert known.value == value


def test_a_default_is_found_by_the_path_of_its_key() -> None:
    assert defaults.of(("containers", "app", "stop_timeout")) is defaults.STOP_TIMEOUT_S
    assert defaults.of(("containers", "app", "ports", 0, "protocol")) is defaults.PROTOCOL
    assert defaults.of(("logs", "mode")) is defaults.of(("containers", "app", "logs", "mode")) is defaults.LOG_MODE
    assert defaults.of(("containers", "app")) is None
    assert defaults.STOP_TIMEOUT_S.value == 30
    assert defaults.STOP_TIMEOUT_S.own is False
    assert defaults.GRACE_PERIOD_S.own is True


@pytest.mark.parametrize("name", DEFAULTS)
def test_a_default_says_why_in_each_language(name: str) -> None:
    english, japanese = ENGLISH.text(DEFAULTS[name].why), Reader("ja").text(DEFAULTS[name].why)
    assert english
    assert japanese != english or re.fullmatch(r"[\w ]+", english)


def word(value: int | str) -> bool:
    """Say whether a constant decides something; 0, "" and "/" stand for nothing that was written."""
    return value not in (0, "", "/")


def typed_defaults(tree: ast.Module) -> list[int]:
    """Lines where a default is typed: that of a field, behind `or`, behind `else`, or a number with a public name."""
    found = []
    for node in ast.walk(tree):
        match node:
            case ast.AnnAssign(value=ast.Constant(value=value)) if value not in (None, False, ""):
                found.append(node.lineno)
            case ast.AnnAssign(value=ast.Call(func=ast.Name(id="Field"), keywords=given)):
                typed = any(each.arg == "default" and isinstance(each.value, ast.Constant) for each in given)
                found += [node.lineno] if typed else []
            case ast.BoolOp(op=ast.Or(), values=[*_, ast.Constant(value=int() | str() as value)]) if word(value):
                found.append(node.lineno)
            case ast.IfExp(orelse=ast.Constant(value=int() as value)) if value and value is not True:
                found.append(node.lineno)
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=int())) if re.match("[A-Z]", name):
                found.append(node.lineno)
    return found


@pytest.mark.parametrize("file", DECIDING, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_no_default_is_typed_where_it_is_decided(file: Path) -> None:
    assert [f"{file.name}:{line}" for line in typed_defaults(parsed(file))] == []


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("class Task(Model):\n    cpu: Cpu = 256", [2]),
        ("class Task(Model):\n    cpu: int = Field(default=256, ge=1)", [2]),
        (
            "class Task(Model):\n    cpu: Cpu = defaults.CPU.value\n    tags: list[str] = Field(default_factory=list)",
            [],
        ),
        ("class Task(Model):\n    role: Text | None = None\n    iam: bool = False", []),
        ("stop = written.stop or 30", [1]),
        ("name = written.name or ''", []),
        ("stop = written.stop if written else 30", [1]),
        ("scheme = 'internal' if written.internal else 'internet-facing'", []),
        ("GRACE_PERIOD_S = 60", [1]),
        ("_SHOWN_MAX = 60", []),
    ],
)
def test_a_typed_default_is_noticed(source: str, lines: list[int]) -> None:
    assert typed_defaults(ast.parse(source)) == lines


def test_an_unused_fact_is_noticed() -> None:
    tree = ast.parse("LIMIT = 3\nOTHER = LIMIT\n_own = 1\ndef ask(): ...\nclass Row: ...")
    assert unused(tree, {"Row"}) == ["OTHER", "ask"]


@pytest.mark.parametrize(
    ("value", "without"),
    [
        (3, True),
        ({}, True),
        ({"a": 3}, True),
        (defaults.STOP_TIMEOUT_S, False),
        ({"a": defaults.STOP_TIMEOUT_S}, False),
        (defaults.STOP_TIMEOUT_S.replaced(source=""), True),
        (defaults.STOP_TIMEOUT_S.replaced(checked="2999-01-01"), True),
        (names.AWS_NAMES, False),
    ],
)
def test_a_fact_without_a_source_is_noticed(value: object, without: bool) -> None:
    assert unsourced(value) is without
