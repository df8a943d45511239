"""docs/adopting.md and docs/services/ are run: files are written, commands give what is shown. `--update` writes that.

A page of docs/services/ is about the case of its name: each file that it shows is one of that case.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from chuoigen.cli import run

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
PAGES = (ROOT / "docs" / "adopting.md", *sorted((ROOT / "docs" / "services").glob("*.md")))
BLOCK = re.compile(r"(?:`(?P<file>[^`\n]+)`:\n\n)?```(?P<kind>\w+)\n(?P<text>.*?)```\n", re.DOTALL)


def sections(text: str) -> Iterator[tuple[str, str]]:
    """Yield the title and the text of each section."""
    for part in re.split(r"(?m)^(?=## )", text)[1:]:
        yield part.splitlines()[0].removeprefix("## "), part


SECTIONS = [(page, title) for page in PAGES for title, _ in sections(page.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("page", PAGES[1:], ids=lambda page: page.stem)
def test_a_page_about_a_service_shows_the_case_of_its_name(page: Path) -> None:
    shown = {
        block["file"]: block["text"] for block in BLOCK.finditer(page.read_text(encoding="utf-8")) if block["file"]
    }
    assert shown
    case = ROOT / "tests" / "cases" / page.stem
    assert shown == {name: (case / name.removeprefix("spec/")).read_text(encoding="utf-8") for name in shown}


@pytest.mark.parametrize(("page", "title"), SECTIONS, ids=[f"{page.stem}-{title}" for page, title in SECTIONS])
def test_what_a_section_shows_is_what_happens(
    page: Path,
    title: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    update: bool,
) -> None:
    where = tmp_path / "shop"
    (where / ".git").mkdir(parents=True)
    monkeypatch.chdir(where)
    shown = dict(sections(page.read_text(encoding="utf-8")))[title]
    happened = shown
    for block in BLOCK.finditer(shown):
        if block["file"]:
            Path(block["file"]).parent.mkdir(parents=True, exist_ok=True)
            Path(block["file"]).write_text(block["text"], encoding="utf-8")
        elif block["kind"] == "console":
            came = "".join(ran(command, capsys) for command in re.findall(r"(?m)^\$ (.*)$", block["text"]))
            happened = happened.replace(block["text"], came)
    if update:
        page.write_text(page.read_text(encoding="utf-8").replace(shown, happened), encoding="utf-8")
    assert happened == shown


def ran(command: str, capsys: pytest.CaptureFixture[str]) -> str:
    """Run one command of a terminal: chuoigen, or cat and cp of files."""
    words = shlex.split(command)
    if words[0] == "chuoigen":
        run(words[1:])
        shown = capsys.readouterr()
        return f"$ {command}\n{shown.out}{shown.err}"
    if words[0] == "cat":
        return f"$ {command}\n{Path(words[1]).read_text(encoding='utf-8')}"
    assert words[0] == "sed"
    old, new = words[2].split("/")[1:3]
    file = Path(words[3])
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    return f"$ {command}\n"
