"""Volumes as they are declared: their kind, their names, the settings of EFS and EBS."""

from collections.abc import Callable, Iterator

from chuoigen.aws import limits, names, vocabulary
from chuoigen.aws.refused import REFUSED_VOLUME
from chuoigen.diagnostics import Severity
from chuoigen.lint.rule import Finding, Rule, Subject
from chuoigen.messages import ENGLISH
from chuoigen.spec.service import Ebs, Efs


def _refused(keys: tuple[str, ...]) -> Callable[[Subject], Iterator[Finding]]:
    """Return the check that reports these keys of a volume."""

    def check(subject: Subject) -> Iterator[Finding]:
        for path, value in subject.refused.items():
            key = str(path[-1])
            if path[0] != "volumes" or key not in keys or value is None or value == {}:
                continue
            refusal = REFUSED_VOLUME[key]
            why, instead = ENGLISH.text(refusal.message), ENGLISH.help(refusal.message)
            yield Finding(path, f'volume "{path[1]}" cannot have {key}: {why}', instead, on_key=True)

    return check


def _efs(subject: Subject) -> Iterator[tuple[str, Efs]]:
    for name, volume in subject.spec.volumes.items():
        if volume.efs is not None:
            yield name, volume.efs


def _ebs(subject: Subject) -> Iterator[tuple[str, Ebs]]:
    for name, volume in subject.spec.volumes.items():
        if volume.ebs is not None:
            yield name, volume.ebs


def _name_format(subject: Subject) -> Iterator[Finding]:
    for name in subject.spec.volumes:
        complaint = names.violation(names.Kind.VOLUME, name)
        if complaint:
            yield Finding(
                ("volumes", name), f'volume name "{name}" {ENGLISH.text(complaint)}', "rename the volume", on_key=True
            )


def _two_kinds(subject: Subject) -> Iterator[Finding]:
    for name, volume in subject.spec.volumes.items():
        if volume.efs is not None and volume.ebs is not None:
            yield Finding(
                ("volumes", name),
                f'volume "{name}" is both efs and ebs; a volume is of one kind',
                "keep one of the two keys, or declare two volumes",
                on_key=True,
            )


def _access_point(subject: Subject) -> Iterator[Finding]:
    for name, efs in _efs(subject):
        if efs.access_point is not None and efs.root_directory not in (None, "/"):
            yield Finding(
                ("volumes", name, "efs", "root_directory"),
                f'volume "{name}" has an access point and the root directory "{efs.root_directory}"; '
                "the access point says which directory is mounted",
                "delete root_directory, or the access point",
                related=((("volumes", name, "efs", "access_point"), "the access point is here"),),
            )


def _unencrypted(subject: Subject) -> Iterator[Finding]:
    for name, efs in _efs(subject):
        asking = [
            key
            for key, asks in (
                ("access_point", efs.access_point),
                ("iam", efs.iam),
                ("port", efs.port is not None),
            )
            if asks
        ]
        if asking and not efs.transit_encryption:
            yield Finding(
                ("volumes", name, "efs", "transit_encryption"),
                f'volume "{name}" has {" and ".join(asking)}, which ECS takes only with encrypted traffic',
                "delete transit_encryption: false",
                related=((("volumes", name, "efs", asking[0]), f"{asking[0]} is here"),),
            )


def _efs_identifier(subject: Subject) -> Iterator[Finding]:
    for name, efs in _efs(subject):
        for key, kind in (("file_system", names.Kind.EFS_FILE_SYSTEM), ("access_point", names.Kind.EFS_ACCESS_POINT)):
            written = getattr(efs, key)
            complaint = names.violation(kind, written) if written is not None else None
            if complaint:
                yield Finding(
                    ("volumes", name, "efs", key),
                    f'{key} "{written}" of volume "{name}" {ENGLISH.text(complaint)}',
                    "copy the id from the console, or from aws efs describe-file-systems",
                )


def _efs_port(subject: Subject) -> Iterator[Finding]:
    for name, efs in _efs(subject):
        if efs.port is not None and not limits.PORT.admits(efs.port):
            yield Finding(
                ("volumes", name, "efs", "port"),
                f'port {efs.port} of volume "{name}" does not exist',
                "delete the key, and ECS chooses a port",
            )


def _ebs_size(subject: Subject) -> Iterator[Finding]:
    for name, ebs in _ebs(subject):
        if ebs.size is None and ebs.snapshot is None:
            yield Finding(
                ("volumes", name, "ebs"),
                f'volume "{name}" has neither size nor snapshot, so that EBS does not know how large it is',
                "write size: 10",
                on_key=True,
            )


def _several_ebs(subject: Subject) -> Iterator[Finding]:
    declared = list(_ebs(subject))
    for name, _ in declared[limits.LAUNCH_VOLUMES_MAX :]:
        yield Finding(
            ("volumes", name, "ebs"),
            f'volume "{name}" is a further volume of EBS, and a task has one',
            "keep one; what is only needed while the task lives goes into {}, what is shared into efs",
            on_key=True,
            related=((("volumes", declared[0][0], "ebs"), "the first is here"),),
        )


def _ebs_complaints(ebs: Ebs) -> Iterator[tuple[str, str, str]]:
    """Yield key, what is wrong with it and the remedy, for each setting that is not of the volume's type."""
    if ebs.type not in vocabulary.EBS_VOLUME_TYPES:
        yield (
            "type",
            f'type "{ebs.type}" is not offered on Fargate',
            f"write {', '.join(vocabulary.EBS_VOLUME_TYPES)}",
        )
        return
    size, iops = limits.EBS_SIZES_GIB[ebs.type], limits.EBS_IOPS.get(ebs.type)
    if ebs.size is not None and not size.admits(ebs.size):
        yield "size", f"size {ebs.size} is not one of {ebs.type}", f"write {ENGLISH.text(size.range)}"
    if ebs.iops is not None and iops is None:
        yield (
            "iops",
            f"iops cannot be chosen for {ebs.type}",
            f"delete iops, or write type: {' or '.join(limits.EBS_IOPS)}",
        )
    elif ebs.iops is not None and iops is not None and not iops.admits(ebs.iops):
        yield "iops", f"{ebs.iops} iops are not offered for {ebs.type}", f"write {ENGLISH.text(iops.range)}"
    elif ebs.iops is None and ebs.type in ("io1", "io2"):
        yield "type", f"type {ebs.type} needs the number of iops", "write iops, or type: gp3"
    throughput = limits.EBS_THROUGHPUT_MIB_S
    if ebs.throughput is not None and ebs.type != "gp3":
        yield (
            "throughput",
            f"throughput cannot be chosen for {ebs.type}",
            "delete throughput, or write type: gp3",
        )
    elif ebs.throughput is not None and not throughput.admits(ebs.throughput):
        yield (
            "throughput",
            f"a throughput of {ebs.throughput} MiB/s is not offered",
            f"write {ENGLISH.text(throughput.range)}",
        )


def _ebs_setting(subject: Subject) -> Iterator[Finding]:
    for name, ebs in _ebs(subject):
        for key, complaint, remedy in _ebs_complaints(ebs):
            yield Finding(("volumes", name, "ebs", key), f'volume "{name}": {complaint}', remedy)


def _ebs_role(subject: Subject) -> Iterator[Finding]:
    for name, ebs in _ebs(subject):
        complaint = names.violation(names.Kind.IAM_ROLE_ARN, ebs.role) if ebs.role is not None else None
        if ebs.role is None or complaint:
            missing = f'volume "{name}" names no role with which ECS could make it'
            yield Finding(
                ("volumes", name, "ebs", "role"),
                f'role "{ebs.role}" of volume "{name}" {ENGLISH.text(complaint)}' if complaint else missing,
                "write the ARN of a role that trusts ecs.amazonaws.com and has the managed policy "
                "AmazonECSInfrastructureRolePolicyForVolumes",
            )


RULES: tuple[Rule, ...] = (
    Rule("CG401", "host-volume", Severity.ERROR, _refused(("host",))),
    Rule("CG402", "unsupported-volume", Severity.ERROR, _refused(("docker", "fsx_windows"))),
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
)
