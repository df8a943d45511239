"""A repository on disk for tests of whole commands, and the command line in a process of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from chuoigen.messages import ENGLISH

if TYPE_CHECKING:
    from chuoigen.report.outcome import Outcome

ROOT = Path(__file__).parent.parent
COMMAND = (sys.executable, "-m", "chuoigen")

SMALL = """\
chuoigen: 1
name: echo
aws: { account: "123456789012", region: eu-west-1 }
task: { execution_role: echo-execution }
containers:
  echo:
    image: public.ecr.aws/docker/library/busybox:1.37.0
    command: [sh, -c, "while :; do date; sleep 60; done"]
"""
"""A spec without any finding."""
WRONG = SMALL.replace("echo-execution }", "echo-execution, cpu: 256, memory: 4096 }")
"""One error: cpu-memory-pair, at the memory of line 4."""
PARTIAL = SMALL.replace("chuoigen: 1\n", "chuoigen: 1\npartial: true\n")


def repository(folder: Path, **specs: str) -> Path:
    """Make a repository with these specs under spec/, named by their keys; without any, with those of Chuoi."""
    (folder / ".git").mkdir(parents=True)
    (folder / "spec").mkdir()
    for name, text in specs.items():
        (folder / "spec" / f"{name}.yaml").write_text(text, encoding="utf-8", newline="\n")
    if not specs:
        for file in sorted((ROOT / "spec").glob("*.yaml")):
            shutil.copy(file, folder / "spec")
    return folder


def commit(folder: Path) -> None:
    """Commit all that stands in a folder, of which a repository is made where it is none."""
    who = ("-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false")
    for arguments in (("init", "-q"), ("add", "-A"), (*who, "commit", "-q", "--no-verify", "-m", "state")):
        subprocess.run(["git", *arguments], cwd=folder, check=True)


def environment(**changes: str) -> dict[str, str]:
    """Return an environment in which `python -m chuoigen` is this repository's, wherever it is called."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "SYSTEMROOT") if name in os.environ}
    return {**kept, "PYTHONPATH": str(ROOT), **changes}


def chuoigen(*arguments: str, cwd: Path, **changes: str) -> subprocess.CompletedProcess[str]:
    """Run a command line in a process of its own, with pipes in place of a terminal."""
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=cwd,
        env=environment(**changes),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def printed(outcome: Outcome) -> str:
    """Return what an English reader gets on standard output, but for findings."""
    return outcome.text + outcome.difference + "".join(f"{ENGLISH.text(line)}\n" for line in outcome.said)


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder by its relative path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }
