"""Turns the plan's cutover into cutover.md: six steps with what to do, to check and to count, and the way back."""

from chuoigen import templating
from chuoigen.messages import ENGLISH
from chuoigen.plan.model import Plan
from chuoigen.tree import Artifact

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
        "source": plan.spec_file,
        "say": ENGLISH.text,
        "steps": list(cutover.steps.values()),
        "rows": [(step, cutover.limit - step.peak) for step in cutover.steps.values()],
        "backend": backend,
        "container": cutover.container,
        "budget": plan.budgets.get(cutover.backend),
        "highest": max(step.peak for step in cutover.steps.values()),
        "address": _address(plan),
        # The images that script 02 has pushed are those that run, unless somebody has deployed since.
        "deploy": f"sh scripts/deploy.sh {plan.pipeline.first_tag}" if plan.pipeline else "sh scripts/deploy.sh",
    }
    return (Artifact(PATH, templating.render("pages/cutover.md.j2", **values)),)


def _address(plan: Plan) -> str:
    """Return the address of the health check as a visitor would ask for it; empty without a load balancer."""
    if plan.target_group is None:
        return ""
    secure = any(listener.certificate is not None for listener in plan.listeners)
    return f"{'https' if secure else 'http'}://www.example.com{plan.target_group.health_check_path}"
