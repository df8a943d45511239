"""What CloudFormation calls the members of ECS's own requests: with a capital first, but for a few."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chuoigen.aws.words import EcsWords

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chuoigen.yaml.document import KeyPath

_EXCEPTIONS = {
    "efsVolumeConfiguration": "EFSVolumeConfiguration",
    "fsxWindowsFileServerVolumeConfiguration": "FSxWindowsFileServerVolumeConfiguration",
    "s3filesVolumeConfiguration": "S3FilesVolumeConfiguration",
    "iam": "IAM",
    "placementStrategy": "PlacementStrategies",
}
_INSIDE = {"EFSVolumeConfiguration": {"fileSystemId": "FilesystemId"}}
_OF_PROXIES = {"properties": "ProxyConfigurationProperties"}
"""CloudFormation's resource schemas AWS::ECS::TaskDefinition and AWS::ECS::Service, compared with botocore 1.44.8, ecs,
on 2026-11-28: these are all the properties that differ by more than their first letter.
"""
_EFS = ("efs", "efsVolumeConfiguration")


def spelt(member: str, parent: str = "") -> str:
    """Return the property that a member of ECS is, in the object that the property `parent` holds."""
    inside = _INSIDE.get(parent, {})
    named = inside.get(member) or _EXCEPTIONS.get(member)
    if parent == "ProxyConfiguration":
        named = _OF_PROXIES.get(member, named)
    return named or member[:1].upper() + member[1:]


def members(schema: Mapping[str, Any], parent: str) -> dict[str, str]:
    """Return the members of ECS that an object may have, by the names of their properties."""
    return {spelt(member, parent): member for member in schema.get("properties", {})}


class TemplateWords(EcsWords):
    """The words of a template, for its reader."""

    def word(self, path: KeyPath) -> str:
        """Return the property that holds what the last key of a path says."""
        member = super().word(path)
        parent = _INSIDE_EFS if any(part in _EFS for part in path[:-1]) else ""
        return ".".join(spelt(part, parent) for part in member.split("."))


_INSIDE_EFS = "EFSVolumeConfiguration"
