"""What a Japanese reader gets: messages, help, notes and summaries in Japanese, and the very same files."""

from __future__ import annotations

import functools
import json
import re
from typing import TYPE_CHECKING

import pytest

from chuoigen import rules
from chuoigen.cli import run
from chuoigen.compiler import judge
from chuoigen.inputs.load import load
from chuoigen.messages import Reader, asked_language
from tests.repository import PARTIAL, ROOT, SMALL, chuoigen, contents, repository
from tests.test_rule_pages import judged

if TYPE_CHECKING:
    from pathlib import Path

    from chuoigen.lint.rule import Rule

JAPANESE = re.compile("[ぁ-んァ-ヶ一-龠]")
UNUSED = SMALL.replace("echo:\n", "echo: # chuoigen: ignore[port-clash] it is one\n", 1)


@pytest.fixture
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a repository with a clean spec, one that is only to be extended, and one with a finding; work in it."""
    where = repository(tmp_path / "repository", qa=SMALL, base=PARTIAL, wrong=UNUSED)
    monkeypatch.chdir(where)
    return where


def lines_without_japanese(text: str) -> list[str]:
    """Return the lines that say something in another language; pieces of a spec and carets say nothing."""
    said = [line for line in text.splitlines() if line and not re.match(r" {4,}\d+ \||  +\|", line)]
    return [line for line in said if not JAPANESE.search(line)]


@functools.cache
def english_words() -> frozenset[str]:
    """Give the words of the English catalogues that are prose: small words, which no key and no name of AWS is."""
    texts = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "chuoigen").glob("**/messages/en/*.yaml"))
    found = re.findall(r"(?<![\w./:$-])[a-z]{2,}(?![\w./:(-])", texts)
    japanese = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "chuoigen").glob("**/messages/ja/*.yaml"))
    return (
        frozenset(found) - set(re.findall(r"[a-z]{2,}", japanese)) - {"web", "tags", "report"}
    )  # names in specs, a command


def english(text: str) -> list[str]:
    """Return the English prose of a text: words of the English catalogues, but those that Japanese texts have too."""
    return [word for word in re.findall(r"(?<![\w./:$-])[a-z]{2,}(?![\w./:(-])", text) if word in english_words()]


@pytest.mark.usefixtures("at")
def test_lint_speaks_japanese(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["lint", "--lang", "ja", "spec/wrong.yaml"]) == 1
    text = capsys.readouterr().out
    assert lines_without_japanese(text) == []
    assert text.splitlines()[0].startswith("spec/wrong.yaml:6:9: 警告[")
    assert "\n  対処: " in text
    assert text.endswith("\n1 件の spec を検査しました: 警告 1 件 (うち 1 件は --fix で修正できます)\n")


@pytest.mark.usefixtures("at")
def test_build_and_diff_speak_japanese(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["build", "--lang", "ja", "spec/qa.yaml"]) == 0
    assert re.fullmatch(r"out/qa: 書き込み \d+ 件\n", capsys.readouterr().out)
    assert run(["build", "--check", "--lang", "ja", "spec/wrong.yaml"]) == 1
    assert "out/wrong: spec/wrong.yaml から生成される内容と異なります。" in capsys.readouterr().out
    assert run(["diff", "--lang", "ja", "spec/base.yaml"]) == 1
    assert lines_without_japanese(capsys.readouterr().err) == []


@pytest.mark.parametrize("line", ["lint none.yaml", "build none.yaml", "diff none.yaml", "show none.yaml"])
@pytest.mark.usefixtures("at")
def test_what_cannot_be_used_is_said_in_japanese(capsys: pytest.CaptureFixture[str], line: str) -> None:
    assert run([*line.split(), "--lang", "ja"]) == 2
    assert lines_without_japanese(capsys.readouterr().err) == []


@pytest.mark.parametrize(
    ("changes", "japanese"),
    [
        ({"LANG": "ja_JP.UTF-8"}, True),
        ({"LC_MESSAGES": "ja_JP.UTF-8", "LANG": "C.UTF-8"}, True),
        ({"LC_ALL": "ja"}, True),
        ({"LC_ALL": "C.UTF-8", "LANG": "ja_JP.UTF-8"}, False),
        ({"LC_ALL": "", "LANG": "de_DE.UTF-8"}, False),
        ({}, False),
    ],
)
def test_the_locale_chooses_the_language(at: Path, changes: dict[str, str], japanese: bool) -> None:
    done = chuoigen("lint", "spec/qa.yaml", cwd=at, PYTHONUTF8="1", **changes)
    assert (done.stdout == "1 件の spec を検査しました: 問題はありません\n") is japanese
    assert chuoigen("lint", "--lang", "en", "spec/qa.yaml", cwd=at, **changes).stdout.startswith("1 spec checked")
    assert (asked_language(changes) == "ja") is japanese


def test_generated_files_do_not_depend_on_the_language(at: Path) -> None:
    for language in ("en", "ja"):
        assert run(["build", "--lang", language, "--out", language]) == 0
    assert contents(at / "en") == contents(at / "ja")


@pytest.mark.usefixtures("at")
def test_a_language_that_there_is_not_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["lint", "--lang", "fr"]) == 2
    error = capsys.readouterr().err
    assert error.startswith("chuoigen: ")
    assert all(word in error for word in ("--lang", "fr", "en", "ja"))


@pytest.mark.parametrize(
    "line",
    [
        *(
            "lint --lang ja --no-such-option",
            "lint --jobs x --lang ja",
            "lint --jobs=-1 --lang=ja",
            "build --lang ja --out",
        ),
        *("lint --lang ja --format xml", "lint --shard 3/2 --lang ja", "bild --lang ja", "show --lang ja"),
        *(
            "show a b --lang ja",
            "lint --lang ja --select no-such-rule",
            "lint --fix --lang ja -",
            "explain --lang ja portclash",
        ),
        *(
            "init --lang ja --stage ../qa",
            "init --lang ja --stage prod --recipe nothing",
        ),
    ],
)
@pytest.mark.usefixtures("at")
def test_wrong_usage_is_said_in_japanese(capsys: pytest.CaptureFixture[str], line: str) -> None:
    assert run(line.split()) == 2
    said, _, advice = capsys.readouterr().err.partition("\n")
    assert JAPANESE.search(said)
    assert english(said) == []
    assert english(advice) == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("lint --format xml", '"xml" is not a value of --format: use text, json, github, gitlab or sarif'),
        ("lint --jobs=-1", '"-1" is not a value of --jobs: use a whole number of 0 or more'),
        ("lint --fix=yes", "the option --fix takes no value"),
        ("lint --jobs", "the option --jobs has no value"),
        ("bild", "there is no command bild"),
        ("--", "the command is missing"),
        ("schema x", '"x" is one argument more than the command takes'),
        ("explain", "RULE is missing"),
    ],
)
def test_wrong_usage_is_said_in_our_own_words(capsys: pytest.CaptureFixture[str], line: str, said: str) -> None:
    assert run(line.split()) == 2
    assert capsys.readouterr().err.splitlines()[0] == f"chuoigen: {said}"


def prose(text: str) -> str:
    """Return a text without what is quoted, and without pieces of a spec: words before a colon, and in brackets."""
    return re.sub(r'"[^"]*"|`[^`]*`|\{[^{}]*\}|\([^()]*\)', " ", text)


@pytest.mark.parametrize("rule", rules.ALL, ids=lambda rule: rule.name)
def test_each_rule_speaks_japanese(rule: Rule, tmp_path: Path) -> None:
    _, found = judged(tmp_path, rule.name, "Bad")
    reader = Reader("ja")
    for one in found:
        said = [reader.text(one.words), *(reader.text(related.words) for related in one.related)]
        assert [text for text in said if not JAPANESE.search(text)] == []
        assert english(prose("\n".join([*said, reader.help(one.words)]))) == []
    assert JAPANESE.search(reader.text(rule.title, "summary"))
    assert english(reader.text(rule.title, "summary")) == []


STORIES = sorted(path.parent.name for path in (ROOT / "tests" / "cases").glob("bad-*/spec.yaml"))


@pytest.mark.parametrize("story", STORIES)
def test_bad_specs_are_explained_in_japanese(story: str) -> None:
    reader = Reader("ja")
    for one in judge(load(str(ROOT / "tests" / "cases" / story / "spec.yaml"))).diagnostics:
        assert JAPANESE.search(reader.text(one.words))
        assert english(prose(f"{reader.text(one.words)}\n{reader.help(one.words)}")) == []


def test_english_prose_is_noticed() -> None:
    assert english(prose('コンテナ "which is" は { some: thing } を should not 使用できません')) == ["should"]


@pytest.mark.usefixtures("at")
def test_json_keeps_ids_and_arguments_in_any_language(capsys: pytest.CaptureFixture[str]) -> None:
    found = {}
    for language in ("en", "ja"):
        run(["lint", "--format", "json", "--lang", language, "spec/wrong.yaml"])
        ((found[language]),) = json.loads(capsys.readouterr().out)["diagnostics"]
    same = [key for key in found["en"] if key not in ("message", "help", "related")]
    assert [found["en"][key] for key in same] == [found["ja"][key] for key in same]
    assert found["en"]["message_id"]
    assert JAPANESE.search(found["ja"]["message"])
    assert not JAPANESE.search(found["en"]["message"])


def test_the_table_of_rules_is_in_the_language(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "--lang", "ja", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["rules"]
