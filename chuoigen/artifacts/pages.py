"""Turns the plan into README.md of the output: what is here, what must exist first, how to apply and to run it."""

import re
import shlex
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

from chuoigen import recipes, templating
from chuoigen.aws import limits
from chuoigen.plan.jobs import JobPlan
from chuoigen.plan.model import Plan
from chuoigen.resources import unique
from chuoigen.resources.alarms import Alarm, Topic
from chuoigen.resources.iam import KeyPolicy, Role
from chuoigen.resources.listeners import Action, Condition, Redirect
from chuoigen.tree import MANIFEST, Artifact

PATH = "README.md"

# What each file is for; the first pattern that a path matches counts.
_REASONS = {
    PATH: "this page",
    MANIFEST: "every generated file with its digest: what the next build may replace or remove",
    "compose.yaml": "the containers on one machine, reaching each other by name",
    "compose.fargate.yaml": "the containers on one machine, in one network namespace as on Fargate",
    "cutover.md": "how traffic moves here, step by step, with the connections counted",
    "deployment.md": "how a deployment goes, moment by moment, with tasks and connections counted",
    "diagram.svg": "the picture above",
    "ecs/task-definition.json": "input of aws ecs register-task-definition",
    "ecs/service.json": "input of aws ecs create-service",
    "ecs/service-update.json": "input of aws ecs update-service, at each deployment",
    "ecs/autoscaling.json": "input of aws application-autoscaling register-scalable-target",
    "ecs/scaling-policy-*.json": "input of aws application-autoscaling put-scaling-policy",
    "ecs/scheduled-action-*.json": "input of aws application-autoscaling put-scheduled-action",
    "ecs/alarm-topic.json": "input of aws sns create-topic",
    "ecs/alarm-topic-policy.json": "who may publish to the topic: the policy of one that exists must say so too",
    "ecs/alarm-*.json": "input of aws cloudwatch put-metric-alarm",
    "ecs/event-rule.json": "input of aws events put-rule: deployments that fail",
    "ecs/job-*.json": "input of aws ecs register-task-definition for a job",
    "ecs/run-job.json": "input of aws ecs run-task, to which a script adds the revision",
    "ecs/schedule-*.json": "input of aws scheduler create-schedule and update-schedule",
    "iam/*-trust.json": "who may take on the role",
    "iam/deployer-policy.json": "what whoever runs the scripts may do: what they call and nothing else",
    "iam/kms-key-*-policy.json": "what the policy of the key must say; whoever owns the key adds it",
    "iam/*-policy.json": "what the role may do: what the spec calls for and nothing else",
    "network/reachability.md": "who can reach whom on which port, on purpose and by the way",
    "network/security-groups.json": "all security groups with members, rules and reasons, to be read",
    "network/security-group-*-ingress-*.json": "input of aws ec2 authorize-security-group-ingress: one rule",
    "network/security-group-*.json": "input of aws ec2 create-security-group",
    "network/load-balancer.json": "input of aws elbv2 create-load-balancer",
    "network/load-balancer-attributes.json": "input of aws elbv2 modify-load-balancer-attributes",
    "network/target-group*-attributes.json": "input of aws elbv2 modify-target-group-attributes",
    "network/target-group*.json": "input of aws elbv2 create-target-group",
    "network/listener-rule-*.json": "input of aws elbv2 create-rule",
    "network/listener-*.json": "input of aws elbv2 create-listener",
    "network/discovery-namespace.json": "input of aws servicediscovery create-private-dns-namespace",
    "network/discovery-service.json": "input of aws servicediscovery create-service",
    "network/connect-namespace.json": "input of aws servicediscovery create-http-namespace",
    "pipeline/buildspec.yml": "what CodeBuild runs",
    "pipeline/build-docker-images.sh": "builds the images",
    "pipeline/push-to-ecr.sh": "pushes the images, and says which for CodePipeline",
    "pipeline/archive-and-upload-src.sh": "uploads the source for CodeBuild",
    "scripts/lib.sh": "what the scripts share",
    "scripts/00-preflight.sh": "checks tools, credentials, account, region, and what must exist; changes nothing",
    "scripts/01-ecr.sh": "makes the image repositories",
    "scripts/02-first-images.sh": "builds and pushes the first images: a service without images would start for ever",
    "scripts/03-iam.sh": "makes the roles and their policies",
    "scripts/04-logs-and-parameters.sh": "makes the log groups; checks that parameters and secrets exist",
    "scripts/05-security-groups.sh": "makes the security groups and their rules",
    "scripts/06-load-balancer.sh": "makes the load balancer, its target groups, its listeners and their rules",
    "scripts/06-service-discovery.sh": "makes the names in Cloud Map by which services find each other",
    "scripts/07-task-definition.sh": "registers the task definition",
    "scripts/08-cluster-and-service.sh": "makes the cluster and the service, and waits until its tasks run",
    "scripts/08-alarms.sh": "makes the alarms, their topic, and the rule about deployments that fail",
    "scripts/08-schedules.sh": "makes the schedules of the jobs",
    "scripts/09-take-back.sh": "asks, then removes what the spec does not say any more",
    "scripts/apply.sh": "shows what has to be changed, asks, and runs the scripts in an order that serves throughout",
    "scripts/deploy.sh": "brings a new revision to the service, waits, and says why when it failed",
    "scripts/run-job.sh": "runs a job, shows what it prints, and fails when it does",
    "scripts/destroy.sh": "asks, then removes what these scripts have made",
}

_ASKED = {
    "host-header": "host",
    "path-pattern": "path",
    "http-request-method": "method",
    "source-ip": "from",
    "query-string": "query",
}
"""What a page calls the kinds of conditions."""


def render(plan: Plan, paths: tuple[str, ...]) -> tuple[Artifact, ...]:
    """Return README.md; `paths` are those of all other artifacts."""
    listed = tuple(sorted({*paths, PATH, MANIFEST}))
    values = {
        "plan": plan,
        "source": plan.spec_file,
        "paths": listed,
        "files": [{"path": path, "why": reason(plan, path)} for path in listed],
        "steps": [{"path": path, "why": reason(plan, path)} for path in listed if re.match(r"scripts/\d\d-", path)],
        "size": size(plan),
        "rules": _rules(plan),
        "otherwise": _otherwise(plan),
        "needed": _needed(plan),
        "efs_port": limits.EFS_PORT,
        "secrets": _secrets(plan),
        "variables": list(_variables(plan)),
        "joined": [group for group in plan.groups if group.id is not None],
        "waiting": list(_waiting(plan)),
        "buckets": plan.buckets,
        "topic": plan.one(Topic),
        "alarms": [each.alarm_name for each in plan.every(Alarm)],
        "filled": bool(plan.filled),
        "holes": [container for container in plan.filled if container.image.hole],
        "jobs": [
            {
                "name": job.name,
                "container": job.container,
                "command": shlex.join(job.command) or "that of the image",
                "when": _when(plan, job),
            }
            for job in plan.jobs.values()
        ],
        "before": ", ".join(f"`{job.name}`" for job in plan.jobs.values() if job.before_deploy),
    }
    return (Artifact(PATH, templating.render("pages/README.md.j2", **values)),)


def reason(plan: Plan, path: str) -> str:
    """Say in one line what a file is for; empty when nobody has said it."""
    family, _, rest = path.partition("/")
    if family == "docker":
        name, _, file = rest.partition("/")
        return recipes.named(plan.containers[name].recipe).files.get(file, "") if name in plan.containers else ""
    return next((why for pattern, why in _REASONS.items() if fnmatchcase(path, pattern)), "")


def could_be_generated(path: str) -> bool:
    """Say whether the build of any spec could have a file at a path."""
    family, _, rest = path.partition("/")
    if family == "docker":
        container, _, file = rest.partition("/")
        return bool(container) and any(file in recipe.files for recipe in recipes.installed()[0])
    return any(fnmatchcase(path, pattern) for pattern in _REASONS)


def _when(plan: Plan, job: JobPlan) -> str:
    """Say when a job runs, as Markdown."""
    before = ["before each deployment"] if job.before_deploy else []
    made = plan.schedule(job)
    scheduled = [f"`{made.schedule_expression}`, {made.schedule_expression_timezone}"] if made else []
    return " and ".join((*before, *scheduled)) or "by hand"


def size(plan: Plan) -> str:
    """Say how large a task is, in the units in which Fargate is sold."""
    task = plan.task
    memory = f"{task.memory // 1024} GiB" if task.memory % 1024 == 0 else f"{task.memory} MiB"
    disk = f", {task.ephemeral_storage.size_in_gib} GiB of disk" if task.ephemeral_storage is not None else ""
    return f"{task.cpu / 1024:g} vCPU, {memory}{disk}"


def _needed(plan: Plan) -> dict[str, Any]:
    """Collect what the scripts take for granted, by kind; an empty list is left out of the page."""
    balancer, service = plan.load_balancer, plan.service
    tasks = service.network_configuration.awsvpc_configuration if service else None
    rollout = service.deployment_configuration if service else None
    return {
        "subnets": unique((*(tasks.subnets if tasks else ()), *(balancer.subnets if balancer else ()))),
        "certificates": unique(listener.certificate for listener in plan.listeners),
        "roles": [role.arn for role in plan.every(Role) if not role.made],
        "unattached": [
            {"role": role.role_name, "file": f"iam/{role.key.partition(':')[2]}-policy.json"}
            for role in plan.every(Role)
            if not role.made and plan.policy(role).policy_document.statement
        ],
        "keys": [{"arn": each.arn, "file": f"iam/{each.stem}-policy.json"} for each in plan.every(KeyPolicy)],
        "file_systems": unique(volume.efs.file_system_id for volume in plan.volumes.values() if volume.efs),
        "images": [each.image.reference for each in plan.containers.values() if each.image.filled is None],
        "registries": [login.host for login in plan.pipeline.logins] if plan.pipeline else [],
        "env_files": unique(name for each in plan.containers.values() for name in each.env_files),
        "alarms": rollout.alarms.alarm_names if rollout is not None and rollout.alarms is not None else (),
        "functions": unique(hook.hook_target_arn for hook in rollout.lifecycle_hooks.values()) if rollout else (),
        "credentials": unique(_credentials(plan)),
    }


def _credentials(plan: Plan) -> Iterator[str]:
    """Give the secrets with logins of registries: those of tasks, and those of builds."""
    for each in plan.containers.values():
        if each.repository_credentials is not None:
            yield each.repository_credentials.credentials_parameter
    for login in plan.pipeline.logins if plan.pipeline is not None else ():
        if login.username is not None:
            yield login.username.known_as


def _secrets(plan: Plan) -> list[dict[str, str]]:
    """List the parameters and secrets by their exact names, with who reads them."""
    found: dict[tuple[str, str], list[str]] = {}
    for container in plan.containers.values():
        for secret in (*container.secrets, *container.logs.secret_options):
            key = (secret.service, secret.known_as)
            found.setdefault(key, []).append(f"{container.name} as {secret.variable}")
    if plan.pipeline is not None:
        secrets = {variable: secret.known_as for variable, secret in plan.pipeline.secrets.items()}
        for store, pairs in (("ssm", plan.pipeline.parameters), ("secretsmanager", secrets)):
            for variable, name in pairs.items():
                found.setdefault((store, name), []).append(f"the build as {variable}")
    kinds = {"ssm": "parameter", "secretsmanager": "secret"}
    return [
        {"kind": kinds[store], "name": name, "readers": ", ".join(dict.fromkeys(readers))}
        for (store, name), readers in found.items()
    ]


def _variables(plan: Plan) -> Iterator[str]:
    """Give the variables that compose takes from the shell; it renames those that mean several secrets."""
    meanings: dict[str, set[str]] = {}
    for container in plan.containers.values():
        for secret in container.secrets:
            meanings.setdefault(secret.variable, set()).add(secret.value_from)
    yield from (variable for variable, meant in meanings.items() if len(meant) == 1)
    yield from (container.image.local for container in plan.filled if container.image.hole)


def _waiting(plan: Plan) -> Iterator[dict[str, str]]:
    """Give the backends whose group is made by a script, so that somebody must put the backend into it."""
    for group in plan.groups:
        if group.id is None:
            members = (name for name in group.members if name in plan.backends)
            yield from ({"backend": name, "group": group.name} for name in members)


def _rules(plan: Plan) -> list[dict[str, str]]:
    """Return a row for each rule, the one that goes first first."""
    return [
        {
            "priority": str(rule.priority),
            "name": rule.name,
            "requests": ", ".join(map(_condition, rule.conditions)),
            "happens": _happens(plan, rule.action),
        }
        for rule in plan.listener_rules
    ]


def _otherwise(plan: Plan) -> str:
    """Say what happens to requests that no rule is about."""
    return _happens(plan, plan.listeners[-1].action) if plan.listeners else ""


def _condition(condition: Condition) -> str:
    header = condition.http_header_config
    kind = f"header {header.http_header_name}" if header else _ASKED[condition.field]
    return f"{kind} {' or '.join(condition.asked)}"


def _happens(plan: Plan, action: Action) -> str:
    """Say what an action does."""
    if action.fixed_response_config is not None:
        return f"answered with {action.fixed_response_config.status_code}"
    if action.redirect_config is not None:
        return f"sent to {''.join(_place(action.redirect_config))}"
    containers = {group.key: f"{group.container} on {group.port}" for group in plan.target_groups}
    shares = action.shares
    total = sum(shares.values())
    if len(shares) == 1:
        return f"to {containers[next(iter(shares))]}"
    return "to " + ", ".join(f"{containers[key]} ({weight} of {total})" for key, weight in shares.items())


def _place(redirect: Redirect) -> Iterator[str]:
    yield f"{(redirect.protocol or '#{protocol}').lower()}://{redirect.host or '#{host}'}"
    yield f":{redirect.port}" if redirect.port else ""
    yield f"{redirect.path or '/#{path}'}{f'?{redirect.query}' if redirect.query else ''}"
