"""Turns the images of a plan into docker/: the files that their recipes make, a folder for each container."""

import re

from chuoigen import recipes
from chuoigen.plan.model import Plan
from chuoigen.tree import Artifact


def render(plan: Plan) -> tuple[Artifact, ...]:
    """Return the files of each image that a recipe builds; ValueError for text that such a file cannot hold."""
    return tuple(
        Artifact(f"docker/{container.name}/{name}", _single_blank_lines(text), executable=name.endswith(".sh"))
        for container in plan.built
        for name, text in recipes.named(container.recipe).render(plan, container, container.build).items()
    )


def _single_blank_lines(text: str) -> str:
    """Close the gaps that parts leave which a plan does not ask for; no text of a user holds a line end."""
    return re.sub(r"\n{3,}", "\n\n", text)
