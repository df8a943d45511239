"""`chuoigen init`: a small, commented, clean spec to start from, named after the folder; nothing is overwritten."""

import pathlib
import re
import shlex

from chuoigen import recipes
from chuoigen.diagnostics import ChuoigenError
from chuoigen.outcome import Outcome
from chuoigen.workspace import SPEC_FOLDER, shown

_STARTER = pathlib.Path(__file__).with_name("starter.yaml")
_STAGE = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_STAGE_MAX = 12
_NAMES_MAX = 32  # load balancers have the shortest names (ELB, CreateLoadBalancer, checked 2026-11-23)
_RESERVED = re.compile(r"\A(?:[0-9-]|sg-|internal-)+")  # how some service's names may not begin
_FALLBACK = "service"


def init(folder: pathlib.Path, stage: str, recipe: str | None = None) -> Outcome:
    """Write FOLDER/spec/STAGE.yaml, of a recipe its own starter.

    Raises ChuoigenError when it exists, or cannot be written, for a bad stage, and for a recipe that has no starter.
    """
    if not _STAGE.fullmatch(stage) or len(stage) > _STAGE_MAX:
        raise ChuoigenError(
            f'"{stage}" cannot be a stage: it becomes a part of all names',
            f"at most {_STAGE_MAX} small letters, digits and single hyphens, a letter first; for example qa",
        )
    name = service_name(pathlib.Path.cwd() / folder, stage)
    starter = _STARTER.read_text(encoding="utf-8") if recipe is None else _starter(recipe)
    text = starter.replace("starter-name", name).replace("starter-stage", stage)
    file = folder / SPEC_FOLDER / f"{stage}.yaml"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except FileExistsError as error:
        raise ChuoigenError(
            f"{shown(_in_the_way(error, file))} exists already, and init never overwrites",
            "choose another folder, or another stage with --stage",
        ) from error
    except OSError as error:
        raise ChuoigenError(f"{file} cannot be written: {error.strerror}", "check the folder's permissions") from error
    written = shlex.quote(shown(file))
    return Outcome(
        text=f"{written} written\n"
        f"next: change what is marked with <- in it, then\n"
        f"  chuoigen lint {written}\n"
        f"  chuoigen build {written}\n"
    )


def _starter(recipe: str) -> str:
    try:
        return recipes.find(recipe).starter()
    except OSError as error:
        raise ChuoigenError(
            f'recipe "{recipe}" brings no spec to start from', "start without --recipe, and see its documentation"
        ) from error


def _in_the_way(error: OSError, file: pathlib.Path) -> pathlib.Path:
    """Return the path that is in the way: the spec itself, or a file where a folder is needed."""
    return pathlib.Path(error.filename) if isinstance(error.filename, str) else file


def service_name(folder: pathlib.Path, stage: str) -> str:
    """Return a name made from the folder's, short enough for every name that begins with it and the stage."""
    words = _RESERVED.sub("", re.sub(r"[^a-z0-9]+", "-", folder.resolve().name.lower())).strip("-")
    room = _NAMES_MAX - len(f"-{stage}-alb")
    return words[:room].rstrip("-") or _FALLBACK
