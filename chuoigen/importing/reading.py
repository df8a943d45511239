"""Files of other formats into the data of specs, one for each part of a file that is a task of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chuoigen.compiler import judge_all
from chuoigen.diagnostics import ChuoigenError, Diagnostic, Severity
from chuoigen.importing.comments import comments_of
from chuoigen.importing.idiom import Asked, idiomatic
from chuoigen.inputs.front import Part
from chuoigen.inputs.load import Loaded, Loader, as_part
from chuoigen.messages import Message, Texts
from chuoigen.record import Record
from chuoigen.yaml.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chuoigen.inputs.files import Files
    from chuoigen.inputs.front import Source, Uncarried
    from chuoigen.yaml.document import KeyPath

_say = Texts(__name__)


class Imported(Record):
    """One part of a file as the data of a spec; `definition` is the task definition in it, where there is one.

    `name` is what the file calls the part. `left` is what the language cannot say. `comments` are those of the file, by
    the paths in `data` that they belong to.
    """

    file: str
    name: str
    data: dict[str, Any]
    left: tuple[Uncarried, ...]
    definition: dict[str, Any] | None
    comments: Mapping[KeyPath, str]


class Reading(Record):
    """What a file came to: its parts, or the errors that keep it from being imported.

    `remark` says that it is not for Fargate, where those are what Fargate would say of it.
    """

    parts: tuple[Imported, ...]
    diagnostics: tuple[Diagnostic, ...]
    sources: tuple[Source, ...]
    remark: Message | None = None


def read(file: str, asked: Asked, files: Files, form: str = "") -> Reading:
    """Read a file and translate it; one that Fargate would refuse is not imported, and its errors say why.

    Raises ChuoigenError where the file cannot be read, is a spec already, or is of no format that is known.
    """
    loader = Loader(files, foreign=True, form=form)
    given = loader.loads(file)
    loaded = tuple(_for_fargate(one) for one in given)
    if not loaded[0].form:
        raise ChuoigenError(_say("spec" if loaded[0].spec or loaded[0].partial else "unknown-format", file=file))
    judged = judge_all(loaded)
    errors = tuple(one for part in judged for one in part.diagnostics if one.severity is Severity.ERROR)
    if errors:
        return Reading((), errors, loaded[0].sources, next((one.remark for one in given if one.remark), None))
    parts = [one for one in loaded if one.document is not None and one.spec is not None]
    if not parts:
        remark = next((one.remark for one in given if one.remark), None)
        raise ChuoigenError(remark or _say("unknown-format", file=file))
    return Reading(tuple(_imported(part, asked) for part in parts), (), loaded[0].sources)


def _imported(loaded: Loaded, asked: Asked) -> Imported:
    data = loaded.document.data if loaded.document is not None else {}
    whole = ("containers",) not in loaded.unwritten
    if not whole:
        data = _with_task(data, asked)
    asked = asked.replaced(by_name=loaded.form == "compose")
    spec = idiomatic(data, asked)
    comments = comments_of(loaded.document, spec) if loaded.document is not None else {}
    definition = loaded.definition if whole else None
    return Imported(loaded.file, loaded.name, spec, loaded.uncarried, definition, comments)


def _with_task(data: dict[str, Any], asked: Asked) -> dict[str, Any]:
    """Return the data of a task whose containers are not known, or a service without one, with holes for them."""
    balancer = data.get("load_balancer", {})
    target, port = balancer.get("target"), balancer.get("port")
    known = isinstance(target, str) and not isinstance(target, Unknown)
    image = Unknown(asked.reader.text(_say("image")))
    container = {"image": image, **({"ports": [port]} if port else {})}
    task = {"cpu": Unknown(""), "memory": Unknown(""), **data.get("task", {})}
    return {**data, "task": task, "containers": {target if known else "app": container}}


def _for_fargate(loaded: Loaded) -> Loaded:
    """Return a task definition for EC2 alone as Fargate would judge it: what is wrong with it says why it cannot be.

    What was not translated, since it is no task or nothing here can read it, stays what it is.
    """
    if loaded.remark is None or loaded.document is None or "chuoigen" not in loaded.document.data:
        return loaded
    found = loaded.diagnostics + loaded.refusals
    return as_part(Part(loaded.document, found, loaded.says, loaded.unwritten, definition=loaded.definition), loaded)
