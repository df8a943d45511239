"""Fixes, made on the documents that they are for: as many together as do not stand in each other's way."""

from collections.abc import Iterable, Mapping

from chuoigen.fix import Edit, Fix
from chuoigen.yaml.document import Document
from chuoigen.yaml.edits import EditRefusedError, edited


def fixed(documents: Mapping[str, Document], fixes: Iterable[Fix]) -> tuple[dict[str, Document], int]:
    """Return the documents that change, by file, and how many fixes were made.

    A fix whose file is not among `documents`, that cannot be made, or that overlaps another, is left out: it may be
    tried again on the result.
    """
    wanted: dict[str, dict[Fix, None]] = {}
    for fix in fixes:
        if fix.file in documents:
            wanted.setdefault(fix.file, {})[fix] = None
    changed: dict[str, Document] = {}
    count = 0
    for file, listed in wanted.items():
        result, made = _all_together(documents[file], list(listed))
        if made:
            changed[file] = result
            count += made
    return changed, count


def _all_together(document: Document, fixes: list[Fix]) -> tuple[Document, int]:
    """Make all fixes at once; where that cannot be, halve them until each is made or is known to be in the way."""
    result, made, edits = document, 0, list[Edit]()
    groups = [fixes]
    while groups:
        group = groups.pop(0)
        tried = [*edits, *(edit for fix in group for edit in fix.edits)]
        try:
            result = edited(document, tried)
        except EditRefusedError:
            half = len(group) // 2
            groups = [group[:half], group[half:], *groups] if half else groups
            continue
        edits, made = tried, made + len(group)
    return result, made
