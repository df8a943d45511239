"""Say which check notices that a generated file was altered: joints, parsers, linters, and short runs."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from tests.proof import joints
from tests.proof.builds import build_of
from tests.proof.pipeline_runs import pipeline_runs
from tests.proof.script_runs import ScriptRuns
from tests.proof.served import served

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tests.proof.builds import Build
    from tools.mutations import Mutant

# Runs of their own, only for the files that they are about.
APART = ("entrypoints", "manifest")


class Killer:
    """The checks, with an emulated AWS for each build whose scripts are altered."""

    def __init__(self) -> None:
        self.aws: dict[str, ScriptRuns] = {}
        self.lock = threading.Lock()

    def killer_of(self, mutant: Mutant) -> str | None:
        """Return what notices the mutant first, None for a survivor."""
        build = build_of(mutant.build).altered(mutant.path, mutant.text)
        for name, complaints in self._checks(build, mutant.path):
            try:
                if any(True for _ in complaints):
                    return name
            except Exception as error:  # noqa: BLE001  a check that breaks on a broken file has noticed it
                return f"{name} ({type(error).__name__})"
        return None

    def _checks(self, build: Build, path: str) -> Iterator[tuple[str, Iterable[str]]]:
        if path.endswith(".sh"):
            yield "sh -n", _refused(["sh", "-n"], build.files[path])
        yield "joints", joints.complaints(build, [name for name in joints.CHECKS if name not in APART])
        if path.endswith("entrypoint.sh"):
            yield "entrypoints", joints.complaints(build, ["entrypoints"])
        if path.endswith(".sh"):
            yield "shellcheck", _refused([_tool("shellcheck"), "-"], build.files[path])
        if path.endswith("/Dockerfile"):
            yield "hadolint", _refused([_tool("hadolint"), "-"], build.files[path])
        if path.endswith("nginx.conf"):
            yield "nginx", served(build)
        if path.startswith("pipeline/") and path.endswith(".sh"):
            yield "pipeline runs", pipeline_runs(build, frozenset([Path(path).name]))
        if path.startswith("scripts/"):
            yield "emulated AWS", self._runs(build.name).complaints(path, build.files[path])

    def _runs(self, name: str) -> ScriptRuns:
        with self.lock:
            if name not in self.aws:
                self.aws[name] = ScriptRuns(build_of(name))
            return self.aws[name]

    def close(self) -> None:
        for runs in self.aws.values():
            runs.close()


def _refused(command: list[str], text: str) -> Iterator[str]:
    result = subprocess.run(command, input=text, capture_output=True, text=True, check=False, timeout=30)
    if result.returncode:
        yield (result.stdout + result.stderr).strip()


def _tool(name: str) -> str:
    return shutil.which(name, path=f"{Path(sys.executable).parent}:/usr/bin:/usr/local/bin") or name


def describe(mutant: Mutant) -> str:
    """Return a mutant in one line, for a person."""
    return f"{mutant.build}/{mutant.path}:{mutant.line} {mutant.kind}: {json.dumps(mutant.change, ensure_ascii=False)}"
