"""`chuoigen show`: the plan, one decided value a line, and where each came from."""

import json
from collections.abc import Iterator, Mapping

from chuoigen.compiler import judge, refuse_partial
from chuoigen.inputs.load import load
from chuoigen.plan.origins import origin
from chuoigen.record import Record
from chuoigen.report.outcome import Outcome
from chuoigen.yaml.document import Document, KeyPath

_WIDTH = 66
"""Columns for path and value before the origin; longer ones push it to the right."""


def show(file: str, *, as_json: bool = False) -> Outcome:
    """Return the plan of a spec: every value, and the line that said it or the reason of its default."""
    judged = refuse_partial(judge(load(file)))
    document = judged.loaded.document
    if judged.refused or judged.plan is None or document is None:
        sources = {source.file: source for source in judged.loaded.sources}
        return Outcome(file=file, diagnostics=judged.diagnostics, found=True, sources=sources)
    rows = [(path, value, _origin(path, document)) for path, value in leaves(judged.plan)]
    if as_json:
        data = [{"path": _dotted(path), "value": value, "origin": where} for path, value, where in rows]
        return Outcome(text=json.dumps({"version": 1, "plan": data}, indent=2, ensure_ascii=False) + "\n")
    lines = (f"{f'{_dotted(path)} = {_shown(value)}':<{_WIDTH}}  # {where}\n" for path, value, where in rows)
    return Outcome(text="".join(lines))


def leaves(value: object, path: KeyPath = ()) -> Iterator[tuple[KeyPath, object]]:
    """Yield every single value of a plan with its path; what is empty is a value of its own."""
    if isinstance(value, Record):
        for name in value.FIELDS:
            yield from leaves(getattr(value, name), (*path, name))
    elif isinstance(value, Mapping) and value:
        for key, child in value.items():
            yield from leaves(child, (*path, key))
    elif isinstance(value, tuple) and any(isinstance(child, Record) for child in value):
        for index, child in enumerate(value):
            yield from leaves(child, (*path, index))
    else:
        yield (
            path,
            list(value) if isinstance(value, tuple) else dict(value) if isinstance(value, Mapping) else value,
        )


def _origin(path: KeyPath, document: Document) -> str:
    """Say where a value comes from: the line that wrote it, else what decided."""
    found = origin(path)
    if not found.keys:
        return f"derived: {found.why}"
    for key in found.keys:
        said = (*key, *found.rest) if found.each else key
        if said in document.places or (not found.why and key is found.keys[-1]):
            place = document.place((*key, *found.rest))
            return f"{place.value.file}:{(place.key or place.value).line}"
    return f"default: {found.why}"


def _dotted(path: KeyPath) -> str:
    return ".".join(str(part) for part in path)


def _shown(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
