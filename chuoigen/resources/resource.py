"""What a resource of AWS is: typed fields, from which the request that creates it is generated."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

from chuoigen.messages import Message
from chuoigen.record import Record


class Ref(Record):
    """An attribute of another resource, by that resource's key.

    What AWS decides when it creates the resource (an id, an ARN) is None there; a back-end says how it is filled in.
    """

    ATOM: ClassVar[bool] = True

    key: str
    attribute: str = "id"

    @property
    def mark(self) -> str:
        """What stands in a file for a value that only AWS knows: `@security-group:alb@`, `@resource-label@`."""
        return f"@{self.key if self.attribute == 'id' else self.attribute.replace('_', '-')}@"


class Shape(Record):
    """A structure of an API. Its fields are the members, in AWS's order and called as AWS calls them, in snake_case.

    `SPELT` has the members whose spelling does not follow from the field's name. `PAIRS` are mappings that AWS takes as
    lists of two members; a mapping of shapes is a list as well, whose keys only tell its entries apart. `TEXT` are
    numbers that AWS takes as text. `APART` is what belongs to the resource and not to the request that creates it.
    `VALUE` is the one field that is sent in place of the structure, `PATCH` the one with members that are laid over it.
    """

    PASCAL: ClassVar[bool] = False
    SPELT: ClassVar[Mapping[str, str]] = {}
    PAIRS: ClassVar[Mapping[str, tuple[str, str]]] = {}
    TEXT: ClassVar[frozenset[str]] = frozenset()
    APART: ClassVar[frozenset[str]] = frozenset()
    VALUE: ClassVar[str] = ""
    PATCH: ClassVar[str] = ""

    def sent(self) -> Shape:
        """Return the shape of the request that creates it: its own, unless the API takes it in another form."""
        return self


class Resource(Shape):
    """A thing with an identity: `key` says which one of its plan it is, and names its file."""

    APART: ClassVar[frozenset[str]] = frozenset({"key"})

    key: str

    @property
    def existing(self) -> bool:
        """Whether it is there already: then it is neither made nor changed nor removed, only looked for."""
        return False

    @property
    def stem(self) -> str:
        """What the file of its request is called."""
        return self.key.replace(":", "-")


Fill = Callable[[Ref], Any]
"""What a back-end writes for a reference."""


def request(shape: Shape, fill: Fill, say: Callable[[Message], str]) -> dict[str, Any]:
    """Return the members of a shape as AWS takes them; what says nothing is left out, 0 and False say something."""
    written = shape.sent()
    cls = type(written)

    def form(name: str, value: Any) -> Any:
        if isinstance(value, Mapping) and name in cls.PAIRS:
            first, second = cls.PAIRS[name]
            return [{first: key, second: form("", text)} for key, text in value.items()]
        if isinstance(value, Mapping):
            if any(isinstance(child, Shape) for child in value.values()):
                return [form("", child) for child in value.values()]
            return {key: form("", child) for key, child in value.items()}
        if isinstance(value, tuple):
            return [form("", child) for child in value]
        if isinstance(value, Shape):
            return getattr(value, value.VALUE) if value.VALUE else request(value, fill, say)
        if isinstance(value, Ref):
            return fill(value)
        if isinstance(value, Message):
            return say(value)
        return str(value) if name in cls.TEXT and value is not None else value

    members = {member: form(name, getattr(written, name)) for name, member in members_of(cls).items()}
    return patched(said(members), getattr(written, cls.PATCH) if cls.PATCH else {})


def patched(members: dict[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    """Return members with a patch laid over them: a mapping is merged, another value replaces, None removes."""
    found = dict(members)
    for key, value in patch.items():
        if value is None:
            found.pop(key, None)
        elif isinstance(value, Mapping):
            old = found.get(key)
            found[key] = patched(old if isinstance(old, dict) else {}, value)
        else:
            found[key] = value
    return found


def members_of(cls: type[Shape]) -> dict[str, str]:
    """Return the member of each field that a request has, in AWS's order."""
    if cls not in _members:
        _members[cls] = {name: cls.SPELT.get(name) or _spelt(name, cls) for name in cls.FIELDS if name not in cls.APART}
    return _members[cls]


_members: dict[type[Shape], dict[str, str]] = {}


def _spelt(name: str, cls: type[Shape]) -> str:
    camel = re.sub(r"_(\w)", lambda match: match[1].upper(), name)
    return camel[0].upper() + camel[1:] if cls.PASCAL else camel


def said(members: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out None, empty text, lists and mappings; 0 and False say something."""
    return {key: value for key, value in members.items() if value is not None and value not in ("", [], {})}


def unique(items: Iterable[str | None]) -> tuple[str, ...]:
    """Return what is there, each item where it comes first."""
    return tuple(item for item in dict.fromkeys(items) if item)
