"""`chuoigen init`: the way to a first spec, from what a folder holds; where that is nothing, a small spec."""

import pathlib
import re
import shlex

from chuoigen import recipes
from chuoigen.diagnostics import ChuoigenError
from chuoigen.importing.stages import stages_of
from chuoigen.inputs.project import SPEC_FOLDER
from chuoigen.messages import Texts
from chuoigen.report.outcome import Outcome
from chuoigen.workspace.places import shown
from chuoigen.workspace.sighting import Sighted, sighted

_STARTER = pathlib.Path(__file__).with_name("starter.yaml")
_STAGE = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_STAGE_MAX = 12
_NAMES_MAX = 32  # load balancers have the shortest names (ELB, CreateLoadBalancer, checked 2026-11-23)
_RESERVED = re.compile(r"\A(?:[0-9-]|sg-|internal-)+")  # how some service's names may not begin
_FALLBACK = "service"
_FIRST_STAGE = "qa"
_FOUND_MAX = 5
"""Files that are named."""

_say = Texts(__name__)


def init(
    where: pathlib.Path, stage: str | None = None, recipe: str | None = None, *, from_nothing: bool = False
) -> Outcome:
    """Write WHERE/spec/STAGE.yaml, of a recipe its own starter; the stage is qa unless it is said.

    Where the folder has files from which a spec can be made, nothing is written: what is said is how to import them.
    With a recipe, or `from_nothing`, nobody looks for such files.

    `where` may as well be the spec itself, or the folder spec/ that it will be in.

    Raises ChuoigenError when it exists, or cannot be written, for a bad stage, and for a recipe that has no starter.
    """
    folder, stage = _meant(where, stage)
    if not _STAGE.fullmatch(stage) or len(stage) > _STAGE_MAX:
        raise ChuoigenError(_say("bad-stage", stage=stage, max=_STAGE_MAX))
    searched = recipe is None and not from_nothing and folder.is_dir()
    there = sighted(str(folder)) if searched else None
    if there is not None:
        return _imported(there, folder, stage)
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
    lines = (*(("nothing",) if searched else ()), "written", "next", "lint", "build")
    return Outcome(said=tuple(_say(line, file=written) for line in lines))


def _imported(there: Sighted, folder: pathlib.Path, stage: str) -> Outcome:
    """Say what is there and which command makes a spec of it."""
    files = [shown(folder / file) for file in there.files]
    stages = len(files) > 1 and stages_of(there.files) is not None
    meant = files if stages else files[:1]
    out = shown(folder / SPEC_FOLDER) if stages else shown(folder / SPEC_FOLDER / f"{stage}.yaml")
    words = ["chuoigen", "import", *meant, *([] if stages else ["--stage", stage]), "-o", out]
    found = [_say("found", file=file, kind=there.title) for file in files[:_FOUND_MAX]]
    more = [_say("found.more", count=len(files) - _FOUND_MAX)] if len(files) > _FOUND_MAX else []
    return Outcome(said=(*found, *more, _say("import", command=shlex.join(words)), _say("from-nothing")))


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
