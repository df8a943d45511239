"""Roles and what they may do: exactly what the features of the spec need, and nothing else."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial

from chuoigen import recipes
from chuoigen.aws import arn, deploying, vocabulary
from chuoigen.plan.connect import proxy_logs
from chuoigen.plan.definitions import ContainerPlan, SecretPlan, VolumePlan
from chuoigen.plan.log_outputs import log_permissions
from chuoigen.plan.naming import prefix_of, role_of, tags_of, written_role
from chuoigen.provenance import decision, each
from chuoigen.resources import Ref, Resource, unique
from chuoigen.resources.iam import Policy, Role, Statement, allow, document, trust
from chuoigen.spec import Spec

Grant = Callable[[], Statement | None]
"""What makes a statement, where a feature needs one."""
_PRINCIPALS = {
    "codebuild": vocabulary.CODEBUILD_PRINCIPAL,
    "scheduler": vocabulary.SCHEDULER_PRINCIPAL,
    "infrastructure": deploying.ECS_PRINCIPAL,
    "hooks": deploying.ECS_PRINCIPAL,
}
"""Who takes on a role, where that is not ECS for a task."""


def role_key(role: str) -> str:
    """Return the key of a role, such as `execution`, `task` or `scheduler`."""
    return f"role:{role}"


def roles_of_tasks(resources: Mapping[str, Resource]) -> dict[str, str]:
    """Return the ARNs of the roles that ECS hands to tasks, by their keys."""
    found = (resources.get(role_key(role)) for role in ("execution", "task"))
    return {role.key: role.arn for role in found if isinstance(role, Role)}


def has_execution_role(spec: Spec, containers: Mapping[str, ContainerPlan]) -> bool:
    """Say whether ECS gets a role to start the task with: one was written, or something needs it.

    Source: docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html (2026-11-28).
    """
    return spec.task.execution_role is not None or any(any(starting_needs(each)) for each in containers.values())


def starting_needs(container: ContainerPlan) -> Iterator[tuple[str, str]]:
    """Yield what ECS does for a container with the execution role, and the key that asks for it; "" for the default."""
    needs = (
        ("image", "build", container.build is not None),
        (
            "image",
            "image",
            container.build is None and (container.image.hole or arn.parse_ecr(container.image.reference)),
        ),
        ("registry", "repository_credentials", container.repository_credentials),
        ("secrets", "secrets", container.secrets),
        ("log-driver", "logs", container.logs.secret_options),
        ("env-files", "env_files", container.env_files),
        ("output", "", container.logs.driver == "awslogs"),
    )
    yield from ((need, key) for need, key, needed in needs if needed)


@decision
def execution_role(spec: Spec, containers: Mapping[str, ContainerPlan]) -> dict[str, Resource]:
    """Return the role with which ECS starts the task: the managed policy, and exactly the secrets that are named.

    There is none where none was written and nothing needs one.
    """
    if not has_execution_role(spec, containers):
        return {}
    managed = arn.managed_policy_arn(spec.aws.region, vocabulary.EXECUTION_ROLE_POLICY)

    def secrets() -> Iterable[SecretPlan]:
        for container in containers.values():
            yield from (*container.secrets, *container.logs.secret_options)
        for logs in proxy_logs(spec).values():
            yield from logs.secret_options

    def files() -> tuple[str, ...]:
        return unique(file for container in containers.values() for file in container.env_files)

    def buckets() -> tuple[str, ...]:
        return unique(file.partition("/")[0] for file in files())

    def login_keys() -> Iterable[str | None]:
        logins = (container.repository_credentials for container in spec.containers.values())
        return (login.kms_key for login in logins if login is not None)

    def file_keys() -> Iterable[str | None]:
        return (file.kms_key for container in spec.containers.values() for file in container.env_files)

    grants: tuple[Grant, ...] = (
        *_reading(spec, secrets, login_keys),
        lambda: _grant("ReadRegistryLogins", ("secretsmanager:GetSecretValue",), _logins(spec)),
        lambda: _grant("ReadEnvironmentFiles", ("s3:GetObject",), files()),
        lambda: _grant("LocateEnvironmentFiles", ("s3:GetBucketLocation",), buckets()),
        lambda: _through(spec, "s3", "DecryptFiles", vocabulary.KMS_READ, file_keys()),
    )
    return granted_role(spec, "execution", (managed,), grants)


def _logins(spec: Spec) -> tuple[str, ...]:
    written = (each.repository_credentials for each in spec.containers.values())
    names = (login.secrets_manager for login in written if login is not None)
    account, region = spec.aws.account, spec.aws.region
    return unique(arn.secret_resource(account, region, name) for name in names)


@decision
def task_role(
    spec: Spec, containers: Mapping[str, ContainerPlan], volumes: Mapping[str, VolumePlan]
) -> dict[str, Resource]:
    """Return the role of the processes themselves, with what the features of the spec need."""
    if spec.task.task_role is None:
        return {}
    mounted = unique(volume.efs.file_system_id for volume in volumes.values() if volume.efs and volume.efs.iam)
    grants: tuple[Grant, ...] = (
        *_of_processes(spec, containers),
        *(partial(_file_system, spec, volumes, file_system) for file_system in mounted),
        lambda: (
            allow("ExecuteCommand", vocabulary.EXEC_ACTIONS, ("*",))
            if spec.service and spec.service.enable_execute_command
            else None
        ),
        *_of_application(spec),
    )
    return granted_role(spec, "task", (), grants)


def _of_processes(spec: Spec, containers: Mapping[str, ContainerPlan]) -> Iterator[Grant]:
    """Yield what recipes and log options ask for, one statement for what is the same; a sid is unique in its policy."""
    asked: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for name, container in containers.items():
        build = spec.containers[name].build
        of_recipe = recipes.of(build).permissions(spec.aws.region, container, build, container.build)
        for each_asked in (*of_recipe, *log_permissions(spec, container)):
            asked.setdefault((each_asked.sid, each_asked.actions), []).extend(each_asked.resources)
    taken: dict[str, int] = {}
    for (sid, actions), resources in asked.items():
        taken[sid] = taken.get(sid, 0) + 1
        number = "" if taken[sid] == 1 else str(taken[sid])
        yield partial(_grant, f"{sid}{number}", actions, unique(resources))


def _of_application(spec: Spec) -> Iterator[Grant]:
    """Yield what the spec says that the processes may do; ids begin with App, so that they meet none of ours."""
    taken: dict[str, int] = {}
    for name in spec.permissions:
        sid = "App" + "".join(word[0].upper() + word[1:] for word in re.findall(r"[A-Za-z0-9]+", name))
        taken[sid] = taken.get(sid, 0) + 1
        yield partial(_written_statement, spec, name, f"{sid}x{taken[sid]}" if taken[sid] > 1 else sid)


def _written_statement(spec: Spec, name: str, sid: str) -> Statement:
    written = spec.permissions[name]
    return Statement(
        sid=sid,
        effect=written.effect.capitalize(),
        principal={},
        action=unique(written.actions),
        resource=unique(written.resources),
        condition={
            operator: {key: tuple(values) for key, values in keys.items()}
            for operator, keys in written.conditions.items()
        },
    )


def _file_system(spec: Spec, volumes: Mapping[str, VolumePlan], file_system: str) -> Statement:
    """Allow to mount a file system; the id of the statement is the file system's, whatever its volumes are called."""
    used = [each for each in volumes.values() if each.efs and each.efs.iam and each.efs.file_system_id == file_system]
    actions = (
        "elasticfilesystem:ClientMount",
        *(("elasticfilesystem:ClientWrite",) if any(volume.writers for volume in used) else ()),
    )
    region = spec.aws.region
    resource = str(
        arn.Arn(arn.partition(region), "elasticfilesystem", region, spec.aws.account, f"file-system/{file_system}")
    )
    return allow(f"Mount{''.join(c for c in file_system.capitalize() if c.isalnum())}", actions, (resource,))


def codebuild_role(
    spec: Spec,
    project: str,
    repositories: Iterable[str],
    bases: Iterable[str],
    secrets: Iterable[SecretPlan],
) -> dict[str, Resource]:
    """Return CodeBuild's role: its log, repositories it pushes to and pulls from, source, artifacts, secrets."""
    account, region = spec.aws.account, spec.aws.region
    log = arn.log_group_arn(account, region, f"/aws/codebuild/{project}")
    pull = ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
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

    def objects(key: str) -> tuple[str, ...]:
        bucket = getattr(spec.pipeline, key) if spec.pipeline else None
        return (arn.bucket_arn(region, bucket, "*"),) if bucket else ()

    artifacts = objects("artifact_bucket")
    own = (spec.pipeline.kms_key,) if spec.pipeline and (artifacts or objects("source_bucket")) else ()
    pushed = unique(arn.repository_arn(account, region, name) for name in repositories)
    pulled = unique(resource for image in bases if (resource := arn.ecr_repository(image)) not in pushed)
    grants: tuple[Grant, ...] = (
        lambda: allow("WriteBuildLog", write, (log, f"{log}:*")),
        lambda: allow("LogInToRegistry", ("ecr:GetAuthorizationToken",), ("*",)),
        lambda: _grant("PushImages", push, pushed),
        lambda: _grant("PullBaseImages", pull, pulled),
        lambda: _grant("ReadSource", ("s3:GetObject", "s3:GetObjectVersion"), objects("source_bucket")),
        lambda: _grant("PassArtifacts", ("s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"), artifacts),
        *_reading(spec, lambda: secrets, tuple),
        lambda: _through(spec, "s3", "DecryptSource", vocabulary.KMS_READ, () if artifacts else own),
        lambda: _through(spec, "s3", "EncryptArtifacts", vocabulary.KMS_WRITE, own if artifacts else ()),
    )

    return granted_role(spec, "codebuild", (), grants)


def _reading(
    spec: Spec, secrets: Callable[[], Iterable[SecretPlan]], more_keys: Callable[[], Iterable[str | None]]
) -> tuple[Grant, ...]:
    """Return what reading secrets needs; `more_keys` encrypt other secrets of Secrets Manager that the role reads."""

    def named(service: str) -> tuple[str, ...]:
        return unique(secret.resource for secret in secrets() if secret.service == service)

    def keys(service: str) -> Iterable[str | None]:
        return (secret.kms_key for secret in secrets() if secret.service == service)

    return (
        lambda: _grant("ReadParameters", ("ssm:GetParameters",), named("ssm")),
        lambda: _grant("ReadSecrets", ("secretsmanager:GetSecretValue",), named("secretsmanager")),
        lambda: _through(spec, "ssm", "DecryptParameters", vocabulary.KMS_READ, keys("ssm")),
        lambda: _through(
            spec, "secretsmanager", "DecryptSecrets", vocabulary.KMS_READ, (*keys("secretsmanager"), *more_keys())
        ),
    )


def _through(
    spec: Spec, service: str, sid: str, actions: tuple[str, ...], keys: Iterable[str | None]
) -> Statement | None:
    """Allow to use keys for what a service keeps, and for nothing else: the service asks KMS in the role's name.

    Source: AWS KMS documentation, 'kms:ViaService' (2026-11-28). It writes the host names of every partition with
    amazonaws.com; where they end otherwise, both forms are taken.
    """
    region = spec.aws.region
    suffixes = unique(("amazonaws.com", arn.dns_suffix(region)))
    hosts = tuple(f"{service}.{region}.{suffix}" for suffix in suffixes)
    made = _grant(sid, actions, unique(keys))
    return made and made.replaced(condition={"StringEquals": {"kms:ViaService": hosts if len(hosts) > 1 else hosts[0]}})


def _grant(sid: str, actions: tuple[str, ...], resources: tuple[str, ...]) -> Statement | None:
    return allow(sid, actions, resources) if resources else None


def _given(written: str) -> bool:
    return written.startswith("arn:")


def _name(written: str) -> str:
    return written.rpartition("/")[2] if _given(written) else written


def _arn(spec: Spec, written: str, path: str) -> str:
    if _given(written):
        return written
    return arn.role_arn(spec.aws.account, spec.aws.region, f"{path.strip('/')}/{written}")


def granted_role(spec: Spec, key: str, managed: tuple[str, ...], grants: Iterable[Grant]) -> dict[str, Resource]:
    """Return a role with its inline policy."""
    principal = _PRINCIPALS.get(key, vocabulary.ECS_TASKS_PRINCIPAL)
    statements = each(grants, lambda grant: grant())
    long = written_role(spec, key)
    role = Role(
        key=role_key(key),
        path=long.path if long else None,
        role_name=_name(role_of(spec, key)),
        assume_role_policy_document=trust(principal, spec.aws.account),
        permissions_boundary=(long.permissions_boundary if long else None) or spec.aws.permissions_boundary,
        tags=tags_of(spec),
        arn=_arn(spec, role_of(spec, key), (long.path if long else None) or "/"),
        made=not _given(role_of(spec, key)),
        managed=unique((*managed, *(long.managed_policies if long else ()))),
    )
    policy = Policy(
        key=f"policy:{key}",
        role_name=Ref(role_key(key), "role_name"),
        policy_name=f"{prefix_of(spec)}-{key}",
        policy_document=document({made.sid: made for made in statements if made is not None}),
    )
    return {role.key: role, policy.key: policy}
