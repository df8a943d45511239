"""The schema for editors takes whole specs, stages and parts, and still notices what no file may say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from chuoigen.spec import json_schema
from chuoigen.spec.editors import for_any_file

SCHEMA = for_any_file(json_schema())
SPECS = sorted((Path(__file__).parents[2] / "spec").glob("*.yaml"))
WHOLE: dict[str, Any] = {
    "chuoigen": 1,
    "name": "shop",
    "aws": {"account": "123456789012", "region": "eu-west-1"},
    "containers": {"web": {"image": "nginx:1.28.0"}},
}


def accepts(data: Any) -> bool:
    return jsonschema.Draft202012Validator(SCHEMA).is_valid(data)


def test_it_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.name)
def test_every_spec_of_the_repository_is_taken(path: Path) -> None:
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert [error.message for error in jsonschema.Draft202012Validator(SCHEMA).iter_errors(data)] == []


@pytest.mark.parametrize("missing", list(WHOLE))
def test_a_file_that_stands_alone_needs_what_is_required(missing: str) -> None:
    assert accepts(WHOLE)
    assert not accepts({key: value for key, value in WHOLE.items() if key != missing})


@pytest.mark.parametrize("head", [{"extends": "base.yaml"}, {"partial": True}])
@pytest.mark.parametrize(
    ("rest", "taken"),
    [
        ({}, True),
        ({"stage": "qa", "containers": {"app": {"build": {"args": {"MIX_ENV": "qa"}}}}}, True),
        ({"containers": {"log": None}, "cutover": None}, True),
        ({"containers": {"app": {"healthcheck": {"interval": "10s"}}}}, True),
        ({"containers": {"app": {"prots": [80]}}}, False),
        ({"containers": {"app": {"essential": "yes"}}}, False),
        ({"service": {"desired_count": "many"}}, False),
    ],
)
def test_a_part_needs_nothing_and_may_remove_keys(head: dict[str, Any], rest: dict[str, Any], taken: bool) -> None:
    assert accepts({**head, **rest}) is taken


def test_a_file_that_says_it_is_whole_is_judged_as_whole() -> None:
    assert not accepts({"partial": False})
    assert not accepts({**WHOLE, "cutover": {}})


def test_every_key_is_described_in_both() -> None:
    for name in ("Spec", "SpecPart"):
        assert SCHEMA["$defs"][name]["properties"]["name"]["description"] == "Name of the service."
