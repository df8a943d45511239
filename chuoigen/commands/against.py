"""`chuoigen diff --against REV`: what specs give now, compared with what they gave at a revision; both in memory."""

import contextlib
import pathlib
from collections.abc import Iterator, Sequence

from chuoigen.compiler import Judged, judge, refuse_partial, render
from chuoigen.diagnostics import ChuoigenError, Diagnostic
from chuoigen.inputs.files import Disk, Files
from chuoigen.inputs.load import Loader, Source
from chuoigen.inputs.project import SPEC_FOLDER, find_root
from chuoigen.inputs.revision import Revision
from chuoigen.messages import Message, Texts
from chuoigen.report.outcome import Outcome
from chuoigen.report.reviews import Review, review_of
from chuoigen.report.view import shown_difference
from chuoigen.review import Side, compare, side_of
from chuoigen.review.locks import LOCK, with_locks
from chuoigen.tree import Tree, tree_diff
from chuoigen.workspace import places
from chuoigen.workspace.choice import RUN, choose, specs_below

_say = Texts(__name__)


def against(files: Sequence[str], revision: str) -> Outcome:
    """Compare specs with themselves at a revision, with all that they extend and read there.

    `files` may be folders, and empty for the folder spec/; of what lies in a folder, now or then, specs that are only
    to be extended are passed over. A spec with errors has its diagnostics; one that had errors at the revision gave
    nothing there. Raises ChuoigenError when there is no git or no such revision.
    """
    run = _Run(revision)
    reviews: list[Review] = []
    meant = tuple(dict.fromkeys(_meant(files, revision)))
    moved: dict[str, str] = {}
    with contextlib.suppress(ChuoigenError):  # which the spec itself has, too
        moved = run.moved(meant)
    for file in meant:
        if file in moved.values():
            continue
        try:
            reviews += run.compared(file, moved.get(file, file), skip_partial=file not in files)
        except ChuoigenError as error:
            run.failures.append(error)
    run.close()
    ordered = tuple(sorted(dict.fromkeys(run.diagnostics), key=lambda diagnostic: diagnostic.sort_key))
    text = "".join(review.difference for review in reviews)
    return Outcome(
        difference=text,
        reviews=tuple(reviews),
        diagnostics=ordered,
        found=bool(text or ordered or any(review.lines for review in reviews)),
        failures=tuple(run.failures),
        notes=tuple(run.notes),
        sources=run.sources,
    )


class _Run:
    """What the specs of one run share: the loaders, one for each repository, and what is said."""

    def __init__(self, revision: str) -> None:
        self.revision = revision
        self.now = Loader(Disk())
        self.then: dict[pathlib.Path, tuple[Revision, Loader]] = {}
        self.diagnostics: list[Diagnostic] = []
        self.failures: list[ChuoigenError] = []
        self.notes: list[Message] = []
        self.sources: dict[str, Source] = {}

    def close(self) -> None:
        for files, _ in self.then.values():
            files.close()

    def past(self, file: str) -> tuple[Revision, Loader]:
        """Return the files of a spec's repository at the revision."""
        root = find_root(pathlib.Path(file))
        if root not in self.then:
            files = Revision(root, self.revision)
            self.then[root] = files, Loader(files)
        return self.then[root]

    def moved(self, files: Sequence[str]) -> dict[str, str]:
        """Return the former file of each spec whose file is new, and whose service had another file that is gone."""
        new = [file for file in files if Disk().is_file(file) and not self.past(file)[0].is_file(file)]
        gone = [file for file in files if not Disk().is_file(file) and self.past(file)[0].is_file(file)]
        if not new or not gone:
            return {}
        known = {_service(self.judged(file, self.past(file)[1], self.past(file)[0])): file for file in gone}
        found = ((file, _service(self.judged(file, self.now, Disk()))) for file in new)
        return {file: known.pop(name) for file, name in found if name is not None and name in known}

    def compared(self, file: str, former: str, *, skip_partial: bool) -> list[Review]:
        """Return what changed of one spec, which may have been another file; nothing of one that has errors now."""
        root = find_root(pathlib.Path(file))
        past, loader = self.past(file)
        now, then = self.judged(file, self.now, Disk()), self.judged(former, loader, past)
        if now is None and then is None:
            self.now.load(file)  # which says why
        if skip_partial and all(one is None or (one.loaded.partial and not one.refused) for one in (now, then)):
            return []
        if now is not None:
            now = refuse_partial(now)
            if now.refused:
                self.diagnostics += now.diagnostics
                return []
        if then is None or now is None:
            self.notes.append(_say("new" if then is None else "gone", file=file, revision=self.revision))
        elif former != file:
            self.notes.append(_say("moved", file=file, former=former, revision=self.revision))
        elif refuse_partial(then).refused:
            self.notes.append(_say("had-errors", file=file, revision=self.revision))
        folder = places.output_folder(file, None).relative_to(root).as_posix()
        difference = tree_diff(_tree(then), _tree(now), prefix=f"{folder}/")
        locks = (_text(files, f"{places.output_folder(file, None)}/{LOCK}") for files in (past, Disk()))
        compared = with_locks(compare(_side(then), _side(now)), *locks)
        return [review_of(file, compared, self.sources, shown_difference(difference, self.sources))]

    def judged(self, file: str, loader: Loader, files: Files) -> Judged | None:
        """Return a spec judged, None where there is no such file."""
        if not files.exists(file):
            return None
        judged = judge(loader.load(file))
        for number, source in enumerate(judged.loaded.sources):
            name = source.file if loader is self.now else f"{source.file}@{number}"
            self.sources[name] = source
        return judged


def _service(judged: Judged | None) -> tuple[str | None, ...] | None:
    """Return what AWS knows the service of a spec by; None where that cannot be said."""
    if judged is None or judged.plan is None or judged.refused:
        return None
    spec = judged.loaded.spec
    return None if spec is None else (spec.aws.account, spec.aws.region, spec.name, spec.stage)


def _text(files: Files, path: str) -> str:
    """Return the text of a file, "" where there is none."""
    return files.read(path).decode("utf-8", "replace") if files.is_file(path) else ""


def _tree(judged: Judged | None) -> Tree:
    """Return what a spec gives; nothing where it is not there or gives nothing."""
    if judged is None or judged.plan is None or refuse_partial(judged).refused:
        return Tree({})
    return render(judged.plan)


def _side(judged: Judged | None) -> Side | None:
    """Return what a spec decides; None where it is not there or gives nothing."""
    return None if judged is None or refuse_partial(judged).refused else side_of(judged.loaded)


def _meant(files: Sequence[str], revision: str) -> Iterator[str]:
    """Give the files that are meant: those named, and the specs that folders hold now or held at the revision."""
    for path in files or (SPEC_FOLDER,):
        if files and Disk().is_file(path):
            yield path
            continue
        with Revision(find_root(pathlib.Path(path, "any")), revision) as past:
            found = sorted({spec for side in (Disk(), past) for spec in specs_below(path, side)})
        if not found and not files:
            found = [spec.file for spec in choose((), RUN).specs]
        yield from found or (path,)
