"""What Terraform's provider calls the members of ECS's requests: in snake_case, but for a few.

terraform-provider-aws 6.x, resources aws_ecs_task_definition and aws_ecs_service, checked 2026-11-28.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chuoigen.aws.words import EcsWords

if TYPE_CHECKING:
    from chuoigen.yaml.document import KeyPath

_MEMBERS = {
    "enable_ecs_managed_tags": "enableECSManagedTags",
    "size_in_gib": "sizeInGiB",
    "managed_ebs_volume": "managedEBSVolume",
    "volume": "volumes",
    "inference_accelerator": "inferenceAccelerators",
    "load_balancer": "loadBalancers",
    "service_registries": "serviceRegistries",
    "ordered_placement_strategy": "placementStrategy",
    "service_connect_configuration": "serviceConnectConfiguration",
    "configure_at_launch": "configuredAtLaunch",
    "volume_configuration": "volumeConfigurations",
}
LISTED = frozenset(
    {"volumes", "inferenceAccelerators", "loadBalancers", "serviceRegistries", "placementStrategy"}
    | {"placementConstraints", "capacityProviderStrategy", "volumeConfigurations"}
)
"""Blocks of which there may be several; of any other there is one."""
OWN = frozenset(
    {"skip_destroy", "track_latest", "lifecycle", "depends_on", "provider", "count", "for_each", "timeouts", "region"}
    | {"provisioner", "connection", "wait_for_steady_state", "force_new_deployment", "force_delete", "triggers"}
    | {"iam_role", "sigint_rollback", "tags_all", "id", "arn", "revision"}
)
"""Arguments that speak to Terraform, or that ECS on Fargate has no member for."""


def member(argument: str) -> str:
    """Return the member of ECS that an argument of the provider sets."""
    return _MEMBERS.get(argument) or re.sub(r"_(\w)", lambda match: match[1].upper(), argument)


class TerraformWords(EcsWords):
    """The words of the provider: ECS's own inside of a container definition, snake_case elsewhere."""

    def word(self, path: KeyPath) -> str:
        """Return the argument or the member that holds what the last key of a path says."""
        named = super().word(path)
        if path[:1] == ("containers",) and len(path) > 1:
            return named
        known = next((argument for argument, one in _MEMBERS.items() if one == named), "")
        return known or re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", named).lower()
