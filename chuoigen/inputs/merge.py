"""Two documents, one extending the other, turned into one whose every value still knows its own file and line."""

from typing import Any

from chuoigen.yaml.document import Document, KeyPath, Place

NOT_INHERITED = ("extends", "partial")
"""Keys at the top that speak of one file alone."""


def merge(below: Document, above: Document) -> Document:
    """Return `above` laid over `below`: mappings merge deeply, lists and scalars replace, null removes a key."""
    places: dict[KeyPath, Place] = {}
    kept = {key: value for key, value in below.data.items() if key not in NOT_INHERITED}
    data = _lay(below, above, (), kept, above.data, places)
    return Document(file=above.file, data=data, places=places, comments=above.comments, kinds=above.kinds)


def _lay(
    below: Document,
    above: Document,
    path: KeyPath,
    old: dict[str, Any],
    new: dict[str, Any],
    places: dict[KeyPath, Place],
) -> dict[str, Any]:
    places[path] = above.places[path]
    merged: dict[str, Any] = {}
    for key, value in old.items():
        here = (*path, key)
        if key not in new:
            merged[key] = value
            _copy_places(below, here, value, places)
        elif isinstance(value, dict) and isinstance(new[key], dict):
            merged[key] = _lay(below, above, here, value, new[key], places)
        elif new[key] is not None:
            merged[key] = new[key]
            _copy_places(above, here, new[key], places)
    for key, value in new.items():
        if key not in old:
            merged[key] = value
            _copy_places(above, (*path, key), value, places)
    return merged


def _copy_places(document: Document, path: KeyPath, value: Any, places: dict[KeyPath, Place]) -> None:
    if path in document.places:
        places[path] = document.places[path]
    if isinstance(value, dict):
        for key, child in value.items():
            _copy_places(document, (*path, key), child, places)
    elif isinstance(value, list):
        for index, child in enumerate(value):
            _copy_places(document, (*path, index), child, places)
