"""What the Dockerfiles of all recipes have in common, written once more from the plan."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from chuoigen.recipes.fluentbit.planning import FluentbitPlan
from chuoigen.recipes.fluentd.planning import FluentdPlan
from chuoigen.recipes.nginx.planning import NginxPlan
from chuoigen.recipes.node.planning import NodePlan
from chuoigen.recipes.phoenix.planning import PhoenixPlan
from chuoigen.recipes.python.planning import PythonPlan
from chuoigen.recipes.rails.planning import RailsPlan
from tests.proof import dockerfiles
from tests.proof.joints_task import differ

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.proof.dockerfiles import Instruction


Prepared = PhoenixPlan | RailsPlan | NodePlan | PythonPlan | NginxPlan | FluentdPlan | FluentbitPlan
"""What is decided about an image whose Dockerfile is generated."""


def position(stage: list[Instruction], keyword: str, said: list[str]) -> int:
    """Return how many commands are run before the first instruction of one kind."""
    seen = 0
    for instruction in stage:
        if instruction.keyword == keyword:
            return seen
        seen += len(instruction.words) if instruction.keyword == "RUN" else 0
    return len(said)


def copies(stage: list[Instruction]) -> list[tuple[str, ...]]:
    found = [i for i in stage if i.keyword == "COPY"]
    return [(*(f"--{k}={v}" for k, v in i.flags.items()), *i.words) for i in found]


def install(packager: str, packages: tuple[str, ...]) -> list[str]:
    if not packages:
        return []
    names = " ".join(map(shlex.quote, packages))
    if packager == "apk":
        return [f"apk add --no-cache {names}"]
    debian = "DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends"
    return ["apt-get update", f"{debian} {names}", "rm -rf /var/lib/apt/lists/*"]


def exactly(where: str, stage: list[Instruction], wanted: list[str]) -> Iterator[str]:
    """Complain about commands that are missing, too many, or in another order."""
    yield from differ(f"{where}: RUN", dockerfiles.commands(stage), wanted)


def after(recipe: Prepared) -> list[str]:
    """Return the commands that prepare the directories of the volumes."""
    if not recipe.directories:
        return []
    paths = [shlex.quote(directory.path) for directory in recipe.directories]
    made = ["mkdir -p " + " ".join(paths)]
    return made + [f"chown {d.owner} {shlex.quote(d.path)}" for d in recipe.directories]


def zone(recipe: Prepared) -> list[str]:
    zone = f"/usr/share/zoneinfo/{recipe.timezone}"
    return [f"test -f {zone}", f"ln -snf {zone} /etc/localtime"]


def declared(recipe: Prepared) -> list[str]:
    """Return the checks of build arguments that come from a secret store or have no value."""
    missing = [a.name for a in recipe.arguments if a.value is None]
    return [f"""eval ': "${{{name}:?the build argument is missing or empty}}"'""" for name in missing]
