"""A resource of Terraform's provider into ECS's own JSON with its places, whoever wrote the container definitions."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

from chuoigen.diagnostics import ChuoigenError
from chuoigen.inputs.front import source
from chuoigen.inputs.terraform.members import LISTED, OWN, member
from chuoigen.record import Record
from chuoigen.yaml import relaxed_json
from chuoigen.yaml.document import Document, KeyPath, Place
from chuoigen.yaml.scalars import Integer
from chuoigen.yaml.unknown import Unknown

if TYPE_CHECKING:
    from chuoigen.diagnostics import Span
    from chuoigen.inputs.files import Files
    from chuoigen.inputs.front import Source

TASK, SERVICE = "aws_ecs_task_definition", "aws_ecs_service"
_JSON_KINDS = ("dollar",)
_TEMPLATE = re.compile(r'(?:templatefile|file)\(\s*"\$\{path\.(?:module|root|cwd)\}/([^"$]{1,400})"')
_LOCAL = re.compile(r"local\.([A-Za-z_][\w-]*)")
_STEPS_MOST = 10
"""Local values that name each other, of which more than a few are a circle."""
_OPENING, _CLOSING = '{"":', "}"
_DIRECTIVE = re.compile(r"%\{[^{}\r\n]{0,400}\}")
_TEXTS = ("cpu", "memory")
"""Members of a task definition that are text, which the provider makes of numbers."""
_DEPLOYMENT = {
    "deploymentMinimumHealthyPercent": "minimumHealthyPercent",
    "deploymentMaximumPercent": "maximumPercent",
    "deploymentCircuitBreaker": "deploymentCircuitBreaker",
    "alarms": "alarms",
}
"""Arguments of a service that ECS has below deploymentConfiguration."""


class Found(Record):
    """A value and where it stands: its document, and its path in that."""

    document: Document
    path: KeyPath
    value: Any


class Reader:
    """Resources of one file, with the templates that they name."""

    def __init__(self, document: Document, files: Files, sources: list[Source]) -> None:
        """Take the file; templates that are read become sources."""
        self.document = document
        self.files = files
        self.sources = sources
        self.data: Any = None
        self.places: dict[KeyPath, Place] = {}
        self.origins: dict[KeyPath, KeyPath] = {}

    def as_ecs(self, kind: str, path: KeyPath, body: dict[str, Any]) -> Document:
        """Return the resource at a path as a document of ECS's own JSON."""
        self.places, self.origins = {(): self.document.place(path)}, {(): path}
        data: dict[str, Any] = {}
        for argument, value in body.items():
            if isinstance(argument, Unknown) or argument in OWN:
                continue
            name = "serviceName" if kind == SERVICE and argument == "name" else member(argument)
            found = Found(self.document, (*path, argument), value)
            if argument == "container_definitions":
                data["containerDefinitions"] = self._put(self._definitions(found), ("containerDefinitions",))
            elif argument == "tags":
                data["tags"] = self._tags(found)
            elif kind == SERVICE and name in _DEPLOYMENT:
                self._note(found, ("deploymentConfiguration",))
                data.setdefault("deploymentConfiguration", {})[_DEPLOYMENT[name]] = self._argument(
                    found, ("deploymentConfiguration", _DEPLOYMENT[name])
                )
            else:
                data[name] = self._argument(found, (name,))
        if kind == TASK:
            data |= {key: str(data[key]) for key in _TEXTS if isinstance(data.get(key), Integer)}
        _switched(data)
        return self.document.replaced(data=data, places=self.places, origins=self.origins, kinds=("dollar",))

    def _note(self, found: Found, path: KeyPath) -> None:
        self.places[path] = found.document.place(found.path)
        self.origins[path] = found.path

    def _argument(self, found: Found, path: KeyPath) -> Any:
        """Return an argument or blocks; a block of which there is one is no list in ECS."""
        value = found.value
        is_blocks = isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)
        if is_blocks and path[-1] not in LISTED:
            return self._argument(Found(found.document, (*found.path, 0), value[0]), path)
        self._note(found, path)
        if isinstance(value, dict):
            members = {key: path[-1] if isinstance(key, Unknown) else member(key) for key in value}
            return {
                members[key]: self._argument(Found(found.document, (*found.path, key), one), (*path, members[key]))
                for key, one in value.items()
                if not isinstance(key, Unknown)
            }
        if isinstance(value, list):
            items = [Found(found.document, (*found.path, index), one) for index, one in enumerate(value)]
            return [self._argument(one, (*path, index)) for index, one in enumerate(items)]
        return value

    def _put(self, found: Found, path: KeyPath) -> Any:
        """Return a value as it is, with its places: what is in camelCase already."""
        found = self._followed(found)
        self._note(found, path)
        value = found.value
        if isinstance(value, dict):
            return {
                key: self._put(Found(found.document, (*found.path, key), one), (*path, key))
                for key, one in value.items()
            }
        if isinstance(value, list):
            items = [Found(found.document, (*found.path, index), one) for index, one in enumerate(value)]
            return [self._put(one, (*path, index)) for index, one in enumerate(items)]
        return value

    def _tags(self, found: Found) -> Any:
        found = self._followed(found)
        self._note(found, ("tags",))
        if not isinstance(found.value, dict):
            return Unknown(str(found.value))
        tags: list[dict[str, str]] = []
        for key, value in found.value.items():
            one, path = Found(found.document, (*found.path, key), value), ("tags", len(tags))
            if isinstance(key, Unknown):
                return Unknown(key)
            for part in (path, (*path, "key"), (*path, "value")):
                self._note(one, part)
            tags.append({"key": key, "value": value if isinstance(value, str) else str(value)})
        return tags

    def _followed(self, found: Found) -> Found:
        """Return what a local value of the same file stands for; any other value is itself."""
        for _ in range(_STEPS_MOST):
            match = _LOCAL.fullmatch(found.value) if isinstance(found.value, Unknown) else None
            local = self._local(match[1]) if match else None
            if local is None:
                return found
            found = local
        return found

    def _local(self, name: str) -> Found | None:
        blocks = self.document.data.get("locals")
        for index, block in enumerate(blocks) if isinstance(blocks, list) else ():
            if isinstance(block, dict) and name in block:
                return Found(self.document, ("locals", index, name), block[name])
        return None

    def _definitions(self, found: Found) -> Found:
        """Return the container definitions: an encoded list, JSON in a text, or a template beside the file."""
        found = self._followed(found)
        if not isinstance(found.value, str):
            return found
        span = found.document.place(found.path).value
        text = _between(found.document, span)
        if text.startswith("<<"):
            return self._heredoc(found, span)
        match = _TEMPLATE.match(text)
        return self._template(found, match[1]) if match else _unknown(found)

    def _heredoc(self, found: Found, span: Span) -> Found:
        """Read JSON in a heredoc, where it stands: what is around it is blank to the reader."""
        text, start, end = found.document.text, *_indices(found.document, span)
        first = text.find("\n", start) + 1
        last = text.rfind("\n", first, end)
        if first <= 0 or last < first:
            return _unknown(found)
        inner = _DIRECTIVE.sub(lambda match: " " * len(match[0]), text[first:last])
        blank = re.sub(r"[^\r\n]", " ", text)
        whole = f"{blank[: first - 1 - len(_OPENING)]}{_OPENING}\n{inner}\n{_CLOSING}"
        return self._json(found, whole, found.document.file)

    def _template(self, found: Found, name: str) -> Found:
        file = os.path.normpath(os.path.join(os.path.dirname(found.document.file), name))  # noqa: PTH118, PTH120  the user's spelling
        try:
            content = self.files.read(file)
        except ChuoigenError:
            return _unknown(found)
        text = _DIRECTIVE.sub(lambda match: " " * len(match[0]), content.decode(errors="replace"))
        read = self._json(found, f"{_OPENING}{text}\n{_CLOSING}", file)
        if read.document is found.document:
            return read
        shifted = {path: _shifted(place) for path, place in read.document.places.items()}
        document = read.document.replaced(places=shifted, text=text)
        self.sources.append(source(content, file, document, self.document.form))
        return read.replaced(document=document)

    def _json(self, found: Found, text: str, file: str) -> Found:
        document, _ = relaxed_json.parse(text, file, _JSON_KINDS, self.document.form)
        if document is None or not isinstance(document.data.get(""), list):
            return _unknown(found)
        return Found(document, ("",), document.data[""])


def _unknown(found: Found) -> Found:
    text = found.value if isinstance(found.value, str) else ""
    return found.replaced(value=Unknown(text))


def _indices(document: Document, span: Span) -> tuple[int, int]:
    starts = [0, *(match.end() for match in re.finditer(r"\r\n|\r|\n", document.text))]
    return starts[span.line - 1] + span.column - 1, starts[span.end_line - 1] + span.end_column - 1


def _between(document: Document, span: Span) -> str:
    start, end = _indices(document, span)
    return document.text[start:end]


def _shifted(place: Place) -> Place:
    """Return a place without what was put before the first line."""

    def back(span: Span) -> Span:
        by, end = (len(_OPENING) if line == 1 else 0 for line in (span.line, span.end_line))
        return type(span)(span.file, span.line, max(span.column - by, 1), span.end_line, max(span.end_column - end, 1))

    return Place(back(place.key) if place.key else None, back(place.value))


def _switched(data: dict[str, Any]) -> None:
    """Write truth values as ECS does where the provider has them otherwise."""
    network = data.get("networkConfiguration")
    if isinstance(network, dict):
        public = network.get("assignPublicIp")
        inner = dict(network)
        if isinstance(public, bool):
            inner["assignPublicIp"] = "ENABLED" if public else "DISABLED"
        data["networkConfiguration"] = {"awsvpcConfiguration": inner}
    for volume in data.get("volumes", []) if isinstance(data.get("volumes"), list) else ():
        path = volume.pop("hostPath", None) if isinstance(volume, dict) else None
        if path:
            volume["host"] = {"sourcePath": path}
