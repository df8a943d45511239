"""docs/review.md shows what the commands print: each is run in a copy of this repository's specs."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from chuoigen.cli import run
from tests.repository import ROOT, commit, repository

if TYPE_CHECKING:
    from pathlib import Path

PAGE = (ROOT / "docs" / "review.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"```console\n\$ chuoigen (.*?)\n(.*?)```", PAGE, re.DOTALL)
EDITS = (
    ("memory: 512 MiB", "memory: 1 GiB"),
    ("bucket: hogehoge-log-bucket", "bucket: other-bucket"),
    ("retention: 30 days", "retention: 7 days"),
)


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a repository whose main is built and committed, with the edits of the page behind that."""
    where = repository(tmp_path_factory.mktemp("page") / "repository")
    (where / "spec" / "chuoi-2018.yaml").unlink()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(where)
        assert run(["build"]) == 0
    commit(where)
    subprocess.run(["git", "update-ref", "refs/remotes/origin/main", "HEAD"], cwd=where, check=True)
    base = where / "spec" / "base.yaml"
    text = base.read_text(encoding="utf-8")
    for old, new in EDITS:
        assert f"`{old}` becomes" in PAGE
        assert f"`{new}`" in PAGE
        assert text.count(old) == 1
        text = text.replace(old, new)
    base.write_text(text, encoding="utf-8")
    return where


def test_the_page_shows_every_form() -> None:
    assert [arguments for arguments, _ in SHOWN] == [
        "diff spec/qa.yaml",
        "diff spec/qa.yaml spec/prod.yaml",
        "diff --against origin/main --format markdown",
        "diff spec/qa.yaml --format json",
        "graph spec/qa.yaml --against origin/main --format mermaid",
    ]


@pytest.mark.parametrize(("arguments", "output"), SHOWN, ids=[arguments for arguments, _ in SHOWN])
def test_the_command_prints_this(
    at: Path, arguments: str, output: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An ellipsis on a line of its own stands for the rest. A picture is one for a difference as well: status 0."""
    monkeypatch.chdir(at)
    assert run(arguments.split()) == (1 if arguments.startswith("diff") else 0)
    shown, ellipsis, _ = output.partition("…\n")
    printed = capsys.readouterr().out
    assert printed.startswith(shown) if ellipsis else printed == shown
