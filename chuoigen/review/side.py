"""One of the two services that are compared: its spec, its plan, and where each decided value comes from."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from chuoigen.diagnostics import Span
from chuoigen.inputs.load import Loaded
from chuoigen.plan import Plan, traced
from chuoigen.provenance import Trace
from chuoigen.record import Record
from chuoigen.spec import Spec
from chuoigen.yaml.document import Document, KeyPath


class Side(Record):
    """A service as one side has it. `says` and `unwritten` are those of a file of another format; see Loaded.

    `counted`: whether it is known how many tasks run. `apart`: the ids of groups and the tags that a service says.
    """

    spec: Spec
    plan: Plan
    trace: Trace
    document: Document
    says: tuple[KeyPath, ...] = ((),)
    unwritten: tuple[KeyPath, ...] = ()
    counted: bool = True
    apart: Mapping[str, tuple[Any, Span]] = MappingProxyType({})

    @property
    def foreign(self) -> bool:
        """Whether it is a file of another format, which says a part of what a spec says."""
        return self.says != ((),)

    def knows(self, path: KeyPath) -> bool:
        """Say whether the side can say a key, and did not leave it open."""
        return is_below(path, self.says) and not is_below(path, self.unwritten)


def is_below(path: KeyPath, above: Iterable[KeyPath]) -> bool:
    """Say whether a key is one of some keys, or below one."""
    return any(path[: len(one)] == one for one in above)


def side_of(loaded: Loaded) -> Side | None:
    """Return the side of a loaded spec; None where it has no valid shape, or is only to be extended."""
    if loaded.spec is None or loaded.document is None:
        return None
    decided = traced(loaded.spec, loaded.project)
    apart = {name: (data, span) for name, data, span in loaded.apart}
    return Side(loaded.spec, *decided, loaded.document, loaded.says, loaded.unwritten, apart=apart)
