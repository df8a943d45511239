"""`chuoigen graph`: the picture of a spec, or of the difference of two, for a page, a chat or a pull request."""

import pathlib

from chuoigen.artifacts.diagram import FORMS, NOTHING, Picture, difference, pictured
from chuoigen.compiler import judge, refuse_partial
from chuoigen.diagnostics import ChuoigenError, Diagnostic
from chuoigen.inputs.files import Disk, Files
from chuoigen.inputs.load import Loader, Source
from chuoigen.inputs.project import find_root
from chuoigen.inputs.revision import Revision
from chuoigen.messages import Message, Texts
from chuoigen.report.outcome import Outcome, sources_of
from chuoigen.report.view import View
from chuoigen.rules import secret
from chuoigen.tree import replace_file

_say = Texts(__name__)

_ENDINGS = {".mmd": "mermaid", ".mermaid": "mermaid", ".dot": "dot", ".gv": "dot"}
"""The forms that the ending of a file means; another one means svg."""


def graph(
    file: str, other: str | None = None, *, form: str | None = None, against: str | None = None, out: str | None = None
) -> Outcome:
    """Draw a spec, the difference of two, or of one now and at a revision, into `out` or as the text of the outcome.

    What has errors has their diagnostics and is not drawn. Raises ChuoigenError for what cannot be read or written, and
    for both another spec and a revision.
    """
    if other is not None and against is not None:
        raise ChuoigenError(_say("two-ways"))
    drawing = _Drawing()
    if against is not None:
        picture = drawing.since(file, against)
    elif other is not None:
        before, after = drawing.of(file, Disk()), drawing.of(other, Disk())
        picture = difference(before, after)
    else:
        picture = drawing.of(file, Disk())
    if drawing.found:
        ordered = tuple(sorted(dict.fromkeys(drawing.found), key=lambda diagnostic: diagnostic.sort_key))
        return Outcome(diagnostics=ordered, found=True, sources=drawing.sources)
    view = View.of(drawing.sources, (), secret())
    text = FORMS[form or _ENDINGS.get(pathlib.Path(out or "").suffix, "svg")](picture.reworded(view.text))
    if out is not None:
        replace_file(pathlib.Path(out), text.encode())
    return Outcome(text="" if out else text, notes=tuple(drawing.notes))


class _Drawing:
    """What was read for a drawing, and what is to be said about it."""

    def __init__(self) -> None:
        self.found: list[Diagnostic] = []
        self.notes: list[Message] = []
        self.sources: dict[str, Source] = {}

    def of(self, file: str, files: Files, at: str = "") -> Picture:
        """Return the picture of a file; of one with errors that of nothing, and they are found."""
        judged = refuse_partial(judge(Loader(files, foreign=True).load(file)))
        read = sources_of([judged.loaded])
        self.sources.update({f"{name}@{at}" if at else name: source for name, source in read.items()})
        if judged.refused:
            self.found += judged.diagnostics
            return NOTHING
        if judged.plan is None:
            raise ChuoigenError(_say("no-service", file=file))
        made = pictured(judged.plan)
        return made.replaced(facts=(*made.facts[:-1], f"from {file} at {at}")) if at else made

    def since(self, file: str, revision: str) -> Picture:
        """Return the difference to a revision; what is not there, now or then, or had errors then, is nothing."""
        with Revision(find_root(pathlib.Path(file)), revision) as past:
            there, then = Disk().exists(file), past.exists(file)
            after = self.of(file, Disk()) if there or not then else NOTHING
            current = list(self.found)
            before = self.of(file, past, revision) if then else NOTHING
        variant = "had-errors" if len(self.found) > len(current) else "new" if not then else "" if there else "gone"
        self.found = current
        self.notes += [_say(variant, file=file, revision=revision)] if variant else []
        return difference(before, after)
