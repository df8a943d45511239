"""Which specs are meant: files, folders that are searched for them, standard input, or the folder spec/."""

import os
import pathlib
import stat
import sys
from collections.abc import Iterator, Mapping, Sequence

from chuoigen.diagnostics import ChuoigenError
from chuoigen.inputs.files import LIMIT_BYTES, Disk, Files, Overlay
from chuoigen.inputs.formats import ENDINGS, SPEC, kind_of, recognised
from chuoigen.inputs.project import SPEC_FOLDER
from chuoigen.messages import Texts
from chuoigen.record import Record
from chuoigen.report.outcome import Tell
from chuoigen.tree import MANIFEST

STANDARD_INPUT = "-"
_ENDINGS = (".yaml", ".yml")
_SKIPPED = frozenset({"node_modules"})
"""Folders, beside hidden ones, whose files are other people's."""
_MANIFEST_BEGINNING = 200
"""Bytes in which the manifest of a build says what wrote it."""
_SEARCHED = frozenset({".aws", ".ecs", ".github"})
"""Hidden folders in which people keep task definitions."""

_say = Texts(__name__)


class Run(Record):
    """How a command goes over specs."""

    stdin_filename: str = ""
    """The file that standard input stands for: what it extends is looked for from there."""
    skip_others: bool = False
    """Whether a named file that is no spec is passed over, as one that a search finds is."""
    shard: tuple[int, int] = (1, 1)
    """Which part, from 1, of how many: of n parts each has every n-th spec."""
    jobs: int = 0
    """Processes at most; 0 for as many as there are processors."""
    files: Files | None = None
    """Where files come from, if not from disk."""
    foreign: bool = False
    """Whether files of other formats, such as task definitions, are taken too."""
    form: str = ""
    """The format of all named files, where it is not to be recognised."""
    tell: Tell | None = None
    """Is told what each spec comes to; then the outcome of the whole run has no findings and no text of its own."""


RUN = Run()
"""A run over specs as they are, with nobody to tell."""


class Spec(Record):
    """One spec that is meant. One that was `named` must be a spec, and is not passed over when it is partial."""

    file: str
    named: bool


class Chosen(Record):
    """The specs that are meant, in their order, where their files come from, and how many others were passed over."""

    specs: tuple[Spec, ...]
    files: Files
    others: int = 0
    foreign: bool = False
    form: str = ""


def choose(paths: Sequence[str], run: Run) -> Chosen:
    """Return the specs that are meant: those named, each once however it is spelled; all of `spec/` without any.

    A folder is searched with all that lie in it, sorted, but for hidden ones. Raises ChuoigenError where a folder has
    no spec in it.
    """
    found: dict[str, Spec] = {}
    others = 0
    for path in paths or (SPEC_FOLDER,):
        specs, passed = _below(path, run) if _is_folder(path) or not paths else _named(path, run)
        if not specs and not (run.skip_others and passed):
            raise ChuoigenError(_say("no-spec-below", folder=path, others=passed))
        others += passed
        for spec in specs:
            found.setdefault(os.path.abspath(spec.file), spec)  # noqa: PTH100  resolve() would follow the user's links
    files, (part, parts) = _files(paths, run), run.shard
    meant = _alone(found, files, run) if run.foreign else tuple(found.values())
    return Chosen(meant[part - 1 :: parts], files, others, run.foreign, run.form)


def specs_below(folder: str, files: Files) -> tuple[str, ...]:
    """Return the specs below a folder, wherever files come from; as in `choose`, hidden folders have none."""
    found = sorted(path for ending in _ENDINGS for path in files.below(folder, ending))
    inside = ((path, pathlib.PurePath(os.path.relpath(path, folder)).parts) for path in found)
    seen = (path for path, parts in inside if not any(part.startswith(".") or part in _SKIPPED for part in parts))
    return tuple(path for path in seen if _has_marks(path, files))


def _has_marks(path: str, files: Files) -> bool:
    """Say whether a file has the marks of a spec; so has what cannot be read, and loading says why."""
    try:
        return recognised(files.read(path), path) == SPEC
    except ChuoigenError:
        return True


def _alone(found: Mapping[str, Spec], files: Files, run: Run) -> tuple[Spec, ...]:
    """Return what is judged by itself: all but the files that another one of them gathers and is judged with."""
    gathered: set[str] = set()
    for spec in found.values():
        try:
            content = files.read(spec.file, regular=False)
        except ChuoigenError:
            continue  # loading says why
        kind = kind_of(run.form or recognised(content, spec.file))
        others = kind.front_end().gathers(content, spec.file, files) if kind else ()
        gathered.update(os.path.abspath(other) for other in others)  # noqa: PTH100  as above
    return tuple(spec for path, spec in found.items() if path not in gathered)


def _files(paths: Sequence[str], run: Run) -> Files:
    """Return the disk, and standard input where it is meant."""
    files = run.files or Disk()
    if STANDARD_INPUT not in paths:
        return files
    return Overlay(files, {run.stdin_filename or STANDARD_INPUT: sys.stdin.buffer.read(LIMIT_BYTES + 1)})


def _named(path: str, run: Run) -> tuple[list[Spec], int]:
    if path == STANDARD_INPUT:
        return [Spec(run.stdin_filename or STANDARD_INPUT, named=True)], 0
    if run.skip_others and not _may_be_meant(path, run):
        return [], 1
    return [Spec(path, named=not run.skip_others)], 0


def _below(folder: str, run: Run) -> tuple[list[Spec], int]:
    """Return the specs below a folder, and how many other files there are that could have been one by their names."""
    files = list(_walk(folder, run))
    specs = [Spec(file, named=False) for file in files if _may_be_meant(file, run)]
    return specs, len(files) - len(specs)


def _walk(folder: str, run: Run) -> Iterator[str]:
    endings, hidden = (ENDINGS, _SEARCHED) if run.foreign else (_ENDINGS, frozenset[str]())
    for where, folders, names in os.walk(folder):
        folders[:] = sorted(
            name for name in folders if (not name.startswith(".") or name in hidden) and name not in _SKIPPED
        )
        if run.foreign and MANIFEST in names and _is_output(where):
            folders[:] = []
            continue
        for name in sorted(names):
            if name.endswith(endings) and not name.startswith("."):
                yield pathlib.PurePath(where, name).as_posix()


def _is_output(folder: str) -> bool:
    """Say whether a folder holds a build of chuoigen: the spec that it was built from is what is to be judged."""
    try:
        with open(pathlib.PurePath(folder, MANIFEST), "rb") as file:  # noqa: PTH123  as below
            return b'"chuoigen":' in file.read(_MANIFEST_BEGINNING)
    except OSError:
        return False


def _is_folder(path: str) -> bool:
    return os.path.isdir(path)  # noqa: PTH112  Path.is_dir raises where a name is too long


def _may_be_meant(path: str, run: Run) -> bool:
    """Say whether a file has the marks of a format that is taken; so has what cannot be read, and loading says why."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):  # noqa: PTH116  the same
            return False
        with open(path, "rb") as file:  # noqa: PTH123
            found = recognised(file.read(LIMIT_BYTES + 1), path)
            return bool(found) if run.foreign else found == SPEC
    except (OSError, ValueError):
        return True
