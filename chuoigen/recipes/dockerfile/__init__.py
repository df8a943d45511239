"""The user's own Dockerfile: built and pushed like the others, and nothing is written beside it."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from chuoigen.aws import defaults
from chuoigen.plan.recipes import BuildPlan
from chuoigen.recipes.answers import BaseUse, Sources
from chuoigen.recipes.bases import base_of
from chuoigen.recipes.dockerfile import reading
from chuoigen.recipes.dockerfile.language import DockerfileBuild
from chuoigen.recipes.protocol import Recipe

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chuoigen.plan.definitions import ContainerPlan
    from chuoigen.plan.images import Asked
    from chuoigen.recipes.inside import Inside
    from chuoigen.spec import Spec


class DockerfilePlan(BuildPlan):
    """The user's own Dockerfile; both paths relative to the project's root. `inside` is what can be read in it."""

    dockerfile: str
    context: str
    target: str | None
    inside: Inside | None


class Dockerfile(Recipe[DockerfileBuild, DockerfilePlan]):
    """What is asked of a recipe, answered for an image of which only its Dockerfile is known."""

    name = "dockerfile"
    port_variables = None
    language = DockerfileBuild

    def plan(self, asked: Asked[DockerfileBuild]) -> DockerfilePlan:
        """Find the Dockerfile and its context in the repository."""
        dockerfile = asked.path("dockerfile", posixpath.normpath(asked.build.dockerfile))
        text = asked.project.texts.get(dockerfile)
        given = {argument.name: argument.value for argument in asked.arguments() if argument.value is not None}
        return DockerfilePlan(
            arguments=asked.arguments(),
            directories=(),  # what it prepares is its author's
            dockerfile=dockerfile,
            context=asked.path("context", "."),
            target=asked.build.target,
            inside=reading.read(text, given, asked.build.target) if text is not None else None,
        )

    def environment(self, spec: Spec, build: DockerfileBuild, *, by_name: bool) -> Mapping[str, str]:
        """Set the time zone, where one is written."""
        return {} if spec.timezone == defaults.TIMEZONE.value else {"TZ": spec.timezone}

    def http_check(self, made: DockerfilePlan | None, url: str) -> tuple[str, ...] | None:
        """Use the tool that the image is known to have."""
        has = made.inside.has if made is not None and made.inside is not None else {}
        if has.get("curl"):
            return ("CMD", "curl", "-fsS", "-o", "/dev/null", url)
        return ("CMD", "wget", "-q", "-O", "/dev/null", url) if has.get("wget") else None

    def bases(self, build: DockerfileBuild, made: DockerfilePlan) -> Iterable[BaseUse]:
        """Give the images on which its stages stand."""
        for image in made.inside.bases if made.inside is not None else ():
            yield BaseUse("dockerfile", base_of(image), written=False)

    def inside(self, container: ContainerPlan, made: DockerfilePlan | None) -> Inside | None:
        """Return what its Dockerfile says."""
        return made.inside if made is not None else None

    def sources(self, made: DockerfilePlan) -> Sources:
        """Name what the spec names."""
        return Sources(context=made.context, dockerfile=made.dockerfile, target=made.target)


RECIPE = Dockerfile()
