"""`chuoigen lint`: what stands against each spec, found before anything is built."""

import functools
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from chuoigen.compiler import judge_all, unused_ignore
from chuoigen.diagnostics import ChuoigenError, Diagnostic, Severity
from chuoigen.inputs.load import Loader
from chuoigen.lint.rule import Ignore, ignores, suppress
from chuoigen.messages import Texts
from chuoigen.record import Record
from chuoigen.report.outcome import Outcome, together
from chuoigen.rules import by_name, everything, secret
from chuoigen.workspace import baseline, budgets, priorities
from chuoigen.workspace.choice import RUN, Chosen, Run, choose
from chuoigen.workspace.loop import Opened, Task, each, told

_say = Texts(__name__)


class Accepted(Record):
    """The baseline of a run: the file that has the findings not to be reported, and the one to write them to."""

    read: str = ""
    write: str = ""


NOTHING = Accepted()


def lint(
    files: Sequence[str] = (),
    *,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    accepted: Accepted = NOTHING,
    run: Run = RUN,
) -> Outcome:
    """Judge specs. `select` and `ignore` are names or codes of rules; a code's beginning, such as CG3, means all of it.

    Errors and warnings count as found; what is only information does not. Nothing is reported that goes into a
    baseline. Raises ChuoigenError for an unknown rule, and for a baseline that cannot be read or written.
    """
    for word in (*select, *ignore):
        _known(word)
    wanted = functools.partial(_wanted, select=select, ignore=ignore)
    before = baseline.read(accepted.read) if accepted.read else None
    chosen = choose(files, run.replaced(foreign=True))
    task = functools.partial(_outcome, wanted=wanted, before=before, kept=bool(accepted.write))
    known: list[baseline.Known] = []
    outcome = together(_outcomes(task, chosen, run, wanted, known))
    if not accepted.write:
        return outcome
    count = baseline.write(accepted.write, known)
    written = Outcome(said=(_say("baseline", file=accepted.write, count=count),))
    return together((outcome, told(written, run, 1, 1)))


Wanted = Callable[[Diagnostic], bool]


class _Linted(Outcome):
    """What one spec came to. `unused` are the comments in the files that it extends, `bases`, that silence nothing."""

    unused: tuple[Ignore, ...] = ()
    bases: tuple[str, ...] = ()
    known: tuple[baseline.Known, ...] = ()
    shares: tuple[budgets.Share, ...] = ()
    claims: tuple[priorities.Claim, ...] = ()


def _outcomes(task: Task, chosen: Chosen, run: Run, wanted: Wanted, known: list[baseline.Known]) -> Iterator[Outcome]:
    """Yield what each file came to; what is to go into a baseline is put into `known`."""
    unused: Counter[Ignore] = Counter()
    extended: Counter[str] = Counter()
    shares: list[budgets.Share] = []
    claims: list[priorities.Claim] = []
    for outcome in each(task, chosen, run):
        if isinstance(outcome, _Linted):
            shares += outcome.shares
            claims += outcome.claims
            unused.update(outcome.unused)
            extended.update(outcome.bases)
            known += outcome.known
        yield outcome
    # A comment in an extended file is unused where no spec of all needs it, and a part of them cannot tell; nor can it
    # count what all of them ask of a backend.
    if run.shard == (1, 1):
        spare = [unused_ignore(one) for one, count in unused.items() if count == extended[one.span.file]]
        several = [*budgets.over(shares), *priorities.colliding(claims)]
        yield from _in_files(list(filter(wanted, spare)), list(filter(wanted, several)), chosen, run)


def _in_files(
    spare: Sequence[Diagnostic], several: Sequence[Diagnostic], chosen: Chosen, run: Run
) -> Iterator[Outcome]:
    """Yield by file the comments without use, and what is found over several specs unless a comment suppresses it."""
    loader = Loader(chosen.files, foreign=True, form=chosen.form)
    for file in sorted({one.span.file for one in (*spare, *several)}):
        loaded = loader.load(file)
        written = [ignore for document in loaded.files for ignore in ignores(document)]
        stay, _ = suppress([one for one in several if one.span.file == file], written)
        unused = (one for one in spare if one.span.file == file)
        here = tuple(sorted((*stay, *unused), key=lambda one: one.sort_key))
        sources = {source.file: source for source in loaded.sources}
        outcome = Outcome(file=file, diagnostics=here, found=_matters(here), sources=sources)
        yield told(outcome, run, len(chosen.specs), len(chosen.specs))


def _outcome(opened: Opened, *, wanted: Wanted, before: Counter[baseline.Known] | None, kept: bool) -> Outcome:
    parts = judge_all(opened.loads())
    notes = tuple(dict.fromkeys(part.loaded.remark for part in parts if part.loaded.remark is not None))
    found = tuple(
        sorted({one for part in parts for one in part.diagnostics if wanted(one)}, key=lambda one: one.sort_key)
    )
    known = baseline.known(found, opened.sources, secret()) if kept or before is not None else []
    if before is not None:
        found = baseline.fresh(found, known, before)
    if kept:
        found = ()
    return _Linted(
        diagnostics=found,
        found=_matters(found),
        checked=1,
        known=tuple(known) if kept else (),
        notes=notes,
        unused=parts[0].unused,
        bases=tuple({file.file for file in parts[0].loaded.files[1:]}),
        shares=tuple(share for part in parts for share in budgets.shares(part, opened.spec.file)),
        claims=tuple(claim for part in parts for claim in priorities.claims(part, opened.spec.file)),
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
