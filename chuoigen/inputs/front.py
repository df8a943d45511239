"""What a front-end is: it turns a file of another format into documents of the language. Docs: "a new input".

A front-end is a module or a package of chuoigen/inputs/ that has one FrontEnd; chuoigen/inputs/formats.py lists it.
"""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from chuoigen.diagnostics import Diagnostic, Span
from chuoigen.inputs.files import LIMIT_BYTES, Files
from chuoigen.messages import Message
from chuoigen.messages.reader import Words
from chuoigen.record import Record
from chuoigen.yaml.document import Document, KeyPath, Outline


class Source(Record):
    """A file as it was read. `form` is its format, "" for a spec.

    `document` is None where it is neither YAML nor JSON; `text` is empty where it is too large.
    """

    file: str
    text: str
    document: Document | None
    form: str = ""


class Uncarried(Record):
    """What was written and the language cannot say: its path in the file, where it stands, and why."""

    path: KeyPath
    span: Span
    words: Message


class Part(Record):
    """One task definition, service or both, of a file that may hold several, in the data of the language.

    `document` has the data with the places, and the `origins`, of what was written, which may lie in several files.
    `says` are the parts of the language that the format can say, and `unwritten` the paths that the translation filled
    in: rules have nothing to say elsewhere, or there. `uncarried` is what the language cannot say. `remark`: why rules
    do not judge it at all. `name` is what the file calls it; where a value depends on a condition, the same name comes
    once for each world that there may be, and `when` says which, "" where there is only one.
    `advice`: the file is written for something else than ECS, so that what rules say of a task is no fault of it.
    """

    document: Document
    diagnostics: tuple[Diagnostic, ...] = ()
    says: tuple[KeyPath, ...] = ((),)
    unwritten: tuple[KeyPath, ...] = ()
    uncarried: tuple[Uncarried, ...] = ()
    remark: Message | None = None
    name: str = ""
    when: str = ""
    advice: bool = False
    refusals: tuple[Diagnostic, ...] = ()
    """What is wrong with what is not judged, were it to run on Fargate."""
    definition: dict[str, Any] | None = None
    """The task definition as ECS takes it, where the file has one."""
    apart: tuple[tuple[str, Any, Span], ...] = ()
    """What a service says by ids, or beside it, and a spec in another way: a name, plain data, and where it stands."""


class Reading(Record):
    """What a file came to: the files that were read, itself first, what is wrong with their text, and its parts.

    Without a part and without a fault the file is not of the format, whatever it looked like: it is passed over.
    """

    sources: tuple[Source, ...]
    diagnostics: tuple[Diagnostic, ...] = ()
    parts: tuple[Part, ...] = ()


class Read(Protocol):
    """Reads a file of the format."""

    def __call__(self, content: bytes, name: str, files: Files, /, *, certain: bool) -> Reading:
        """Return what the file `name` with this `content` came to. Never raises for bad text.

        `files` is where others that it names are read from. `certain`: somebody said that it has this format; else what
        has none of its marks, once it is parsed, has no part.
        """
        ...


def nothing(_content: bytes, _name: str, _files: Files) -> Sequence[str]:
    """Name no other file."""
    return ()


class FrontEnd(Record):
    """One other format: how it is read, and its words for the keys of the language.

    `gathers` names the files that are judged together with one of this format, so that a search does not judge them
    once more alone: paths as `files` take them. `outline` reads a text into nodes where it is neither YAML nor JSON.
    """

    read: Read
    words: Words
    gathers: Callable[[bytes, str, Files], Sequence[str]] = nothing
    outline: Callable[[str, str, tuple[str, ...]], Outline] | None = None


def source(content: bytes, name: str, document: Document | None, form: str = "") -> Source:
    """Return a file that was read; its text comes from its document, where there is one."""
    shown = content if len(content) <= LIMIT_BYTES else b""
    text = shown.decode("utf-8-sig", "replace") if document is None else document.text
    return Source(name, text, document, form)
