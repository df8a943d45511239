"""What lint reports, of which rules, and what it makes of comments in files that several specs extend."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chuoigen.commands.lint import lint
from chuoigen.diagnostics import ChuoigenError
from chuoigen.report.outcome import Status
from tests.repository import PARTIAL, SMALL, WRONG, repository

if TYPE_CHECKING:
    from pathlib import Path

    from chuoigen.report.outcome import Outcome

LOOSE = WRONG.replace("busybox:1.37.0", "busybox:latest")
"""An error in line 4, and a warning in line 7."""


@pytest.fixture
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a repository with specs of each kind, and work in it."""
    where = repository(tmp_path / "repository", clean=SMALL, wrong=WRONG, loose=LOOSE, base=PARTIAL)
    monkeypatch.chdir(where)
    return where


def found(outcome: Outcome) -> list[tuple[str, str, int]]:
    return [(one.rule, one.span.file, one.span.line) for one in outcome.diagnostics]


@pytest.mark.usefixtures("at")
def test_clean_specs_and_partial_ones_have_nothing_against_them() -> None:
    outcome = lint(["spec/clean.yaml", "spec/base.yaml"])
    assert (outcome.diagnostics, outcome.status, outcome.checked) == ((), Status.CLEAN, 2)


@pytest.mark.usefixtures("at")
def test_findings_are_in_the_order_of_the_files_and_of_the_places_in_each() -> None:
    outcome = lint(["spec/wrong.yaml", "spec/loose.yaml"])
    assert found(outcome) == [
        ("cpu-memory-pair", "spec/wrong.yaml", 4),
        ("cpu-memory-pair", "spec/loose.yaml", 4),
        ("mutable-image-tag", "spec/loose.yaml", 7),
    ]
    assert outcome.status == Status.FOUND


@pytest.mark.parametrize(
    ("select", "ignore", "expected"),
    [
        (["cpu-memory-pair"], [], ["cpu-memory-pair"]),
        (["CG101"], [], ["cpu-memory-pair"]),
        (["CG1"], [], ["cpu-memory-pair"]),
        (["CG"], [], ["cpu-memory-pair", "mutable-image-tag"]),
        ([], ["CG1"], ["mutable-image-tag"]),
        ([], ["mutable-image-tag", "CG101"], []),
        (["CG1", "mutable-image-tag"], ["cpu-memory-pair"], ["mutable-image-tag"]),
        (["CG9"], [], []),
    ],
)
@pytest.mark.usefixtures("at")
def test_rules_are_chosen_by_name_code_or_its_beginning(
    select: list[str], ignore: list[str], expected: list[str]
) -> None:
    outcome = lint(["spec/loose.yaml"], select=select, ignore=ignore)
    assert [one.rule for one in outcome.diagnostics] == expected
    assert outcome.found == bool(expected)


@pytest.mark.parametrize("word", ["cpu-memory", "CG999", "CG1x", "", "C", "cg1"])
@pytest.mark.usefixtures("at")
def test_an_unknown_rule_is_refused(word: str) -> None:
    for select, ignore in (([word], []), ([], [word])):
        with pytest.raises(ChuoigenError, match="there is no rule") as caught:
            lint(["spec/clean.yaml"], select=select, ignore=ignore)
        assert caught.value.help == "chuoigen rules lists all rules"


def test_what_is_only_information_is_no_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repository(tmp_path / "repository"))
    outcome = lint(["spec/chuoi-2018.yaml"], select=["retired-base"])
    assert [one.severity.value for one in outcome.diagnostics] == ["info", "info"]
    assert outcome.status == Status.CLEAN


@pytest.mark.usefixtures("at")
def test_a_file_that_cannot_be_read_does_not_hide_the_findings_of_others() -> None:
    outcome = lint(["spec/none.yaml", "spec/wrong.yaml"])
    assert outcome.status == Status.UNUSABLE
    assert [failure.message for failure in outcome.failures] == ["spec/none.yaml does not exist"]
    assert (found(outcome), outcome.checked) == ([("cpu-memory-pair", "spec/wrong.yaml", 4)], 1)


def test_a_fault_in_a_shared_base_is_said_once(at: Path) -> None:
    (at / "spec" / "base.yaml").write_text(PARTIAL + "tsak: {}\n", encoding="utf-8")
    for name in ("qa", "prod"):
        (at / "spec" / f"{name}.yaml").write_text("extends: base.yaml\n", encoding="utf-8")
    assert found(lint(["spec/qa.yaml", "spec/prod.yaml"])) == [("unknown-key", "spec/base.yaml", 10)]


COMMENT = "    image: public.ecr.aws/docker/library/busybox:latest # chuoigen: ignore[mutable-image-tag] it is ours\n"


def stages(at: Path, qa: str, prod: str) -> list[str]:
    lines = PARTIAL.splitlines(keepends=True)
    (at / "spec" / "base.yaml").write_text("".join([*lines[:7], COMMENT, *lines[8:]]), encoding="utf-8")
    (at / "spec" / "qa.yaml").write_text(f"extends: base.yaml\nstage: qa\n{qa}", encoding="utf-8")
    (at / "spec" / "prod.yaml").write_text(f"extends: base.yaml\nstage: prod\n{prod}", encoding="utf-8")
    return ["spec/base.yaml", "spec/qa.yaml", "spec/prod.yaml"]


PINNED = "containers: { echo: { image: public.ecr.aws/docker/library/busybox:1.37.0 } }\n"


def test_a_comment_in_a_base_serves_every_spec_that_extends_it(at: Path) -> None:
    assert lint(stages(at, "", "")).diagnostics == ()


def test_a_comment_in_a_base_that_one_spec_needs_is_used(at: Path) -> None:
    assert lint(stages(at, "", PINNED)).diagnostics == ()


def test_a_comment_in_a_base_that_no_spec_needs_is_unused_and_said_once(at: Path) -> None:
    assert found(lint(stages(at, PINNED, PINNED))) == [("unused-ignore", "spec/base.yaml", 8)]
