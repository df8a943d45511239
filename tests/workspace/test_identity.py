"""The digest of chuoigen's own code: whatever decides what is generated is another digest when it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chuoigen.workspace.identity import digest

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("file", "counts"),
    [
        ("plan/naming.py", True),
        ("artifacts/templates/pages/README.md.j2", True),
        ("artifacts/templates/scripts/lib.sh.j2", True),
        ("messages/en/ports.yaml", True),
        ("rules/pages/cpu-memory-pair.md", False),
        ("report/terminal.py", False),
    ],
)
def test_a_change_counts_where_it_changes_what_is_generated(tmp_path: Path, file: str, counts: bool) -> None:
    path = tmp_path / file
    path.parent.mkdir(parents=True)
    path.write_text("a", encoding="utf-8")
    before = digest(tmp_path)
    path.write_text("b", encoding="utf-8")
    assert (digest(tmp_path) != before) == counts
