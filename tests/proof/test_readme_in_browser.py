"""The pages of a build in a real browser, as wide as a code host shows them: nothing overlaps, nothing is cut off."""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING, Any

import pytest
from markdown_it import MarkdownIt

from chuoigen.artifacts import render
from chuoigen.tree import write
from tests.proof.test_pages_in_browser import browse, cases, contains, overlap

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = [pytest.mark.proof, pytest.mark.needs("chromium")]

# What code hosts have in common: this width, tables that shrink to it, words that break only where there is no other way.
STYLE = """
article { width: 1012px; font: 16px/1.5 "Liberation Sans", Arial, sans-serif; overflow-wrap: break-word; }
table { border-collapse: collapse; max-width: 100%; } td, th { border: 1px solid #ccc; padding: 6px 13px; }
td, th, code { overflow-wrap: anywhere; } pre { overflow: auto; } img { max-width: 100%; }
"""
SCRIPT = """
const rect = b => [b.left, b.top, b.right, b.bottom];
const all = {};
window.addEventListener("load", () => {
  for (const article of document.querySelectorAll("article")) {
    all[article.id] = {
      page: rect(article.getBoundingClientRect()),
      blocks: [...article.children].map(e => [e.tagName, rect(e.getBoundingClientRect())]),
      cells: [...article.querySelectorAll("td, th")].map(e => [e.textContent, rect(e.getBoundingClientRect()),
        (() => { const r = document.createRange(); r.selectNodeContents(e); return rect(r.getBoundingClientRect()); })()]),
      pictures: [...article.querySelectorAll("img")].map(e => [e.naturalWidth, e.naturalHeight])
    };
  }
  document.querySelector("#measured").textContent = JSON.stringify(all);
});
"""
PAGES = ("README.md", "network/reachability.md", "cutover.md")


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory, needs: Callable[[str], str]) -> dict[str, dict[str, Any]]:
    """Every page of every case, laid out in one start of the browser."""
    folder = tmp_path_factory.mktemp("pages")
    articles = []
    for name, made in cases().items():
        tree = render(made)
        write(tree, folder / name)
        for path in PAGES:
            if path in tree:
                html = MarkdownIt("commonmark").enable("table").render(tree[path].text)
                beside = html.replace('src="', f'src="{name}/')
                articles.append(f"<article id='{name}:{path}'>{beside}</article>")
    return laid_out(needs("chromium"), folder, "".join(articles))


def laid_out(chromium: str, folder: Path, body: str) -> dict[str, dict[str, Any]]:
    slot = '<script type="application/json" id="measured"></script>'
    head = f"<!doctype html><meta charset='utf-8'><style>{STYLE}</style>"
    page = folder / "page.html"
    page.write_text(f"{head}{body}{slot}<script>{SCRIPT}</script>", encoding="utf-8")
    text = browse(chromium, folder, page).partition('id="measured">')[2].partition("</script>")[0]
    found: dict[str, dict[str, Any]] = json.loads(text)
    return found


def test_every_page_was_laid_out(measured: dict[str, dict[str, Any]]) -> None:
    assert {"smallest:README.md", "largest:README.md", "chuoi-prod:cutover.md"} <= measured.keys()
    assert all(len(page["blocks"]) > 3 for page in measured.values())


def test_nothing_is_cut_off(measured: dict[str, dict[str, Any]]) -> None:
    outside = [
        (name, tag)
        for name, page in measured.items()
        for tag, box in page["blocks"]
        if not contains(page["page"], box, 1)
    ]
    spilt = [
        (name, text)
        for name, page in measured.items()
        for text, cell, content in page["cells"]
        if text and not contains(cell, content, 1)
    ]
    assert (outside, spilt) == ([], [])


def test_nothing_overlaps(measured: dict[str, dict[str, Any]]) -> None:
    for name, page in measured.items():
        boxes = [box for _, box in page["blocks"]]
        assert not any(overlap(one, other) for one, other in itertools.pairwise(boxes)), name


def test_the_picture_is_shown(measured: dict[str, dict[str, Any]]) -> None:
    for name, page in measured.items():
        if name.endswith(":README.md"):
            assert len(page["pictures"]) == 1, name
            assert min(page["pictures"][0]) > 200, name
