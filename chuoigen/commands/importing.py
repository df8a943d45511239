"""`chuoigen import`: a spec from what is there already, as a person would have written it, and the proof of it."""

import os
import pathlib
import tempfile
from collections.abc import Sequence
from typing import TYPE_CHECKING

from chuoigen.diagnostics import ChuoigenError, Diagnostic
from chuoigen.importing import proof, stages
from chuoigen.importing.comments import leads
from chuoigen.importing.idiom import Asked
from chuoigen.importing.proof import Reason
from chuoigen.importing.reading import Imported, read
from chuoigen.importing.writing import spec_text
from chuoigen.inputs.files import Disk
from chuoigen.inputs.guesses import holes
from chuoigen.messages import Message, Reader, Texts
from chuoigen.record import Record
from chuoigen.report.outcome import Outcome
from chuoigen.workspace.places import shown

if TYPE_CHECKING:
    from chuoigen.inputs.front import Source

_say = Texts(__name__)


class Asking(Record):
    """What is asked of an import: stages by the files' order, the place to write to, the format of all files."""

    stages: tuple[str, ...] = ()
    out: str | None = None
    force: bool = False
    form: str = ""


def import_(files: Sequence[str], asking: Asking, reader: Reader) -> Outcome:
    """Write specs from files of other formats; without a place to write to they are the output.

    Several files are stages of one service: a base has what they share. Raises ChuoigenError for a file that cannot be
    read or is of no known format, for stages that are not known, and where a file is in the way.
    """
    found = _read(files, asking, reader)
    if isinstance(found, Outcome):
        return found
    specs = _specs(found, asking, reader)
    notes = tuple(_notes(found))
    if asking.out is None:
        several = len(specs) > 1
        texts = (f"# ==> {name}.yaml\n{text}" if several else text for name, text in specs.items())
        return Outcome(text="\n".join(texts), notes=notes)
    places = _places(asking.out, list(specs))
    for name, text in specs.items():
        _write(places[name], text, force=asking.force)
    said = [_say("written", file=shown(place)) for place in places.values()]
    first = next(iter(places.values()))
    return Outcome(said=(*said, _say("next", file=shown(first.parent if len(places) > 1 else first))), notes=notes)


def check(files: Sequence[str], asking: Asking, reader: Reader) -> Outcome:
    """Say whether builds of the imported specs are what the files say: equal, or each difference with its reason."""
    found = _read(files, asking, reader)
    if isinstance(found, Outcome):
        return found
    said: list[Message] = []
    different = False
    parts = [part for each in found for part in each]
    for one, reasons in zip(parts, _proved(parts), strict=True):
        where = f"{one.file} ({one.name})" if one.name else one.file
        if one.definition is None:
            raise ChuoigenError(_say("no-definition", file=where))
        different = different or bool(reasons)
        said.append(_say("different", file=where, count=len(reasons)) if reasons else _say("equal", file=where))
        said += [_difference(reason) for reason in reasons]
    return Outcome(said=tuple(said), found=different, notes=tuple(_left(found)))


def _proved(parts: Sequence[Imported]) -> list[tuple[Reason, ...]]:
    """Return the differences of each part: stages together, as `import` writes them, and other parts each alone."""
    by_stage = _by_stage(parts)
    if len(parts) > 1 and len(by_stage) == len(parts):
        return proof.proved_together(by_stage, Disk())
    return [proof.proved(part, Disk()) for part in parts]


Found = list[tuple[Imported, ...]]


def _read(files: Sequence[str], asking: Asking, reader: Reader) -> Found | Outcome:
    """Return the parts of each file, or what is wrong with any of them."""
    names = _stages(files, asking)
    found: Found = []
    wrong: list[Diagnostic] = []
    sources: dict[str, Source] = {}
    for file, stage in zip(files, names, strict=True):
        fallback = pathlib.Path(file).resolve().parent.name.lstrip(".") or "service"
        reading = read(file, Asked(stage, fallback, reader), Disk(), asking.form)
        found.append(_of_stage(reading.parts, stage, file))
        wrong += reading.diagnostics
        sources.update({source.file: source for source in reading.sources})
    if wrong:
        return Outcome(diagnostics=tuple(wrong), found=True, sources=sources)
    return found


def _of_stage(parts: tuple[Imported, ...], stage: str | None, file: str) -> tuple[Imported, ...]:
    """Return the parts of a stage, where a file has several. Raises ChuoigenError where it has not that one."""
    own = [str(part.data.get("stage")) for part in parts]
    if stage is None or stage in own or not parts:
        return parts if stage is None else tuple(part for part in parts if part.data.get("stage") == stage)
    raise ChuoigenError(_say("stages.absent", file=file, stage=stage, known=tuple(own)))


def _stages(files: Sequence[str], asking: Asking) -> tuple[str | None, ...]:
    if asking.stages and len(asking.stages) != len(files):
        raise ChuoigenError(_say("stages.count", files=len(files), stages=len(asking.stages)))
    for stage in asking.stages:
        if not stages.is_stage(stage):
            raise ChuoigenError(_say("stages.bad", stage=stage))
    if asking.stages:
        return asking.stages
    if len(files) == 1:
        return (None,)
    names = stages.stages_of(files)
    if names is None:
        raise ChuoigenError(_say("stages.unknown", files=tuple(files)))
    return names


def _specs(found: Found, asking: Asking, reader: Reader) -> dict[str, str]:
    """Return the texts of specs by the names of their files, the base of several stages first."""
    parts = [part for each in found for part in each]
    if len(parts) == 1:
        name = parts[0].data.get("stage") or pathlib.Path(asking.out or "").stem or "spec"
        return {name: _text(parts[0], reader)}
    by_stage = _by_stage(parts)
    if len(by_stage) == len(parts):
        return _of_stages(by_stage, reader)
    several = [each[0].file for each in found if len(each) > 1]
    if len(found) > 1:
        raise ChuoigenError(_say("stages.parts", file=several[0]))
    return {part.name: _text(part, reader) for part in parts}


def _text(part: Imported, reader: Reader) -> str:
    return spec_text(part.data, tuple(_head(part)), reader, part.comments)


def _by_stage(parts: Sequence[Imported]) -> dict[str, Imported]:
    return {str(part.data["stage"]): part for part in parts if isinstance(part.data.get("stage"), str)}


def _of_stages(by_stage: dict[str, Imported], reader: Reader) -> dict[str, str]:
    split = stages.split({stage: part.data for stage, part in by_stage.items()})
    every = [(path, text) for part in by_stage.values() for path, text in part.comments.items()]
    shared = {path: text for path, text in reversed(every) if leads(path, split.base)}
    base = spec_text(split.base, (_say("base", stages=tuple(by_stage)),), reader, shared)
    rests = {}
    for stage, data in split.stages.items():
        part = by_stage[stage]
        own = {path: text for path, text in part.comments.items() if leads(path, data) and shared.get(path) != text}
        rests[stage] = spec_text(data, tuple(_head(part)), reader, own)
    return {stages.BASE: base, **rests}


def _head(part: Imported) -> list[Message]:
    """Return the comment at the top of a spec: where it comes from, and what could not be carried over."""
    left = [_say("left", path=_dotted(one.path), reason=one.words) for one in part.left]
    return [_say("from", file=shown(pathlib.Path(part.file))), *([_say("left.head"), *left] if left else [])]


def _notes(found: Found) -> list[Message]:
    parts = [part for each in found for part in each]
    count = sum(len(list(holes(part.data))) for part in parts)
    return [*_left(found), *([_say("open", count=count)] if count else [])]


def _left(found: Found) -> list[Message]:
    said = dict.fromkeys(one for parts in found for part in parts for one in part.left)
    return [
        _say("left.note", file=one.span.file, line=one.span.line, path=_dotted(one.path), reason=one.words)
        for one in said
    ]


def _difference(reason: Reason) -> Message:
    one = reason.difference
    if not one.path:
        return _say("difference.none", reason=reason.why)
    return _say("difference", path=one.dotted, reason=reason.why)


def _dotted(path: tuple[str | int, ...]) -> str:
    return ".".join(map(str, path))


def _places(out: str, names: list[str]) -> dict[str, pathlib.Path]:
    """Return where each spec goes: one into the file that is named, several, or a folder, by their names."""
    folder = pathlib.Path(out)
    if len(names) == 1 and not (folder.is_dir() or out.endswith(("/", os.sep))):
        return {names[0]: folder}
    if folder.suffix in (".yaml", ".yml"):
        raise ChuoigenError(_say("no-folder", path=out, count=len(names)))
    return {name: folder / f"{name}.yaml" for name in names}


def _write(place: pathlib.Path, text: str, *, force: bool) -> None:
    """Write a file at once or not at all; one that is there stays, unless `force` is given."""
    if place.exists() and not force:
        raise ChuoigenError(_say("exists", file=str(place)))
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", newline="\n", dir=place.parent, prefix=f".{place.name}.", delete=False
        ) as stream:
            stream.write(text)
        pathlib.Path(stream.name).chmod(0o644)
        pathlib.Path(stream.name).replace(place)
    except OSError as error:
        raise ChuoigenError(_say("unwritable", file=str(place), reason=error.strerror or str(error))) from error
