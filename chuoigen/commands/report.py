"""`chuoigen report`: one HTML page about specs, for those who do not read YAML."""

import pathlib
from collections.abc import Sequence

from chuoigen.compiler import Judged, judge, refuse_partial
from chuoigen.diagnostics import ChuoigenError
from chuoigen.inputs.load import Loader
from chuoigen.messages import ENGLISH, Reader, Texts
from chuoigen.report.outcome import Outcome, sources_of
from chuoigen.tree import replace_file
from chuoigen.workspace.choice import RUN, choose

_say = Texts(__name__)
STANDARD_OUTPUT = "-"


def report(files: Sequence[str] = (), *, out: str | None = None, reader: Reader = ENGLISH) -> Outcome:
    """Make the page of specs, for standard output or into the file `out`; nothing where a spec has an error.

    Raises ChuoigenError where there is no spec to show, and for a file that cannot be written.
    """
    chosen = choose(files, RUN)
    loader = Loader(chosen.files)
    judged: list[Judged] = []
    failures: list[ChuoigenError] = []
    for spec in chosen.specs:
        try:
            one = judge(loader.load(spec.file))
        except ChuoigenError as error:
            failures.append(error)
            continue
        if spec.named or not one.loaded.partial or one.refused:
            judged.append(refuse_partial(one))
    sources = sources_of([one.loaded for one in judged])
    found = tuple(dict.fromkeys(one for spec in judged if spec.refused for one in spec.diagnostics))
    if found or failures:
        ordered = tuple(sorted(found, key=lambda one: one.sort_key))
        return Outcome(diagnostics=ordered, found=True, failures=tuple(failures), sources=sources)
    if not judged:
        raise ChuoigenError(_say("only-partial"))
    return _written(judged, out, reader)


def _written(judged: Sequence[Judged], out: str | None, reader: Reader) -> Outcome:
    from chuoigen.overview.page import page  # no other command of this kind needs templates

    text = page(judged, reader)
    if out is None or out == STANDARD_OUTPUT:
        return Outcome(text=text)
    replace_file(pathlib.Path(out), text.encode())
    return Outcome(said=(_say("written", file=out),))
