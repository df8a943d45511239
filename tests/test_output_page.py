"""docs/output.md names every kind of file that a build writes, and no kind that none of the builds here has."""

import re
from fnmatch import fnmatchcase
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "output.md").read_text(encoding="utf-8")
ROWS = [line.split("|")[1] for line in PAGE.splitlines() if line.startswith("| `")]
PATTERNS = {re.sub(r"<[^>]*>", "*", name) for row in ROWS for name in re.findall(r"`([^`]+)`", row)}
BUILDS = [*ROOT.glob("out/*"), *ROOT.glob("tests/cases/*/expected")]
WRITTEN = {path.relative_to(build).as_posix() for build in BUILDS for path in build.rglob("*") if path.is_file()}


def test_every_written_file_is_on_the_page() -> None:
    assert len(WRITTEN) > 50
    assert {path for path in WRITTEN if not any(fnmatchcase(path, pattern) for pattern in PATTERNS)} == set()


def test_every_row_of_the_page_is_written_by_some_build() -> None:
    assert {pattern for pattern in PATTERNS if not any(fnmatchcase(path, pattern) for path in WRITTEN)} == set()
