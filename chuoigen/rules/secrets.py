"""Where secrets are kept, and the roles that may read them."""

from collections.abc import Iterator

from chuoigen.aws import arn, names
from chuoigen.diagnostics import Severity
from chuoigen.lint.rule import Finding, Rule, Subject, answering
from chuoigen.messages import ENGLISH
from chuoigen.spec.values import WrittenArgument, WrittenSecret
from chuoigen.yaml.document import KeyPath

_Written = WrittenSecret | WrittenArgument
_EXAMPLE = "{ ssm: /path/of/the/parameter } or { secrets_manager: name-or-arn }"


def _runtime_secrets(subject: Subject) -> Iterator[tuple[KeyPath, str, WrittenSecret]]:
    """Yield what ECS reads when a task starts: variables and options of log drivers."""
    for name, container in subject.spec.containers.items():
        for variable, secret in container.secrets.items():
            yield ("containers", name, "secrets", variable), variable, secret
        for option, secret in (container.logs.secret_options if container.logs else {}).items():
            yield ("containers", name, "logs", "secret_options", option), option, secret
    for option, secret in (subject.spec.logs.secret_options if subject.spec.logs else {}).items():
        yield ("logs", "secret_options", option), option, secret


def _all_secrets(subject: Subject) -> Iterator[tuple[KeyPath, str, _Written]]:
    yield from _runtime_secrets(subject)
    for name, container in subject.spec.containers.items():
        for argument, written in (container.build.args if container.build else {}).items():
            yield ("containers", name, "build", "args", argument), argument, written


def _ambiguous(subject: Subject) -> Iterator[Finding]:
    for path, name, secret in _runtime_secrets(subject):
        if secret.ssm is not None and secret.secrets_manager is not None:
            yield Finding(path, f'secret "{name}" names two stores, ssm and secrets_manager', "keep one of the two")
        elif secret.ssm is None and secret.secrets_manager is None:
            yield Finding(path, f'secret "{name}" does not say where it is kept', f"write {_EXAMPLE}")


def _places(subject: Subject) -> Iterator[tuple[KeyPath, str, str, str]]:
    """Yield the name or ARN of every secret: path, what it is called here, its store, what was written."""
    for path, name, secret in _all_secrets(subject):
        if secret.ssm is not None:
            yield (*path, "ssm"), name, "ssm", secret.ssm
        if secret.secrets_manager is not None:
            yield (*path, "secrets_manager"), name, "secretsmanager", secret.secrets_manager
    for name, container in subject.spec.containers.items():
        login = container.registry_credentials
        if login is not None:
            path = ("containers", name, "registry_credentials", "secrets_manager")
            yield path, "registry_credentials", "secretsmanager", login.secrets_manager


def _fault(store: str, written: str) -> str | None:
    kind = names.Kind.SSM_PARAMETER if store == "ssm" else names.Kind.SECRETS_MANAGER_SECRET
    if not written.startswith("arn:"):
        complaint = names.violation(kind, written)
        return f'is kept in "{written}", which {ENGLISH.text(complaint)}' if complaint else None
    parsed = arn.parse(written)
    start = "parameter/" if store == "ssm" else "secret:"
    if parsed is None or parsed.service != store or not parsed.resource.startswith(start):
        return f'is kept in "{written}", which is no ARN of {"a parameter" if store == "ssm" else "a secret"}'
    return None


def _format(subject: Subject) -> Iterator[Finding]:
    forms = {
        "ssm": "write the parameter's name, such as /shop/qa/key, or its ARN (arn:aws:ssm:…:parameter/…)",
        "secretsmanager": "write the secret's name, or its ARN (arn:aws:secretsmanager:…:secret:…)",
    }
    for path, name, store, written in _places(subject):
        fault = _fault(store, written)
        if fault:
            yield Finding(path, f'secret "{name}" {fault}', forms[store])
    for path, name, secret in _all_secrets(subject):
        for key in ("key", "version_stage", "version_id") if secret.secrets_manager is not None else ():
            if ":" in (getattr(secret, key) or ""):
                message = f'{key} of secret "{name}" contains a colon, which ends it in the ARN that ECS reads'
                yield Finding((*path, key), message, f"write a {key} without a colon")


def _foreign(subject: Subject) -> Iterator[Finding]:
    aws = subject.spec.aws
    for path, name, store, written in _places(subject):
        parsed = arn.parse(written)
        if parsed is None or _fault(store, written):
            continue
        if parsed.region != aws.region and not names.violation(names.Kind.REGION, aws.region):
            key, message = "region", f'secret "{name}" is kept in {parsed.region}, the task runs in {aws.region}'
        elif parsed.account != aws.account and not names.violation(names.Kind.ACCOUNT_ID, aws.account):
            key, message = "account", f'secret "{name}" belongs to account {parsed.account}, the task to {aws.account}'
        else:
            continue
        related = (("aws", key), "the task's is here")
        yield Finding(path, message, "keep the secret beside the task, and write its name only", related=(related,))


def _version(subject: Subject) -> Iterator[Finding]:
    for path, name, secret in _all_secrets(subject):
        if secret.secrets_manager is not None and secret.version_stage is not None and secret.version_id is not None:
            message = f'secret "{name}" asks for a version both by version_stage and by version_id'
            yield Finding((*path, "version_id"), message, "keep one of the two", on_key=True)


def _misplaced(subject: Subject) -> Iterator[Finding]:
    for path, name, secret in _all_secrets(subject):
        if secret.secrets_manager is not None:
            continue
        for key in ("key", "version_stage", "version_id"):
            if getattr(secret, key) is not None:
                message = f'secret "{name}" has {key}, which only secrets of Secrets Manager have'
                yield Finding((*path, key), message, f"delete {key}", on_key=True)


def _execution_needs(subject: Subject) -> Iterator[tuple[KeyPath, str]]:
    for name, container in subject.plan.containers.items():
        if container.build is not None:
            yield ("containers", name, "build"), f'pulls the image of "{name}" from ECR'
        elif arn.parse_ecr(container.image.reference):
            yield ("containers", name, "image"), f'pulls the image of "{name}" from ECR'
        if container.registry_credentials:
            yield ("containers", name, "registry_credentials"), f'reads the registry login of "{name}"'
        if container.secrets:
            yield ("containers", name, "secrets"), f'reads the secrets of "{name}"'
        if container.logs.secret_options:
            yield ("containers", name, "logs"), f'reads the secrets of the log driver of "{name}"'
        if container.env_files:
            yield ("containers", name, "env_files"), f'reads the env_files of "{name}"'
        if container.logs.driver == "awslogs":
            yield ("containers", name), f'writes the output of "{name}" to CloudWatch Logs'


def _no_execution_role(subject: Subject) -> Iterator[Finding]:
    needs = tuple(_execution_needs(subject))
    if subject.spec.task.execution_role is None and needs:
        yield Finding(
            ("task", "execution_role"),
            f"the task has no execution role, with which ECS {needs[0][1]}{_more(len(needs))}",
            f"write execution_role under task: a name to create, such as {subject.plan.prefix}-execution, or an ARN",
            related=tuple((path, f"ECS {text}") for path, text in needs),
        )


def _more(count: int) -> str:
    return "" if count == 1 else f" ({count - 1} more {'reason' if count == 2 else 'reasons'} below)"  # noqa: PLR2004  one and another


def _task_needs(subject: Subject) -> Iterator[tuple[KeyPath, str]]:
    spec = subject.spec
    for each in answering(subject):
        for permission in each.recipe.permissions(spec.aws.region, each.plan, each.build, each.made):
            yield (*each.path, *permission.key), f'"{each.name}" {permission.why}'
    for name, volume in spec.volumes.items():
        if volume.efs is not None and volume.efs.iam:
            yield ("volumes", name, "efs", "iam"), f'volume "{name}" asks for it'
    if spec.service is not None and spec.service.exec:
        yield ("service", "exec"), "`aws ecs execute-command` opens its channels"


def _no_task_role(subject: Subject) -> Iterator[Finding]:
    needs = tuple(_task_needs(subject))
    if subject.spec.task.role is None and needs:
        yield Finding(
            ("task", "role"),
            f"the task has no role, with which {needs[0][1]}{_more(len(needs))}",
            f"write role under task: a name to create, such as {subject.plan.prefix}-task, or an ARN",
            related=tuple((path, text) for path, text in needs),
        )


def _shared_role(subject: Subject) -> Iterator[Finding]:
    execution, task = subject.plan.task.execution_role, subject.plan.task.role
    if execution is not None and task is not None and execution.arn == task.arn:
        yield Finding(
            ("task", "role"),
            f'role "{task.name}" is the execution role as well: every process may read all secrets of the task',
            "give the processes a role of their own, or none",
            related=((("task", "execution_role"), "the execution role is here"),),
        )


RULES: tuple[Rule, ...] = (
    Rule("CG620", "ambiguous-secret", Severity.ERROR, _ambiguous),
    Rule("CG621", "secret-format", Severity.ERROR, _format),
    Rule("CG622", "foreign-secret", Severity.WARNING, _foreign),
    Rule("CG623", "two-secret-versions", Severity.ERROR, _version),
    Rule("CG624", "parameter-with-json-key", Severity.ERROR, _misplaced),
    Rule("CG625", "missing-execution-role", Severity.ERROR, _no_execution_role),
    Rule("CG626", "missing-task-role", Severity.ERROR, _no_task_role),
    Rule("CG627", "shared-role", Severity.WARNING, _shared_role),
)
