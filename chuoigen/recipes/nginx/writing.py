"""Turns the plan of an nginx into its Dockerfile, its entrypoint and nginx.conf."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from chuoigen.recipes import dockerfiles
from chuoigen.recipes.nginx.quoting import nginx

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chuoigen.plan.definitions import ContainerPlan
    from chuoigen.plan.model import Plan
    from chuoigen.recipes.nginx.planning import NginxPlan

SHUTDOWN_MARGIN_S = 5
"""How long before its stop timeout nginx closes what is still open, so that it exits by itself."""


def texts(plan: Plan, container: ContainerPlan, made: NginxPlan) -> Mapping[str, str]:
    """Return the texts of the files by name."""
    files = dockerfiles.Templates(Path(__file__).parent, plan, container, made, filters={"nginx": nginx})
    return {
        ".dockerignore": files.text("dockerignore.j2", sent=("entrypoint.sh", "nginx.conf")),
        "Dockerfile": files.text("Dockerfile.j2", prepared=made.directories),
        "entrypoint.sh": files.text("entrypoint.sh.j2"),
        "nginx.conf": files.text(
            "nginx.conf.j2",
            graceful=max(1, container.stop_timeout - SHUTDOWN_MARGIN_S),
            # A location is compared with the path alone.
            health=made.health_path.partition("?")[0] if made.health_path else None,
        ),
    }
