"""The tables of all rules say what the rules themselves say."""

from __future__ import annotations

import json
import re

from chuoigen import rules
from chuoigen.commands.rules import table


def test_codes_are_used_once_and_in_order() -> None:
    codes = [line.split()[0] for line in table("text").text.splitlines()]
    assert codes == sorted(set(codes))
    assert all(re.fullmatch(r"CG\d{3}", code) for code in codes)


def test_json_says_everything_about_each_rule() -> None:
    data = json.loads(table("json").text)
    assert data["version"] == 1
    by_name = {entry["name"]: entry for entry in data["rules"]}
    assert len(by_name) == len(rules.ALL)
    assert by_name["cpu-memory-pair"]["code"] == "CG101"
    assert {entry["severity"] for entry in data["rules"]} == {"error", "warning", "info"}
    assert all(entry["summary"].endswith(".") for entry in data["rules"])


def test_a_rule_is_found_by_its_name_and_by_its_code() -> None:
    assert rules.by_name("cpu-memory-pair") is rules.by_name("CG101")
    assert rules.by_name("cpu-memory") is None
