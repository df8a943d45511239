"""Every story under tests/cases: what lint says about its spec, and the files that a build of it gives.

`expected/` and `diagnostics.txt` are rewritten by `pytest --update`; a reviewer reads their diff.
"""

import shutil
from pathlib import Path

import pytest

from chuoigen.compiler import judge, render
from chuoigen.diagnostics import Diagnostic
from chuoigen.inputs.load import load
from chuoigen.tree import unified_diff, write

CASES = Path(__file__).parent / "cases"


def said(diagnostic: Diagnostic) -> str:
    """One diagnostic in full, as text without an excerpt."""
    span = diagnostic.span
    place = f"{span.file}:{span.line}:{span.column}-{span.end_line}:{span.end_column}"
    lines = [f"{place}: {diagnostic.severity}[{diagnostic.code}] {diagnostic.rule}", f"    {diagnostic.message}"]
    lines += [f"    help: {diagnostic.help}"] if diagnostic.help else []
    for related in diagnostic.related:
        at = related.span
        lines.append(f"    {at.file}:{at.line}:{at.column}-{at.end_line}:{at.end_column}: {related.message}")
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("story", sorted(path.name for path in CASES.iterdir()))
def test_story(story: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, update: bool) -> None:
    shutil.copytree(CASES / story, tmp_path / "repository")
    expected = CASES / story / "expected"
    (tmp_path / "repository" / ".git").mkdir()
    shutil.rmtree(tmp_path / "repository" / "expected", ignore_errors=True)
    monkeypatch.chdir(tmp_path / "repository")

    judged = judge(load("spec.yaml"))
    text = "".join(said(diagnostic) for diagnostic in judged.diagnostics)
    if update:
        (CASES / story / "diagnostics.txt").write_text(text, encoding="utf-8")
    assert text == (CASES / story / "diagnostics.txt").read_text(encoding="utf-8")

    if judged.refused or judged.plan is None:
        if update:
            shutil.rmtree(expected, ignore_errors=True)
        assert not expected.exists(), "a spec with errors has no files"
        return
    tree = render(judged.plan)
    if update:
        write(tree, expected, force=True)
    difference = unified_diff(tree, expected)
    assert not difference, difference
