"""What the README shows is what happens."""

import re
from pathlib import Path

import pytest

from chuoigen.cli import run

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
SPEC = re.findall(r"```yaml\n(chuoigen: 1\n.*?)```", README, re.DOTALL)[0]
SOUND = [
    ("memory: 4096", "memory: 512"),
    ("stop_timeout: 3m", "stop_timeout: 90s"),
    ('["8080:80"]', "[80]"),
    ("app: healthy", "app: start"),
    ('    environment: { UPSTREAM: "http://localhost:4000" }\n', ""),
]


@pytest.fixture
def spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "spec").mkdir()
    monkeypatch.chdir(tmp_path)
    return Path("spec/qa.yaml")


def test_the_findings_shown_are_the_findings(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shown = re.findall(r"```console\n\$ chuoigen lint spec/qa.yaml\n(.*?)```", README, re.DOTALL)
    spec.write_text(SPEC, encoding="utf-8")
    assert run(["lint", "spec/qa.yaml"]) == 1
    assert [capsys.readouterr().out] == shown


def test_the_findings_shown_of_a_task_definition_are_the_findings(
    spec: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (text,) = re.findall(r"```json\n(.*?)```", README, re.DOTALL)
    shown = re.findall(r"```console\n\$ chuoigen lint \.\n(.*?)```", README, re.DOTALL)
    assert not spec.exists()
    Path("task-definition.json").write_text(text, encoding="utf-8")
    assert run(["lint", "."]) == 1
    assert [capsys.readouterr().out] == shown


def test_the_differences_shown_are_in_the_difference(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sound = SPEC
    for wrong, right in SOUND:
        assert wrong in sound
        sound = sound.replace(wrong, right)
    spec.write_text(sound, encoding="utf-8")
    assert run(["build"]) == 0
    spec.write_text(sound.replace("memory: 512", "memory: 1024"), encoding="utf-8")
    capsys.readouterr()
    assert run(["diff", "--files", "spec/qa.yaml"]) == 1
    difference = capsys.readouterr().out
    shown = re.findall(r"```diff\n(.*?)```", README, re.DOTALL)
    assert len(shown) == 2
    for hunk in shown:
        assert hunk in difference
