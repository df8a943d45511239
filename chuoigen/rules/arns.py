"""ARNs that become a Resource of a policy: IAM reads patterns in them, and a secret's has six characters at its end."""

import re
from collections.abc import Iterator

from chuoigen.aws import arn, limits, names
from chuoigen.diagnostics import Severity
from chuoigen.lint.each import containers, each, fields, written_roles
from chuoigen.lint.rule import Finding, Rule, Subject
from chuoigen.messages import Texts
from chuoigen.plan.log_outputs import named_place
from chuoigen.spec.container import Container
from chuoigen.spec.values import WrittenArgument, WrittenSecret
from chuoigen.yaml.document import KeyPath

# Six characters at random are of lower case alone once in 190 times; words such as -secret are.
_WORD = r"-[a-z]{6}$"
_say = Texts(__name__)


def _secrets(subject: Subject) -> Iterator[tuple[KeyPath, WrittenSecret | WrittenArgument]]:
    """Yield what names a secret: variables, options of log drivers, build arguments and builds."""
    for name, container in subject.spec.containers.items():
        path: KeyPath = ("containers", name)
        for variable, secret in container.secrets.items():
            yield (*path, "secrets", variable), secret
        for option, secret in (container.logs.secret_options if container.logs else {}).items():
            yield (*path, "logs", "secret_options", option), secret
        for argument, written in (container.build.args if container.build else {}).items():
            yield (*path, "build", "args", argument), written
        for variable, secret in getattr(container.build, "secrets", {}).items():
            yield (*path, "build", "secrets", variable), secret
    for option, secret in (subject.spec.logs.secret_options if subject.spec.logs else {}).items():
        yield ("logs", "secret_options", option), secret


def _of_secrets_manager(subject: Subject) -> Iterator[tuple[KeyPath, str]]:
    for path, secret in _secrets(subject):
        if secret.secrets_manager is not None:
            yield (*path, "secrets_manager"), secret.secrets_manager
    for name, container in subject.spec.containers.items():
        if container.repository_credentials is not None:
            path = ("containers", name, "repository_credentials", "secrets_manager")
            yield path, container.repository_credentials.secrets_manager


def _granted(subject: Subject) -> Iterator[tuple[KeyPath, str]]:
    """Yield each text that may be an ARN and stands in a policy, by its path."""
    yield from _of_secrets_manager(subject)
    for path, secret in _secrets(subject):
        if secret.ssm is not None:
            yield (*path, "ssm"), secret.ssm
    for name, container in subject.spec.containers.items():
        for index, written in enumerate(container.env_files):
            yield ("containers", name, "env_files", index, "file"), written.file
    for _, path, role in written_roles(subject):
        if role.name is not None:
            yield (*path, "name"), role.name
    for name, volume in subject.spec.volumes.items():
        if volume.ebs is not None and volume.ebs.role is not None:
            yield ("volumes", name, "ebs", "role"), volume.ebs.role


def _pattern(subject: Subject) -> Iterator[Finding]:
    for path, written in _granted(subject):
        found = re.search(arn.PATTERN, written)
        if found and written.startswith("arn:"):
            yield Finding(path, _say("pattern-in-arn", characters=found[0]))
    for path, written in _log_places(subject):
        # A router fills in what stands behind a "$"; what is granted then ends there.
        found = re.search(r"[*?]|^\$", written)
        if found:
            yield Finding(path, _say("pattern-in-arn", characters=found[0]))


def _log_places(subject: Subject) -> Iterator[tuple[KeyPath, str]]:
    """Yield what log routers are told to write to and the role that they take on: both stand in the task's policy."""
    for name, container in subject.plan.containers.items():
        own, place = subject.spec.containers[name].logs, named_place(container)
        roles = [(key, text) for key, text in container.logs.options.items() if key.lower() == "role_arn"]
        for key, text in (place, *roles) if place is not None else ():
            yield (*(("containers", name) if own and key in own.options else ()), "logs", "options", key), text


@each(_of_secrets_manager)
def _partial(path: KeyPath, written: str) -> Iterator[Finding]:
    parsed = arn.parse_secret(written)
    if parsed is None or re.search(arn.PATTERN, written):
        return
    name = parsed.arn.rpartition(":")[2]
    if not parsed.complete:
        yield Finding(path, _say("partial-secret-arn", name=name))
    elif re.search(_WORD, parsed.arn):
        yield Finding(path, _say("partial-secret-arn.perhaps", name=name, end=name[-7:]))


def _keys(subject: Subject) -> Iterator[tuple[KeyPath, str]]:
    """Yield every key of KMS that is written, wherever the language or a recipe takes one."""
    yield from ((path, value) for path, value in fields(subject.spec, "kms_key") if isinstance(value, str))


@each(_keys)
def _kms_key(path: KeyPath, written: str) -> Iterator[Finding]:
    violation = names.violation(names.Kind.KMS_KEY_ARN, written)
    if violation:
        yield Finding(path, _say("kms-key-format", violation=violation))


def _variables(subject: Subject) -> Iterator[tuple[KeyPath, str, str]]:
    """Yield path, name and plain value of every environment variable."""
    for name, container in containers(subject):
        for variable, value in container.environment.items():
            yield ("containers", name, "environment", variable), variable, value.value or ""


@each(_variables)
def _arn_in_environment(path: KeyPath, name: str, text: str) -> Iterator[Finding]:
    parsed = arn.parse(text)
    store = {"secretsmanager": "secret:", "ssm": "parameter/"}.get(parsed.service, "") if parsed is not None else ""
    if parsed is not None and store and parsed.resource.startswith(store):
        variant = "secret" if parsed.service == "secretsmanager" else "parameter"
        yield Finding(path, _say(f"secret-arn-in-environment.{variant}", name=name))


@each(containers)
def _env_file(name: str, container: Container) -> Iterator[Finding]:
    for index, file in enumerate(container.env_files):
        written, path = file.file, ("containers", name, "env_files", index, "file")
        parsed = arn.parse(written)
        bucket, slash, key = parsed.resource.partition("/") if parsed else ("", "", "")
        if parsed is None or parsed.service != "s3" or not (bucket and slash and key):
            yield Finding(path, _say("env-file-format.no-object", file=written, container=name))
        elif not key.endswith(".env"):
            yield Finding(path, _say("env-file-format.suffix", file=written, container=name))


@each(containers)
def _too_many_env_files(name: str, container: Container) -> Iterator[Finding]:
    count, most = len(container.env_files), limits.ENV_FILES_MAX
    if count > most:
        words = _say("too-many-env-files", container=name, count=count, most=most)
        yield Finding(("containers", name, "env_files", most), words)


RULES: tuple[Rule, ...] = (
    Rule("CG628", "pattern-in-arn", Severity.ERROR, _pattern),
    Rule("CG629", "partial-secret-arn", Severity.WARNING, _partial),
    Rule("CG233", "env-file-format", Severity.ERROR, _env_file),
    Rule("CG234", "too-many-env-files", Severity.ERROR, _too_many_env_files),
    Rule("CG689", "secret-arn-in-environment", Severity.WARNING, _arn_in_environment),
    Rule("CG668", "kms-key-format", Severity.ERROR, _kms_key),
)
