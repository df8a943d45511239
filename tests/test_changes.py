"""Small changes with what a reviewer must be told of each, and nothing else: changes/NAME.yaml over a base.

The comment above each says why. `changes` has the keys that are named, each with exactly its classes.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from chuoigen.compiler import judge
from chuoigen.inputs.files import Disk, Overlay
from chuoigen.inputs.load import Loaded, Loader
from chuoigen.messages import LANGUAGES, Reader, catalogue
from chuoigen.report.reviews import dotted
from chuoigen.review import compare, side_of
from chuoigen.review.classes import REPLACED
from chuoigen.review.effects import effects
from tests.repository import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from chuoigen.review import Side

FOLDER = ROOT / "tests" / "changes"
PAIRS = sorted(FOLDER.glob("*.yaml"))


@functools.cache
def base(name: str) -> str:
    return (FOLDER / "bases" / f"{name}.yaml").read_text(encoding="utf-8")


def loaded(name: str, text: str) -> Loaded:
    file = str(FOLDER / "bases" / f"{name}.yaml")
    return Loader(Overlay(Disk(), {file: text.encode()})).load(file)


def edited(pair: dict[str, Any]) -> str:
    """Return the base with all edits made; what is replaced must stand there once."""
    text = base(pair["base"])
    for edit in pair["edit"]:
        count = text.count(edit["replace"])
        assert count == edit.get("times", 1), f"{edit['replace']!r} stands there {count} times"
        text = text.replace(edit["replace"], edit["by"])
    return text


def side(name: str, text: str) -> Side | None:
    found = loaded(name, text)
    assert not judge(found).refused, "a reviewer sees no spec with errors"
    return side_of(found)


def test_there_are_enough_pairs() -> None:
    assert len(PAIRS) >= 80


@pytest.mark.parametrize("file", PAIRS, ids=lambda file: file.stem)
def test_a_change_has_exactly_these_classes(file: Path) -> None:
    pair = yaml.safe_load(file.read_text(encoding="utf-8"))
    found = compare(side(pair["base"], base(pair["base"])), side(pair["base"], edited(pair)))
    assert {dotted(change.path): [*map(str, change.classes)] for change in found.changes} == pair["changes"]


@pytest.mark.parametrize("file", PAIRS, ids=lambda file: file.stem)
def test_a_change_has_the_class_cost_where_the_bill_is_another(file: Path) -> None:
    """Two ways to the same answer: classes go by what differs, the bill by sums."""
    pair = yaml.safe_load(file.read_text(encoding="utf-8"))
    found = compare(side(pair["base"], base(pair["base"])), side(pair["base"], edited(pair)))
    assert found.bill is not None
    assert found.bill.before is not None
    costs = any("cost" in classes for classes in pair["changes"].values())
    assert (found.bill.before != found.bill.after) == costs


@pytest.mark.parametrize("file", PAIRS, ids=lambda file: file.stem)
def test_what_a_change_does_can_be_said(file: Path) -> None:
    pair = yaml.safe_load(file.read_text(encoding="utf-8"))
    found = compare(side(pair["base"], base(pair["base"])), side(pair["base"], edited(pair)))
    said = [effect for change in found.changes for effect in effects(change.moved, found.both)]
    assert all(Reader(language).text(effect) for effect in said for language in LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_that_is_made_anew_has_a_name(language: str) -> None:
    assert set(catalogue(effects.__module__, language)["kind"]) == set(REPLACED)
