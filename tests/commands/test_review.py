"""What `chuoigen diff` says of a change: to a person, in a pull request, to a script, and by its exit status."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from chuoigen.cli import run
from tests.repository import ROOT, commit, repository

if TYPE_CHECKING:
    from pathlib import Path

SHOP = (ROOT / "tests" / "changes" / "bases" / "shop.yaml").read_text(encoding="utf-8")
OPENED = SHOP.replace("ports: [80, 443] }", "ports: [80, 443] }\n    - { from: 10.0.0.0/8, to: metrics }")
FEWER_DAYS = SHOP.replace("retention: 30 days", "retention: 7 days")


@pytest.fixture
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a repository whose spec was built and committed."""
    where = repository(tmp_path / "repository", shop=SHOP)
    monkeypatch.chdir(where)
    assert run(["build"]) == 0
    commit(where)
    return where


def write(at: Path, text: str, name: str = "shop") -> None:
    (at / "spec" / f"{name}.yaml").write_text(text, encoding="utf-8")


def lines_of(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().out.splitlines()


def document(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


@pytest.mark.usefixtures("at")
def test_behind_a_build_nothing_is_said_to_change(capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run(["diff"]) == 0
    assert lines_of(capsys) == ["spec/shop.yaml: no change"]


def test_a_change_is_one_line_with_both_places_and_what_it_opens_below(
    at: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(at, OPENED.replace("memory: 2 GiB", "memory: 4 GiB"))
    capsys.readouterr()
    assert run(["diff"]) == 1
    shown = lines_of(capsys)
    assert shown[0] == ("spec/shop.yaml: 2 changes (exposure 1, restart 1, new revision 1, capacity 1, cost 1)")
    assert shown[1:4] == [
        "  network.allow[1]: new, {from: 10.0.0.0/8, to: metrics}  [exposure]  spec/shop.yaml:75",
        "      opens: 10.0.0.0/8 to container metrics, 9100/tcp",
        "  task.memory: 2 GiB → 4 GiB  [restart · new revision · capacity · cost]  spec/shop.yaml:10 → spec/shop.yaml:10",
    ]


def test_the_spec_of_an_older_build_is_found_in_the_history(at: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The output folder is that of the first commit, the spec has gone on by two."""
    for days in (20, 7):
        write(at, SHOP.replace("retention: 30 days", f"retention: {days} days"))
        commit(at)
    capsys.readouterr()
    assert run(["diff"]) == 1
    assert "  logs.retention: 30 days → 7 days  [data]  spec/shop.yaml:90 → spec/shop.yaml:90" in lines_of(capsys)


def test_without_a_history_the_files_are_compared(at: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(at, SHOP.replace("cpu: 1 vCPU", "cpu: 0.5 vCPU"))
    assert run(["build"]) == 0
    changed = (
        ("LOG_LEVEL: info", "LOG_LEVEL: debug"),
        ("desired_count: 2", "desired_count: 4"),
        ("retention: 30 days", "retention: 7 days"),
    )
    text = OPENED.replace("cpu: 1 vCPU", "cpu: 0.5 vCPU").replace("bucket: shop-logs", "bucket: other")
    for old, new in changed:
        text = text.replace(old, new)
    write(at, text)
    capsys.readouterr()
    assert run(["diff", "--format", "json"]) == 1
    found = {change["path"]: change["classes"] for change in document(capsys)["changes"]}  # type: ignore[attr-defined]
    assert found == {
        "network.rule": ["exposure"],
        "permissions.task": ["permission"],
        "containers.api.environment.LOG_LEVEL": ["restart", "new revision"],
        "containers.ship.environment.S3_BUCKET": ["restart", "new revision"],
        "service.desired_count": ["capacity", "cost"],
        "logs.ship": ["data"],
        "log-group:/ecs/shop-qa/api.retention_in_days": ["data"],
        "log-group:/ecs/shop-qa/metrics.retention_in_days": ["data"],
        "log-group:/ecs/shop-qa/ship.retention_in_days": ["data"],
    }


def test_files_say_which_lines_get_lost(at: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A group that keeps lines longer and one that is new lose none; what is tailed no more is lost."""
    write(at, SHOP.replace("retention: 30 days", "retention: 14 days"))
    assert run(["build"]) == 0
    write(at, SHOP.replace('tail: { log: "*.log" }', 'tail: { log: "*.txt" }'))
    capsys.readouterr()
    assert run(["diff"]) == 1
    shown = lines_of(capsys)
    assert "      container ship no longer reads the same files of volume log" in shown
    assert sum("[data]" in line for line in shown) == 1
    assert "  log-group:/ecs/shop-qa/api.retention_in_days: 14 → 30  [nothing]" in shown


def test_files_that_were_edited_by_hand_are_compared_all_the_same(at: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(at, SHOP.replace("cpu: 1 vCPU", "cpu: 0.5 vCPU"))
    assert run(["build"]) == 0
    script = at / "out" / "shop" / "scripts" / "04-logs-and-parameters.sh"
    script.write_text(script.read_text(encoding="utf-8") + "log_group 'open\n", encoding="utf-8")
    (at / "out" / "shop" / "ecs" / "task-definition.json").write_text('{"containerDefinitions": [1]}', encoding="utf-8")
    write(at, FEWER_DAYS)
    capsys.readouterr()
    assert run(["diff"]) == 1
    assert any("retention_in_days: 30 → 7  [data]" in line for line in lines_of(capsys))


@pytest.mark.parametrize(
    ("text", "feared", "status"),
    [
        (SHOP, "exposure,permission,data", 0),
        (OPENED, "exposure,permission,data", 1),
        (OPENED, "permission,data", 0),
        (FEWER_DAYS, "data", 1),
        (FEWER_DAYS, "exposure", 0),
        (SHOP.replace("LOG_LEVEL: info", "LOG_LEVEL: debug"), "new revision", 1),
        (OPENED, "everything", 2),
    ],
)
def test_the_status_can_depend_on_what_a_reviewer_fears(at: Path, text: str, feared: str, status: int) -> None:
    write(at, text)
    assert run(["diff", "--fail-on", feared]) == status
    assert run(["diff", "--against", "HEAD", "--fail-on", feared]) == status


def test_a_spec_that_is_new_and_one_that_is_gone(at: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (at / "spec" / "shop.yaml").unlink()
    write(at, SHOP.replace("stage: qa", "stage: prod"), "prod")
    capsys.readouterr()
    assert run(["diff", "--against", "HEAD", "--format", "json"]) == 1
    changes = document(capsys)["changes"]
    assert isinstance(changes, list)
    assert [(change["before"], change["after"]) for change in changes] == [(None, "shop-prod"), ("shop-qa", None)]
    for change in changes:
        assert {"exposure", "permission", "cost"} <= set(change["classes"])
        assert not {"restart", "replacement"} & set(change["classes"])


def test_two_specs_are_compared_with_each_other(at: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(at, SHOP.replace("stage: qa", "stage: prod").replace("desired_count: 2", "desired_count: 5"), "prod")
    capsys.readouterr()
    assert run(["diff", "spec/shop.yaml", "spec/prod.yaml"]) == 1
    shown = lines_of(capsys)
    assert shown[0].startswith("from spec/shop.yaml to spec/prod.yaml: 2 changes")
    assert "  service.desired_count: 2 → 5  [capacity · cost]  spec/shop.yaml:87 → spec/prod.yaml:87" in shown
    assert "  stage: qa → prod  [nothing]  spec/shop.yaml:4 → spec/prod.yaml:4" in shown


def test_json_has_version_1_and_these_keys(at: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(at, FEWER_DAYS)
    capsys.readouterr()
    assert run(["diff", "--format", "json"]) == 1
    found = document(capsys)
    assert (found["version"], found["classes"]) == (1, ["data"])
    assert found["changes"] == [
        {
            "path": "logs.retention",
            "before": "30 days",
            "after": "7 days",
            "classes": ["data"],
            "source": {"file": "spec/shop.yaml", "line": 90},
        }
    ]


def test_the_comment_is_the_same_for_the_same_change_and_holds_a_row_and_the_files(
    at: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(at, FEWER_DAYS)
    texts = []
    for _ in range(2):
        capsys.readouterr()
        assert run(["diff", "--format", "markdown"]) == 1
        texts.append(capsys.readouterr().out)
    assert texts[0] == texts[1]
    assert texts[0].startswith("<!-- chuoigen diff -->\n\n**spec/shop.yaml: 1 change (data 1)**\n")
    assert "| logs.retention: 30 days → 7 days | data | log group /ecs/shop-qa/api keeps lines for 7 days;" in texts[0]
    assert "\n```diff\ndiff --git a/out/shop/" in texts[0]


def test_markup_of_a_spec_is_text_in_the_comment(at: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(at, SHOP.replace("LOG_LEVEL: info", 'LOG_LEVEL: "a|b <img> @team `x` [y](z)"'))
    capsys.readouterr()
    assert run(["diff", "--format", "markdown"]) == 1
    (row,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("| containers")]
    assert row.count("|") - row.count("\\|") == 5
    assert "<img>" not in row
    assert "@team" not in row
    assert " `x`" not in row


def test_secrets_are_in_no_form(at: Path, capsys: pytest.CaptureFixture[str]) -> None:
    secret = "hunter2-hunter2-hunter2"
    was = SHOP.replace("LOG_LEVEL: info", f"DB_PASSWORD2: {secret}-old\n      ADMIN_TOKEN: {secret}-x")
    write(at, was)
    commit(at)
    write(at, was.replace("-old", "-new"))
    for arguments in (["diff"], ["diff", "--against", "HEAD"], ["diff", "spec/shop.yaml", "spec/other.yaml"]):
        write(at, was, "other")
        for form in ("text", "markdown", "json"):
            capsys.readouterr()
            assert run([*arguments, "--format", form]) == 1
            captured = capsys.readouterr()
            assert "hunter2" not in captured.out + captured.err, (arguments, form)
            assert "DB_PASSWORD2" in captured.out


def test_files_are_the_unified_diff(at: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(at, SHOP.replace("desired_count: 2", "desired_count: 4"))
    capsys.readouterr()
    assert run(["diff", "--files"]) == 1
    shown = capsys.readouterr().out
    assert shown.startswith("diff --git a/out/shop/")
    assert '\n-  "desiredCount": 2,\n+  "desiredCount": 4,\n' in shown


def test_other_words_for_the_same_service_are_no_change_whatever_the_files_say(
    at: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(at, SHOP.replace("memory: 2 GiB", "memory: 2048").replace("# A service", "# The service"))
    capsys.readouterr()
    assert run(["diff"]) == 0
    assert run(["diff", "--against", "HEAD"]) == 0
    assert lines_of(capsys) == ["spec/shop.yaml: no change", "spec/shop.yaml: no change"]


def test_the_reader_may_be_japanese(at: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(at, OPENED)
    capsys.readouterr()
    assert run(["diff", "--lang", "ja"]) == 1
    shown = lines_of(capsys)
    assert shown[0] == "spec/shop.yaml: 変更 1 件 (公開範囲 1)"
    assert shown[2] == "      許可: 10.0.0.0/8 から コンテナ metrics へ (9100/tcp)"
