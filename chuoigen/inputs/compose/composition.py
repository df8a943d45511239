"""What is put together while a compose file is translated, and the checks that hold for every mapping in it."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from chuoigen.diagnostics import Severity
from chuoigen.inputs.compose.keys import Fate, Key
from chuoigen.inputs.compose.values import truth
from chuoigen.inputs.translating import Absent, Raw, Target
from chuoigen.messages import Message, Texts
from chuoigen.spec.model import shown
from chuoigen.yaml.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chuoigen.yaml.document import Document, KeyPath

Put = Callable[[Raw, "KeyPath", "Composition"], None]
"""What puts one key of a service, which was read, into the container at a path."""

_KINDS: dict[str, tuple[type, ...]] = {
    "text": (str,),
    "number": (int, float),
    "truth": (bool,),
    "list": (list,),
    "mapping": (dict,),
}
_QUIET = frozenset({"environment", "args", "labels", "secrets"})
_NEAR = 0.75
_say = Texts(__name__)


class Composition(Target):
    """A target that knows what the file declares, and keeps what a task cannot hold."""

    def __init__(
        self, document: Document, services: Mapping[str, bool], volumes: frozenset[str], *, whole: bool
    ) -> None:
        """Take the file, its services, each with whether it is started, and the volumes that it declares.

        `whole`: no other file, over which it is laid, can declare what it names.
        """
        super().__init__(document)
        self.services = services
        self.volumes = volumes
        self.whole = whole

    def cannot(self, raw: Raw, words: Message, code: str) -> None:
        """Say what a task cannot be. Under compose it is no fault, so that it is information."""
        self.leave(raw, words)
        self.say(words, code, raw, severity=Severity.INFO)

    def invalid(self, raw: Raw, *expected: str) -> None:
        """Report a value that compose does not take; `expected` are the ids of what it takes."""
        found = shown(raw.value) if _QUIET.isdisjoint(raw.path) else _say("another-value")
        kinds = tuple(_say(f"kind.{one}") for one in expected)
        self.say(_say("invalid-value", expected=kinds, found=found), "CG013", raw)


def members(raw: Raw | Absent, table: Mapping[str, Key], target: Composition, to: KeyPath) -> Iterator[tuple[str, Raw]]:
    """Yield the keys of a mapping that are carried; say what becomes of the others. `to`: where refused ones go."""
    for key in raw.value if isinstance(raw.value, dict) else ():
        if isinstance(key, Unknown) or key.startswith("x-"):
            continue
        known = table.get(key)
        if known is None:
            _unknown(key, raw, table, target)
            continue
        child = raw.get(key)
        if not isinstance(child, Raw) or not _fits(child, known, target):
            continue
        if known.fate is Fate.CARRIED:
            yield key, child
        elif known.fate is Fate.REFUSED:
            _refused(child, known, target, (*to, key))
        elif known.fate is Fate.SAID:
            target.cannot(child, _say(f"unsupported-parameter.{known.why}", key=key), "CG204")
        else:
            target.leave(child, _say(f"idle.{known.why}", key=key))


def switched(raw: Raw) -> Any:
    """Return a truth value, which may be a word or unknown."""
    return raw.value if isinstance(raw.value, Unknown) else truth(raw.value)


def _refused(raw: Raw, known: Key, target: Composition, path: KeyPath) -> None:
    if "truth" in known.takes:
        target.put(path, raw, switched(raw))
    else:
        target.copy(raw, path)
    target.leave(raw, _say("idle.refused", key=str(path[-1])))


def _fits(raw: Raw, known: Key, target: Composition) -> bool:
    """Say whether a value is of a kind that its key takes; if not, that is reported."""
    value = raw.value
    kinds = tuple(kind for name in known.takes for kind in _KINDS[name])
    right = isinstance(value, Unknown) or not kinds or isinstance(value, kinds)
    if isinstance(value, bool) and "truth" not in known.takes and known.takes:
        right = False
    if known.takes == ("truth", "text") and not isinstance(value, Unknown):
        right = truth(value) is not None
    if not right:
        target.invalid(raw, *known.takes)
    return right


def _unknown(key: str, raw: Raw | Absent, table: Mapping[str, Key], target: Composition) -> None:
    near = difflib.get_close_matches(key.lower(), table, n=1, cutoff=_NEAR)
    variant = "unknown-key.meant" if near else "unknown-key"
    words = _say(variant, key=key, meant=near[0] if near else "", known=tuple(table))
    target.say(words, "CG011", raw, key=key)
