"""Roles: who may do what, and nothing that the spec does not call for."""

from collections.abc import Iterable, Mapping

from chuoigen import recipes
from chuoigen.aws import arn, vocabulary
from chuoigen.plan.model import ContainerPlan, SecretPlan, VolumePlan
from chuoigen.plan.naming import prefix_of
from chuoigen.plan.surroundings import RolePlan, Statement
from chuoigen.spec import Spec


def execution_role(spec: Spec, containers: Mapping[str, ContainerPlan]) -> RolePlan | None:
    """Return the role with which ECS starts the task: the managed policy, and exactly the secrets that are named."""
    secrets = [
        secret for container in containers.values() for secret in (*container.secrets, *container.logs.secret_options)
    ]
    statements = list(_reading(secrets))
    logins = _unique(
        name if name.startswith("arn:") else arn.secret_arn(spec.aws.account, spec.aws.region, name, any_suffix=True)
        for name in (
            container.registry_credentials.secrets_manager
            for container in spec.containers.values()
            if container.registry_credentials
        )
    )
    if logins:
        statements.append(Statement("ReadRegistryLogins", ("secretsmanager:GetSecretValue",), logins))
    files = _unique(file for container in containers.values() for file in container.env_files)
    if files:
        buckets = _unique(file.partition("/")[0] for file in files)
        statements.append(Statement("ReadEnvironmentFiles", ("s3:GetObject",), files))
        statements.append(Statement("LocateEnvironmentFiles", ("s3:GetBucketLocation",), buckets))
    managed = arn.managed_policy_arn(spec.aws.region, vocabulary.EXECUTION_ROLE_POLICY)
    return _role(spec, "execution", spec.task.execution_role, (managed,), statements)


def task_role(
    spec: Spec, containers: Mapping[str, ContainerPlan], volumes: Mapping[str, VolumePlan]
) -> RolePlan | None:
    """Return the role of the processes themselves, with what the features of the spec need."""
    statements = list(_of_recipes(spec, containers))
    for volume in volumes.values():
        if volume.efs and volume.efs.iam:
            statements.append(_file_system(spec, volume, first=not any(s.sid.startswith("Mount") for s in statements)))
    if spec.service and spec.service.exec:
        statements.append(Statement("ExecuteCommand", vocabulary.EXEC_ACTIONS, ("*",)))
    return _role(spec, "task", spec.task.role, (), statements)


def _of_recipes(spec: Spec, containers: Mapping[str, ContainerPlan]) -> Iterable[Statement]:
    """Yield what recipes ask for, with one statement for those that do the same; a sid is unique in its policy."""
    asked: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for name, container in containers.items():
        build = spec.containers[name].build
        for each in recipes.of(build).permissions(spec.aws.region, container, build, container.build):
            asked.setdefault((each.sid, each.actions), []).extend(each.resources)
    taken: dict[str, int] = {}
    for (sid, actions), resources in asked.items():
        taken[sid] = taken.get(sid, 0) + 1
        number = "" if taken[sid] == 1 else str(taken[sid])
        yield Statement(f"{sid}{number}", actions, _unique(resources))


def _file_system(spec: Spec, volume: VolumePlan, *, first: bool) -> Statement:
    efs = volume.efs
    file_system = efs.file_system if efs else ""
    actions = (
        "elasticfilesystem:ClientMount",
        *(("elasticfilesystem:ClientWrite",) if volume.writers else ()),
    )
    region = spec.aws.region
    resource = str(
        arn.Arn(arn.partition(region), "elasticfilesystem", region, spec.aws.account, f"file-system/{file_system}")
    )
    words = "".join(part.capitalize() for part in volume.name.replace("_", "-").split("-"))
    return Statement(
        "MountFileSystem" if first else f"Mount{''.join(c for c in words if c.isalnum())}",
        actions,
        (resource,),
    )


def codebuild_role(
    spec: Spec, project: str, repositories: Iterable[str], bucket: str | None, secrets: Iterable[SecretPlan]
) -> RolePlan:
    """Return CodeBuild's role: its own log, the repositories it pushes to, the source, the secrets of the build."""
    account, region = spec.aws.account, spec.aws.region
    log = arn.log_group_arn(account, region, f"/aws/codebuild/{project}")
    write = ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents")
    push = (
        "ecr:BatchCheckLayerAvailability",
        "ecr:BatchGetImage",
        "ecr:CompleteLayerUpload",
        "ecr:DescribeImages",
        "ecr:GetDownloadUrlForLayer",
        "ecr:InitiateLayerUpload",
        "ecr:PutImage",
        "ecr:UploadLayerPart",
    )
    statements = [
        Statement("WriteBuildLog", write, (log, f"{log}:*")),
        Statement("LogInToRegistry", ("ecr:GetAuthorizationToken",), ("*",)),
        Statement("PushImages", push, _unique(arn.repository_arn(account, region, name) for name in repositories)),
    ]
    if bucket:
        statements.append(
            Statement("ReadSource", ("s3:GetObject", "s3:GetObjectVersion"), (arn.bucket_arn(region, bucket, "*"),))
        )
    statements += _reading(secrets)
    role = _role(spec, "codebuild", f"{prefix_of(spec)}-codebuild", (), statements)
    if role is None:
        raise AssertionError("a role that has a name is always planned")
    return role


def _reading(secrets: Iterable[SecretPlan]) -> Iterable[Statement]:
    found = list(secrets)
    parameters = _unique(secret.resource for secret in found if secret.service == "ssm")
    if parameters:
        yield Statement("ReadParameters", ("ssm:GetParameters",), parameters)
    managed = _unique(secret.resource for secret in found if secret.service == "secretsmanager")
    if managed:
        yield Statement("ReadSecrets", ("secretsmanager:GetSecretValue",), managed)


def _role(
    spec: Spec, key: str, written: str | None, managed: tuple[str, ...], statements: Iterable[Statement]
) -> RolePlan | None:
    if written is None:
        return None
    given = written.startswith("arn:")
    name = written.rpartition("/")[2] if given else written
    principal = vocabulary.CODEBUILD_PRINCIPAL if key == "codebuild" else vocabulary.ECS_TASKS_PRINCIPAL
    return RolePlan(
        key=key,
        name=name,
        arn=written if given else arn.role_arn(spec.aws.account, spec.aws.region, name),
        made=not given,
        trusts=principal,
        managed=managed,
        policy_name=f"{prefix_of(spec)}-{key}",
        statements=tuple(statements),
    )


def _unique(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))
