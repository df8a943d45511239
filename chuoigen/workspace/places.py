"""Where the build of a spec is, and how a person would write that."""

import pathlib
from collections.abc import Iterable

from chuoigen.diagnostics import ChuoigenError
from chuoigen.inputs.project import find_root
from chuoigen.messages import Texts

OUTPUT_FOLDER = "out"
_say = Texts(__name__)


def output_folder(file: str, out: str | None) -> pathlib.Path:
    """Return the folder of a spec's build: below `out`, or below the folder `out` of the repository with the spec.

    Raises ChuoigenError when the file's name cannot be that of a folder (`...yaml` would be the folder `..`).
    """
    name = pathlib.Path(file).stem
    if name in (".", "..") or not name.isprintable():
        raise ChuoigenError(_say("unusable-name", file=file))
    return _folder(file, out)


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
    return (pathlib.Path(out) if out is not None else find_root(path) / OUTPUT_FOLDER) / path.stem
