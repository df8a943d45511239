"""Which specs are meant: files, folders, standard input, parts of them; and what is none."""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING

import pytest

from chuoigen.commands.build import build
from chuoigen.commands.lint import lint
from chuoigen.diagnostics import ChuoigenError
from chuoigen.report.outcome import Status
from chuoigen.workspace.choice import RUN, Run, choose
from tests.repository import PARTIAL, SMALL, WRONG, repository

if TYPE_CHECKING:
    from pathlib import Path

FACTORY = "# a fixture of RSpec\nuser:\n  name: extends\n  chuoigen: 1\n"
TEMPLATE = "<% 3.times do |n| %>\nuser<%= n %>: [\n<% end %>\n"


@pytest.fixture
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a repository with a spec among YAML files of RSpec, and work in it."""
    where = repository(tmp_path / "repository", qa=SMALL)
    (where / "spec" / "fixtures").mkdir()
    (where / "spec" / "fixtures" / "users.yml").write_text(FACTORY, encoding="utf-8")
    (where / "spec" / "fixtures" / "many.yml").write_text(TEMPLATE, encoding="utf-8")
    monkeypatch.chdir(where)
    return where


def files(*paths: str, run: Run = RUN) -> list[str]:
    return [spec.file for spec in choose(paths, run).specs]


def test_a_folder_is_searched_with_all_in_it_but_what_is_hidden(at: Path) -> None:
    for name in ("b.yml", "a.yaml", "c.yxml", "d.yaml.bak", ".hidden.yaml", "e.yaml/x.yaml", "node_modules/f.yaml"):
        (at / "spec" / name).parent.mkdir(exist_ok=True)
        (at / "spec" / name).write_text(SMALL, encoding="utf-8")
    expected = ["spec/a.yaml", "spec/b.yml", "spec/qa.yaml", "spec/e.yaml/x.yaml"]
    assert files() == files("spec") == files("spec/") == expected
    assert choose(["."], RUN).others == 2


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("chuoigen: 1\n", True),
        ("# first\n\nextends: base.yaml\n", True),
        ("\ufeffchuoigen: 1\n", True),
        ("name: x\r\nchuoigen: 1\r\n", True),
        ('{ "chuoigen": 1, name: x }\n', True),
        ("'extends' : base.yaml\n", True),
        ("name: x\n  chuoigen: 1\n", False),
        ("service: web\n", False),
        ("chuoigenerator: 1\n", False),
        ("", False),
    ],
)
def test_what_marks_a_spec(at: Path, text: str, meant: bool) -> None:
    (at / "spec" / "other.yaml").write_text(text, encoding="utf-8", newline="")
    assert ("spec/other.yaml" in files()) is meant


@pytest.mark.usefixtures("at")
def test_what_is_no_spec_is_passed_over_and_counted() -> None:
    outcome = lint(["spec"])
    assert (outcome.status, outcome.checked, outcome.others) == (Status.CLEAN, 1, 2)
    assert build().status == Status.CLEAN


@pytest.mark.usefixtures("at")
def test_what_is_no_spec_is_an_error_when_it_is_named() -> None:
    outcome = lint(["spec/fixtures/users.yml"])
    assert outcome.status == Status.UNUSABLE
    assert outcome.failures[0].message == (
        "spec/fixtures/users.yml is not a spec: it has neither chuoigen nor extends at the top level"
    )
    assert [found.rule for found in lint(["spec/fixtures/many.yml"]).diagnostics] == ["invalid-yaml"]
    run = Run(skip_others=True)
    skipped = lint(["spec/fixtures/users.yml", "spec/fixtures/many.yml", "spec/qa.yaml"], run=run)
    assert (skipped.status, skipped.checked, skipped.others) == (Status.CLEAN, 1, 2)
    assert lint(["spec/fixtures/users.yml"], run=run).status == Status.CLEAN


def test_a_key_inside_a_text_is_no_mark_of_a_spec(at: Path) -> None:
    (at / "spec" / "text.yaml").write_text("text: 'a\nchuoigen: 1\n'\nother: x\n", encoding="utf-8")
    outcome = lint()
    assert (outcome.status, outcome.checked, outcome.others) == (Status.CLEAN, 1, 3)


def test_a_broken_spec_that_is_found_is_reported(at: Path) -> None:
    (at / "spec" / "broken.yaml").write_text("chuoigen: 1\nname: [\n", encoding="utf-8")
    assert [found.rule for found in lint().diagnostics] == ["invalid-yaml"]


def test_a_folder_without_specs_is_said(at: Path) -> None:
    with pytest.raises(ChuoigenError, match=r"no spec in the folder spec/fixtures/ \(2 other files skipped\)"):
        lint(["spec/fixtures"])
    (at / "spec" / "qa.yaml").unlink()
    with pytest.raises(ChuoigenError, match="no spec in the folder spec/") as caught:
        lint()
    assert "chuoigen init" in caught.value.help


def test_a_file_that_is_named_twice_is_meant_once(at: Path) -> None:
    assert files("spec/qa.yaml", "./spec/qa.yaml", str(at / "spec" / "qa.yaml"), "spec") == ["spec/qa.yaml"]


def test_a_partial_spec_is_passed_over_in_a_folder_only(at: Path) -> None:
    (at / "spec" / "base.yaml").write_text(PARTIAL, encoding="utf-8")
    assert (build(["spec"]).status, build(["spec/base.yaml"]).status) == (Status.CLEAN, Status.FOUND)


def test_parts_hold_each_spec_once(at: Path) -> None:
    for number in range(7):
        (at / "spec" / f"s{number}.yaml").write_text(SMALL, encoding="utf-8")
    parts = [files(run=Run(shard=(number, 3))) for number in (1, 2, 3)]
    assert [len(part) for part in parts] == [3, 3, 2]
    assert sorted(file for part in parts for file in part) == sorted(files())


@pytest.mark.usefixtures("at")
def test_standard_input_stands_for_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "extends: qa.yaml\n" + "task: { execution_role: x, cpu: 256, memory: 4096 }\n"
    for name, expected in (("spec/new.yaml", ["cpu-memory-pair"]), ("", ["unusable-base"])):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        outcome = lint(["-"], run=Run(stdin_filename=name))
        assert expected[0] in [found.rule for found in outcome.diagnostics]
        assert {found.span.file for found in outcome.diagnostics} == {name or "-"}
        assert outcome.sources[name or "-"].text == text


def test_standard_input_is_built_under_a_name(at: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(SMALL.encode())))
    assert [failure.words.id for failure in build(["-"]).failures] == ["no-name"]
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(SMALL.encode())))
    assert build(["-"], run=Run(stdin_filename="spec/new.yaml")).status == Status.CLEAN
    assert (at / "out" / "new" / "README.md").is_file()


def test_pipes_and_devices_in_a_folder_are_left_alone(at: Path) -> None:
    os.mkfifo(at / "spec" / "pipe.yaml")
    (at / "spec" / "wrong.yaml").write_text(WRONG, encoding="utf-8")
    assert files() == ["spec/qa.yaml", "spec/wrong.yaml"]
