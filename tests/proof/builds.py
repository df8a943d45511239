"""Builds of the repository's own specs, as texts in memory, to be looked at or altered by the proofs."""

from __future__ import annotations

import functools
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from chuoigen.compiler import judge, render
from chuoigen.inputs.files import Disk
from chuoigen.inputs.load import load

if TYPE_CHECKING:
    from chuoigen.plan import Plan

ROOT = Path(__file__).parents[2]
APPLICATIONS = Path(__file__).parent
SPECS = {
    **{name: f"spec/{name}.yaml" for name in ("qa", "prod", "chuoi-2018")},
    **{
        name: f"tests/cases/{name}/spec.yaml"
        for name in (
            "arm64",
            "efs",
            "fluentbit",
            "node",
            "node-monorepo",
            "one-container",
            "python",
            "rails",
            "sidecars",
            "umbrella",
            "user-dockerfile",
            "worker",
        )
    },
}


@dataclass(frozen=True)
class Build:
    """What a spec gives: the plan, the text of each file by its path, and which of them are executable."""

    name: str
    plan: Plan
    files: dict[str, str]
    executable: frozenset[str]

    @property
    def repository(self) -> Repository:
        own = (ROOT / SPECS[self.name]).parent
        return Repository((own, APPLICATIONS / "rails") if self.name == "rails" else (own,))

    def altered(self, path: str, text: str) -> Build:
        """Return the same build with another text in one file."""
        return replace(self, files={**self.files, path: text})

    def write(self, folder: Path) -> None:
        for path, text in self.files.items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
            file.chmod(0o755 if path in self.executable else 0o644)


@dataclass(frozen=True)
class Repository:
    """The files of the application around a spec; what is too large for a case lies with its proof."""

    roots: tuple[Path, ...]

    def has(self, name: str) -> bool:
        return any((root / name).exists() for root in self.roots)

    def files(self) -> list[str]:
        """Return all of them, relative to the root."""
        found = [path.relative_to(root) for root in self.roots for path in sorted(root.rglob("*")) if path.is_file()]
        return [path.as_posix() for path in found if path.parts[0] != "expected"]


class OwnRepository(Disk):
    """The files on disk, where the folder of a spec is the root of a repository."""

    def __init__(self, folder: Path) -> None:
        self.mark = str(folder / ".git")

    def exists(self, path: str) -> bool:
        return path == self.mark or super().exists(path)


@functools.cache
def build_of(name: str) -> Build:
    """Build a spec of SPECS, or the one at a path, in memory."""
    file = ROOT / SPECS.get(name, name)
    judged = judge(load(os.path.relpath(file), OwnRepository(file.parent) if file.name == "spec.yaml" else None))
    assert not judged.refused, judged.diagnostics
    assert judged.plan is not None
    tree = render(judged.plan)
    artifacts = [*tree.values(), tree.manifest()]
    texts = {artifact.path: artifact.text for artifact in artifacts}
    return Build(name, judged.plan, texts, frozenset(artifact.path for artifact in artifacts if artifact.executable))
