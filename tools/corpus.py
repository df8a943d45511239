"""What lint says about files that people really have: findings by rule, and the files that it cannot judge.

Run it before and after a new rule: the difference is what the rule would have said about real projects. Nothing of a
corpus is kept in the repository.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))


from chuoigen.commands.lint import lint
from chuoigen.diagnostics import Severity
from chuoigen.inputs.formats import words_of
from chuoigen.messages import ENGLISH
from chuoigen.workspace.choice import Run
from tools import corpus_imports

EXAMPLE = 110


def table(folder: str) -> list[str]:
    """Return the lines of the table: severity, rule, findings, files, one example."""
    outcome = lint([folder], run=Run(skip_others=True))
    count = Counter((one.severity.value, one.rule) for one in outcome.diagnostics)
    files = Counter(
        {
            key: len({one.span.file for one in outcome.diagnostics if (one.severity.value, one.rule) == key})
            for key in count
        }
    )
    first = {(one.severity.value, one.rule): one for one in reversed(outcome.diagnostics)}
    faulty = {one.span.file for one in outcome.diagnostics if one.severity is Severity.ERROR}
    summary = (
        f"{outcome.checked} files judged, {outcome.others} passed over, {len(outcome.notes)} not for Fargate,"
        f" {len(faulty)} with errors, {len(outcome.failures)} unreadable"
    )
    lines = [
        summary,
        "",
        "| severity | rule | findings | files | example |",
        "|---|---|---|---|---|",
    ]
    for key in sorted(count):
        one = first[key]
        reader = ENGLISH.replaced(words=words_of(one.form)) if one.form else ENGLISH
        place = f"{Path(one.span.file).name}:{one.span.line}"
        said = "" if key[1] == "possible-secret" else reader.text(one.words).replace("|", "\\|")[:EXAMPLE]
        lines.append(f"| {key[0]} | {key[1]} | {count[key]} | {files[key]} | {place} {said} |")
    return lines


if __name__ == "__main__":
    if len(sys.argv) != 2:  # noqa: PLR2004  the script and the folder
        sys.exit("usage: make corpus CORPUS=dir")
    print("\n".join(table(sys.argv[1])))
    print("\n".join(["", *corpus_imports.table(sys.argv[1])]))
