"""What is decided for a run of the containers on one machine: the ports under which it is reached there."""

from collections.abc import Collection, Mapping

from chuoigen.plan.definitions import ContainerPlan
from chuoigen.provenance import decision
from chuoigen.resources.network import TargetGroup

_FIRST_FREE_PORT = 1024
_SHIFT = 8000
"""Ports below 1024 need rights and are often taken on a laptop: 80 is published as 8080."""


@decision
def local_ports(containers: Mapping[str, ContainerPlan], targets: Collection[TargetGroup]) -> dict[str, dict[str, int]]:
    """Return the machine's port of each port that it opens, `{"web": {"80/tcp": 8080}}`.

    These are the targets of the load balancer, and without one all ports.
    """
    balanced = {(target.container, target.port) for target in targets}
    found: dict[str, dict[str, int]] = {}
    taken: set[tuple[int, str]] = set()
    for container in containers.values():
        for port in container.ports:
            if balanced and (container.name, port.number) not in balanced:
                continue
            number = port.number if port.number >= _FIRST_FREE_PORT else port.number + _SHIFT
            while (number, port.protocol) in taken:
                number += 1
            taken.add((number, port.protocol))
            found.setdefault(container.name, {})[f"{port.number}/{port.protocol}"] = number
    return found
