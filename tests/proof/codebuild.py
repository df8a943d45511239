"""Runs a buildspec as CodeBuild does: the commands of all phases in one shell, each phase until its first failure.

CodeBuild's documentation, "Build phase transitions" and "Build specification reference" (version 0.2): without
on-failure a failed pre_build ends the build, a failed build is still followed by post_build, and
CODEBUILD_BUILD_SUCCEEDING says 1 or 0 from then on.
"""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

PHASES = ("install", "pre_build", "build", "post_build")


@dataclass(frozen=True)
class Outcome:
    """Phases that ran and whether they succeeded, what they said, and the artifacts."""

    phases: dict[str, bool]
    said: str
    artifacts: dict[str, str]


def run(
    buildspec: Mapping[str, Any],
    source: Path,
    environment: Mapping[str, str],
    parameter: Callable[[str], str],
) -> Outcome:
    """Run the phases in `source`; `parameter` reads a value of Systems Manager."""
    assert buildspec["version"] == 0.2
    assert set(buildspec) <= {"version", "env", "phases", "artifacts"}
    stored = {name: parameter(key) for name, key in buildspec.get("env", {}).get("parameter-store", {}).items()}
    result = subprocess.run(
        ["sh", "-c", "\n".join(_script(buildspec["phases"]))],
        cwd=source,
        env={**environment, **stored, "CODEBUILD_BUILD_SUCCEEDING": "1", "CODEBUILD_SRC_DIR": str(source)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=300,
    )
    phases = {
        name: state == "SUCCEEDED" for name, state in re.findall(r"^phase (\w+) (\w+)$", result.stdout, re.MULTILINE)
    }
    artifacts = {}
    if all(phases.values()):
        artifacts = {name: (source / name).read_text() for name in buildspec.get("artifacts", {}).get("files", ())}
    return Outcome(phases, result.stdout, artifacts)


def _script(phases: Mapping[str, Any]) -> Iterator[str]:
    for name in PHASES:
        if name not in phases:
            continue
        yield "state=SUCCEEDED"
        for command in phases[name]["commands"]:
            yield f'if [ "$state" = SUCCEEDED ]; then\n{{ {command}\n}} || state=FAILED\nfi'
        yield f'echo "phase {name} $state"'
        yield '[ "$state" = SUCCEEDED ] || CODEBUILD_BUILD_SUCCEEDING=0'
        if name in {"install", "pre_build"}:
            yield '[ "$state" = SUCCEEDED ] || exit 1'
