"""`chuoigen build`: specs into folders of files; a spec with an error writes nothing and does not stop the others."""

import functools
import pathlib
from collections.abc import Sequence

from chuoigen.compiler import judge, refuse_partial, render
from chuoigen.diagnostics import Severity
from chuoigen.messages import Message, Texts
from chuoigen.report.outcome import Outcome, together
from chuoigen.tree import Comparison, Unchanged, Written, compare, refuse_other, write
from chuoigen.workspace import places
from chuoigen.workspace.choice import RUN, Run, choose
from chuoigen.workspace.loop import Opened, each
from chuoigen.workspace.provenance import built, still

_say = Texts(__name__)


def build(
    files: Sequence[str] = (), *, out: str | None = None, check: bool = False, force: bool = False, run: Run = RUN
) -> Outcome:
    """Build specs below `out`, or with `check` only say what is not current.

    A file that is only to be extended is passed over, unless it is named and to be built. Raises ChuoigenError when two
    specs have one output folder.
    """
    chosen = choose(files, run)
    places.refuse_clash([spec.file for spec in chosen.specs], out)
    return together(each(functools.partial(_outcome, out=out, check=check, force=force), chosen, run))


def _outcome(opened: Opened, *, out: str | None, check: bool, force: bool) -> Outcome:
    spec, folder = opened.spec, places.output_folder(opened.spec.file, out)
    if there := still(opened, folder):
        return _unchanged(there, spec.file, folder, check=check)
    judged = judge(opened.load())
    if judged.loaded.partial and not judged.refused and (check or not spec.named):
        return Outcome()
    judged = refuse_partial(judged)
    shown = tuple(one for one in judged.diagnostics if one.severity is not Severity.INFO)
    if judged.refused or judged.plan is None:
        return Outcome(said=(_say("refused", file=spec.file),), diagnostics=shown, found=True, checked=1)
    tree, made = render(judged.plan), built(opened, judged, judged.plan)
    if check:
        refuse_other(folder, made)
        said, stale = _checked(compare(tree, folder), spec.file, folder)
    else:
        said, stale = _written(write(tree, folder, built=made, force=force), folder), False
    return Outcome(said=said, diagnostics=shown, found=stale, checked=1)


def _unchanged(there: Unchanged, file: str, folder: pathlib.Path, *, check: bool) -> Outcome:
    """Return what to say of a build that would be the same again: its warnings were shown when it was built."""
    state = _say("current") if check else _say("unchanged", count=there.files)
    warned = _say("warned", count=there.built.warnings, file=file)
    counts = (state, warned) if there.built.warnings else (state,)
    return Outcome(said=(_say("done", folder=places.shown(folder), counts=counts),), checked=1)


def _written(done: Written, folder: pathlib.Path) -> tuple[Message, ...]:
    counts = ((len(done.written), "written"), (len(done.unchanged), "unchanged"), (len(done.removed), "removed"))
    numbers = tuple(_say(word, count=count) for count, word in counts if count)
    return (_say("done", folder=places.shown(folder), counts=numbers),)


def _checked(comparison: Comparison, file: str, folder: pathlib.Path) -> tuple[tuple[Message, ...], bool]:
    """Return what to say of a folder, and whether it is stale."""
    name = places.shown(folder)
    if comparison.current:
        return (_say("done", folder=name, counts=(_say("current"),)),), False
    return (_say("stale", folder=name, file=file), *_differences(comparison)), True


def _differences(comparison: Comparison) -> list[Message]:
    """Return the one thing that matters most about each path that differs, sorted by path."""
    said: dict[str, Message] = {}
    for paths, what in (
        (comparison.edited, "edited"),
        (comparison.missing, "missing"),
        (comparison.stale, "superfluous"),
        (comparison.changed, "differs"),
        (comparison.modes, "mode"),
    ):
        for path in paths:
            said.setdefault(path, _say(what, path=path))
    return [message for _, message in sorted(said.items())]
