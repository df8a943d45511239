"""The page of a rule, and the tables of all rules."""

from __future__ import annotations

import json

import pytest

from chuoigen import rules
from chuoigen.commands.explain import explain
from chuoigen.commands.rules import SUBJECTS, table
from chuoigen.diagnostics import ChuoigenError


@pytest.mark.parametrize("word", ["cpu-memory-pair", "CG101", "cg101", " CPU-memory-pair "])
def test_a_rule_is_explained_by_name_or_code(word: str) -> None:
    text = explain(word).text
    assert text.startswith("# cpu-memory-pair\n\n`CG101`, error\n\n")
    assert "\n## Why\n" in text
    assert "# chuoigen: ignore[cpu-memory-pair] the reason\n" in text
    assert text.endswith("```\n")


def test_a_rule_of_the_loader_says_that_it_cannot_be_suppressed() -> None:
    assert explain("duplicate-key").text.endswith("\n## Suppressing\n\nThis rule cannot be suppressed.\n")


@pytest.mark.parametrize(
    ("word", "help_text"),
    [
        ("cpu-memory-pairs", "did you mean cpu-memory-pair? chuoigen rules lists all rules"),
        ("zzzzzzzzzzzz", "chuoigen rules lists all rules"),
        ("../../secrets", "chuoigen rules lists all rules"),
    ],
)
def test_an_unknown_rule_is_refused_with_the_nearest(word: str, help_text: str) -> None:
    with pytest.raises(ChuoigenError, match="there is no rule") as caught:
        explain(word)
    assert caught.value.help == help_text


def test_every_rule_is_in_every_table() -> None:
    names = [rule.name for rule in rules.ALL]
    assert [line.split()[1] for line in table("text").text.splitlines()] == names
    assert [entry["name"] for entry in json.loads(table("json").text)["rules"]] == names
    rows = [line for line in table("markdown").text.splitlines() if line.startswith("| CG")]
    assert [row.split("[")[1].split("]")[0] for row in rows] == names


def test_one_row_of_each_table() -> None:
    assert table().text.splitlines()[0].split(maxsplit=3) == [
        "CG001",
        "invalid-yaml",
        "error",
        "The text is not YAML 1.2 with one mapping at its root.",
    ]
    assert json.loads(table("json").text)["rules"][0] == {
        "code": "CG001",
        "name": "invalid-yaml",
        "severity": "error",
        "summary": "The text is not YAML 1.2 with one mapping at its root.",
    }
    assert table("markdown").text.startswith(
        "# Rules\n\n## Reading a spec\n\n| code | rule | severity | what it reports |\n|---|---|---|---|\n"
        "| CG001 | [invalid-yaml](invalid-yaml.md) | error | The text is not YAML 1.2 with one mapping at its root. |\n"
    )


def test_every_rule_has_a_subject() -> None:
    assert {rule.code[:3] for rule in rules.ALL} <= set(SUBJECTS)


def test_another_layout_is_refused() -> None:
    with pytest.raises(KeyError):
        table("yaml")


@pytest.mark.parametrize(("word", "begin"), [("CG3", "CG3"), ("cg30", "CG30"), ("CG", "CG")])
def test_the_beginning_of_codes_lists_their_rules(word: str, begin: str) -> None:
    lines = explain(word).text.splitlines()
    assert [line.split()[0] for line in lines] == [rule.code for rule in rules.ALL if rule.code.startswith(begin)]
    assert len(lines) > 5


def test_a_group_without_rules_is_no_rule() -> None:
    with pytest.raises(ChuoigenError, match="there is no rule CG01x"):
        explain("CG01x")
