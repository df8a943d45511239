"""Every name that the plan makes, against the rules of the AWS service or the generated files that will carry it."""

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from chuoigen import recipes
from chuoigen.aws import limits, names
from chuoigen.aws.names import Kind
from chuoigen.diagnostics import Severity
from chuoigen.lint.each import backends, each, written_roles
from chuoigen.lint.rule import Finding, Rule, Subject
from chuoigen.messages import Key, Message, Texts
from chuoigen.plan import targets
from chuoigen.plan.naming import OWN_TAG, OWN_TAGS, is_own_tag
from chuoigen.record import Record
from chuoigen.resources.deployment import AlternateGroup
from chuoigen.spec.network import Backend
from chuoigen.yaml.document import KeyPath

if TYPE_CHECKING:
    from chuoigen.spec.runtime import Logs

_say = Texts(__name__)

_BACKEND = r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}"
_RULE_FILE = "-ingress-"
"""What stands between a group's key and a port in the name of a rule's file."""


class _Name(Record):
    """A name: its kind, its text, its key and whether that is written; `part` is what only this default consists of."""

    kind: Kind
    text: str
    path: KeyPath
    written: bool = True
    part: KeyPath = ()


def _written(kind: Kind, text: str | None, path: KeyPath) -> Iterator[_Name]:
    if text is not None:
        yield _Name(kind, text, path)


def _either(kind: Kind, own: str | None, decided: str, path: KeyPath, part: KeyPath = ()) -> _Name:
    return _Name(kind, decided, path, own is not None, part)


def _all(subject: Subject) -> Iterator[_Name]:
    yield from _task_names(subject)
    yield from _container_names(subject)
    yield from _network_names(subject)
    yield from _service_names(subject)
    yield from _pipeline_names(subject)


def _task_names(subject: Subject) -> Iterator[_Name]:
    task = subject.spec.task
    yield _either(Kind.TASK_FAMILY, task.family, subject.plan.task.family, ("task", "family"))
    for _, path, role in written_roles(subject):
        yield from _written(Kind.IAM_ROLE_ARN if role.given else Kind.ROLE, role.name, (*path, "name"))


def _container_names(subject: Subject) -> Iterator[_Name]:
    for name, container in subject.plan.containers.items():
        written, path = subject.spec.containers[name], ("containers", name)
        if names.violation(Kind.CONTAINER, name):
            continue  # reported at the container, whose name is in all of these
        if written.build is not None:
            own = written.build.repository.name if written.build.repository is not None else None
            decided = container.image.repository or ""
            yield _either(Kind.ECR_REPOSITORY, own, decided, (*path, "build", "repository", "name"), path)
        for kind, text, key in recipes.of(written.build).names(written.build):
            if kind is not Kind.REGION:  # which has a rule of its own
                yield from _written(kind, text, (*path, "build", *key))
        if container.logs.driver == "awslogs":
            group = _log_group(subject, name)
            if group.path[-1] != "group" or not re.search(r"[{}]", group.text):  # a placeholder has a rule of its own
                yield group


def _log_group(subject: Subject, name: str) -> _Name:
    group = subject.plan.containers[name].logs.group or ""
    own, shared = subject.spec.containers[name].logs, subject.spec.logs
    places: tuple[tuple[KeyPath, Logs | None], ...] = ((("containers", name, "logs"), own), (("logs",), shared))
    for path, logs in places:
        if logs is not None and "awslogs-group" in logs.options:
            return _Name(Kind.LOG_GROUP, group, (*path, "options", "awslogs-group"))
    for path, logs in places:
        if logs is not None and logs.group is not None:
            return _Name(Kind.LOG_GROUP, group, (*path, "group"))
    return _Name(Kind.LOG_GROUP, group, ("logs", "group"), written=False, part=("containers", name))


def _network_names(subject: Subject) -> Iterator[_Name]:
    for group in subject.plan.groups:
        if group.id is not None:
            continue
        if group.role in subject.spec.backends:
            own, part = subject.spec.backends[group.role].security_group, ("backends", group.role)
            yield _either(Kind.SECURITY_GROUP, own, group.name, (*part, "security_group"), part)
        else:
            chosen = subject.spec.network.security_groups if subject.spec.network else None
            own = getattr(chosen, group.role, None)
            yield _either(Kind.SECURITY_GROUP, own, group.name, ("network", "security_groups", group.role))
    balancer, made = subject.spec.load_balancer, subject.plan.load_balancer
    if balancer is not None and made is not None:
        if not made.existing:
            yield _either(Kind.LOAD_BALANCER, balancer.name, made.name, ("load_balancer", "name"))
        for name, target in zip(targets.names(balancer), subject.plan.target_groups, strict=False):
            own = targets.written(balancer, name).target_group
            if own is not None or targets.container(balancer, name) in subject.spec.containers:
                path, other = (*targets.path(balancer, name), "target_group"), targets.container_path(balancer, name)
                yield _either(Kind.TARGET_GROUP, own, target.name, path, other)


def _service_names(subject: Subject) -> Iterator[_Name]:
    service, cluster, made = subject.spec.service, subject.plan.cluster, subject.plan.service
    if cluster is not None and made is not None:
        own = service.cluster if service else None
        yield _either(Kind.CLUSTER, own, cluster.cluster_name, ("service", "cluster"))
        yield from _discovery_names(subject)
        yield from _connect_names(subject)
        yield _either(Kind.SERVICE, service.name if service else None, made.service_name, ("service", "name"))
        yield from _deployment_names(subject)


def _deployment_names(subject: Subject) -> Iterator[_Name]:
    path: KeyPath = ("service", "deployment")
    written = subject.spec.service.deployment if subject.spec.service is not None else None
    own = written.alternate_target_group if written is not None else None
    for group in subject.plan.every(AlternateGroup):
        key, part = (*path, "alternate_target_group"), ("load_balancer", "target")
        yield _either(Kind.TARGET_GROUP, own, group.name, key, part)
    for name, cause in (("infrastructure", "strategy"), ("hooks", "hooks")):
        role = subject.plan.role(name)
        if role is not None and role.made:
            yield _Name(Kind.ROLE, role.role_name, (*path, cause), written=False)


def _discovery_names(subject: Subject) -> Iterator[_Name]:
    written, namespace, registry = subject.spec.discovery, subject.plan.namespace, subject.plan.discovery
    if written is None or namespace is None or registry is None:
        return
    if not namespace.existing:
        yield _Name(Kind.DNS_NAMESPACE, written.namespace, ("discovery", "namespace"))
    yield from _written(Kind.DNS_NAMESPACE, written.domain, ("discovery", "domain"))
    if not registry.existing:
        yield _either(Kind.DISCOVERY_SERVICE, written.service, registry.name, ("discovery", "service"))


def _connect_names(subject: Subject) -> Iterator[_Name]:
    written, namespace = subject.spec.service_connect, subject.plan.connect_namespace
    if written is None:
        return
    if namespace is not None and not namespace.existing:
        yield _Name(Kind.DNS_NAMESPACE, written.namespace, ("service_connect", "namespace"))
    for name, endpoint in written.services.items():
        path = ("service_connect", "services", name)
        yield from _written(Kind.CONNECT_NAME, endpoint.name, (*path, "name"))
        yield from _written(Kind.CONNECT_ALIAS, endpoint.alias, (*path, "alias"))
        if endpoint.tls is not None:
            yield _Name(Kind.IAM_ROLE_ARN, endpoint.tls.role, (*path, "tls", "role"))


def _pipeline_names(subject: Subject) -> Iterator[_Name]:
    pipeline, made, role = subject.spec.pipeline, subject.plan.project, subject.plan.role("codebuild")
    if made is not None and role is not None:
        own, path = pipeline.project if pipeline else None, ("pipeline", "project")
        yield _either(Kind.CODEBUILD_PROJECT, own, made.name, path)
        if pipeline is None or pipeline.role is None:
            yield _Name(Kind.ROLE, role.role_name, ("pipeline",), written=False)
    if pipeline is not None:
        for key in ("source_bucket", "artifact_bucket"):
            yield from _written(Kind.S3_BUCKET, getattr(pipeline, key), ("pipeline", key))
        yield from _written(Kind.IMAGE_TAG, pipeline.image_tag, ("pipeline", "image_tag"))


def _cause(subject: Subject, name: _Name, violation: Message) -> KeyPath:
    """Return the key whose text makes a default name invalid: the part that is only in this name, stage or name."""
    spec = subject.spec
    common = violation.id == "too-long" or names.violation(name.kind, subject.plan.prefix)
    if name.part and not common and not _has_strange(name, spec.name):
        return name.part
    stage_alone = spec.stage and _has_strange(name, spec.stage) and not _has_strange(name, spec.name)
    return ("stage",) if stage_alone else ("name",)


def _has_strange(name: _Name, part: str) -> bool:
    """Say whether a part of a name has characters that are wrong wherever they stand."""
    violation = names.violation(name.kind, part)
    return violation is not None and violation.id == "characters"


def _invalid(subject: Subject) -> Iterator[Finding]:
    reported: set[KeyPath] = set()
    for name in _all(subject):
        violation = names.violation(name.kind, name.text)
        if violation is None:
            continue
        path = name.path if name.written else _cause(subject, name, violation)
        if path in reported:
            continue
        reported.add(path)
        kind, on_key = names.noun(name.kind), not name.written and path[0] in ("containers", "backends")
        if name.written:
            message = _say("name-format.written", kind=kind, name=name.text, violation=violation)
        elif len(name.path) == 1:
            message = _say("name-format.derived", kind=kind, name=name.text, violation=violation, part=Key(path))
        else:
            variant, own, section = "common" if len(path) == 1 else "part", Key(name.path), Key(name.path[:-1])
            message = _say(
                f"name-format.derived.{variant}",
                kind=kind, name=name.text, violation=violation, part=Key(path), own=own, section=section,
            )  # fmt: skip
        yield Finding(path, message, on_key=on_key)


def _account(subject: Subject) -> Iterator[Finding]:
    account = subject.spec.aws.account
    violation = names.violation(Kind.ACCOUNT_ID, account)
    if violation:
        yield Finding(("aws", "account"), _say("account-format", account=account, violation=violation))


def _own_tags(subject: Subject) -> Iterator[Finding]:
    for key in subject.spec.task.tags:
        if is_own_tag(key):
            yield Finding(("task", "tags", key), _say("reserved-tag", tag=key, own=OWN_TAG), on_key=True)


def _tags(subject: Subject) -> Iterator[Finding]:
    tags, path = subject.spec.task.tags, ("task", "tags")
    most = limits.TAGS_MAX - len(OWN_TAGS)
    if len(tags) > most:
        message = _say("tag-format.count", count=len(tags), max=most, limit=limits.TAGS_MAX, own=OWN_TAGS)
        yield Finding(path, message, on_key=True)
    for key, value in tags.items():
        violation = names.violation(Kind.TAG_KEY, key)
        if violation:
            yield Finding((*path, key), _say("tag-format.key", tag=key, violation=violation), on_key=True)
        violation = names.violation(Kind.TAG_VALUE, value)
        if violation:
            yield Finding((*path, key), _say("tag-format.value", tag=key, value=value, violation=violation))


@each(backends)
def _backend_name(name: str, _: Backend) -> Iterator[Finding]:
    if not re.fullmatch(_BACKEND, name):
        yield Finding(("backends", name), _say("backend-name-format", name=name), on_key=True)
    elif _RULE_FILE in name.lower():
        yield Finding(("backends", name), _say("backend-name-format.rule", name=name, part=_RULE_FILE), on_key=True)


def _same_in_lower_case(section: str, written: Iterable[str]) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for name in written:
        before = first.setdefault(name.casefold(), name)
        if before != name:
            note = (section, before), _say("names-alike.note")
            yield Finding((section, name), _say("names-alike", names=(before, name)), on_key=True, related=(note,))


def _alike(subject: Subject) -> Iterator[Finding]:
    with_files = (container.name for container in subject.plan.built if recipes.named(container.recipe).files)
    yield from _same_in_lower_case("containers", with_files)
    yield from _same_in_lower_case("backends", (group.role for group in subject.plan.groups if group.id is None))


RULES: tuple[Rule, ...] = (
    Rule("CG831", "name-format", Severity.ERROR, _invalid),
    Rule("CG832", "account-format", Severity.ERROR, _account),
    Rule("CG838", "reserved-tag", Severity.ERROR, _own_tags, generated=True),
    Rule("CG834", "tag-format", Severity.ERROR, _tags),
    Rule("CG836", "names-alike", Severity.ERROR, _alike, generated=True),
    Rule("CG837", "backend-name-format", Severity.ERROR, _backend_name, generated=True),
)
