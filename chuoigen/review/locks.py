"""The lock of a deployment's images on both sides of a review: which images were deployed then and now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuoigen.review.changes import Change, Comparison, in_order
from chuoigen.review.classes import Class
from chuoigen.review.values import Value

if TYPE_CHECKING:
    from collections.abc import Iterator

LOCK = "images.lock"
"""The file that deploy.sh writes beside the scripts: a line for each container, its name and its image."""


def locked(text: str) -> dict[str, str]:
    """Return the images by container that a lock names; whatever is no such line is passed over, as scripts do."""
    words = (line.split() for line in text.splitlines() if not line.startswith("#"))
    return {pair[0]: pair[1] for pair in words if len(pair) == 2}  # noqa: PLR2004  a name and an image


def with_locks(compared: Comparison, before: str, after: str) -> Comparison:
    """Return a comparison with what differs between the texts of two locks; one that is not there is empty."""
    found = tuple(_changes(locked(before), locked(after), runs=compared.both.runs))
    return compared.replaced(changes=in_order((*compared.changes, *found))) if found else compared


def _changes(old: dict[str, str], new: dict[str, str], *, runs: bool) -> Iterator[Change]:
    deployed = (Class.RESTART, Class.REVISION) if runs else (Class.REVISION,)
    for name in dict.fromkeys((*old, *new)):
        if old.get(name) != new.get(name):
            kind = "changed" if name in old and name in new else "new" if name in new else "gone"
            before, after = (Value(images[name], None) if name in images else None for images in (old, new))
            yield Change(kind, (LOCK, name), before, after, deployed, ())


def only_images(compared: Comparison) -> bool:
    """Say whether there are changes, and all of them are about which image a container runs."""
    return bool(compared.changes) and all(map(_of_image, compared.changes))


def _of_image(change: Change) -> bool:
    if change.path[:1] == (LOCK,):
        return True
    return all(move.path[0] == "containers" and move.path[2:3] == ("image",) for move in change.moved)
