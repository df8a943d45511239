"""Every name that the plan makes, against the rules of the AWS service that will carry it."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from chuoigen import recipes
from chuoigen.aws import limits, names
from chuoigen.diagnostics import Severity
from chuoigen.lint.rule import Finding, Rule, Subject
from chuoigen.messages import ENGLISH, Message
from chuoigen.yaml.document import KeyPath

if TYPE_CHECKING:
    from chuoigen.spec.runtime import Logs

_ZONE = r"[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+)*"


class _Name(NamedTuple):
    """A name: its kind, its text, the key that says it and whether it is said there; `part` is what a default adds."""

    kind: names.Kind
    text: str
    path: KeyPath
    written: bool
    part: KeyPath = ()


def _written(kind: names.Kind, text: str | None, path: KeyPath) -> Iterator[_Name]:
    if text is not None:
        yield _Name(kind, text, path, written=True)


def _either(kind: names.Kind, own: str | None, decided: str, path: KeyPath, part: KeyPath = ()) -> _Name:
    return _Name(kind, decided, path, own is not None, part)


def _all(subject: Subject) -> Iterator[_Name]:
    yield from _task_names(subject)
    yield from _container_names(subject)
    yield from _network_names(subject)
    yield from _service_names(subject)
    yield from _pipeline_names(subject)


def _task_names(subject: Subject) -> Iterator[_Name]:
    task = subject.spec.task
    yield _either(names.Kind.TASK_FAMILY, task.family, subject.plan.task.family, ("task", "family"))
    for key in ("execution_role", "role"):
        role = getattr(task, key)
        kind = names.Kind.IAM_ROLE_ARN if role is not None and role.startswith("arn:") else names.Kind.ROLE
        yield from _written(kind, role, ("task", key))


def _container_names(subject: Subject) -> Iterator[_Name]:
    for name, container in subject.plan.containers.items():
        written, path = subject.spec.containers[name], ("containers", name)
        if names.violation(names.Kind.CONTAINER, name):
            continue  # reported at the container, whose name is in all of these
        if written.build is not None:
            own = written.build.repository
            yield _either(
                names.Kind.ECR_REPOSITORY, own, container.image.repository or "", (*path, "build", "repository"), path
            )
        for kind, text, key in recipes.of(written.build).names(written.build):
            if kind is not names.Kind.REGION:  # which has a rule of its own
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
            return _Name(names.Kind.LOG_GROUP, group, (*path, "options", "awslogs-group"), written=True)
    for path, logs in places:
        if logs is not None and logs.group is not None:
            return _Name(names.Kind.LOG_GROUP, group, (*path, "group"), written=True)
    return _Name(names.Kind.LOG_GROUP, group, ("logs", "group"), written=False, part=("containers", name))


def _network_names(subject: Subject) -> Iterator[_Name]:
    for group in subject.plan.groups:
        if group.id is not None:
            continue
        if group.key in subject.spec.backends:
            own, part = subject.spec.backends[group.key].security_group, ("backends", group.key)
            yield _either(names.Kind.SECURITY_GROUP, own, group.name, (*part, "security_group"), part)
        else:
            chosen = subject.spec.network.security_groups if subject.spec.network else None
            own = getattr(chosen, group.key, None)
            yield _either(names.Kind.SECURITY_GROUP, own, group.name, ("network", "security_groups", group.key))
    balancer, plan = subject.spec.load_balancer, subject.plan.load_balancer
    if balancer is not None and plan is not None:
        yield _either(names.Kind.LOAD_BALANCER, balancer.name, plan.name, ("load_balancer", "name"))
        if balancer.target_group is not None or balancer.target in subject.spec.containers:
            path, target = ("load_balancer", "target_group"), ("load_balancer", "target")
            yield _either(names.Kind.TARGET_GROUP, balancer.target_group, plan.target_group, path, target)


def _service_names(subject: Subject) -> Iterator[_Name]:
    service, plan = subject.spec.service, subject.plan.service
    if plan is not None:
        yield _either(names.Kind.CLUSTER, service.cluster if service else None, plan.cluster, ("service", "cluster"))
        yield _either(names.Kind.SERVICE, service.name if service else None, plan.name, ("service", "name"))


def _pipeline_names(subject: Subject) -> Iterator[_Name]:
    pipeline, plan = subject.spec.pipeline, subject.plan.pipeline
    if plan is not None:
        yield _either(
            names.Kind.CODEBUILD_PROJECT, pipeline.project if pipeline else None, plan.project, ("pipeline", "project")
        )
        yield _Name(names.Kind.ROLE, plan.role.name, ("pipeline",), written=False)
    if pipeline is not None:
        yield from _written(names.Kind.S3_BUCKET, pipeline.source_bucket, ("pipeline", "source_bucket"))
        yield from _written(names.Kind.IMAGE_TAG, pipeline.image_tag, ("pipeline", "image_tag"))


def _culprit(subject: Subject, name: _Name, violation: Message | None) -> KeyPath:
    """Return the key whose text spoils a default name: the part that is this name's own, the stage or the name."""
    spec = subject.spec
    too_long = violation is not None and violation.id == "too-long"
    if (
        name.part
        and not too_long
        and not names.violation(name.kind, subject.plan.prefix)
        and not _alone(name, spec.name)
    ):
        return name.part
    if spec.stage and _alone(name, spec.stage) and not _alone(name, spec.name):
        return ("stage",)
    return ("name",)


def _alone(name: _Name, text: str) -> bool:
    """Judge a part of a name by its characters, which are wrong wherever they stand."""
    violation = names.violation(name.kind, text)
    return violation is not None and violation.id == "characters"


def _invalid(subject: Subject) -> Iterator[Finding]:
    told: set[KeyPath] = set()
    for name in _all(subject):
        complaint = names.violation(name.kind, name.text)
        path = name.path if name.written else _culprit(subject, name, complaint)
        if not complaint or path in told:
            continue
        told.add(path)
        if name.written:
            yield Finding(
                path,
                f'{ENGLISH.text(names.noun(name.kind))} "{name.text}" {ENGLISH.text(complaint)}',
                "choose another name",
            )
            continue
        override = f"choose another {path[0]}" if len(path) == 1 else "choose another name for it"
        own = f", or write {'.'.join(str(key) for key in name.path)}" if len(name.path) > 1 else ""
        on_key = path[0] in ("containers", "backends")
        yield Finding(
            path,
            f'the {ENGLISH.text(names.noun(name.kind))} would be called "{name.text}", which {ENGLISH.text(complaint)}',
            override + own,
            on_key=on_key,
        )


def _account(subject: Subject) -> Iterator[Finding]:
    complaint = names.violation(names.Kind.ACCOUNT_ID, subject.spec.aws.account)
    if complaint:
        help_text = 'write the twelve digits in quotes: "123456789012"'
        yield Finding(("aws", "account"), f'account "{subject.spec.aws.account}" {ENGLISH.text(complaint)}', help_text)


def _region(subject: Subject) -> Iterator[Finding]:
    for path, region in _regions(subject):
        complaint = names.violation(names.Kind.REGION, region)
        if complaint:
            message = f'region "{region}" {ENGLISH.text(complaint)}'
            yield Finding(path, message, "write the region's code, not its name or a zone")


def _regions(subject: Subject) -> Iterator[tuple[KeyPath, str]]:
    yield ("aws", "region"), subject.spec.aws.region
    for name, container in subject.spec.containers.items():
        for kind, text, key in recipes.of(container.build).names(container.build):
            if kind is names.Kind.REGION:
                yield ("containers", name, "build", *key), text


def _tags(subject: Subject) -> Iterator[Finding]:
    tags = subject.spec.task.tags
    if len(tags) > limits.TAGS_MAX:
        message = f"{len(tags)} tags are written, and AWS takes {limits.TAGS_MAX}"
        yield Finding(("task", "tags"), message, "delete some", on_key=True)
    for key, value in tags.items():
        path = ("task", "tags", key)
        fault = names.violation(names.Kind.TAG_KEY, key)
        if fault:
            yield Finding(path, f'tag "{key}" {ENGLISH.text(fault)}', "choose another key", on_key=True)
        fault = names.violation(names.Kind.TAG_VALUE, value)
        if fault:
            yield Finding(path, f'value "{value}" of tag "{key}" {ENGLISH.text(fault)}', "choose another value")


def _timezone(subject: Subject) -> Iterator[Finding]:
    zone = subject.spec.timezone
    if not re.fullmatch(_ZONE, zone):
        yield Finding(
            ("timezone",),
            f'time zone "{zone}" is not a name of the zone database',
            "write, for example, Asia/Tokyo or UTC",
        )


RULES: tuple[Rule, ...] = (
    Rule("CG831", "name-format", Severity.ERROR, _invalid),
    Rule("CG832", "account-format", Severity.ERROR, _account),
    Rule("CG833", "region-format", Severity.ERROR, _region),
    Rule("CG834", "tag-format", Severity.ERROR, _tags),
    Rule("CG835", "time-zone-format", Severity.ERROR, _timezone),
)
