"""The images of deployments in `chuoigen diff`: those that a lock names, and those of a spec."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chuoigen.cli import run
from tests.repository import SMALL, commit, repository

if TYPE_CHECKING:
    from pathlib import Path

OLD, NEW = (f"registry.example.com/echo:{tag}@sha256:{tag * 32}" for tag in ("11", "22"))
LOCK = f"# Container and image\necho {OLD}\n"


@pytest.fixture
def lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a repository whose build is committed with a lock."""
    where = repository(tmp_path / "repository", qa=SMALL)
    monkeypatch.chdir(where)
    assert run(["build"]) == 0
    (where / "out" / "qa" / "images.lock").write_text(LOCK, encoding="utf-8")
    commit(where)
    return where / "out" / "qa" / "images.lock"


def said(capsys: pytest.CaptureFixture[str]) -> list[str]:
    capsys.readouterr()
    assert run(["diff", "--against", "HEAD"]) == 1
    return capsys.readouterr().out.splitlines()


def test_another_lock_is_a_change_of_images_alone(lock: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lock.write_text(LOCK.replace(OLD, NEW), encoding="utf-8")
    shown = said(capsys)
    assert shown[:2] == ["spec/qa.yaml: 1 change (new revision 1)", "  only images differ"]
    assert shown[2].startswith("  images.lock.echo: registry.example.com/echo:11@sha256:1111")
    assert shown[2].endswith("[new revision]")


def test_beside_another_change_it_is_one_of_several(lock: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lock.unlink()
    (lock.parents[2] / "spec" / "qa.yaml").write_text(SMALL.replace("sleep 60", "sleep 61"), encoding="utf-8")
    shown = said(capsys)
    assert shown[0] == "spec/qa.yaml: 2 changes (new revision 2)"
    assert "  only images differ" not in shown
    assert any(line.startswith("  images.lock.echo: gone, was ") for line in shown)


def test_a_lock_that_says_the_same_otherwise_is_no_change(lock: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lock.write_text(f"echo    {OLD}\r\n# the same\n\nno image here\n", encoding="utf-8")
    capsys.readouterr()
    assert run(["diff", "--against", "HEAD"]) == 0


@pytest.mark.usefixtures("lock")
def test_an_image_of_the_spec_is_a_change_of_images_alone(capsys: pytest.CaptureFixture[str], lock: Path) -> None:
    other = SMALL.replace("busybox:1.37.0", "busybox:1.37.1")
    (lock.parents[2] / "spec" / "qa.yaml").write_text(other, encoding="utf-8")
    assert said(capsys)[1] == "  only images differ"
