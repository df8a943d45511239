"""Builds of real files: what is written, what is left alone, and what one bad spec does to the others."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import pytest

from chuoigen.commands.build import build
from chuoigen.diagnostics import ChuoigenError
from chuoigen.messages import ENGLISH
from chuoigen.report.outcome import Status
from chuoigen.workspace.choice import Run
from tests.repository import PARTIAL, SMALL, WRONG, contents, printed, repository

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a repository with one clean spec, and work in it."""
    where = repository(tmp_path / "repository", qa=SMALL)
    monkeypatch.chdir(where)
    return where


def test_a_build_writes_into_the_folder_named_after_the_spec(at: Path) -> None:
    outcome = build(["spec/qa.yaml"])
    assert (outcome.status, outcome.diagnostics, outcome.checked) == (Status.CLEAN, (), 1)
    files = contents(at / "out" / "qa")
    assert printed(outcome) == f"out/qa: {len(files)} written\n"
    assert {"README.md", "manifest.json", "compose.yaml", "ecs/task-definition.json", "diagram.svg"} <= set(files)
    assert sorted(path.name for path in (at / "out").iterdir()) == ["qa"]


def test_a_second_build_changes_nothing(at: Path) -> None:
    build(["spec/qa.yaml"])
    before = contents(at / "out")
    outcome = build(["spec/qa.yaml"])
    assert printed(outcome) == f"out/qa: {len(before)} unchanged\n"
    assert contents(at / "out") == before


def test_out_is_the_repositorys_from_wherever_it_is_called(at: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(at / "spec")
    assert printed(build(["qa.yaml"])).startswith(f"{at}/out/qa: ")
    assert (at / "out" / "qa" / "README.md").is_file()


def test_another_folder_can_be_said(at: Path) -> None:
    assert printed(build(["spec/qa.yaml"], out="build here")).startswith("build here/qa: ")
    assert (at / "build here" / "qa" / "manifest.json").is_file()
    assert not (at / "out").exists()


@pytest.mark.parametrize("link", ["out", "out/qa"])
def test_a_link_to_elsewhere_is_not_followed(at: Path, link: str) -> None:
    (at.parent / "elsewhere").mkdir()
    (at / link).parent.mkdir(exist_ok=True)
    (at / link).symlink_to(at.parent / "elsewhere")
    (failure,) = build(["spec/qa.yaml"]).failures
    assert ENGLISH.text(failure.words) == f"{at}/{link} is a symbolic link; a folder must be there"
    assert list((at.parent / "elsewhere").iterdir()) == []


def test_a_file_that_no_build_has_is_kept_whatever_the_manifest_says(at: Path) -> None:
    build(["spec/qa.yaml"])
    claimed = {"notes.txt": "mine", "docker/app/notes.txt": "mine", "ecs/autoscaling.json": "an older build's"}
    manifest = json.loads((at / "out/qa/manifest.json").read_text())
    for path, text in claimed.items():
        (at / "out/qa" / path).parent.mkdir(parents=True, exist_ok=True)
        (at / "out/qa" / path).write_text(text)
        manifest["files"][path] = {"sha256": hashlib.sha256(text.encode()).hexdigest(), "mode": "644"}
    (at / "out/qa/manifest.json").write_text(json.dumps(manifest))
    assert "1 removed" in printed(build(["spec/qa.yaml"]))
    assert [path for path in claimed if (at / "out/qa" / path).exists()] == ["notes.txt", "docker/app/notes.txt"]


def test_a_spec_with_an_error_writes_nothing_and_does_not_stop_the_others(at: Path) -> None:
    (at / "spec" / "bad.yaml").write_text(WRONG, encoding="utf-8")
    (at / "spec" / "worse.yaml").write_text("chuoigen: [", encoding="utf-8")
    outcome = build(["spec/bad.yaml", "spec/worse.yaml", "spec/qa.yaml"])
    assert outcome.status == Status.FOUND
    assert [(found.rule, found.span.file, found.span.line) for found in outcome.diagnostics] == [
        ("cpu-memory-pair", "spec/bad.yaml", 4),
        ("invalid-yaml", "spec/worse.yaml", 1),
    ]
    assert printed(outcome).splitlines()[:2] == [
        "spec/bad.yaml: nothing built, because the spec has errors",
        "spec/worse.yaml: nothing built, because the spec has errors",
    ]
    assert sorted(path.name for path in (at / "out").iterdir()) == ["qa"]


def test_an_error_leaves_the_last_good_build(at: Path) -> None:
    build(["spec/qa.yaml"])
    before = contents(at / "out")
    (at / "spec" / "qa.yaml").write_text(WRONG, encoding="utf-8")
    assert build(["spec/qa.yaml"]).status == Status.FOUND
    assert contents(at / "out") == before


def test_a_file_that_cannot_be_read_goes_before_findings_and_does_not_stop_the_others(at: Path) -> None:
    outcome = build(["spec/none.yaml", "spec/qa.yaml/x", "spec/qa.yaml"])
    assert outcome.status == Status.UNUSABLE
    assert [failure.message for failure in outcome.failures] == [
        "spec/none.yaml does not exist",
        "spec/qa.yaml/x cannot be read: Not a directory",
    ]
    assert (at / "out" / "qa" / "README.md").is_file()


def test_warnings_are_shown_and_do_not_stop_a_build(at: Path) -> None:
    (at / "spec" / "qa.yaml").write_text(SMALL.replace("busybox:1.37.0", "busybox:latest"), encoding="utf-8")
    outcome = build(["spec/qa.yaml"])
    assert (outcome.status, [found.rule for found in outcome.diagnostics]) == (Status.CLEAN, ["mutable-image-tag"])
    assert (at / "out" / "qa" / "README.md").is_file()


def test_a_partial_spec_is_refused_when_it_is_named_and_passed_over_when_it_is_not(at: Path) -> None:
    (at / "spec" / "base.yaml").write_text(PARTIAL, encoding="utf-8")
    refused = build(["spec/base.yaml"])
    assert [(found.rule, found.span.line) for found in refused.diagnostics] == [("partial-spec", 2)]
    assert refused.status == Status.FOUND
    passed = build(["spec"])
    assert (passed.status, passed.checked) == (Status.CLEAN, 1)
    assert sorted(path.name for path in (at / "out").iterdir()) == ["qa"]


def test_a_partial_spec_with_a_fault_in_its_shape_is_never_passed_over(at: Path) -> None:
    (at / "spec" / "base.yaml").write_text(PARTIAL + "tsak: {}\n", encoding="utf-8")
    outcome = build(["spec"])
    assert outcome.status == Status.FOUND
    assert "unknown-key" in [found.rule for found in outcome.diagnostics]


def test_two_specs_with_one_output_folder_are_refused_before_anything_is_written(at: Path) -> None:
    (at / "spec" / "eu").mkdir()
    (at / "spec" / "eu" / "qa.yml").write_text(SMALL, encoding="utf-8")
    with pytest.raises(ChuoigenError, match=r"^spec/qa\.yaml and spec/eu/qa\.yml would both be built into out/qa$"):
        build(["spec/qa.yaml", "spec/eu/qa.yml"])
    assert not (at / "out").exists()


@pytest.mark.parametrize("name", ["...yaml", "..yaml", "a\nb.yaml", "\udcff.yaml", "\x1b[31m.yaml"])
def test_a_name_that_no_folder_should_have_is_refused_and_the_others_are_built(at: Path, name: str) -> None:
    (at / "spec" / name).write_text(SMALL, encoding="utf-8")
    outcome = build([f"spec/{name}", "spec/qa.yaml"])
    assert outcome.status == Status.UNUSABLE
    assert [failure.help.partition(" ")[0] for failure in outcome.failures] == ["rename"]
    assert sorted(path.name for path in at.iterdir()) == [".git", "out", "spec"]
    assert sorted(path.name for path in (at / "out").iterdir()) == ["qa"]


def test_a_folders_name_never_becomes_a_line_of_a_script(tmp_path: Path) -> None:
    where = repository(tmp_path / "repository") / "a\nreboot" / "spec"
    where.mkdir(parents=True)
    (where / "qa.yaml").write_text(SMALL, encoding="utf-8")
    assert [failure.words.id for failure in build([str(where / "qa.yaml")]).failures] == ["unusable-name"]
    assert [path.name for path in where.parent.iterdir()] == ["spec"]
    assert build([str(where / "qa.yaml")], out=str(tmp_path / "out")).status == Status.CLEAN
    for path, data in contents(tmp_path / "out").items():
        assert "reboot" not in [line.split("/")[0].strip() for line in data.decode().splitlines()], path


def test_an_output_folder_that_is_a_file_is_said_with_what_to_do(at: Path) -> None:
    (at / "out").write_text("mine\n", encoding="utf-8")
    outcome = build(["spec/qa.yaml"])
    assert outcome.status == Status.UNUSABLE
    assert outcome.failures[0].message == f"{at}/out is not a folder; a folder must be there"
    assert "--out" in outcome.failures[0].help
    assert (at / "out").read_text(encoding="utf-8") == "mine\n"


def test_a_hand_edited_file_is_kept_unless_forced(at: Path) -> None:
    build(["spec/qa.yaml"])
    readme = at / "out" / "qa" / "README.md"
    generated = readme.read_bytes()
    readme.write_text("mine\n", encoding="utf-8")
    refused = build(["spec/qa.yaml"])
    assert refused.status == Status.UNUSABLE
    assert refused.failures[0].message.endswith("were edited afterwards: README.md")
    assert "--force" in refused.failures[0].help
    assert readme.read_text(encoding="utf-8") == "mine\n"
    assert printed(build(["spec/qa.yaml"], force=True)).startswith("out/qa: 1 written, ")
    assert readme.read_bytes() == generated


def test_files_of_other_people_are_never_touched(at: Path) -> None:
    build(["spec/qa.yaml"])
    (at / "out" / "qa" / "notes.txt").write_text("mine\n", encoding="utf-8")
    assert build(["spec/qa.yaml"], force=True).status == Status.CLEAN
    assert (at / "out" / "qa" / "notes.txt").read_text(encoding="utf-8") == "mine\n"


def test_check_writes_nothing_and_says_what_is_not_current(at: Path) -> None:
    missing = build(["spec/qa.yaml"], check=True)
    assert missing.status == Status.FOUND
    assert printed(missing).startswith(
        "out/qa: differs from what spec/qa.yaml generates; run: chuoigen build spec/qa.yaml\n"
    )
    assert "\n  README.md: missing\n" in printed(missing)
    assert not (at / "out").exists()


def test_check_is_clean_behind_a_build_and_names_every_difference(at: Path) -> None:
    build(["spec/qa.yaml"])
    current = build(["spec/qa.yaml"], check=True)
    assert (printed(current), current.status) == ("out/qa: current\n", Status.CLEAN)

    (at / "spec" / "qa.yaml").write_text(SMALL.replace("sleep 60", "sleep 61"), encoding="utf-8")
    (at / "out" / "qa" / "compose.yaml").unlink()
    (at / "out" / "qa" / "diagram.svg").write_text("mine\n", encoding="utf-8")
    script = next((at / "out" / "qa" / "scripts").glob("07-*.sh"))
    script.chmod(0o644)
    before = contents(at / "out")
    stale = build(["spec/qa.yaml"], check=True)
    assert stale.status == Status.FOUND
    assert {
        "  compose.yaml: missing",
        "  diagram.svg: edited by hand",
        "  ecs/task-definition.json: differs",
        f"  scripts/{script.name}: has another file mode",
    } <= set(printed(stale).splitlines())
    assert contents(at / "out") == before


def test_check_names_what_is_no_longer_generated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at = repository(tmp_path / "repository")
    monkeypatch.chdir(at)
    build(["spec/prod.yaml"])
    prod = at / "spec" / "prod.yaml"
    text = prod.read_text(encoding="utf-8")
    prod.write_text(text[: text.index("cutover:")], encoding="utf-8")
    assert "\n  cutover.md: no longer generated\n" in printed(build(["spec/prod.yaml"], check=True))
    assert ", 1 removed\n" in printed(build(["spec/prod.yaml"]))
    assert not (at / "out" / "prod" / "cutover.md").exists()


def test_each_spec_is_told_with_what_it_came_to(at: Path) -> None:
    (at / "spec" / "prod.yaml").write_text(SMALL, encoding="utf-8")
    told: list[tuple[int, int, str, str]] = []
    run = Run(tell=lambda outcome, number, total: told.append((number, total, outcome.file, printed(outcome))))
    outcome = build(["spec/qa.yaml", "spec/prod.yaml"], run=run)
    files = len(contents(at / "out" / "qa"))
    assert told == [
        (1, 2, "spec/qa.yaml", f"out/qa: {files} written\n"),
        (2, 2, "spec/prod.yaml", f"out/prod: {files} written\n"),
    ]
    assert (printed(outcome), outcome.checked, outcome.status) == ("", 2, Status.CLEAN)


# Many specs in one repository.


@pytest.fixture
def services(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a repository with two services, each with a spec of the same name, and work in it."""
    where = repository(tmp_path / "repository", qa=SMALL)
    for name in ("web", "api"):
        (where / "services" / name / "spec").mkdir(parents=True)
        spec = SMALL.replace("name: echo", f"name: {name}")
        (where / "services" / name / "spec" / "dev.yaml").write_text(spec, encoding="utf-8")
    monkeypatch.chdir(where)
    return where


def test_each_service_of_a_repository_has_an_out_of_its_own(services: Path) -> None:
    outcome = build(["services"])
    assert [line.split(":")[0] for line in printed(outcome).splitlines()] == [
        "services/api/out/dev",
        "services/web/out/dev",
    ]
    assert sorted(path.name for path in services.iterdir()) == [".git", "services", "spec"]
    again = build(["services/web/spec/dev.yaml"], check=True)
    assert printed(again) == "services/web/out/dev: current\n"


def test_the_generated_files_know_where_they_lie(services: Path) -> None:
    spec = services / "services" / "web" / "spec" / "dev.yaml"
    image = "image: public.ecr.aws/docker/library/busybox:1.37.0"
    own = "build: { dockerfile: ../Dockerfile, context: ../../.. }"
    spec.write_text(spec.read_text(encoding="utf-8").replace(image, own), encoding="utf-8")
    (spec.parent.parent / "Dockerfile").write_text("FROM scratch\n", encoding="utf-8")
    build([str(spec)])
    out = services / "services" / "web" / "out" / "dev"
    assert "${SOURCE_ROOT:-$out/../../../..}" in (out / "pipeline/build-docker-images.sh").read_text(encoding="utf-8")
    assert "context: ${SOURCE_ROOT:-../../../..}\n" in (out / "compose.yaml").read_text(encoding="utf-8")
    assert "services/web/out/dev/pipeline" in (out / "pipeline/buildspec.yml").read_text(encoding="utf-8")


@pytest.mark.usefixtures("services")
def test_the_build_of_another_spec_is_not_touched_without_being_told(services: Path) -> None:
    web, api = "services/web/spec/dev.yaml", "services/api/spec/dev.yaml"
    build([web], out="out")
    before = contents(services / "out")
    for outcome in (build([api], out="out"), build([api], out="out", check=True)):
        assert outcome.status == Status.UNUSABLE
        assert outcome.failures[0].message == f"out/dev contains the build of another spec, {web}; this one is {api}"
        assert "--force" in outcome.failures[0].help
    assert contents(services / "out") == before
    assert build([api], out="out", force=True).status == Status.CLEAN
    assert contents(services / "out") != before
