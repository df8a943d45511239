"""The JSON Schema that `schema` prints is one, takes the specs of the repository and refuses what is no spec."""

from __future__ import annotations

import json

import jsonschema
import pytest
import yaml

from chuoigen.commands.schema import schema
from tests.repository import ROOT

SCHEMA = json.loads(schema().text)


def test_it_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", ["base", "qa", "prod", "chuoi-2018"])
def test_it_takes_the_specs_of_chuoi(name: str) -> None:
    data = yaml.safe_load((ROOT / "spec" / f"{name}.yaml").read_text(encoding="utf-8"))
    assert [error.message for error in jsonschema.Draft202012Validator(SCHEMA).iter_errors(data)] == []


@pytest.mark.parametrize("data", [[], {"chuoigen": 2}, {"tsak": {}}, {"containers": {"app": {"imgae": "x"}}}])
def test_it_refuses_what_is_no_spec(data: object) -> None:
    assert not jsonschema.Draft202012Validator(SCHEMA).is_valid(data)
