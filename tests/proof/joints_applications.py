"""Joints of an image with an application of Rails, Node.js or Python: what is copied, who runs it, what stays out."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from chuoigen.recipes.node.planning import NodePlan
from tests.proof import dockerfiles
from tests.proof.joints_ignored import UNWANTED, refused
from tests.proof.joints_task import differ

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chuoigen.plan.definitions import ContainerPlan
    from chuoigen.recipes.python.planning import PythonPlan
    from chuoigen.recipes.rails.planning import RailsPlan
    from tests.proof.builds import Build
    from tests.proof.dockerfiles import Instruction

# What a laptop made, and what the build must see.
MADE = {
    "rails": ("node_modules/a", "log/a.log", "tmp/a", "public/assets/a.js", "vendor/bundle/a"),
    "node": ("node_modules/a", "packages/a/node_modules/b", "coverage/a"),
    "python": ("a/__pycache__/b", "a.pyc", ".venv/bin/a", ".pytest_cache/a"),
}
# How a command of a build stage that makes the application begins, or follows variables; the next layer is cached.
INSTALLS = {"rails": "bundle install", "node": "npm ci", "python": "pip --python"}


def application(
    build: Build, container: ContainerPlan, recipe: RailsPlan | NodePlan | PythonPlan, stages: list[list[Instruction]]
) -> Iterator[str]:
    *earlier, last = stages
    yield from _stages(recipe, earlier, last)
    yield from differ("USER", dockerfiles.values(last, "USER"), [("1000:1000",)])
    yield from differ("CMD", dockerfiles.values(last, "CMD"), [_command(recipe)])
    yield from differ("WORKDIR", dockerfiles.values(last, "WORKDIR")[-1][0], _folder(recipe))
    own = [i for stage in stages for i in stage if i.keyword == "COPY" and "from" not in i.flags]
    yield from _sources(build, own)
    named = [word for i in own for word in i.words[:-1] if "GENERATED" in word]
    yield from (
        f"{word} is not there"
        for word in named
        if word.replace("${GENERATED}", f"docker/{container.name}") not in build.files
    )
    yield from _installed_first(container, earlier[-1])
    yield from _ignored(build, container, recipe, own)


def _command(recipe: RailsPlan | NodePlan | PythonPlan) -> tuple[str, ...]:
    return ("node", recipe.main) if isinstance(recipe, NodePlan) else recipe.command


def _folder(recipe: RailsPlan | NodePlan | PythonPlan) -> str:
    return recipe.folder_in_image if isinstance(recipe, NodePlan) else recipe.root


def _stages(
    recipe: RailsPlan | NodePlan | PythonPlan, earlier: list[list[Instruction]], last: list[Instruction]
) -> Iterator[str]:
    """The process runs on the base of the plan; compilers and what else a build needs stay in earlier stages."""
    base = recipe.runtime if isinstance(recipe, NodePlan) else recipe.base
    yield from differ("FROM", dockerfiles.values(last, "FROM"), [(base.image,)])
    names = [words[-1] for stage in earlier for words in dockerfiles.values(stage, "FROM")]
    taken = [i.flags["from"] for stage in (*earlier, last) for i in stage if i.keyword == "COPY" and "from" in i.flags]
    yield from differ("stages", sorted(set(taken) | {"builder"}), sorted(names))
    said = dockerfiles.commands(last)
    yield from (f"the last stage runs {command}" for command in said if command.startswith(("npm", "pip", "bundle")))


def _sources(build: Build, own: list[Instruction]) -> Iterator[str]:
    """What is copied by name is in the repository."""
    names = [word for i in own for word in i.words[:-1] if "GENERATED" not in word and word != "."]
    yield from (f"COPY takes {name}, which is not there" for name in names if not build.repository.has(name))


def _installed_first(container: ContainerPlan, builder: list[Instruction]) -> Iterator[str]:
    """Dependencies are installed before everything is copied, so that a commit does not install them again."""
    wanted = INSTALLS[container.recipe]
    kinds = [
        "all" if i.keyword == "COPY" and i.words == (".", ".") else "install" if _runs(i, wanted) else ""
        for i in builder
    ]
    found = [kind for kind, _ in itertools.groupby(filter(None, kinds))]
    if found[:2] != ["install", "all"]:
        yield f"the layers of the builder are {found}"


def _runs(instruction: Instruction, wanted: str) -> bool:
    return instruction.keyword == "RUN" and any(wanted in command for command in instruction.words)


def _ignored(
    build: Build, container: ContainerPlan, recipe: RailsPlan | NodePlan | PythonPlan, own: list[Instruction]
) -> Iterator[str]:
    lines = build.files[f"docker/{container.name}/Dockerfile.dockerignore"].splitlines()
    patterns = [line for line in lines if line and not line.startswith("#")]
    for path in (*UNWANTED, *MADE[container.recipe], "out/other/README.md"):
        if not refused(path, patterns):
            yield f"{path} would be sent to Docker"
    generated = [w.replace("${GENERATED}", recipe.generated) for i in own for w in i.words[:-1] if "GENERATED" in w]
    for path in (*(file for file in build.repository.files() if file not in UNWANTED), *generated):
        if refused(path, patterns):
            yield f"{path} would not be sent to Docker"
