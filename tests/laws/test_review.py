"""The law of review: one scalar of a spec that is changed is one change, at its key, or none.

Nothing here knows what a key does. Every spec and case is taken, and of its scalars a part, by turns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chuoigen.plan import traced
from chuoigen.review import Side, compare
from tests.laws.test_perturbation import altered, changed, documents, scalars, shaped

if TYPE_CHECKING:
    from pathlib import Path

    from chuoigen.yaml.document import Document, KeyPath

EVERY = 5
"""Of so many scalars one is changed."""


def side(file: Path, document: Document, path: KeyPath = ()) -> Side | None:
    found = shaped(file, document, path)
    return Side(found[0], *traced(*found), document) if found is not None else None


@pytest.mark.parametrize("file", documents(), ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_a_scalar_that_is_changed_is_one_change_at_its_key(file: Path) -> None:
    document = documents()[file]
    before = side(file, document)
    compared = 0
    for path, value in [*scalars(document.data)][::EVERY]:
        others = (side(file, altered(document, path, other), path) for other in changed(value, document.data))
        after = next(filter(None, others), None)
        if after is None:
            continue
        compared += 1
        found = compare(before, after).changes
        assert len(found) <= 1, (path, [change.path for change in found])
        for change in found:
            assert path[: len(change.path)] == change.path, (path, change.path)
            assert change.before is not None or change.after is not None, path
            assert change.classes, path
    assert compared


@pytest.mark.parametrize("file", documents(), ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_a_spec_is_no_change_of_itself_in_any_order(file: Path) -> None:
    document = documents()[file]
    turned = document.replaced(data={key: _turned(child) for key, child in reversed(document.data.items())})
    assert compare(side(file, document), side(file, turned)).changes == ()


def _turned(data: object) -> object:
    """Return the mappings of a value in the opposite order."""
    return {key: _turned(child) for key, child in reversed(data.items())} if isinstance(data, dict) else data
