"""Joints between the plan, the task definition and the service."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from tests.artifacts.aws_inputs import complaints as model_complaints
from tests.artifacts.aws_inputs import inputs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chuoigen.plan.definitions import ContainerPlan, LogPlan
    from tests.proof.builds import Build


def differ(where: str, found: Any, wanted: Any) -> Iterator[str]:
    """Complain when what is found differs from what is wanted; mappings are compared key by key."""
    if isinstance(found, dict) and isinstance(wanted, dict):
        for key in sorted(set(found) | set(wanted)):
            if key not in wanted:
                yield f"{where}: {key} is too much"
            elif key not in found:
                yield f"{where}: {key} is missing"
            else:
                yield from differ(f"{where}.{key}", found[key], wanted[key])
    elif found != wanted:
        yield f"{where}: is {found!r}, wanted {wanted!r}"


def data(build: Build, path: str) -> Any:
    return json.loads(build.files[path])


def present(**values: Any) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in (None, (), [], {}, "")}


def inputs_that_aws_takes(build: Build) -> Iterator[str]:
    """Every input of the AWS CLI has the members and types of the service's own model."""
    files = {path: json.loads(text) for path, text in build.files.items() if re.match(r"(ecs|network)/.*\.json", path)}
    for service, operation, request in inputs(files):
        yield from model_complaints(service, operation, request)


def containers(build: Build) -> Iterator[str]:
    """Each container of the task definition is the container of the plan, in its order."""
    definition = data(build, "ecs/task-definition.json")
    names = [entry["name"] for entry in definition["containerDefinitions"]]
    yield from differ("containers", names, list(build.plan.containers))
    for entry, container in zip(definition["containerDefinitions"], build.plan.containers.values(), strict=False):
        yield from differ(f"task definition, {container.name}", entry, _container(container))


def _pairs(values: Any) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in values.items()]


def _container(container: ContainerPlan) -> dict[str, Any]:
    """Write a container once more, from the plan, as the API wants it."""
    restart = container.restart
    return present(
        name=container.name,
        image=container.image.reference,
        cpu=container.cpu,
        memory=container.memory,
        memoryReservation=container.memory_reservation,
        entryPoint=list(container.entrypoint),
        command=list(container.command),
        workingDirectory=container.working_dir,
        user=container.user,
        portMappings=[
            {
                "containerPort": port.number,
                "hostPort": port.number,
                "protocol": port.protocol,
                **present(name=port.name, appProtocol=port.app_protocol),
            }
            for port in container.ports
        ],
        environment=_pairs(container.environment),
        environmentFiles=[{"value": file, "type": "s3"} for file in container.env_files],
        secrets=[{"name": s.variable, "valueFrom": s.value_from} for s in container.secrets],
        mountPoints=[
            {"sourceVolume": m.volume, "containerPath": m.path, "readOnly": m.read_only} for m in container.mounts
        ],
        dependsOn=[{"containerName": n, "condition": c.upper()} for n, c in container.depends_on.items()],
        healthCheck=present(**_health(container)),
        startTimeout=container.start_timeout,
        ulimits=[{"name": u.name, "softLimit": u.soft, "hardLimit": u.hard} for u in container.ulimits],
        restartPolicy={
            "enabled": True,
            **present(ignoredExitCodes=list(restart.ignored_exit_codes), restartAttemptPeriod=restart.attempt_period),
        }
        if restart
        else None,
        dockerLabels=dict(container.labels),
        linuxParameters=_linux(container),
        systemControls=[{"namespace": n, "value": v} for n, v in container.sysctls.items()],
        logConfiguration=_logs(container.logs),
        firelensConfiguration=present(type=container.firelens_type, options=dict(container.firelens_options)),
        versionConsistency=container.version_consistency,
        repositoryCredentials=present(credentialsParameter=container.registry_credentials),
    ) | {
        "essential": container.essential,
        "stopTimeout": container.stop_timeout,
        "readonlyRootFilesystem": container.read_only,
    }


def _health(container: ContainerPlan) -> dict[str, Any]:
    check = container.healthcheck
    if check is None:
        return {}
    return {
        "command": list(check.command),
        "interval": check.interval,
        "timeout": check.timeout,
        "retries": check.retries,
        "startPeriod": check.start_period,
    }


def _linux(container: ContainerPlan) -> dict[str, Any]:
    return present(
        capabilities=present(add=list(container.capabilities_add), drop=list(container.capabilities_drop)),
        initProcessEnabled=container.init or None,
        tmpfs=[
            {"containerPath": t.path, "size": t.size, **present(mountOptions=list(t.options))} for t in container.tmpfs
        ],
    )


def _logs(logs: LogPlan) -> dict[str, Any]:
    secrets = [{"name": s.variable, "valueFrom": s.value_from} for s in logs.secret_options]
    return present(logDriver=logs.driver, options=dict(logs.options), secretOptions=secrets)


def task(build: Build) -> Iterator[str]:
    """Everything of the task definition around the containers, as the plan has it."""
    definition, plan = data(build, "ecs/task-definition.json"), build.plan
    del definition["containerDefinitions"]
    volumes = definition.pop("volumes", [])
    yield from differ("volumes", [volume["name"] for volume in volumes], list(plan.volumes))
    for volume in volumes:
        yield from _volume(build, volume)
    tags = {tag["key"]: tag["value"] for tag in definition.pop("tags")}
    digest = tags.pop("chuoigen:definition", "")
    if not re.fullmatch(r"[0-9a-f]{16}", digest):
        yield "the tag of the definition is not a digest"
    yield from differ("tags", tags, dict(plan.tags))
    wanted = present(
        family=plan.task.family,
        taskRoleArn=plan.task.role.arn if plan.task.role else None,
        executionRoleArn=plan.task.execution_role.arn if plan.task.execution_role else None,
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        cpu=str(plan.task.cpu),
        memory=str(plan.task.memory),
        pidMode=plan.task.pid_mode,
        runtimePlatform={"cpuArchitecture": plan.task.architecture, "operatingSystemFamily": "LINUX"},
        ephemeralStorage=present(sizeInGiB=plan.task.ephemeral_storage),
    )
    yield from differ("task definition", definition, wanted)


def _volume(build: Build, volume: dict[str, Any]) -> Iterator[str]:
    plan = build.plan.volumes.get(volume["name"])
    efs = plan.efs if plan else None
    wanted: dict[str, Any] = {"name": volume["name"]}
    if plan and plan.ebs:
        wanted["configuredAtLaunch"] = True
    if efs is not None:
        authorization = present(accessPointId=efs.access_point) | {"iam": "ENABLED" if efs.iam else "DISABLED"}
        wanted["efsVolumeConfiguration"] = present(
            fileSystemId=efs.file_system,
            rootDirectory=None if efs.access_point else efs.root_directory,  # one excludes the other
            transitEncryption="ENABLED" if efs.transit_encryption else "DISABLED",
            transitEncryptionPort=efs.port,
        ) | {"authorizationConfig": authorization}
    yield from differ("volume", volume, wanted)
