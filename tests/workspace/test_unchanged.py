"""What an unchanged spec costs, and everything that makes it a changed one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from chuoigen.commands import build as building
from chuoigen.commands.build import build
from chuoigen.commands.diff import diff
from chuoigen.report.outcome import Status
from chuoigen.workspace import identity, provenance
from tests.repository import ROOT, SMALL, contents, printed, repository

if TYPE_CHECKING:
    from pathlib import Path

PHOENIX = SMALL.replace(
    "image: public.ecr.aws/docker/library/busybox:1.37.0\n", 'build: { recipe: phoenix, elixir: "1.18" }\n'
).replace('    command: [sh, -c, "while :; do date; sleep 60; done"]\n', "")
WARNED = SMALL.replace(":1.37.0", ":latest")


@pytest.fixture
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a repository with one spec, which extends another, built; work in it."""
    where = repository(tmp_path / "repository", qa="extends: base.yaml\n", base=SMALL + "partial: true\n")
    monkeypatch.chdir(where)
    assert build(["spec/qa.yaml"]).status == Status.CLEAN
    return where


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Give a list that grows with each spec that is judged."""
    seen: list[str] = []
    judge = vars(building)["judge"]

    def noted(loaded: Any) -> Any:
        seen.append(loaded.file)
        return judge(loaded)

    monkeypatch.setattr(building, "judge", noted)
    return seen


def test_an_unchanged_spec_is_not_even_loaded(at: Path, loads: list[str]) -> None:
    before = contents(at / "out")
    outcome = build(["spec/qa.yaml"])
    assert printed(outcome) == f"out/qa: {len(before)} unchanged\n"
    assert printed(build(["spec/qa.yaml"], check=True)) == "out/qa: current\n"
    assert diff(["spec/qa.yaml"]).difference == ""
    assert (loads, contents(at / "out"), outcome.checked) == ([], before, 1)


def test_the_manifest_names_what_was_read(at: Path) -> None:
    manifest = json.loads((at / "out" / "qa" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["built"]["chuoigen"] == identity.VERSION
    assert manifest["built"]["spec"] == "spec/qa.yaml"
    assert list(manifest["built"]["inputs"]["read"]) == ["spec/base.yaml", "spec/qa.yaml"]


@pytest.mark.parametrize("check", [False, True])
@pytest.mark.parametrize("path", ["README.md", "compose.yaml", "scripts/lib.sh"])
def test_a_file_that_was_edited_by_hand_is_noticed(at: Path, loads: list[str], path: str, check: bool) -> None:
    with (at / "out" / "qa" / path).open("a", encoding="utf-8") as file:
        file.write("mine\n")
    build(["spec/qa.yaml"], check=check)
    assert loads == ["spec/qa.yaml"]
    assert f"\n  {path}: edited by hand\n" in printed(build(["spec/qa.yaml"], check=True))


@pytest.mark.parametrize(
    ("there", "edited"), [('"warnings": 0', '"warnings": 1'), ('"spec/base.yaml": "', '"spec/base.yaml": "0')]
)
def test_a_manifest_that_was_edited_does_not_fit_its_seal(at: Path, loads: list[str], there: str, edited: str) -> None:
    manifest = at / "out" / "qa" / "manifest.json"
    before = manifest.read_text(encoding="utf-8")
    manifest.write_text(before.replace(there, edited), encoding="utf-8")
    assert printed(build(["spec/qa.yaml"])).startswith("out/qa: 1 written, ")
    assert (loads, manifest.read_text(encoding="utf-8")) == (["spec/qa.yaml"], before)


def test_an_edit_with_its_digest_in_the_manifest_is_noticed(at: Path) -> None:
    import hashlib

    readme, manifest = at / "out" / "qa" / "README.md", at / "out" / "qa" / "manifest.json"
    old = hashlib.sha256(readme.read_bytes()).hexdigest()
    readme.write_text("mine\n", encoding="utf-8")
    new = hashlib.sha256(readme.read_bytes()).hexdigest()
    manifest.write_text(manifest.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    assert "\n  README.md: differs\n" in printed(build(["spec/qa.yaml"], check=True))


def remove(at: Path) -> None:
    (at / "out" / "qa" / "compose.yaml").unlink()


def chmod(at: Path) -> None:
    (at / "out" / "qa" / "scripts" / "deploy.sh").chmod(0o644) if (
        at / "out" / "qa" / "scripts" / "deploy.sh"
    ).exists() else (at / "out" / "qa" / "scripts" / "00-preflight.sh").chmod(0o644)


def link(at: Path) -> None:
    (at / "out" / "qa" / "compose.yaml").rename(at / "compose.yaml")
    (at / "out" / "qa" / "compose.yaml").symlink_to(at / "compose.yaml")


def journal(at: Path) -> None:
    (at / "out" / "qa" / ".chuoigen-build.json").write_text("{}", encoding="utf-8")


def base(at: Path) -> None:
    (at / "spec" / "base.yaml").write_text(SMALL.replace("sleep 60", "sleep 61") + "partial: true\n", encoding="utf-8")


def own(at: Path) -> None:
    (at / "spec" / "qa.yaml").write_text("extends: base.yaml\n# a comment\n", encoding="utf-8")


@pytest.mark.parametrize("change", [remove, chmod, link, journal, base, own], ids=lambda change: change.__name__)
def test_what_makes_a_build_another_one(at: Path, loads: list[str], change: Any) -> None:
    change(at)
    build(["spec/qa.yaml"])
    assert loads == ["spec/qa.yaml"]


def test_another_version_or_other_code_builds_again(
    at: Path, loads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = at / "out" / "qa" / "manifest.json"
    sealed = manifest.read_bytes()
    monkeypatch.setattr(provenance, "code", lambda: "other")
    build(["spec/qa.yaml"])
    assert (loads, manifest.read_bytes()) == (["spec/qa.yaml"], sealed)
    monkeypatch.setattr(provenance, "VERSION", "9.9.9")
    outcome = build(["spec/qa.yaml"])
    assert printed(outcome).startswith("out/qa: 1 written, ")
    assert json.loads(manifest.read_bytes())["built"]["chuoigen"] == "9.9.9"
    assert printed(build(["spec/qa.yaml"], check=True)) == "out/qa: current\n"


def test_a_comment_is_no_difference_and_is_noted_by_the_next_build(at: Path) -> None:
    own(at)
    assert printed(build(["spec/qa.yaml"], check=True)) == "out/qa: current\n"
    assert diff(["spec/qa.yaml"]).difference == ""
    assert printed(build(["spec/qa.yaml"])).startswith("out/qa: 1 written, ")


def test_files_that_come_and_go_around_a_spec(
    tmp_path: Path, loads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    at = repository(tmp_path / "phoenix", qa=PHOENIX)
    monkeypatch.chdir(at)
    config = at / "config"
    config.mkdir()
    states = [{}, {"config.exs": "import Config\n"}, {"config.exs": "import Config\n\n"}, {}]
    for state in states:
        for file in config.iterdir():
            file.unlink()
        for name, text in state.items():
            (config / name).write_text(text, encoding="utf-8")
        loads.clear()
        build(["spec/qa.yaml"])
        assert loads == ["spec/qa.yaml"]
        build(["spec/qa.yaml"])
        assert loads == ["spec/qa.yaml"]


def test_warnings_of_an_unchanged_spec_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repository(tmp_path / "warned", qa=WARNED))
    assert [found.rule for found in build(["spec/qa.yaml"]).diagnostics] == ["mutable-image-tag"]
    again = build(["spec/qa.yaml"])
    assert again.diagnostics == ()
    assert printed(again).endswith(" unchanged, 1 warning (shown by chuoigen lint spec/qa.yaml)\n")


@pytest.mark.parametrize(
    "built",
    [
        None,
        [],
        {},
        {"spec": 1},
        {"chuoigen": "0.1.0", "spec": "spec/qa.yaml", "inputs": [], "recipes": {}, "warnings": 0},
    ],
)
def test_a_manifest_that_says_something_odd_counts_as_none(at: Path, loads: list[str], built: object) -> None:
    manifest = at / "out" / "qa" / "manifest.json"
    record = json.loads(manifest.read_bytes())
    manifest.write_text(json.dumps({**record, "built": built}), encoding="utf-8")
    assert build(["spec/qa.yaml"]).status == Status.CLEAN
    assert loads == ["spec/qa.yaml"]


def test_a_manifest_cannot_make_a_pipe_or_a_device_be_read(at: Path) -> None:
    manifest = at / "out" / "qa" / "manifest.json"
    record = json.loads(manifest.read_bytes())
    record["built"]["inputs"]["read"] = {"../../../../../../../../dev/zero": "0" * 64}
    manifest.write_text(json.dumps(record), encoding="utf-8")
    assert build(["spec/qa.yaml"]).status == Status.CLEAN


def test_the_version_is_that_of_the_project() -> None:
    assert f'\nversion = "{identity.VERSION}"\n' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_the_digest_of_the_code_knows_its_files(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("1", encoding="utf-8")
    first = identity.digest(tmp_path)
    (tmp_path / "notes.md").write_text("x", encoding="utf-8")
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "a.py").write_text("x", encoding="utf-8")
    assert identity.digest(tmp_path) == first
    (tmp_path / "a.py").rename(tmp_path / "b.py")
    assert identity.digest(tmp_path) != first
