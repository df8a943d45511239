"""`chuoigen lint`: what stands against each spec, found before anything is built."""

import functools
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from chuoigen.compiler import judge, unused_ignore
from chuoigen.diagnostics import ChuoigenError, Diagnostic, Severity
from chuoigen.inputs.load import Loader
from chuoigen.lint.rule import Ignore
from chuoigen.messages import Texts
from chuoigen.report.outcome import Outcome, together
from chuoigen.rules import by_name, everything
from chuoigen.workspace.choice import RUN, Chosen, Run, choose
from chuoigen.workspace.loop import Opened, each, told

_say = Texts(__name__)


def lint(
    files: Sequence[str] = (), *, select: Sequence[str] = (), ignore: Sequence[str] = (), run: Run = RUN
) -> Outcome:
    """Judge specs. `select` and `ignore` are names or codes of rules; a code's beginning, such as CG3, means all of it.

    Errors and warnings count as found; what is only information does not. Raises ChuoigenError for an unknown rule.
    """
    for word in (*select, *ignore):
        _known(word)
    wanted = functools.partial(_wanted, select=select, ignore=ignore)
    chosen = choose(files, run.replaced(foreign=True))
    return together(_outcomes(chosen, run, wanted))


Wanted = Callable[[Diagnostic], bool]


class _Linted(Outcome):
    """What one spec came to. `unused` are the comments in the files that it extends, `bases`, that silence nothing."""

    unused: tuple[Ignore, ...] = ()
    bases: tuple[str, ...] = ()


def _outcomes(chosen: Chosen, run: Run, wanted: Wanted) -> Iterator[Outcome]:
    unused: Counter[Ignore] = Counter()
    extended: Counter[str] = Counter()
    for outcome in each(functools.partial(_outcome, wanted=wanted), chosen, run):
        if isinstance(outcome, _Linted):
            unused.update(outcome.unused)
            extended.update(outcome.bases)
        yield outcome
    # A comment in an extended file is unused where no spec of all needs it, and a part of them cannot tell.
    if run.shard == (1, 1):
        found = [unused_ignore(one) for one, count in unused.items() if count == extended[one.span.file]]
        yield from _in_bases([one for one in found if wanted(one)], chosen, run)


def _in_bases(found: Sequence[Diagnostic], chosen: Chosen, run: Run) -> Iterator[Outcome]:
    loader = Loader(chosen.files)
    for file in sorted({one.span.file for one in found}):
        here = tuple(sorted((one for one in found if one.span.file == file), key=lambda one: one.sort_key))
        sources = {source.file: source for source in loader.load(file).sources}
        outcome = Outcome(file=file, diagnostics=here, found=_matters(here), sources=sources)
        yield told(outcome, run, len(chosen.specs), len(chosen.specs))


def _outcome(opened: Opened, *, wanted: Wanted) -> Outcome:
    judged = judge(opened.load())
    note = judged.loaded.note
    found = tuple(one for one in judged.diagnostics if wanted(one))
    return _Linted(
        diagnostics=found,
        found=_matters(found),
        checked=1,
        notes=(note,) if note else (),
        unused=judged.unused,
        bases=tuple({file.file for file in judged.loaded.files[1:]}),
    )


def _matters(found: Sequence[Diagnostic]) -> bool:
    return any(one.severity is not Severity.INFO for one in found)


def _known(word: str) -> None:
    if by_name(word) is None and not (
        word.startswith("CG") and any(rule.code.startswith(word) for rule in everything(elsewhere=True))
    ):
        raise ChuoigenError(_say("no-rule", rule=word))


def _wanted(diagnostic: Diagnostic, select: Sequence[str], ignore: Sequence[str]) -> bool:
    def named(words: Sequence[str]) -> bool:
        return any(diagnostic.rule == word or diagnostic.code.startswith(word) for word in words)

    return (not select or named(select)) and not named(ignore)
