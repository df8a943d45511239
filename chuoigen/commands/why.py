"""`chuoigen why`: which lines of specs made a line of a generated file, and what a line of a spec makes."""

import difflib
import json
import pathlib
from collections.abc import Iterator, Sequence
from typing import Any

from chuoigen import templating
from chuoigen.aws import defaults
from chuoigen.compiler import Judged, judge, refuse_partial
from chuoigen.diagnostics import ChuoigenError
from chuoigen.inputs.files import Disk
from chuoigen.inputs.load import load
from chuoigen.inputs.project import find_root
from chuoigen.messages import ENGLISH, Message, Reader, Texts
from chuoigen.plan import Plan
from chuoigen.record import Record
from chuoigen.report.outcome import Outcome, sources_of
from chuoigen.report.terminal_text import escaped_lines
from chuoigen.report.view import View
from chuoigen.rules import secret
from chuoigen.tree import MANIFEST, built_from
from chuoigen.workspace import places
from chuoigen.workspace.choice import Run, choose
from chuoigen.workspace.origins import Origin, Rebuild
from chuoigen.yaml.document import KeyPath, parse

_say = Texts(__name__)

_RECORDED = (("files",), *(("built", "inputs", kind) for kind in ("read", "there", "listed")), ("built",), ("version",))
"""The parts of the record of a build that have an answer of their own, the inner ones first."""


class _Asked(Record):
    """A file, and what is asked of it: a line number, a JSON pointer or a key."""

    file: pathlib.Path
    place: str


class _Answer(Record):
    """A line of text for a person, and the same as data."""

    words: Message
    data: dict[str, Any]


def why(target: str, *, as_json: bool = False, reader: Reader = ENGLISH) -> Outcome:
    """Answer for a line or a value of a generated file, or for a line or a key of a spec.

    Raises ChuoigenError for a file that is neither, and for a place that is not in it.
    """
    asked = _asked(target)
    if asked.file.name == MANIFEST:
        return _formed(target, [_recorded(asked)], as_json=as_json, reader=reader)
    folder = next((one for one in asked.file.absolute().parents if (one / MANIFEST).is_file()), None)
    specs = _specs(asked.file) if folder is None else (str(_spec_of(folder)),)
    judged = [refuse_partial(judge(load(spec))) for spec in specs]
    sources = sources_of([one.loaded for one in judged])
    found = tuple(diagnostic for one in judged if one.refused for diagnostic in one.diagnostics)
    if found:
        return Outcome(diagnostics=found, found=True, sources=sources)
    answers, notes = _answers(judged, asked, folder)
    return _formed(target, answers, as_json=as_json, reader=reader, view=View.of(sources, (), secret())).replaced(
        notes=notes
    )


def _formed(
    target: str, answers: Sequence[_Answer], *, as_json: bool, reader: Reader, view: View | None = None
) -> Outcome:
    """Return answers as data, or as lines of text without secrets."""
    if as_json:
        data = {"version": 1, "asked": target, "answers": [one.data for one in answers if one.data]}
        return Outcome(text=json.dumps(data, indent=2) + "\n")
    texts = [reader.text(one.words) for one in answers]
    return Outcome(text=escaped_lines("".join(f"{view.text(text) if view else text}\n" for text in texts)))


def _answers(
    judged: Sequence[Judged], asked: _Asked, folder: pathlib.Path | None
) -> tuple[list[_Answer], tuple[Message, ...]]:
    """Return what is to be said, and what a person should know beside it."""
    planned = [(one, one.plan) for one in judged if one.plan is not None]
    if folder is None:
        return [answer for one, decided in planned for answer in _made_by(one, decided, asked)], ()
    ((one, decided),) = planned
    path = asked.file.absolute().relative_to(folder).as_posix()
    rebuild, text = _rebuild(one, decided, path, asked), _read(asked.file)
    current = text == rebuild.texts[path]
    notes = () if current else (_say("stale", file=str(asked.file), spec=one.loaded.file),)
    return list(_makers(rebuild, path, _lines(text, rebuild.texts[path], asked))), notes


def _specs(file: pathlib.Path) -> tuple[str, ...]:
    """Return the specs in which a file is read: itself or, where it is only there to be extended, those that do so."""
    loaded = load(str(file))
    if not loaded.partial:
        return (str(file),)
    beside = [load(one.file) for one in choose([str(file.parent)], Run(skip_others=True)).specs]
    users = [one for one in beside if not one.partial and any(_same(read.file, file) for read in one.sources)]
    return tuple(one.file for one in users) or (str(file),)


def _same(one: str, other: pathlib.Path) -> bool:
    return pathlib.Path(one).absolute() == other.absolute()


def _asked(target: str) -> _Asked:
    """Part a target at the first colon behind which is a place and before which is a file."""
    for index, character in enumerate(target):
        if character == ":" and index + 1 < len(target) and pathlib.Path(target[:index]).is_file():
            return _Asked(pathlib.Path(target[:index]), target[index + 1 :])
    raise ChuoigenError(_say("no-file", target=target))


def _spec_of(folder: pathlib.Path) -> pathlib.Path:
    """Return the spec that a folder was built from, as a person in the working directory would write it."""
    built = built_from(folder)
    root = find_root(folder)
    if built is None or not (root / built.spec).is_file():
        raise ChuoigenError(_say("no-spec", folder=places.shown(folder)))
    return pathlib.Path(places.shown(root / built.spec))


def _rebuild(judged: Judged, decided: Plan, path: str, asked: _Asked) -> Rebuild:
    rebuild = Rebuild(judged.loaded, decided, path)
    if path not in rebuild.texts:
        near = tuple(difflib.get_close_matches(path, rebuild.texts, 3, 0.0))
        raise ChuoigenError(_say("not-generated", file=str(asked.file), near=near))
    return rebuild


def _read(file: pathlib.Path) -> str:
    """Return the text of a file, with the line ends that chuoigen writes."""
    return Disk().read(str(file)).decode("utf-8", "replace").replace("\r\n", "\n")


def _lines(text: str, made: str, asked: _Asked) -> range:
    """Return the lines, from 1, of what the spec gives that are asked for; they may stand elsewhere on disk."""
    there = _pointed(text, asked) if asked.place.startswith("/") else _numbered(text, asked)
    if text == made:
        return there
    blocks = difflib.SequenceMatcher(None, text.splitlines(), made.splitlines(), autojunk=False).get_matching_blocks()
    for block in blocks:
        if block.a <= there.start - 1 < block.a + block.size:
            first = there.start - block.a + block.b
            return range(first, first + len(there))
    raise ChuoigenError(_say("edited", file=str(asked.file), place=asked.place))


def _numbered(text: str, asked: _Asked) -> range:
    count = len(text.splitlines())
    if not asked.place.isdecimal():
        raise ChuoigenError(_say("no-place", file=str(asked.file), place=asked.place))
    number = int(asked.place)
    if not 1 <= number <= count:
        raise ChuoigenError(_say("out-of-range", file=str(asked.file), line=number, count=count))
    return range(number, number + 1)


def _pointed(text: str, asked: _Asked) -> range:
    """Return the lines of what a JSON pointer (RFC 6901) names; JSON is read as YAML, which keeps places."""
    document, found = parse(text, str(asked.file))
    if document is None or found:
        raise ChuoigenError(_say("not-json", file=str(asked.file)))
    value: Any = document.data
    path: KeyPath = ()
    for token in asked.place[1:].split("/"):
        key = token.replace("~1", "/").replace("~0", "~")
        step: str | int = int(key) if isinstance(value, list) and key.isdecimal() else key
        if (*path, step) not in document.places:
            near = tuple(f"/{'/'.join(map(str, one))}" for one in document.places if one[:-1] == path and one)
            raise ChuoigenError(_say("no-pointer", file=str(asked.file), pointer=asked.place, near=near[:10]))
        path, value = (*path, step), value[step]
    place = document.places[path]
    return range((place.key or place.value).line, place.value.end_line + 1)


def _makers(rebuild: Rebuild, path: str, lines: range) -> Iterator[_Answer]:
    """Say what decides lines of a generated file."""
    found = rebuild.origins(path, lines)
    for origin in found:
        yield _default(origin) if origin.kind == "default" else _written(rebuild, origin)
    if not found:
        text = rebuild.texts[path].splitlines()
        above = tuple(_around(text, lines.start))
        template = next(_templates(path, text[lines.start - 1]), None)
        data: dict[str, Any] = {"origin": "constant", "part_of": list(above)}
        if template:
            data |= {"template": template[0], "line": template[1]}
        yield _Answer(_say("constant", file=path), data)
        if template:
            yield _Answer(_say("template", template=template[0], line=template[1]), {})
        if above:
            yield _Answer(_say("part-of", lines=" > ".join(above)), {})


def _recorded(asked: _Asked) -> _Answer:
    """Say what a value of the record of a build is: no key makes it, but what was read or written."""
    text = _read(asked.file)
    lines = _pointed(text, asked) if asked.place.startswith("/") else _numbered(text, asked)
    document, _ = parse(text, str(asked.file))
    places = document.places if document else {}
    inner = [path for path, place in places.items() if path and (place.key or place.value).line <= lines.start]
    path = next((one for one in reversed(inner) if places[one].value.end_line + 1 >= lines.start), ())
    kind = next((kind for kind in _RECORDED if path[: len(kind)] == kind), ())
    about = path[len(kind)] if len(path) > len(kind) else ""
    variant = "-".join(kind) if about or kind == ("version",) else "all"
    words = _say(f"recorded.{variant}", file=str(asked.file), about=str(about))
    return _Answer(words, {"origin": "recorded", "of": variant, "about": about})


def _templates(path: str, line: str) -> Iterator[tuple[str, int]]:
    """Give the templates in which a line of a file stands, and where, from 1; that of the name of the file first."""
    package = pathlib.Path(templating.__file__).parent
    name = f"{pathlib.PurePosixPath(path).name}.j2"
    for template in sorted(package.rglob("*.j2"), key=lambda one: (one.name != name, str(one))):
        lines = template.read_text(encoding="utf-8").splitlines()
        yield from ((str(template.relative_to(package)), at) for at, one in enumerate(lines, 1) if one == line)


def _around(lines: list[str], number: int) -> Iterator[str]:
    """Give the lines that open the blocks in which a line stands, the outermost first: those indented less."""
    found: list[str] = []
    depth = _indent(lines[number - 1])
    for line in reversed(lines[: number - 1]):
        if line.strip() and _indent(line) < depth:
            depth = _indent(line)
            if any(character.isalnum() for character in line):
                found.append(line.strip())
    yield from reversed(found)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _written(rebuild: Rebuild, origin: Origin) -> _Answer:
    place = rebuild.document.places[origin.path]
    span, own = place.key or place.value, rebuild.loaded.file
    key = _dotted(origin.path)
    through = () if span.file == own else (own,)
    words = _say(origin.kind, file=span.file, line=span.line, key=key)
    if through:
        words = _say("through", words=words, spec=own)
    data = {"origin": origin.kind, "key": key, "file": span.file, "line": span.line, "through": list(through)}
    return _Answer(words, data)


def _default(origin: Origin) -> _Answer:
    fact, key = defaults.of(origin.path), _dotted(origin.path)
    assert fact is not None  # noqa: S101  such a key was looked for
    value = json.dumps(fact.value, ensure_ascii=False)
    words = _say("default", key=key, value=value, why=fact.why, source=fact.source, day=fact.checked)
    data = {"origin": "default", "key": key, "why": ENGLISH.text(fact.why)}
    return _Answer(words, {**data, "value": fact.value, "source": fact.source, "checked": fact.checked})


def _made_by(judged: Judged, decided: Plan, asked: _Asked) -> Iterator[_Answer]:
    """Say what of the generated files a line or a key of a spec decides."""
    rebuild = Rebuild(judged.loaded, decided)
    found: dict[str, set[int]] = {}
    for path in _keys(rebuild, asked):
        for kind in ("value", "presence"):
            for moved in rebuild.moved(path, kind):
                for file, lines in moved.items():
                    found.setdefault(file, set()).update(lines)
    for file, numbers in sorted(found.items()):
        runs = tuple(_runs(sorted(numbers)))
        words = _say("makes", file=f"{decided.output}/{file}", lines=runs)
        yield _Answer(words, {"file": f"{decided.output}/{file}", "lines": sorted(numbers)})
    if not found:
        yield _Answer(_say("makes-nothing", file=str(asked.file), place=asked.place), {"origin": "nothing"})


def _keys(rebuild: Rebuild, asked: _Asked) -> tuple[KeyPath, ...]:
    """Return the keys that stand on a line of a spec, or the one that is named."""
    known = rebuild.document.places
    if not asked.place.isdecimal():
        names = {_dotted(path): path for path in known if path}
        if asked.place not in names:
            near = tuple(difflib.get_close_matches(asked.place, names, 3, 0.0))
            raise ChuoigenError(_say("no-key", file=str(asked.file), key=asked.place, near=near))
        return (names[asked.place],)
    line = _numbered(_read(asked.file), asked).start
    spans = {path: place.key or place.value for path, place in known.items() if path}
    found = tuple(path for path, key in spans.items() if key.line == line and _same(key.file, asked.file))
    if not found:
        written = sorted(
            {key.line for key in spans.values() if _same(key.file, asked.file)}, key=lambda one: abs(one - line)
        )
        raise ChuoigenError(_say("no-value", file=str(asked.file), line=line, near=tuple(written[:3])))
    return found


def _runs(numbers: list[int]) -> Iterator[str]:
    """Give numbers as runs: 3-5 for 3, 4 and 5."""
    start = previous = numbers[0]
    for number in (*numbers[1:], 0):
        if number != previous + 1:
            yield str(start) if start == previous else f"{start}-{previous}"
            start = number
        previous = number


def _dotted(path: KeyPath) -> str:
    return ".".join(map(str, path))
