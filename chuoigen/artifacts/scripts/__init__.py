"""Turns the plan into scripts/: what a person runs, by its number, to make, change and remove everything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chuoigen import templating
from chuoigen.artifacts.scripts.account import account_values
from chuoigen.artifacts.scripts.alarms import alarm_values
from chuoigen.artifacts.scripts.calls import calls
from chuoigen.artifacts.scripts.deployer import deployer_policy
from chuoigen.artifacts.scripts.jobs import job_values
from chuoigen.artifacts.scripts.network import network_values
from chuoigen.artifacts.scripts.words import comment
from chuoigen.tree import Artifact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chuoigen.plan.model import Plan


def render(plan: Plan) -> tuple[Artifact, ...]:
    """Return lib.sh, the scripts that make sense for the plan, and the policy of whoever runs them.

    Each number always means the same.
    """
    values = _values(plan)
    numbered = tuple(_numbered(plan, values))
    later = [name for name in numbered if name >= "07"]
    values |= {"before": [name for name in numbered if name not in later], "after": later}
    jobs = ("run-job.sh",) if plan.jobs else ()
    named = ("apply.sh", *(("deploy.sh", *jobs) if plan.service is not None else ()), "destroy.sh")
    scripts = [_script(name, values) for name in (*numbered, *named)]
    scripts.append(Artifact("scripts/lib.sh", templating.render("scripts/lib.sh.j2", **values)))
    return (*scripts, deployer_policy(plan, scripts))


def _script(name: str, values: dict[str, Any]) -> Artifact:
    return Artifact(f"scripts/{name}", templating.render(f"scripts/{name}.j2", **values), executable=True)


def _numbered(plan: Plan, values: dict[str, Any]) -> Iterator[str]:
    wanted = {
        "00-preflight": True,
        "01-ecr": values["repositories"],
        "02-first-images": values["images"],
        "03-iam": values["made_roles"],
        "04-logs-and-parameters": values["log_groups"] or values["secrets"],
        "05-security-groups": values["made_groups"],
        "06-load-balancer": plan.load_balancer,
        "06-service-discovery": any(
            each is not None and not each.existing for each in (plan.discovery, plan.connect_namespace)
        ),
        "07-task-definition": True,
        "08-cluster-and-service": plan.service,
        "08-alarms": values["topic"],
        "08-schedules": plan.schedules,
        "09-take-back": True,
    }
    yield from (f"{name}.sh" for name, there in wanted.items() if there)


def _values(plan: Plan) -> dict[str, Any]:
    return {
        "plan": plan,
        "source": comment(plan.spec_file),
        "prefix_words": comment(plan.prefix),
        **account_values(plan),
        **network_values(plan),
        **job_values(plan),
        **alarm_values(plan),
        "calls": list(calls(plan)),
    }
