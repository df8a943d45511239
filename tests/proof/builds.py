"""Builds of the repository's own specs, as texts in memory, to be looked at or altered by the proofs."""

from __future__ import annotations

import functools
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from chuoigen.compiler import judge, render
from chuoigen.inputs.load import load

if TYPE_CHECKING:
    from chuoigen.plan import Plan

ROOT = Path(__file__).parents[2]
SPECS = {
    **{name: f"spec/{name}.yaml" for name in ("qa", "prod", "chuoi-2018")},
    **{
        name: f"tests/cases/{name}/spec.yaml"
        for name in ("arm64", "efs", "fluentbit", "one-container", "sidecars", "user-dockerfile", "worker")
    },
}


@dataclass(frozen=True)
class Build:
    """What a spec gives: the plan, the text of each file by its path, and which of them are executable."""

    name: str
    plan: Plan
    files: dict[str, str]
    executable: frozenset[str]

    def altered(self, path: str, text: str) -> Build:
        """Return the same build with another text in one file."""
        return replace(self, files={**self.files, path: text})

    def write(self, folder: Path) -> None:
        for path, text in self.files.items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
            file.chmod(0o755 if path in self.executable else 0o644)


@functools.cache
def build_of(name: str) -> Build:
    """Build a spec of SPECS, or the one at a path, in memory."""
    judged = judge(load(os.path.relpath(ROOT / SPECS.get(name, name))))
    assert not judged.refused, judged.diagnostics
    assert judged.plan is not None
    tree = render(judged.plan)
    artifacts = [*tree.values(), tree.manifest()]
    texts = {artifact.path: artifact.text for artifact in artifacts}
    return Build(name, judged.plan, texts, frozenset(artifact.path for artifact in artifacts if artifact.executable))
