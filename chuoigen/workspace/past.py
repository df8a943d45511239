"""The spec that an output folder was built from: as the folder's manifest knows it again, in the history of git."""

from __future__ import annotations

import contextlib
import pathlib
from typing import TYPE_CHECKING

from chuoigen.diagnostics import ChuoigenError
from chuoigen.inputs.load import Loaded, Loader
from chuoigen.inputs.project import find_root
from chuoigen.inputs.recorded import Answers, same
from chuoigen.inputs.revision import Revision, revisions
from chuoigen.tree import built_from

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST = 50
"""Commits that are looked at: a build is rarely older than the last few changes of its spec."""


def built_spec(file: str, folder: pathlib.Path) -> Loaded | None:
    """Return the spec as it was when a folder was built; None where no commit has all that the build read."""
    built = built_from(folder)
    if built is None:
        return None
    root = find_root(pathlib.Path(file))
    inputs = built.inputs
    answers = Answers(read=inputs["read"], there=inputs["there"], listed=inputs["listed"])
    for files in _history(root, tuple(answers.read)):
        with files:
            if same(answers, str(root), files):
                return Loader(files).load(file)
    return None


def _history(root: pathlib.Path, paths: tuple[str, ...]) -> Iterator[Revision]:
    for commit in revisions(root, paths, _MOST):
        with contextlib.suppress(ChuoigenError):
            yield Revision(root, commit)
