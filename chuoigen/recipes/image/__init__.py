"""An image that is not built here: it is only run, so that every question has the protocol's own answer."""

from chuoigen.plan.recipes import BuildPlan
from chuoigen.recipes.protocol import Recipe
from chuoigen.spec.build import ImageBuild


class Image(Recipe[ImageBuild, BuildPlan]):
    """What is asked of a recipe, answered for an image of which nothing is known."""

    name = "image"
    language = ImageBuild


RECIPE = Image()
