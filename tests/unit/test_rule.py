"""Comments that suppress findings: where they stand, what they name, and the reason that they must give."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chuoigen.compiler import judge
from chuoigen.diagnostics import Diagnostic, Related, Severity, Span
from chuoigen.inputs.load import load
from chuoigen.lint.rule import Finding, Ignore, Rule, ignores, located, suppress
from chuoigen.messages import verbatim
from chuoigen.yaml.document import Document, parse
from tests.counting import steps

if TYPE_CHECKING:
    from pathlib import Path

HEAD = """\
chuoigen: 1
name: shop
aws: { account: "123456789012", region: eu-west-1 }
task: { execution_role: shop-execution }
containers:
"""
IMAGE = "    image: public.ecr.aws/docker/library/busybox:latest"
"""What mutable-image-tag (CG228) reports."""


def reported(folder: Path, containers: str) -> list[tuple[str, int]]:
    """Return what is reported about containers, which are written from line 6 on."""
    spec = folder / "spec.yaml"
    spec.write_text(HEAD + containers, encoding="utf-8")
    return [(found.rule, found.span.line) for found in judge(load(spec)).diagnostics]


def test_without_a_comment_it_is_reported(tmp_path: Path) -> None:
    assert reported(tmp_path, f"  app:\n{IMAGE}\n") == [("mutable-image-tag", 7)]


@pytest.mark.parametrize(
    "comment",
    [
        "chuoigen: ignore[mutable-image-tag] it is ours",
        "chuoigen: ignore[CG228] it is ours",
        "chuoigen:ignore [ mutable-image-tag ] it is ours",
        "chuoigen: ignore[root-user, mutable-image-tag] it is ours",
        "chuoigen: ignore[mutable-image-tag] [x] # it is ours",
    ],
)
def test_a_comment_suppresses_its_own_line_or_the_next(tmp_path: Path, comment: str) -> None:
    assert reported(tmp_path, f"  app:\n{IMAGE} # {comment}\n") == []
    assert reported(tmp_path, f"  app:\n    # {comment}\n{IMAGE}\n") == []
    assert reported(tmp_path, f"  app:\n# {comment}\n{IMAGE}\n") == []


def test_comments_may_stand_one_above_the_other(tmp_path: Path) -> None:
    above = "    # chuoigen: ignore[mutable-image-tag] it is ours\n    # and it will stay so\n"
    assert reported(tmp_path, f"  app:\n{above}{IMAGE}\n") == []


def test_a_comment_speaks_of_one_line_only(tmp_path: Path) -> None:
    text = f"  app:\n{IMAGE} # chuoigen: ignore[mutable-image-tag] it is ours\n  web:\n{IMAGE}\n"
    assert reported(tmp_path, text) == [("mutable-image-tag", 9)]


@pytest.mark.parametrize("where", ["  # {0}\n  app:\n{1}\n", "  app:\n{1}\n    # {0}\n", "  app: # {0}\n{1}\n"])
def test_a_comment_at_another_line_suppresses_nothing_and_is_reported(tmp_path: Path, where: str) -> None:
    found = reported(tmp_path, where.format("chuoigen: ignore[mutable-image-tag] it is ours", IMAGE))
    assert sorted(rule for rule, _ in found) == ["mutable-image-tag", "unused-ignore"]


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_comment_without_a_reason_is_void_and_reported(tmp_path: Path, reason: str) -> None:
    found = reported(tmp_path, f"  app:\n{IMAGE} # chuoigen: ignore[mutable-image-tag]{reason}\n")
    assert found == [("mutable-image-tag", 7), ("ignore-without-reason", 7)]


@pytest.mark.parametrize("names", ["no-such-rule", "mutable-image", "CG2", "mutable-image-tags, CG229", ""])
def test_an_unknown_name_suppresses_nothing(tmp_path: Path, names: str) -> None:
    found = reported(tmp_path, f"  app:\n{IMAGE} # chuoigen: ignore[{names}] it is ours\n")
    assert found == [("mutable-image-tag", 7), ("unused-ignore", 7)]


def test_a_comment_must_name_rules(tmp_path: Path) -> None:
    found = reported(tmp_path, f"  app:\n{IMAGE} # chuoigen: ignore it is ours\n")
    assert found == [("mutable-image-tag", 7), ("unused-ignore", 7)]


@pytest.mark.parametrize(
    "comment", ["chuoigen is ours", "chuoigen: ignored[x] y", "see chuoigen: ignore[CG228] y", "noqa"]
)
def test_other_comments_are_left_alone(tmp_path: Path, comment: str) -> None:
    assert reported(tmp_path, f"  app:\n{IMAGE} # {comment}\n") == [("mutable-image-tag", 7)]


def test_a_hash_in_a_text_is_no_comment(tmp_path: Path) -> None:
    text = '  app:\n    image: "public.ecr.aws/x/y:latest" \n    labels: { a: "# chuoigen: ignore[CG228] x" }\n'
    assert reported(tmp_path, text) == [("mutable-image-tag", 7)]


def test_what_the_loader_reports_cannot_be_suppressed(tmp_path: Path) -> None:
    text = f"  app:\n{IMAGE.replace('latest', '1.37.0')}\n    imgae: x # chuoigen: ignore[unknown-key] it is ours\n"
    assert ("unknown-key", 8) in reported(tmp_path, text)


def test_one_comment_suppresses_all_findings_of_its_rule_on_its_line(tmp_path: Path) -> None:
    line = "  app: { image: redis:latest } # chuoigen: ignore[mutable-image-tag] it is ours\n"
    assert reported(tmp_path, line) == []


def test_a_base_is_suppressed_by_its_own_comments(tmp_path: Path) -> None:
    base = f"partial: true\n{HEAD}  app:\n{IMAGE} # chuoigen: ignore[mutable-image-tag] it is ours\n"
    (tmp_path / "base.yaml").write_text(base, encoding="utf-8")
    for stage in ("qa", "prod"):
        (tmp_path / f"{stage}.yaml").write_text(f"extends: base.yaml\nstage: {stage}\n", encoding="utf-8")
        assert judge(load(tmp_path / f"{stage}.yaml")).diagnostics == ()


def test_a_comment_of_a_base_that_this_spec_does_not_need_is_kept_for_others(tmp_path: Path) -> None:
    base = f"partial: true\n{HEAD}  app:\n{IMAGE} # chuoigen: ignore[mutable-image-tag] it is ours\n"
    (tmp_path / "base.yaml").write_text(base, encoding="utf-8")
    pinned = "extends: base.yaml\ncontainers: { app: { image: public.ecr.aws/docker/library/busybox:1.37.0 } }\n"
    (tmp_path / "qa.yaml").write_text(pinned, encoding="utf-8")
    judged = judge(load(tmp_path / "qa.yaml"))
    assert judged.diagnostics == ()
    assert [(ignore.rules, ignore.line) for ignore in judged.unused] == [(("mutable-image-tag",), 8)]


def test_a_comment_in_the_stage_does_not_suppress_the_same_line_of_the_base(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(f"partial: true\n{HEAD}  app:\n{IMAGE}\n", encoding="utf-8")
    text = "extends: base.yaml\n" + "\n" * 6 + "stage: qa # chuoigen: ignore[mutable-image-tag] it is ours\n"
    (tmp_path / "qa.yaml").write_text(text, encoding="utf-8")
    found = judge(load(tmp_path / "qa.yaml")).diagnostics
    assert [(one.rule, one.span.file.rpartition("/")[2], one.span.line) for one in found] == [
        ("mutable-image-tag", "base.yaml", 8),
        ("unused-ignore", "qa.yaml", 8),
    ]


def document(text: str) -> Document:
    parsed, problems = parse(text, "spec.yaml")
    assert parsed is not None, problems
    return parsed


def test_what_a_comment_says() -> None:
    assert ignores(document("a: 1 # chuoigen: ignore[x, CG101,] because  of this \nb: 2\n")) == (
        Ignore(("x", "CG101"), "because  of this", Span("spec.yaml", 1, 6, 1, 52), 1),
    )


def test_a_comment_on_the_last_line_speaks_of_nothing() -> None:
    (ignore,) = ignores(document("a: 1\n# chuoigen: ignore[x] y"))
    assert ignore.line == 3


def test_a_finding_gets_the_span_of_its_key_its_value_or_what_is_nearest() -> None:
    text = document("task:\n  cpu: 300\n")
    rule = Rule("CG999", "a-rule", Severity.WARNING)
    cpu = ("task", "cpu")
    elsewhere = Related(Span("config.exs", 3, 1, 3, 4), verbatim("there"))
    finding = Finding(
        cpu, verbatim("wrong", "right"), related=((("task", "memory"), verbatim("see")),), elsewhere=(elsewhere,)
    )
    assert located(rule, finding, text) == Diagnostic(
        rule="a-rule",
        code="CG999",
        severity=Severity.WARNING,
        span=Span("spec.yaml", 2, 8, 2, 11),
        words=verbatim("wrong", "right"),
        related=(Related(Span("spec.yaml", 1, 1, 1, 5), verbatim("see")), elsewhere),
        path=cpu,
    )
    assert located(rule, Finding(cpu, verbatim(""), on_key=True), text).span == Span("spec.yaml", 2, 3, 2, 6)
    assert located(rule, Finding(("nowhere",), verbatim("")), text).span.line == 1


def test_suppress_tells_what_stays_and_what_suppressed_nothing() -> None:
    def found(rule: str, line: int) -> Diagnostic:
        return Diagnostic(rule, "CG001", Severity.ERROR, Span("a", line, 1, line, 2), verbatim(""))

    def ignore(rule: str, line: int, reason: str = "why", file: str = "a") -> Ignore:
        return Ignore((rule,), reason, Span(file, line, 9, line, 20), line)

    diagnostics = [found("x", 1), found("y", 1), found("x", 2)]
    written = [ignore("x", 1), ignore("x", 1), ignore("x", 2, ""), ignore("y", 1, file="b")]
    stay, unused = suppress(diagnostics, written)
    assert stay == (diagnostics[1], diagnostics[2])
    assert unused == (written[3],)


def test_many_comments_take_no_more_steps_each() -> None:
    def kept(count: int) -> int:
        lines = (f"k{n}: 1 # chuoigen: ignore[r] why\n# chuoigen: ignore[r] why\n" for n in range(count))
        parsed, _ = parse("".join(lines), "x")
        assert parsed is not None
        written = ignores(parsed)
        found = [Diagnostic("r", "CG999", Severity.ERROR, one.span, verbatim("y")) for one in written]
        return len(suppress(found, written)[0])

    assert kept(1000) == 1000  # those on the lines of comments alone
    assert steps(lambda: kept(1000)) < 11 * steps(lambda: kept(100))  # 100 if each took as many as all before it
