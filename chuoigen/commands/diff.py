"""`chuoigen diff`: what a build would change, as a unified diff of what stands and what would be written."""

from collections.abc import Sequence

from chuoigen import workspace
from chuoigen.compiler import judge, refuse_partial, render
from chuoigen.diagnostics import ChuoigenError, Diagnostic
from chuoigen.inputs.files import Disk
from chuoigen.inputs.load import Loader, Source
from chuoigen.outcome import Outcome, sources_of
from chuoigen.report.view import shown_difference
from chuoigen.tree import unified_diff


def diff(files: Sequence[str], *, out: str | None = None, skip_partial: bool = False) -> Outcome:
    """Compare specs with what stands in their output folders. A spec with an error has only its diagnostics."""
    workspace.refuse_clash(files, out)
    texts: list[str] = []
    diagnostics: list[Diagnostic] = []
    failures: list[ChuoigenError] = []
    loader = Loader(Disk())
    sources: dict[str, Source] = {}
    for file in files:
        try:
            judged = judge(loader.load(file))
            sources |= sources_of([judged.loaded])
            if skip_partial and judged.loaded.partial and not judged.refused:
                continue
            judged = refuse_partial(judged)
            if judged.refused or judged.plan is None:
                diagnostics += judged.diagnostics
                continue
            folder = workspace.output_folder(file, out)
            texts.append(unified_diff(render(judged.plan), folder, prefix=f"{workspace.shown(folder)}/"))
        except ChuoigenError as error:
            failures.append(error)
    text = shown_difference("".join(texts), sources)
    ordered = tuple(sorted(dict.fromkeys(diagnostics), key=lambda diagnostic: diagnostic.sort_key))
    return Outcome(
        text=text, diagnostics=ordered, found=bool(text or ordered), failures=tuple(failures), sources=sources
    )
