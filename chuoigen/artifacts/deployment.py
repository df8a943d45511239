"""Turns a deployment that moves traffic into deployment.md: tasks and connections at each moment, and the way back."""

from chuoigen import templating
from chuoigen.messages import ENGLISH
from chuoigen.plan import release
from chuoigen.plan.model import Plan
from chuoigen.tree import Artifact

PATH = "deployment.md"


def render(plan: Plan) -> tuple[Artifact, ...]:
    """Return the page; a rolling deployment has none."""
    if plan.service is None or not plan.service.deployment_configuration.shifts:
        return ()
    count, budgets = plan.service.desired_count, plan.budgets.values()
    moments = [
        {
            "time": f"{stage.at // 60}:{stage.at % 60:02}",
            "stage": stage,
            "held": [(stage.old + stage.new) * budget.per_task for budget in budgets],
        }
        for stage in release.stages(plan, count, count)
    ]
    values = {
        "plan": plan,
        "source": plan.spec_file,
        "say": ENGLISH.text,
        "strategy": plan.service.deployment_configuration.strategy,
        "moments": moments,
        "budgets": list(budgets),
        "notes": release.notes(plan),
    }
    return (Artifact(PATH, templating.render("pages/deployment.md.j2", **values)),)
