"""Things that are there already, named by their ARNs: in the account and region of the spec, and never changed."""

from collections.abc import Iterator

from chuoigen.aws import arn
from chuoigen.diagnostics import Severity
from chuoigen.lint.each import fields
from chuoigen.lint.rule import Finding, Rule, Subject
from chuoigen.messages import Key, Texts
from chuoigen.spec.runtime import Logs
from chuoigen.yaml.document import KeyPath

_say = Texts(__name__)
_ELSEWHERE = frozenset({"secrets", "secret_options", "args", "env_files", "repository_credentials", "logins", "s3"})
"""Keys of a spec below which something may be of another region: secrets and buckets."""


def _logs(subject: Subject) -> Iterator[tuple[KeyPath, Logs]]:
    if subject.spec.logs is not None:
        yield ("logs",), subject.spec.logs
    for name, container in subject.spec.containers.items():
        if container.logs is not None:
            yield ("containers", name, "logs"), container.logs


def _named(subject: Subject) -> Iterator[tuple[KeyPath, str]]:
    """Yield what may be named by an ARN and is used under its name, in the place where the service is."""
    for name, container in subject.spec.containers.items():
        repository = container.build.repository if container.build is not None else None
        if repository is not None and repository.name is not None:
            yield ("containers", name, "build", "repository", "name"), repository.name
    if subject.spec.pipeline is not None and subject.spec.pipeline.project is not None:
        yield ("pipeline", "project"), subject.spec.pipeline.project
    service = subject.spec.service
    if service is not None and service.cluster is not None:
        yield ("service", "cluster"), service.cluster
    for path, logs in _logs(subject):
        if logs.group is not None:
            yield (*path, "group"), logs.group
    if subject.spec.service_connect is not None:
        yield ("service_connect", "namespace"), subject.spec.service_connect.namespace
    if subject.spec.discovery is not None:
        for key in ("namespace", "service"):
            yield ("discovery", key), getattr(subject.spec.discovery, key) or ""


def _elsewhere(subject: Subject) -> Iterator[Finding]:
    place = (subject.spec.aws.region, subject.spec.aws.account)
    for path, written in _named(subject):
        parsed = arn.parse(written)
        if parsed is not None and (parsed.region, parsed.account) != place:
            words = _say("existing-elsewhere", region=parsed.region, account=parsed.account)
            yield Finding(path, words)


def _of_given_group(subject: Subject) -> Iterator[Finding]:
    for path, logs in _logs(subject):
        for key in ("retention", "kms_key") if arn.log_group(logs.group or "") is not None else ():
            if getattr(logs, key) is not None:
                words = _say("option-of-existing-group", key=Key((*path, key)))
                yield Finding((*path, key), words, on_key=True)
    for name, container in subject.spec.containers.items():
        written = container.build.repository if container.build is not None else None
        if written is not None and written.kms_key is not None and arn.repository(written.name or "") is not None:
            at = ("containers", name, "build", "repository", "kms_key")
            yield Finding(at, _say("option-of-existing-group.repository", key=Key(at)), on_key=True)


def _key_elsewhere(subject: Subject) -> Iterator[Finding]:
    """Find keys of another region: KMS answers there alone, and no service asks it across regions."""
    region = subject.spec.aws.region
    for path, written in fields(subject.spec, "kms_key"):
        parsed = arn.parse(written) if isinstance(written, str) else None
        if parsed is not None and parsed.service == "kms" and parsed.region != region and not _ELSEWHERE & set(path):
            yield Finding(path, _say("kms-key-elsewhere", written=parsed.region, region=region))


def _role_of_project(subject: Subject) -> Iterator[Finding]:
    pipeline = subject.spec.pipeline
    if pipeline is None or arn.project(pipeline.project or "") is None:
        return
    if pipeline.role is None or not pipeline.role.given:
        yield Finding(("pipeline", "project"), _say("role-of-existing-project"))


RULES: tuple[Rule, ...] = (
    Rule("CG874", "existing-elsewhere", Severity.ERROR, _elsewhere),
    Rule("CG875", "option-of-existing-group", Severity.WARNING, _of_given_group),
    Rule("CG876", "kms-key-elsewhere", Severity.ERROR, _key_elsewhere),
    Rule("CG877", "role-of-existing-project", Severity.WARNING, _role_of_project),
)
