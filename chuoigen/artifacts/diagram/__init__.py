"""Turns the plan into diagram.svg: the task, its volumes and its neighbours, for a person to look at."""

from chuoigen import templating
from chuoigen.artifacts.diagram.composition import composed
from chuoigen.plan.model import Plan
from chuoigen.tree import Artifact

PATH = "diagram.svg"


def render(plan: Plan) -> tuple[Artifact, ...]:
    """Return the diagram: fixed coordinates, no script, no font of its own, readable on light and dark."""
    text = templating.render("diagram/diagram.svg.j2", spec_file=plan.spec_file, drawing=composed(plan))
    return (Artifact(PATH, text),)
