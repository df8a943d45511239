"""What specs give now against what they gave at a revision: both in memory, from any folder."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from chuoigen.commands.against import against
from chuoigen.report.outcome import Status
from tests.repository import PARTIAL, SMALL, WRONG, commit, contents, repository

if TYPE_CHECKING:
    from pathlib import Path

    from chuoigen.report.outcome import Outcome

BASE = SMALL.replace("sleep 60", "sleep 59") + "partial: true\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a committed repository whose spec extends another, in a folder with a space."""
    folder = repository(tmp_path / "my repository", qa="extends: base.yaml\nstage: qa\n", base=BASE)
    commit(folder)
    return folder


def notes(outcome: Outcome) -> list[str]:
    return [note.id for note in outcome.notes]


def test_nothing_changed_is_no_difference(root: Path) -> None:
    outcome = against([str(root / "spec" / "qa.yaml")], "HEAD")
    assert (outcome.difference, outcome.status, outcome.notes) == ("", Status.CLEAN, ())


@pytest.mark.parametrize("where", [".", "spec", ".."])
def test_a_change_in_an_extended_file_is_shown_from_any_folder(
    root: Path, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "spec" / "base.yaml").write_text(BASE.replace("sleep 59", "sleep 61"), encoding="utf-8")
    before = contents(root)
    monkeypatch.chdir(root / where)
    path = {".": "spec/qa.yaml", "spec": "qa.yaml", "..": "my repository/spec/qa.yaml"}[where]
    outcome = against([path], "HEAD")
    lines = outcome.difference.splitlines()
    assert "diff --git a/out/qa/ecs/task-definition.json b/out/qa/ecs/task-definition.json" in lines
    changed = [line for line in lines if line[:1] in "+-" and "sleep" in line]
    assert changed
    assert all(("sleep 59" if line[0] == "-" else "sleep 61") in line for line in changed)
    assert outcome.status == Status.FOUND
    assert contents(root) == before


def test_the_difference_is_what_git_shows_of_two_builds(root: Path, tmp_path: Path) -> None:
    """Builds both states for real, and lets git apply the difference to the older one."""
    from chuoigen.commands.build import build

    build([str(root / "spec" / "qa.yaml")])
    old = tmp_path / "old"
    shutil.copytree(root / "out", old / "out")
    (root / "spec" / "base.yaml").write_text(BASE.replace("sleep 59", "sleep 61"), encoding="utf-8")
    outcome = against([str(root / "spec" / "qa.yaml")], "HEAD")
    subprocess.run(["git", "apply", "-"], cwd=old, input=outcome.difference.encode(), check=True)
    build([str(root / "spec" / "qa.yaml")])
    now, patched = contents(root / "out"), contents(old / "out")
    assert {path: text for path, text in now.items() if "manifest.json" not in path} == {
        path: text for path, text in patched.items() if "manifest.json" not in path
    }


def test_a_new_spec_and_one_that_is_gone_are_said(root: Path) -> None:
    (root / "spec" / "new.yaml").write_text("extends: base.yaml\nstage: new\n", encoding="utf-8")
    (root / "spec" / "qa.yaml").unlink()
    outcome = against([str(root / "spec" / "new.yaml"), str(root / "spec" / "qa.yaml")], "HEAD")
    assert notes(outcome) == ["new", "gone"]
    parts = outcome.difference.split("diff --git ")[1:]
    assert {part.splitlines()[1].split(" mode")[0] for part in parts if "b/out/new/" in part} == {"new file"}
    assert {part.splitlines()[1].split(" mode")[0] for part in parts if "b/out/qa/" in part} == {"deleted file"}


def test_without_a_name_all_specs_of_both_sides_are_meant(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "spec" / "new.yaml").write_text("extends: base.yaml\nstage: new\n", encoding="utf-8")
    (root / "spec" / "qa.yaml").unlink()
    monkeypatch.chdir(root)
    assert notes(against([], "HEAD")) == ["new", "gone"]


def test_a_spec_in_neither_place_and_one_with_errors(root: Path) -> None:
    (root / "spec" / "qa.yaml").write_text(WRONG, encoding="utf-8")
    outcome = against([str(root / "spec" / "none.yaml"), str(root / "spec" / "qa.yaml")], "HEAD")
    assert [failure.message.rpartition("/")[2] for failure in outcome.failures] == ["none.yaml does not exist"]
    assert [found.rule for found in outcome.diagnostics] == ["cpu-memory-pair"]
    assert outcome.status == Status.UNUSABLE


def test_errors_of_the_past_are_not_ours(root: Path) -> None:
    path = root / "spec" / "qa.yaml"
    path.write_text(WRONG, encoding="utf-8")
    commit(root)
    path.write_text(SMALL, encoding="utf-8")
    outcome = against([str(path)], "HEAD")
    assert notes(outcome) == ["had-errors"]
    assert outcome.diagnostics == ()


def test_a_partial_spec_that_is_named_is_refused(root: Path) -> None:
    (root / "spec" / "part.yaml").write_text(PARTIAL, encoding="utf-8")
    outcome = against([str(root / "spec" / "part.yaml")], "HEAD")
    assert [found.rule for found in outcome.diagnostics] == ["partial-spec"]


def test_a_revision_that_is_none_is_one_failure(root: Path) -> None:
    outcome = against([str(root / "spec" / "qa.yaml")], "nothing")
    assert ["has no revision nothing" in failure.message for failure in outcome.failures] == [True]


def test_a_spec_under_another_name_is_the_same_service(root: Path) -> None:
    (root / "spec" / "qa.yaml").rename(root / "spec" / "test.yaml")
    outcome = against([str(root / "spec")], "HEAD")
    assert notes(outcome) == ["moved"]
    assert [review.lines for review in outcome.reviews] == [()]
    assert outcome.reviews[0].file.endswith("test.yaml")


def test_another_stage_in_a_new_file_is_another_service(root: Path) -> None:
    (root / "spec" / "qa.yaml").unlink()
    (root / "spec" / "test.yaml").write_text("extends: base.yaml\nstage: test\n", encoding="utf-8")
    assert notes(against([str(root / "spec")], "HEAD")) == ["gone", "new"]
