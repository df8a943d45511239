"""Volumes: their kinds and the settings of EFS and EBS; who mounts them where, who writes, reads and owns them."""

import difflib
import posixpath
from collections.abc import Callable, Iterator

from chuoigen import recipes
from chuoigen.aws import limits, names, vocabulary
from chuoigen.aws.names import Kind
from chuoigen.aws.refused import REFUSED_VOLUME
from chuoigen.diagnostics import Severity
from chuoigen.lint.each import containers, each, volumes
from chuoigen.lint.rule import Finding, Rule, Subject
from chuoigen.messages import Key, Message, Texts
from chuoigen.record import Record
from chuoigen.spec.container import Container
from chuoigen.spec.service import Ebs, Efs, Volume
from chuoigen.yaml.document import KeyPath

_say = Texts(__name__)

_ROOT_USERS = ("0", "root")
_COMPARED_MAX = 50


def _refused(rule: str, keys: tuple[str, ...]) -> Callable[[Subject], Iterator[Finding]]:
    """Return the check of a rule that reports these keys of a volume."""

    def check(subject: Subject) -> Iterator[Finding]:
        for path, value in subject.refused.items():
            if path[0] == "volumes" and path[-1] in keys and value is not None and value != {}:
                reason = REFUSED_VOLUME[str(path[-1])].message
                yield Finding(path, _say(rule, volume=str(path[1]), key=Key(path), reason=reason), on_key=True)

    return check


def _efs(subject: Subject) -> Iterator[tuple[str, Efs]]:
    return ((name, volume.efs) for name, volume in volumes(subject) if volume.efs is not None)


def _ebs(subject: Subject) -> Iterator[tuple[str, Ebs]]:
    return ((name, volume.ebs) for name, volume in volumes(subject) if volume.ebs is not None)


@each(volumes)
def _name_format(name: str, _: Volume) -> Iterator[Finding]:
    violation = names.violation(Kind.VOLUME, name)
    if violation:
        yield Finding(("volumes", name), _say("volume-name-format", volume=name, violation=violation), on_key=True)


@each(volumes)
def _two_kinds(name: str, volume: Volume) -> Iterator[Finding]:
    if volume.efs is not None and volume.ebs is not None:
        yield Finding(("volumes", name), _say("volume-of-two-kinds", volume=name), on_key=True)


@each(_efs)
def _access_point(name: str, efs: Efs) -> Iterator[Finding]:
    if efs.authorization_config.access_point_id is not None and efs.root_directory not in (None, "/"):
        path = ("volumes", name, "efs")
        message = _say("access-point-directory", volume=name, directory=efs.root_directory or "")
        related = (((*path, "authorization_config", "access_point_id"), _say("access-point-directory.note")),)
        yield Finding((*path, "root_directory"), message, related=related)


@each(_efs)
def _unencrypted(name: str, efs: Efs) -> Iterator[Finding]:
    path = ("volumes", name, "efs")
    authorization = efs.authorization_config
    wanted = {
        ("authorization_config", "access_point_id"): authorization.access_point_id,
        ("authorization_config", "iam"): authorization.iam,
        ("transit_encryption_port",): efs.transit_encryption_port is not None,
    }
    keys = tuple(Key((*path, *key)) for key, is_wanted in wanted.items() if is_wanted)
    if keys and not efs.transit_encryption:
        related = ((keys[0].path, _say("unencrypted-efs.note", key=keys[0])),)
        yield Finding((*path, "transit_encryption"), _say("unencrypted-efs", volume=name, keys=keys), related=related)


@each(_efs)
def _efs_identifier(name: str, efs: Efs) -> Iterator[Finding]:
    point = efs.authorization_config.access_point_id
    for key, kind, written in (
        (("file_system_id",), Kind.EFS_FILE_SYSTEM, efs.file_system_id),
        (("authorization_config", "access_point_id"), Kind.EFS_ACCESS_POINT, point),
    ):
        path = ("volumes", name, "efs", *key)
        violation = names.violation(kind, written) if written is not None else None
        if written is not None and violation:
            yield Finding(path, _say("efs-id-format", key=Key(path), id=written, volume=name, violation=violation))


@each(_efs)
def _efs_port(name: str, efs: Efs) -> Iterator[Finding]:
    port = efs.transit_encryption_port
    if port is not None and not limits.PORT.admits(port):
        path = ("volumes", name, "efs", "transit_encryption_port")
        yield Finding(path, _say("efs-port-out-of-range", volume=name, port=port))


@each(_ebs)
def _ebs_size(name: str, ebs: Ebs) -> Iterator[Finding]:
    if ebs.size is None and ebs.snapshot is None:
        yield Finding(("volumes", name, "ebs"), _say("ebs-without-size", volume=name), on_key=True)


def _several_ebs(subject: Subject) -> Iterator[Finding]:
    declared = [name for name, _ in _ebs(subject)]
    for name in declared[limits.LAUNCH_VOLUMES_MAX :]:
        related = ((("volumes", declared[0], "ebs"), _say("several-ebs-volumes.note")),)
        yield Finding(("volumes", name, "ebs"), _say("several-ebs-volumes", volume=name), on_key=True, related=related)


def _ebs_violations(name: str, ebs: Ebs) -> Iterator[tuple[str, Message]]:
    """Yield each key whose value is not one of the volume's type, with what is wrong."""
    known, throughput = vocabulary.EBS_VOLUME_TYPES, limits.EBS_THROUGHPUT_MIB_S
    if ebs.type not in known:
        yield "type", _say("ebs-setting.type", volume=name, type=ebs.type, known=known)
        return
    size, iops = limits.EBS_SIZES_GIB[ebs.type], limits.EBS_IOPS.get(ebs.type)
    for key, value, limit, types in (
        ("size", ebs.size, size, ()),
        ("iops", ebs.iops, iops, tuple(limits.EBS_IOPS)),
        ("throughput", ebs.throughput, throughput if ebs.type == "gp3" else None, ("gp3",)),
    ):
        path = Key(("volumes", name, "ebs", key))
        if value is not None and limit is None:
            yield key, _say("ebs-setting.key", volume=name, key=path, type=ebs.type, types=types)
        elif value is not None and limit is not None and not limit.admits(value):
            allowed = limit.range
            yield key, _say("ebs-setting.range", volume=name, key=path, value=value, type=ebs.type, allowed=allowed)
    if ebs.iops is None and ebs.type in ("io1", "io2"):
        yield "type", _say("ebs-setting.iops", volume=name, type=ebs.type)


@each(_ebs)
def _ebs_setting(name: str, ebs: Ebs) -> Iterator[Finding]:
    for key, message in _ebs_violations(name, ebs):
        yield Finding(("volumes", name, "ebs", key), message)


@each(_ebs)
def _ebs_role(name: str, ebs: Ebs) -> Iterator[Finding]:
    path, policy = ("volumes", name, "ebs", "role"), vocabulary.EBS_ROLE_POLICY
    violation = names.violation(Kind.IAM_ROLE_ARN, ebs.role) if ebs.role is not None else None
    if ebs.role is None:
        yield Finding(path, _say("ebs-without-role.none", volume=name, policy=policy))
    elif violation:
        message = _say("ebs-without-role.format", volume=name, role=ebs.role, violation=violation, policy=policy)
        yield Finding(path, message)


class _Need(Record):
    """A volume that the recipe of a container works with; `path` is the whole path of the key that says so."""

    container: str
    volume: str
    path: KeyPath
    writes: bool
    use: Message


def _container_needs(name: str, container: Container) -> Iterator[_Need]:
    for use in recipes.of(container.build).volumes(container, container.build):
        yield _Need(name, use.volume, ("containers", name, *use.path), use.writes, use.what)


def _needs(subject: Subject) -> Iterator[tuple[_Need, Container]]:
    for name, container in containers(subject):
        for need in _container_needs(name, container):
            yield need, container


def _undeclared_names(subject: Subject) -> Iterator[tuple[KeyPath, str, str]]:
    """Yield path, container and name of each volume that is used and not declared, once for a container."""
    declared = subject.spec.volumes
    for name, container in containers(subject):
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
        variant = "near" if volume in suggestions else "other"
        meant = suggestions.get(volume, "")
        message = _say(f"undeclared-volume.{variant}", container=name, volume=volume, meant=meant)
        yield Finding(path, message, on_key=path[-1] == volume)


def _unused(subject: Subject) -> Iterator[Finding]:
    used = {volume for _, container in containers(subject) for volume in container.mounts}
    used |= {need.volume for need, _ in _needs(subject)}
    used |= set(_suggestions(subject).values())  # a misspelt mount is one fault, not two
    for volume in subject.spec.volumes:
        if volume not in used:
            yield Finding(("volumes", volume), _say("unused-volume", volume=volume), on_key=True)


def _written(name: str, container: Container) -> set[str]:
    """Return the volumes to which the container writes, as far as the spec tells."""
    needs = list(_container_needs(name, container))
    writes = {need.volume for need in needs if need.writes}
    reads = {need.volume for need in needs if not need.writes}
    mounted = {volume for volume, mount in container.mounts.items() if not mount.read_only}
    return writes | (mounted - reads)


def _without_writer(subject: Subject) -> Iterator[Finding]:
    readers: dict[str, list[str]] = {}
    written: set[str] = set()
    for name, container in containers(subject):
        written |= _written(name, container)
        for volume in container.mounts:
            readers.setdefault(volume, []).append(name)
    for volume, declared in volumes(subject):
        lasting = declared.efs is not None or (declared.ebs is not None and declared.ebs.snapshot is not None)
        if volume not in readers or volume in written or lasting:
            continue
        message = _say("volume-without-writer", volume=volume, readers=tuple(readers[volume]))
        note = _say("volume-without-writer.note")
        related = tuple((("containers", name, "mounts", volume), note) for name in readers[volume])
        yield Finding(("volumes", volume), message, on_key=True, related=related)


def _early_reader(subject: Subject) -> Iterator[Finding]:
    """Report a server that starts before the one that fills a volume for it says that it is ready.

    What a recipe builds fills its volume before it starts anything else, and answers no check until then.
    """
    for name, container in containers(subject):
        for volume, mount in container.mounts.items() if container.ports else ():
            others = [other for other in subject.spec.containers if other != name]
            fillers = [other for other in others if volume in _written(other, subject.spec.containers[other])]
            waited = container.depends_on.get(fillers[0]) if len(fillers) == 1 else None
            if not mount.read_only or waited is None or waited.condition != "start":
                continue
            filler = subject.spec.containers[fillers[0]]
            if filler.healthcheck is not None and filler.build is None:
                words = _say("early-reader", container=name, volume=volume, filler=fillers[0])
                related = ((("containers", name, "mounts", volume), _say("early-reader.note")),)
                path = ("containers", name, "depends_on", fillers[0], "condition")
                yield Finding(path, words, related=related)


def _missing_mount(subject: Subject) -> Iterator[Finding]:
    for need, container in _needs(subject):
        if need.volume in subject.spec.volumes and need.volume not in container.mounts:
            variant = "writes" if need.writes else "reads"
            message = _say(f"missing-mount.{variant}", container=need.container, volume=need.volume, use=need.use)
            yield Finding(need.path, message, on_key=need.path[-1] == need.volume)


@each(_needs)
def _read_only(need: _Need, container: Container) -> Iterator[Finding]:
    mount = container.mounts.get(need.volume)
    if mount is not None and mount.read_only and need.writes:
        message = _say("read-only-mount", container=need.container, volume=need.volume, use=need.use, path=mount.path)
        related = ((need.path, _say("read-only-mount.note")),)
        yield Finding(("containers", need.container, "mounts", need.volume), message, related=related)


def _owners(subject: Subject) -> dict[str, list[str]]:
    """Return the users, by id and by name, to whom images that are built here give a volume's directory."""
    owners: dict[str, list[str]] = {}
    for container in subject.plan.containers.values():
        mounted = {mount.path: mount.volume for mount in container.mounts}
        for directory in container.build.directories if container.build else ():
            if directory.path in mounted:
                uid = directory.owner.partition(":")[0]
                own = uid == str(getattr(container.build, "uid", ""))
                users = [uid, str(getattr(container.build, "user", uid))] if own else [uid]
                owners.setdefault(mounted[directory.path], []).extend(users)
    return owners


def _root_owned(subject: Subject) -> Iterator[Finding]:
    owners = _owners(subject)
    lasting = {name for name, one in volumes(subject) if one.efs is not None or one.ebs is not None}
    for name, container in containers(subject):
        user = (container.user or "").partition(":")[0]
        if not user or user in _ROOT_USERS or user.startswith("-"):  # no user, which another rule says
            continue
        written = _written(name, container)
        for volume, mount in container.mounts.items():
            known = owners.get(volume, [])
            if volume not in written or volume in lasting or volume not in subject.spec.volumes or user in known:
                continue
            owner = known[0] if known and known[0] not in _ROOT_USERS else "root"
            message = _say("root-owned-volume", container=name, user=user, volume=volume, owner=owner, path=mount.path)
            related = ((("containers", name, "mounts", volume), _say("root-owned-volume.note")),)
            yield Finding(("containers", name, "user"), message, related=related)


def _paths(name: str, container: Container) -> Iterator[tuple[KeyPath, str, bool]]:
    """Yield spec path, path in the container, and whether it is the key, of every mount and tmpfs."""
    for volume, mount in container.mounts.items():
        yield ("containers", name, "mounts", volume, "path"), mount.path, False
    for path in container.tmpfs:
        yield ("containers", name, "tmpfs", path), path, True


def _clean(path: str) -> str:
    return posixpath.normpath(path).replace("//", "/")


@each(containers)
def _path_twice(name: str, container: Container) -> Iterator[Finding]:
    first: dict[str, KeyPath] = {}
    for where, path, is_key in _paths(name, container):
        before = first.setdefault(_clean(path), where)
        if before is not where:
            message = _say("mount-path-used-twice", container=name, path=_clean(path))
            related = ((before, _say("mount-path-used-twice.note")),)
            yield Finding(where, message, on_key=is_key, related=related)


@each(containers)
def _path_format(name: str, container: Container) -> Iterator[Finding]:
    for where, path, is_key in _paths(name, container):
        clean = _clean(path)
        if not path.startswith("/"):
            variant = "relative"
        elif ":" in path:
            variant = "colon"
        elif clean == "/":
            variant = "root"
        elif path not in (clean, f"{clean}/"):
            variant = "not-normal"
        else:
            continue
        message = _say(f"mount-path-format.{variant}", container=name, path=path, clean=clean)
        yield Finding(where, message, on_key=is_key)


def _database(subject: Subject) -> Iterator[Finding]:
    """Report a database whose data no volume keeps; where an image comes from says nothing about what is in it."""
    lasting = {name for name, volume in volumes(subject) if volume.efs is not None}
    for name, container in subject.spec.containers.items():
        named = container.image.name if container.image is not None else None
        image = (named or "").partition("@")[0].rpartition("/")[2].partition(":")[0]
        service = vocabulary.DATABASES.get(image)
        if service and lasting.isdisjoint(container.mounts):
            words = _say("database-in-task", container=name, database=image, service=service)
            yield Finding(("containers", name, "image"), words)


RULES: tuple[Rule, ...] = (
    Rule("CG401", "host-volume", Severity.ERROR, _refused("host-volume", ("host",))),
    Rule("CG402", "unsupported-volume", Severity.ERROR, _refused("unsupported-volume", ("docker", "fsx_windows"))),
    Rule("CG403", "volume-name-format", Severity.ERROR, _name_format),
    Rule("CG404", "volume-of-two-kinds", Severity.ERROR, _two_kinds),
    Rule("CG405", "access-point-directory", Severity.ERROR, _access_point),
    Rule("CG406", "unencrypted-efs", Severity.ERROR, _unencrypted),
    Rule("CG407", "efs-id-format", Severity.ERROR, _efs_identifier),
    Rule("CG408", "efs-port-out-of-range", Severity.ERROR, _efs_port),
    Rule("CG409", "ebs-without-size", Severity.ERROR, _ebs_size),
    Rule("CG410", "several-ebs-volumes", Severity.ERROR, _several_ebs),
    Rule("CG411", "ebs-setting", Severity.ERROR, _ebs_setting),
    Rule("CG412", "ebs-without-role", Severity.ERROR, _ebs_role),
    Rule("CG420", "undeclared-volume", Severity.ERROR, _undeclared),
    Rule("CG421", "unused-volume", Severity.WARNING, _unused),
    Rule("CG422", "volume-without-writer", Severity.WARNING, _without_writer),
    Rule("CG423", "mount-path-used-twice", Severity.ERROR, _path_twice),
    Rule("CG424", "mount-path-format", Severity.ERROR, _path_format),
    Rule("CG425", "missing-mount", Severity.ERROR, _missing_mount),
    Rule("CG426", "read-only-mount", Severity.ERROR, _read_only),
    Rule("CG427", "root-owned-volume", Severity.WARNING, _root_owned),
    Rule("CG428", "database-in-task", Severity.INFO, _database),
    Rule("CG429", "early-reader", Severity.WARNING, _early_reader),
)
