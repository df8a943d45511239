"""What a build would change, as a diff that git could apply, and nothing of it done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chuoigen.commands.build import build
from chuoigen.commands.diff import diff
from chuoigen.report.outcome import Status
from tests.repository import PARTIAL, SMALL, WRONG, contents, repository

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a repository with one clean spec that was built, and work in it."""
    where = repository(tmp_path / "repository", qa=SMALL)
    monkeypatch.chdir(where)
    build(["spec/qa.yaml"])
    return where


@pytest.mark.usefixtures("at")
def test_behind_a_build_there_is_no_difference() -> None:
    outcome = diff(["spec/qa.yaml"])
    assert (outcome.difference, outcome.status) == ("", Status.CLEAN)


def test_a_changed_spec_shows_the_lines_it_changes_and_writes_none(at: Path) -> None:
    (at / "spec" / "qa.yaml").write_text(SMALL.replace("sleep 60", "sleep 61"), encoding="utf-8")
    before = contents(at / "out")
    outcome = diff(["spec/qa.yaml"])
    assert outcome.status == Status.FOUND
    lines = outcome.difference.splitlines()
    assert "diff --git a/out/qa/ecs/task-definition.json b/out/qa/ecs/task-definition.json" in lines
    changed = [line for line in lines if line[:1] in "+-" and "sleep" in line]
    assert len(changed) >= 2
    assert all(("sleep 60" if line[0] == "-" else "sleep 61") in line for line in changed)
    assert contents(at / "out") == before


def test_without_a_build_everything_is_new(at: Path) -> None:
    outcome = diff(["spec/qa.yaml"], out="elsewhere")
    assert outcome.difference.startswith(
        "diff --git a/elsewhere/qa/README.md b/elsewhere/qa/README.md\nnew file mode 100644\n--- /dev/null\n"
    )
    assert not (at / "elsewhere").exists()


def test_a_spec_with_errors_has_its_diagnostics_and_the_others_their_diff(at: Path) -> None:
    (at / "spec" / "bad.yaml").write_text(WRONG, encoding="utf-8")
    outcome = diff(["spec/bad.yaml", "spec/none.yaml", "spec/qa.yaml"])
    assert [found.rule for found in outcome.diagnostics] == ["cpu-memory-pair"]
    assert [failure.message for failure in outcome.failures] == ["spec/none.yaml does not exist"]
    assert (outcome.difference, outcome.status) == ("", Status.UNUSABLE)


def test_a_fault_in_a_shared_base_is_said_once(at: Path) -> None:
    (at / "spec" / "base.yaml").write_text(PARTIAL + "tsak: {}\n", encoding="utf-8")
    for name in ("a", "b"):
        (at / "spec" / f"{name}.yaml").write_text("extends: base.yaml\n", encoding="utf-8")
    outcome = diff(["spec/b.yaml", "spec/a.yaml"])
    assert [(found.rule, found.span.file) for found in outcome.diagnostics] == [("unknown-key", "spec/base.yaml")]
    assert outcome.status == Status.FOUND


def test_a_partial_spec_is_refused_when_it_is_named_and_passed_over_when_it_is_not(at: Path) -> None:
    (at / "spec" / "base.yaml").write_text(PARTIAL, encoding="utf-8")
    assert [found.rule for found in diff(["spec/base.yaml"]).diagnostics] == ["partial-spec"]
    assert diff(["spec"]).status == Status.CLEAN
