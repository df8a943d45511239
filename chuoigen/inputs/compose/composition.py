"""What is put together while a compose file is translated, and the checks that hold for every mapping in it."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from chuoigen.aws.refused import REFUSED_CONTAINER
from chuoigen.diagnostics import Severity
from chuoigen.inputs.compose.keys import SERVICE, Fate, Key
from chuoigen.inputs.compose.values import truth
from chuoigen.inputs.translating import Absent, Raw, Target
from chuoigen.messages import Message, Texts
from chuoigen.spec.model import shown
from chuoigen.yaml.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chuoigen.inputs.files import Files
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
_RULES = {
    "privileged": ("privileged-container", "CG201"),
    "links": ("container-links", "CG202"),
    "external_links": ("container-links", "CG202"),
    "devices": ("host-device", "CG203"),
    "network_mode": ("network-mode", "CG205"),
}
"""The rules that report a refused key of a container, where it is not unsupported-parameter."""
_QUIET = frozenset({"environment", "args", "labels", "secrets"})
_NEAR = 0.75
_say = Texts(__name__)


class Composition(Target):
    """A target that knows what the file declares, and keeps what a task cannot hold."""

    def __init__(
        self, document: Document, files: Files, services: Mapping[str, bool], volumes: frozenset[str], *, whole: bool
    ) -> None:
        """Take the file and where others come from, its services (are they started?), the volumes that it declares.

        `whole`: no other file, over which it is laid, can declare what it names.
        """
        super().__init__(document)
        self.files = files
        self.services = services
        self.volumes = volumes
        self.whole = whole

    def cannot(self, raw: Raw, words: Message, code: str, *, key: bool = False) -> None:
        """Say what a task cannot be, at its value or at its key. Under compose it is no fault, but information."""
        self.leave(raw, words)
        if key:
            holder = Raw(raw.document, raw.path[:-1], {}, frozenset())
            self.say(words, code, holder, key=str(raw.path[-1]), severity=Severity.INFO)
        else:
            self.say(words, code, raw, severity=Severity.INFO)

    def invalid(self, raw: Raw, *expected: str) -> None:
        """Report a value that compose does not take; `expected` are the ids of what it takes."""
        found = shown(raw.value) if _QUIET.isdisjoint(raw.path) else _say("another-value")
        kinds = tuple(_say(f"kind.{one}") for one in expected)
        self.say(_say("invalid-value", expected=kinds, found=found), "CG013", raw)


def members(raw: Raw | Absent, table: Mapping[str, Key], target: Composition) -> Iterator[tuple[str, Raw]]:
    """Yield the keys of a mapping that are carried; say what becomes of the others."""
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
            refused(key, child, target)
        elif known.fate is Fate.SAID:
            target.cannot(child, _say(f"unsupported-parameter.{known.why}", key=key), "CG204")
        else:
            target.leave(child, _say(f"idle.{known.why}", key=key))


def switched(raw: Raw) -> Any:
    """Return a truth value, which may be a word or unknown."""
    return raw.value if isinstance(raw.value, Unknown) else truth(raw.value)


def refused(key: str, raw: Raw, target: Composition) -> None:
    """Say why Fargate refuses a key, with the reason that it has for the same key of a spec."""
    refusal = REFUSED_CONTAINER[key]
    value = switched(raw) if "truth" in SERVICE[key].takes else raw.value
    if any(isinstance(value, type(one)) and value == one for one in refusal.allowed):
        return
    rule, code = _RULES.get(key, ("unsupported-parameter", "CG204"))
    target.cannot(raw, _say(f"{rule}.refused", key=key, reason=refusal.message), code, key=True)


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
