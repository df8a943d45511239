"""`chuoigen diff`: what a build would change, as a unified diff of what stands and what would be written."""

import functools
from collections.abc import Sequence

from chuoigen.compiler import judge, refuse_partial, render
from chuoigen.report.outcome import Outcome, together
from chuoigen.report.view import shown_difference
from chuoigen.tree import refuse_other, unified_diff
from chuoigen.workspace import places
from chuoigen.workspace.choice import RUN, Run, choose
from chuoigen.workspace.loop import Opened, each
from chuoigen.workspace.provenance import built, still


def diff(files: Sequence[str] = (), *, out: str | None = None, run: Run = RUN) -> Outcome:
    """Compare specs with what stands in their output folders. A spec with an error has only its diagnostics."""
    chosen = choose(files, run)
    places.refuse_clash([spec.file for spec in chosen.specs], out)
    return together(each(functools.partial(_outcome, out=out), chosen, run))


def _outcome(opened: Opened, *, out: str | None) -> Outcome:
    spec, folder = opened.spec, places.output_folder(opened.spec.file, out)
    if still(opened, folder):
        return Outcome()
    judged = judge(opened.load())
    if judged.loaded.partial and not judged.refused and not spec.named:
        return Outcome()
    judged = refuse_partial(judged)
    if judged.refused or judged.plan is None:
        return Outcome(diagnostics=judged.diagnostics, found=True)
    refuse_other(folder, built(opened, judged, judged.plan))
    text = unified_diff(render(judged.plan), folder, prefix=f"{places.shown(folder)}/")
    return Outcome(difference=shown_difference(text, opened.sources), found=bool(text))
