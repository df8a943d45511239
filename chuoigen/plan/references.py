"""References of the spec resolved: what a `ref` stands for on Fargate and where containers have names."""

import re
from collections.abc import Iterator

from chuoigen.plan.naming import discovered_name
from chuoigen.spec import Spec
from chuoigen.spec.container import Container
from chuoigen.spec.values import WrittenArgument, WrittenValue

LOOPBACK = "127.0.0.1"
"""Never `localhost`, which is also ::1, where nothing of a task listens: one request in a while would fail."""


def first_port(container: Container) -> int | None:
    """Return the port that others mean when they name only the container: its first TCP port, else its first."""
    tcp = (port.container for port in container.ports if port.protocol == "tcp")
    return next(tcp, container.ports[0].container if container.ports else None)


def known_references(spec: Spec) -> tuple[str, ...]:
    """Return every reference that this spec may use, sorted."""
    found = ["aws.account", "aws.region", "name", *(["stage"] if spec.stage else [])]
    found += ["discovery.name"] if discovered_name(spec) is not None else []
    for name in spec.backends:
        found += [f"backends.{name}.host", f"backends.{name}.port", f"backends.{name}.address"]
    for name, container in spec.containers.items():
        found += [
            f"containers.{name}.{member}" for member in (("host", "port", "address") if container.ports else ("host",))
        ]
    return tuple(sorted(found))


def image_references(spec: Spec, name: str) -> dict[str, str]:
    """Return the references by which a container may run the image of another, with the other's name."""
    others = (other for other, one in spec.containers.items() if other != name and not (one.image and one.image.ref))
    return {f"containers.{other}.image": other for other in others}


def references_in(text: str) -> Iterator[tuple[str, str]]:
    """Yield a text with references in braces in pieces, ("text", …) and ("ref", …); braces written twice are one."""
    last = 0
    for found in re.finditer(r"\{\{|\}\}|\{([a-z][\w.-]*)\}", text):
        yield "text", text[last : found.start()] + ("" if found[1] else found[0][0])
        if found[1]:
            yield "ref", found[1]
        last = found.end()
    yield "text", text[last:]


def value_of(spec: Spec, value: WrittenValue | WrittenArgument, *, by_name: bool = False) -> str:
    """Return the text of a value, its references resolved; "" for one that points to nothing."""
    if value.ref is not None:
        return resolve(spec, value.ref, by_name=by_name) or ""
    if value.text is None:
        return value.value or ""
    pieces = references_in(value.text)
    return "".join(piece if kind == "text" else resolve(spec, piece, by_name=by_name) or "" for kind, piece in pieces)


def resolve(spec: Spec, reference: str, *, by_name: bool = False) -> str | None:
    """Return the text that a reference stands for, None when it points to nothing.

    `by_name` says that containers reach each other by their names, as under compose, rather than on 127.0.0.1.
    """
    if reference not in known_references(spec):
        return None
    section, _, rest = reference.partition(".")
    if section == "discovery":
        return discovered_name(spec)
    if section in ("name", "stage"):
        return spec.name if section == "name" else spec.stage
    if section == "aws":
        return spec.aws.account if rest == "account" else spec.aws.region
    name, _, member = rest.rpartition(".")
    if section == "backends":
        backend = spec.backends[name]
        host, port = backend.host, backend.port
    else:
        host, port = name if by_name else LOOPBACK, first_port(spec.containers[name]) or 0
    return {"host": host, "port": str(port), "address": f"{host}:{port}"}[member]
