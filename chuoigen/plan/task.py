"""The task definition: size, roles, platform."""

from collections.abc import Mapping

from chuoigen.aws import vocabulary
from chuoigen.plan.definitions import ContainerPlan
from chuoigen.plan.naming import prefix_of, tags_of
from chuoigen.plan.overrides import overrides_of
from chuoigen.plan.permissions import has_execution_role, role_key
from chuoigen.provenance import decision
from chuoigen.resources import Ref
from chuoigen.resources.ecs import EphemeralStorage, RuntimePlatform, TaskDefinition
from chuoigen.spec import Spec

TASK_DEFINITION = "task-definition"


@decision
def task_definition(spec: Spec, containers: Mapping[str, ContainerPlan]) -> TaskDefinition:
    """Decide about the task."""
    return TaskDefinition(
        key=TASK_DEFINITION,
        family=spec.task.family or prefix_of(spec),
        task_role_arn=Ref(role_key("task"), "arn") if spec.task.task_role is not None else None,
        execution_role_arn=Ref(role_key("execution"), "arn") if has_execution_role(spec, containers) else None,
        network_mode="awsvpc",
        requires_compatibilities=("FARGATE",),
        cpu=spec.task.cpu,
        memory=spec.task.memory,
        tags=tags_of(spec),
        pid_mode=spec.task.pid_mode,
        ephemeral_storage=EphemeralStorage(spec.task.ephemeral_storage) if spec.task.ephemeral_storage else None,
        runtime_platform=RuntimePlatform(
            cpu_architecture=vocabulary.ARCHITECTURES.get(spec.task.platform, "X86_64"),
            operating_system_family=vocabulary.OPERATING_SYSTEM,
        ),
        enable_fault_injection=spec.task.enable_fault_injection or None,
        platform=spec.task.platform,
        overrides=overrides_of(spec.task.overrides),
    )
