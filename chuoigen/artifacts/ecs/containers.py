"""Turns the plan of a container into a container definition, members in the order of ECS's own model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chuoigen.artifacts.ecs.members import said
from chuoigen.aws import vocabulary

if TYPE_CHECKING:
    from chuoigen.plan.model import ContainerPlan, HealthPlan, LogPlan, SecretPlan


def container_definition(container: ContainerPlan, image: str) -> dict[str, Any]:
    """Return one container definition.

    What has a default that differs between launch types, or that a reviewer would look up, is always said.
    """
    return said({"name": container.name, "image": image, **_process(container), **_surroundings(container)})


def _process(container: ContainerPlan) -> dict[str, Any]:
    """Say what runs, with how much of the task, and what it sees of the others."""
    credentials = container.registry_credentials
    return {
        "repositoryCredentials": credentials and {"credentialsParameter": credentials},
        "cpu": container.cpu,
        "memory": container.memory,
        "memoryReservation": container.memory_reservation,
        "portMappings": _ports(container),
        "essential": container.essential,
        "restartPolicy": _restart_policy(container),
        "entryPoint": list(container.entrypoint),
        "command": list(container.command),
        "environment": [{"name": name, "value": value} for name, value in container.environment.items()],
        "environmentFiles": [{"value": arn, "type": "s3"} for arn in container.env_files],
        "mountPoints": [
            {"sourceVolume": mount.volume, "containerPath": mount.path, "readOnly": mount.read_only}
            for mount in container.mounts
        ],
    }


def _surroundings(container: ContainerPlan) -> dict[str, Any]:
    """Say what ECS does for the process: secrets, order, time limits, rights, logs, health."""
    return {
        "linuxParameters": _linux_parameters(container),
        "secrets": _secrets(container.secrets),
        "dependsOn": [
            {"containerName": name, "condition": vocabulary.CONDITIONS[condition]}
            for name, condition in container.depends_on.items()
        ],
        "startTimeout": container.start_timeout,
        "stopTimeout": container.stop_timeout,
        "versionConsistency": container.version_consistency,
        "user": container.user,
        "workingDirectory": container.working_dir,
        "readonlyRootFilesystem": container.read_only,
        "dockerLabels": dict(container.labels),
        "ulimits": [{"name": each.name, "softLimit": each.soft, "hardLimit": each.hard} for each in container.ulimits],
        "logConfiguration": _log_configuration(container.logs),
        "healthCheck": container.healthcheck and _health_check(container.healthcheck),
        "systemControls": [{"namespace": name, "value": value} for name, value in container.sysctls.items()],
        "firelensConfiguration": container.firelens_type
        and said({"type": container.firelens_type, "options": dict(container.firelens_options)}),
    }


def _ports(container: ContainerPlan) -> list[dict[str, Any]]:
    return [
        said(
            {
                "containerPort": port.number,
                "hostPort": port.number,
                "protocol": port.protocol,
                "name": port.name,
                "appProtocol": port.app_protocol,
            }
        )
        for port in container.ports
    ]


def _restart_policy(container: ContainerPlan) -> dict[str, Any] | None:
    restart = container.restart
    if restart is None:
        return None
    return said(
        {
            "enabled": True,
            "ignoredExitCodes": list(restart.ignored_exit_codes),
            "restartAttemptPeriod": restart.attempt_period,
        }
    )


def _linux_parameters(container: ContainerPlan) -> dict[str, Any]:
    added, dropped = list(container.capabilities_add), list(container.capabilities_drop)
    return said(
        {
            "capabilities": said({"add": added, "drop": dropped}),
            "initProcessEnabled": container.init or None,
            "tmpfs": [
                said({"containerPath": each.path, "size": each.size, "mountOptions": list(each.options)})
                for each in container.tmpfs
            ],
        }
    )


def _secrets(secrets: tuple[SecretPlan, ...]) -> list[dict[str, str]]:
    return [{"name": secret.variable, "valueFrom": secret.value_from} for secret in secrets]


def _log_configuration(logs: LogPlan) -> dict[str, Any]:
    return said(
        {"logDriver": logs.driver, "options": dict(logs.options), "secretOptions": _secrets(logs.secret_options)}
    )


def _health_check(health: HealthPlan) -> dict[str, Any]:
    return said(
        {
            "command": list(health.command),
            "interval": health.interval,
            "timeout": health.timeout,
            "retries": health.retries,
            "startPeriod": health.start_period,
        }
    )
