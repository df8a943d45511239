"""`chuoigen init`: a small, commented, clean spec to start from, named after the folder; nothing is overwritten."""

import pathlib
import re
import shlex

from chuoigen import recipes
from chuoigen.diagnostics import ChuoigenError
from chuoigen.inputs.project import SPEC_FOLDER
from chuoigen.messages import Texts
from chuoigen.report.outcome import Outcome
from chuoigen.workspace.places import shown

_STARTER = pathlib.Path(__file__).with_name("starter.yaml")
_STAGE = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_STAGE_MAX = 12
_NAMES_MAX = 32  # load balancers have the shortest names (ELB, CreateLoadBalancer, checked 2026-11-23)
_RESERVED = re.compile(r"\A(?:[0-9-]|sg-|internal-)+")  # how some service's names may not begin
_FALLBACK = "service"
_FIRST_STAGE = "qa"

_say = Texts(__name__)


def init(where: pathlib.Path, stage: str | None = None, recipe: str | None = None) -> Outcome:
    """Write WHERE/spec/STAGE.yaml, of a recipe its own starter; the stage is qa unless it is said.

    `where` may as well be the spec itself, or the folder spec/ that it will be in.

    Raises ChuoigenError when it exists, or cannot be written, for a bad stage, and for a recipe that has no starter.
    """
    folder, stage = _meant(where, stage)
    if not _STAGE.fullmatch(stage) or len(stage) > _STAGE_MAX:
        raise ChuoigenError(_say("bad-stage", stage=stage, max=_STAGE_MAX))
    name = service_name(pathlib.Path.cwd() / folder, stage)
    starter = _STARTER.read_text(encoding="utf-8") if recipe is None else _starter(recipe)
    text = starter.replace("starter-name", name).replace("starter-stage", stage)
    file = folder / SPEC_FOLDER / f"{stage}.yaml"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except FileExistsError as error:
        raise ChuoigenError(_say("exists", file=shown(_in_the_way(error, file)))) from error
    except OSError as error:
        raise ChuoigenError(_say("unwritable", file=str(file), reason=error.strerror or str(error))) from error
    written = shlex.quote(shown(file))
    return Outcome(said=tuple(_say(line, file=written) for line in ("written", "next", "lint", "build")))


def _meant(where: pathlib.Path, stage: str | None) -> tuple[pathlib.Path, str]:
    """Return the folder of the service, and the stage. Raises ChuoigenError when a file's name is another stage."""
    named = where.stem if where.suffix in (".yaml", ".yml") and not where.is_dir() else None
    if named is not None:
        if stage not in (None, named):
            raise ChuoigenError(_say("two-stages", file=str(where), named=named, stage=stage or ""))
        where = where.parent
    folder = where.parent if where.name == SPEC_FOLDER else where
    return folder, stage if stage is not None else named or _FIRST_STAGE


def _starter(recipe: str) -> str:
    try:
        return recipes.find(recipe).starter()
    except OSError as error:
        raise ChuoigenError(_say("no-starter", recipe=recipe)) from error


def _in_the_way(error: OSError, file: pathlib.Path) -> pathlib.Path:
    """Return the path that is in the way: the spec itself, or a file where a folder is needed."""
    return pathlib.Path(error.filename) if isinstance(error.filename, str) else file


def service_name(folder: pathlib.Path, stage: str) -> str:
    """Return a name made from the folder's, short enough for every name that begins with it and the stage."""
    words = _RESERVED.sub("", re.sub(r"[^a-z0-9]+", "-", folder.resolve().name.lower())).strip("-")
    room = _NAMES_MAX - len(f"-{stage}-alb")
    return words[:room].rstrip("-") or _FALLBACK
