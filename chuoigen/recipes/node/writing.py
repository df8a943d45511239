"""Turns the plan of a Node.js application into its Dockerfile, what the build ignores, and its entrypoint."""

from __future__ import annotations

import posixpath
from pathlib import Path
from typing import TYPE_CHECKING

from chuoigen.recipes import dockerfiles
from chuoigen.recipes.node import commands

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chuoigen.plan.definitions import ContainerPlan
    from chuoigen.plan.model import Plan
    from chuoigen.recipes.node.planning import NodePlan


def texts(plan: Plan, container: ContainerPlan, made: NodePlan) -> Mapping[str, str]:
    """Return the texts of the files by name."""
    files = dockerfiles.Templates(Path(__file__).parent, plan, container, made)
    built = "/app" if commands.gather(made) else "/src"
    return {
        "Dockerfile": files.text(
            "Dockerfile.j2",
            everything=dockerfiles.copy(made.context, (".",)),
            download=commands.download(made),
            build_commands=[*commands.install(made), *commands.build(made)],
            keep_commands=[*commands.production(made), *commands.gather(made)],
            built=built,
            built_static=posixpath.normpath(posixpath.join(built, made.folder, made.static)),
        ),
        "Dockerfile.dockerignore": files.text(
            "Dockerfile.dockerignore.j2",
            ignored=dockerfiles.ignored(made.context, ("coverage", ".pnpm-store"), made.generated),
        ),
        "entrypoint.sh": files.text("entrypoint.sh.j2"),
    }
