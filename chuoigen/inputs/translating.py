"""Raw JSON for Amazon ECS as it is read, and the data of the language as it is put together from it, with places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chuoigen.diagnostics import Diagnostic, Related, Severity, Span
from chuoigen.inputs.front import Uncarried
from chuoigen.messages import Key, Message, Texts
from chuoigen.yaml.document import Document, KeyPath, Place
from chuoigen.yaml.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_say = Texts(__name__)


class Absent:
    """What was not written, is null, [] or "", or has no usable value: false, without members and without items.

    Describing prints [], the skeletons of the CLI and forms of the console leave "", and ECS takes both for nothing.
    """

    value: Any = None
    path: KeyPath = ()

    def __bool__(self) -> bool:
        return False

    def get(self, _member: str) -> Raw | Absent:
        """Return nothing."""
        return self

    def items(self) -> Iterator[Raw]:
        """Yield nothing."""
        return iter(())


_NOTHING = Absent()


class Raw(Absent):
    """A value of the JSON with its path in it. Values at `unusable` paths are absent."""

    def __init__(self, document: Document, path: KeyPath, value: Any, unusable: frozenset[KeyPath]) -> None:
        """Take the document, a path in it, the value there, and what cannot be used."""
        self.document = document
        self.path = path
        self.value = value
        self._unusable = unusable

    def __bool__(self) -> bool:
        return True

    def get(self, member: str) -> Raw | Absent:
        """Return a member; absent where there is none, and in what is no object."""
        value = self.value.get(member) if isinstance(self.value, dict) else None
        return self._at(member, value)

    def items(self) -> Iterator[Raw]:
        """Yield the usable items of a list."""
        for index, value in enumerate(self.value) if isinstance(self.value, list) else ():
            item = self._at(index, value)
            if isinstance(item, Raw):
                yield item

    def members(self) -> Iterator[tuple[str, Raw]]:
        """Yield the usable members of an object whose names are known."""
        for member in self.value if isinstance(self.value, dict) else ():
            child = self.get(member)
            if isinstance(child, Raw) and not isinstance(member, Unknown):
                yield member, child

    def span(self, member: str = "") -> Span:
        """Return what to point at for this value, or for the key of a member if it is there."""
        return self.document.pointer(self.key_path(member) if member else self.path, on_key=bool(member))

    def key_path(self, member: str) -> KeyPath:
        """Return the path of a member, or this one where it has no such member."""
        path = (*self.path, member)
        return path if path in self.document.places else self.path

    @property
    def origin(self) -> KeyPath:
        """The path of the value in its file, which a document that was made of it may have otherwise."""
        return (self.document.origins or {}).get(self.path, self.path)

    def is_unusable(self, member: str) -> bool:
        """Say whether a member was written with a value that cannot be used."""
        return (*self.path, member) in self._unusable

    def _at(self, part: str | int, value: Any) -> Raw | Absent:
        path = (*self.path, part)
        if value is None or value == [] or path in self._unusable or (value == "" and not isinstance(value, Unknown)):
            return _NOTHING
        return Raw(self.document, path, value, self._unusable)


class Target:
    """The data of the language and its places, as they are put together; what was found on the way."""

    def __init__(self, document: Document) -> None:
        """Take the document that is translated; values of others may be put beside its own."""
        self.data: dict[str, Any] = {}
        self.places: dict[KeyPath, Place] = {(): document.place(())}
        self.origins: dict[KeyPath, KeyPath] = {}
        self.found: list[Diagnostic] = []
        self.unwritten: list[KeyPath] = []
        self.uncarried: list[Uncarried] = []
        self._said: set[tuple[str, KeyPath]] = set()

    def put(self, path: KeyPath, raw: Raw | Absent, value: Any, key: Raw | Absent = _NOTHING) -> None:
        """Put a value at a path, at the place of `raw`; `key` is what stands for its key, where that is a value too."""
        if not isinstance(raw, Raw):
            return
        place = raw.document.place(raw.path)
        named = key.document.place(key.path).value if isinstance(key, Raw) else place.key
        self._set(path, value)
        self.places[path] = Place(named, place.value)
        self.origins[path] = raw.origin
        self.note(raw, key)

    def point(self, path: KeyPath, raw: Raw | Absent) -> None:
        """Let a path inside of a short form be found at a written value."""
        if isinstance(raw, Raw):
            self.places[path] = raw.document.place(raw.path)

    def fill(self, path: KeyPath, value: Any) -> None:
        """Put a value that no task definition says: what rules find at it, or with it, is not reported."""
        self._set(path, value)
        self.unwritten.append(path)

    def unfill(self, path: KeyPath) -> None:
        """Let what is put at a path from now on be reported, although it was filled or void before."""
        self.unwritten = [one for one in self.unwritten if one[: len(path)] != path]

    def note(self, *raws: Raw | Absent) -> None:
        """Note that the language says what was written there, without a key for it."""
        self._said |= {(raw.document.file, raw.origin) for raw in raws if isinstance(raw, Raw)}

    def is_said(self, raw: Raw) -> bool:
        """Say whether the language says what was written there."""
        return (raw.document.file, raw.origin) in self._said

    def void(self, *paths: KeyPath) -> None:
        """Keep rules from saying anything at these paths."""
        self.unwritten += paths

    def copy(self, raw: Raw | Absent, path: KeyPath) -> None:
        """Put a value with all that is in it, as it is."""
        if not isinstance(raw, Raw):
            return
        value = raw.value
        self.put(path, raw, [] if isinstance(value, list) else {} if isinstance(value, dict) else value)
        if isinstance(value, list):
            for index, item in enumerate(raw.items()):
                self.copy(item, (*path, index))
        elif isinstance(value, dict):
            for member, child in raw.members():
                self.copy(child, (*path, member))

    def add(self, path: KeyPath, listed: Raw | Absent, raw: Raw | Absent, value: Any) -> KeyPath:
        """Put an item behind the others of the list at a path, at the place of `listed`; return the item's path."""
        if self.at(path) is None:
            self.put(path, listed, [])
        item = (*path, len(self.at(path)))
        self.put(item, raw, value)
        return item

    def at(self, path: KeyPath) -> Any:
        """Return the value at a path; None where there is none yet."""
        value: Any = self.data
        for part in path:
            if isinstance(value, dict) and part not in value:
                return None
            value = value[part]
        return value

    def switch(self, raw: Raw | Absent, path: KeyPath, *, on: str) -> None:
        """Put a truth value that ECS writes as one of two words."""
        self.put(path, raw, raw.value if isinstance(raw.value, Unknown) else raw.value == on)

    def named(
        self, listed: Raw | Absent, member: str, *, numbered: str = "", twice: str = "duplicate-key"
    ) -> Iterator[tuple[Raw, str]]:
        """Yield the items of a list that has names, with them; an item of a name that was there before is reported.

        An item without a known name is left out, or has a made-up one, `numbered`, with its number.
        """
        first: dict[str, Raw] = {}
        for index, item in enumerate(listed.items()):
            name = item.get(member)
            text = str(name.value) if name and not isinstance(name.value, Unknown) and name.value else ""
            if text in first:
                before = (Related(first[text].span(), _say(f"{twice}.note")),)
                if twice == "duplicate-variable":  # which ECS takes
                    self.say(_say(twice, name=text), "CG016", name, related=before, severity=Severity.WARNING)
                else:
                    self.say(_say(twice, name=text), "CG002", name, related=before)
                continue
            if text and isinstance(name, Raw):
                first[text] = name
                self.note(name)
            elif not text and not numbered and any(True for _ in leaves(item)):
                self._nameless(item, member)
            if text or numbered:
                yield item, text or f"{numbered}-{index + 1}"

    def _nameless(self, item: Raw, member: str) -> None:
        """Report an item that says something and not of what; in a skeleton of the CLI all is empty."""
        written = item.value.get(member) if isinstance(item.value, dict) else None
        if not isinstance(written, Unknown) and not item.is_unusable(member):
            self.say(_say("missing-key", key=Key((member,))), "CG012", item)

    def say(
        self,
        words: Message,
        code: str,
        raw: Raw | Absent,
        *,
        key: str = "",
        related: tuple[Related, ...] = (),
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Report a fault at a written value, or at the key of a member of it; what is absent has no fault."""
        if not isinstance(raw, Raw):
            return
        rule, path = words.id.partition(".")[0], raw.key_path(key) if key else raw.path
        path, form = (raw.document.origins or {}).get(path, path), raw.document.form
        self.found.append(Diagnostic(rule, code, severity, raw.span(key), words, related, path=path, form=form))

    def leave(self, raw: Raw, words: Message) -> None:
        """Note that the language cannot say what was written there, and why."""
        self.uncarried.append(Uncarried(raw.origin, raw.span(), words))

    def leave_rest(self, raw: Raw, words: Message) -> bool:
        """Note this of all in a value that was not put anywhere; return whether all of it is left.

        What is left as a whole is named once.
        """
        said = self.is_said(raw)
        children = [*raw.items(), *(child for _, child in raw.members())]
        before = len(self.uncarried)
        left = [self.leave_rest(child, words) for child in children]
        if said or not all(left) or (not children and isinstance(raw.value, dict | list)):
            return False
        del self.uncarried[before:]
        self.leave(raw, words)
        return True

    def _set(self, path: KeyPath, value: Any) -> None:
        holder: Any = self.data
        for part in path[:-1]:
            holder = holder.setdefault(part, {}) if isinstance(holder, dict) else holder[part]
        if isinstance(holder, list) and path[-1] == len(holder):
            holder.append(value)
        else:
            holder[path[-1]] = value


def leaves(raw: Raw) -> Iterator[Raw]:
    """Yield the single values in a value; what is absent is none."""
    children = [*(child for _, child in raw.members()), *raw.items()]
    if not children and not isinstance(raw.value, dict | list):
        yield raw
    for child in children:
        yield from leaves(child)


def known_texts(listed: Raw | Absent, member: str) -> frozenset[str] | None:
    """Return the values of a member of all items; None where one of them is unknown, so that any text may be one."""
    values = [item.value if isinstance(item.value, Unknown) else item.get(member).value for item in listed.items()]
    return None if any(isinstance(value, Unknown) for value in (listed.value, *values)) else _texts(values)


def _texts(values: Iterable[Any]) -> frozenset[str]:
    return frozenset(value for value in values if isinstance(value, str))
