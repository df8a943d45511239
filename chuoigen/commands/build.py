"""`chuoigen build`: specs into folders of files; a spec with an error writes nothing and does not stop the others."""

import functools
import pathlib
from collections.abc import Callable, Sequence

from chuoigen.compiler import judge, refuse_partial, render
from chuoigen.diagnostics import Severity
from chuoigen.inputs.load import Loaded
from chuoigen.messages import Message, Texts
from chuoigen.plan import Plan
from chuoigen.report.outcome import Outcome, together
from chuoigen.tree import Comparison, compare, write
from chuoigen.workspace import places
from chuoigen.workspace.choice import RUN, Run, Spec, choose
from chuoigen.workspace.loop import each

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
    act = _checked if check else functools.partial(_written, force=force)
    task = functools.partial(_outcome, act=act, out=out, skip_partial=check)
    return together(each(task, chosen, run))


Act = Callable[[Plan, str, pathlib.Path], tuple[tuple[Message, ...], bool]]
"""Does something with a plan, its spec's name and its folder; returns what to say of it, and whether it is stale."""


def _outcome(spec: Spec, load: Callable[[], Loaded], *, act: Act, out: str | None, skip_partial: bool) -> Outcome:
    judged = judge(load())
    if judged.loaded.partial and not judged.refused and (skip_partial or not spec.named):
        return Outcome()
    judged = refuse_partial(judged)
    shown = tuple(one for one in judged.diagnostics if one.severity is not Severity.INFO)
    if judged.refused or judged.plan is None:
        return Outcome(said=(_say("refused", file=spec.file),), diagnostics=shown, found=True, checked=1)
    said, stale = act(judged.plan, spec.file, places.output_folder(spec.file, out))
    return Outcome(said=said, diagnostics=shown, found=stale, checked=1)


def _written(decided: Plan, file: str, folder: pathlib.Path, *, force: bool) -> tuple[tuple[Message, ...], bool]:
    del file
    done = write(render(decided), folder, force=force)
    counts = ((len(done.written), "written"), (len(done.unchanged), "unchanged"), (len(done.removed), "removed"))
    numbers = tuple(_say(word, count=count) for count, word in counts if count)
    return (_say("done", folder=places.shown(folder), counts=numbers),), False


def _checked(decided: Plan, file: str, folder: pathlib.Path) -> tuple[tuple[Message, ...], bool]:
    comparison = compare(render(decided), folder)
    name = places.shown(folder)
    if comparison.current:
        return (_say("current", folder=name),), False
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
