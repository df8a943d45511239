"""`chuoigen diff A B`: two specs compared with each other, such as two stages; or what runs with what is written."""

import pathlib

from chuoigen.compiler import Judged, judge, refuse_partial, render
from chuoigen.inputs.files import Disk
from chuoigen.inputs.load import Loader
from chuoigen.messages import Texts
from chuoigen.report.outcome import Outcome, sources_of
from chuoigen.report.reviews import review_of
from chuoigen.report.view import shown_difference
from chuoigen.review import compare, side_of
from chuoigen.tree import tree_diff
from chuoigen.workspace.choice import STANDARD_INPUT

_say = Texts(__name__)


def are_two(files: list[str] | None) -> bool:
    """Say whether two files are named, and nothing else."""
    if files is None or len(files) != 2:  # noqa: PLR2004  the two
        return False
    return not any(path == STANDARD_INPUT or pathlib.Path(path).is_dir() for path in files)


def between(one: str, two: str) -> Outcome:
    """Compare two files. One with errors has its diagnostics. Raises ChuoigenError for a file that cannot be read."""
    loader = Loader(Disk(), foreign=True)
    before, after = (refuse_partial(judge(loader.load(file))) for file in (one, two))
    sources = sources_of([before.loaded, after.loaded])
    refused = [judged for judged in (before, after) if judged.refused]
    if refused:
        found = dict.fromkeys(each for judged in refused for each in judged.diagnostics)
        ordered = tuple(sorted(found, key=lambda diagnostic: diagnostic.sort_key))
        return Outcome(diagnostics=ordered, found=True, sources=sources)
    difference = shown_difference(_difference(before, after), sources)
    stages = not before.loaded.form and not after.loaded.form
    compared = compare(side_of(before.loaded), side_of(after.loaded), beside=stages)
    review = review_of(two, compared, sources, difference).replaced(title=_say("title", one=one, two=two))
    return Outcome(difference=difference, reviews=(review,), found=bool(compared.changes))


def _difference(before: Judged, after: Judged) -> str:
    """Return the unified diff of what both specs give; a file of another format gives none."""
    if before.plan is None or after.plan is None or before.loaded.form or after.loaded.form:
        return ""
    return tree_diff(render(before.plan), render(after.plan), prefix=f"{after.plan.output}/")
