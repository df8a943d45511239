"""Paths at which containers mount volumes and file systems in memory."""

import posixpath
from collections.abc import Iterator

from chuoigen.diagnostics import Severity
from chuoigen.lint.rule import Finding, Rule, Subject
from chuoigen.spec.container import Container
from chuoigen.yaml.document import KeyPath


def _paths(name: str, container: Container) -> Iterator[tuple[KeyPath, str, bool]]:
    """Yield spec path, path in the container, and whether it is the key, of every mount and tmpfs."""
    for volume, mount in container.mounts.items():
        yield ("containers", name, "mounts", volume, "path"), mount.path, False
    for path in container.tmpfs:
        yield ("containers", name, "tmpfs", path), path, True


def _clean(path: str) -> str:
    return posixpath.normpath(path).replace("//", "/")


def _path_twice(subject: Subject) -> Iterator[Finding]:
    for name, container in subject.spec.containers.items():
        first: dict[str, KeyPath] = {}
        for where, path, is_key in _paths(name, container):
            before = first.setdefault(_clean(path), where)
            if before is not where:
                yield Finding(
                    where,
                    f'container "{name}" mounts two things at {_clean(path)}',
                    "mount one of them elsewhere",
                    on_key=is_key,
                    related=((before, "the other is here"),),
                )


def _path_format(subject: Subject) -> Iterator[Finding]:
    for name, container in subject.spec.containers.items():
        for where, path, is_key in _paths(name, container):
            if not path.startswith("/"):
                fault = "does not start with /"
            elif ":" in path:
                fault = "contains a colon; the only mode is :ro"
            elif _clean(path) == "/":
                fault = "is the root of the container's own file system"
            elif path not in (_clean(path), f"{_clean(path)}/"):
                fault = f"is written in a roundabout way: it is {_clean(path)}"
            else:
                continue
            yield Finding(
                where,
                f'mount path "{path}" of container "{name}" {fault}',
                "write an absolute path, for example /var/log/app",
                on_key=is_key,
            )


RULES: tuple[Rule, ...] = (
    Rule("CG423", "mount-path-used-twice", Severity.ERROR, _path_twice),
    Rule("CG424", "mount-path-format", Severity.ERROR, _path_format),
)
