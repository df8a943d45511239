"""Loops over resources (`Fn::ForEach`, of the transform AWS::LanguageExtensions) into the resources that they make.

docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference, "Fn::ForEach", checked 2026-11-28: identifier,
collection, and what is made for each value; `${Identifier}` and `&{Identifier}` stand for the value in keys and texts,
and so does Ref. A collection that only the deployment knows makes nothing here, and that is said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chuoigen.record import Record
from chuoigen.yaml.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chuoigen.yaml.document import Document, KeyPath

_LOOP = "Fn::ForEach::"
_SECTION = "Resources"
_MOST = 200
"""Resources that loops make at most (quota of a template: 500 resources)."""
_PARTS = 3


class _Made(Record):
    """A resource that a loop makes: its name and what it says, where the loop has that, and the values in force."""

    name: str
    body: Any
    origin: KeyPath
    known: Mapping[str, str]


def unrolled(document: Document) -> tuple[Document, tuple[str, ...]]:
    """Return a template without its loops over resources, and the loops whose collection is not in it."""
    section = document.data.get(_SECTION)
    if not isinstance(section, dict) or not any(str(key).startswith(_LOOP) for key in section):
        return document, ()
    loops = _Loops()
    made = list(loops.in_section(section, (_SECTION,), {}))[:_MOST]
    resources = {key: value for key, value in section.items() if not str(key).startswith(_LOOP)}
    moved: dict[KeyPath, KeyPath] = {}
    for one in made:
        resources[one.name] = _with(one.body, one.known, (_SECTION, one.name), one.origin, moved)
    places = document.places | {
        path: document.places[origin] for path, origin in moved.items() if origin in document.places
    }
    data = {**document.data, _SECTION: resources}
    return document.replaced(data=data, places=places, origins={**(document.origins or {}), **moved}), tuple(loops.open)


class _Loops:
    """Goes through loops, also in one another; `open` are those that nobody can unroll."""

    def __init__(self) -> None:
        self.open: list[str] = []

    def in_section(self, section: Mapping[str, Any], path: KeyPath, known: Mapping[str, str]) -> Iterator[_Made]:
        """Yield the resources that the loops of a section make."""
        for key, value in section.items():
            if str(key).startswith(_LOOP):
                yield from self._loop(str(key), value, (*path, key), known)
            elif known:
                yield _Made(_filled(str(key), known), value, (*path, key), known)

    def _loop(self, key: str, value: Any, path: KeyPath, known: Mapping[str, str]) -> Iterator[_Made]:
        name, listed, body = value if isinstance(value, list) and len(value) == _PARTS else ("", None, None)
        texts = (
            [_filled(str(one), known) for one in listed] if isinstance(listed, list) and _are_known(listed) else None
        )
        if texts is None or not isinstance(name, str) or not isinstance(body, dict):
            self.open.append(key.removeprefix(_LOOP))
            return
        for text in texts:
            yield from self.in_section(body, (*path, _PARTS - 1), {**known, name: text})


def _are_known(listed: list[Any]) -> bool:
    return all(isinstance(one, str | int) and not isinstance(one, Unknown) for one in listed)


def _with(value: Any, known: Mapping[str, str], path: KeyPath, origin: KeyPath, moved: dict[KeyPath, KeyPath]) -> Any:
    """Return a value with those of loops in it; note where each path of it comes from."""
    moved[path] = origin
    if isinstance(value, dict):
        if list(value) == ["Ref"] and value["Ref"] in known:
            return known[value["Ref"]]
        return {
            (name := _filled(key, known) if isinstance(key, str) else key): _with(
                child, known, (*path, name), (*origin, key), moved
            )
            for key, child in value.items()
        }
    if isinstance(value, list):
        return [_with(child, known, (*path, index), (*origin, index), moved) for index, child in enumerate(value)]
    return _filled(value, known) if isinstance(value, str) and not isinstance(value, Unknown) else value


def _filled(text: str, known: Mapping[str, str]) -> str:
    for name, value in known.items():
        text = text.replace(f"${{{name}}}", value).replace(f"&{{{name}}}", value)
    return text
