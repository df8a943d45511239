"""The page of `chuoigen report` in a real browser: on a phone and a desktop, light and dark, in both languages."""

from __future__ import annotations

import html
import json
from typing import TYPE_CHECKING, Any

import pytest

from chuoigen.compiler import judge
from chuoigen.inputs.load import load
from chuoigen.messages import Reader
from chuoigen.overview.page import page
from tests.proof.test_pages_in_browser import LONG, browse, largest
from tests.repository import ROOT, repository

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = [pytest.mark.proof, pytest.mark.needs("chromium")]

WIDTHS = (360, 768, 1280)
LIGHT, DARK = "1", "0"
"""What Chromium's setting preferredColorScheme says for each."""
READABLE = 4.5
"""Contrast of text, at least (WCAG 2.2, success criterion 1.4.3, level AA)."""
SCRIPT = """
const rect = b => [b.left, b.top, b.right, b.bottom];
const rgba = text => text.match(/[\\d.]+/g).map(Number);
function background(element) {
  for (let at = element; at; at = at.parentElement) {
    const found = rgba(getComputedStyle(at).backgroundColor);
    if (found.length < 4 || found[3] === 1) return found.slice(0, 3);
  }
  return [255, 255, 255];
}
function texts(page) {
  const walker = page.createTreeWalker(page.body, NodeFilter.SHOW_TEXT), found = [];
  while (walker.nextNode()) {
    const node = walker.currentNode, range = page.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    if (node.data.trim() && box.width > 1 && !node.parentElement.closest("caption, .skip"))
      found.push({text: node.data.trim(), box: rect(box), front: rgba(getComputedStyle(node.parentElement).color),
        back: background(node.parentElement), size: parseFloat(getComputedStyle(node.parentElement).fontSize)});
  }
  return found;
}
function measure(frame) {
  const page = frame.contentDocument, root = page.documentElement, window_ = frame.contentWindow;
  const focused = [...page.querySelectorAll("a, [tabindex]")].map(element => {
    element.focus({focusVisible: true});
    const style = getComputedStyle(element), active = page.activeElement === element;
    const outline = parseFloat(style.outlineWidth), line = style.outlineStyle;
    const box = rect(element.getBoundingClientRect());
    element.blur();
    return {name: (element.getAttribute("aria-label") || element.textContent).trim(), active, box, outline, line,
      order: element.tabIndex};
  });
  return {
    scheme: window_.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light",
    width: root.clientWidth, scrolled: root.scrollWidth, texts: texts(page), focused,
    heads: [...page.querySelectorAll("thead")].filter(e => e.getBoundingClientRect().height > 1).length,
    labels: [...page.querySelectorAll("td[data-stage]")].map(e => getComputedStyle(e, "::before").content),
    roles: [...page.querySelectorAll("table, thead, tbody, tr, th, td")].map(e => e.getAttribute("role")),
    headings: [...page.querySelectorAll("h1, h2, h3")].map(e => Number(e.tagName[1])),
    pictures: [...page.querySelectorAll("img")].map(e => [e.naturalWidth, e.complete]),
    wide: [...page.querySelectorAll(".wide")].map(e => [e.clientWidth, e.scrollWidth, getComputedStyle(e).overflowX]),
    landmarks: ["header", "nav", "main"].map(name => page.querySelectorAll(name).length)
  };
}
window.addEventListener("load", () => {
  const all = {};
  for (const frame of document.querySelectorAll("iframe")) all[frame.id] = measure(frame);
  document.querySelector("#measured").textContent = JSON.stringify(all);
});
"""

Measured = dict[str, Any]


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory, needs: Callable[[str], str]) -> dict[str, Measured]:
    """Every page at every width, in a start of the browser for light and one for dark.

    The large one has errors too, for which the command would make no page: whatever can be shown has room.
    """
    chromium, folder = needs("chromium"), tmp_path_factory.mktemp("report")
    root = repository(
        folder / "repository", large=largest(), larger=largest().replace("desired_count: 4", "desired_count: 6")
    )
    large = [str(root / "spec" / f"{name}.yaml") for name in ("large", "larger")]
    chuoi = [str(ROOT / "spec" / f"{name}.yaml") for name in ("qa", "prod", "chuoi-2018")]
    pages = {
        f"{name}-{language}": page([judge(load(file)) for file in files], Reader(language))
        for name, files in (("chuoi", chuoi), ("large", large), ("one", chuoi[:1]))
        for language in ("en", "ja")
    }
    frames = "".join(
        f'<iframe id="{name}-{width}" style="width:{width}px;height:800px;border:0" srcdoc="{html.escape(text)}"></iframe>'
        for name, text in pages.items()
        for width in WIDTHS
    )
    slot = '<script type="application/json" id="measured"></script>'
    file = folder / "page.html"
    file.write_text(f"<!doctype html><meta charset='utf-8'>{slot}{frames}<script>{SCRIPT}</script>", encoding="utf-8")
    found: dict[str, Measured] = {}
    for scheme in (LIGHT, DARK):
        dom = browse(chromium, folder, file, f"--blink-settings=preferredColorScheme={scheme}")
        text = dom.partition('id="measured">')[2].partition("</script>")[0]
        found |= {f"{name}-{one['scheme']}": one for name, one in json.loads(html.unescape(text)).items()}
    return found


def test_every_page_was_laid_out(measured: dict[str, Measured]) -> None:
    assert len(measured) == 3 * 2 * len(WIDTHS) * 2
    assert all(len(one["texts"]) > 100 for one in measured.values())
    assert all(width > 0 and complete for one in measured.values() for width, complete in one["pictures"])
    assert any(LONG in text["text"] for text in measured["large-en-360-dark"]["texts"])


def test_nothing_reaches_beyond_the_page(measured: dict[str, Measured]) -> None:
    for name, one in measured.items():
        assert one["scrolled"] <= one["width"], name
        beyond = [text["text"] for text in one["texts"] if text["box"][2] > one["width"] + 0.5 or text["box"][0] < -0.5]
        assert beyond == [], name


def test_only_pictures_scroll_and_only_where_they_must(measured: dict[str, Measured]) -> None:
    for name, one in measured.items():
        assert one["wide"], name
        for shown, whole, overflow in one["wide"]:
            assert overflow == "auto"
            assert (whole > shown) == (one["width"] < 1000), name


def test_text_can_be_read(measured: dict[str, Measured]) -> None:
    for name, one in measured.items():
        faint = {
            (text["text"], round(contrast(text["front"], text["back"]), 2))
            for text in one["texts"]
            if contrast(text["front"], text["back"]) < READABLE
        }
        assert faint == set(), name
        assert min(text["size"] for text in one["texts"]) >= 12, name


def contrast(front: list[float], back: list[float]) -> float:
    """Return the contrast ratio of two colours (WCAG 2.2, definitions of contrast ratio and relative luminance)."""
    high, low = sorted((luminance(front), luminance(back)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def luminance(colour: list[float]) -> float:
    red, green, blue = (
        part / 255 / 12.92 if part / 255 <= 0.04045 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in colour[:3]
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_contrast_is_measured_as_it_is_defined() -> None:
    assert contrast([0, 0, 0], [255, 255, 255]) == pytest.approx(21)
    assert contrast([118, 118, 118], [255, 255, 255]) == pytest.approx(4.54, abs=0.01)


def test_the_keyboard_reaches_everything_and_shows_where_it_is(measured: dict[str, Measured]) -> None:
    for name, one in measured.items():
        assert len(one["focused"]) > 10, name
        for element in one["focused"]:
            assert element["active"], (name, element)
            assert (element["outline"], element["line"]) == (3, "solid"), (name, element)
            assert element["order"] == 0
            assert element["name"]
            assert element["box"][0] >= 0, (name, element)
        assert one["focused"][0]["box"][3] > one["focused"][0]["box"][1], name


def test_on_a_phone_each_cell_says_its_stage(measured: dict[str, Measured]) -> None:
    phone, desktop = measured["chuoi-en-360-light"], measured["chuoi-en-1280-light"]
    assert phone["heads"] == 0
    assert len(set(phone["labels"])) == 3
    assert all(
        label.strip('"').startswith(str(ROOT)) or label.strip('"').startswith("spec/") for label in phone["labels"]
    )
    assert desktop["heads"] > 5
    assert set(desktop["labels"]) == {"none"}


def test_tables_stay_tables_and_headings_are_in_order(measured: dict[str, Measured]) -> None:
    for name, one in measured.items():
        assert None not in one["roles"], name
        assert one["headings"][0] == 1, name
        assert one["headings"].count(1) == 1, name
        assert all(after <= before + 1 for before, after in zip(one["headings"], one["headings"][1:], strict=False)), (
            name
        )
        assert one["landmarks"] == [1, 1, 1], name
