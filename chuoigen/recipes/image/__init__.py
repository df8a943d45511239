"""An image that is not built here: it is only run, and what is known of it is what is known of public images."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuoigen.aws import defaults
from chuoigen.plan.recipes import BuildPlan
from chuoigen.recipes.inside import Inside, public
from chuoigen.recipes.protocol import Recipe
from chuoigen.spec.build import ImageBuild

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chuoigen.plan.definitions import ContainerPlan
    from chuoigen.spec import Spec


class Image(Recipe[ImageBuild, BuildPlan]):
    """What is asked of a recipe, answered for an image of somebody else."""

    name = "image"
    port_variables = None
    language = ImageBuild

    def environment(self, spec: Spec, build: ImageBuild, *, by_name: bool) -> Mapping[str, str]:
        """Set the time zone, where one is written."""
        return {} if spec.timezone == defaults.TIMEZONE.value else {"TZ": spec.timezone}

    def inside(self, container: ContainerPlan, made: BuildPlan | None) -> Inside:
        """Look the image up."""
        return public(container.image.reference)


RECIPE = Image()
