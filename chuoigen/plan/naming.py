"""Names: what is created is called `<name>-<stage>-<role>`, so that two stages can share an account."""

from chuoigen.aws import arn
from chuoigen.plan.definitions import SecretPlan
from chuoigen.spec import Spec
from chuoigen.spec.service import WrittenRole
from chuoigen.spec.values import WrittenArgument, WrittenSecret

OWN_TAG = "chuoigen"
"""The tag of everything that the scripts make, with the prefix as its value: by it they know what is theirs."""
DEFINITION_TAG = "chuoigen:definition"
"""The tag of a task definition that holds the digest of what it registers."""
SETTINGS_TAG = "chuoigen:settings"
"""The tag of a service that holds the digest of the settings that it was made with, or last updated to."""
OWN_TAGS = (OWN_TAG, DEFINITION_TAG)
"""The tags that a resource may have beside those of the spec; a service has SETTINGS_TAG in place of the second."""


def is_own_tag(key: str) -> bool:
    """Say whether only chuoigen writes a tag: its own one and all that begin so, since IAM takes no account of case."""
    return key.casefold().startswith(OWN_TAG)


def tags_of(spec: Spec) -> dict[str, str]:
    """Return the tags of everything that is made: the own one, which nothing replaces, and those of the spec."""
    return {OWN_TAG: prefix_of(spec)} | {key: value for key, value in spec.task.tags.items() if not is_own_tag(key)}


def prefix_of(spec: Spec) -> str:
    """Return what all created names begin with."""
    return f"{spec.name}-{spec.stage}" if spec.stage else spec.name


_OF_DEPLOYMENT = {"infrastructure": "infrastructure_role", "hooks": "hook_role"}
"""Keys of a deployment that name roles which are there; without them the roles are made."""


def written_role(spec: Spec, role: str) -> WrittenRole | None:
    """Return what the spec says of `execution`, `task` or `codebuild`; the scheduler's follows from the jobs alone."""
    if role == "codebuild":
        return spec.pipeline.role if spec.pipeline else None
    found: WrittenRole | None = getattr(spec.task, f"{role}_role", None)
    return found


def role_of(spec: Spec, role: str) -> str:
    """Return a role: its name, or the ARN that was written."""
    written = written_role(spec, role)
    deployment = spec.service.deployment if spec.service is not None else None
    given = getattr(deployment, _OF_DEPLOYMENT[role], None) if role in _OF_DEPLOYMENT else None
    return (written.name if written is not None else given) or f"{prefix_of(spec)}-{role}"


def discovered_name(spec: Spec) -> str | None:
    """Return the DNS name of the tasks; None where there is none, or where only an id says which one."""
    written = spec.discovery
    if written is None:
        return None
    domain = written.domain or (None if arn.cloud_map_id(written.namespace, "namespace") else written.namespace)
    given = arn.cloud_map_id(written.service or "", "service")
    return f"{written.service or prefix_of(spec)}.{domain}" if domain is not None and given is None else None


def group_of(spec: Spec, container: str, written: str | None) -> str:
    """Return the name of a container's log group; `{container}` is the one placeholder of the language."""
    pattern = written or f"/ecs/{prefix_of(spec)}/{{container}}"
    return (arn.log_group(pattern) or pattern).replace("{container}", container)


def repository_of(spec: Spec, container: str) -> str:
    """Return the name of the repository of a container's image, which is built here."""
    build = spec.containers[container].build
    written = (build.repository.name if build is not None and build.repository is not None else None) or ""
    return arn.repository(written) or written or f"{prefix_of(spec)}-{container}"


def secret_plan(spec: Spec, variable: str, secret: WrittenSecret | WrittenArgument) -> SecretPlan:
    """Decide how ECS finds a secret and which ARN the role that reads it must be allowed to read.

    An ARN may have ECS's own form, with key and version behind it; the keys of the spec come before those.
    """
    account, region = spec.aws.account, spec.aws.region
    if secret.ssm is not None:
        full = secret.ssm if secret.ssm.startswith("arn:") else arn.parameter_arn(account, region, secret.ssm)
        name = None if secret.ssm.startswith("arn:") else secret.ssm
        return SecretPlan(variable, full, "ssm", full, name, secret.kms_key)
    written = secret.secrets_manager or ""
    given = arn.parse_secret(written) or arn.SecretArn(written)
    parts = (
        secret.key or given.key,
        secret.version_stage or given.version_stage,
        secret.version_id or given.version_id,
    )
    tail = f":{':'.join(parts)}" if any(parts) else ""
    name = None if written.startswith("arn:") else written
    full = arn.secret_arn(account, region, name) if name is not None else given.arn
    resource = arn.secret_resource(account, region, written)
    return SecretPlan(variable, full + tail, "secretsmanager", resource, name, secret.kms_key)
