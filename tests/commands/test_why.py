"""What `why` answers, in both directions, and what it says of places that are not there."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from chuoigen.commands.build import build
from chuoigen.commands.why import why
from chuoigen.diagnostics import ChuoigenError
from chuoigen.messages import Reader
from chuoigen.report.outcome import Status
from tests.repository import SMALL, WRONG, repository

if TYPE_CHECKING:
    from pathlib import Path

TASK = "out/qa/ecs/task-definition.json"


@pytest.fixture(autouse=True)
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Build a small spec in a repository whose path has a space."""
    folder = repository(tmp_path / "a folder", qa=SMALL)
    monkeypatch.chdir(folder)
    assert build(["spec/qa.yaml"]).status is Status.CLEAN
    return folder


def answers(target: str) -> list[dict[str, Any]]:
    data = json.loads(why(target, as_json=True).text)
    assert data["version"] == 1
    assert data["asked"] == target
    found: list[dict[str, Any]] = data["answers"]
    return found


def line_of(text: str, file: str = TASK) -> int:
    with open(file, encoding="utf-8") as lines:  # noqa: PTH123  read as it is
        return next(number for number, line in enumerate(lines, 1) if text in line)


def test_a_value_names_the_line_that_says_it() -> None:
    expected = [
        {
            "origin": "value",
            "key": "containers.echo.image",
            "file": "spec/qa.yaml",
            "line": 7,
            "through": [],
        }
    ]
    assert answers(f"{TASK}:/containerDefinitions/0/image") == expected
    assert answers(f"{TASK}:{line_of('busybox')}") == expected


def test_a_default_has_its_value_its_reason_and_its_source() -> None:
    (found,) = [one for one in answers(f"{TASK}:/cpu") if one["origin"] == "default"]
    assert (found["key"], found["value"], found["source"]) == ("task.cpu", 256, "chuoigen")
    assert "task.cpu = 256" in why(f"{TASK}:/cpu").text


def test_what_no_key_changes_is_constant() -> None:
    assert answers(f"{TASK}:/networkMode") == [{"origin": "constant", "part_of": []}]
    assert why(f"{TASK}:/networkMode").text.startswith("constant: ")
    assert why(f"{TASK}:/networkMode", reader=Reader("ja")).text.startswith("固定: ")


def test_a_constant_says_what_it_is_a_part_of() -> None:
    text = why(f"{TASK}:{line_of('FARGATE')}").text
    assert text.splitlines()[1] == 'part of: "requiresCompatibilities": ['


def test_a_line_of_a_spec_has_the_lines_that_it_makes() -> None:
    for target in ("spec/qa.yaml:7", "spec/qa.yaml:containers.echo.image"):
        made = {one["file"]: one["lines"] for one in answers(target)}
        assert line_of("busybox") in made[TASK]
        assert line_of('"networkMode"') not in made[TASK]


def test_what_is_extended_is_named_by_its_own_line(built: Path) -> None:
    (built / "spec" / "base.yaml").write_text(SMALL.replace("chuoigen: 1", "chuoigen: 1\npartial: true"))
    (built / "spec" / "qa.yaml").write_text("chuoigen: 1\nextends: base.yaml\n")
    (found,) = answers(f"{TASK}:/containerDefinitions/0/image")
    assert (found["file"], found["line"], found["through"]) == ("spec/base.yaml", 8, ["spec/qa.yaml"])
    assert "through extends of spec/qa.yaml" in why(f"{TASK}:/containerDefinitions/0/image").text
    assert TASK in [one["file"] for one in answers("spec/base.yaml:8")]


@pytest.mark.parametrize(
    ("target", "said"),
    [
        (f"{TASK}:9999", "has no line 9999: it has "),
        (f"{TASK}:0", "has no line 0: it has "),
        (f"{TASK}:/cp", "/cpu"),
        (f"{TASK}:/containerDefinitions/7", "/containerDefinitions/0"),
        (f"{TASK}:cpu", "neither a line nor a JSON pointer"),
        ("spec/qa.yaml:containers.echo.imag", "containers.echo.image"),
        ("spec/qa.yaml:99", "has no line 99"),
        ("spec/gone.yaml:1", "no such file"),
        ("spec/qa.yaml", "no such file, or nothing after it"),
        ("out/qa/README.md:/cpu", "no JSON file"),
    ],
)
def test_a_place_that_is_not_there_is_refused_with_what_is_near(target: str, said: str) -> None:
    with pytest.raises(ChuoigenError) as refused:
        why(target)
    assert said in refused.value.message


@pytest.mark.parametrize(
    ("place", "of", "about"),
    [
        ("/files/README.md/sha256", "files", "README.md"),
        ("/files/ecs~1task-definition.json", "files", "ecs/task-definition.json"),
        ("/built/inputs/read/spec~1qa.yaml", "built-inputs-read", "spec/qa.yaml"),
        ("/built/spec", "built", "spec"),
        ("/built", "all", ""),
        ("/files", "all", ""),
        ("/version", "version", ""),
    ],
)
def test_a_value_of_the_manifest_says_what_it_records(place: str, of: str, about: str) -> None:
    (found,) = answers(f"out/qa/manifest.json:{place}")
    assert (found["origin"], found["of"], found["about"]) == ("recorded", of, about)


def test_every_line_of_the_manifest_has_an_answer() -> None:
    with open("out/qa/manifest.json", encoding="utf-8") as lines:  # noqa: PTH123  read as it is
        texts = lines.read().splitlines()
    for number, text in enumerate(texts, 1):
        (found,) = answers(f"out/qa/manifest.json:{number}")
        if '"README.md"' in text or '"sha256"' in text:
            assert found["of"] == "files", (number, text)


def test_a_constant_line_of_a_script_names_its_template() -> None:
    (found,) = answers("out/qa/scripts/destroy.sh:1")
    assert found["template"].endswith(".j2")
    assert found["line"] == 1
    assert found["template"] in why("out/qa/scripts/destroy.sh:1").text


def test_a_file_that_is_not_generated_is_refused(built: Path) -> None:
    (built / "out" / "qa" / "mine.txt").write_text("mine\n")
    with pytest.raises(ChuoigenError, match="not a file that the spec gives"):
        why("out/qa/mine.txt:1")


def test_an_edited_file_is_said_to_be_stale_and_its_own_lines_are_refused(built: Path) -> None:
    file = built / TASK
    file.write_text(file.read_text().replace("{\n", '{\n  "mine": 1,\n', 1))
    outcome = why(f"{TASK}:/containerDefinitions/0/image")
    assert "containers.echo.image" in outcome.text
    assert [note.id for note in outcome.notes] == ["stale"]
    with pytest.raises(ChuoigenError, match="does not give what stands at 2"):
        why(f"{TASK}:2")


def test_windows_line_ends_are_no_difference(built: Path) -> None:
    file = built / TASK
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    outcome = why(f"{TASK}:/containerDefinitions/0/image")
    assert outcome.notes == ()
    assert "containers.echo.image" in outcome.text


def test_a_folder_without_its_spec_is_refused(built: Path) -> None:
    (built / "spec" / "qa.yaml").unlink()
    with pytest.raises(ChuoigenError, match="cannot be found"):
        why(f"{TASK}:1")
    shutil.rmtree(built / "out")
    with pytest.raises(ChuoigenError, match="no such file"):
        why(f"{TASK}:1")


def test_a_spec_with_an_error_has_its_diagnostics(built: Path) -> None:
    (built / "spec" / "qa.yaml").write_text(WRONG)
    outcome = why(f"{TASK}:1")
    assert outcome.status is Status.FOUND
    assert [one.rule for one in outcome.diagnostics] == ["cpu-memory-pair"]
