"""docs/recipes.md shows a whole package, and it is the one that the tests install."""

import re

from tests.recipes.elsewhere import PACKAGE
from tests.repository import ROOT

SHOWN = re.compile(r"^`([^`\n]+)`\n\n````\w+\n(.*?)^````$", re.MULTILINE | re.DOTALL)


def test_the_package_of_the_page_is_the_one_that_is_tested() -> None:
    shown = dict(SHOWN.findall((ROOT / "docs" / "recipes.md").read_text(encoding="utf-8")))
    files = [path for path in PACKAGE.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    assert shown == {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in files}
