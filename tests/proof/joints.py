"""One walk over all files of a build: what one of them says about another has to be so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.proof import (
    joints_around,
    joints_compose,
    joints_deployer,
    joints_diagram,
    joints_entrypoints,
    joints_fluentbit,
    joints_fluentd,
    joints_images,
    joints_nginx,
    joints_pages,
    joints_reachability,
    joints_service,
    joints_task,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tests.proof.builds import Build

CHECKS: dict[str, Callable[[Build], Iterable[str]]] = {
    "inputs that AWS takes": joints_task.inputs_that_aws_takes,
    "requests": joints_task.requests,
    "task": joints_task.task,
    "service": joints_service.service,
    "autoscaling": joints_service.autoscaling,
    "compose": joints_compose.compose,
    "names": joints_service.names,
    "images": joints_images.images,
    "nginx": joints_nginx.nginx,
    "fluentd": joints_fluentd.fluentd,
    "fluentbit": joints_fluentbit.fluentbit,
    "entrypoints": joints_entrypoints.entrypoints,
    "groups": joints_around.groups,
    "load balancer": joints_around.load_balancer,
    "placeholders": joints_around.placeholders,
    "roles": joints_around.roles,
    "deployer": joints_deployer.deployer,
    "what the scripts make": joints_around.what_the_scripts_make,
    "pipeline": joints_around.pipeline,
    "diagram": joints_diagram.diagram,
    "links": joints_pages.links,
    "pages": joints_pages.pages,
    "contents": joints_pages.contents,
    "sums": joints_pages.sums,
    "reachability": joints_reachability.reachability,
    "manifest": joints_around.manifest,
}


def complaints(build: Build, names: Iterable[str] = CHECKS) -> list[str]:
    """Return what does not fit; a file that cannot be read does not, either."""
    found = []
    for name in names:
        try:
            found += [f"{name}: {line}" for line in CHECKS[name](build)]
        except Exception as error:  # noqa: BLE001  whatever a broken file does to a check, it is broken
            found.append(f"{name}: {type(error).__name__}: {error}")
    return found
