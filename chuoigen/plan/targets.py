"""Who gets requests from the load balancer: its first target, and the further ones by the names that the spec gives."""

from collections.abc import Iterator

from chuoigen.aws.limits import HTTP_PORT
from chuoigen.plan.references import first_port
from chuoigen.spec import Spec
from chuoigen.spec.balancer import Balanced, LoadBalancer
from chuoigen.yaml.document import KeyPath

TARGET_GROUP = "target-group"
"""The key of the first target's group."""
BALANCER: KeyPath = ("load_balancer",)


def names(balancer: LoadBalancer) -> tuple[str, ...]:
    """Return the names by which rules call the targets: the first one is called after its container."""
    return (balancer.target, *(name for name in balancer.targets if name != balancer.target))


def written(balancer: LoadBalancer, name: str) -> Balanced:
    """Return what the spec says of a target."""
    return balancer if name == balancer.target else balancer.targets[name]


def container(balancer: LoadBalancer, name: str) -> str:
    """Return the container behind a target."""
    return name if name == balancer.target else balancer.targets[name].container or name


def group_key(balancer: LoadBalancer, name: str) -> str:
    """Return the key of a target's group; a name that no target has stands for the first one."""
    return f"{TARGET_GROUP}:{name}" if name in balancer.targets and name != balancer.target else TARGET_GROUP


def path(balancer: LoadBalancer, name: str) -> KeyPath:
    """Return where the spec says a target."""
    return BALANCER if name == balancer.target else (*BALANCER, "targets", name)


def container_path(balancer: LoadBalancer, name: str) -> KeyPath:
    """Return where the spec says which container is behind a target."""
    if name == balancer.target:
        return (*BALANCER, "target")
    below: KeyPath = ("container",) if balancer.targets[name].container is not None else ()
    return (*path(balancer, name), *below)


def port(spec: Spec, balancer: LoadBalancer, name: str) -> int:
    """Return the port of a target: the written one, or the first of the container."""
    found = spec.containers.get(container(balancer, name))
    return written(balancer, name).port or (first_port(found) if found else None) or HTTP_PORT


def of_container(spec: Spec, name: str) -> Iterator[str]:
    """Give the targets that are ports of a container."""
    balancer = spec.load_balancer
    if balancer is not None:
        yield from (each for each in names(balancer) if container(balancer, each) == name)
