"""Volumes: who writes, who reads, and to whom their directories must belong."""

import posixpath

from chuoigen import recipes
from chuoigen.aws import arn, defaults, limits
from chuoigen.plan.definitions import EbsPlan, EfsPlan, MountPlan, S3FilesPlan, VolumePlan
from chuoigen.provenance import keyed
from chuoigen.spec import Spec
from chuoigen.spec.container import Container, Mount

APP_USER = "app"
APP_UID = limits.FIRST_UID
"""The user that recipes make for an application."""
ROOT = "0:0"


def mounts_of(container: Container) -> tuple[MountPlan, ...]:
    """Return the mounts of a container."""
    return tuple(mount_plan(volume, mount) for volume, mount in container.mounts.items())


def mount_plan(volume: str, mount: Mount) -> MountPlan:
    """Return a mount with its path in the one normal form."""
    return MountPlan(volume, posixpath.normpath(mount.path), mount.read_only)


def owner_of(container: Container) -> str:
    """Return "uid:gid" of the process that runs in a container; root where that cannot be known."""
    if container.user is not None:
        uid, _, gid = container.user.partition(":")
        if uid.isdigit():
            return f"{uid}:{gid if gid.isdigit() else uid}"
        return f"{APP_UID}:{APP_UID}" if uid == APP_USER else ROOT
    return recipes.of(container.build).owner(container.build) or ROOT


def volume_plans(spec: Spec) -> dict[str, VolumePlan]:
    """Return the volumes in the spec's order. The first container that writes decides who owns the directory."""
    return keyed(spec.volumes, lambda name: _volume(spec, name))


def _volume(spec: Spec, name: str) -> VolumePlan:
    written = spec.volumes[name]
    efs, ebs, s3_files = written.efs, written.ebs, written.s3_files
    return VolumePlan(
        name=name,
        efs=None
        if efs is None
        else EfsPlan(
            file_system_id=efs.file_system_id,
            root_directory=efs.root_directory or defaults.EFS_ROOT.value,
            access_point_id=efs.authorization_config.access_point_id,
            iam=efs.authorization_config.iam,
            transit_encryption=efs.transit_encryption,
            transit_encryption_port=efs.transit_encryption_port,
        ),
        ebs=None
        if ebs is None
        else EbsPlan(
            size=ebs.size,
            type=ebs.type,
            iops=ebs.iops,
            throughput=ebs.throughput,
            snapshot=ebs.snapshot,
            initialization_rate=ebs.initialization_rate,
            tags=dict(ebs.tags),
            propagate_tags=ebs.propagate_tags,
            filesystem_type=ebs.filesystem_type,
            encrypted=ebs.encrypted,
            kms_key=ebs.kms_key,
            role_arn=(
                ebs.role
                if ebs.role is None or ebs.role.startswith("arn:")
                else arn.role_arn(spec.aws.account, spec.aws.region, ebs.role)
            ),
        ),
        s3_files=S3FilesPlan(
            s3_files.file_system_arn,
            s3_files.root_directory,
            s3_files.transit_encryption_port,
            s3_files.access_point_arn,
        )
        if s3_files
        else None,
        writers=_mounting(spec, name, read_only=False),
        readers=_mounting(spec, name, read_only=True),
        owner=_owner(spec, name),
    )


def _mounting(spec: Spec, name: str, *, read_only: bool) -> tuple[str, ...]:
    mounting = {key: container.mounts[name] for key, container in spec.containers.items() if name in container.mounts}
    return tuple(key for key, mount in mounting.items() if mount.read_only == read_only)


def _owner(spec: Spec, name: str) -> str:
    writers = _mounting(spec, name, read_only=False)
    return owner_of(spec.containers[writers[0]]) if writers else ROOT
