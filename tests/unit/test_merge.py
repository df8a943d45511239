"""One document laid over another: data, order, and the place of every value."""

from __future__ import annotations

import pytest

from chuoigen.inputs.merge import merge
from chuoigen.yaml.document import Document, parse


def document(text: str, file: str = "spec.yaml") -> Document:
    parsed, problems = parse(text, file)
    assert parsed is not None, problems
    return parsed


@pytest.mark.parametrize(
    ("below", "above", "merged"),
    [
        ("a: 1\n", "b: 2\n", {"a": 1, "b": 2}),
        ("a: { x: 1, y: 2 }\n", "a: { y: 3, z: 4 }\n", {"a": {"x": 1, "y": 3, "z": 4}}),
        ("a: [1, 2]\n", "a: [3]\n", {"a": [3]}),
        ("a: [{ x: 1 }]\n", "a: [{ y: 2 }]\n", {"a": [{"y": 2}]}),
        ("a: { x: 1 }\n", "a: text\n", {"a": "text"}),
        ("a: text\n", "a: { x: 1 }\n", {"a": {"x": 1}}),
        ("a: 1\nb: 2\n", "a: null\n", {"b": 2}),
        ("a: { x: { y: 1, z: 2 } }\n", "a: { x: { y: null } }\n", {"a": {"x": {"z": 2}}}),
        ("a: { x: 1 }\n", "a: { x: null }\n", {"a": {}}),
        ("a: {}\n", "b: null\n", {"a": {}, "b": None}),
        ("a: null\n", "a: { x: 1 }\n", {"a": {"x": 1}}),
        ("a: { x: 1 }\n", "a: {}\n", {"a": {"x": 1}}),
        ("partial: true\nextends: b.yaml\na: 1\n", "extends: c.yaml\n", {"a": 1, "extends": "c.yaml"}),
        ("a: { partial: true, extends: x }\n", "b: 1\n", {"a": {"partial": True, "extends": "x"}, "b": 1}),
    ],
)
def test_mappings_merge_deeply_the_rest_replaces_and_null_removes(
    below: str, above: str, merged: dict[str, object]
) -> None:
    assert merge(document(below), document(above)).data == merged


def test_the_order_of_the_lower_document_stays_and_new_keys_follow() -> None:
    merged = merge(document("b: 1\na: 2\nc: 3\n"), document("d: 4\nc: 5\nb: 6\n"))
    assert list(merged.data.items()) == [("b", 6), ("a", 2), ("c", 5), ("d", 4)]


def test_every_value_keeps_its_place() -> None:
    below = document("a:\n  x: 1\n  y: [1, { z: 2 }]\n", "base.yaml")
    above = document("stage: qa\na:\n  x: 2\n", "qa.yaml")
    merged = merge(below, above)
    at = {path: (place.value.file, place.value.line) for path, place in merged.places.items()}
    assert at == {
        (): ("qa.yaml", 1),
        ("stage",): ("qa.yaml", 1),
        ("a",): ("qa.yaml", 3),
        ("a", "x"): ("qa.yaml", 3),
        ("a", "y"): ("base.yaml", 3),
        ("a", "y", 0): ("base.yaml", 3),
        ("a", "y", 1): ("base.yaml", 3),
        ("a", "y", 1, "z"): ("base.yaml", 3),
    }
    key = merged.places["a", "x"].key
    assert key is not None
    assert (key.file, key.line, key.column) == ("qa.yaml", 3, 3)


def test_a_replaced_list_leaves_no_places_behind() -> None:
    merged = merge(document("a: [1, 2, 3]\n", "base.yaml"), document("a: [4]\n", "qa.yaml"))
    assert [path for path in merged.places if path] == [("a",), ("a", 0)]


def test_a_removed_key_leaves_no_places_behind() -> None:
    merged = merge(document("a: { x: 1 }\nb: 1\n"), document("a: null\n"))
    assert ("a",) not in merged.places
    assert ("a", "x") not in merged.places


def test_merging_changes_neither_document() -> None:
    below, above = document("a: { x: 1 }\n"), document("a: { x: null, y: [2] }\n")
    merge(below, above)
    assert below.data == {"a": {"x": 1}}
    assert above.data == {"a": {"x": None, "y": [2]}}


def test_a_chain_of_three_is_merged_from_below() -> None:
    lowest, middle, top = document("a: 1\nb: 1\nc: 1\n"), document("b: 2\nc: 2\n"), document("c: 3\n")
    assert merge(merge(lowest, middle), top).data == {"a": 1, "b": 2, "c": 3}
