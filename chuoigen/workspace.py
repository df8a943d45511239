"""Where specs and outputs are: the specs that are meant when none is named, and the folder of each build."""

import os
import pathlib
from collections.abc import Sequence

from chuoigen.diagnostics import ChuoigenError
from chuoigen.inputs.project import find_root

SPEC_FOLDER = "spec"
OUTPUT_FOLDER = "out"


def meant(files: Sequence[str]) -> tuple[str, ...]:
    """Return the spec files that are meant: those named, each once however it is spelled, or all of `spec/`.

    Raises ChuoigenError when none is named and there is no such folder, or nothing in it.
    """
    if files:
        return tuple({os.path.abspath(file): file for file in reversed(files)}.values())[::-1]  # noqa: PTH100
    folder = pathlib.Path(SPEC_FOLDER)
    found = sorted(path.as_posix() for path in folder.glob("*.y*ml") if path.suffix in (".yaml", ".yml"))
    if not found:
        raise ChuoigenError(
            "there is no spec file in the folder spec/", "name a file, or start one with: chuoigen init"
        )
    return tuple(found)


def output_folder(file: str, out: str | None) -> pathlib.Path:
    """Return the folder of a spec's build: below `out`, or below the folder `out` of the repository with the spec.

    Raises ChuoigenError when the file's name cannot be that of a folder (`...yaml` would be the folder `..`).
    """
    name = pathlib.Path(file).stem
    if name in (".", "..") or not name.isprintable():
        raise ChuoigenError(f"{file} cannot be built: its name cannot be that of an output folder", "rename the file")
    return _folder(file, out)


def refuse_clash(files: Sequence[str], out: str | None) -> None:
    """Raise ChuoigenError when two specs of one run would be built into the same folder."""
    taken: dict[pathlib.Path, str] = {}
    for file in files:
        folder = _folder(file, out)
        if folder in taken:
            raise ChuoigenError(
                f"{taken[folder]} and {file} would both be built into {shown(folder)}",
                "give one of the files another name",
            )
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
