"""Specs linted, fixed and linted again, in memory, until nothing is left to fix; and the result written."""

import difflib
import pathlib
from collections.abc import Callable, Mapping

from chuoigen.diagnostics import ChuoigenError
from chuoigen.inputs.files import Disk, Files, Overlay
from chuoigen.inputs.project import find_root
from chuoigen.lint.fixes import fixed
from chuoigen.messages import Texts
from chuoigen.record import Record
from chuoigen.report.outcome import Outcome
from chuoigen.report.view import shown_difference
from chuoigen.tree import replace_file
from chuoigen.yaml.document import Document

_ROUNDS_MAX = 20
"""One fix may lay bare another: a renamed key, then its value. More rounds than any key has levels are a circle."""
_say = Texts(__name__)


class Fixing(Record):
    """What is to be fixed: with `unsafe` also what may change what was meant; with `preview` nothing is written."""

    unsafe: bool = False
    preview: bool = False


class Repaired(Record):
    """What came of it: the outcome of the last lint, the files before and after, and how many fixes were made."""

    outcome: Outcome
    before: Mapping[str, Document]
    after: Mapping[str, Document]
    count: int = 0

    def difference(self) -> str:
        """Return the changes as a unified diff."""
        return "".join(_difference(self.before[file], document) for file, document in sorted(self.after.items()))

    def write(self) -> None:
        """Write each changed file once, whole or not at all; a link stays one.

        Raises ChuoigenError where a file has changed meanwhile, cannot be written, or lies outside of its repository.
        """
        disk = Disk()
        for file, document in sorted(self.after.items()):
            if disk.read(file) != self.before[file].encoded:
                raise ChuoigenError(_say("changed-meanwhile", file=file))
            replace_file(pathlib.Path(disk.real(file)), document.encoded)


def repair(lint: Callable[[Files], Outcome], fixing: Fixing) -> Outcome:
    """Fix what `lint` finds, and return what it finds then; with `preview`, the changes as a unified diff.

    Raises ChuoigenError where a file cannot be written; those before it in order are fixed then.
    """
    result = repaired(lint, unsafe=fixing.unsafe)
    if fixing.preview:
        text = shown_difference(result.difference(), result.outcome.sources)
        return Outcome(difference=text, found=bool(text), failures=result.outcome.failures)
    result.write()
    return result.outcome.replaced(fixed=result.count)


def repaired(lint: Callable[[Files], Outcome], *, unsafe: bool) -> Repaired:
    """Run `lint` over files, make the fixes of its diagnostics, and run it over the result, until there are none.

    `unsafe` also makes those that may change what was meant.
    """
    disk = Disk()
    outcome = lint(disk)
    before: dict[str, Document] = {}
    after: dict[str, Document] = {}
    count = 0
    for _ in range(_ROUNDS_MAX):
        documents = {
            file: source.document
            for file, source in outcome.sources.items()
            if source.document is not None and _may_be_written(file, disk)
        }
        fixes = [one.fix for one in outcome.diagnostics if one.fix is not None and (unsafe or one.fix.safe)]
        changed, made = fixed(documents, fixes)
        if not made:
            break
        before = {file: documents[file] for file in changed} | before
        after |= changed
        count += made
        outcome = lint(Overlay(disk, {file: document.encoded for file, document in after.items()}))
    return Repaired(outcome, before, after, count)


def _may_be_written(file: str, disk: Disk) -> bool:
    """Say whether a file is a regular one inside of the repository that its name stands in."""
    root = disk.real(str(find_root(pathlib.Path(file))))
    return disk.is_file(file) and pathlib.Path(disk.real(file)).is_relative_to(root)


def _difference(before: Document, after: Document) -> str:
    lines = difflib.unified_diff(
        before.text.splitlines(keepends=True),
        after.text.splitlines(keepends=True),
        f"a/{before.file}",
        f"b/{before.file}",
    )
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)
