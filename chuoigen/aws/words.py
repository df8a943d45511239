"""What the language's keys are called in a task definition and in the input of create-service.

Most keys are ECS's members in snake_case; the table has those that docker compose spells in its own way or that lie
elsewhere (botocore 1.44.8, ecs, RegisterTaskDefinition and CreateService, checked 2026-11-27).
"""

from __future__ import annotations

import re

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
    "registry_credentials": "repositoryCredentials",
    "role": "taskRoleArn",
    "execution_role": "executionRoleArn",
    "efs": "efsVolumeConfiguration",
    "file_system": "fileSystemId",
    "access_point": "accessPointId",
    "ebs": "managedEBSVolume",
    "exec": "enableExecuteCommand",
    "public_ip": "assignPublicIp",
    "capacity": "capacityProviderStrategy",
    "min_percent": "minimumHealthyPercent",
    "max_percent": "maximumPercent",
    "circuit_breaker": "deploymentCircuitBreaker",
    "deployment": "deploymentConfiguration",
    "health_check_grace_period": "healthCheckGracePeriodSeconds",
    "load_balancer": "loadBalancers",
}


class EcsWords:
    """The words of ECS's own JSON, for the reader of a task definition or of a service definition."""

    def word(self, path: KeyPath) -> str:
        """Return the member that holds what the last key of a path says."""
        key = str(path[-1]) if path else ""
        return _MEMBERS.get(key) or re.sub(r"_(\w)", lambda match: match[1].upper(), key)
