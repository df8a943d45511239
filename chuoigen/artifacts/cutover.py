"""Turns the plan's cutover into cutover.md: six steps with what to do, to check and to count, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuoigen import templating
from chuoigen.tree import Artifact

if TYPE_CHECKING:
    from chuoigen.plan.model import Plan

PATH = "cutover.md"


def render(plan: Plan) -> tuple[Artifact, ...]:
    """Return the page, when the spec has a cutover."""
    cutover = plan.cutover
    if cutover is None:
        return ()
    backend = plan.backends[cutover.backend]
    values = {
        "plan": plan,
        "cutover": cutover,
        "source": plan.spec_file.replace("--", "- -"),
        "steps": cutover.steps,
        "rows": [(step, cutover.limit - step.peak) for step in cutover.steps],
        "backend": backend,
        "container": backend.pool_container,
        "budget": next((each for each in plan.budgets if each.backend == cutover.backend), None),
        "highest": max(step.peak for step in cutover.steps),
        "address": _address(plan),
        # The images that script 02 has pushed are those that run, unless somebody has deployed since.
        "deploy": f"sh scripts/deploy.sh {plan.pipeline.first_tag}" if plan.pipeline else "sh scripts/deploy.sh",
    }
    return (Artifact(PATH, templating.render("pages/cutover.md.j2", **values)),)


def _address(plan: Plan) -> str:
    """Return the address of the health check as a visitor would ask for it; empty without a load balancer."""
    balancer = plan.load_balancer
    if balancer is None:
        return ""
    secure = any((each.action, each.protocol) == ("forward", "HTTPS") for each in balancer.listeners)
    return f"{'https' if secure else 'http'}://www.example.com{balancer.path}"
