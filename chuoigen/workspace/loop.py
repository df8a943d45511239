"""The one loop over specs: each is loaded and handed to a command's task; one that fails does not stop the others."""

import contextlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from chuoigen.diagnostics import ChuoigenError, Diagnostic
from chuoigen.inputs.formats import MARKS
from chuoigen.inputs.load import Loaded, Loader, Source
from chuoigen.inputs.recorded import Answers, Recorded
from chuoigen.messages import Texts
from chuoigen.report.outcome import Outcome
from chuoigen.workspace.choice import Chosen, Run, Spec
from chuoigen.workspace.processes import in_order

if TYPE_CHECKING:
    from chuoigen.inputs.files import Files

_say = Texts(__name__)


class NoSpecError(Exception):
    """A file that a search found is no spec."""


class Opened:
    """A spec that is about to be loaded, and what was read for it."""

    def __init__(self, spec: Spec, loader: Loader, files: Recorded) -> None:
        """Take the spec, and the loader and the files of this process."""
        self.spec = spec
        self.files: Files = files
        self.sources: dict[str, Source] = {}
        self._loader = loader
        self._recorded = files

    def load(self) -> Loaded:
        """Return the spec. Raises ChuoigenError when it cannot be read or is none; NoSpecError when nobody named it."""
        return self.loads()[0]

    def loads(self) -> tuple[Loaded, ...]:
        """Return all that stands in the file, which may have another format. Raises as `load` does."""
        self._recorded.start()
        loaded = self._loader.loads(self.spec.file)
        if _is_nothing(loaded[0]):
            if not self.spec.named:
                raise NoSpecError
            raise ChuoigenError(_say("no-spec", file=self.spec.file))
        self.sources = {source.file: source for one in loaded for source in one.sources}
        return loaded

    def answers(self, root: str) -> Answers:
        """Return all that the spec was made from, by paths from `root`."""
        return self._recorded.answers(root)


def _is_nothing(loaded: Loaded) -> bool:
    """Say whether a file has no mark of its format: a spec without one, or what only looked like another format."""
    if loaded.form:
        return loaded.document is None and not loaded.diagnostics
    return loaded.document is not None and loaded.document.data.keys().isdisjoint(MARKS)


Task = Callable[[Opened], Outcome]
"""What a command does with one spec. It must be one that another process can be given."""


def each(task: Task, chosen: Chosen, run: Run) -> Iterator[Outcome]:
    """Yield what each spec comes to, in their order, once it was told.

    What is wrong with a file that several specs extend is said once.
    """
    said: set[Diagnostic] = set()
    total = len(chosen.specs)
    with contextlib.closing(in_order(_Work(task, chosen), chosen.specs, run.jobs)) as outcomes:
        for number, outcome in enumerate(outcomes, start=1):
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


class _Work:
    """A task with what one process needs for it."""

    def __init__(self, task: Task, chosen: Chosen) -> None:
        self._task = task
        self._files = Recorded(chosen.files)
        self._loader = Loader(self._files, foreign=chosen.foreign, form=chosen.form)

    def __call__(self, spec: Spec) -> Outcome:
        opened = Opened(spec, self._loader, self._files)
        try:
            outcome = self._task(opened)
        except NoSpecError:
            return Outcome(file=spec.file, others=1)
        except ChuoigenError as error:
            return Outcome(file=spec.file, failures=(error,))
        return outcome.replaced(file=spec.file, sources=opened.sources if outcome.diagnostics else {})
