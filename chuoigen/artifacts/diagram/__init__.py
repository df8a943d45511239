"""Turns the plan into diagram.svg: the task, its volumes and its neighbours, for a person to look at.

A picture is drawn in other forms, too, and so is the difference of two.
"""

from chuoigen import templating
from chuoigen.artifacts.diagram.composition import composed
from chuoigen.artifacts.diagram.difference import NOTHING, difference
from chuoigen.artifacts.diagram.picture import Picture
from chuoigen.artifacts.diagram.scene import pictured
from chuoigen.artifacts.diagram.sketch import sketched
from chuoigen.plan.model import Plan
from chuoigen.tree import Artifact

__all__ = ["FORMS", "NOTHING", "PATH", "Picture", "difference", "pictured", "render"]

PATH = "diagram.svg"


def render(plan: Plan) -> tuple[Artifact, ...]:
    """Return the diagram: fixed coordinates, no script, no font of its own, readable on light and dark."""
    return (Artifact(PATH, svg(pictured(plan))),)


def svg(picture: Picture) -> str:
    return templating.render("diagram/diagram.svg.j2", spec_file=picture.spec_file, drawing=composed(picture))


def mermaid(picture: Picture) -> str:
    return templating.render("diagram/diagram.mmd.j2", sketch=sketched(picture))


def dot(picture: Picture) -> str:
    return templating.render("diagram/diagram.dot.j2", sketch=sketched(picture))


FORMS = {"svg": svg, "mermaid": mermaid, "dot": dot}
"""What makes the text of a picture, by the name of its form."""
