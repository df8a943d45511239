"""`chuoigen diff`: what a build would change, in what AWS holds and in the files that stand in an output folder."""

import functools
import pathlib
from collections.abc import Sequence

from chuoigen.compiler import Judged, judge, refuse_partial, render
from chuoigen.messages import Texts
from chuoigen.report.outcome import Outcome, together
from chuoigen.report.reviews import Review, review_of
from chuoigen.report.view import shown_difference
from chuoigen.review import compare, side_of
from chuoigen.review.built import TASK, compare_builds, load_task
from chuoigen.tree import MANIFEST, refuse_other, texts_in, unified_diff
from chuoigen.workspace import places
from chuoigen.workspace.choice import RUN, Run, choose
from chuoigen.workspace.loop import Opened, each
from chuoigen.workspace.past import built_spec
from chuoigen.workspace.provenance import built, still

_say = Texts(__name__)


def diff(files: Sequence[str] = (), *, out: str | None = None, run: Run = RUN) -> Outcome:
    """Compare specs with what stands in their output folders. A spec with an error has only its diagnostics."""
    chosen = choose(files, run)
    places.refuse_clash([spec.file for spec in chosen.specs], out)
    return together(each(functools.partial(_outcome, out=out), chosen, run))


def _outcome(opened: Opened, *, out: str | None) -> Outcome:
    spec, folder = opened.spec, places.output_folder(opened.spec.file, out)
    if still(opened, folder):
        return Outcome(reviews=(Review(spec.file, ()),))
    judged = judge(opened.load())
    if judged.loaded.partial and not judged.refused and not spec.named:
        return Outcome()
    judged = refuse_partial(judged)
    if judged.refused or judged.plan is None:
        return Outcome(diagnostics=judged.diagnostics, found=True)
    refuse_other(folder, built(opened, judged, judged.plan))
    text = unified_diff(render(judged.plan), folder, prefix=f"{places.shown(folder)}/")
    difference = shown_difference(text, opened.sources)
    review = _review(judged, folder, opened, difference)
    return Outcome(difference=difference, reviews=(review,), found=bool(text))


def _review(judged: Judged, folder: pathlib.Path, opened: Opened, difference: str) -> Review:
    """Compare a spec with the one that its folder was built from; all of it is new where there is no such folder."""
    file, there = opened.spec.file, (folder / MANIFEST).exists()
    before = built_spec(file, folder) if there else None
    if there and before is None:
        return _by_files(judged, folder, opened, difference)
    sides = (side_of(before) if before else None, side_of(judged.loaded))
    past = {f"{source.file}@past": source for source in (before.sources if before else ())}
    review = review_of(file, compare(*sides), {**opened.sources, **past}, difference)
    return review if before else review.replaced(notes=(_say("new", folder=places.shown(folder)),))


def _by_files(judged: Judged, folder: pathlib.Path, opened: Opened, difference: str) -> Review:
    """Compare a spec with the files of a folder: the spec that they were built from is in no commit."""
    assert judged.plan is not None  # noqa: S101  the caller has looked
    name = f"{places.shown(folder)}/{TASK}"
    files = texts_in(folder), {path: file.text for path, file in render(judged.plan).items()}
    old, new = (load_task(texts, name) for texts in files)
    read = {
        f"{one.file}@{number}": one for number, task in enumerate((old, new)) for one in (task.sources if task else ())
    }
    compared = compare_builds(*files, old, new)
    review = review_of(opened.spec.file, compared, {**opened.sources, **read}, difference)
    notes = (_say("no-past", folder=places.shown(folder)),) if compared.changes else ()
    return review.replaced(notes=(*notes, *review.notes))
