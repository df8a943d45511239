"""Whether one rule of a listener takes all requests that another one is about."""

import ipaddress
import re
from collections.abc import Callable, Iterable, Iterator

from chuoigen.spec.balancer import ListenerRule

Covers = Callable[[str, str], bool]


def covers(first: ListenerRule, second: ListenerRule) -> bool:
    """Say whether each request that meets all conditions of `second` meets those of `first`, as far as can be told."""
    conditions = tuple(_conditions(first, second))
    return bool(conditions) and all(
        values and all(any(covered(wide, narrow) for wide in wider) for narrow in values)
        for wider, values, covered in conditions
    )


def _conditions(first: ListenerRule, second: ListenerRule) -> Iterator[tuple[Iterable[str], list[str], Covers]]:
    """Give each condition of `first` with the values that `second` has for it, and what compares two values."""
    for key, covered in (
        ("host", _pattern_of_any_case),
        ("path", _pattern),
        ("method", str.__eq__),
        ("source_ip", _block),
    ):
        if getattr(first, key):
            yield getattr(first, key), getattr(second, key), covered
    headers = {name.lower(): values for name, values in second.header.items()}
    for name, values in first.header.items():
        yield values, headers.get(name.lower(), []), _pattern_of_any_case
    for name, values in first.query.items():
        asked = [value for key, each in second.query.items() if name.lower() in ("", key.lower()) for value in each]
        yield values, asked, _pattern_of_any_case


def _same(wide: str, narrow: str) -> bool:
    return wide == narrow


def _pattern(wide: str, narrow: str) -> bool:
    """Compare two patterns: a wildcard of the narrow one counts as a character that only * takes."""
    return re.fullmatch(re.escape(wide).replace(r"\*", ".*").replace(r"\?", "[^*]"), narrow, re.DOTALL) is not None


def _pattern_of_any_case(wide: str, narrow: str) -> bool:
    return _pattern(wide.lower(), narrow.lower())


def _block(wide: str, narrow: str) -> bool:
    try:
        outer, inner = ipaddress.ip_network(wide), ipaddress.ip_network(narrow)
    except ValueError:
        return wide == narrow
    return outer.version == inner.version and inner.subnet_of(outer)  # type: ignore[arg-type]
