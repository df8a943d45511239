"""The one loop over specs: each is loaded and handed to a command's task; one that fails does not stop the others."""

from collections.abc import Callable, Iterator

from chuoigen.diagnostics import ChuoigenError, Diagnostic
from chuoigen.inputs.load import Loaded, Loader, Source
from chuoigen.messages import Texts
from chuoigen.report.outcome import Outcome
from chuoigen.workspace.choice import MARKS, Chosen, Run, Spec

Task = Callable[[Spec, Callable[[], Loaded]], Outcome]
"""What a command does with one spec; it is loaded when the second argument is called."""

_say = Texts(__name__)


class _PassedOverError(Exception):
    """A file that a search found is no spec."""


def each(task: Task, chosen: Chosen, run: Run) -> Iterator[Outcome]:
    """Yield what each spec comes to, in their order, once it was told.

    What is wrong with a file that several specs extend is said once.
    """
    said: set[Diagnostic] = set()
    total = len(chosen.specs)
    for number, outcome in enumerate(_outcomes(task, chosen), start=1):
        shared = [found for found in outcome.diagnostics if found.span.file != outcome.file]
        again = said.intersection(shared)
        said.update(shared)
        fresh = outcome.replaced(diagnostics=tuple(found for found in outcome.diagnostics if found not in again))
        yield told(fresh, run, number, total)
    if chosen.others:
        yield Outcome(others=chosen.others)


def told(outcome: Outcome, run: Run, number: int, total: int) -> Outcome:
    """Tell what a spec came to, if there is somebody to tell, and return what nobody was told yet."""
    if run.tell is None:
        return outcome
    run.tell(outcome, number, total)
    return outcome.replaced(text="", difference="", said=(), notes=(), diagnostics=(), sources={})


def _outcomes(task: Task, chosen: Chosen) -> Iterator[Outcome]:
    loader = Loader(chosen.files)
    for spec in chosen.specs:
        yield _outcome(task, spec, loader)


def _outcome(task: Task, spec: Spec, loader: Loader) -> Outcome:
    sources: dict[str, Source] = {}

    def load() -> Loaded:
        loaded = loader.load(spec.file)
        if loaded.document is not None and loaded.document.data.keys().isdisjoint(MARKS):
            if not spec.named:
                raise _PassedOverError
            raise ChuoigenError(_say("no-spec", file=spec.file))
        sources.update((source.file, source) for source in loaded.sources)
        return loaded

    try:
        outcome = task(spec, load)
    except _PassedOverError:
        return Outcome(file=spec.file, others=1)
    except ChuoigenError as error:
        return Outcome(file=spec.file, failures=(error,))
    return outcome.replaced(file=spec.file, sources=sources if outcome.diagnostics else {})
