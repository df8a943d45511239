"""Every rule has a page, and the examples of every page do what the page says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import chuoigen
from chuoigen import rules
from chuoigen.commands.lint import lint
from chuoigen.compiler import judge, refuse_partial
from chuoigen.inputs.files import Disk
from chuoigen.inputs.load import Loader, load

if TYPE_CHECKING:
    from chuoigen.diagnostics import Diagnostic
    from chuoigen.lint.rule import Rule

PACKAGE = Path(chuoigen.__file__).parent
PAGES = {file.stem: file for file in PACKAGE.glob("**/pages/*.md")}
SECTIONS = ["Why", "Bad", "Good", "Source"]
MARK = re.compile("(#|//) reported here")
MARK_ABOVE = "# reported below"  # where the line already ends in a comment

# What every example is laid over.
BELOW = """\
chuoigen: 1
partial: true
name: shop
stage: qa
aws: { account: "123456789012", region: eu-west-1 }
task: { cpu: 256, memory: 512, execution_role: shop-execution }
"""

# These are reported over several specs, which stand beside each other.
OF_SEVERAL = sorted(rule.name for rule in rules.ALL if rule.several)

# These examples say what is not inherited, so that they are whole files.
WHOLE_FILES = {"unusable-base", "partial-spec"}


def page(name: str) -> str:
    return PAGES[name].read_text(encoding="utf-8")


def section(name: str, title: str) -> str:
    found = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", page(name), re.MULTILINE | re.DOTALL)
    assert found, f"{name} has no section {title}"
    return found[1]


def blocks(text: str) -> list[tuple[str, str]]:
    """Give each fenced block as what stands behind its fence, and its text."""
    return re.findall(r"^```(\S[^\n]*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def judged(folder: Path, name: str, title: str) -> tuple[str, tuple[Diagnostic, ...]]:
    """Put the files of an example into `folder`, lay it over BELOW, and return its text and what is reported."""
    (folder / ".git").mkdir()
    (folder / "base.yaml").write_text(BELOW, encoding="utf-8")
    found = dict(blocks(section(name, title)))
    raw = next((fence for fence in found if fence.startswith("json ")), "")
    if raw and "yaml" not in found:  # what a spec cannot say is shown in the format that can
        file = folder / raw.split(" ", 1)[1]
        file.write_text(found[raw], encoding="utf-8")
        return found[raw], judge(Loader(Disk(), foreign=True).load(file)).diagnostics
    example = found.pop("yaml")
    for fence, text in found.items():
        file = folder / fence.split(" ", 1)[1]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    text = example if name in WHOLE_FILES else f"extends: base.yaml\n{example}"
    spec = folder / "spec.yaml"
    spec.write_text(text, encoding="utf-8")
    if name in OF_SEVERAL:
        return text, lint([str(spec), str(folder / "other.yaml")]).diagnostics
    verdict = judge(load(spec))
    return text, (refuse_partial(verdict) if name == "partial-spec" else verdict).diagnostics


def test_every_rule_has_a_page_and_every_page_a_rule() -> None:
    assert sorted(file.stem for file in PACKAGE.glob("**/pages/*.md")) == sorted(rule.name for rule in rules.ALL)


def test_names_and_codes_are_unique() -> None:
    assert len({rule.name for rule in rules.ALL}) == len(rules.ALL)
    assert len({rule.code for rule in rules.ALL}) == len(rules.ALL)


@pytest.mark.parametrize("rule", rules.ALL, ids=lambda rule: rule.name)
def test_names_codes_and_summaries_have_one_form(rule: Rule) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", rule.name)
    assert re.fullmatch(r"CG\d{3}", rule.code)
    assert len(rule.summary) <= 80
    assert rule.summary.endswith(".")


def test_a_rule_is_found_by_name_and_by_code() -> None:
    first = rules.ALL[0]
    assert rules.by_name(first.name) is first
    assert rules.by_name(first.code) is first
    assert rules.by_name("no-such-rule") is None


@pytest.mark.parametrize("rule", rules.ALL, ids=lambda rule: rule.name)
def test_a_page_has_its_sections_in_order(rule: Rule) -> None:
    text = page(rule.name)
    assert text.startswith(f"# {rule.name}\n\n")
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == SECTIONS
    assert all(section(rule.name, title).strip() for title in SECTIONS)
    assert re.search(r"20\d\d-\d\d-\d\d", section(rule.name, "Source"))


@pytest.mark.parametrize("rule", rules.ALL, ids=lambda rule: rule.name)
def test_the_bad_example_fires_this_rule_once_and_nothing_else(rule: Rule, tmp_path: Path) -> None:
    text, found = judged(tmp_path, rule.name, "Bad")
    lines = list(enumerate(text.split("\n"), 1))
    marked = [number for number, line in lines if MARK.search(line)]
    marked += [number + 1 for number, line in lines if MARK_ABOVE in line]
    assert len(marked) == 1
    assert [(one.rule, one.code, one.span.line) for one in found] == [(rule.name, rule.code, marked[0])]
    assert found[0].severity is rule.severity
    assert found[0].message
    assert found[0].help


@pytest.mark.parametrize("rule", rules.ALL, ids=lambda rule: rule.name)
def test_the_good_example_fires_nothing(rule: Rule, tmp_path: Path) -> None:
    _, found = judged(tmp_path, rule.name, "Good")
    assert [(one.rule, one.span.line, one.message) for one in found] == []


@pytest.mark.parametrize("name", OF_SEVERAL)
def test_a_comment_suppresses_what_several_specs_come_to(name: str, tmp_path: Path) -> None:
    text, found = judged(tmp_path, name, "Bad")
    assert [one.rule for one in found] == [name]
    spec, other = tmp_path / "spec.yaml", tmp_path / "other.yaml"
    spec.write_text(text.replace("# reported here", f"# chuoigen: ignore[{name}] agreed"), encoding="utf-8")
    assert lint([str(spec), str(other)]).diagnostics == ()
    assert lint([str(spec)]).diagnostics == ()  # one alone cannot tell whether the comment is needed
