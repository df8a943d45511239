"""Turns the plan of a fluent-bit into its Dockerfile, its entrypoint and its configuration."""

from __future__ import annotations

import posixpath
from pathlib import Path
from typing import TYPE_CHECKING

from chuoigen.recipes import dockerfiles
from chuoigen.recipes.fluentbit import facts, settings
from chuoigen.recipes.fluentbit.quoting import classic_value, yaml_value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chuoigen.plan.definitions import ContainerPlan
    from chuoigen.plan.model import Plan
    from chuoigen.recipes.fluentbit.planning import FluentbitPlan


def texts(plan: Plan, container: ContainerPlan, made: FluentbitPlan) -> Mapping[str, str]:
    """Return the texts of the files by name; ValueError for text that fluent-bit would not leave as it is."""
    filters = {"yaml_value": yaml_value, "classic_value": classic_value}
    files = dockerfiles.Templates(Path(__file__).parent, plan, container, made, filters=filters)
    # FireLens on Fargate generates the classic format, which can include the classic format only; elsewhere it is YAML,
    # since the classic one is deprecated from the end of 2026 on.
    name = "router.conf" if made.router else "fluent-bit.yaml"
    config = facts.EXTRA if made.router else f"/fluent-bit/etc/{name}"
    unsent = [posixpath.join(made.state, folder) for folder in (settings.STORAGE, settings.OUTGOING)]
    outputs = [tuple(settings.s3(made, made.output))] if made.output else []
    sections = {
        "service": tuple(settings.service(made)),
        "inputs": list(map(settings.tail, made.tails)),
        "outputs": outputs,
    }
    return {
        ".dockerignore": files.text("dockerignore.j2", sent=("entrypoint.sh", name)),
        "Dockerfile": files.text(
            "Dockerfile.j2", name=name, config=config, program=facts.PROGRAM, start=_start(made, config)
        ),
        "entrypoint.sh": files.text("entrypoint.sh.j2", unsent=unsent),
        name: files.text(f"{name}.j2", **sections),
    }


def _start(made: FluentbitPlan, config: str) -> list[str]:
    """Return what is run: a router reads what ECS generates, which includes the file of the image."""
    return [facts.PROGRAM, "-c", facts.ROUTER if made.router else config]
