"""Turns the plan of a container into a service of a compose file."""

import posixpath
from collections.abc import Mapping
from typing import Any

from chuoigen import recipes
from chuoigen.artifacts.compose.interpolation import Interpolated, asked_for, below_root
from chuoigen.plan.definitions import ContainerPlan, HealthPlan, SecretPlan, TmpfsPlan
from chuoigen.plan.model import Plan
from chuoigen.plan.recipes import ArgumentPlan, FetchingPlan
from chuoigen.resources import said

_CONDITIONS = {
    "START": "service_started",
    "HEALTHY": "service_healthy",
    "SUCCESS": "service_completed_successfully",
    # Compose knows no end that may also be a failure.
    "COMPLETE": "service_completed_successfully",
}


def service(plan: Plan, container: ContainerPlan, environment: Mapping[str, str]) -> dict[str, Any]:
    """Return what both files say about a container; `environment` is what tells them apart."""
    secrets = {secret.variable: _secret(plan, container, secret) for secret in container.secrets}
    return said(
        {
            "image": _image(container),
            "build": _build(plan, container),
            # Another container's image: no registry has it, and compose would ask one before that container is built.
            "pull_policy": "never" if container.build is None and container.image.repository is not None else None,
            "platform": plan.task.platform,
            "entrypoint": list(container.entrypoint),
            "command": list(container.command),
            "environment": {**environment, **secrets},
            "volumes": [
                said(
                    {"type": "volume", "source": each.volume, "target": each.path, "read_only": each.read_only or None}
                )
                for each in container.mounts
            ],
            "volumes_from": [f"{each.container}{':ro' if each.read_only else ''}" for each in container.volumes_from],
            "tmpfs": [_tmpfs(each) for each in container.linux.tmpfs],
            "depends_on": {
                name: {"condition": _CONDITIONS[condition]} for name, condition in container.depends_on.items()
            },
            "healthcheck": container.healthcheck and _health_check(container.healthcheck),
            "stop_grace_period": f"{container.stop_timeout}s",
            "restart": _restart(container),
            "init": container.linux.init_process_enabled,
            "user": container.user,
            "working_dir": container.working_dir,
            "read_only": container.read_only or None,
            "stdin_open": container.interactive,
            "tty": container.pseudo_terminal,
            "cap_add": list(container.linux.capabilities.add),
            "cap_drop": list(container.linux.capabilities.drop),
            "ulimits": {limit.name: {"soft": limit.soft, "hard": limit.hard} for limit in container.ulimits},
            "cpu_shares": container.cpu or None,
            "mem_limit": f"{container.memory}m" if container.memory else None,
            "mem_reservation": f"{container.memory_reservation}m" if container.memory_reservation else None,
            "labels": dict(container.labels),
        }
    )


def _image(container: ContainerPlan) -> str:
    """Return the image; one that a pipeline fills in is asked for by its placeholder."""
    image = container.image
    return asked_for(image.local, image.filled or f"the image of {container.name}") if image.hole else image.local


def _build(plan: Plan, container: ContainerPlan) -> dict[str, Any] | None:
    build = container.build
    if build is None:
        return None
    arguments = {argument.name: _argument(argument) for argument in build.arguments}
    fetching = build if isinstance(build, FetchingPlan) else None
    asked = {
        "secrets": [secret.name for secret in fetching.secrets] if fetching is not None else [],
        "ssh": ["default"] if fetching is not None and fetching.ssh else [],
    }
    sources = recipes.named(container.recipe).sources(build)
    folder = f"docker/{container.name}"
    if sources.context is None:
        return said({"context": f"./{folder}", "args": arguments})
    own = sources.dockerfile
    if own is not None:
        dockerfile = posixpath.relpath(own, sources.context)
    else:  # the generated files lie inside the context, the root of the project
        generated = Interpolated(f"${{GENERATED_ROOT:-{plan.output}}}/{folder}")
        dockerfile, arguments = Interpolated(f"{generated}/Dockerfile"), {"GENERATED": generated, **arguments}
    context = below_root(sources.context, plan.up)
    files = {"context": context, "dockerfile": dockerfile, "args": arguments, "target": sources.target}
    return said({**files, **asked})


def _argument(argument: ArgumentPlan) -> str:
    if argument.value is not None:
        return argument.value
    return asked_for(argument.name, argument.parameter or "")


def _secret(plan: Plan, container: ContainerPlan, secret: SecretPlan) -> str:
    """Ask for the value in the caller's shell, by a longer name where the same means different secrets."""
    same = {
        other.value_from
        for each in plan.containers.values()
        for other in each.secrets
        if other.variable == secret.variable
    }
    name = secret.variable if len(same) == 1 else f"{container.name.upper()}_{secret.variable}"
    return asked_for(name, secret.name or secret.value_from)


def _tmpfs(tmpfs: TmpfsPlan) -> str:
    return f"{tmpfs.path}:" + ",".join((f"size={tmpfs.size}m", *tmpfs.options))


def _health_check(health: HealthPlan) -> dict[str, Any]:
    return said(
        {
            "test": list(health.command),
            "interval": f"{health.interval}s",
            "timeout": f"{health.timeout}s",
            "retries": health.retries or None,
            "start_period": f"{health.start_period}s" if health.start_period else None,
        }
    )


def _restart(container: ContainerPlan) -> str | None:
    if container.restart is None:
        return None
    return "on-failure" if 0 in container.restart.ignored_exit_codes else "unless-stopped"
