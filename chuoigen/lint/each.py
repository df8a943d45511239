"""Rules about one thing: the check takes one container, port or volume, and `each` runs it for all of them."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, TypeVarTuple

from chuoigen.spec.model import Model

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from chuoigen.lint.rule import Finding, Subject
    from chuoigen.spec.container import Container, Port
    from chuoigen.spec.network import Backend
    from chuoigen.spec.runtime import Logs
    from chuoigen.spec.service import Volume, WrittenRole
    from chuoigen.yaml.document import KeyPath

Thing = TypeVarTuple("Thing")


def each(
    things: Callable[[Subject], Iterable[tuple[*Thing]]],
) -> Callable[[Callable[[*Thing], Iterator[Finding]]], Callable[[Subject], Iterator[Finding]]]:
    """Make the check of a rule from a check of one thing; `things` yields what that takes, one tuple for each.

    A module may pass a generator of its own. A check that needs the rest of the spec too loops itself.
    """

    def of_all(check: Callable[[*Thing], Iterator[Finding]]) -> Callable[[Subject], Iterator[Finding]]:
        @functools.wraps(check)
        def check_all(subject: Subject) -> Iterator[Finding]:
            for thing in things(subject):
                yield from check(*thing)

        return check_all

    return of_all


def containers(subject: Subject) -> Iterable[tuple[str, Container]]:
    """Return the name and the container of each."""
    return subject.spec.containers.items()


def ports(subject: Subject) -> Iterator[tuple[KeyPath, str, Port]]:
    """Yield the path of each port, the name of its container, and the port."""
    for name, container in containers(subject):
        for index, port in enumerate(container.ports):
            yield ("containers", name, "ports", index), name, port


def volumes(subject: Subject) -> Iterable[tuple[str, Volume]]:
    """Return the name and the volume of each."""
    return subject.spec.volumes.items()


def log_mappings(subject: Subject) -> Iterator[tuple[KeyPath, Logs, str]]:
    """Yield every logs mapping that is written, with its path and the driver that is in force there."""
    shared = subject.spec.logs
    usual = (shared.driver if shared else None) or "awslogs"
    if shared is not None:
        yield ("logs",), shared, usual
    for name, container in subject.spec.containers.items():
        if container.logs is not None:
            yield ("containers", name, "logs"), container.logs, container.logs.driver or usual


def fields(written: object, name: str, path: KeyPath = ()) -> Iterator[tuple[KeyPath, object]]:
    """Yield every field of a name with its path, below a model, mapping or list, whichever model has it."""
    if isinstance(written, Model):
        for field, value in written:
            key = type(written).model_fields[field].alias or field
            if field == name:
                yield (*path, key), value
            yield from fields(value, name, (*path, key))
    elif isinstance(written, dict):
        for key, value in written.items():
            yield from fields(value, name, (*path, key))
    elif isinstance(written, list):
        for index, value in enumerate(written):
            yield from fields(value, name, (*path, index))


def written_roles(subject: Subject) -> Iterator[tuple[str, KeyPath, WrittenRole]]:
    """Yield the name of each role in the plan that a spec says something of, its path, and what is written."""
    pipeline = subject.spec.pipeline
    places: tuple[tuple[str, KeyPath, WrittenRole | None], ...] = (
        ("execution", ("task", "execution_role"), subject.spec.task.execution_role),
        ("task", ("task", "task_role"), subject.spec.task.task_role),
        ("codebuild", ("pipeline", "role"), pipeline.role if pipeline is not None else None),
    )
    yield from ((name, path, role) for name, path, role in places if role is not None)


def backends(subject: Subject) -> Iterable[tuple[str, Backend]]:
    """Return the name and the backend of each."""
    return subject.spec.backends.items()
