"""What is generated in the repository is what would be generated now."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from chuoigen import rules
from chuoigen.spec import Spec

ROOT = Path(__file__).parents[1]
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
INNER = re.compile(r"\]\(#([^)]+)\)")


def test_every_generated_file_is_current() -> None:
    command = [sys.executable, "tools/generate.py", "--check"]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def anchors(text: str) -> set[str]:
    """Names that GitHub gives to headings: small letters, digits, hyphens and underscores."""
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in HEADING.findall(text)}


def test_every_link_within_the_language_reference_leads_to_a_heading() -> None:
    text = (ROOT / "docs" / "language.md").read_text(encoding="utf-8")
    links = set(INNER.findall(text))
    assert {"units", "containersname", "containersnamebuild-with-recipe-phoenix", "logs"} <= links
    assert links - anchors(text) == set()


def test_every_key_of_the_file_is_in_the_language_reference() -> None:
    text = (ROOT / "docs" / "language.md").read_text(encoding="utf-8")
    table = text.split("## The whole file\n")[1].split("\n## ")[0]
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == list(Spec.model_fields)
    for row in (
        "| `cpu` | [CPU](#units) | `256` | CPU of the task: 256 or 0.25 vCPU, up to 32 vCPU. |",
        "| `to` | text | **required** | `alb`, a container or a backend. |",
        "| `stop_timeout` | [time](#units) | 30 s | Time between SIGTERM and SIGKILL. |",
        "| `timeout` | [time](#units) | `5s` | How long one check may take. |",
    ):
        assert row in text


@pytest.mark.parametrize("command", ["build", "lint", "diff", "show", "explain", "rules", "schema", "init"])
def test_every_command_is_in_its_reference(command: str) -> None:
    assert f"## chuoigen {command}\n" in (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")


def test_an_option_is_described_with_what_it_takes_and_its_default() -> None:
    text = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    assert "```\nchuoigen lint [OPTIONS] [SPEC]...\n```" in text
    assert "| `--format text\\|json\\|github\\|gitlab\\|sarif` | How findings are printed. Default: text. |" in text
    assert "| `--stage NAME` | Stage of the first spec. Default: qa. |" in text
    assert "| `--force` | Overwrite files that were edited by hand, or are another spec's. |" in text


def test_every_rule_has_a_page_in_the_documents_and_a_row_in_their_index() -> None:
    index = (ROOT / "docs" / "rules" / "README.md").read_text(encoding="utf-8")
    for rule in rules.ALL:
        assert f"| {rule.code} | [{rule.name}]({rule.name}.md) | {rule.severity.value} |" in index
        page = (ROOT / "docs" / "rules" / f"{rule.name}.md").read_text(encoding="utf-8")
        assert page.startswith(f"# {rule.name}\n\n`{rule.code}`, {rule.severity.value}\n\n")
