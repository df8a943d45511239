"""`chuoigen show`: the plan, one decided value a line, and where each came from."""

import json
from collections.abc import Iterable
from typing import Any

from chuoigen.aws import defaults
from chuoigen.compiler import judge, refuse_partial
from chuoigen.inputs.load import load
from chuoigen.messages import ENGLISH, Message, Reader, Texts, verbatim
from chuoigen.plan import traced
from chuoigen.plan.leaves import Leaf, leaves, written
from chuoigen.report.outcome import Outcome, sources_of
from chuoigen.report.terminal_text import escaped_lines
from chuoigen.report.view import View
from chuoigen.rules import secret
from chuoigen.yaml.document import Document, KeyPath

_say = Texts(__name__)

_WIDTH = 66
"""Columns for path and value before the origin; longer ones push it to the right."""


def show(file: str, *, as_json: bool = False, reader: Reader = ENGLISH) -> Outcome:
    """Return the plan of a spec: every value, and the lines on which it is written or from which it was computed."""
    judged = refuse_partial(judge(load(file)))
    document, spec, sources = judged.loaded.document, judged.loaded.spec, sources_of([judged.loaded])
    if judged.refused or judged.plan is None or document is None or spec is None:
        return Outcome(diagnostics=judged.diagnostics, found=True, sources=sources)
    view = View.of(sources, judged.diagnostics, secret())
    decided = leaves(*traced(spec, judged.loaded.project))
    found = [leaf.replaced(value=_masked(leaf.value, view)) for leaf in decided]
    if as_json:
        data = [_data(leaf, document, reader) for leaf in found]
        return Outcome(text=json.dumps({"version": 1, "plan": data}, indent=2) + "\n")
    lines = (f"{_decided(leaf):<{_WIDTH}}  # {reader.text(_words(leaf, document))}\n" for leaf in found)
    return Outcome(text=escaped_lines("".join(lines)))


def _data(leaf: Leaf, document: Document, reader: Reader) -> dict[str, Any]:
    """Return a value with its origin.

    `sources` are the keys that it was computed from, `conditions` those that decided that there is such a value at all,
    `defaults` those that could have said something and are not written, `facts` why the value is what it then is.
    """
    own, kind = written(leaf.own, document), _kind(leaf, document)
    conditions = [path for path in written(leaf.sources - leaf.own, document) if path not in own]
    return {
        "path": _dotted(leaf.path),
        "value": leaf.value,
        "origin": kind,
        "sources": _places(own, document),
        "conditions": _places(conditions, document),
        "defaults": _unwritten(leaf, document),
        "facts": [
            {"why": reader.text(fact.why), "source": fact.source, "checked": fact.checked}
            for fact in _facts(leaf, document)
        ],
    }


def _kind(leaf: Leaf, document: Document) -> str:
    """Say how a value came to be.

    It is written on one line, derived from several, a default; or it is always the same where there is such a thing at
    all, which some lines decide (implied) or none (constant).
    """
    own = written(leaf.own, document)
    if len(own) == 1 and not _unwritten(leaf, document):
        return "written"
    if own:
        return "derived"
    if _unwritten(leaf, document):
        return "default"
    return "implied" if written(leaf.sources, document) else "constant"


def _unwritten(leaf: Leaf, document: Document) -> list[str]:
    """Name the keys that are not written, without those below another one."""
    absent = sorted({_absent(path, document) for path in leaf.own if path not in document.places}, key=_dotted)
    return [_dotted(path) for path in absent if not written([path], document)]


def _facts(leaf: Leaf, document: Document) -> list[defaults.Default[object]]:
    """Return the defaults that gave the value, as the tables of facts have them."""
    known = (defaults.of(path) for path in sorted(leaf.own, key=_dotted) if path not in document.places)
    found = {fact.reason: fact for fact in known if fact is not None and fact.value == leaf.value}
    return list(found.values())


def _absent(path: KeyPath, document: Document) -> KeyPath:
    """Return the first part of a path that is not written."""
    return next(path[:end] for end in range(1, len(path) + 1) if path[:end] not in document.places)


def _words(leaf: Leaf, document: Document) -> Message:
    """Say where a value comes from, on the rest of its line."""
    kind = _kind(leaf, document)
    named = written(leaf.sources if kind == "implied" else leaf.own, document)
    places = tuple(dict.fromkeys(f"{place['file']}:{place['line']}" for place in _places(named, document)))
    if kind == "written":
        return verbatim(places[0])
    if kind != "default":
        return _say(kind, places=places)
    absent = tuple(_unwritten(leaf, document))
    for fact in _facts(leaf, document):
        return _say("default-because", keys=absent, count=len(absent), why=fact.why, source=_source(fact))
    return _say("default", keys=absent, count=len(absent))


def _source(fact: defaults.Default[object]) -> Message:
    return verbatim("chuoigen") if fact.own else _say("checked", source=fact.source, day=fact.checked)


def _places(paths: Iterable[KeyPath], document: Document) -> list[dict[str, Any]]:
    found = []
    for path in paths:
        place = document.places[path]
        span = place.key or place.value
        found.append({"key": _dotted(path), "file": span.file, "line": span.line})
    return found


def _masked(value: object, view: View) -> object:
    """Return a value without what may be a secret in the files that said it."""
    if isinstance(value, str):
        return view.text(value)
    if isinstance(value, list):
        return [_masked(item, view) for item in value]
    return {key: _masked(child, view) for key, child in value.items()} if isinstance(value, dict) else value


def _dotted(path: KeyPath) -> str:
    return ".".join(str(part) for part in path)


def _decided(leaf: Leaf) -> str:
    return f"{_dotted(leaf.path)} = {json.dumps(leaf.value, ensure_ascii=False)}"
