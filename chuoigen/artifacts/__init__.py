"""A plan into the tree of all generated files."""

from chuoigen.artifacts import (
    compose,
    cutover,
    deployment,
    diagram,
    docker,
    ecs,
    iam,
    network,
    pages,
    pipeline,
    reachability,
    scripts,
)
from chuoigen.plan.model import Plan
from chuoigen.tree import Artifact, Tree

FAMILIES = (docker, compose, ecs, iam, network, reachability, pipeline, scripts, cutover, deployment, diagram)
"""Every family of files; `pages` comes after them, since its README names what the others made."""


def render(plan: Plan) -> Tree:
    """Return all files that a plan asks for."""
    made: list[Artifact] = [artifact for family in FAMILIES for artifact in family.render(plan)]
    made += pages.render(plan, tuple(sorted(artifact.path for artifact in made)))
    return Tree.of(made, pages.could_be_generated)
