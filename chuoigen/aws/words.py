"""What the language's keys are called in a task definition and in the input of create-service.

Most keys are ECS's members in snake_case; the table has those that docker compose spells in its own way or that lie
elsewhere (botocore 1.44.8, ecs, RegisterTaskDefinition and CreateService, checked 2026-11-27).
"""

from __future__ import annotations

import re

from chuoigen.aws.refused import REFUSED_CONTAINER, REFUSED_SERVICE, REFUSED_TASK, REFUSED_VOLUME

KeyPath = tuple[str | int, ...]

_MEMBERS = {
    "containers": "containerDefinitions",
    "entrypoint": "entryPoint",
    "working_dir": "workingDirectory",
    "read_only": "readonlyRootFilesystem",
    "ports": "portMappings",
    "env_files": "environmentFiles",
    "mounts": "mountPoints",
    "healthcheck": "healthCheck",
    "restart": "restartPolicy",
    "attempt_period": "restartAttemptPeriod",
    "init": "initProcessEnabled",
    "labels": "dockerLabels",
    "sysctls": "systemControls",
    "logs": "logConfiguration",
    "driver": "logDriver",
    "firelens": "firelensConfiguration",
    "task_role": "taskRoleArn",
    "execution_role": "executionRoleArn",
    "efs": "efsVolumeConfiguration",
    "ebs": "managedEBSVolume",
    "platform": "runtimePlatform",
    "deployment": "deploymentConfiguration",
    "circuit_breaker": "deploymentCircuitBreaker",
    "health_check_grace_period": "healthCheckGracePeriodSeconds",
    "load_balancer": "loadBalancers",
}
_INSIDE = {
    "ports": {"container": "containerPort", "host": "hostPort"},
    "mounts": {"path": "containerPath", "read_only": "readOnly"},
    "ulimits": {"soft": "softLimit", "hard": "hardLimit"},
    "ebs": {"size": "sizeInGiB", "type": "volumeType", "snapshot": "snapshotId", "role": "roleArn"},
}
"""Keys that are called otherwise inside of some other key."""
_REFUSED = (
    ("containers", REFUSED_CONTAINER),
    ("task", REFUSED_TASK),
    ("volumes", REFUSED_VOLUME),
    ("service", REFUSED_SERVICE),
)


class EcsWords:
    """The words of ECS's own JSON, for the reader of a task definition or of a service definition."""

    def word(self, path: KeyPath) -> str:
        """Return the member that holds what the last key of a path says."""
        key = str(path[-1]) if path else ""
        for parent in reversed(path[:-1]):
            if key in _INSIDE.get(str(parent), {}):
                return _INSIDE[str(parent)][key]
        for section, refusals in _REFUSED:
            if path[:1] == (section,) and key in refusals and refusals[key].ecs_parameter:
                return refusals[key].ecs_parameter.rpartition("[].")[2]
        return _MEMBERS.get(key) or re.sub(r"_(\w)", lambda match: match[1].upper(), key)
