"""Findings that a project lives with are known again wherever they move, and no secret stands in the baseline."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from chuoigen.commands.lint import Accepted, lint
from chuoigen.diagnostics import ChuoigenError

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "hunter2hunter2"
TEXT = """{
  "requiresCompatibilities": ["FARGATE"], "networkMode": "awsvpc", "cpu": "256", "memory": "1536",
  "containerDefinitions": [{
    "name": "web", "image": "nginx:1.28.0", "privileged": true,
    "environment": [{"name": "DB_PASSWORD", "value": "hunter2hunter2"}]
  }]
}
"""
RULES = ["cpu-memory-pair", "privileged-container", "possible-secret"]


@pytest.fixture(autouse=True)
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "taskdef.json").write_text(TEXT, encoding="utf-8")
    assert [one.rule for one in lint(["."]).diagnostics] == RULES
    assert lint(["."], accepted=Accepted(write="known.json")).diagnostics == ()
    return tmp_path


def fresh() -> list[str]:
    return [one.rule for one in lint(["taskdef.json"], accepted=Accepted(read="known.json")).diagnostics]


def test_what_is_in_the_baseline_is_not_reported(at: Path) -> None:
    assert fresh() == []
    (at / "taskdef.json").write_text(f"\n\n{TEXT}", encoding="utf-8")
    assert fresh() == []


def test_another_value_and_another_finding_are_new(at: Path) -> None:
    text = TEXT.replace('"1536"', '"1537"').replace('"privileged": true', '"privileged": true, "links": ["db"]')
    (at / "taskdef.json").write_text(text, encoding="utf-8")
    assert fresh() == ["cpu-memory-pair", "container-links"]


def test_no_secret_nor_a_digest_of_one_is_kept(at: Path) -> None:
    text = (at / "known.json").read_text(encoding="utf-8")
    assert SECRET not in text
    values = {one["rule"]: one["value"] for one in json.loads(text)["findings"]}
    assert values["possible-secret"] == ""
    assert len(values["cpu-memory-pair"]) == 16


@pytest.mark.parametrize("text", ["", "[]", '{"version": 2, "findings": []}', '{"version": 1, "findings": [{}]}'])
def test_another_file_is_no_baseline(at: Path, text: str) -> None:
    (at / "known.json").write_text(text, encoding="utf-8")
    with pytest.raises(ChuoigenError, match=r"known\.json is not a baseline"):
        fresh()


def test_a_baseline_that_is_not_there_is_said(at: Path) -> None:
    (at / "known.json").unlink()
    with pytest.raises(ChuoigenError, match=r"the baseline known\.json cannot be read"):
        fresh()


def test_a_baseline_that_cannot_be_written_is_said_by_its_name(at: Path) -> None:
    with pytest.raises(ChuoigenError, match=r"none/known\.json cannot be written: "):
        lint(["."], accepted=Accepted(write="none/known.json"))
    assert not [path for path in at.iterdir() if path.name not in {"taskdef.json", "known.json"}]
