"""What a person reads about a spec."""

from __future__ import annotations

from chuoigen.diagnostics import Diagnostic, Related, Severity, Span
from chuoigen.inputs.load import Source
from chuoigen.messages import verbatim
from chuoigen.report.as_text import render
from chuoigen.report.view import View
from chuoigen.yaml.document import parse
from tests.counting import steps

SPEC = """\
containers:
  web:
    ports: ["8080:80"]
    environment: { DB_PASSWORD: hunter2, PORT: yes }
    command: |
      one
      two"""


VIEW = View({"spec/qa.yaml": Source("spec/qa.yaml", SPEC, parse(SPEC, "spec/qa.yaml")[0])})


def span(line: int, column: int, end: int, file: str = "spec/qa.yaml") -> Span:
    return Span(file, line, column, line, end)


PORT = Diagnostic(
    "host-port-differs",
    "CG301",
    Severity.ERROR,
    span(3, 13, 22),
    verbatim("host port 8080 differs from the container's port 80", "write 80"),
)


def test_place_line_carets_and_help() -> None:
    assert (
        render([PORT], view=VIEW, colour=False)
        == """\
spec/qa.yaml:3:13: error[CG301] host-port-differs: host port 8080 differs from the container's port 80
    3 |     ports: ["8080:80"]
      |             ^^^^^^^^^
  help: write 80

"""
    )


def test_related_places_are_shown_too() -> None:
    found = Diagnostic(
        "duplicate-key",
        "CG002",
        Severity.WARNING,
        span(2, 3, 6),
        verbatim("key again"),
        related=(
            Related(span(1, 1, 11), verbatim("first written here")),
            Related(span(7, 1, 2, "config/prod.exs"), verbatim("read here")),
        ),
    )
    assert (
        render([found], view=VIEW, colour=False)
        == """\
spec/qa.yaml:2:3: warning[CG002] duplicate-key: key again
    2 |   web:
      |   ^^^
  spec/qa.yaml:1:1: note: first written here
    1 | containers:
      | ^^^^^^^^^^
  config/prod.exs:7:1: note: read here

"""
    )


def test_of_several_lines_the_first_is_shown() -> None:
    found = Diagnostic("x", "CG999", Severity.INFO, Span("spec/qa.yaml", 5, 14, 7, 10), verbatim("too long"))
    assert (
        render([found], view=VIEW, colour=False)
        == """\
spec/qa.yaml:5:14: info[CG999] x: too long
    5 |     command: |
      |              ^

"""
    )


def test_a_rule_about_secrets_shows_no_line() -> None:
    found = Diagnostic(
        "plain-secret", "CG015", Severity.ERROR, span(4, 33, 40), verbatim("a secret", "write { ssm: … }")
    )
    quiet = frozenset({"plain-secret"})
    assert (
        render([found], view=VIEW, colour=False, quiet=quiet)
        == """\
spec/qa.yaml:4:33: error[CG015] plain-secret: a secret
  help: write { ssm: … }

"""
    )


def test_another_fault_on_the_line_of_a_secret_does_not_show_it() -> None:
    found = Diagnostic("invalid-value", "CG013", Severity.ERROR, span(4, 48, 51), verbatim("not text"))
    assert (
        render([found], view=VIEW, colour=False)
        == """\
spec/qa.yaml:4:48: error[CG013] invalid-value: not text
    4 |     environment: { DB_PASSWORD: •••, PORT: yes }
      |                                            ^^^

"""
    )


def test_what_a_quiet_rule_points_to_is_masked_for_the_others() -> None:
    secret = Diagnostic(
        "secret-in-environment", "CG601", Severity.ERROR, span(3, 13, 22), verbatim("looks like a secret")
    )
    sources = {"spec/qa.yaml": Source("spec/qa.yaml", SPEC, None)}
    quiet = frozenset({"secret-in-environment"})
    view = View.of(sources, [PORT, secret], quiet)
    shown = render([PORT, secret], view=view, colour=False, quiet=quiet)
    assert "8080:80" not in shown
    assert "    3 |     ports: [•••]\n      |             ^^^\n" in shown


def test_text_of_a_spec_cannot_steer_the_terminal() -> None:
    found = Diagnostic(
        "x", "CG999", Severity.ERROR, span(9, 1, 2, "a\x1b[2J.yaml"), verbatim("b\x1b[31m\nc", "d\u202e")
    )
    source = Source("a\x1b[2J.yaml", "\n" * 8 + "\x1b[2Jkey", None)
    shown = render([found], view=View({source.file: source}), colour=False)
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert shown.startswith("a\\x1b[2J.yaml:9:1: ")
    assert "b\\x1b[31m\\nc" in shown
    assert "    9 | \\x1b[2Jkey\n" in shown


def test_colour_only_where_it_was_asked_for() -> None:
    assert "\x1b" not in render([PORT], view=VIEW, colour=False)
    shown = render([PORT], view=VIEW, colour=True)
    assert "\x1b[1;31merror[CG301]\x1b[0m" in shown
    assert "\x1b[31m^^^^^^^^^\x1b[0m" in shown


def test_a_file_that_is_gone_has_no_excerpt() -> None:
    found = Diagnostic("x", "CG999", Severity.ERROR, span(99, 1, 2), verbatim("y"))
    assert render([found], view=VIEW, colour=False) == "spec/qa.yaml:99:1: error[CG999] x: y\n\n"


def test_nothing_found_is_nothing_said() -> None:
    assert render([], view=VIEW, colour=False) == ""


def test_many_findings_on_one_long_line_take_no_more_steps_each() -> None:
    def shown(count: int) -> str:
        view = View({"x": Source("x", "a: [" + "5, " * count + "]", None)})
        found = [
            Diagnostic("x", "CG999", Severity.ERROR, span(1, 5 + 3 * place, 6 + 3 * place, "x"), verbatim("y"))
            for place in range(count)
        ]
        return render(found, view=view, colour=False)

    assert shown(2000).count("^") == 2000
    assert steps(lambda: shown(2000)) < 11 * steps(lambda: shown(200))  # 100 if each took as many as the line is long
