"""Where the build of a spec is, and how a person would write that."""

import pathlib
from collections.abc import Iterable

from chuoigen.diagnostics import ChuoigenError
from chuoigen.inputs.project import find_root, output_of, path_in
from chuoigen.messages import Texts
from chuoigen.tree import refuse_links
from chuoigen.workspace.choice import STANDARD_INPUT

_say = Texts(__name__)


def output_folder(file: str, out: str | None) -> pathlib.Path:
    """Return the folder of a spec's build: below `out`, or below a folder `out` beside the folder that holds the spec.

    Raises ChuoigenError when the file's name cannot be that of a folder (`...yaml` would be the folder `..`), and when
    the path could not stand in a file. So does a link on the way from the root of the repository, or from `out`: what
    is generated stays where it was looked for.
    """
    if file == STANDARD_INPUT:
        raise ChuoigenError(_say("no-name"))
    path = pathlib.Path(file)
    below = path.stem if out is not None else output_of(path_in(find_root(path), path))
    if path.stem in (".", "..") or not below.isprintable():
        raise ChuoigenError(_say("unusable-name", file=file))
    folder = _folder(file, out)
    refuse_links(folder, find_root(path) if out is None else folder.parent)
    return folder


def refuse_clash(files: Iterable[str], out: str | None) -> None:
    """Raise ChuoigenError when two specs of one run would be built into the same folder."""
    taken: dict[pathlib.Path, str] = {}
    for file in files:
        folder = _folder(file, out)
        if folder in taken:
            raise ChuoigenError(_say("clash", one=taken[folder], other=file, folder=shown(folder)))
        taken[folder] = file


def shown(folder: pathlib.Path) -> str:
    """Return a folder as a person in the working directory would write it."""
    try:
        return folder.relative_to(pathlib.Path.cwd()).as_posix()
    except ValueError:
        return folder.as_posix()


def _folder(file: str, out: str | None) -> pathlib.Path:
    path = pathlib.Path(file)
    if out is not None:
        return pathlib.Path(out) / path.stem
    root = find_root(path)
    return root / output_of(path_in(root, path))
