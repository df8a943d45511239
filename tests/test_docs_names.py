"""The documents name only files that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
REQUIRED = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/architecture.md")
EXTENSIONS = "conf|cfg|csv|ini|j2|json|md|py|sh|svg|toml|txt|yaml|yml"
FENCED = re.compile(r"^(`{3,}|~{3,}).*?^\1\s*$", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
SHOWN = re.compile(r"^`([^`\n]+)`:$", re.MULTILINE)
"""A file of the reader's own, whose text stands below its name."""
LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\(([^)\s]+)\)")
PATH = re.compile(rf"(?!/|\.\.?/\.\.\.)[\w.*-]+(/[\w.*-]+)*(/|/[\w.*-]*\.({EXTENSIONS}))")


def documents() -> list[Path]:
    return [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def paths_named(text: str) -> list[str]:
    """Repository paths in backticks: with a slash, and a known extension or a slash at the end; no placeholders."""
    spans = SPAN.findall(FENCED.sub("", text))
    return [span for span in spans if PATH.fullmatch(span) and not span.startswith("out/")]


def links_named(text: str) -> list[str]:
    """Targets of Markdown links to files, without their anchors."""
    targets = [target.partition("#")[0] for target in LINK.findall(SPAN.sub("", FENCED.sub("", text)))]
    return [target for target in targets if target and not re.match(r"[a-z]+:", target)]


def exists(name: str, document: Path) -> bool:
    """Find a name below the repository, the package, a generated folder or the document's own folder."""
    generated = (*ROOT.glob("out/*/"), *ROOT.glob("tests/cases/*/expected/"))
    folders = [ROOT, ROOT / "chuoigen", document.parent, *sorted(generated)]
    return any(next(folder.glob(name), None) is not None for folder in folders)


@pytest.mark.parametrize("name", REQUIRED)
def test_the_documents_are_there(name: str) -> None:
    assert (ROOT / name).is_file()


@pytest.mark.parametrize("document", documents(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_path_in_backticks_exists(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    shown = set(SHOWN.findall(text))
    assert [name for name in paths_named(text) if name not in shown and not exists(name, document)] == []


@pytest.mark.parametrize("document", documents(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_to_a_file_leads_somewhere(document: Path) -> None:
    targets = links_named(document.read_text(encoding="utf-8"))
    assert [target for target in targets if not (document.parent / target).exists()] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see `chuoigen/gone.py` and `docs/gone/`", ["chuoigen/gone.py", "docs/gone/"]),
        ("`tests/cases/*/spec.yaml`", ["tests/cases/*/spec.yaml"]),
        ("`.ci/run.sh`", [".ci/run.sh"]),
        ("`out/qa/gone.json`, `out/`", []),
        ("`tests/cases/<story>/spec.yaml`", []),
        ("`/var/log/chuoi/app.txt`, `a/b`, `512/1024`, `--out DIR/x`", []),
        ("```\nchuoigen/gone.py `x/gone.py`\n```\n", []),
    ],
)
def test_what_counts_as_a_path(text: str, expected: list[str]) -> None:
    assert paths_named(text) == expected


def test_a_name_of_nothing_is_noticed() -> None:
    assert not exists("chuoigen/gone.py", ROOT / "README.md")
    assert exists("tests/test_docs_names.py", ROOT / "README.md")


def test_what_counts_as_a_link() -> None:
    text = "[a](gone.md#part) [b](https://example.com/x.md) [c](#part) ![d](x.png) `[e](f.md)`"
    assert links_named(text) == ["gone.md"]
