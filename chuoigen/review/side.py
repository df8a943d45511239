"""One of the two services that are compared: its spec, its plan, and where each decided value comes from."""

from chuoigen.inputs.load import Loaded
from chuoigen.plan import Plan, traced
from chuoigen.provenance import Trace
from chuoigen.record import Record
from chuoigen.spec import Spec
from chuoigen.yaml.document import Document, KeyPath


class Side(Record):
    """A service as one side has it. `says` and `unwritten` are those of a file of another format; see Loaded."""

    spec: Spec
    plan: Plan
    trace: Trace
    document: Document
    says: tuple[KeyPath, ...] = ((),)
    unwritten: tuple[KeyPath, ...] = ()

    @property
    def foreign(self) -> bool:
        """Whether it is a file of another format, which says a part of what a spec says."""
        return self.says != ((),)


def side_of(loaded: Loaded) -> Side | None:
    """Return the side of a loaded spec; None where it has no valid shape, or is only to be extended."""
    if loaded.spec is None or loaded.document is None:
        return None
    decided = traced(loaded.spec, loaded.project)
    return Side(loaded.spec, *decided, loaded.document, loaded.says, loaded.unwritten)
