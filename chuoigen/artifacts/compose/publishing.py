"""Writes the ports of the machine that runs compose, each with a variable that changes it."""

from collections.abc import Iterator, Mapping

from chuoigen.artifacts.compose.interpolation import Interpolated, shell_name
from chuoigen.plan.model import Plan


def published(plan: Plan) -> dict[str, list[Interpolated]]:
    """Return the ports that this machine opens, by container."""
    return {name: list(_ports(name, ports)) for name, ports in plan.local_ports.items()}


def _ports(name: str, ports: Mapping[str, int]) -> Iterator[Interpolated]:
    for port, local in ports.items():
        number, protocol = port.split("/")
        variable = shell_name(f"{name.upper()}_PORT{f'_{number}' if len(ports) > 1 else ''}")
        yield Interpolated(f"127.0.0.1:${{{variable}:-{local}}}:{number}{'/udp' if protocol == 'udp' else ''}")
