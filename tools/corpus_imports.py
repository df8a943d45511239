"""What import makes of files that people really have: equal, different or refused, and why."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from chuoigen.diagnostics import ChuoigenError
from chuoigen.importing.concrete import concrete
from chuoigen.importing.idiom import Asked
from chuoigen.importing.proof import proved, rebuilt, respecified
from chuoigen.importing.reading import read
from chuoigen.inputs.files import Disk
from chuoigen.messages import ENGLISH
from chuoigen.workspace.choice import Run, choose

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from chuoigen.importing.reading import Imported


def table(folder: str) -> list[str]:
    """Return the lines of the table: what files came to, how many, and the reasons."""
    counts: Counter[str] = Counter()
    reasons: Counter[tuple[str, str]] = Counter()
    chosen = choose([folder], Run(skip_others=True, foreign=True))
    for spec in chosen.specs:
        for came_to, why in came(spec.file):
            counts[came_to] += 1
            reasons.update((came_to, one) for one in why)
    total = sum(counts.values())
    summary = ", ".join(f"{counts[word]} {word}" for word in sorted(counts))
    lines = [f"{total} imports: {summary}", "", "| import | reason | files |", "|---|---|---|"]
    return lines + [f"| {word} | {why} | {count} |" for (word, why), count in sorted(reasons.items())]


def came(file: str) -> Iterator[tuple[str, Iterable[str]]]:
    """Yield what each part of a file came to, with the reasons."""
    try:
        reading = read(file, Asked(), Disk())
    except ChuoigenError as error:
        yield "not importable", {ENGLISH.text(error.words).replace(file, Path(file).suffix)}
        return
    if not reading.parts:
        came_to = "refused, not for Fargate" if reading.remark else "refused"
        yield came_to, {f"{one.code} {one.rule}" for one in reading.diagnostics}
    for part in reading.parts:
        yield compared(part)


def compared(part: Imported) -> tuple[str, Iterable[str]]:
    """Return whether a build of an import is what the file says, and comes back as the same spec."""
    if part.definition is None:
        return "imported", {"the file has no task definition to compare with"}
    different = proved(part, Disk())
    if different:
        return "different", {f"{one.difference.dotted}: {ENGLISH.text(one.why)}" for one in different}
    spec = respecified(concrete(part.definition), Disk())
    if spec is not None and respecified(rebuilt(spec, Disk()), Disk()) != spec:
        return "equal, but another spec the second time", ()
    return "equal", {"with what was not carried over named" for _ in part.left}
