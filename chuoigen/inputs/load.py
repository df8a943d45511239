"""A path turned into a loaded spec: read, extended, judged for its shape; what is wrong is collected, not raised."""

import os
import pathlib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from chuoigen.diagnostics import ChuoigenError, Diagnostic, Severity
from chuoigen.inputs.merge import merge
from chuoigen.inputs.project import Project, survey
from chuoigen.inputs.shape import shape
from chuoigen.messages import verbatim
from chuoigen.record import Record
from chuoigen.spec import Spec
from chuoigen.yaml.document import Document, KeyPath, parse

_CHAIN_MAX = 20
_SYNTAX = "$`'\"\\{}[]*?<>|&;!#"
"""What the name of a spec may not hold: it becomes the name of a folder in files of many languages."""
_BYTES_MAX = (1 << 20) + 1  # one byte more than `parse` takes, so that it sees when a file is too large


class Loaded(Record):
    """One spec file with all that it extends. `spec` is None when its shape is not valid, or when it is partial.

    Values at `spoilt` paths were wrong and are not in the spec; rules have nothing to say about them.
    """

    file: str
    spec: Spec | None
    partial: bool
    diagnostics: tuple[Diagnostic, ...]
    document: Document | None = None
    files: tuple[Document, ...] = ()
    project: Project = Project(spec_file="")
    refused: Mapping[KeyPath, Any] = MappingProxyType({})
    spoilt: tuple[KeyPath, ...] = ()


def load(file: str | os.PathLike[str]) -> Loaded:
    """Load the spec in `file`.

    Raises ChuoigenError when the file itself cannot be read, or has a name that no folder of its output could have;
    whatever is wrong inside it, or with the files that it extends, is a diagnostic.
    """
    name = os.fspath(file)
    _refuse_syntax(name)
    document, problems = parse(_read(name), name)
    if document is None:
        return Loaded(file=name, spec=None, partial=False, diagnostics=problems)
    partial = document.data.get("partial") is True
    merged, files, found = _extended(document, (os.path.realpath(name),))
    outcome = shape(merged, partial=partial)
    return Loaded(
        file=name,
        spec=None if partial else outcome.spec,
        partial=partial,
        diagnostics=problems + found + outcome.diagnostics,
        document=merged,
        files=files,
        project=survey(pathlib.Path(name), merged),
        refused=outcome.refused,
        spoilt=outcome.spoilt,
    )


def _refuse_syntax(name: str) -> None:
    strange = " ".join(sorted(set(pathlib.PurePath(name).stem) & set(_SYNTAX)))
    if strange:
        help_text = "rename it: paths in scripts and compose files are made from the name"
        raise ChuoigenError(f"{name} has {strange} in its name", help_text)


def _read(name: str) -> bytes:
    path = pathlib.Path(name)
    try:
        if path.exists() and not path.is_file() and not path.is_fifo():
            raise ChuoigenError(
                f"{name or 'the empty name'} is not a file", "name a spec file, for example spec/qa.yaml"
            )
        with path.open("rb") as stream:
            return stream.read(_BYTES_MAX)
    except FileNotFoundError as error:
        raise ChuoigenError(f"{name} does not exist", "name a spec file, or start one with: chuoigen init") from error
    except (OSError, ValueError) as error:
        raise ChuoigenError(
            f"{name} cannot be read: {getattr(error, 'strerror', None) or error}", "check the path and its permissions"
        ) from error


def _extended(
    document: Document, chain: tuple[str, ...]
) -> tuple[Document, tuple[Document, ...], tuple[Diagnostic, ...]]:
    """Return the document laid over all that it extends, the files involved, and what was wrong with them."""
    written = document.data.get("extends")
    if not isinstance(written, str) or not written:
        return document, (document,), ()
    below = os.path.normpath(os.path.join(os.path.dirname(document.file), written))  # noqa: PTH118, PTH120  keeps the user's spelling of the path
    if _real(below) in chain or len(chain) >= _CHAIN_MAX:
        return (
            document,
            (document,),
            (_unusable(document, f"{written} extends itself in a circle", "break the circle of extends"),),
        )
    try:
        text = _read(below)
    except ChuoigenError as error:
        return (
            document,
            (document,),
            (_unusable(document, str(error), "extends is relative to the file that says it"),),
        )
    parsed, problems = parse(text, below)
    if parsed is None:
        return document, (document,), problems
    base, files, found = _extended(parsed, (*chain, _real(below)))
    return merge(base, document), (document, *files), problems + found


def _real(path: str) -> str:
    """Return where a path leads; a path that no system takes, since it holds a NUL, leads to itself."""
    try:
        return os.path.realpath(path)
    except ValueError:
        return path


def _unusable(document: Document, message: str, help_text: str) -> Diagnostic:
    span = document.place(("extends",)).value
    return Diagnostic("unusable-base", "CG010", Severity.ERROR, span, verbatim(message, help_text))
