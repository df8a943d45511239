"""`chuoigen diff`: what a build would change, as a unified diff of what stands and what would be written."""

import functools
from collections.abc import Callable, Sequence

from chuoigen.compiler import judge, refuse_partial, render
from chuoigen.inputs.load import Loaded
from chuoigen.report.outcome import Outcome, together
from chuoigen.tree import unified_diff
from chuoigen.workspace import places
from chuoigen.workspace.choice import RUN, Run, Spec, choose
from chuoigen.workspace.loop import each


def diff(files: Sequence[str] = (), *, out: str | None = None, run: Run = RUN) -> Outcome:
    """Compare specs with what stands in their output folders. A spec with an error has only its diagnostics."""
    chosen = choose(files, run)
    places.refuse_clash([spec.file for spec in chosen.specs], out)
    return together(each(functools.partial(_outcome, out=out), chosen, run))


def _outcome(spec: Spec, load: Callable[[], Loaded], *, out: str | None) -> Outcome:
    judged = judge(load())
    if judged.loaded.partial and not judged.refused and not spec.named:
        return Outcome()
    judged = refuse_partial(judged)
    if judged.refused or judged.plan is None:
        return Outcome(diagnostics=judged.diagnostics, found=True)
    folder = places.output_folder(spec.file, out)
    text = unified_diff(render(judged.plan), folder, prefix=f"{places.shown(folder)}/")
    return Outcome(difference=text, found=bool(text))
