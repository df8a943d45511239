"""A path turned into a loaded spec: read, extended, judged for its shape; what is wrong is collected, not raised."""

import os
import pathlib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from chuoigen.diagnostics import ChuoigenError, Diagnostic, Severity
from chuoigen.inputs.files import LIMIT_BYTES, Disk, Files
from chuoigen.inputs.formats import MARKS, TASK_DEFINITION, is_named, recognised
from chuoigen.inputs.merge import merge
from chuoigen.inputs.project import Project, find_root, output_of, path_in, survey
from chuoigen.inputs.validation import validate
from chuoigen.messages import Argument, Message, Texts
from chuoigen.record import Record
from chuoigen.spec import Spec
from chuoigen.yaml.document import Document, KeyPath, parse
from chuoigen.yaml.unknown import Unknown

_CHAIN_MAX = 20
_SYNTAX = "$`'\"\\{}[]*?<>|&;!#"
"""What the path of an output folder may not hold: it stands in files of many languages."""

_say = Texts(__name__)


class Source(Record):
    """A file as it was read. `document` is None where it is no YAML; `text` is empty where it is too large.

    `form` is its format, "" for a spec.
    """

    file: str
    text: str
    document: Document | None
    form: str = ""


class Loaded(Record):
    """One spec file with all that it extends. `spec` is None when its shape is not valid, or when it is partial.

    `sources` are all files that were read as specs, those that are no YAML too; `files` the documents among them.
    Values at `invalid_paths` were wrong and are not in the spec; rules have nothing to say about them.
    Where values are `unknown`, `spec` and `others` are guesses: what rules say of them all is certain.
    `says` are the parts of the language that the format of the file can say, and `unwritten` the paths that it left
    open: a rule has nothing to say elsewhere, or there. `remark`: why rules do not judge it at all.
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

    @property
    def files(self) -> tuple[Document, ...]:
        """The documents that make up the spec, its own first."""
        return tuple(source.document for source in self.sources if source.document is not None)


class _Read(NamedTuple):
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
        """Load the spec in `file`.

        Raises ChuoigenError when the file itself cannot be read, or has a name that no folder of its output could
        have, or is of another format that is not wanted; whatever is wrong inside it, or with the files that it
        extends, is a diagnostic.
        """
        name = os.fspath(file)
        content = self.files.read(name, regular=False)
        if (self.form or recognised(content, name)) == TASK_DEFINITION:
            return self._task_definition(content, name)
        self._refuse_syntax(name)
        own = self._parsed(content, name)
        document = own.source.document
        if document is None:
            return Loaded(name, None, partial=False, diagnostics=own.diagnostics, sources=(own.source,))
        root = _boundary(name, self.files)
        partial = document.data.get("partial") is True
        merged, sources, found = self._extended(own.source, document, root, (self.files.real(name),))
        validated = validate(merged, partial=partial)
        return Loaded(
            file=name,
            spec=None if partial else validated.spec,
            partial=partial,
            diagnostics=own.diagnostics + found + validated.diagnostics,
            document=merged,
            sources=sources,
            project=survey(pathlib.Path(name), merged, self.files),
            refused=validated.refused,
            invalid_paths=validated.invalid_paths,
            unknown=validated.unknown,
            others=() if partial else validated.others,
        )

    def _task_definition(self, content: bytes, name: str) -> Loaded:
        if not self.foreign:
            raise ChuoigenError(_say("task-definition", file=name))
        from chuoigen.inputs.task_definition import SAYS, read, translate  # a spec needs none of it

        document, problems = read(content, name)
        source = _source(content, name, document, TASK_DEFINITION)
        if document is None:
            return Loaded(name, None, partial=False, diagnostics=problems, sources=(source,))
        if not self.form and not is_named(name) and document.data.keys().isdisjoint(MARKS):
            return Loaded(name, None, partial=False, diagnostics=(), document=document, sources=(source,))
        translated = translate(document)
        found = problems + translated.diagnostics
        if translated.remark is not None:
            remark = translated.remark
            return Loaded(
                name, None, partial=False, diagnostics=found, document=document, sources=(source,), remark=remark
            )
        validated = validate(translated.document, partial=False)
        return Loaded(
            file=name,
            spec=validated.spec,
            partial=False,
            diagnostics=found + validated.diagnostics,
            document=translated.document,
            sources=(source,),
            refused=validated.refused,
            invalid_paths=validated.invalid_paths,
            unknown=validated.unknown,
            others=validated.others,
            says=SAYS,
            unwritten=translated.unwritten,
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
        return _Read(_source(content, name, document), problems)


def _source(content: bytes, name: str, document: Document | None, form: str = "") -> Source:
    shown = content if len(content) <= LIMIT_BYTES else b""
    text = shown.decode("utf-8-sig", "replace") if document is None else document.text
    return Source(name, text, document, form)


def _boundary(name: str, files: Files) -> str:
    """Return the folder that holds all that a spec may extend: its repository's, never a whole file system."""
    root = find_root(pathlib.Path(name), files)
    return str(root if root != root.parent else pathlib.Path(os.path.abspath(name)).parent)  # noqa: PTH100


def _is_inside(path: str, root: str) -> bool:
    return path.startswith(os.path.join(root, ""))  # noqa: PTH118


def _unusable(document: Document, variant: str, **arguments: Argument) -> Diagnostic:
    span = document.place(("extends",)).value
    return Diagnostic("unusable-base", "CG010", Severity.ERROR, span, _say(f"unusable-base.{variant}", **arguments))
