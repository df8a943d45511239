"""What the rest of chuoigen makes of a recipe's answers, where no built-in recipe gives such ones."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Literal

from pydantic import create_model

from chuoigen import recipes
from chuoigen.artifacts import iam
from chuoigen.inputs.project import survey
from chuoigen.messages import verbatim
from chuoigen.recipes.answers import Permission, Reading
from chuoigen.recipes.fluentd import RECIPE as FLUENTD
from chuoigen.spec import Spec
from chuoigen.spec.build import ImageBuild
from chuoigen.spec.model import Model
from chuoigen.spec.schema import whole
from chuoigen.yaml.document import parse
from tests.artifacts.docker_specs import HEAD, MODERN
from tests.artifacts.plans import plan_of

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_files_that_a_recipe_asks_for_are_read_or_only_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading = Reading(
        texts=(".tool-versions", "conf/**/*.toml"), names=("yarn.lock", "package-lock.json", "../up.lock")
    )
    monkeypatch.setattr(recipes, "find", lambda _: SimpleNamespace(reading=reading))
    (tmp_path / ".git").mkdir()
    for name in ("app/.tool-versions", "app/conf/deep/a.toml", "app/conf/b.txt", "app/yarn.lock", "up.lock"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name, encoding="utf-8")
    document, _ = parse("containers: { web: { build: { recipe: any, context: app } } }\n", str(tmp_path / "qa.yaml"))
    assert document is not None
    project = survey(tmp_path / "qa.yaml", document)
    assert dict(project.texts) == {
        "app/.tool-versions": "app/.tool-versions",
        "app/conf/deep/a.toml": "app/conf/deep/a.toml",
    }
    assert project.present == {"app/yarn.lock", "up.lock"}


def test_permissions_of_one_kind_are_one_statement_and_a_sid_stays_unique(monkeypatch: pytest.MonkeyPatch) -> None:
    def permissions(*_: object) -> list[Permission]:
        asked = [("s3:PutObject", "a"), ("s3:PutObject", "b"), ("s3:PutObject", "a"), ("s3:GetObject", "c")]
        return [Permission("Objects", (action,), (name,), (), verbatim("")) for action, name in asked]

    monkeypatch.setattr(type(FLUENTD), "permissions", permissions)
    files = {file.path: file.text for file in iam.render(plan_of(HEAD + MODERN))}
    statements = json.loads(files["iam/task-policy.json"])["Statement"]
    assert [(each["Sid"], each["Action"], each["Resource"]) for each in statements] == [
        ("Objects", ["s3:PutObject"], ["a", "b"]),
        ("Objects2", ["s3:GetObject"], ["c"]),
    ]


def test_mappings_of_two_recipes_with_one_name_are_told_apart() -> None:
    def build(name: str, size: Any) -> type[ImageBuild]:
        buffer = create_model("Buffer", __base__=Model, __module__=__name__, size=size)
        return create_model(name, __base__=ImageBuild, __module__=__name__, buffer=buffer)

    first, second = build("OneBuild", Literal["one"]), build("TwoBuild", int)
    definitions = whole(Spec, [first, second])["$defs"]
    assert definitions["Buffer"]["properties"]["size"]["const"] == "one"
    assert definitions["TwoBuild.Buffer"]["properties"]["size"]["type"] == "integer"
    assert definitions["TwoBuild"]["properties"]["buffer"]["$ref"] == "#/$defs/TwoBuild.Buffer"
    options = definitions["Container"]["properties"]["build"]["anyOf"][1]["oneOf"]
    assert options == [{"$ref": "#/$defs/OneBuild"}, {"$ref": "#/$defs/TwoBuild"}]
