"""The typed functions for scripts and notebooks, and the example with which they introduce themselves."""

from __future__ import annotations

import ast
import doctest
import inspect
import json
from typing import TYPE_CHECKING

import pytest

from chuoigen import api
from tests.repository import PARTIAL, ROOT, SMALL, WRONG, contents, repository

if TYPE_CHECKING:
    from pathlib import Path


def test_the_example_of_the_documentation_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    tested = doctest.testmod(api, optionflags=doctest.ELLIPSIS)
    assert (tested.attempted, tested.failed) == (4, 0)


def test_what_is_offered_exists_and_is_typed() -> None:
    assert sorted(api.__all__) == api.__all__
    assert {"load", "lint", "plan", "render"} <= set(api.__all__)
    for name in ("load", "lint", "plan", "render"):
        signature = inspect.signature(getattr(api, name))
        assert signature.return_annotation is not inspect.Signature.empty
        assert all(each.annotation is not inspect.Parameter.empty for each in signature.parameters.values())
    assert (ROOT / "chuoigen" / "py.typed").is_file()


def test_a_script_gets_what_the_command_writes(tmp_path: Path) -> None:
    at = repository(tmp_path / "repository", qa=SMALL)
    from chuoigen.commands.build import build

    build([str(at / "spec" / "qa.yaml")])
    tree = api.render(api.plan(api.load(at / "spec" / "qa.yaml")))
    assert isinstance(tree, api.Tree)
    written = contents(at / "out" / "qa")
    assert {path: artifact.text.encode() for path, artifact in tree.items()} == {
        path: data for path, data in written.items() if path != "manifest.json"
    }
    assert json.loads(tree["ecs/task-definition.json"].text)["family"] == "echo"


def test_a_path_may_be_text_or_a_path(tmp_path: Path) -> None:
    at = repository(tmp_path / "repository", qa=SMALL) / "spec" / "qa.yaml"
    assert api.plan(api.load(at)) == api.plan(api.load(str(at)))


def test_lint_returns_what_stands_against_a_spec(tmp_path: Path) -> None:
    at = repository(tmp_path / "repository", qa=WRONG) / "spec" / "qa.yaml"
    (found,) = api.lint(api.load(at))
    assert isinstance(found, api.Diagnostic)
    assert (found.rule, found.severity, found.span) == (
        "cpu-memory-pair",
        api.Severity.ERROR,
        api.Span(str(at), 4, 59, 4, 63),
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (WRONG, "has 1 error"),
        (PARTIAL, "has 1 error"),
        ("chuoigen: 1\nname: 1\nname: 2\n", "errors"),
        ("[", "has 1 error"),
    ],
)
def test_a_spec_with_errors_has_no_plan(tmp_path: Path, text: str, message: str) -> None:
    at = repository(tmp_path / "repository", qa=text) / "spec" / "qa.yaml"
    with pytest.raises(api.ChuoigenError, match=message) as caught:
        api.plan(api.load(at))
    assert caught.value.help == "lint() returns them"


def test_a_file_that_cannot_be_read_raises(tmp_path: Path) -> None:
    with pytest.raises(api.ChuoigenError, match="does not exist"):
        api.load(tmp_path / "none.yaml")


def test_importing_it_imports_neither_templates_nor_the_command_line() -> None:
    names = {
        (node.module or "").partition(".")[0]
        for node in ast.walk(ast.parse((ROOT / "chuoigen" / "api.py").read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
    }
    assert names <= {"chuoigen"}
