"""The user's own Dockerfile: built and pushed like the others, and nothing is written beside it."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from chuoigen.plan.recipes import BuildPlan
from chuoigen.recipes.answers import Sources
from chuoigen.recipes.dockerfile.language import DockerfileBuild
from chuoigen.recipes.protocol import Recipe

if TYPE_CHECKING:
    from chuoigen.plan.images import Asked


class DockerfilePlan(BuildPlan):
    """The user's own Dockerfile; both paths relative to the project's root."""

    dockerfile: str
    context: str
    target: str | None


class Dockerfile(Recipe[DockerfileBuild, DockerfilePlan]):
    """What is asked of a recipe, answered for an image whose inside only its own author knows."""

    name = "dockerfile"
    language = DockerfileBuild

    def plan(self, asked: Asked[DockerfileBuild]) -> DockerfilePlan:
        """Find the Dockerfile and its context in the repository."""
        return DockerfilePlan(
            arguments=asked.arguments(),
            directories=(),  # what it prepares is its author's
            dockerfile=asked.path("dockerfile", posixpath.normpath(asked.build.dockerfile)),
            context=asked.path("context", "."),
            target=asked.build.target,
        )

    def sources(self, made: DockerfilePlan) -> Sources:
        """Name what the spec names."""
        return Sources(context=made.context, dockerfile=made.dockerfile, target=made.target)


RECIPE = Dockerfile()
