"""Facts by meaning: what is written in another way, and opens or permits the same, is no change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuoigen.inputs.files import Disk, Overlay
from chuoigen.inputs.load import Loader
from chuoigen.review import compare, side_of
from chuoigen.review.classes import permission
from tests.repository import ROOT

if TYPE_CHECKING:
    from chuoigen.review import Side

SHOP = ROOT / "tests" / "changes" / "bases" / "shop.yaml"


def side(*edits: tuple[str, str]) -> Side | None:
    text = SHOP.read_text(encoding="utf-8")
    for old, new in edits:
        assert text.count(old) == 1
        text = text.replace(old, new)
    return side_of(Loader(Overlay(Disk(), {str(SHOP): text.encode()})).load(str(SHOP)))


def classes(before: Side | None, after: Side | None) -> set[str]:
    return {str(one) for change in compare(before, after).changes for one in change.classes}


def allowed(block: str) -> tuple[str, str]:
    return (
        "    - { from: alb, to: api }\n",
        f'    - {{ from: alb, to: api }}\n    - {{ from: "{block}", to: metrics }}\n',
    )


def test_two_spellings_of_a_block_of_addresses_open_the_same() -> None:
    """EC2 stores 10.0.0.0/8 for both: nothing opens."""
    assert "exposure" not in classes(side(allowed("10.0.0.0/8")), side(allowed("10.0.0.5/8")))
    assert "exposure" in classes(side(allowed("10.0.0.0/8")), side(allowed("11.0.0.0/8")))


def test_a_prefix_within_one_that_is_allowed_takes_nothing_new() -> None:
    """Lines below logs/a/ may be written where all below logs/ may: what is narrower is less, and nothing more."""
    wide, narrow = (
        side(("bucket: shop-logs", f"bucket: shop-logs, prefix: {prefix}")) for prefix in ("logs/", "logs/a/")
    )
    found = compare(wide, narrow).changes
    assert [dict.fromkeys(map(str, change.classes)) for change in found] == [
        dict.fromkeys(("permission", "data", "restart", "new revision"))
    ]
    granted = [move for move in found[0].moved if move.path[0] == "may" and move.old is None]
    assert granted
    assert not any(permission(move, compare(wide, narrow).both) for move in granted)
