"""What a spec lays over a generated request, as plain data."""

from collections.abc import Mapping, Sequence
from typing import Any

from chuoigen.provenance import keyed


def overrides_of(written: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the members that are laid over a request, by their names."""
    return keyed(written, lambda member: _plain(written[member]))


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(value[key]) for key in value}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(item) for item in value]
    return value
