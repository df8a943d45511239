"""A path turned into a loaded spec: read, extended, judged for its shape; what is wrong is collected, not raised."""

import os
import pathlib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from chuoigen.diagnostics import ChuoigenError, Diagnostic, Severity, Span
from chuoigen.inputs.files import Disk, Files
from chuoigen.inputs.formats import YAML, Kind, is_named, kind_of, recognised
from chuoigen.inputs.front import Part, Reading, Source, Uncarried, source
from chuoigen.inputs.merge import merge
from chuoigen.inputs.project import Project, find_root, output_of, path_in, survey
from chuoigen.inputs.validation import validate
from chuoigen.messages import Argument, Message, Texts
from chuoigen.record import Record
from chuoigen.spec import Spec
from chuoigen.yaml.document import Document, KeyPath, parse
from chuoigen.yaml.several import documents
from chuoigen.yaml.unknown import Unknown

__all__ = ["Loaded", "Loader", "Source", "load"]

_CHAIN_MAX = 20
_SYNTAX = "$`'\"\\{}[]*?<>|&;!#"
"""What the path of an output folder may not hold: it stands in files of many languages."""

_say = Texts(__name__)
_UNUSABLE = "unusable-base"


class Loaded(Record):
    """One spec file with all that it extends. `spec` is None when its shape is not valid, or when it is partial.

    `sources` are all files that were read as specs, those that are no YAML too; `files` the documents among them.
    Values at `invalid_paths` were wrong and are not in the spec; rules have nothing to say about them.
    Where values are `unknown`, `spec` and `others` are guesses: what rules say of them all is certain.
    `says` are the parts of the language that the format of the file can say, and `unwritten` the paths that it left
    open: a rule has nothing to say elsewhere, or there. `remark`: why rules do not judge it at all. `form` is its
    format, "" for a spec; `name`, `when`, `uncarried`, `refusals`, `definition` and `apart` are those of the
    Part of a file of another format.
    """

    file: str
    spec: Spec | None
    partial: bool
    diagnostics: tuple[Diagnostic, ...]
    document: Document | None = None
    sources: tuple[Source, ...] = ()
    project: Project = Project(spec_file="")
    refused: Mapping[KeyPath, Any] = MappingProxyType({})
    invalid_paths: tuple[KeyPath, ...] = ()
    unknown: tuple[KeyPath, ...] = ()
    others: tuple[Spec, ...] = ()
    says: tuple[KeyPath, ...] = ((),)
    unwritten: tuple[KeyPath, ...] = ()
    remark: Message | None = None
    advice: bool = False
    form: str = ""
    name: str = ""
    when: str = ""
    uncarried: tuple[Uncarried, ...] = ()
    refusals: tuple[Diagnostic, ...] = ()
    definition: dict[str, Any] | None = None
    apart: tuple[tuple[str, Any, Span], ...] = ()

    @property
    def files(self) -> tuple[Document, ...]:
        """The documents that make up the spec, its own first."""
        return tuple(source.document for source in self.sources if source.document is not None)


class _Read(Record):
    source: Source
    diagnostics: tuple[Diagnostic, ...]


def load(file: str | os.PathLike[str], files: Files | None = None) -> Loaded:
    """Load one spec, from disk unless other files are given. Raises ChuoigenError, as Loader.load does."""
    return Loader(files or Disk()).load(file)


class Loader:
    """Loads the specs of one run; a file that many extend is parsed once."""

    def __init__(self, files: Files, kinds: tuple[str, ...] = (), *, foreign: bool = False, form: str = "") -> None:
        """Take where files come from, and which placeholders their format has: none for specs.

        `foreign`: files of other formats are taken too. `form` is the format of all files, where it is not to be
        recognised.
        """
        self.files = files
        self.kinds = kinds
        self.foreign = foreign
        self.form = form
        self._bases: dict[str, tuple[bytes, _Read]] = {}

    def load(self, file: str | os.PathLike[str]) -> Loaded:
        """Load the spec in `file`; of a file of another format, what stands in it first.

        Raises ChuoigenError when the file itself cannot be read, or has a name that no folder of its output could
        have, or is of another format that is not wanted; whatever is wrong inside it, or with the files that it
        extends, is a diagnostic.
        """
        return self.loads(file)[0]

    def loads(self, file: str | os.PathLike[str]) -> tuple[Loaded, ...]:
        """Load all that stands in `file`: a spec alone, or each part of a file of another format.

        Of a file that only looked like another format there is one Loaded without a document. Raises as `load` does.
        """
        name = os.fspath(file)
        content = self.files.read(name, regular=False)
        kind = kind_of(self.form or recognised(content, name))
        if kind is None:
            return (self._spec(content, name),)
        if not self.foreign:
            raise ChuoigenError(_say("other-format", file=name, kind=kind.title))
        texts = [content] if kind.several or not name.endswith(YAML) else documents(content)
        if len(texts) == 1:
            return self._read(content, name, kind)
        return self._several(content, texts, name)

    def _read(self, content: bytes, name: str, kind: Kind) -> tuple[Loaded, ...]:
        reading = kind.front_end().read(content, name, self.files, certain=bool(self.form) or is_named(kind, name))
        return _foreign(reading, name, kind)

    def _several(self, content: bytes, texts: list[bytes], name: str) -> tuple[Loaded, ...]:
        """Read the documents of a file each by itself; one of no format that is known is passed over."""
        whole = content.decode("utf-8-sig", "replace")
        loaded: list[Loaded] = []
        for number, text in enumerate(texts, 1):
            kind = kind_of(self.form or recognised(text, name))
            for one in self._read(text, name, kind) if kind is not None else ():
                sources = tuple(each.replaced(text=whole) if each.file == name else each for each in one.sources)
                loaded.append(one.replaced(name=one.name or _family(one) or f"document-{number}", sources=sources))
        return tuple(loaded)

    def _spec(self, content: bytes, name: str) -> Loaded:
        self._refuse_syntax(name)
        own = self._parsed(content, name)
        document = own.source.document
        if document is None:
            return Loaded(name, None, partial=False, diagnostics=own.diagnostics, sources=(own.source,))
        root = _boundary(name, self.files)
        partial = document.data.get("partial") is True
        merged, sources, found = self._extended(own.source, document, root, (self.files.real(name),))
        # What a base that cannot be used would have said is not missing, and what it would have changed is not known.
        whole = not partial and not any(one.rule == _UNUSABLE for one in found) and all(one.document for one in sources)
        validated = validate(merged, partial=not whole)
        return Loaded(
            file=name,
            spec=validated.spec if whole else None,
            partial=partial,
            diagnostics=own.diagnostics + found + validated.diagnostics,
            document=merged,
            sources=sources,
            project=survey(pathlib.Path(name), merged, self.files),
            refused=validated.refused,
            invalid_paths=validated.invalid_paths,
            unknown=validated.unknown,
            others=validated.others if whole else (),
        )

    def _extended(
        self, source: Source, document: Document, root: str, chain: tuple[str, ...]
    ) -> tuple[Document, tuple[Source, ...], tuple[Diagnostic, ...]]:
        """Return the document laid over all that it extends, the files involved, and what was wrong with them."""
        written = document.data.get("extends")
        if not isinstance(written, str) or isinstance(written, Unknown) or not written:
            return document, (source,), ()
        below = os.path.normpath(os.path.join(os.path.dirname(document.file), written))  # noqa: PTH118, PTH120  keeps the user's spelling of the path
        real = self.files.real(below)
        if real in chain:
            return document, (source,), (_unusable(document, "circle", base=written),)
        if len(chain) >= _CHAIN_MAX:
            return document, (source,), (_unusable(document, "chain", limit=_CHAIN_MAX),)
        if not _is_inside(real, self.files.real(root)):
            return document, (source,), (_unusable(document, "outside", base=written, root=root),)
        try:
            base = self._base(below)
        except ChuoigenError as error:
            return document, (source,), (_unusable(document, "unreadable", reason=error.words),)
        if base.source.document is None:
            return document, (source, base.source), base.diagnostics
        lower, sources, found = self._extended(base.source, base.source.document, root, (*chain, real))
        return merge(lower, document), (source, *sources), base.diagnostics + found

    def _refuse_syntax(self, name: str) -> None:
        path = pathlib.Path(name)
        output = output_of(path_in(find_root(path, self.files), path))
        strange = " ".join(sorted(set(output) & set(_SYNTAX)))
        if strange:
            raise ChuoigenError(_say("name-with-syntax", file=name, characters=strange))

    def _base(self, name: str) -> _Read:
        content = self.files.read(name)
        known = self._bases.get(name)
        if known is None or known[0] != content:
            known = self._bases[name] = content, self._parsed(content, name)
        return known[1]

    def _parsed(self, content: bytes, name: str) -> _Read:
        document, problems = parse(content, name, self.kinds)
        return _Read(source(content, name, document), problems)


def _family(loaded: Loaded) -> str:
    """Return the family of a task definition; "" where there is none that is known."""
    task = loaded.document.data.get("task") if loaded.document is not None else None
    family = task.get("family") if isinstance(task, dict) else None
    return family if isinstance(family, str) and not isinstance(family, Unknown) else ""


def _foreign(reading: Reading, name: str, kind: Kind) -> tuple[Loaded, ...]:
    """Judge the shape of each part of a file of another format; what is wrong with the file itself comes first."""
    found = tuple(one if one.form else one.replaced(form=kind.name) for one in reading.diagnostics)
    if not reading.parts:
        return (Loaded(name, None, partial=False, diagnostics=found, sources=reading.sources, form=kind.name),)
    empty = Loaded(name, None, partial=False, diagnostics=(), sources=reading.sources, form=kind.name)
    loaded = [as_part(part, empty) for part in reading.parts]
    first = loaded[0].replaced(diagnostics=found + loaded[0].diagnostics)
    return (first, *loaded[1:])


def as_part(part: Part, file: Loaded) -> Loaded:
    """Return a part of a file of another format, with its shape judged."""
    judged = file.replaced(
        diagnostics=part.diagnostics,
        document=part.document,
        says=part.says,
        unwritten=part.unwritten,
        remark=part.remark,
        advice=part.advice,
        name=part.name,
        when=part.when,
        uncarried=part.uncarried,
        refusals=part.refusals,
        definition=part.definition,
        apart=part.apart,
    )
    if part.remark is not None:
        return judged
    validated = validate(part.document, partial=False)
    return judged.replaced(
        spec=validated.spec,
        diagnostics=part.diagnostics + validated.diagnostics,
        refused=validated.refused,
        invalid_paths=validated.invalid_paths,
        unknown=validated.unknown,
        others=validated.others,
    )


def _boundary(name: str, files: Files) -> str:
    """Return the folder that holds all that a spec may extend: its repository's, never a whole file system."""
    root = find_root(pathlib.Path(name), files)
    return str(root if root != root.parent else pathlib.Path(os.path.abspath(name)).parent)  # noqa: PTH100


def _is_inside(path: str, root: str) -> bool:
    return path.startswith(os.path.join(root, ""))  # noqa: PTH118


def _unusable(document: Document, variant: str, **arguments: Argument) -> Diagnostic:
    span = document.place(("extends",)).value
    return Diagnostic(_UNUSABLE, "CG010", Severity.ERROR, span, _say(f"{_UNUSABLE}.{variant}", **arguments))
