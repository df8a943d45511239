"""Volumes as containers mount them: what is declared, who writes and reads, and owned by whom."""

import difflib
from collections.abc import Iterator

from chuoigen import recipes
from chuoigen.diagnostics import Severity
from chuoigen.lint.rule import Finding, Rule, Subject
from chuoigen.record import Record
from chuoigen.spec.container import Container
from chuoigen.yaml.document import KeyPath

_ROOT_USERS = ("0", "root")
_COMPARED_MAX = 50


class _Need(Record):
    """A volume that the recipe of a container works with; `path` is the whole path of the key that says so."""

    container: str
    volume: str
    path: KeyPath
    writes: bool
    what: str


def _needs(subject: Subject) -> Iterator[_Need]:
    for name, container in subject.spec.containers.items():
        yield from _container_needs(name, container)


def _container_needs(name: str, container: Container) -> Iterator[_Need]:
    for use in recipes.of(container.build).volumes(container, container.build):
        yield _Need(name, use.volume, ("containers", name, *use.path), use.writes, use.what)


def _undeclared_names(subject: Subject) -> Iterator[tuple[KeyPath, str, str]]:
    """Yield path, container and name of each volume that is used and not declared, once for a container."""
    declared = subject.spec.volumes
    for name, container in subject.spec.containers.items():
        for volume in container.mounts:
            if volume not in declared:
                yield ("containers", name, "mounts", volume), name, volume
        for need in _container_needs(name, container):
            if need.volume not in declared and need.volume not in container.mounts:
                yield need.path, name, need.volume


def _suggestions(subject: Subject) -> dict[str, str]:
    """Return undeclared names with the declared ones that were probably meant; comparing many would take long."""
    undeclared = dict.fromkeys(volume for _, _, volume in _undeclared_names(subject))
    declared = list(subject.spec.volumes)[:_COMPARED_MAX]
    close = {name: difflib.get_close_matches(name, declared, n=1) for name in list(undeclared)[:_COMPARED_MAX]}
    return {name: found[0] for name, found in close.items() if found}


def _undeclared(subject: Subject) -> Iterator[Finding]:
    suggestions = _suggestions(subject)
    for path, name, volume in _undeclared_names(subject):
        meant = suggestions.get(volume)
        advice = f"declare it: volumes: {{ {volume}: {{}} }}"
        yield Finding(
            path,
            f'container "{name}" uses the volume "{volume}", which is not declared',
            f'did you mean "{meant}"? Otherwise {advice}' if meant else advice,
            on_key=path[-1] == volume,
        )


def _unused(subject: Subject) -> Iterator[Finding]:
    used = {volume for container in subject.spec.containers.values() for volume in container.mounts}
    used |= {need.volume for need in _needs(subject)}
    used |= set(_suggestions(subject).values())  # a misspelt mount is one fault, not two
    for volume in subject.spec.volumes:
        if volume not in used:
            yield Finding(
                ("volumes", volume),
                f'volume "{volume}" is declared, and no container mounts it',
                "mount it, or delete it",
                on_key=True,
            )


def _written(name: str, container: Container) -> set[str]:
    """Return the volumes to which the container writes, as far as the spec tells."""
    needs = list(_container_needs(name, container))
    writes = {need.volume for need in needs if need.writes}
    reads = {need.volume for need in needs if not need.writes}
    return writes | {
        volume for volume, mount in container.mounts.items() if not mount.read_only and volume not in reads
    }


def _without_writer(subject: Subject) -> Iterator[Finding]:
    readers: dict[str, list[str]] = {}
    written: set[str] = set()
    for name, container in subject.spec.containers.items():
        written |= _written(name, container)
        for volume in container.mounts:
            readers.setdefault(volume, []).append(name)
    for volume, declared in subject.spec.volumes.items():
        lasting = declared.efs is not None or (declared.ebs is not None and declared.ebs.snapshot is not None)
        if volume not in readers or volume in written or lasting:
            continue
        names = ", ".join(f'"{name}"' for name in readers[volume])
        yield Finding(
            ("volumes", volume),
            f'volume "{volume}" is read by {names} and written by nobody: it stays empty',
            "mount it without :ro in the container that fills it",
            on_key=True,
            related=tuple((("containers", name, "mounts", volume), "it is read here") for name in readers[volume]),
        )


def _missing_mount(subject: Subject) -> Iterator[Finding]:
    for need in _needs(subject):
        container = subject.spec.containers[need.container]
        if need.volume in subject.spec.volumes and need.volume not in container.mounts:
            mode = "" if need.writes else ":ro"
            yield Finding(
                need.path,
                f'container "{need.container}" does not mount the volume "{need.volume}", though it {need.what}',
                f'write mounts: {{ {need.volume}: /path{mode} }} in container "{need.container}"',
                on_key=need.path[-1] == need.volume,
            )


def _read_only(subject: Subject) -> Iterator[Finding]:
    for need in _needs(subject):
        mount = subject.spec.containers[need.container].mounts.get(need.volume)
        if mount is not None and mount.read_only and need.writes:
            yield Finding(
                ("containers", need.container, "mounts", need.volume),
                f'container "{need.container}" mounts the volume "{need.volume}" read-only, though it {need.what}',
                f"write {need.volume}: {mount.path}",
                related=((need.path, "what writes is here"),),
            )


def _owners(subject: Subject) -> dict[str, list[str]]:
    """Return the users, by id and by name, to whom images that are built here give a volume's directory."""
    owners: dict[str, list[str]] = {}
    for container in subject.plan.containers.values():
        volumes = {mount.path: mount.volume for mount in container.mounts}
        for directory in container.build.directories if container.build else ():
            if directory.path in volumes:
                uid = directory.owner.partition(":")[0]
                own = uid == str(getattr(container.build, "uid", ""))
                names = [uid, str(getattr(container.build, "user", uid))] if own else [uid]
                owners.setdefault(volumes[directory.path], []).extend(names)
    return owners


def _root_owned(subject: Subject) -> Iterator[Finding]:
    owners = _owners(subject)
    lasting = {name for name, one in subject.spec.volumes.items() if one.efs is not None or one.ebs is not None}
    for name, container in subject.spec.containers.items():
        user = (container.user or "").partition(":")[0]
        if not user or user in _ROOT_USERS:
            continue
        written = _written(name, container)
        for volume, mount in container.mounts.items():
            known = owners.get(volume, [])
            if volume not in written or volume in lasting or volume not in subject.spec.volumes or user in known:
                continue
            whose = f"user {known[0]}" if known and known[0] not in _ROOT_USERS else "root"
            yield Finding(
                ("containers", name, "user"),
                f'container "{name}" runs as "{user}" and writes to the volume "{volume}", '
                f"which belongs to {whose} unless its image prepares it",
                f"in the image make {mount.path}, give it to {user} and declare it as VOLUME; "
                "delete user where a recipe builds the image",
                related=((("containers", name, "mounts", volume), "it is mounted here"),),
            )


RULES: tuple[Rule, ...] = (
    Rule("CG420", "undeclared-volume", Severity.ERROR, _undeclared),
    Rule("CG421", "unused-volume", Severity.WARNING, _unused),
    Rule("CG422", "volume-without-writer", Severity.WARNING, _without_writer),
    Rule("CG425", "missing-mount", Severity.ERROR, _missing_mount),
    Rule("CG426", "read-only-mount", Severity.ERROR, _read_only),
    Rule("CG427", "root-owned-volume", Severity.WARNING, _root_owned),
)
