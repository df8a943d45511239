"""Two task definitions in their normal form into the list of their differences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chuoigen.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chuoigen.yaml.document import KeyPath


class Difference(Record):
    """A member that one of two task definitions lacks (None), or that has another value in each."""

    path: KeyPath
    original: Any
    built: Any

    @property
    def dotted(self) -> str:
        """The path as people read it."""
        return ".".join(str(part) for part in self.path)


def differences(original: Any, built: Any, path: KeyPath = ()) -> Iterator[Difference]:
    """Yield what differs, in the order of the first, the deepest paths that differ."""
    if isinstance(original, dict) and isinstance(built, dict):
        for key in (*original, *(key for key in built if key not in original)):
            yield from differences(original.get(key), built.get(key), (*path, key))
    elif original != built or isinstance(original, bool) != isinstance(built, bool):
        yield Difference(path, original, built)
