"""Turns the ports of the plan into ports of the machine that runs compose."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from chuoigen.artifacts.compose.interpolation import Interpolated, shell_name

if TYPE_CHECKING:
    from chuoigen.plan.definitions import PortPlan
    from chuoigen.plan.model import Plan

_FIRST_FREE_PORT = 1024
_SHIFT = 8000
"""Ports below 1024 need rights and are often taken on a laptop: 80 is published as 8080."""


def published(plan: Plan) -> dict[str, list[Interpolated]]:
    """Return the ports that this machine opens, by container: the load balancer's target, without one all."""
    target = plan.target_group
    ports = [
        (container, port)
        for container in plan.containers.values()
        for port in container.ports
        if target is None or (container.name, port.number) == (target.container, target.port)
    ]
    counts = Counter(container.name for container, _ in ports)
    published: dict[str, list[Interpolated]] = {}
    taken: set[tuple[int, str]] = set()
    for container, port in ports:
        suffix = f"_{port.number}" if counts[container.name] > 1 else ""
        variable = shell_name(f"{container.name.upper()}_PORT{suffix}")
        published.setdefault(container.name, []).append(_published_port(variable, port, taken))
    return published


def _published_port(variable: str, port: PortPlan, taken: set[tuple[int, str]]) -> Interpolated:
    number = port.number if port.number >= _FIRST_FREE_PORT else port.number + _SHIFT
    while (number, port.protocol) in taken:
        number += 1
    taken.add((number, port.protocol))
    protocol = "/udp" if port.protocol == "udp" else ""
    return Interpolated(f"127.0.0.1:${{{variable}:-{number}}}:{port.number}{protocol}")
