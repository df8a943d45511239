"""The schemas of AWS's two requests, against files that people have and files of the wrong shape."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

ROOT = Path(__file__).parents[1]


def errors(name: str, data: Any) -> list[str]:
    schema = json.loads((ROOT / "schema" / f"{name}.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return sorted(
        "/".join(map(str, error.absolute_path)) for error in jsonschema.Draft202012Validator(schema).iter_errors(data)
    )


@pytest.mark.parametrize("spec", ["qa", "prod", "chuoi-2018"])
def test_what_is_generated_has_the_shape(spec: str) -> None:
    folder = ROOT / "out" / spec / "ecs"
    assert errors("task-definition", json.loads((folder / "task-definition.json").read_text(encoding="utf-8"))) == []
    for name in ("service", "service-update"):
        assert errors("service", json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))) == []


DESCRIBED = {
    "taskDefinitionArn": "arn:aws:ecs:eu-west-1:123456789012:task-definition/web:7",
    "family": "web",
    "revision": 7,
    "status": "ACTIVE",
    "containerDefinitions": [{"name": "web", "image": "nginx", "portMappings": None, "environment": []}],
    "registeredAt": 1732000000.0,
}


def test_what_describe_prints_has_the_shape() -> None:
    assert errors("task-definition", DESCRIBED) == []


@pytest.mark.parametrize(
    ("data", "places"),
    [
        ({"family": "web", "cpu": 256}, ["cpu"]),
        ({"family": "web", "Cpu": "256"}, [""]),
        ({"containerDefinitions": [{"essential": "true"}]}, ["containerDefinitions/0/essential"]),
        ({"containerDefinitions": [{"healthCheck": {"interval": 5}}]}, ["containerDefinitions/0/healthCheck"]),
        ({"networkMode": "vpc"}, ["networkMode"]),
    ],
)
def test_what_has_not_the_shape_is_found_at_its_place(data: Any, places: list[str]) -> None:
    assert errors("task-definition", data) == places
